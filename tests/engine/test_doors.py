"""What a door promises about what it keeps when it refuses, and about what it never writes down."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from chassis.doors import Answered
from chassis.service import Service, command
from chassis.work import Work
from contracts.errors import ChangedMeanwhile, KeyReused, Refused
from contracts.message import Act, Message, attr
from tests.cast import ROOT_ID, person
from tests.desk import Desk
from tests.engine.toy import MakerRow, ToyRow

ROOT = person(ROOT_ID, "Root", "strict.* all", "toy.* all")


class Whisper(Message):
    """Something that nobody else may read."""

    text: str = attr("Text")


class Strict(Refused):
    """The toy's refusal."""


def refuse_and_forget(work: Work, message: Whisper) -> None:
    """Writes, then refuses: nothing of it may stay."""
    work.add(MakerRow(name=message.text))
    work.session.flush()
    raise Strict()


def refuse_and_keep(work: Work, message: Whisper) -> Strict:
    """Writes and refuses: what it wrote stays."""
    work.add(MakerRow(name=message.text))
    return Strict()


def whisper(work: Work, message: Whisper) -> dict[str, str]:
    """Answers something secret."""
    work.add(MakerRow(name="heard"))
    return {"secret": message.text}


def make(work: Work, message: Whisper) -> MakerRow:
    """Answers the row itself."""
    return work.add(MakerRow(name=message.text))


def stumble(work: Work, message: Act) -> dict[str, int]:
    """Meets a row that somebody else saved in between, the first time."""
    TRIED.append(message.id)
    if len(TRIED) == 1:
        raise StaleDataError()
    return {"tries": len(TRIED)}


TRIED: list[UUID] = []


class StrictService(Service):
    """Refuses and whispers."""

    name = "strict"
    entities = (ToyRow, MakerRow)
    refuse_and_forget = command(refuse_and_forget)
    refuse_and_keep = command(refuse_and_keep)
    whisper = command(whisper, secret=True)
    stumble = command(stumble)
    make = command(make)


def test_a_raised_problem_undoes_what_was_written(strict: Desk):
    with pytest.raises(Strict):
        strict.ask(ROOT, "refuse_and_forget", text="gone")
    assert strict.rows(MakerRow) == []


def test_a_returned_problem_is_answered_and_what_was_written_stays(strict: Desk):
    for _ in range(2):  # a refusal is not remembered under the key: the next press tries again
        with pytest.raises(Strict):
            strict.ask(ROOT, "refuse_and_keep", text="kept", key="once")
    assert [row.name for row in strict.rows(MakerRow)] == ["kept", "kept"]


def test_a_secret_answer_is_told_once_and_kept_nowhere(strict: Desk):
    assert strict.ask(ROOT, "whisper", text="sesame", key="once") == {"secret": "sesame"}
    assert strict.ask(ROOT, "whisper", text="sesame", key="once") is None
    assert strict.ask(ROOT, "whisper", text="another", key="once") is None
    assert len(strict.rows(MakerRow)) == 1
    with strict.house.sessions() as session:
        assert [row.result for row in session.scalars(select(Answered))] == [{"result": None}]


def test_a_key_used_for_something_else_is_refused(strict: Desk):
    with pytest.raises(Strict):
        strict.ask(ROOT, "refuse_and_keep", text="first", key="same")
    strict.ask(ROOT, "whisper", text="second", key="same")
    with pytest.raises(KeyReused):
        strict.ask(ROOT, "refuse_and_keep", text="third", key="same")


def test_a_row_is_answered_as_get_answers_it(strict: Desk):
    made = strict.ask(ROOT, "make", text="工坊")
    got = strict.ask(ROOT, "get", entity="maker", id=made["row"]["id"])
    assert got == made | {"starred": False}  # what is the person's own, not the row's
    assert (made["row"]["name"], made["row"]["ver"]) == ("工坊", 1)


def test_what_somebody_else_saved_in_between_is_read_again_unless_a_version_was_named(strict: Desk):
    TRIED.clear()
    assert strict.ask(ROOT, "stumble", id=str(ROOT_ID)) == {"tries": 2}
    TRIED.clear()
    with pytest.raises(ChangedMeanwhile):
        strict.ask(ROOT, "stumble", id=str(ROOT_ID), ver=1)


@pytest.fixture
def strict(desk):
    return desk(StrictService)
