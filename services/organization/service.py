"""The service organization: its doors."""

from __future__ import annotations

from chassis.service import Service, command, daily, query
from contracts.notification import WebhookListed
from contracts.organization import OrganizationRecordsChanged
from services.organization import model
from services.organization.actions import (
    access,
    export,
    form,
    own_field,
    own_object,
    password,
    saved_view,
    session,
    staff,
    token,
)


class OrganizationService(Service):
    """Branches, departments, staff, roles, base data, and who is signed in."""

    name = "organization"
    entities = (
        model.Branch, model.Department, model.Staff, model.Role, model.Choice, model.SavedView, model.OwnField,
        model.OwnChoice, model.OwnObject, model.Form, model.Export,
    )  # fmt: skip
    tells_changes_by = OrganizationRecordsChanged
    follows = (WebhookListed,)

    leave_staff = command(staff.leave_staff)
    rejoin_staff = command(staff.rejoin_staff)
    shut_out_staff = command(staff.shut_out_staff)
    set_password_staff = command(password.set_password_staff, secret=True)

    sign_in = command(access.sign_in, secret=True)
    resolve = command(access.resolve, secret=True)

    delete_own_field = command(own_field.delete_own_field)
    field_use = query(own_field.field_use, permission=None)
    own_object_use = query(own_object.own_object_use, permission="own_object.archive")

    views = query(saved_view.views, permission="saved_view.read")
    open_first = command(saved_view.open_first, permission="saved_view.read")

    forms = query(form.forms, permission="form.read")

    # everybody's own affairs: no permission, but a person who works here
    sign_out = command(session.sign_out, permission=None, secret=True)
    sign_out_everywhere = command(session.sign_out_everywhere, permission=None, secret=True)
    my_sessions = query(session.my_sessions, permission=None)
    change_password = command(password.change_password, permission=None, secret=True)
    change_language = command(staff.change_language, permission=None)
    make_token = command(token.make_token, permission=None, secret=True)
    revoke_token = command(token.revoke_token, permission=None)
    tokens = query(token.tokens, permission=None)

    # lists on their way into files: asked for by people, written by the gateway
    start_export = command(export.start_export, permission=None)
    cancel_export = command(export.cancel_export)
    export_part = query(export.export_part, permission=None)
    take_export = command(export.take_export)
    report_export = command(export.report_export)
    put_export_part = command(export.put_export_part)
    finish_export = command(export.finish_export)
    fail_export = command(export.fail_export)

    tidy = daily("03:30", session.tidy)
    forget_exports = daily("03:40", export.forget_exports)
