"""What holds for every row that belongs to somebody: own, team, department, branch, all; for looking and for changing."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import update

from chassis import scope
from chassis.database import Owned
from chassis.entities import NotEditable
from contracts.actor import WIDTH, Actor, Grant, Scope
from contracts.errors import Forbidden, InUse, NotFound
from tests.cast import id_of
from tests.conformance import everything
from tests.desk import Desk

OWNED = {name: cls for name, (_, cls) in everything.entities().items() if issubclass(cls, Owned)}
ME, BELOW, BESIDE, NEAR, FAR = (id_of(n) for n in range(901, 906))
HERE, THERE = id_of(911), id_of(912)
OURS, NEXT_DOOR, AWAY = id_of(921), id_of(922), id_of(923)
PLACES: dict[str, tuple[UUID | None, UUID | None, UUID | None]] = {
    "mine": (ME, OURS, HERE),
    "of somebody below me": (BELOW, AWAY, THERE),
    "of a colleague in my department": (BESIDE, OURS, HERE),
    "of another department of my branch": (NEAR, NEXT_DOOR, HERE),
    "of another branch": (FAR, AWAY, THERE),
    "of nobody": (None, None, None),
}
REACH: dict[Scope, set[str]] = {
    "own": {"mine"},
    "team": {"mine", "of somebody below me"},
    "department": {"mine", "of somebody below me", "of a colleague in my department"},
    "branch": {"mine", "of a colleague in my department", "of another department of my branch"},
    "all": set(PLACES),
}


def me(*grants: tuple[str, Scope]) -> Actor:
    return Actor(
        id=ME, name="Me", branch_id=HERE, department_id=OURS, departments=(OURS,), reports=(BELOW,),
        grants=tuple(Grant(permission=permission, scope=reach) for permission, reach in grants),
    )  # fmt: skip


@pytest.fixture
def put(samples):
    """`put("sales.quote")`: a desk, a row's id, and how to lay the row on somebody's desk."""

    def put(name: str):
        found = samples(name.partition(".")[0])
        id = found.row(name)["id"]

        def lay(place: str) -> None:
            owner, department, branch = PLACES[place]
            values = {"owner_id": owner, "department_id": department, "branch_id": branch}
            with found.desk.house.sessions.begin() as session:
                table = OWNED[name].__table__
                session.execute(update(table).where(table.c.id == UUID(id)).values(**values))

        return found.desk, id, lay

    return put


def sees(desk: Desk, reader: Actor, name: str, id: str) -> bool:
    """Whether she finds it, and that every way of looking says the same."""
    page = desk.ask(reader, "list", entity=name, query={"limit": 1000, "where": {"id": id}})
    options = desk.ask(reader, "options", entity=name, ids=[id])["options"]
    found = {bool(page["rows"]), page["count"] == 1, bool(options)}
    for door in ("get", "history"):
        try:
            desk.ask(reader, door, entity=name, id=id)
            found.add(True)
        except NotFound:
            found.add(False)
    assert len(found) == 1, "list, count, options, page and history do not agree"
    return found.pop()


@pytest.mark.parametrize("reach", WIDTH)
@pytest.mark.parametrize("name", OWNED)
def test_exactly_these_rows_are_seen(name: str, reach: Scope, put):
    desk, id, lay = put(name)
    seen = set()
    for place in PLACES:
        lay(place)
        if sees(desk, me((f"{name}.read", reach)), name, id):
            seen.add(place)
    assert seen == REACH[reach]


@pytest.mark.parametrize("reach", WIDTH)
@pytest.mark.parametrize("name", OWNED)
def test_exactly_these_rows_may_be_changed(name: str, reach: Scope, put):
    """The right to look reaches further than the right to change."""
    desk, id, lay = put(name)
    changed = set()
    for place in PLACES:
        lay(place)
        actor = me((f"{name}.read", "all"), (f"{name}.update", reach), (f"{name}.archive", reach))
        may = desk.ask(actor, "get", entity=name, id=id)["can"]
        try:
            desk.ask(actor, "update", entity=name, id=id, values={})
            changed.add(place)
        except NotEditable:
            changed.add(place)
        except Forbidden:
            assert not may["update"], "a button that is refused"
            with pytest.raises((Forbidden, InUse)):
                desk.ask(actor, "archive", entity=name, id=id)
    assert changed == REACH[reach]


@pytest.mark.parametrize("name", OWNED)
def test_a_shared_row_is_seen_and_changed_like_an_own_one(name: str, put):
    desk, id, lay = put(name)
    lay("of another branch")
    actor = me((f"{name}.read", "own"), (f"{name}.update", "own"))
    assert not sees(desk, actor, name, id)
    with desk.house.sessions.begin() as session:
        session.add(scope.Share(entity=name, record_id=UUID(id), staff_id=ME))
    assert sees(desk, actor, name, id)
    try:
        desk.ask(actor, "update", entity=name, id=id, values={})
    except NotEditable:
        assert not desk.ask(actor, "get", entity=name, id=id)["can"]["update"]
