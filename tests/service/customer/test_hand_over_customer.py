"""A customer gets another owner; nothing of its history is lost, and nothing that belongs to it stays behind."""

import pytest

from chassis.importing import Importer
from contracts.customer import CustomerHandedOver, WentToPool
from contracts.errors import Forbidden, NotFound
from contracts.organization import ChoiceListed, choice_id
from services.customer import model
from tests.cast import ALICE_ID, BOB_ID, CAROL_ID, SALES_SH, SHANGHAI
from tests.service.customer.conftest import ALICE, BOB, CALL, CAROL, ROOT, VISIT


@pytest.fixture
def busy(office, customer):
    """A customer with a contact, a visit that took place and a call that is planned."""
    office.create(ALICE, "contact", customer_id=customer["id"], name="李雷")
    visit = office.ask(ALICE, "log_activity", kind_id=str(VISIT), subject="拜访", customer_id=customer["id"])[
        "row"
    ]
    office.ask(BOB, "add_comment", about="customer.activity", record_id=visit["id"], text="不错")
    office.ask(BOB, "add_comment", about="customer.customer", record_id=customer["id"], text="重点跟进")
    office.ask(
        ALICE, "plan_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"],
        starts_at="2026-03-12T02:00:00Z",
    )  # fmt: skip
    return customer


PARTS = (
    model.Contact, model.Stakeholder, model.ContactLink, model.Employment, model.Wish, model.FormerContract,
)  # fmt: skip
"""What is the customer's, whoever entered it."""


@pytest.fixture
def known(office, customer):
    """A customer of which we know a lot: two people and what connects them, one who left, a wish, remarks, an old contract."""
    role = choice_id("buying_role", "decider")
    office.hear(ChoiceListed(record_id=role, epoch=1, ver=1, label="决定者", data={"list": "buying_role"}))
    other = office.create(ALICE, "customer", name="上海另一家")
    file = [
        {
            "name": customer["name"],
            "contact_name": "李雷",
            "contract_amount": "10000",
            "contract_signed_on": "2020-05-01",
        }
    ]
    assert bring(office, file)["bad"] == 0
    (wang,) = office.rows(model.Contact)
    han = office.create(ALICE, "contact", customer_id=customer["id"], name="韩梅")
    left = office.create(ALICE, "contact", customer_id=customer["id"], name="张三")
    office.create(ALICE, "stakeholder", contact_id=str(wang.id), role_id=str(role))
    office.create(ALICE, "contact_link", contact_id=han["id"], other_id=str(wang.id), kind="friend")
    office.create(ALICE, "wish", customer_id=customer["id"], text="不要周一打电话")
    office.ask(ALICE, "change_job_contact", id=left["id"], customer_id=other["id"])
    for about, id in (("customer.customer", customer["id"]), ("customer.contact", han["id"])):
        office.ask(BOB, "add_comment", about=about, record_id=id, text="重点")
    office.ask(
        ALICE, "plan_activity", kind_id=str(CALL), subject="回访", customer_id=customer["id"],
        starts_at="2026-03-12T02:00:00Z",
    )  # fmt: skip
    return office.ask(ROOT, "get", entity="customer", id=customer["id"])["row"]


def bring(office, rows, **how):
    """A file of customers, worked off to its end."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    started = {"entity": "customer", "file_name": "客户.xlsx", "columns": columns, **how}
    job = office.ask(ROOT, "start_import", started)["id"]
    office.ask(ROOT, "stage_rows", job_id=job, first=2, rows=rows)
    office.ask(ROOT, "run_import", job_id=job)
    Importer(office.house).run_all()
    return office.ask(ROOT, "job", id=job)


def by_its_verb(office, customer):
    hand_over(office, customer, CAROL_ID)


def in_its_form(office, customer):
    values = {"owner_id": str(CAROL_ID)}
    office.ask(ROOT, "update", entity="customer", id=customer["id"], ver=customer["ver"], values=values)


def with_many_others(office, customer):
    values = {"owner_id": str(CAROL_ID)}
    done = office.ask(ROOT, "change_many", entity="customer", ids=[customer["id"]], values=values)
    assert (done["changed"], done["refused"]) == (1, [])


def by_a_file(office, customer):
    job = bring(
        office, [{"number": customer["number"], "owner_id": "Carol"}], duplicates="update", key="number"
    )
    assert (job["made"], job["bad"]) == (1, 0)


def owners(office, customer):
    """Kind → whose its rows at this customer are; the one who left for another company is not hers any more."""
    own = {row.id for row in office.rows(model.Contact) if str(row.customer_id) != customer["id"]}
    return {cls.__name__: {row.owner_id for row in office.rows(cls) if row.id not in own} for cls in PARTS}


@pytest.mark.parametrize("way", [by_its_verb, in_its_form, with_many_others, by_a_file])
def test_whichever_way_the_owner_changes_everything_goes_along_and_both_are_told(office, known, way):
    """CUS-01"""
    assert owners(office, known) == {cls.__name__: {ALICE_ID} for cls in PARTS}
    way(office, known)
    assert owners(office, known) == {cls.__name__: {CAROL_ID} for cls in PARTS}
    assert {(a.subject, a.owner_id) for a in office.rows(model.Activity)} == {("回访", CAROL_ID)}
    assert [(said.from_id, said.to_id) for said in office.emitted(CustomerHandedOver)] == [
        (ALICE_ID, CAROL_ID)
    ]
    seen = {actor.name: office.ask(actor, "list", entity="comment")["count"] for actor in (ALICE, CAROL)}
    assert seen == {"Alice": 0, "Carol": 2}, "whoever sees the record sees what was remarked on it"
    (wish,) = office.rows(model.Wish)
    with pytest.raises(NotFound):
        office.ask(ALICE, "update", entity="wish", id=str(wish.id), values={"text": "x"})
    told = office.ask(CAROL, "history", entity="wish", id=str(wish.id))["changes"][0]
    assert told["changes"]["owner_id"] == [str(ALICE_ID), str(CAROL_ID)]
    assert office.ask(CAROL, "update", entity="wish", id=str(wish.id), values={"text": "下午打"})


def test_through_the_pool_everything_goes_along(office, known):
    """CUS-01, LED-07"""
    office.ask(ALICE, "release_customer", id=known["id"])
    assert owners(office, known) == {cls.__name__: {None} for cls in PARTS}
    office.ask(ROOT, "pick_customer", id=known["id"])
    assert owners(office, known) == {cls.__name__: {ROOT.id} for cls in PARTS}
    assert [fact.from_id for fact in office.emitted(WentToPool)] == [ALICE_ID]
    assert office.emitted(CustomerHandedOver) == []  # whoever picks it knows


def test_whoever_hands_it_over_says_whether_what_is_sold_there_goes_along(office, busy):
    """CUS-01, OPP-11: yes, unless she says no."""
    hand_over(office, busy, CAROL_ID, with_contracts=False)
    values = {"owner_id": str(ALICE_ID)}
    office.ask(ROOT, "update", entity="customer", id=busy["id"], values=values)
    told = [(said.with_opportunities, said.with_contracts) for said in office.emitted(CustomerHandedOver)]
    assert told == [(True, False), (True, True)]


def test_where_her_people_worked_before_is_shown_to_whoever_gets_them(office, known):
    """CON-04: it stays in the hands of whoever looks after the old company."""
    (other,) = office.rows(model.Customer, name="上海另一家")
    hand_over(office, {"id": str(other.id)}, CAROL_ID)
    (job,) = office.ask(CAROL, "list", entity="employment")["rows"]
    assert (job["name"], job["owner_id"]) == ("张三", str(ALICE_ID))


def test_what_was_anothers_at_the_customer_that_goes_is_the_kept_ones(office, known):
    """CUS-12"""
    hers = office.create(CAROL, "customer", name="另一份档案")
    office.ask(ROOT, "merge", entity="customer", kept_id=hers["id"], gone_ids=[known["id"]])
    found = owners(office, hers)
    assert found == {cls.__name__: {CAROL_ID} for cls in PARTS}


def hand_over(office, customer, to, actor=ROOT, **more):
    return office.ask(actor, "hand_over_customer", id=customer["id"], owner_id=str(to), **more)


def test_the_file_its_people_and_what_is_planned_go_along(office, busy):
    row = hand_over(office, busy, CAROL_ID, note="调岗")["row"]
    assert (row["owner_id"], row["department_id"], row["branch_id"]) == (
        str(CAROL_ID),
        str(SALES_SH),
        str(SHANGHAI),
    )
    assert office.rows(model.Contact)[0].owner_id == CAROL_ID
    owners = {a.subject: a.owner_id for a in office.rows(model.Activity)}
    assert owners == {"拜访": ALICE_ID, "回访": CAROL_ID}
    (said,) = office.emitted(CustomerHandedOver)
    assert (said.from_id, said.to_id, said.note) == (ALICE_ID, CAROL_ID, "调岗")


def test_the_new_owner_sees_the_whole_trail_the_old_one_no_longer_the_customer(office, busy):
    hand_over(office, busy, CAROL_ID)
    seen = {a["subject"] for a in office.ask(CAROL, "list", {"entity": "activity"})["rows"]}
    assert seen == {"拜访", "回访"}
    file = office.ask(CAROL, "customer_file", customer_id=busy["id"])
    kinds = [entry["kind"] for entry in file["timeline"]]
    assert kinds.count("commented") == 2
    assert "customer_handed_over" in kinds
    with pytest.raises(NotFound):
        office.ask(ALICE, "get", {"entity": "customer", "id": busy["id"]})


def test_the_change_log_tells_who_looked_after_it(office, busy):
    hand_over(office, busy, CAROL_ID)
    latest = office.ask(CAROL, "history", {"entity": "customer", "id": busy["id"]})["changes"][0]
    assert latest["changes"]["owner_id"] == [str(ALICE_ID), str(CAROL_ID)]
    assert latest["door"] == "customer.hand_over_customer"


def test_to_the_same_owner_nothing_happens(office, busy):
    hand_over(office, busy, ALICE_ID)
    assert office.emitted(CustomerHandedOver) == []


def test_a_rep_cannot_give_her_customer_away(office, busy):
    with pytest.raises(Forbidden):
        hand_over(office, busy, CAROL_ID, actor=ALICE)
    assert office.rows(model.Customer)[0].owner_id == ALICE_ID


def test_a_manager_hands_over_within_his_team_only(office, busy):
    assert hand_over(office, busy, BOB_ID, actor=BOB)["row"]["owner_id"] == str(BOB_ID)
    with pytest.raises(Forbidden):
        hand_over(office, busy, CAROL_ID, actor=BOB)
    with pytest.raises(NotFound):
        hand_over(office, busy, CAROL_ID, actor=CAROL)
