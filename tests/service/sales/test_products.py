"""Products under their codes: A → A01 → A0101."""

import pytest

from contracts.errors import AlreadyExists, Forbidden, InUse, Invalid
from contracts.sales import ProductListed
from tests.service.sales.conftest import ALICE, OSCILLOSCOPE, ROOT


def classes(office):
    return {row["code"]: row for row in office.ask(ROOT, "list", entity="product_class")["rows"]}


def test_a_product_stands_in_a_minor_class_under_its_code(office):
    row = office.create(
        ROOT, "product", code="ａ０１０９", name="示波器探头", name_en="Probe", class_id=classes(office)["A01"]["id"],
        spec="500 MHz", model="P-500", unit_price="1,280", unit="支", remark="原厂",
    )  # fmt: skip
    assert (row["code"], row["unit_price"], row["currency"]) == ("A0109", "1280.00", "CNY")
    card = office.emitted(ProductListed)[-1]
    assert (card.number, card.label, card.label_en, card.data["unit_price"]) == (
        "A0109",
        "示波器探头",
        "Probe",
        "1280.00",
    )


@pytest.mark.parametrize(
    ("group", "code", "problem"),
    [
        ("A01", "A0201", ("code", "must_begin_with")), ("A01", "A01", ("code", "must_begin_with")),
        ("A", "A99", ("class_id", "not_a_choice")), ("A01", "A01 1", ("code", "wrong")),
    ],
)  # fmt: skip
def test_a_code_tells_its_class(office, group, code, problem):
    with pytest.raises(Invalid) as raised:
        office.create(ROOT, "product", code=code, name="x", class_id=classes(office)[group]["id"])
    assert [(p.field, p.code) for p in raised.value.fields] == [problem]


def test_a_code_is_given_once(office):
    with pytest.raises(AlreadyExists):
        office.create(ROOT, "product", code="A0101", name="x", class_id=classes(office)["A01"]["id"])


def test_there_are_two_levels_of_classes(office):
    minor = office.create(
        ROOT, "product_class", code="c01", name="x", parent_id=office.create(
            ROOT, "product_class", code="C", name="y"
        )["id"],
    )  # fmt: skip
    assert minor["code"] == "C01"
    with pytest.raises(Invalid):
        office.create(ROOT, "product_class", code="C0101", name="z", parent_id=minor["id"])


def test_a_class_with_products_keeps_its_code_and_stays(office):
    group = classes(office)["A01"]
    with pytest.raises(Invalid) as raised:
        office.ask(ROOT, "update", entity="product_class", id=group["id"], values={"code": "A09"})
    assert [(p.field, p.code) for p in raised.value.fields] == [("code", "readonly")]
    office.ask(ROOT, "update", entity="product_class", id=group["id"], values={"name": "示波器类"})
    with pytest.raises(InUse):
        office.ask(ROOT, "archive", entity="product_class", id=group["id"])


def test_products_are_found_by_two_characters_and_by_code(office):
    for text in ("示波", "A0101", "dso", "szsbq"):
        found = office.ask(ALICE, "options", entity="product", text=text)["options"]
        assert OSCILLOSCOPE in [option["id"] for option in found], text
    assert found[0]["number"] == "A0101"


def test_reps_read_the_price_list_and_do_not_write_it(office):
    assert office.ask(ALICE, "list", entity="product")["count"] == 14
    with pytest.raises(Forbidden):
        office.ask(ALICE, "update", entity="product", id=OSCILLOSCOPE, values={"unit_price": "1"})
