"""The role table against the doors there are: nobody is locked out of everything, and no line means nothing."""

from fnmatch import fnmatchcase

import pytest

from chassis import registry
from services.organization import roles

SYSTEM_ONLY = {"organization.resolve"} | {
    f"organization.{door}"
    for door in ("take_export", "report_export", "put_export_part", "finish_export", "fail_export")
}
"""Doors that only our own programs ask at."""
ANYBODY = {
    "organization.sign_in",
    "customer.open_web_form",
    "customer.web_form_logo",
    "customer.send_web_form",
}
"""Doors for somebody who is not signed in yet."""


ASKED_INSIDE = {"receivables.overrule_credit"}
"""Asked for by a door in the middle of its work."""


def permissions(service: str) -> set[str]:
    """Everything that is asked for at the doors of a service."""
    found = set()
    cls = registry.service_class(service)
    found |= {name for name in ASKED_INSIDE if name.startswith(f"{service}.")}
    for door in cls.requests().values():
        if (permission := door.needs(service)) is not None:
            found.add(permission)
    for entity in cls.entities:
        record = entity.record
        actions = ["read", "export"]
        actions += ["create", "import"] if record.creatable else []
        actions += ["update", "archive"] if record.editable else []
        actions += ["merge"] if record.merges else []
        found |= {f"{record.entity()}.{action}" for action in actions}
    return found


@pytest.mark.parametrize("service", registry.names())
def test_every_door_opens_for_some_role(service: str):
    granted = {permission for lines in roles.grants().values() for permission, _ in lines}
    shut = {
        permission
        for permission in permissions(service) - SYSTEM_ONLY - ANYBODY
        if not any(fnmatchcase(permission, pattern) for pattern in granted)
    }
    assert sorted(shut) == []


@pytest.mark.parametrize("service", registry.names())
def test_every_line_of_the_table_opens_something(service: str):
    there = permissions(service)
    lines = {line.split()[0] for line in roles.TABLE.strip().splitlines()[1:] if line.strip()}
    idle = {
        line
        for line in lines
        if line.startswith(f"{service}.") and not any(fnmatchcase(permission, line) for permission in there)
    }
    assert sorted(idle) == []
