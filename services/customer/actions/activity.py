"""Logging what was done, planning what comes next."""

from __future__ import annotations

from typing import Any

from chassis.entities import answer, build
from chassis.work import Work
from contracts.customer import (
    Activity,
    AssignActivity,
    CancelActivity,
    CompleteActivity,
    LogActivity,
    PlanActivity,
    Repetition,
)
from contracts.errors import FieldProblem, Invalid
from services.customer import model
from services.customer.actions.series import cancel_others, repeat

REPEATS = tuple(Repetition.attrs())
WHOM = ("lead_id", "customer_id", "contact_id", "opportunity_id")


def log_activity(work: Work, message: LogActivity) -> dict[str, Any]:
    """A visit or call that took place; when told, the next step is planned with the same people."""
    happened = message.happened_at or work.now
    done = _enter(
        work, message, subject=message.subject, kind_id=message.kind_id, text=message.text, outcome=message.outcome,
        starts_at=happened, done_at=happened, expense=message.expense, expense_kind_id=message.expense_kind_id,
        **message.added,
    )  # fmt: skip
    if message.next_at is not None:
        _enter(
            work, message.model_copy(update={"id": None}), subject=message.next_subject or message.subject,
            kind_id=message.next_kind_id or message.kind_id, starts_at=message.next_at, owner_id=done.owner_id,
        )  # fmt: skip
    work.session.flush()
    return answer(work, done)


def plan_activity(work: Work, message: PlanActivity) -> dict[str, Any]:
    """Something to do, for oneself or for one of one's people; once, or again and again from then on."""
    planned = _enter(
        work, message, subject=message.subject, kind_id=message.kind_id, text=message.text,
        starts_at=message.starts_at, ends_at=message.ends_at, owner_id=message.owner_id, remind=message.remind,
        **message.added,
    )  # fmt: skip
    if message.unit is not None:
        repeat(work, planned, message, message.unit)
    elif any(getattr(message, name) not in (None, ()) for name in REPEATS):
        raise Invalid(FieldProblem("unit", "required"))
    work.session.flush()
    return answer(work, planned)


def _enter(work: Work, message: Any, **values: Any) -> Any:
    """The same way in as the form, so that the same is checked; a new lead is in hand from then on.

    Read as a patch: what must be filled in the command itself has asked for, of what was done and not of the next step.
    """
    given = {**{name: getattr(message, name) for name in WHOM}, **values}
    read = Activity.patch().read({name: value for name, value in given.items() if value is not None})
    activity = build(work, model.Activity, read, message.id)
    work.session.flush()
    if activity.lead_id is not None:
        lead = work.read(model.Lead, activity.lead_id)
        if lead.state == "new" and work.may("customer.follow_lead", lead):
            lead.move("follow", work.now)
    return activity


def complete_activity(work: Work, message: CompleteActivity) -> dict[str, Any]:
    """It was done; what came of it."""
    activity = work.get(model.Activity, message.id, message.ver)
    activity.move("complete", work.now)
    activity.done_at = message.done_at or work.now
    activity.outcome = message.outcome or activity.outcome
    for name in ("expense", "expense_kind_id"):
        value = getattr(message, name)
        setattr(activity, name, value if value is not None else getattr(activity, name))
    work.session.flush()
    return answer(work, activity)


def cancel_activity(work: Work, message: CancelActivity) -> dict[str, Any]:
    """It will not take place."""
    activity = work.get(model.Activity, message.id, message.ver)
    activity.move("cancel", work.now)
    cancel_others(work, activity, message.reach)
    work.session.flush()
    return answer(work, activity)


def assign_activity(work: Work, message: AssignActivity) -> dict[str, Any]:
    """Somebody else is to do it: oneself, or one of one's people."""
    activity = work.get(model.Activity, message.id, message.ver)
    activity.move("assign", work.now)
    work.give(activity, message.owner_id)
    work.session.flush()
    return answer(work, activity)
