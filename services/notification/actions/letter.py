"""What becomes of a letter: taken in hand, about to be handed over, sent, tried again, refused, or nobody knows.

Each step is a transaction of its own, so that whatever ends the process, the books say how far the letter was
(docs/decisions: no letter is sent twice).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from chassis import replicas
from chassis.work import Work
from contracts.message import Act
from contracts.notification import LetterFailed
from services.notification import model, recipients, rules, wording
from services.notification.actions import notice
from services.notification.channels import DeliveryFailed, Parcel, Taken

WORKERS = 8403
"""Family of the advisory locks that say which worker is alive."""


@dataclass(frozen=True)
class InHand:
    """A letter that this process is busy with, at one attempt."""

    letter_id: UUID
    owner_id: UUID
    attempt: int
    worker: int
    began_at: datetime
    parcel: Parcel


def take(work: Work, worker: int, most: int, domain: str, busy: set[UUID]) -> list[InHand]:
    """Take letters that are due in hand, at most one for each recipient, so that one who is slow holds up nobody else."""
    due = select(model.Letter).where(
        model.Letter.state == "queued",
        # later than any delay: noted down while a clock was wrong
        (model.Letter.next_attempt_at <= work.now)
        | (model.Letter.next_attempt_at > work.now + rules.LONGEST_DELAY),
        model.Letter.archived_at.is_(None),
        model.Letter.owner_id.not_in(busy),
    )
    due = due.order_by(model.Letter.next_attempt_at, model.Letter.id).limit(most * 3)
    taken: dict[UUID, InHand] = {}
    for letter in work.session.scalars(due.with_for_update(skip_locked=True)):
        if letter.owner_id is None or letter.owner_id in taken or len(taken) >= most:
            continue
        parcel = _parcel(work, letter, domain)
        if parcel is None:
            continue
        letter.move("connect", work.now)
        letter.attempts, letter.worker = letter.attempts + 1, worker
        taken[letter.owner_id] = InHand(letter.id, letter.owner_id, letter.attempts, worker, work.now, parcel)
    return list(taken.values())


def _parcel(work: Work, letter: model.Letter, domain: str) -> Parcel | None:
    """The letter as it goes out now; None when there is nobody any more to send it to."""
    staff = replicas.several(work.session, [letter.owner_id]) if letter.owner_id else []
    told = work.find(model.Notice, id=letter.notice_id)
    address = staff[0].data.get("email") if staff and recipients.works_here(staff[0]) else None
    if address is None or told is None:
        _drop(work, letter, "the recipient has left, or has no address any more")
        return None
    letter.address = address
    letter.message_id = letter.message_id or f"<{letter.id}@{domain}>"
    words = wording.shipped(told.language)["letter"]
    recipient = wording.called(staff[0], told.language) or address
    return Parcel(
        id=letter.message_id, address=address, recipient=recipient, language=told.language, subject=told.subject,
        text=told.text, link=told.link, greeting=rules.filled(words["greeting"], {"recipient": recipient}),
        open=words["open"], footer=words["footer"], written_at=letter.created_at,
    )  # fmt: skip


def _drop(work: Work, letter: model.Letter, why: str) -> None:
    letter.move("drop", work.now)
    letter.error, letter.next_attempt_at = why, None
    _log(work, letter, "dropped", work.now, DeliveryFailed("connect", why))


def hand_over(work: Work, held: InHand) -> bool:
    """Note that from now on only the server knows; False when the letter is not ours any more, then nothing is sent."""
    letter = work.get(model.Letter, held.letter_id)
    if not letter.is_with(held.worker, held.attempt) or letter.state != "connecting":
        return False
    letter.move("hand_over", work.now)
    return True


def settle(work: Work, held: InHand, result: Taken | DeliveryFailed) -> None:
    """Write down what the server said. A late «taken» is true even when we had given up knowing."""
    letter = work.get(model.Letter, held.letter_id)
    if not letter.is_with(held.worker, held.attempt):
        return
    if isinstance(result, Taken):
        if letter.state in ("sending", "uncertain"):
            letter.move("deliver", work.now)
            letter.sent_at, letter.next_attempt_at, letter.error = work.now, None, None
            _log(work, letter, "sent", held.began_at, result)
    elif letter.state in model.IN_HAND:
        letter.error = f"{result.code or ''} {result.answer}".strip()
        if result.uncertain:
            _lose(work, letter, held.began_at, result)
        elif result.permanent or rules.is_given_up(letter.created_at, work.now):
            _refuse(work, letter, held.began_at, result)
        else:
            letter.move("postpone", work.now)
            letter.next_attempt_at = rules.next_attempt(letter.attempts, work.now)
            _log(work, letter, "postponed", held.began_at, result)


def _refuse(work: Work, letter: model.Letter, began_at: datetime, result: DeliveryFailed) -> None:
    letter.move("refuse", work.now)
    letter.next_attempt_at = None
    _log(work, letter, "refused", began_at, result)
    work.emit(LetterFailed.of(letter, code=result.code))
    notice.tell_all(
        work, "mail_failed", recipients.holders(work, "administrator"), reason=f"{letter.address}:{work.today}",
        link=f"/notification/letter/{letter.id}", values={"address": letter.address, "error": letter.error},
    )  # fmt: skip


def _lose(work: Work, letter: model.Letter, began_at: datetime, result: DeliveryFailed) -> None:
    letter.move("lose", work.now)
    letter.next_attempt_at, letter.error = None, result.answer
    _log(work, letter, "uncertain", began_at, result)


def recover(work: Work, mine: int, busy: set[UUID]) -> int:
    """Pick up what processes that are gone left in hand; says how many letters that were.

    One that was not handed over yet is queued again. One whose end may have reached the server stays uncertain.
    """
    held = select(model.Letter).where(
        model.Letter.state.in_(model.IN_HAND), (model.Letter.worker != mine) | model.Letter.id.not_in(busy)
    )
    letters = list(work.session.scalars(held.with_for_update(skip_locked=True)))
    gone = {worker for worker in {letter.worker for letter in letters} if _is_gone(work, worker, mine)}
    found = [letter for letter in letters if letter.worker in gone]
    for letter in found:
        began_at = letter.state_at or work.now
        if letter.state == "sending":
            _lose(
                work, letter, began_at, DeliveryFailed("end", "the process ended before the server answered")
            )
        else:
            letter.move("postpone", work.now)
            letter.next_attempt_at = rules.next_attempt(letter.attempts, work.now)
            _log(work, letter, "postponed", began_at, DeliveryFailed("connect", "the process ended"))
    return len(found)


def _is_gone(work: Work, worker: int | None, mine: int) -> bool:
    """A worker holds its lock for as long as it lives, whatever the clocks say."""
    if worker in (None, mine):
        return True
    free = select(func.pg_try_advisory_xact_lock(WORKERS, worker))
    return bool(work.session.execute(free).scalar_one())


def _log(
    work: Work, letter: model.Letter, outcome: str, began_at: datetime, result: Taken | DeliveryFailed
) -> None:
    seconds = Decimal(str(round((work.now - began_at).total_seconds(), 2)))
    attempt = model.Attempt(
        letter_id=letter.id, turn=letter.attempts, address=letter.address, began_at=began_at, seconds=seconds,
        outcome=outcome, step=result.step, code=result.code, answer=result.answer,
    )  # fmt: skip
    attempt.belong_with(letter)
    work.add(attempt)


def resend_letter(work: Work, message: Act) -> model.Letter:
    """Send it after all, under the same Message-ID. An uncertain one may then arrive twice: a person decides that."""
    letter = work.get(model.Letter, message.id, message.ver)
    letter.move("resend", work.now)
    letter.next_attempt_at = work.now
    return letter


def cancel_letter(work: Work, message: Act) -> model.Letter:
    """Let it be: nothing more is tried."""
    letter = work.get(model.Letter, message.id, message.ver)
    letter.move("cancel", work.now)
    letter.next_attempt_at = None
    return letter


def warn_of_stuck_mail(work: Work) -> None:
    """Whoever runs the system hears once a day that letters cannot get out."""
    late = select(model.Letter).where(
        model.Letter.state == "queued", model.Letter.created_at < work.now - rules.STUCK
    )
    letters = list(work.session.scalars(late.order_by(model.Letter.created_at)))
    if not letters:
        return
    notice.tell_all(
        work, "mail_stuck", recipients.holders(work, "administrator"), reason=str(work.today),
        link="/notification/letter?state=queued",
        values={"count": len(letters), "oldest": letters[0].created_at, "error": letters[0].error},
    )  # fmt: skip
