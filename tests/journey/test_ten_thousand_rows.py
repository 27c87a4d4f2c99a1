"""A list of ten thousand prospects goes in while its bar moves, and comes out of the search again. LED-05, DAT-04."""

from __future__ import annotations

import os
import signal
from uuid import uuid4

import psutil
import pytest

from tests.journey.system import System, wait_for
from tests.journey.test_lead_to_last_payment import spreadsheet

ROWS = 10_000
MARK = uuid4().hex[:6]


@pytest.mark.spoils
def test_ten_thousand_prospects_go_in_while_the_bar_moves(guanxi: System):
    root = guanxi.client("root")
    rows = ((f"{MARK}第{n}机械厂", "王工", f"137{n:08d}", "电话咨询") for n in range(ROWS))
    file = spreadsheet(("公司名称", "联系人", "手机", "线索来源"), *rows)
    sent = root.ask("POST", "/customer/lead/import", files={"file": ("一万行.xlsx", file)})
    assert sent.status_code in (200, 201, 202), sent.text[:500]
    path = f"/customer/lead/import/{sent.json()['id']}"
    checked = wait_for("the check", lambda: (j := root.get(path))["state"] == "checked" and j, 120)
    assert (checked["total"], checked["good"], checked["bad"]) == (ROWS, ROWS, 0)

    root.post(f"{path}/run")
    seen = []

    def ended() -> bool:
        job = root.get(path)
        seen.append(job["done"])
        return job["state"] == "done"

    wait_for("the import", ended, 180)
    assert seen == sorted(seen)
    assert any(0 < done < ROWS for done in seen), f"the bar never moved: {seen}"
    assert seen[-1] == ROWS
    found = root.get("/customer/lead", q=f"{MARK}第9999机械厂")["rows"]
    assert [row["mobile"] for row in found] == ["13700009999"]


@pytest.mark.spoils
def test_a_file_goes_in_whole_though_the_gateway_was_killed_while_it_was_read(guanxi: System):
    """Users 2: the job is not lost, nobody need press anything, and no row comes twice."""
    root = guanxi.client("root")
    lines = "".join(f"{MARK}断{n}机械厂,王工,136{n:08d}\n" for n in range(ROWS * 3))
    file = ("三万行.csv", f"公司名称,联系人,手机\n{lines}".encode())
    sent = root.ask("POST", "/customer/lead/import", files={"file": file})
    path = f"/customer/lead/import/{sent.json()['id']}"
    begun = wait_for("the first rows", lambda: (j := root.get(path))["total"] and j, 60)
    assert (begun["state"], begun["total"] < ROWS * 3) == ("staging", True)
    assert begun["expected"] >= ROWS * 3

    (worker,) = psutil.Process(guanxi.pid("gateway")).children()
    os.kill(worker.pid, signal.SIGKILL)
    wait_for("the gateway to be back", guanxi.is_healthy)
    checked = wait_for("the check", lambda: (j := root.get(path))["state"] == "checked" and j, 180)
    assert (checked["total"], checked["good"], checked["bad"]) == (ROWS * 3, ROWS * 3, 0)
    root.post(f"{path}/cancel")
