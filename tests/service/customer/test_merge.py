"""Several records that are the same thing become one, and again several (users 1): field by field, all history moved."""

from __future__ import annotations

import contextlib
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from contracts.batches import TooManyAtOnce
from contracts.customer import CustomerListed, MergeUndone, RecordsMerged
from contracts.errors import Forbidden, Invalid, NotFound
from contracts.merging import NotMergeable, NotMerged
from contracts.organization import ChoiceListed, choice_id
from services.customer import model
from tests.cast import ALICE_ID, CAROL_ID
from tests.desk import Desk
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, READER, ROOT, meet_the_staff

NAMES = ("北京启利科技有限公司", "启利科技（北京）", "启利", "Qili Ltd.")


def company(office, name=NAMES[0], actor=ALICE, **values):
    return office.create(actor, "customer", name=name, **values)


def merge(office, kept, *gone, actor=ALICE, **values):
    ids = [row["id"] for row in gone]
    return office.ask(actor, "merge", entity="customer", kept_id=kept["id"], gone_ids=ids, values=values)


def get(office, row, entity="customer", actor=ALICE):
    return office.ask(actor, "get", entity=entity, id=row["id"])["row"]


@pytest.fixture
def two(office):
    """Twice the same company, with people, work and a remark on both."""
    one = company(office, phone="010-1")
    other = company(office, NAMES[1], phone="010-2", tax_number="9111", website="https://qili.example")
    for row, person in ((one, "王芳"), (other, "李强")):
        contact = office.create(ALICE, "contact", customer_id=row["id"], name=person)
        office.ask(
            ALICE, "log_activity", kind_id=str(CALL), subject=f"给{person}打电话", customer_id=row["id"],
            contact_id=contact["id"],
        )  # fmt: skip
        office.ask(BOB, "add_comment", about="customer.customer", record_id=row["id"], text=f"问{person}")
    return one, other


def test_one_is_kept_with_the_chosen_fields_and_everything_of_both(office, two):
    one, other = two
    answer = merge(office, one, other, tax_number="9111")
    assert (answer["row"]["phone"], answer["row"]["tax_number"]) == ("010-1", "9111")
    assert get(office, other)["archived_at"] is not None
    file = office.ask(ALICE, "customer_file", customer_id=one["id"])
    assert {part["entity"]: part["count"] for part in file["related"]}["customer.contact"] == 2
    told = [entry["title"] for entry in file["timeline"]]
    assert {"给王芳打电话", "给李强打电话", "问王芳", "问李强"} <= set(told)
    assert [entry["kind"] for entry in file["timeline"]].count("customer_created") == 2
    (fact,) = office.emitted(RecordsMerged)
    assert (str(fact.kept_id), [str(id) for id in fact.gone_ids]) == (one["id"], [other["id"]])
    assert office.emitted(CustomerListed)[-1].archived or office.emitted(CustomerListed)[-2].archived


def test_taken_back_there_are_two_again_each_with_its_own(office, two):
    one, other = two
    done = merge(office, one, other, tax_number="9111", name="启利")
    later = office.create(ALICE, "contact", customer_id=one["id"], name="新来的")
    office.ask(ALICE, "update", entity="customer", id=one["id"], values={"name": "启利集团"})
    row = office.ask(ALICE, "unmerge", entity="customer", merge_id=done["merge_id"])["row"]
    assert (row["tax_number"], row["name"]) == (None, "启利集团")  # somebody changed the name since
    assert get(office, other)["archived_at"] is None
    people = {c.name: str(c.customer_id) for c in office.rows(model.Contact)}
    assert people == {"王芳": one["id"], "李强": other["id"], later["name"]: one["id"]}
    assert [str(fact.merge_id) for fact in office.emitted(MergeUndone)] == [done["merge_id"]]
    with pytest.raises(NotMerged):
        office.ask(ALICE, "unmerge", entity="customer", merge_id=done["merge_id"])


def test_it_tells_what_was_merged_into_it(office, two):
    one, other = two
    done = merge(office, one, other, tax_number="9111")
    told = office.ask(ALICE, "merges", entity="customer", id=one["id"])
    (entry,) = told["merges"]
    assert (entry["id"], entry["gone_ids"], entry["undone_at"]) == (done["merge_id"], [other["id"]], None)
    assert entry["changed"] == {"tax_number": [None, "9111"]}
    assert told["labels"][other["id"]]["label"] == NAMES[1]


CONTACT_FIGURES = ("last_activity_at", "next_activity_at", "open_activities")


def test_what_is_done_and_planned_at_both_is_counted_for_the_kept_one_and_again_for_each(office, two):
    one, other = two
    planned = {"kind_id": str(CALL), "subject": "回访"}
    office.ask(
        ALICE, "plan_activity", customer_id=one["id"], starts_at="2026-03-20T02:00:00+00:00", **planned
    )
    office.later(days=1)
    office.ask(
        ALICE, "log_activity", customer_id=other["id"], kind_id=str(CALL), subject="昨天的电话", next_subject="再打",
        next_at="2026-03-15T02:00:00+00:00",
    )  # fmt: skip
    before = [[get(office, row)[name] for name in CONTACT_FIGURES] for row in (one, other)]
    answer = merge(office, one, other)
    assert [answer["row"][name] for name in CONTACT_FIGURES] == [before[1][0], before[1][1], 2]
    assert get(office, one) | {"ver": 0} == answer["row"] | {"ver": 0}
    assert [get(office, other)[name] for name in CONTACT_FIGURES] == [None, None, 0]
    back = office.ask(ALICE, "unmerge", entity="customer", merge_id=answer["merge_id"])["row"]
    assert [back[name] for name in CONTACT_FIGURES] == before[0]
    assert [[get(office, row)[name] for name in CONTACT_FIGURES] for row in (one, other)] == before


def test_contacts_come_under_whoever_looks_after_the_kept_one(office):
    one, other = company(office), company(office, NAMES[1], CAROL)
    contact = office.create(CAROL, "contact", customer_id=other["id"], name="李强")
    done = merge(office, one, other, actor=ROOT)
    assert get(office, contact, "contact")["owner_id"] == str(ALICE_ID)
    assert get(office, one, actor=CAROL)["id"] == one["id"]  # she is shown what became of hers
    office.ask(ROOT, "unmerge", entity="customer", merge_id=done["merge_id"])
    assert get(office, contact, "contact", CAROL)["owner_id"] == str(CAROL_ID)


def test_what_cannot_be_merged(office, two):
    one, other = two
    with pytest.raises(NotMergeable):
        merge(office, one)
    with pytest.raises(NotMergeable):
        merge(office, one, one)
    with pytest.raises(TooManyAtOnce):
        merge(office, one, *(other for _ in range(20)))
    with pytest.raises(Invalid):
        merge(office, one, other, kind="nobody")
    with pytest.raises(Forbidden):
        merge(office, one, other, actor=READER)
    with pytest.raises(NotFound):
        merge(office, one, company(office, "别家", CAROL))
    with pytest.raises(Forbidden):
        office.ask(ROOT, "merge", entity="activity", kept_id=one["id"], gone_ids=[other["id"]])
    merge(office, one, other)
    with pytest.raises(NotMergeable):
        merge(office, one, other)


def test_leads_and_contacts_too(office, customer):
    a, b = (
        office.create(ALICE, "contact", customer_id=customer["id"], name=name) for name in ("王芳", "王 芳")
    )
    visit = office.ask(
        ALICE, "log_activity", kind_id=str(CALL), subject="x", customer_id=customer["id"], contact_id=b["id"]
    )["row"]  # fmt: skip
    office.ask(ALICE, "merge", entity="contact", kept_id=a["id"], gone_ids=[b["id"]])
    assert get(office, visit, "activity")["contact_id"] == a["id"]
    c, d = (office.create(ALICE, "lead", name=name) for name in ("泰微", "泰微公司"))
    office.ask(ALICE, "merge", entity="lead", kept_id=c["id"], gone_ids=[d["id"]], values={"need": "终端"})
    assert get(office, c, "lead")["need"] == "终端"


def test_the_report_names_groups_that_agree_in_something(office):
    a, b = company(office, phone="010-62345678"), company(office, "北京启利科技公司")
    c = company(office, "别的名字", phone="010 6234-5678")
    company(office, "没有重复的")
    found = office.ask(ALICE, "duplicates", entity="customer")
    groups = {group["by"]: set(group["ids"]) for group in found["groups"]}
    assert groups == {"name": {a["id"], b["id"]}, "phone": {a["id"], c["id"]}}
    assert found["rows"][c["id"]]["name"] == "别的名字"
    assert {g["by"] for g in office.ask(ALICE, "duplicates", entity="customer", by="phone")["groups"]} == {
        "phone"
    }
    assert office.ask(CAROL, "duplicates", entity="customer")["groups"] == []


def standing(office):
    """All that people see of the books."""
    skipped = {"ver", "updated_at", "updated_by", "search_text", "grams", "reach", "retold"}
    return {
        cls.__name__: sorted(
            tuple(str(getattr(row, c.key)) for c in cls.__table__.columns if c.key not in skipped)
            for row in office.rows(cls)
        )
        for cls in (
            model.Customer, model.Contact, model.Lead, model.Activity, model.Comment, model.Stakeholder, model.ContactLink,
            model.Employment, model.Wish,
        )
    }  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    owners=st.lists(st.sampled_from([ALICE, CAROL]), min_size=2, max_size=4),
    people=st.lists(st.integers(0, 3), max_size=6),
    values=st.dictionaries(st.sampled_from(["name", "phone", "tax_number", "background"]), st.sampled_from(["1234567", "x 1"])),
)  # fmt: skip
def test_whatever_was_merged_taken_back_it_is_as_before(databases, owners, people, values):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        rows = [company(office, NAMES[n], owner) for n, owner in enumerate(owners)]
        for n, place in enumerate(people):
            at, owner = place % len(rows), owners[place % len(rows)]
            contact = office.create(owner, "contact", customer_id=rows[at]["id"], name=f"人{n}")
            about = {"customer_id": rows[at]["id"], "contact_id": contact["id"]}
            office.ask(owner, "log_activity", kind_id=str(CALL), subject=f"电话{n}", **about)
        values.pop("phone" if values.get("phone") == "x 1" else "", None)
        before = standing(office)
        done = merge(office, *rows, actor=ROOT, **values)
        assert {str(row.customer_id) for row in office.rows(model.Contact)} <= {rows[0]["id"]}
        office.ask(ROOT, "unmerge", entity="customer", merge_id=UUID(done["merge_id"]))
        assert standing(office) == before
    finally:
        office.close()


NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A story takes a while: the first that fails is told as it is."""
ROLES = [choice_id("buying_role", code) for code in ("decider", "user")]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=NO_SHRINK,
)
@given(
    number=st.integers(2, 4),
    parts=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(ROLES)), max_size=5),
    links=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["reports_to", "friend"])), max_size=6),
    others=st.lists(st.integers(0, 3), max_size=4),
    moved=st.integers(0, 5),
    tags=st.lists(st.integers(0, 3), max_size=4),
)  # fmt: skip
@example(
    number=3, parts=[], links=[(1, 2, "friend")], others=[], moved=0, tags=[]
)  # put away at another company
def test_people_merged_and_taken_back_have_all_that_hung_on_them(
    databases, number, parts, links, others, moved, tags
):
    """Parts in buying, links to others and among themselves, former jobs, wishes, activities, remarks, tags."""
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        for id in ROLES:
            office.hear(
                ChoiceListed(record_id=id, epoch=1, ver=1, label=str(id), data={"list": "buying_role"})
            )
        _some_tags(office)
        firm, next_firm = company(office), company(office, "别家")
        people = [office.create(ALICE, "contact", customer_id=firm["id"], name=f"人{n}") for n in range(6)]
        office.ask(ALICE, "change_job_contact", id=people[moved]["id"], customer_id=next_firm["id"])
        for place, role in parts:
            _if_it_may(office, "stakeholder", contact_id=people[place]["id"], role_id=str(role))
        for one, other, kind in links:
            _if_it_may(
                office, "contact_link", contact_id=people[one]["id"], other_id=people[other]["id"], kind=kind
            )
        for n, place in enumerate(others):
            at = next_firm if place == moved else firm
            about = {"customer_id": at["id"], "contact_id": people[place]["id"]}
            office.create(ALICE, "wish", text=f"愿望{n}", kind="need", **about)
            office.ask(ALICE, "log_activity", kind_id=str(CALL), subject=f"电话{n}", **about)
            office.ask(BOB, "add_comment", about="customer.contact", record_id=about["contact_id"], text="问")
        for n, place in enumerate(tags):
            office.ask(
                ALICE, "update", entity="contact", id=people[place]["id"], values={"tags": [str(TAGS[n])]}
            )
        before = standing(office)
        kept, *gone = people[:number]
        ids = [row["id"] for row in gone]
        done = office.ask(ROOT, "merge", entity="contact", kept_id=kept["id"], gone_ids=ids)
        for cls in (model.Wish, model.Employment, model.Activity):
            assert not {str(row.contact_id) for row in office.rows(cls)} & set(ids)
        for cls in (model.Stakeholder, model.ContactLink):
            assert not {str(row.contact_id) for row in office.rows(cls, archived_at=None)} & set(ids)
        office.ask(ROOT, "unmerge", entity="contact", merge_id=UUID(done["merge_id"]))
        assert standing(office) == before
    finally:
        office.close()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=NO_SHRINK,
)
@given(
    owners=st.lists(st.sampled_from([ALICE, CAROL]), min_size=2, max_size=4),
    calls=st.lists(st.integers(0, 3), max_size=5),
    tags=st.lists(st.integers(0, 3), max_size=4),
    converts=st.booleans(),
    values=st.dictionaries(st.sampled_from(["name", "need", "email"]), st.sampled_from(["a@qili.example"])),
)  # fmt: skip
def test_leads_merged_and_taken_back_are_as_before(databases, owners, calls, tags, converts, values):
    office = Desk.at(databases, "customer")
    try:
        meet_the_staff(office)
        _some_tags(office)
        rows = [
            office.create(owner, "lead", name=NAMES[n], mobile="13800138000")
            for n, owner in enumerate(owners)
        ]
        for n, place in enumerate(calls):
            at = place % len(rows)
            office.ask(
                owners[at], "log_activity", kind_id=str(CALL), subject=f"电话{n}", lead_id=rows[at]["id"]
            )
            office.ask(owners[at], "add_comment", about="customer.lead", record_id=rows[at]["id"], text="问")
        for n, place in enumerate(tags):
            at = place % len(rows)
            office.ask(
                owners[at], "update", entity="lead", id=rows[at]["id"], values={"tags": [str(TAGS[n])]}
            )
        if converts:
            office.ask(owners[-1], "convert_lead", id=rows[-1]["id"])
        before = standing(office)
        gone = [row["id"] for row in rows[1:]]
        done = office.ask(ROOT, "merge", entity="lead", kept_id=rows[0]["id"], gone_ids=gone, values=values)
        assert not {str(row.lead_id) for row in office.rows(model.Activity)} & set(gone)
        office.ask(ROOT, "unmerge", entity="lead", merge_id=UUID(done["merge_id"]))
        assert standing(office) == before
    finally:
        office.close()


TAGS = [choice_id("tag", f"tag{n}") for n in range(4)]


def _some_tags(office):
    for n, id in enumerate(TAGS):
        office.hear(ChoiceListed(record_id=id, epoch=1, ver=1, label=f"标签{n}", data={"list": "tag"}))


def _if_it_may(office, entity, **values):
    """What the rules refuse is not part of the story."""
    with contextlib.suppress(Invalid):
        office.create(ALICE, entity, **values)


def test_tags_of_all_are_on_the_kept_one_and_each_has_its_own_again(office):
    _some_tags(office)
    one, other = (
        company(office, tags=[str(TAGS[0])]),
        company(office, NAMES[1], tags=[str(TAGS[1]), str(TAGS[0])]),
    )
    done = merge(office, one, other)
    assert get(office, one)["tags"] == [str(TAGS[0]), str(TAGS[1])]
    office.ask(ALICE, "update", entity="customer", id=one["id"], values={"tags": [str(t) for t in TAGS[:3]]})
    office.ask(ALICE, "unmerge", entity="customer", merge_id=done["merge_id"])
    assert get(office, one)["tags"] == [str(TAGS[0]), str(TAGS[2])]  # the third came afterwards
    assert get(office, other)["tags"] == [str(TAGS[1]), str(TAGS[0])]


def test_two_of_three_and_a_field_from_any_of_them_or_from_none(office):
    rows = [company(office, name, phone=f"010-6234567{n}") for n, name in enumerate(NAMES[:3])]
    merge(office, rows[1], rows[0], phone=None, name=NAMES[0])
    kept = get(office, rows[1])
    assert (kept["phone"], kept["name"], get(office, rows[2])["archived_at"]) == (None, NAMES[0], None)


def test_what_was_merged_of_late_is_listed_and_taken_back_several_at_once(office):
    """Users 1: by whoever sees the kept record, the last first where one merge stands on another; each by itself."""
    one, two, three, theirs, other = (
        office.create(CAROL if name in "丁戊" else ALICE, "customer", name=name) for name in "甲乙丙丁戊"
    )
    first, second = (
        office.ask(ROOT, "merge", entity="customer", kept_id=kept["id"], gone_ids=[gone["id"]])["merge_id"]
        for kept, gone in ((one, two), (three, one))
    )
    third = office.ask(ROOT, "merge", entity="customer", kept_id=theirs["id"], gone_ids=[other["id"]])[
        "merge_id"
    ]
    recent = office.ask(ALICE, "merges", entity="customer")
    told = [(m["id"], m["kept_id"], m["gone_ids"], m["actor_name"]) for m in recent["merges"]]
    assert told == [
        (second, three["id"], [one["id"]], "Root"), (first, one["id"], [two["id"]], "Root"),
    ]  # fmt: skip
    assert recent["labels"][three["id"]]["label"] == "丙"
    assert len(office.ask(ROOT, "merges", entity="customer", limit=1)["merges"]) == 1
    done = office.ask(
        ALICE, "unmerge_many", entity="customer", merge_ids=[first, second, third, str(ALICE_ID)]
    )
    assert done["taken_back"] == 2
    assert [(m["merge_id"], m["problem"] is None) for m in done["merges"]] == [
        (third, False), (second, True), (first, True), (str(ALICE_ID), False),
    ]  # fmt: skip
    assert [m["kept_id"] for m in done["merges"]] == [None, three["id"], one["id"], None]
    assert {row.name: row.archived_at is None for row in office.rows(model.Customer)} == {
        "甲": True, "乙": True, "丙": True, "丁": True, "戊": False,
    }  # fmt: skip
