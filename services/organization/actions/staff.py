"""What happens to people: they leave, come back, are shut out, and read another language."""

from __future__ import annotations

from chassis.work import Work
from contracts.message import Act
from contracts.organization import ChangeLanguage, LeaveStaff, ShutOutStaff, StaffLeft
from services.organization import model
from services.organization.actions import session, token


def leave_staff(work: Work, message: LeaveStaff) -> model.Staff:
    """She no longer works here: from this moment none of her sessions and keys opens anything."""
    staff = work.get(model.Staff, message.id, message.ver)
    staff.leave(on=message.left_on or work.today)
    session.end_all(work, staff.id)
    token.revoke_all(work, staff.id)
    work.emit(StaffLeft.of(staff))
    return staff


def rejoin_staff(work: Work, message: Act) -> model.Staff:
    """She works here again, with her old login and password."""
    staff = work.get(model.Staff, message.id, message.ver)
    staff.rejoin()
    return staff


def shut_out_staff(work: Work, message: ShutOutStaff) -> model.Staff:
    """None of her sessions and keys opens anything any more; her password still does."""
    staff = work.get(model.Staff, message.id, message.ver)
    staff.move("shut_out")
    session.end_all(work, staff.id)
    token.revoke_all(work, staff.id)
    return staff


def change_language(work: Work, message: ChangeLanguage) -> None:
    """She reads another language from now on."""
    session.me(work).language = message.language
