"""Records of the kinds that the company defined itself (users 6): entered, seen by the reporting line, at their customer, imported
and taken back, referred to, put away with their kind and there again with it. What all entities do stands in tests/conformance."""

from __future__ import annotations

from uuid import UUID

import pytest

from chassis.identity import new_id
from chassis.importing import Importer
from contracts.customer import OwnRecordListed
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.organization import OwnFieldListed, OwnObjectListed
from tests.cast import ALICE_ID, CAROL_ID
from tests.service.customer.conftest import ALICE, BOB, CAROL, ROOT

KIND = UUID(int=7)
ENTITY = "customer.object_equipment"


def defined(ver: int = 1, archived: bool = False, id: UUID = KIND, **more) -> OwnObjectListed:
    data = {
        "name": "设备", "name_en": "Equipment", "plural_en": None, "icon_name": "engine", "has_customer": True,
        "number_prefix": "SB", "code": "equipment", "position": 1,
    }  # fmt: skip
    return OwnObjectListed(
        record_id=id, epoch=1, ver=ver, label="设备", archived=archived, data={**data, **more}
    )


def field(code: str, kind: str, entity: str = ENTITY, **more) -> OwnFieldListed:
    data = {
        "entity_name": entity, "name": f"字段{code}", "name_en": code, "kind": kind, "code": code, "refers_to": None,
        "help": None, "is_required": False, "is_in_list": True, "is_searched": kind == "text", "position": 1,
    }  # fmt: skip
    return OwnFieldListed(record_id=new_id(), epoch=1, ver=1, label=code, data={**data, **more})


@pytest.fixture
def workshop(office):
    office.hear(defined())
    office.hear(field("power", "number"))
    office.hear(field("serial", "text"))
    return office


@pytest.fixture
def press(workshop, customer):
    return workshop.create(
        ALICE, ENTITY, name="冲压机", customer_id=customer["id"], own_power="7.5", own_serial="CY-88"
    )


def names(office, actor, **query) -> list[str]:
    return [row["name"] for row in office.ask(actor, "list", entity=ENTITY, query=query)["rows"]]


def test_it_has_a_number_an_owner_and_the_fields_of_its_kind(workshop, press, customer):
    assert (press["number"], press["owner_id"], press["own_power"]) == (
        "SB-HQ-2026-00001",
        str(ALICE_ID),
        "7.5",
    )
    kept = workshop.ask(ALICE, "get", entity=ENTITY, id=press["id"], history=5)
    assert kept["labels"][customer["id"]]["label"] == customer["name"]
    assert kept["history"]["changes"][0]["changes"]["own_serial"] == [None, "CY-88"]
    assert names(workshop, ALICE, text="cy-88") == ["冲压机"]
    assert names(workshop, ALICE, where={"own_power__gte": "7", "customer_id.name": customer["name"]}) == [
        "冲压机"
    ]
    with pytest.raises(Invalid) as raised:
        workshop.create(ALICE, ENTITY, own_power="viel")
    assert {(p.field, p.code) for p in raised.value.fields} == {
        ("own_power", "not_a_number"),
        ("name", "required"),
    }


def test_it_is_seen_along_the_reporting_line(workshop, press):
    """Alice's manager sees it, a colleague of another department does not (PRM-01)."""
    assert names(workshop, BOB) == ["冲压机"]
    assert names(workshop, CAROL) == []
    with pytest.raises(NotFound):
        workshop.ask(CAROL, "get", entity=ENTITY, id=press["id"])
    nobody = ALICE.model_copy(update={"grants": ()})
    with pytest.raises(Forbidden):
        workshop.ask(nobody, "list", entity=ENTITY)


def test_two_kinds_keep_to_themselves(workshop, press):
    workshop.hear(defined(id=UUID(int=8), code="expo", number_prefix=None, has_customer=False, name="展会"))
    fair = workshop.create(ALICE, "object_expo", name="广交会")
    assert names(workshop, ALICE) == ["冲压机"]
    assert "number" not in fair
    for wrong in ({"customer_id": press["customer_id"]}, {"own_power": "1"}):
        with pytest.raises(Invalid):
            workshop.create(ALICE, "object_expo", name="广交会", **wrong)
    with pytest.raises(NotFound):
        workshop.ask(ALICE, "get", entity="object_expo", id=press["id"])


def test_customers_are_found_by_what_they_have(workshop, press, customer):
    where = {"object_equipment.customer_id.own_power__gt": "7"}
    found = workshop.ask(ALICE, "list", entity="customer", query={"where": where})["rows"]
    assert [row["id"] for row in found] == [customer["id"]]


def test_it_stands_on_its_customers_page_for_whoever_may_see_it(workshop, press, customer):
    def shown(actor) -> list[str]:
        parts = workshop.ask(actor, "customer_file", customer_id=customer["id"])["related"]
        return [row["name"] for part in parts if part["entity"] == ENTITY for row in part["rows"]]

    assert shown(ALICE) == ["冲压机"]
    less = [grant for grant in ROOT.grants if grant.permission != "customer.*"]
    more = [
        type(ROOT.grants[0])(permission=p, scope="all")
        for p in ("customer.customer.*", "customer.customer_file")
    ]
    assert shown(ROOT.model_copy(update={"grants": (*less, *more)})) == []


def test_it_belongs_to_its_customers_owner_and_goes_along(workshop, customer):
    row = workshop.create(ROOT, ENTITY, name="车床", customer_id=customer["id"])
    assert row["owner_id"] == str(ALICE_ID)
    workshop.ask(ROOT, "hand_over_customer", id=customer["id"], owner_id=str(CAROL_ID))
    assert names(workshop, CAROL) == ["车床"]


def test_a_file_brings_ten_and_is_taken_back(workshop, customer):
    rows = [{"name": f"机床{n}", "customer_id": customer["name"], "own_power": n} for n in range(10)]
    rows.append({"name": "坏的", "own_power": "viel"})
    started = {"entity": ENTITY, "file_name": "设备.xlsx", "columns": ["name", "customer_id", "own_power"]}
    job = {"job_id": workshop.ask(ALICE, "start_import", started)["id"]}
    workshop.ask(ALICE, "stage_rows", **job, first=2, rows=rows)

    def work_off(door: str) -> dict:
        workshop.ask(ALICE, door, **job)
        Importer(workshop.house).run_all()
        return workshop.ask(ALICE, "job", id=job["job_id"])

    assert (work_off("check_import")["good"], names(workshop, ALICE)) == (10, [])
    done = work_off("run_import")
    assert (done["made"], done["bad"]) == (10, 1)
    assert len({row["number"] for row in workshop.ask(ALICE, "list", entity=ENTITY)["rows"]}) == 10
    assert work_off("take_back")["state"] == "taken_back"
    assert names(workshop, ALICE) == []


def test_others_know_it_by_its_card(workshop, press):
    (card,) = workshop.emitted(OwnRecordListed)
    assert (str(card.record_id), card.label, card.card_of) == (press["id"], "冲压机", ENTITY)


def test_records_here_and_elsewhere_may_refer_to_it(workshop, press, desk):
    workshop.hear(field("machine", "reference", "customer.lead", refers_to=ENTITY))
    lead = workshop.create(ALICE, "lead", name="某公司", own_machine=press["id"])
    (card,) = workshop.emitted(OwnRecordListed)
    sales = desk("sales")
    sales.hear(card)
    sales.hear(field("machine", "reference", "sales.product", refers_to=ENTITY))
    labels = sales.ask(ROOT, "labels", entity=ENTITY, ids=[press["id"]])["labels"]
    assert (labels[press["id"]]["label"], labels[press["id"]]["entity"]) == ("冲压机", ENTITY)
    told = workshop.ask(ALICE, "get", entity="lead", id=lead["id"])["labels"]
    assert told[press["id"]]["label"] == "冲压机"


def test_remarks_stars_and_tags_are_there(workshop, press):
    workshop.ask(ALICE, "add_comment", about=ENTITY, record_id=press["id"], text="要大修")
    remarks = workshop.ask(BOB, "comments", about=ENTITY, record_id=press["id"])["rows"]
    assert [remark["text"] for remark in remarks] == ["要大修"]
    workshop.ask(ALICE, "star", entity=ENTITY, id=press["id"], is_on=True)
    assert names(workshop, ALICE, starred=True) == ["冲压机"]


def test_put_away_with_its_kind_nothing_of_it_is_there_and_nothing_lost(workshop, press, customer):
    workshop.ask(ALICE, "star", entity=ENTITY, id=press["id"], is_on=True)
    workshop.hear(defined(ver=2, archived=True))
    for door, message in (("list", {}), ("get", {"id": press["id"]}), ("history", {"id": press["id"]})):
        with pytest.raises(NotFound):
            workshop.ask(ROOT, door, entity=ENTITY, **message)
    with pytest.raises(NotFound):
        workshop.create(ALICE, ENTITY, name="新的")
    with pytest.raises(Invalid):
        workshop.ask(
            ALICE, "list", entity="customer", query={"where": {"object_equipment.customer_id.name": "x"}}
        )
    assert workshop.ask(ALICE, "favourites")["rows"] == []
    workshop.ask(ROOT, "hand_over_customer", id=customer["id"], owner_id=str(CAROL_ID))
    workshop.hear(defined(ver=3))
    row = workshop.ask(CAROL, "get", entity=ENTITY, id=press["id"])["row"]
    assert (row["own_power"], row["number"], row["owner_id"]) == ("7.5", press["number"], str(CAROL_ID))


def test_another_definition_is_known_at_once(workshop, press):
    workshop.hear(defined(ver=2, has_customer=False, number_prefix=None))
    row = workshop.create(ALICE, ENTITY, name="钻床")
    assert ("number" in row, "customer_id" in row) == (False, False)
    workshop.hear(defined(ver=3, number_prefix="MC"))
    assert workshop.create(ALICE, ENTITY, name="铣床")["number"] == "MC-HQ-2026-00001"


def test_merged_customers_keep_what_both_had(workshop, press, customer):
    other = workshop.create(ALICE, "customer", name="启利")
    workshop.create(ALICE, ENTITY, name="锯床", customer_id=other["id"])
    workshop.ask(BOB, "merge", entity="customer", kept_id=customer["id"], gone_ids=[other["id"]], values={})
    assert sorted(names(workshop, ALICE, where={"customer_id": customer["id"]})) == ["冲压机", "锯床"]
