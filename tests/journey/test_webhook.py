"""What happens here is told to another program within the moment, so that it can check that we said it. Users 20."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from standardwebhooks.webhooks import Webhook

from tests.http_peer import Listener
from tests.journey.system import System, wait_for


def test_a_lead_that_is_dropped_reaches_the_program_that_wants_to_know(guanxi: System, program: Listener):
    root, alice = guanxi.client("root"), guanxi.client("alice")
    hook = root.post("/notification/webhook", name="数据仓库", url=program.url, events=["lead_dropped"])[
        "row"
    ]
    secret = root.post(f"/notification/webhook/{hook['id']}/show-secret")["secret"]
    page = root.page(f"/notification/webhook/{hook['id']}")
    assert "更换密钥" in page
    assert secret not in page

    lead = alice.post("/customer/lead", name=f"不买了{uuid4().hex[:6]}")["row"]
    alice.post(f"/customer/lead/{lead['id']}/drop")
    ((headers, body),) = wait_for("the program to be told", lambda: program.told)
    told = Webhook(secret).verify(body, headers)
    assert (told["type"], told["data"]["lead_id"]) == ("customer.lead_dropped", lead["id"])

    delivery = wait_for(
        "the books to say so", lambda: root.rows("notification/webhook_delivery", webhook_id=hook["id"], state="sent")
    )[0]  # fmt: skip
    assert delivery["event_id"] == told["id"]
    assert alice.ask("GET", "/notification/webhook").status_code == 403
    root.patch(f"/notification/webhook/{hook['id']}", is_active=False)


@pytest.fixture
def program() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()
