"""What the service is born with: base data and roles. Ids are the same in every branch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from chassis import entities, flush
from chassis.seeds import keep
from chassis.work import Work
from contracts import organization as messages
from contracts import own_objects
from contracts.actor import SYSTEM_ID, Scope
from contracts.message import Message
from contracts.organization import choice_id, role_id
from contracts.shipped import shipped_id
from services.organization import base_data, model, roles


def seed(work: Work) -> None:
    """Put in what is missing; what an administrator changed stays. Roles that nobody touched follow the table."""
    keep(work, model.Choice, choices())
    keep(work, model.Role, shipped_roles())
    for code, lines in roles.grants().items():
        role = work.find(model.Role, id=role_id(code))
        if role is not None and role.updated_by == SYSTEM_ID:
            follow_table(role, lines)
    work.session.flush()
    # they are few: whoever has begun to listen since the last start hears of them now
    for role in work.find_all(model.Role):
        flush.announce(work, role, role.ver, None)


def follow_table(role: model.Role, lines: list[tuple[str, Scope]]) -> None:
    """A later release knows doors that an earlier one did not: an untouched role opens them too."""
    wanted = [
        messages.GrantLine.line().read(
            {"id": grant_id(role.code, permission), "permission": permission, "scope": scope}
        )
        for permission, scope in lines
    ]
    entities.set_lines(role, "grants", (*wanted, *_for_own_objects(role)))
    for line in role.grants:
        line.id = line.id or grant_id(role.code, line.permission)


def _for_own_objects(role: model.Role) -> Iterator[Message]:
    """No release knows those of the company's own kinds of record: they stay."""
    line = messages.GrantLine.line()
    for one in role.grants:
        if own_objects.is_own(one.permission):
            yield line.read({"id": one.id, "permission": one.permission, "scope": one.scope})


def choices() -> Iterator[dict[str, Any]]:
    """Every entry of every list; an indented one stands below the last that was not."""
    for name, text in {**base_data.LISTS, "region": base_data.REGIONS}.items():
        above = None
        for position, (depth, code, label, label_en) in enumerate(base_data.rows(text), start=1):
            id = choice_id(name, code)  # type: ignore[arg-type]
            yield {
                "id": id, "list": name, "code": code, "name": label, "name_en": label_en, "position": position,
                "parent_id": above if depth else None,
            }  # fmt: skip
            above = above if depth else id


def shipped_roles() -> Iterator[dict[str, Any]]:
    """Every role with its column of the table."""
    for code, lines in roles.grants().items():
        label, label_en = roles.NAMES[code]
        yield {
            "id": role_id(code), "code": code, "name": label, "name_en": label_en,
            "grants": [
                model.GrantLine(
                    id=grant_id(code, permission), position=position, permission=permission, scope=scope,
                )
                for position, (permission, scope) in enumerate(lines, start=1)
            ],
        }  # fmt: skip


def grant_id(role: str, permission: str) -> UUID:
    """The id of a line of the table, the same in every branch."""
    return shipped_id("organization.grant", role, permission)
