"""Gathers what somebody may do, from her roles, her place and the people below her."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from sqlalchemy import select

from chassis.work import Work
from contracts.actor import WIDTH, Actor, Grant
from services.organization import model
from services.organization.model import tree


def actor_of(work: Work, staff: model.Staff) -> Actor:
    """The person as every service will see her, rights included."""
    session = work.session
    branch = session.get_one(model.Branch, staff.branch_id)
    wanted = select(model.Role).where(model.Role.id.in_(staff.roles), model.Role.archived_at.is_(None))
    roles = list(session.scalars(wanted.order_by(model.Role.code)))
    department = staff.department_id
    return Actor(
        id=staff.id,
        name=staff.name,
        name_en=staff.name_en,
        branch_id=branch.id,
        branch_code=branch.code,
        department_id=department,
        manager_id=staff.manager_id,
        language=staff.language,
        timezone=branch.timezone,
        roles=tuple(role.code for role in roles),
        grants=widest(line for role in roles for line in role.grants),
        departments=(department, *tree.below(session, model.Department, "parent_id", department))
        if department
        else (),
        above=tree.above(session, model.Department, "parent_id", department),
        reports=tree.below(session, model.Staff, "manager_id", staff.id),
    )


def widest(lines: Iterable[model.GrantLine]) -> tuple[Grant, ...]:
    """Each permission once, with the widest scope any role gives it, without those that another one covers anyway."""
    found: dict[str, str] = {}
    for line in lines:
        if WIDTH[line.scope] > WIDTH.get(found.get(line.permission, ""), 0):
            found[line.permission] = line.scope
    patterns = [p for p in found if "*" in p]
    return tuple(
        Grant.model_validate({"permission": permission, "scope": scope})
        for permission, scope in sorted(found.items())
        if not any(
            p != permission and WIDTH[found[p]] >= WIDTH[scope] and fnmatchcase(permission, p)
            for p in patterns
        )
    )
