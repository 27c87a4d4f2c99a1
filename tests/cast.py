"""The cast: Alice sells in Beijing; Bob leads her department; Carol sells in Shanghai; Dan keeps the books; Root runs
the system; Eve left last month."""

from __future__ import annotations

from uuid import UUID

from contracts.actor import Actor, Grant


def id_of(number: int) -> UUID:
    """A fixed id that reads well in a failing test."""
    return UUID(f"00000000-0000-7000-8000-{number:012d}")


BEIJING, SHANGHAI = id_of(101), id_of(102)
SALES, SALES_SH, BOOKS, SERVICE = id_of(201), id_of(202), id_of(203), id_of(204)
ALICE_ID, BOB_ID, CAROL_ID, DAN_ID, EVE_ID, FRANK_ID, GRACE_ID, ROOT_ID = (
    id_of(300 + n) for n in range(1, 9)
)


def grants(*pairs: str) -> tuple[Grant, ...]:
    """`grants("toy.* own", …)`."""
    return tuple(Grant(permission=p, scope=s) for p, s in (pair.split() for pair in pairs))  # type: ignore[arg-type]


def person(
    id: UUID, name: str, *pairs: str, branch: UUID = BEIJING, department: UUID = SALES, **more
) -> Actor:
    """An actor with these grants, in a department that is part of no other unless told."""
    return Actor(
        id=id, name=name, branch_id=branch, branch_code="HQ" if branch == BEIJING else "SH",
        department_id=department, departments=(department,), grants=grants(*pairs), **{"above": (department,), **more},
    )  # fmt: skip
