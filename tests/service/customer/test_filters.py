"""Conditions in brackets and on related records select exactly what they say, as far as one may see (DAT-01, DAT-02, users 9)."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from contracts.errors import Invalid
from services.customer import model
from tests.service.customer.conftest import ALICE, CAROL, ROOT

KINDS, TITLES, NAMES = (
    ("end_customer", "partner", "internal"),
    ("采购", "厂长", "工程师"),
    ("甲", "乙", "丙", "丁", "戊"),
)
SHAPES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.booleans(), st.lists(st.sampled_from(TITLES), max_size=2)),
    min_size=5,
    max_size=5,
)
PARTS = st.lists(
    st.one_of(
        st.tuples(st.just("kind"), st.sampled_from(KINDS)),
        st.tuples(st.just("is_growth"), st.booleans()),
        st.tuples(st.just("name"), st.sampled_from(NAMES)),
        st.tuples(st.just("contact.customer_id.job_title"), st.sampled_from(TITLES)),
        st.tuples(st.just("contact.customer_id__empty"), st.booleans()),
        st.tuples(
            st.sampled_from(["kind__ne", "-kind"]), st.lists(st.sampled_from(KINDS), min_size=1, max_size=2)
        ),
        st.tuples(st.just("-contact.customer_id.job_title"), st.sampled_from(TITLES)),
        st.tuples(
            st.just("contact.customer_id.job_title__contains"),
            st.lists(st.sampled_from(TITLES), min_size=1, max_size=2),
        ),
        st.tuples(
            st.sampled_from(["name__between", "-name__between"]),
            st.lists(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2), min_size=1, max_size=2).map(
                lambda spans: [name for span in spans for name in span]
            ),
        ),
    ),
    min_size=1,
    max_size=3,
).map(dict)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "where": PARTS,
        "any_of": st.lists(PARTS, min_size=1, max_size=3),
        "each_of": st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=2),
    },
)


def holds(row: dict[str, Any], part: dict[str, Any]) -> bool:
    return all(is_so(row, key, value) for key, value in part.items())


def is_so(row: dict[str, Any], key: str, value: Any) -> bool:
    titles = row["titles"]
    if key.endswith("between"):
        return all(is_within(row["name"], span) is not key.startswith("-") for span in spans(value))
    if key.startswith("-"):
        return not is_so(row, key[1:], value)
    if key.endswith("job_title"):
        return value in titles
    if key.endswith("contains"):
        return all(one in titles for one in value)
    if key.endswith("empty"):
        return (not titles) is value
    if key.endswith("__ne"):
        return row["kind"] not in value
    return row[key] in value if isinstance(value, list) else row[key] == value


def spans(value: list[str]) -> list[list[str]]:
    return [value[at : at + 2] for at in range(0, len(value), 2)]


def is_within(name: str, span: list[str]) -> bool:
    # as the database sorts them
    return span[0].encode() <= name.encode() <= span[1].encode()


def fits(row: dict[str, Any], query: dict[str, Any]) -> bool:
    sets = [query["any_of"]] if "any_of" in query else []
    sets += query.get("each_of", [])
    return holds(row, query.get("where", {})) and all(
        any(holds(row, part) for part in parts) for parts in sets
    )


def found(office, query: dict[str, Any], actor=ROOT, entity="customer") -> set[str]:
    return {row["name"] for row in office.ask(actor, "list", {"entity": entity, "query": query})["rows"]}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shapes=SHAPES, queries=st.lists(QUERIES, min_size=4, max_size=8))
def test_a_question_selects_what_its_words_say(office, shapes, queries):
    savepoint = office.connection.begin_nested()
    rows = []
    for name, (kind, is_growth, titles) in zip(NAMES, shapes, strict=True):
        made = office.create(ROOT, "customer", name=name, kind=kind, is_growth=is_growth)
        for title in titles:
            office.create(ROOT, "contact", name="某人", customer_id=made["id"], job_title=title)
        rows.append({"name": name, "kind": kind, "is_growth": is_growth, "titles": titles})
    for query in queries:
        assert found(office, query) == {row["name"] for row in rows if fits(row, query)}, query
    savepoint.rollback()


@pytest.fixture
def two(office):
    """A customer of Alice's and one of Carol's; each has a contact, and Carol has one at Alice's customer as well."""
    hers, carols = (
        office.create(who, "customer", name=f"{who.name}的客户", kind="partner") for who in (ALICE, CAROL)
    )
    office.create(ALICE, "contact", name="王工", customer_id=hers["id"], job_title="厂长")
    lent = office.create(ROOT, "contact", name="李工", customer_id=hers["id"], job_title="采购")
    values = {"owner_id": CAROL.id, "department_id": CAROL.department_id, "branch_id": CAROL.branch_id}
    with office.house.sessions.begin() as session:
        contact = model.Contact.__table__
        session.connection().execute(update(contact).values(**values).where(contact.c.id == lent["id"]))
    office.create(CAROL, "contact", name="赵工", customer_id=carols["id"], job_title="厂长")
    return office


def test_a_related_record_out_of_reach_does_not_count(two):
    assert found(two, {"where": {"contact.customer_id.job_title": "厂长"}}) == {"Alice的客户", "Carol的客户"}
    assert found(two, {"where": {"contact.customer_id.job_title": "厂长"}}, ALICE) == {"Alice的客户"}
    assert found(two, {"where": {"contact.customer_id.job_title": "采购"}}, ALICE) == set(), "Carol's contact"
    assert found(two, {"where": {"customer_id.kind": "partner"}}, CAROL, "contact") == {"赵工"}, (
        "not by Alice's customer"
    )
    assert found(two, {"where": {"customer_id.kind": "partner"}}, ROOT, "contact") == {"王工", "李工", "赵工"}


@pytest.mark.parametrize(
    "key",
    [
        "contact.customer_id", "contact.name.job_title", "contact.customer_id.nothing", "nothing.customer_id.name",
        "contact.customer_id.customer_id.contact", "owner_id.name", "industry_id.name", "kind.name", ".name", "contact..name",
        "pool_rule.staff_id.idle_days", "contact.customer_id__gte", "--name", "contact.customer_id.-name", "-nothing", "-",
        "name__month", "owner_id__month",
    ],
)  # fmt: skip
def test_a_way_that_leads_nowhere_is_named(office, key: str):
    for query in ({"where": {key: "x"}}, {"any_of": [{key: "x"}]}, {"each_of": [[{key: "x"}]]}):
        with pytest.raises(Invalid) as refused:
            office.ask(ROOT, "list", {"entity": "customer", "query": query})
        assert [(p.field, p.code) for p in refused.value.fields] == [(key, "unknown")]


def test_a_wrong_value_at_the_end_of_a_way_is_named(office):
    with pytest.raises(Invalid) as refused:
        found(office, {"where": {"activity.customer_id.starts_at__gte": "übermorgen"}})
    assert refused.value.fields[0].field == "activity.customer_id.starts_at__gte"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("name__empty", "maybe", "not_a_flag"), ("tags__empty", [], "not_a_flag"), ("open_activities", "9" * 5000, "too_large"),
        ("ver__gte", "9" * 5000, "too_large"), ("open_activities__contains", "1", "unknown"), ("owner_id__contains", str(ALICE.id), "unknown"),
        ("credit_limit__contains", "1", "unknown"), ("name", "\x00", "not_a_text"), ("credit_limit__between", ["1"], "wrong"), ("credit_limit__between", ["1", "2", "3"], "wrong"),
        ("credit_limit__between", "1,x", "not_a_number"), ("created_at__month", ["13"], "not_a_choice"), ("created_at__month", ["May"], "not_a_number"),
        ("-credit_limit__gte", "x", "not_a_number"),
    ],
)  # fmt: skip
def test_a_value_no_field_of_its_kind_has_is_named(office, key: str, value: Any, code: str):
    office.create(ALICE, "customer", name="甲")
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "list", entity="customer", query={"where": {key: value}})
    assert [(one.field, one.code) for one in refused.value.fields] == [(key, code)]


def test_who_was_born_in_may_is_found_in_whatever_year(office):
    """CON-01, DAT-02: a month without a year; of moments the month on the reader's clock."""
    made = office.create(ALICE, "customer", name="甲")
    for name, birthday in (("王", "1980-05-31"), ("李", "2001-05-01"), ("赵", "1999-06-01"), ("钱", None)):
        office.create(ALICE, "contact", name=name, customer_id=made["id"], birthday=birthday)
    assert found(office, {"where": {"birthday__month": "5"}}, ALICE, "contact") == {"王", "李"}
    assert found(office, {"where": {"birthday__month": ["5", "6"]}}, ALICE, "contact") == {"王", "李", "赵"}
    assert found(office, {"where": {"-birthday__month": "5"}}, ALICE, "contact") == {"赵", "钱"}
    assert found(office, {"where": {"created_at__month": "this_month"}}, ALICE, "contact") == {
        "王",
        "李",
        "赵",
        "钱",
    }
    assert found(office, {"where": {"created_at__month": "next_month"}}, ALICE, "contact") == set()


@pytest.mark.parametrize(
    "sort", ["name", "-created_at", "credit_limit", "open_activities", "owner_id", "phone"]
)
@pytest.mark.parametrize("value", [{}, True, "\x00", 1e300], ids=str)
def test_a_cursor_somebody_made_up_is_refused(office, sort: str, value: Any):
    made_up = base64.urlsafe_b64encode(json.dumps([value, str(ALICE.id)]).encode()).decode()
    with pytest.raises(Invalid) as refused:
        office.ask(ALICE, "list", entity="customer", query={"sort": sort, "after": made_up})
    assert [(one.field, one.code) for one in refused.value.fields] == [("after", "wrong")]


def test_every_sorted_list_goes_on_behind_its_cursor(office):
    rows = [
        office.create(ALICE, "customer", name=name, phone=f"010-1234567{n}" if n else None)
        for n, name in enumerate(NAMES)
    ]
    columns = office.ask(ALICE, "list", entity="customer")["rows"][0]
    for sort in (sign + name for name, a in model.Customer.record.attrs().items() if name in columns for sign in ("", "-")
                 if not a.many and not a.lines and a.kind != "file"):  # fmt: skip
        found, after = [], None
        while after is not None or not found:
            page = office.ask(
                ALICE, "list", entity="customer", query={"sort": sort, "limit": 2, "after": after}
            )
            found += [row["id"] for row in page["rows"]]
            after = page["next"]
        assert sorted(found) == sorted(row["id"] for row in rows), sort


@pytest.mark.parametrize(
    "stored", ["13800138000", "138-0013-8000", "+86 138 0013 8000", "010-62345678", "(010) 6234 5678"]
)
def test_a_number_is_found_however_it_is_written(office, stored):
    """DAT-01: in the search of everything and in a list; here and there with signs, blanks, country code, trunk zero."""
    one = office.create(ALICE, "customer", name="泰微", phone=stored)
    office.create(ALICE, "customer", name="别家 2026-03-01", phone="021-8888 0000")
    mobile = (
        "138-0013-8000",
        "+86 138 0013 8000",
        "0086-13800138000",
        "138 0013 8000",
        "１３８－００１３－８０００",
        "138-0013",
        "泰微 +86-138 0013 8000",
    )
    desk = (
        "(010) 6234 5678",
        "010-6234-5678",
        "+86 10 6234 5678",
        "62345678",
        "6234-5678",
        "0086 10 62345678",
        "(010)62345678 泰微",
    )
    for typed in mobile if "138" in stored else desk:
        listed = office.ask(ALICE, "list", entity="customer", query={"text": typed})["rows"]
        found = office.ask(ALICE, "options", entity="customer", text=typed)["options"]
        assert ([row["id"] for row in listed], [row["id"] for row in found]) == ([one["id"]], [one["id"]]), (
            typed
        )
    (other,) = office.ask(ALICE, "list", entity="customer", query={"text": "2026-03-01"})["rows"]
    assert other["name"].startswith("别家")
    assert office.ask(ALICE, "list", entity="customer", query={"text": "+86 139-0000-1111"})["rows"] == []
