"""Somebody fills in the form on our website: a new lead, and whoever gets it is told."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from chassis import attachments
from chassis.entities import build
from chassis.work import Work
from contracts.customer import (
    OpenWebForm,
    SendWebForm,
    TooManyForms,
    WebFormFilledIn,
    WebFormLogo,
    WebFormShown,
)
from contracts.errors import FieldProblem, Invalid, NotFound
from services.customer import model, rules
from services.customer.model.web_form import choices_of


def open_web_form(work: Work, message: OpenWebForm) -> WebFormShown:
    """What the page shows. Raises NotFound when there is no such form, or it is closed."""
    form = _open(work, message.code)
    logo = attachments.newest_picture(work, form)
    fields = form.fields(work)
    choices = {name: choices_of(work, a) for name, a in fields.items() if a.ref}
    return WebFormShown.of(
        form, asks=tuple(fields), logo=logo and logo.id, choices=choices, sites=tuple(form.sites)
    )


def web_form_logo(work: Work, message: WebFormLogo) -> dict[str, str | None]:
    """What is in the picture above the form: `data` in base64, None behind the last part. Raises NotFound without one."""
    logo = attachments.newest_picture(work, _open(work, message.code))
    if logo is None:
        raise NotFound(entity=model.WebForm.record.entity(), id=message.code)
    data = attachments.part_of(work, logo, message.position)
    return {"media_type": logo.media_type, "data": data}


def send_web_form(work: Work, message: SendWebForm) -> None:
    """The lead belongs to whoever gets them; the stranger is told nothing of what we have.

    What a program may have written stands among the dropped ones, where whoever gets the leads can take it up again.
    """
    form = _open(work, message.code)
    given = {name: value for name, value in message.values.items() if value not in (None, "", [])}
    fields = form.fields(work)
    if strange := given.keys() - fields.keys():
        raise Invalid(*(FieldProblem(name, "unknown") for name in sorted(strange)))
    # as a change of one: what the company wants to know of each beside, no stranger can be asked for
    draft = model.Lead.record.patch().read(given)
    missing = [name for name, a in fields.items() if a.required and name not in given]
    ways = [name for name in fields if name in rules.REACHED_BY]
    missing += ways[:1] if not given.keys() & set(ways) else []
    if missing:
        raise Invalid(*(FieldProblem(name, "required") for name in dict.fromkeys(missing)))
    _count(work, form, message.sender)
    work.sees_everything = True  # nobody's rights apply to a stranger; he is answered nothing
    lead: model.Lead = build(work, model.Lead, draft)
    lead.source_id, lead.web_form_id = form.source_id, form.id
    work.give(lead, form.staff_id)
    if message.is_suspect:
        lead.is_suspect = True
        lead.move("drop", work.now)
    work.session.flush()
    work.emit(
        WebFormFilledIn(
            lead_id=lead.id, name=lead.name, contact_name=lead.contact_name, need=lead.need, form_name=form.name,
            owner_id=form.staff_id, is_suspect=lead.is_suspect,
        )
    )  # fmt: skip


def _count(work: Work, form: model.WebForm, sender: str) -> None:
    """One more from this address today, whichever process it came to. Raises TooManyForms."""
    table = model.WebFormSender
    if sender:
        values = {"form_id": form.id, "sent_on": work.today, "sender": sender, "sent": 1}
        more = {"sent": table.sent + 1}
        counted = insert(table).values(values).on_conflict_do_update(
            index_elements=[table.form_id, table.sent_on, table.sender], set_=more
        )  # fmt: skip
        if (work.session.scalar(counted.returning(table.sent)) or 0) > form.most_a_day:
            raise TooManyForms(seconds=_until_tomorrow(work))
    work.session.execute(delete(table).where(table.form_id == form.id, table.sent_on < work.today))


def _until_tomorrow(work: Work) -> int:
    zone = ZoneInfo(work.actor.timezone)
    return (
        int((datetime.combine(work.today + timedelta(days=1), time(), zone) - work.now).total_seconds()) + 1
    )


def _open(work: Work, code: str) -> model.WebForm:
    form = work.find(model.WebForm, code=code, is_open=True, archived_at=None)
    if form is None:
        raise NotFound(entity=model.WebForm.record.entity(), id=code)
    return form
