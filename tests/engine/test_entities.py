"""What the engine promises for any entity, shown on one with every kind of field."""

from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select, union_all, update
from sqlalchemy.orm import aliased

from chassis.work import Work
from contracts.errors import (
    ChangedMeanwhile,
    Forbidden,
    IllegalTransition,
    Invalid,
    KeyReused,
    NotFound,
)
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, SALES_SH, SHANGHAI, person
from tests.desk import Desk
from tests.engine.toy import MakerRow, ToyListed, ToyRow, ToyService

ALICE = person(ALICE_ID, "Alice", "toy.* own", "toy.maker.* all", manager_id=BOB_ID)
BOB = person(BOB_ID, "Bob", "toy.* team", "toy.maker.* all", reports=(ALICE_ID,))
CAROL = person(CAROL_ID, "Carol", "toy.* own", "toy.maker.* all", branch=SHANGHAI, department=SALES_SH)

WHOLE = {
    "name": "木马１号", "story": "long\nstory", "pieces": "１２", "weight": "1.5", "rate": "12.5",
    "price": "1,234.50", "made_on": "2026年2月3日", "shown_at": "2026-02-03T10:00:00+08:00", "safe": "是",
    "colour": "blue", "tags": ["wood", "metal"], "mail": "a@example.com", "phone": "０１０-6555 1234",
    "site": "www.example.com", "parts": [{"text": "leg", "price": "3"}, {"text": "head", "price": "4.5"}],
}  # fmt: skip


def test_every_kind_of_field_is_kept_and_given_back(toys: Desk):
    maker = toys.create(ALICE, "maker", name="工坊", name_en="Workshop")
    row = toys.create(ALICE, "toy", **WHOLE, maker_id=maker["id"], sellers=[maker["id"]])
    kept = toys.ask(ALICE, "get", entity="toy", id=row["id"])
    assert kept["row"] | {"parts": 0} == row | {"parts": 0}
    assert row["number"] == "WJ-HQ-2026-00001"
    assert (row["price"], row["pieces"], row["made_on"]) == ("1234.50", 12, "2026-02-03")
    assert row["shown_at"] == "2026-02-03T02:00:00+00:00"
    assert (row["safe"], row["tags"], row["phone"]) == (True, ["wood", "metal"], "010-6555 1234")
    assert [(p["text"], p["price"], p["position"]) for p in kept["row"]["parts"]] == [
        ("leg", "3.00", 1),
        ("head", "4.50", 2),
    ]
    assert kept["labels"][maker["id"]]["label_en"] == "Workshop"
    assert kept["can"] == {
        "read": True,
        "update": True,
        "archive": True,
        "restore": False,
        "verbs": ["play", "scrap", "copy"],
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "x" * 300, "too_long"), ("name", "", "required"), ("price", "-1", "too_small"),
        ("price", "1e309", "not_a_number"), ("price", "NaN", "not_a_number"), ("price", "1.005", "too_many_decimals"),
        ("made_on", "2026-02-30", "not_a_date"), ("colour", "pink", "not_a_choice"), ("mail", "nobody", "not_an_email"),
        ("maker_id", "00000000-0000-7000-8000-00000000dead", "not_an_id"), ("nonsense", "1", "unknown"),
        ("number", "WJ-1", "unknown"), ("pieces", 2**40, "too_large"), ("story", "a\x00b", "not_a_text"),
        ("parts.1.price", None, "required"),
    ],
)  # fmt: skip
def test_wrong_input_names_its_field_and_nothing_is_saved(toys: Desk, field: str, value, code: str):
    bad = {"parts": [{"text": "a", "price": 1}, {"text": "b"}]} if "." in field else {field: value}
    with pytest.raises(Invalid) as raised:
        toys.create(ALICE, "toy", **({"name": "x"} | bad))
    assert [(p.field, p.code) for p in raised.value.fields] == [(field, code)]
    assert toys.rows(ToyRow) == []


def test_a_change_needs_the_version_that_was_seen(toys: Desk):
    row = toys.create(ALICE, "toy", name="a")
    change = {"entity": "toy", "id": row["id"], "ver": 1, "values": {"name": "b"}}
    assert toys.ask(ALICE, "update", change)["row"]["ver"] == 2
    with pytest.raises(ChangedMeanwhile):
        toys.ask(ALICE, "update", change)


def test_changed_lines_are_a_new_version_and_stand_in_the_log(toys: Desk):
    row = toys.create(ALICE, "toy", name="a", parts=[{"text": "leg", "price": 1}])
    kept = toys.ask(ALICE, "get", entity="toy", id=row["id"])["row"]["parts"]
    lines = [{"text": "head", "price": 2}, {"id": kept[0]["id"], "text": "leg", "price": 9}]
    after = toys.ask(ALICE, "update", {"entity": "toy", "id": row["id"], "values": {"parts": lines}})["row"]
    assert after["ver"] == 2
    assert [(p["text"], p["price"]) for p in after["parts"]] == [("head", "2.00"), ("leg", "9.00")]
    entry = toys.ask(ALICE, "history", entity="toy", id=row["id"])["changes"][0]
    assert [p["text"] for p in entry["changes"]["parts"][1]] == ["head", "leg"]
    assert [p["id"] for p in entry["changes"]["parts"][1]] == [p["id"] for p in after["parts"]]
    assert {p["toy_id"] for p in entry["changes"]["parts"][1]} == {row["id"]}


def test_what_a_check_changes_elsewhere_is_kept_and_logged_like_anything_else(toys: Desk, monkeypatch):
    maker = toys.create(ALICE, "maker", name="a")

    def rename_maker(self: ToyRow, work: Work) -> None:
        work.session.get(MakerRow, self.maker_id).name = self.name

    monkeypatch.setattr(ToyRow, "check", rename_maker, raising=False)
    toys.create(ALICE, "toy", name="b", maker_id=maker["id"])
    newest = toys.ask(ALICE, "history", entity="maker", id=maker["id"])["changes"][0]
    assert (newest["ver"], newest["changes"]) == (2, {"name": ["a", "b"]})
    assert toys.ask(ALICE, "list", entity="maker", query={"text": "b"})["count"] == 1


def test_the_log_says_who_changed_what_by_which_door(toys: Desk):
    row = toys.create(ALICE, "toy", name="a", price="5")
    toys.ask(BOB, "update", {"entity": "toy", "id": row["id"], "values": {"price": "6"}})
    newest, first = toys.ask(ALICE, "history", entity="toy", id=row["id"])["changes"]
    assert (newest["actor_name"], newest["door"], newest["changes"]) == (
        "Bob",
        "toy.update",
        {"price": ["5.00", "6.00"]},
    )
    assert first["changes"]["name"] == [None, "a"]


def test_one_look_gives_a_row_and_its_newest_changes(toys: Desk):
    row = toys.create(ALICE, "toy", name="a")
    toys.ask(ALICE, "update", {"entity": "toy", "id": row["id"], "values": {"name": "b"}, "ver": 1})
    log = toys.ask(ALICE, "history", entity="toy", id=row["id"])
    assert "history" not in toys.ask(ALICE, "get", entity="toy", id=row["id"])
    newest = toys.ask(ALICE, "get", entity="toy", id=row["id"], history=1)["history"]
    assert newest["changes"] == log["changes"][:1]
    assert toys.ask(ALICE, "get", entity="toy", id=row["id"], history=9)["history"] == log


def test_the_log_has_money_as_it_is_kept(toys: Desk):
    """1000 and 1000.00 are the same amount: no change, and no two ways to write it."""
    with toys.house.sessions.begin() as session:
        Work(session, ALICE, toys.house)
        session.add(ToyRow(name="a", price=Decimal(1000)))
    (row,) = toys.rows(ToyRow)
    with toys.house.sessions.begin() as session:
        Work(session, ALICE, toys.house)
        session.get(ToyRow, row.id).price = Decimal("1000.0")
    (first,) = toys.ask(ALICE, "history", entity="toy", id=str(row.id))["changes"]
    assert first["changes"]["price"] == [None, "1000.00"]


def test_rights_decide_rows_of_lists_counts_and_single_looks(toys: Desk):
    """PRM-01, PRM-03: the manager sees his people's rows, another branch's rep none of them."""
    row = toys.create(ALICE, "toy", name="a", price="5")
    for actor, seen in ((ALICE, 1), (BOB, 1), (CAROL, 0)):
        page = toys.ask(actor, "list", {"entity": "toy", "query": {"totals": True}})
        assert (len(page["rows"]), page["count"]) == (seen, seen)
        assert page["totals"]["price"] in ("5.00", "0")
    for door, more in (
        ("get", {}),
        ("history", {}),
        ("update", {"values": {"name": "x"}}),
        ("archive", {}),
        ("play_toy", None),
    ):
        with pytest.raises(NotFound):
            toys.ask(
                CAROL, door, {"id": row["id"], **({"entity": "toy", **more} if more is not None else {})}
            )


def test_nobody_gives_a_row_away_to_where_she_cannot_see_it(toys: Desk):
    row = toys.create(ALICE, "toy", name="a")
    with pytest.raises((Forbidden, Invalid)):
        toys.ask(ALICE, "update", {"entity": "toy", "id": row["id"], "values": {"owner_id": str(CAROL_ID)}})
    assert toys.rows(ToyRow)[0].owner_id == ALICE_ID


def test_without_the_right_the_door_is_closed(toys: Desk):
    with pytest.raises(Forbidden):
        toys.create(person(ALICE_ID, "Alice", "toy.toy.read all"), "toy", name="a")


def test_a_key_used_twice_makes_one_row_and_answers_the_same(toys: Desk):
    message = {"entity": "toy", "values": {"name": "a"}}
    assert toys.ask(ALICE, "create", message, key="k") == toys.ask(ALICE, "create", message, key="k")
    assert len(toys.rows(ToyRow)) == 1
    with pytest.raises(KeyReused):
        toys.ask(ALICE, "create", {"entity": "toy", "values": {"name": "b"}}, key="k")
    toys.ask(BOB, "create", {"entity": "toy", "values": {"name": "b"}}, key="k")


def test_filters_text_and_order_mean_the_same_rows(toys: Desk):
    for n, name in enumerate(("上海泰微", "北京泰微电子", "公司 X"), start=1):
        toys.create(
            ALICE, "toy", name=name, price=str(n), phone=f"1380013800{n}", tags=["wood"] if n == 1 else []
        )

    def names(**query):
        return [r["name"] for r in toys.ask(ALICE, "list", {"entity": "toy", "query": query})["rows"]]

    assert names(text="泰微", sort="name") == ["上海泰微", "北京泰微电子"]
    assert names(text="8003") == ["公司 X"]
    assert names(text="tw dz") == ["北京泰微电子"]
    assert names(where={"price__gte": "2"}, sort="-price") == ["公司 X", "北京泰微电子"]
    assert names(any_of=[{"price": "1"}, {"price": "3"}], sort="price") == ["上海泰微", "公司 X"]
    assert names(where={"tags": "wood"}) == ["上海泰微"]
    assert names(where={"colour": ["blue"]}) == []
    with pytest.raises(Invalid):
        names(where={"secret": 1})


def test_a_list_tells_only_the_fields_it_is_asked_for_and_the_names_behind_those(toys: Desk):
    maker = toys.create(ALICE, "maker", name="工坊")
    toys.create(ALICE, "toy", **WHOLE, maker_id=maker["id"])
    some = toys.ask(ALICE, "list", entity="toy", fields=["name", "price"])
    assert set(some["rows"][0]) == {"name", "price", "id", "created_at"}
    assert (some["rows"][0]["name"], some["rows"][0]["price"], some["labels"]) == ("木马１号", "1234.50", {})
    named = toys.ask(ALICE, "list", entity="toy", fields=["maker_id"])
    assert named["rows"][0]["maker_id"] == maker["id"]
    assert named["labels"][maker["id"]]["label"] == "工坊"
    with pytest.raises(Invalid) as refused:
        toys.ask(ALICE, "list", entity="toy", fields=["name", "parts", "nonsense"])
    assert [(p.field, p.params["value"]) for p in refused.value.fields] == [
        ("fields", "parts"), ("fields", "nonsense"),
    ]  # fmt: skip


@pytest.mark.parametrize("sort", ["price", "-price", "made_on", "-created_at"])
def test_pages_by_cursor_show_every_row_once(toys: Desk, sort: str):
    for n in range(7):
        toys.create(
            ALICE, "toy", name=f"t{n}", price=None if n == 3 else str(n % 3), made_on=f"2026-01-0{n % 2 + 1}"
        )
    seen, after = [], None
    while True:
        page = toys.ask(ALICE, "list", {"entity": "toy", "query": {"sort": sort, "limit": 2, "after": after}})
        seen += [row["name"] for row in page["rows"]]
        after = page["next"]
        if after is None:
            break
    assert sorted(seen) == [f"t{n}" for n in range(7)]


def test_an_archived_row_leaves_the_list_and_comes_back(toys: Desk):
    row = toys.create(ALICE, "toy", name="a")
    toys.ask(ALICE, "archive", entity="toy", id=row["id"])
    assert toys.ask(ALICE, "list", {"entity": "toy"})["rows"] == []
    assert toys.ask(ALICE, "get", entity="toy", id=row["id"])["can"]["restore"] is True
    toys.ask(ALICE, "restore", entity="toy", id=row["id"])
    assert len(toys.ask(ALICE, "list", {"entity": "toy"})["rows"]) == 1


def test_a_verb_moves_the_state_or_says_why_not(toys: Desk):
    row = toys.create(ALICE, "toy", name="a")
    assert toys.ask(ALICE, "play_toy", id=row["id"])["state"] == "used"
    toys.ask(ALICE, "archive", entity="toy", id=row["id"])
    with pytest.raises(ChangedMeanwhile):
        toys.ask(ALICE, "play_toy", id=row["id"], ver=1)
    with toys.house.sessions.begin() as session:
        session.get(ToyRow, UUID(row["id"])).state = "scrapped"
    with pytest.raises(IllegalTransition) as raised:
        toys.ask(ALICE, "play_toy", id=row["id"])
    assert raised.value.params == {"verb": "play", "state": "scrapped"}


def test_the_card_is_announced_when_something_on_it_changes(toys: Desk):
    row = toys.create(ALICE, "toy", name="a", price="5")
    toys.ask(
        ALICE, "update", {"entity": "toy", "id": row["id"], "values": {"story": "nobody else's business"}}
    )
    toys.ask(ALICE, "update", {"entity": "toy", "id": row["id"], "values": {"price": "6"}})
    cards = toys.emitted(ToyListed)
    assert [(c.ver, c.label, c.data["price"], c.number) for c in cards] == [
        (1, "a", "5.00", row["number"]),
        (3, "a", "6.00", row["number"]),
    ]


def test_the_option_of_exactly_this_name_comes_first(toys: Desk):
    for name in ("木马", "木马二号", "大木马"):
        toys.create(ALICE, "toy", name=name)
    offered = toys.ask(ALICE, "options", entity="toy", text="木马")["options"]
    assert len(offered) == 3
    assert offered[0]["label"] == "木马"


def test_options_offer_what_one_may_see(toys: Desk):
    toys.create(ALICE, "toy", name="木马")
    assert [o["label"] for o in toys.ask(ALICE, "options", entity="toy", text="木")["options"]] == ["木马"]
    assert toys.ask(CAROL, "options", entity="toy", text="木")["options"] == []


def test_rights_hold_in_every_shape_of_statement(toys: Desk):
    toys.create(ALICE, "toy", name="a")
    seen, hidden = (select(ToyRow.id).subquery(), aliased(ToyRow))
    statements = (
        select(func.count()).select_from(seen),
        select(func.count(ToyRow.id)),
        select(func.count(hidden.id)),
        select(func.count(MakerRow.id)).where(select(ToyRow.id).where(ToyRow.name == "a").exists()),
        union_all(select(ToyRow.id), select(ToyRow.id)),
        update(ToyRow).values(story="x").returning(ToyRow.id),
    )
    toys.create(CAROL, "maker", name="m")
    with toys.house.sessions() as session:
        Work(session, CAROL, toys.house)
        for statement in statements:
            assert session.execute(statement).scalar() in (0, None), str(statement)


@pytest.fixture
def toys(desk):
    return desk(ToyService)


DAYS = ("2025-12-09", "2025-12-10", "2026-03-09", "2026-03-10", "2026-03-24", "2026-03-25", None)
"""Noon in Shanghai is on 10 March; 90 days before is 10 December, 14 days after 24 March."""


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"made_on": "last_90_days"}, [1, 2, 3]), ({"made_on__ne": "last_90_days"}, [0, 4, 5, 6]),
        ({"made_on__lt": "90_days_ago"}, [0]), ({"made_on": "next_14_days"}, [3, 4]),
        ({"made_on__gt": "in_14_days"}, [5]), ({"made_on__lte": "yesterday"}, [0, 1, 2]),
        ({"made_on": ["yesterday", "2026-03-25"]}, [2, 5]), ({"made_on__in": "yesterday,2026-03-25"}, [2, 5]),
        ({"made_on": []}, []), ({"made_on": ""}, [6]), ({"made_on__empty": "no"}, [0, 1, 2, 3, 4, 5]),
    ],
)  # fmt: skip
def test_days_in_words_are_counted_where_the_actor_is(toys: Desk, where, found):
    """Users 9; several days in one condition mean any of them; of moments the same days are meant, midnight to midnight."""
    for n, day in enumerate(DAYS):
        at = None if day is None else f"{day}T{'00:00' if n % 2 else '23:59:59'}+08:00"
        toys.create(ALICE, "toy", name=str(n), made_on=day, shown_at=at)
    for name in ("made_on", "shown_at"):
        asked = {key.replace("made_on", name): value for key, value in where.items()}
        page = toys.ask(ALICE, "list", entity="toy", query={"where": asked, "sort": "name"})
        assert [int(row["name"]) for row in page["rows"]] == found, asked


def test_a_moment_without_a_zone_is_one_where_the_actor_is(toys: Desk):
    toys.create(ALICE, "toy", name="a", shown_at="2026-03-10T12:00+08:00")
    for at, count in (("2026-03-10T12:00", 1), ("2026-03-10T04:00Z", 1), ("2026-03-10T04:00", 0)):
        assert toys.ask(ALICE, "list", entity="toy", query={"where": {"shown_at": at}})["count"] == count, at


@pytest.mark.parametrize("value", ["last_days", "30_days", "never", "0001-00-01", 5, ["today", "someday"]])
def test_words_that_are_no_days_name_the_field(toys: Desk, value):
    for name in ("made_on", "shown_at"):
        with pytest.raises(Invalid) as raised:
            toys.ask(ALICE, "list", entity="toy", query={"where": {name: value}})
        assert [p.field for p in raised.value.fields] == [name]


def test_me_is_whoever_asks(toys: Desk):
    toys.create(ALICE, "toy", name="hers")
    for actor, count in ((ALICE, 1), (BOB, 0)):
        assert toys.ask(actor, "list", entity="toy", query={"where": {"owner_id": "me"}})["count"] == count
