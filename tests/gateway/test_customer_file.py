"""The customer's page: figures, lists and one timeline of five services (CUS-02, CUS-03)."""

import pytest

from contracts.customer import Customer
from contracts.query import happened

ID = "00000000-0000-7000-8000-000000000077"
SERVICES = ("customer", "sales", "receivables", "service_desk", "notification")


@pytest.fixture
def told(house):
    """Each service has three hundred things to tell, and tells as many as it is asked for."""
    limits = []

    def share(service: str):
        def answer(actor, message):
            limits.append(message["limit"])
            entries = [
                happened(
                    f"2026-03-01T{n // 60:02}:{n % 60:02}:00+00:00",
                    "activity_done",
                    f"{service} {n}",
                    ("customer.activity", ID),
                )
                for n in range(300)
            ]
            return {"figures": {}, "related": [], "timeline": entries[: message["limit"]], "labels": {}}

        return answer

    for service in SERVICES:
        house.doors[service, "customer_file"] = share(service)
    return limits


def test_what_is_older_than_the_newest_is_asked_for_step_by_step(alice, told):
    first = alice.get(f"/customer/customer/{ID}/file").json
    assert (len(first["timeline"]), first["has_more"], first["further"]) == (100, True, 80)
    more = alice.get(f"/customer/customer/{ID}/file?timeline=80").json
    assert (len(more["timeline"]), more["has_more"], more["further"]) == (400, True, 140)
    last = alice.get(f"/customer/customer/{ID}/file?timeline=99999").json
    assert (len(last["timeline"]), last["has_more"]) == (1000, False)
    assert set(told) == {20, 80, 200}


def test_what_it_bought_is_a_panel_and_json(alice, wang, house):
    """CUS-02"""
    rows = [
        {
            "product_id": ID,
            "description": None,
            "quantity": "2",
            "amount": "1000.00",
            "signed_on": "2026-03-10",
            "contract_id": ID,
        },
        {
            "product_id": None,
            "description": "Setting up",
            "quantity": "1",
            "amount": "400.00",
            "signed_on": None,
            "contract_id": ID,
        },
    ]
    labels = {ID: {"entity": "sales.product", "label": "显微镜", "label_en": "Microscope"}}
    house.doors["receivables", "purchases"] = lambda actor, message: {"rows": rows, "labels": labels}
    page = alice.get(f"/customer/customer/{ID}/purchases").text
    for word in ("Microscope", "Setting up", "¥1,000.00"):
        assert word in page
    assert "已购产品" in wang.get(f"/customer/customer/{ID}/purchases").text
    assert alice.get(f"/customer/customer/{ID}/purchases.json").json["rows"] == rows
    house.doors["receivables", "purchases"] = lambda actor, message: {"rows": [], "labels": {}}
    nothing = alice.get(f"/customer/customer/{ID}/purchases").text
    assert "<table" not in nothing
    assert "Nothing was bought yet." in nothing


def test_the_head_tells_what_the_services_tell_and_no_sums_that_are_kept_from_her(alice, house):
    """CUS-03: who may read no receivables is not told that nothing is owed; the rating stands there when somebody has rated."""
    for service in SERVICES:
        empty = {"figures": {}, "related": [], "timeline": [], "labels": {}}
        house.doors[service, "customer_file"] = lambda actor, message, empty=empty: empty
    row = {**dict.fromkeys(Customer.attrs()), "id": ID, "ver": 1, "name": "Qili", "nature": "company"}
    stored = {"row": row, "can": {"verbs": []}, "labels": {}, "history": {"changes": [], "labels": {}}}
    house.doors["customer", "customer_file"] = lambda actor, message: {**empty, "stored": stored}
    rated = {**empty, "figures": {"open_tickets": 2, "rating": "4.50"}}
    house.doors["service_desk", "customer_file"] = lambda actor, message: rated
    head = alice.get(f"/customer/customer/{ID}").text.partition('class="figures"')[2].partition("</dl>")[0]
    assert [words in head for words in ("Open tickets", "4.50", "Receivable", "Open opportunities")] == [
        True,
        True,
        False,
        False,
    ]
