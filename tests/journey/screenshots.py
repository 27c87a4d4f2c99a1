"""`make screenshots`: draws docs/screenshots anew, with its list, from the Guanxi that runs here with the demo company.

    python -m tests.journey.screenshots [ADDRESS]

Nothing is made on the way but one import that is only checked, and stopped again.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psutil
from playwright.sync_api import expect

from deploy import processes
from tests.journey.browser import Person, chromium
from tests.journey.system import Client, password_of
from tests.journey.test_lead_to_last_payment import spreadsheet

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
NAMES = {"desk": "wide", "tablet": "tablet", "phone": "phone"}
LEADS = (
    ("公司名称", "联系人", "手机", "线索来源", "预计金额"),
    ("北京华测电子有限公司", "刘洋", "13800138001", "上门拜访", "120000"),
    ("天津海工仪器有限公司", "陈静", "13800138002", "电话咨询", "86,500.00"),
    ("河北冀新材料有限公司", "赵磊", "13800138003", "没有的来源", "50000"),
    ("", "孙莉", "13800138004", "上门拜访", "-1"),
)


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it: in `language`, at `width`; `path` is an address or a way to get there."""

    title: str
    name: str
    login: str
    path: str | Callable[[Person], None]
    language: str = "中文"
    width: str = "desk"
    theme: str = "light"

    @property
    def file(self) -> str:
        """Its name in the folder."""
        tongue = "en" if self.language == "English" else "zh"
        dark = "-dark" if self.theme == "dark" else ""
        return f"{self.name}-{tongue}-{NAMES[self.width]}{dark}.png"


def album(address: str) -> Iterator[Picture]:
    """All pictures. Records are chosen by what there is to see on them."""
    alice = Client(address, "alice", password_of("alice"))
    frank = Client(address, "frank", password_of("frank"))
    signed = alice.rows("receivables/contract", state="signed", sort="-signed_on", limit=1)[0]
    contract, customer = (
        f"/receivables/contract/{signed['id']}",
        f"/customer/customer/{signed['customer_id']}",
    )
    quote = f"/sales/quote/{alice.rows('sales/quote', state='sent', sort='-amount', limit=1)[0]['id']}"
    ticket = frank.rows("service_desk/ticket", state="answered", sort="due_at", limit=1)[0]
    quarter = f"from_on={date.today() - timedelta(days=90)}&to_on={date.today()}"
    english, tablet, phone = {"language": "English"}, {"width": "tablet"}, {"width": "phone"}
    yield Picture("signing in", "sign-in", "", "/sign-in")
    yield Picture("my day", "my-day", "alice", "/my-day")
    yield Picture("my day", "my-day", "bob", "/my-day", **english, **phone)
    yield Picture("leads", "leads", "alice", "/customer/lead")
    yield Picture("leads", "leads", "alice", "/customer/lead", **phone)
    yield Picture("board by stage", "board", "alice", "/sales/board")
    yield Picture("board by stage", "board", "alice", "/sales/board", theme="dark", **english)
    yield Picture("a customer's whole file", "customer", "alice", customer, **english, **tablet)
    yield Picture("a customer's whole file", "customer", "alice", customer, **phone)
    yield Picture("quote", "quote", "alice", quote, **english, **tablet)
    yield Picture("contract with instalments", "contract", "alice", contract)
    yield Picture("contract on paper", "paper", "alice", f"{contract}/paper")
    yield Picture("calendar", "calendar", "alice", "/calendar")
    yield Picture("ticket", "ticket", "frank", f"/service_desk/ticket/{ticket['id']}", **tablet)
    yield Picture("reports", "reports", "grace", "/reports", **english, **tablet)
    yield Picture("reports", "reports", "grace", "/reports", **phone)
    yield Picture("credit for contacts", "points", "bob", f"/points?{quarter}", **english, **tablet)
    yield Picture("import of a file", "import", "root", import_of_a_file)
    yield Picture("administration", "administration", "root", "/administration")


def import_of_a_file(root: Person) -> None:
    """A list of leads with a source that nobody knows and a bad row, checked."""
    root.go("/customer/lead/import")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "展会名单.xlsx"
        file.write_bytes(spreadsheet(*LEADS))
        with root.page.expect_navigation():
            root.page.set_input_files("#file", file)
        root.save()
    expect(root.page.locator("#job .lines-table")).to_be_visible()


def take(person: Person, picture: Picture) -> None:
    """Go there, let everything on the page come to rest, press the button."""
    if callable(picture.path):
        picture.path(person)
    else:
        person.go(picture.path)
    if person.page.locator("#link-state").count():
        # the bell's answer, asked for after the page, brings the branch's name
        expect(person.page.locator("#link-state")).to_have_attribute("title", re.compile("."))
    person.page.wait_for_load_state("networkidle")
    person.page.evaluate("document.fonts.ready")
    person.page.screenshot(path=FOLDER / picture.file, animations="disabled", caret="hide")


def main(address: str) -> None:
    """Take all of them; each person keeps her window for the next picture of the same size and language."""
    pictures, windows = list(album(address)), dict[tuple[str, ...], Person]()
    with chromium() as browser:
        for picture in pictures:
            window = (picture.login, picture.language, picture.width, picture.theme)
            if window not in windows:
                windows[window] = Person(browser, address, *window)
            take(windows[window], picture)
            assert windows[window].wrong == [], f"{picture.file}: {windows[window].wrong}"
            print(picture.file, flush=True)
    for left in FOLDER.glob("*.png"):
        if left.name not in {picture.file for picture in pictures}:
            left.unlink()
    (FOLDER / "README.md").write_text(contents(pictures))


def contents(pictures: list[Picture]) -> str:
    """The list of the folder."""
    files: dict[str, list[str]] = {}
    for picture in pictures:
        files.setdefault(picture.title, []).append(f"[{picture.file}]({picture.file})")
    rows = "\n".join(f"| {title} | {', '.join(links)} |" for title, links in files.items())
    return (
        "# How it looks\n\nTaken from the demo company in Chromium by `make screenshots`: wide (1440), tablet (1024) "
        f"and phone (390), in Chinese and English.\n\n| page | file |\n|---|---|\n{rows}\n"
    )


def running_here() -> str:
    """Where the Guanxi of this folder answers; `make up` may have found port 8000 taken."""
    pid = processes.find("gateway")
    if pid is None:
        sys.exit("No Guanxi runs from this folder. Start it with `make up`, then try again.")
    return f"http://127.0.0.1:{psutil.Process(pid).environ()['GUANXI_PORT']}"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else running_here())
