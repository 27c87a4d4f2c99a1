"""Somebody on the website asks for a call: a lead of Alice's, and a mail to her. Users 7."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import requests

from gateway.pages.web_form import BAIT, FASTEST
from tests.journey.system import System, wait_for

MARK = uuid4().hex[:6]
CODE = f"demo-{MARK}"
LOGO = bytes.fromhex("47494638396101000100800000ff0000ffffff21f90401000000002c00000000010001000002024401003b")
"""One red dot."""


class Stranger:
    """Somebody with a browser and no account."""

    def __init__(self, url: str) -> None:
        self.url, self.http = url, requests.Session()
        # a new connection for each step: the server ends one that was silent for as long as a person writes
        self.http.headers.update({"Accept": "text/html", "Connection": "close"})

    def fill_in(self, **values: str) -> requests.Response:
        """Open the form, take the time a person takes, press the button."""
        opened, fields = time.monotonic(), self.hidden(self.http.get(self.url, timeout=20).text) | values
        wait_for("a person to have written", lambda: time.monotonic() - opened > FASTEST)
        return self.http.post(self.url, data=fields, timeout=20)

    @staticmethod
    def hidden(page: str) -> dict[str, str]:
        """What the page itself sends along."""
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


def test_a_stranger_becomes_a_lead_and_alice_is_told_by_one_mail(guanxi: System):
    root, alice = guanxi.client("root"), guanxi.client("alice")
    root.post(
        "/customer/web_form", code=CODE, name="预约演示", name_en="Book a demonstration", staff_id=alice.actor["id"],
        asks=["contact_name", "mobile", "need"], thanks="谢谢，一天内回电。",
    )  # fmt: skip
    stranger = Stranger(f"{guanxi.url}/form/{CODE}")
    firm = f"无锡轴承{MARK}"
    assert "留空" in (page := requests.get(stranger.url, timeout=20).text)
    assert "李爱丽" not in page

    wrong = stranger.fill_in(name=firm, mobile="打给我")
    assert (wrong.status_code, "不是有效的电话号码" in wrong.text, f'value="{firm}"' in wrong.text) == (
        422,
        True,
        True,
    )

    good = stranger.fill_in(name=firm, contact_name="周工", mobile="13912345678", need="三坐标")
    assert "谢谢，一天内回电。" in good.text
    lead = wait_for("the lead", lambda: alice.rows("customer/lead", q=firm))[0]
    assert (lead["contact_name"], lead["need"], lead["owner_id"]) == ("周工", "三坐标", alice.actor["id"])
    mails = wait_for("the mail", lambda: [m for m in guanxi.mails("alice@") if firm in m["subject"]])
    assert len(mails) == 1
    assert f"{guanxi.url}/customer/lead/{lead['id']}" in mails[0].get_body().get_content()


def test_a_program_is_thanked_and_marked_and_one_that_is_too_quick_is_asked_again(guanxi: System):
    alice = guanxi.client("alice")
    stranger = Stranger(f"{guanxi.url}/form/{CODE}")
    values = {"name": f"quick{MARK}", "mobile": "13900000000"}
    quick = stranger.http.post(
        stranger.url, data=stranger.hidden(stranger.http.get(stranger.url).text) | values
    )
    assert "太快" in quick.text
    assert alice.rows("customer/lead", q=f"quick{MARK}") == []
    answer = stranger.fill_in(name=f"spam{MARK}", mobile="13900000000", **{BAIT: "https://example.com"})
    assert "谢谢" in answer.text
    (caught,) = alice.rows("customer/lead", q=f"spam{MARK}")
    assert (caught["state"], caught["is_suspect"]) == ("dropped", True)


def test_the_companys_logo_stands_above_its_form(guanxi: System):
    root = guanxi.client("root")
    form = root.one("customer/web_form", code=CODE)
    answer = root.ask(
        "POST",
        f"/customer/web_form/{form['id']}/attachments",
        files={"files": ("logo.gif", LOGO)},
        key=f"logo {MARK}",
    )
    assert answer.status_code == 201, answer.text
    page = requests.get(f"{guanxi.url}/form/{CODE}", timeout=20).text
    address = re.search(r'<img class="web-form-logo" src="([^"]+)"', page).group(1)
    logo = requests.get(guanxi.url + address, timeout=20)
    assert (logo.headers["Content-Type"], logo.content) == ("image/gif", LOGO)


def test_a_form_that_is_not_there_is_not_found(guanxi: System):
    assert requests.get(f"{guanxi.url}/form/nothing-here", timeout=20).status_code == 404
