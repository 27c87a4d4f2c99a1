"""Fields that the company adds to its records (users 6): what an administrator may say, and what she may not."""

from __future__ import annotations

import pytest

from chassis import own_fields
from contracts.errors import Forbidden, Invalid
from contracts.organization import OwnChoiceListed, OwnFieldListed
from contracts.own_fields import may_have
from contracts.own_objects import is_own
from tests.conformance import everything
from tests.desk import Desk
from tests.service.organization.conftest import SYSTEM, Company


def field(office: Desk, name: str = "年营业额", kind: str = "amount", **more) -> dict:
    return office.create(
        SYSTEM,
        "own_field",
        entity_name=more.pop("entity_name", "customer.customer"),
        name=name,
        kind=kind,
        **more,
    )


def wrong(office: Desk, **values) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as raised:
        field(office, **values)
    return [(problem.field, problem.code) for problem in raised.value.fields]


def test_everybody_who_keeps_such_records_hears_of_it(office: Desk):
    row = field(office, name_en="Annual turnover", is_in_list=True)
    (card,) = office.emitted(OwnFieldListed)
    assert (str(card.record_id), card.data["code"], card.data["kind"]) == (
        row["id"],
        "annual_turnover",
        "amount",
    )
    assert card.data["entity_name"] == "customer.customer"


def test_a_code_is_made_of_the_name(office: Desk):
    assert field(office)["code"] == "nyye"
    assert field(office)["code"] == "nyye_2"
    assert field(office, name="！", entity_name="sales.quote")["code"] == "field"
    assert wrong(office, name="年营业额", code="nyye") == [("code", "taken")]
    assert wrong(office, code="Nyye!") == [("code", "wrong")]


def test_a_reference_says_to_what(office: Desk):
    assert wrong(office, kind="reference") == [("refers_to", "required")]
    assert wrong(office, refers_to="sales.product") == [("refers_to", "wrong")]
    staff = {"entity_name": "organization.staff", "kind": "reference", "refers_to": "sales.product"}
    assert wrong(office, **staff) == [("kind", "elsewhere")]
    for none in ("客户", "customer.nothing", "nobody.customer", "customer.object_nothing"):
        assert wrong(office, entity_name=none) == [("entity_name", "not_a_choice")]


def test_where_nobody_could_enter_a_value_there_is_no_field(office: Desk):
    """Users «own fields»: a program is refused what the page does not offer."""
    for entity, (_, cls) in everything.entities().items():
        if not may_have(cls.record) and not is_own(entity):
            assert wrong(office, entity_name=entity) == [("entity_name", "has_no_own_fields")], entity


@pytest.mark.parametrize(
    ("entity_name", "refers_to", "allowed"),
    [
        ("customer.customer", "customer.lead", True), ("sales.opportunity", "customer.lead", True),
        ("receivables.contract", "customer.lead", False), ("receivables.contract", "sales.quote", True),
        ("customer.activity", "sales.quote", False), ("service_desk.ticket", "service_desk.article", True),
        ("service_desk.ticket", "service_desk.ticket", True), ("sales.quote", "service_desk.ticket", False),
    ],
)  # fmt: skip
def test_a_reference_leads_to_what_is_known_where_the_field_is(office: Desk, entity_name, refers_to, allowed):
    asked = {"entity_name": entity_name, "kind": "reference", "refers_to": refers_to}
    if allowed:
        assert field(office, **asked)["refers_to"] == refers_to
    else:
        assert wrong(office, **asked) == [("refers_to", "not_known_there")]


def test_what_its_values_hang_on_stays(office: Desk):
    row = field(office)
    for name, value in (("kind", "text"), ("code", "other"), ("entity_name", "customer.lead")):
        with pytest.raises(Invalid):
            office.ask(SYSTEM, "update", entity="own_field", id=row["id"], values={name: value})
    office.ask(SYSTEM, "update", entity="own_field", id=row["id"], values={"name": "营业额"})


def test_choices_belong_to_fields_that_choose(office: Desk):
    chooser = field(office, "等级", "several_choices")
    row = office.create(SYSTEM, "own_choice", field_id=chooser["id"], name="甲级")
    (card,) = office.emitted(OwnChoiceListed)
    assert (str(card.record_id), card.data["field_id"]) == (row["id"], chooser["id"])
    with pytest.raises(Invalid):
        office.create(SYSTEM, "own_choice", field_id=field(office)["id"], name="甲级")


def test_staff_may_have_own_fields_too(office: Desk, company: Company):
    field(office, "车牌", "text", entity_name="organization.staff", code="plate")
    alice = company.people["Alice"]
    changed = office.ask(SYSTEM, "update", entity="staff", id=alice["id"], values={"own_plate": "京A12345"})[
        "row"
    ]
    assert changed["own_plate"] == "京A12345"
    assert own_fields.own_fields.of("organization.staff")[0].label == "车牌"


def test_only_administrators_add_fields(office: Desk, company: Company):
    with pytest.raises(Forbidden):
        office.create(
            company.actor("Bob"), "own_field", entity_name="customer.customer", name="x", kind="text"
        )
    assert office.ask(company.actor("Alice"), "list", entity="own_field")["rows"] == []
