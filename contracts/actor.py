"""Who asks: a person (or the system itself), where she works, and what she may do. Travels as a signed token."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Scope = Literal["own", "team", "department", "branch", "all"]
WIDTH: dict[str, int] = {"own": 1, "team": 2, "department": 3, "branch": 4, "all": 5}
"""How far a scope reaches: own rows; own and those of people below on the reporting line; the department and those
below it as well; the whole branch; everything."""

SYSTEM_ID = UUID("00000000-0000-7000-8000-000000000001")


class Grant(BaseModel):
    """A role may do `permission` (a pattern such as `customer.*` or `sales.quote.read`) to rows within `scope`."""

    model_config = ConfigDict(frozen=True)

    permission: str
    scope: Scope


FOR_ANYBODY = (
    "organization.sign_in",
    "customer.open_web_form",
    "customer.web_form_logo",
    "customer.send_web_form",
)


class Actor(BaseModel):
    """The person on whose behalf a message is sent, with everything rights are decided from."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    name: str
    name_en: str | None = None
    kind: Literal["staff", "system", "anonymous"] = "staff"
    branch_id: UUID | None = None
    branch_code: str = ""
    department_id: UUID | None = None
    manager_id: UUID | None = None
    language: str = "zh_CN"
    timezone: str = "Asia/Shanghai"
    roles: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()
    departments: tuple[UUID, ...] = ()
    """Her department and those below it."""
    above: tuple[UUID, ...] = ()
    """Her department and those it is part of, nearest first."""
    reports: tuple[UUID, ...] = ()
    """Staff below her on the reporting line, at any depth."""

    def scope(self, permission: str) -> Scope | None:
        """The widest scope her grants give for a permission such as `sales.quote.read`; None when not allowed."""
        if self.kind == "system":
            return "all"
        grants, known = self._asked
        if grants is not self.grants:  # a copy with other grants brought the old answers with it
            grants, known = self.__dict__["_asked"] = (self.grants, {})
        if permission not in known:
            found = [grant.scope for grant in grants if fnmatchcase(permission, grant.permission)]
            known[permission] = _widest(found)
        return known[permission]

    @cached_property
    def _asked(self) -> tuple[tuple[Grant, ...], dict[str, Scope | None]]:
        """What was asked before, of which grants: a page asks for the same permissions dozens of times."""
        return self.grants, {}

    def may(self, permission: str) -> bool:
        """Whether any of her grants covers the permission."""
        return self.scope(permission) is not None

    @staticmethod
    def system(name: str) -> Actor:
        """The system acting by itself: a reaction to news, a daily job."""
        return Actor(id=SYSTEM_ID, name=name, kind="system")

    @staticmethod
    def anonymous() -> Actor:
        """Somebody nobody knows: may ask to be let in, and fill in the forms that stand on the company's website."""
        return Actor(
            id=UUID(int=0),
            name="",
            kind="anonymous",
            grants=tuple(Grant(permission=permission, scope="all") for permission in FOR_ANYBODY),
        )


def _widest(scopes: list[Scope]) -> Scope | None:
    return max(scopes, key=WIDTH.__getitem__, default=None)
