"""An export: asked for, written by whoever writes files, handed out to its owner alone, forgotten after a while."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.attachments import FilePart
from chassis.identity import new_id
from chassis.work import Work
from contracts.actor import Actor
from contracts.errors import FieldProblem, Forbidden, Invalid, NotFound
from contracts.organization import (
    MOST_PARTS,
    PART,
    CancelExport,
    ExportBroke,
    ExportLost,
    ExportPartOf,
    ExportStep,
    ExportTaken,
    FailExport,
    FinishExport,
    PutExportPart,
    ReportExport,
    StartExport,
    TakeExport,
)
from services.organization import model, rules
from services.organization.actions import authority, session


def start_export(work: Work, message: StartExport) -> model.Export:
    """Whoever may export the list may have it written in the background."""
    session.me(work)
    work.require(f"{message.list_of}.export")
    values = {
        name: getattr(message, name)
        for name in ("name", "list_of", "query", "file_kind", "language", "total")
    }
    export = model.Export(id=message.id or new_id(), **values)
    work.give(export, work.actor.id)
    return work.add(export)


def cancel_export(work: Work, message: CancelExport) -> model.Export:
    """Stop it."""
    export = work.get(model.Export, message.id, message.ver)
    export.move("cancel", work.now)
    export.ended_at, work.note = work.now, message.note
    _forget_parts(work, export)
    return export


# -- for whoever writes the files --------------------------------------------------------------------------------


def take_export(work: Work, message: TakeExport) -> ExportTaken | None:
    """The oldest one that waits, or that a writer has left; one that was tried too often fails."""
    _only_the_system(work)
    silent = work.now - rules.WRITER_GONE
    one = model.Export
    due = select(one).where(
        or_(one.state == "waiting", (one.state == "running") & (one.heard_at < silent)),
        one.archived_at.is_(None),
    )
    for export in work.session.scalars(
        due.order_by(one.created_at).limit(5).with_for_update(skip_locked=True)
    ):
        staff = work.find(model.Staff, id=export.owner_id)
        _forget_parts(work, export)
        if staff is None or not staff.works_here:
            export.end(work, "fail", Forbidden.__name__)
        elif export.is_worn_out():
            export.end(work, "fail", ExportBroke.__name__)
        else:
            export.begin(work.now)
            work.session.flush()
            return ExportTaken(export=type(export).record.of(export), actor=authority.actor_of(work, staff))
    return None


def report_export(work: Work, message: ReportExport) -> Actor:
    """So far it is; and what its owner may do now, for rights change while a long list is written."""
    export = _in_hand(work, message, done=message.done)
    staff = work.find(model.Staff, id=export.owner_id)
    if staff is None or not staff.works_here:
        raise Forbidden(permission=f"{export.list_of}.export")
    return authority.actor_of(work, staff)


def put_export_part(work: Work, message: PutExportPart) -> None:
    """Keep a part of the file."""
    export = _in_hand(work, message)
    try:
        data = base64.b64decode(message.data, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(FieldProblem("data", "wrong")) from None
    if not 0 <= message.position < MOST_PARTS or len(data) > PART:
        raise Invalid(FieldProblem("data", "file_too_large", value="", limit=PART * MOST_PARTS // 2**20))
    values = {"file_id": export.id, "position": message.position, "data": data, "sent_by": work.actor.id}
    work.session.execute(insert(FilePart).values(values).on_conflict_do_nothing())


def finish_export(work: Work, message: FinishExport) -> None:
    """All of it has arrived."""
    export = _in_hand(work, message)
    wanted = select(func.coalesce(func.sum(func.length(FilePart.data)), 0)).where(
        FilePart.file_id == export.id
    )
    if work.session.scalar(wanted) != message.size:
        raise Invalid(FieldProblem("size", "file_incomplete", value=export.name))
    export.done, export.size = message.done, message.size
    export.end(work, "finish")


def fail_export(work: Work, message: FailExport) -> None:
    """Nothing came of it."""
    export = _in_hand(work, message)
    _forget_parts(work, export)
    export.end(work, "fail", message.error[:200])


def _in_hand(work: Work, message: ExportStep, **so_far: Any) -> model.Export:
    """The export, if this writer still has it; that he was heard of is no change of it. Raises ExportLost."""
    _only_the_system(work)
    export = work.get(model.Export, message.id)
    if not export.is_with(message.attempt):
        raise ExportLost()
    table = model.Export.__table__
    heard = update(table).where(table.c.id == export.id).values(heard_at=work.now, **so_far)  # type: ignore[arg-type]
    work.session.connection().execute(heard)
    return export


def _only_the_system(work: Work) -> None:
    if work.actor.kind != "system":
        raise Forbidden(permission=work.door)


# -- for its owner ------------------------------------------------------------------------------------------------


def export_part(work: Work, message: ExportPartOf) -> dict[str, Any]:
    """What is in the file, a part at a time. Another's file does not exist, whatever one may read; nor does it exist for
    somebody who may no longer export that list."""
    export = work.find(
        model.Export, id=message.id, owner_id=session.me(work).id, state="ready", archived_at=None
    )
    if export is None:
        raise NotFound(entity="organization.export", id=message.id)
    work.require(f"{export.list_of}.export")
    wanted = select(FilePart.data).where(FilePart.file_id == export.id, FilePart.position == message.position)
    data = work.session.scalar(wanted)
    return {"data": None if data is None else base64.b64encode(data).decode()}


def forget_exports(work: Work) -> None:
    """Files are kept for a week; that there was one stays known."""
    old = select(model.Export).where(
        model.Export.state == "ready", model.Export.ended_at < work.now - rules.FILES_KEPT
    )
    for export in work.session.scalars(old.limit(500).with_for_update(skip_locked=True)):
        _forget_parts(work, export)
        export.move("expire", work.now)


def _forget_parts(work: Work, export: model.Export) -> None:
    work.session.execute(delete(FilePart).where(FilePart.file_id == export.id))
