"""Forms that an administrator arranged, on pages (users 6): sections, order, what is left out or asked for, for whom."""

from __future__ import annotations

from uuid import uuid4

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import forms
from contracts.customer import Customer
from contracts.errors import FieldProblem, Invalid
from contracts.organization import Form
from tests.gateway import toy

HERE, ABOVE = uuid4(), uuid4()


@pytest.fixture
def arrange(app, house):
    """`arrange({"field": …}, …)`: the form of gadgets, as organization tells it."""
    told = []
    house.doors["organization", "forms"] = lambda _actor, _message: told
    turns = app.extensions["guanxi-kept"].turns

    def arrange(*items, entity="toy.gadget", department=None, **more):
        told.append({
            "id": str(uuid4()), "entity_name": entity, "department_id": department and str(department),
            "items": list(items), **more,
        })  # fmt: skip
        turns.next("organization")

    yield arrange
    turns.next("organization")
    forms.know(forms.NONE, ())


def order(page: str, *names: str) -> list[str]:
    return sorted(names, key=lambda name: page.index(f'name="{name}"'))


def test_the_page_shows_its_sections_in_the_readers_language(alice, wang, arrange):
    arrange(
        {"section": "要紧的", "section_en": "What matters"}, {"field": "amount", "hint": "不含税", "hint_en": "Without tax"},
        {"field": "name"}, {"field": "notes", "is_left_out": True},
    )  # fmt: skip
    page = alice.get("/toy/gadget/new").text
    assert ("What matters" in page, "Without tax" in page, 'name="notes"' in page) == (True, True, False)
    assert order(page, "name", "amount") == ["amount", "name"]
    assert "要紧的" in (chinese := wang.get("/toy/gadget/new").text)
    assert "不含税" in chinese


def test_what_it_leaves_out_is_kept_and_stands_behind(alice, house, arrange):
    id = house.add(toy.Gadget, name="Lamp", amount="10", notes="Kept")
    arrange({"field": "notes", "is_left_out": True})
    record = alice.get(f"/toy/gadget/{id}").text
    assert record.index("Further details") < record.index("Kept")
    form = alice.get(f"/toy/gadget/{id}/edit").text
    assert 'name="notes"' not in form
    assert save(alice, id, form, name="Lamp 2").status_code == 303
    assert house.rows["toy.gadget"][id] | {"notes": "Kept", "name": "Lamp 2"} == house.rows["toy.gadget"][id]
    assert 'name="notes"' in alice.get(f"/toy/gadget/{id}/edit?field=notes").text
    assert 'name="notes"' in alice.get("/toy/gadget/new?notes=Begun+elsewhere").text


def save(alice, id: str, form: str, **values):
    """Send a form as a browser would: what it shows, with some of it changed."""
    return alice.send(f"/toy/gadget/{id}", **{**sent(form), **values})


def sent(form: str) -> dict[str, object]:
    """What a browser sends of a page that nobody touched."""
    page = lxml.html.fromstring(form)
    (found,) = [one for one in page.forms if one.get("method") == "post" and "data-guard" in one.attrib]
    values: dict[str, object] = {}
    for name, value in found.form_values():
        if name not in ("csrf_token",):
            values.setdefault(name, []).append(value)  # type: ignore[attr-defined]
    return values


def test_what_it_asks_for_is_said_beside_the_field(alice, house, arrange):
    id = house.add(toy.Gadget, name="Lamp", amount="10")
    arrange({"field": "phone", "is_required": True})
    wrong = alice.send("/toy/gadget", name="Lamp", amount="10", phone="")
    assert (wrong.status_code, 'id="f-phone-error"' in wrong.text) == (422, True)
    # the whole form asks for it also where it was empty before, one of its fields alone does not
    form = alice.get(f"/toy/gadget/{id}/edit").text
    assert save(alice, id, form, name="Lamp 2").status_code == 422
    alone = alice.get(f"/toy/gadget/{id}/edit?field=name").text
    assert "f-phone" not in alone
    values = {"_base": "{}", "ver": "1", "_only": "name", "name": "Lamp 2"}
    assert alice.send(f"/toy/gadget/{id}", **values).status_code == 303
    assert (
        alice.send(f"/toy/gadget/{id}", ver="2", name="Lamp 3", phone="400-1", _base="{}").status_code == 303
    )


def test_a_field_that_is_wrong_is_shown_also_when_it_is_left_out(alice, house, arrange):
    arrange({"field": "weight", "is_left_out": True})
    house.doors["toy", "create"] = refuse
    wrong = alice.send("/toy/gadget", name="Lamp", amount="10")
    assert (wrong.status_code, 'name="weight"' in wrong.text) == (422, True)


def refuse(_actor, _message):
    raise Invalid(FieldProblem("weight", "required"))


def test_a_dialog_asks_for_what_the_form_of_what_it_makes_asks(alice, house, arrange):
    told = []
    house.doors["toy", "count_gadgets"] = lambda _actor, message: told.append(message)
    maker = house.add(toy.Maker, name="Maker")
    assert 'name="phone"' not in alice.get("/toy/do/count_gadgets").text
    arrange({"field": "phone", "is_required": True}, {"field": "email"})
    page = alice.get("/toy/do/count_gadgets").text
    assert ('name="phone"' in page, 'name="email"' in page) == (True, False)
    assert alice.send("/toy/do/count_gadgets", maker_id=maker, phone="").status_code == 422
    assert alice.send("/toy/do/count_gadgets", maker_id=maker, phone="400-1").status_code == 303
    assert told == [{"maker_id": maker, "phone": "400-1"}]


def test_the_form_of_one_department_is_not_that_of_others(alice, wang, house, arrange):
    house.sessions |= {
        key: p.model_copy(update={"above": (HERE, ABOVE)})
        for key, p in house.sessions.items()
        if p.name == "Alice"
    }
    arrange({"section": "全体", "section_en": "All"}, {"field": "name"})
    arrange({"section": "上级", "section_en": "Above"}, {"field": "name"}, department=ABOVE)
    assert "Above" in alice.get("/toy/gadget/new").text
    assert "全体" in wang.get("/toy/gadget/new").text


def test_it_is_arranged_on_a_page_and_seen_before_it_counts(alice, house, arrange):
    house.records[Form.entity()], house.rows[Form.entity()] = Form, {}
    assert "customer.customer" in alice.get("/organization/form/new").text
    page = alice.get("/organization/form/new?entity_name=customer.customer").text
    values = sent(page)
    assert values["entity_name"] == ["customer.customer"]
    places = {values[name][0]: name.split(".")[1] for name in values if name.endswith(".field")}
    assert {"name", "phone", "tax_number", "owner_id"} <= places.keys()
    values |= {f"items.{places['phone']}.is_required": "yes", f"items.{places['website']}.is_left_out": "yes"}
    seen = alice.send("/organization/form/preview", **values).text
    assert ('id="f-phone"' in seen, 'id="f-website"' in seen) == (True, False)
    assert alice.send("/organization/form", **values).status_code == 303
    (row,) = house.rows[Form.entity()].values()
    kept = {item["field"]: item for item in row["items"] if item["field"]}
    assert (kept["phone"]["is_required"], kept["website"]["is_left_out"], kept["name"]["is_left_out"]) == (
        True,
        True,
        False,
    )
    assert any(item["section"] and item["section_en"] for item in row["items"])
    record = alice.get(f"/organization/form/{row['id']}").text
    assert "Preview" in record
    house.doors["organization", "forms"] = lambda _actor, _message: [row]
    there = alice.get("/organization/form/new?entity_name=customer.customer")
    assert there.headers["Location"].endswith(f"/{row['id']}/edit")
    again = sent(alice.get(there.headers["Location"]).text)
    names = [value for name, value in again.items() if name.endswith(".field")]
    assert sorted(names) == sorted([one] for one in places)
    assert names[-1] == ["website"]


def test_a_field_that_is_gone_is_passed_over_and_marked(alice, house, arrange):
    house.records[Form.entity()], house.rows[Form.entity()] = Form, {}
    items = [{"field": "own_origin", "is_required": True}, {"field": "name"}]
    id = house.add(Form, entity_name="customer.customer", items=items)
    page = alice.get(f"/organization/form/{id}/edit").text
    assert ("is-gone" in page, "put away" in page) == (True, True)
    assert sent(page)["items.0.is_required"] == ["yes"]
    arrange(*items, entity="customer.customer")
    assert "own_origin" not in alice.get("/customer/customer/new").text


NAMES = [name for name, a in toy.Gadget.built_in().items() if not a.readonly]
ITEMS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"section": st.sampled_from(["一", "二"])}),
        st.fixed_dictionaries({"field": st.sampled_from([*NAMES, "own_gone"]), "is_left_out": st.booleans()}),
    ),
    unique_by=lambda item: item.get("field") or id(item),
)  # fmt: skip


@given(ITEMS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_saving_any_form_keeps_what_it_does_not_show(alice, house, arrange, items):
    """Whatever the layout: a form that was sent changes what was changed on it, and nothing else."""
    everything = {
        "name": "Lamp", "amount": "10.00", "due_on": "2026-04-01", "size": "small", "colours": ["red"], "weight": "1.5",
        "chance": "30", "pieces": 4, "is_fragile": True, "email": "a@example.com", "phone": "400-1", "notes": "Kept",
        "site": "https://example.com", "parts": [{"name": "Shade", "quantity": 1}],
    }  # fmt: skip
    id = house.add(toy.Gadget, **everything)
    arrange(*items)
    before = dict(house.rows["toy.gadget"][id])
    form = alice.get(f"/toy/gadget/{id}/edit").text
    shown = set(sent(form)) & set(NAMES)
    left_out = {item["field"] for item in items if item.get("is_left_out")} - {"name", "amount", "currency"}
    assert shown.isdisjoint(left_out)
    assert {"name", "amount"} <= shown
    assert save(alice, id, form, name="Lamp 2").status_code == 303
    after = house.rows["toy.gadget"][id]
    stamps = ("ver", "updated_at", "updated_by", "name")
    assert {n: v for n, v in after.items() if n not in stamps} == {
        n: v for n, v in before.items() if n not in stamps
    }
    assert after["name"] == "Lamp 2"
    house.doors["organization", "forms"](None, None).clear()


def test_what_it_does_not_name_stands_with_what_it_is_built_in_with(alice, house, app, arrange):
    """A field that a later release brings, or that Guanxi fills in itself, is not torn from its place."""
    screens = app.extensions["guanxi-screens"]
    items = [{"section": "一"}, {"field": "name"}, {"section": "二"}, {"field": "phone"}]
    with app.test_request_context(), forms.tried("customer.customer", forms.layout(items)):
        found = dict(screens.of(Customer).grouped(Customer.built_in()))
    assert found["一"][0] == "name"
    assert {"short_name", "industry_id"} <= set(found["一"])
    assert {"email", "website", "address"} <= set(found["二"])
    assert "name" not in {name for title, names in found.items() if title != "一" for name in names}
