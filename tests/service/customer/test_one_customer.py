"""What is known of one customer: its people (CON-01), what was done and is planned there (ACT-02), how it is grown (CUS-13)."""

from tests.service.customer.conftest import ALICE, CALL, CAROL, VISIT


def named(office, entity, actor=ALICE, **where):
    found = office.ask(actor, "list", {"entity": entity, "query": {"where": where}})
    return {row["name"] for row in found["rows"]}


def test_many_people_belong_to_one_company_and_their_standing_with_us_is_asked_easily(office, customer):
    lonely = office.create(ALICE, "customer", name="无人公司")
    for name, title in (("王工", "总工程师"), ("李总", "总经理")):
        office.create(ALICE, "contact", customer_id=customer["id"], name=name, job_title=title)
    assert named(office, "contact", customer_id=customer["id"]) == {"王工", "李总"}
    without = {"contact.customer_id__empty": True}
    assert named(office, "customer", **without) == {lonely["name"]}
    assert named(office, "contact", actor=CAROL) == set()


def test_the_page_of_a_customer_shows_what_is_open_and_what_was_done(office, customer):
    about = {"customer_id": customer["id"]}
    office.ask(ALICE, "log_activity", kind_id=str(VISIT), subject="看现场", **about)
    office.ask(
        ALICE, "plan_activity", kind_id=str(CALL), subject="回访", starts_at="2026-03-11T02:00:00Z", **about
    )
    file = office.ask(ALICE, "customer_file", **about)
    activities = next(part for part in file["related"] if part["entity"] == "customer.activity")
    assert [row["subject"] for row in activities["rows"]] == ["回访"]
    assert [turn["title"] for turn in file["timeline"] if turn["kind"] == "activity_done"] == ["看现场"]
    assert "stored" not in file
    whole = office.ask(ALICE, "customer_file", history=5, **about)
    assert whole.pop("stored") == office.ask(ALICE, "get", entity="customer", id=customer["id"], history=5)
    assert whole == file
    stored = office.ask(ALICE, "get", entity="customer", id=customer["id"])["row"]
    assert (stored["open_activities"], stored["last_activity_at"] is None) == (1, False)


def test_a_customer_that_brings_no_profit_yet_is_grown_by_a_strategy_for_it_and_for_each_contact(office):
    grown = office.create(ALICE, "customer", name="新锐公司", is_growth=True, strategy="先做样板，明年谈框架")
    person = office.create(ALICE, "contact", customer_id=grown["id"], name="周工", strategy="请来看实验室")
    office.create(ALICE, "customer", name="老客户")
    assert named(office, "customer", is_growth=True) == {"新锐公司"}
    log = office.ask(ALICE, "history", entity="contact", id=person["id"])["changes"][0]
    assert log["changes"]["strategy"][1] == "请来看实验室"
