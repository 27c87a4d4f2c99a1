"""How well we know who decides (users, leap 8, CON-02, CON-03): coverage, stance, and whether the decider was ever met."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import NotFound
from contracts.organization import ChoiceListed, choice_id
from contracts.sales import OpportunityListed
from services.customer import rules
from tests.cast import id_of, person
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT, VISIT

SELLER = person(ALICE.id, "Alice", "customer.* own", "sales.opportunity.read own", manager_id=BOB.id)
STRANGER = person(CAROL.id, "Carol", "customer.* all", "sales.opportunity.read own")
ROLES = ("user", "influencer", "buyer", "decider", "gatekeeper")
DECIDER, USER = choice_id("buying_role", "decider"), choice_id("buying_role", "user")
PROJECT, OTHER = id_of(821), id_of(822)


@pytest.fixture
def firm(office, customer):
    """The five roles, and two chances to sell to Alice's customer."""
    for position, code in enumerate(ROLES):
        data = {"list": "buying_role", "code": code, "position": position}
        office.hear(
            ChoiceListed(record_id=choice_id("buying_role", code), epoch=1, ver=1, label=code, data=data)
        )
    for id in (PROJECT, OTHER):
        data = {"owner_id": str(ALICE.id), "customer_id": customer["id"]}
        office.hear(OpportunityListed(record_id=id, epoch=1, ver=1, label="机房", data=data))
    return office, customer["id"]


def somebody(office, customer: str, name: str, **more) -> str:
    return office.create(ALICE, "contact", name=name, customer_id=customer, **more)["id"]


def centre(office, id=PROJECT, actor=SELLER):
    found = office.ask(actor, "buying_centres", opportunity_ids=[str(id)])
    return found["centres"][0] if found["centres"] else None


def test_nobody_is_known_then_known_then_met(firm):
    office, customer = firm
    found = centre(office)
    assert (found["decider"], list(found["roles"])) == (
        "unknown",
        [str(choice_id("buying_role", code)) for code in ROLES],
    )
    assert set(found["roles"].values()) == {0}
    wang = somebody(office, customer, "王建国")
    part = {"contact_id": wang, "role_id": str(DECIDER), "influence": 5, "stance": "against_us"}
    office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part)
    found = centre(office)
    assert (found["decider"], found["roles"][str(DECIDER)]) == ("never_met", 1)
    assert found["stances"] == {"for_us": 0, "neutral": 0, "against_us": 1}
    assert found["influence"]["against_us"] == 5
    assert centre(office, OTHER)["decider"] == "unknown"  # her part is in the other one
    planned = office.ask(
        ALICE, "plan_activity", kind_id=str(VISIT), subject="拜访", contact_id=wang, starts_at="2026-03-11T02:00:00Z"
    )["row"]  # fmt: skip
    assert centre(office)["decider"] == "never_met"
    office.ask(ALICE, "complete_activity", id=planned["id"])
    assert centre(office)["decider"] == "met"
    office.ask(ALICE, "archive", entity="activity", id=planned["id"])
    assert centre(office)["decider"] == "never_met"


def test_a_role_in_all_of_them_or_on_the_contact_counts_everywhere(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国", buying_role_id=str(DECIDER))
    li = somebody(office, customer, "李强")
    office.create(SELLER, "stakeholder", contact_id=li, role_id=str(USER))
    office.ask(ALICE, "log_activity", kind_id=str(CALL), subject="电话", contact_id=wang)
    for id in (PROJECT, OTHER):
        found = centre(office, id)
        assert (found["decider"], found["roles"][str(USER)], found["roles"][str(DECIDER)]) == ("met", 1, 1)


def test_it_names_its_people_wherever_their_part_was_said(firm):
    """CON-02, CON-03: said for the project, also of somebody elsewhere, for all projects, or on the contact; with influence and stance."""
    office, customer = firm
    elsewhere = office.create(ALICE, "customer", name="设计院")["id"]
    wang = somebody(office, customer, "王建国", buying_role_id=str(DECIDER), job_title="总经理")
    li, zhang = somebody(office, customer, "李强"), somebody(office, elsewhere, "张工")
    office.create(SELLER, "stakeholder", contact_id=li, role_id=str(USER), influence=2, unit="一分厂")
    part = {"contact_id": zhang, "role_id": str(USER), "influence": 4, "stance": "for_us"}
    office.create(SELLER, "stakeholder", opportunity_id=str(PROJECT), **part)
    office.create(ALICE, "contact_link", contact_id=li, other_id=wang, kind="reports_to")
    office.ask(ALICE, "log_activity", kind_id=str(CALL), subject="电话", contact_id=wang)

    def whole(actor=SELLER, project=PROJECT):
        return office.ask(actor, "buying_centre", opportunity_id=str(project))

    told = [(p["name"], p["unit"], p["influence"], p["stance"], p["is_met"]) for p in whole()["people"]]
    assert told == [
        ("张工", None, 4, "for_us", False), ("李强", "一分厂", 2, "neutral", False), ("王建国", None, 0, "neutral", True),
    ]  # fmt: skip
    assert [(link["contact_id"], link["other_id"], link["kind"]) for link in whole()["links"]] == [
        (li, wang, "reports_to")
    ]
    assert {p["name"] for p in whole(project=OTHER)["people"]} == {"李强", "王建国"}
    assert centre(office)["roles"] == whole()["roles"]
    office.create(SELLER, "stakeholder", contact_id=wang, role_id=str(DECIDER), influence=5)
    assert [p["influence"] for p in whole()["people"] if p["contact_id"] == wang] == [5], (
        "once, as the part says"
    )
    stranger = person(CAROL.id, "Carol", "customer.* own", "sales.opportunity.read all")
    assert (whole(stranger)["people"], whole(stranger)["unseen"]) == ([], 3)
    with pytest.raises(NotFound):
        whole(STRANGER)


def test_links_to_people_of_other_companies_are_told_as_far_as_these_may_be_seen(firm):
    """CON-03: with where they work; not those of the same company without a part, nor whom the reader may not see."""
    office, customer = firm
    wang = somebody(office, customer, "王建国", buying_role_id=str(DECIDER))
    li = somebody(office, customer, "李强")
    institute = office.create(ALICE, "customer", name="设计院")["id"]
    hidden = office.create(CAROL, "customer", name="上海公司")["id"]
    zhang = somebody(office, institute, "张工")
    qian = office.create(CAROL, "contact", name="钱工", customer_id=hidden)["id"]
    office.create(ALICE, "contact_link", contact_id=li, other_id=wang, kind="reports_to")
    office.create(ALICE, "contact_link", contact_id=zhang, other_id=wang, kind="schoolmate")
    office.create(ROOT, "contact_link", contact_id=wang, other_id=qian, kind="friend")
    whole = office.ask(SELLER, "buying_centre", opportunity_id=str(PROJECT))
    assert [(one["contact_id"], one["name"], one["customer_id"]) for one in whole["elsewhere"]] == [
        (zhang, "张工", institute)
    ]
    assert [(one["contact_id"], one["kind"]) for one in whole["links"]] == [(zhang, "schoolmate")]
    assert whole["labels"][institute]["label"] == "设计院"


def test_each_unit_of_the_client_has_its_own_coverage(firm):
    """CON-05: who plays a part for all units counts in each, who plays it for one only there."""
    office, customer = firm
    wang, li = somebody(office, customer, "王建国"), somebody(office, customer, "李强")
    for contact, role, unit in (
        (wang, DECIDER, None),
        (li, USER, "一分厂"),
        (wang, USER, "二分厂"),
        (li, USER, "二分厂"),
    ):
        office.create(SELLER, "stakeholder", contact_id=contact, role_id=str(role), unit=unit)
    found = office.ask(SELLER, "buying_centre", opportunity_id=str(PROJECT))
    units = {one["unit"]: (one["roles"][str(DECIDER)], one["roles"][str(USER)]) for one in found["units"]}
    assert units == {"一分厂": (1, 1), "二分厂": (1, 2)}
    assert (found["roles"][str(DECIDER)], found["roles"][str(USER)]) == (1, 2)


def test_who_left_decides_no_more(firm):
    office, customer = firm
    wang = somebody(office, customer, "王建国", buying_role_id=str(DECIDER))
    office.ask(ALICE, "change_job_contact", id=wang)
    assert centre(office)["decider"] == "unknown"


def test_only_of_opportunities_one_may_see(firm):
    office, _ = firm
    assert centre(office, actor=STRANGER) is None
    assert centre(office, id_of(999)) is None


PARTS = st.lists(
    st.builds(
        rules.Part,
        contact_id=st.sampled_from([UUID(int=n) for n in range(4)]),
        role_id=st.just(DECIDER),
        stance=st.sampled_from(rules.STANCES),
        influence=st.integers(1, 5),
    )
)


@given(PARTS)
def test_everybody_counts_once_with_what_she_says_most_outspokenly(parts):
    people, influence = rules.stances(parts)
    assert sum(people.values()) == len({part.contact_id for part in parts})
    against = {part.contact_id for part in parts if part.stance == "against_us"}
    assert people["against_us"] == len(against)
    assert all(people[stance] <= influence[stance] <= 5 * people[stance] for stance in rules.STANCES)
    assert rules.stances(reversed(parts)) == (people, influence)


def test_units_that_were_named_for_the_same_customer_are_found(firm):
    """CON-05: what a form suggests while a unit is typed; of other customers' none, nor of parts without one."""
    office, customer = firm
    other = office.create(ALICE, "customer", name="别家")["id"]
    for where, unit in ((customer, "一分厂"), (customer, None), (other, "总部")):
        part = {"contact_id": somebody(office, where, "王建国" if unit else "李强"), "role_id": str(USER)}
        office.create(SELLER, "stakeholder", unit=unit, **part)
    asked = {"where": {"contact_id.customer_id": customer, "unit__empty": False}}
    found = office.ask(SELLER, "list", entity="stakeholder", query=asked, fields=["unit"])
    assert [row["unit"] for row in found["rows"]] == ["一分厂"]
