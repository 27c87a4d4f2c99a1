"""The pages in a real Chromium: scripts under the content security policy, keys, dialogs, and what axe finds."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from tests.gateway import toy
from tests.gateway.conftest import make_app
from tests.gateway.fake import PASSWORD
from tests.gateway.fake_batches import FakeBatches, row
from tests.gateway.preview import filled

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path("node_modules/axe-core/axe.min.js")
SERIOUS = """async () => {
  const found = await axe.run({runOnly: ["wcag2a", "wcag2aa"]});
  return found.violations.filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).join(", "));
}"""


@pytest.fixture(scope="module")
def house():
    return filled(120)


@pytest.fixture(scope="module")
def address(house) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app(house, sign_in_limit="1000 per minute"), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as found:
        browser = found.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    yield from _signed_in(chromium, address, 1440)


@pytest.fixture
def far_away(chromium: Browser, address: str) -> Iterator[Page]:
    """On a machine whose clock is not that of the person's office."""
    yield from _signed_in(chromium, address, 1440, timezone_id="America/New_York")


def _signed_in(chromium: Browser, address: str, width: int, **more) -> Iterator[Page]:
    usual = {"locale": "en-GB", "timezone_id": "Asia/Shanghai"}
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, base_url=address, **{**usual, **more}
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.goto("/sign-in")
    page.fill("#login", "alice")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".topbar")
    yield page
    context.close()
    assert wrong == []


def test_a_new_record_with_chosen_reference_and_lines(page, house):
    page.goto("/toy/gadget/new")
    expect(page.locator("#f-name")).to_be_focused()
    page.keyboard.type("Browser lamp")
    page.fill("#f-amount", "1,234.50")
    page.click("#f-maker_id")
    page.keyboard.type("dalian")
    expect(page.locator("#f-maker_id-list [data-id]")).to_have_count(1)
    page.keyboard.press("Enter")  # chooses, does not send the form
    expect(page.locator("#f-maker_id")).to_have_value("Maker 2")
    page.fill("#f-parts-0-name", "bulb")
    page.click("[data-add-row]")
    page.keyboard.type("socket")
    page.click("text=Save")
    expect(page.locator("h1")).to_have_text("Browser lamp")
    row = next(r for r in house.rows["toy.gadget"].values() if r["name"] == "Browser lamp")
    assert [part["name"] for part in row["parts"]] == ["bulb", "socket"]
    assert house.rows["toy.maker"][row["maker_id"]]["name"] == "Dalian Foods"


def test_a_verb_opens_as_a_dialog_and_says_what_is_wrong(page, house):
    id = house.add(toy.Gadget, name="To sign", amount="5")
    page.goto(f"/toy/gadget/{id}")
    page.click(".page-actions >> text=Sign")
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("#f-signed_on")).to_be_focused()
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator(".field-error")).to_have_text("Please fill this in.")
    dialog.locator("#f-signed_on").fill("2026-03-01")
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".record-title .badge-state")).to_have_text("Signed")


def test_a_field_is_edited_in_its_place(page, house):
    id = house.add(toy.Gadget, name="In place", amount="5")
    page.goto(f"/toy/gadget/{id}")
    fact = page.locator(".fact", has_text="Notes")
    fact.hover()
    fact.locator(".fact-edit").click()
    fact.locator("textarea").fill("fragile")
    fact.locator("button[type=submit]").click()
    expect(page.locator(".fact", has_text="Notes").locator(".fact-value")).to_have_text("fragile")


def test_typed_text_is_not_lost_by_leaving(page):
    page.goto("/toy/gadget/new")
    page.fill("#f-name", "unsaved")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.click("text=Makers >> nth=0") if page.locator("text=Makers").count() else page.click(".brand")
    assert asked == ["beforeunload"]
    expect(page.locator("#f-name")).to_have_value("unsaved")


def test_a_list_by_keyboard(page):
    page.goto("/toy/gadget")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_contain_text("1 selected")
    second = page.locator("tr[data-row]").nth(1).locator(".cell-title").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(second)


def test_searching_and_filtering_a_list(page):
    page.goto("/toy/gadget")
    page.fill("#list-q", "Dalian")
    expect(page).to_have_url("http://" + page.url.split("/")[2] + "/toy/gadget?q=Dalian")
    expect(page.locator("#list-q")).to_be_focused()
    found = page.locator("tr[data-row]").count()
    expect(page.locator("#count")).to_have_text(str(found))
    page.keyboard.press("Tab")
    page.click("#filter-menu [data-bs-toggle]")
    page.click("#filter-form >> text=State")
    page.check("#filter-form input[value=signed]")
    page.click("#filter-form >> text=Apply")
    expect(page.locator(".chip").first).to_contain_text("State is Signed")
    assert 0 < page.locator("tr[data-row]").count() < found


def test_a_day_is_filtered_by_keys_and_on_a_phone(page):
    """Each choice shows what it needs, the arrows belong to it, and nothing leaves the window."""
    page.goto("/toy/gadget")
    page.locator("#filter-menu > button").press("Enter")
    expect(page.locator("[data-narrow]")).to_be_focused()
    expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # its fields listen by now
    page.locator("#filter-form .dropdown-item", has_text="Due").first.press("Enter")
    comparison, period = page.locator("#filter-comparison"), page.locator("#filter-form select[name=_value]")
    expect(comparison).to_be_focused()
    first = comparison.input_value()
    comparison.press("ArrowDown")
    assert comparison.input_value() != first
    days, day = (
        page.locator("#filter-form [name=_days]"),
        page.locator("#filter-form [type=date][name=_value]"),
    )
    expect(day).to_be_visible()
    expect(days).to_be_hidden()
    period.select_option("last_n_days")
    expect(days).to_be_visible()
    expect(day).to_be_hidden()
    comparison.select_option("between")
    expect(day).to_be_visible()
    expect(page.locator("#filter-form [name=_until]")).to_be_visible()
    expect(period).to_be_hidden()
    comparison.select_option("month")
    expect(page.locator("#filter-form [name=_month]")).to_be_visible()
    expect(page.locator("#filter-form [name=_until]")).to_be_hidden()
    expect(day).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    box = page.locator(".filter-menu").bounding_box()
    assert box
    assert (box["x"] >= 0, box["x"] + box["width"] <= 390) == (True, True)


def test_what_nobody_wants_any_more_is_no_error(page, house):
    """Typing on, or leaving, while an answer is on its way: the console stays clean and the last word counts."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    go_on, is_asked = threading.Event(), threading.Semaphore(0)

    def slow(actor, message):
        if message.get("query", {}).get("text") == "Lam":
            is_asked.release()
            go_on.wait(20)
        return house._list(toy.Gadget, actor, message)

    house.doors["toy", "list"] = slow
    try:
        page.goto("/toy/gadget")
        page.fill("#list-q", "Lam")
        assert is_asked.acquire(timeout=20)
        page.fill("#list-q", "nothing like it")
        expect(page.get_by_text("Nothing fits")).to_be_visible()
        expect(page.locator(".htmx-added, .htmx-settling")).to_have_count(0)  # the new box listens by now
        page.fill("#list-q", "Lam")
        assert is_asked.acquire(timeout=20)
        page.goto("/person")
        expect(page.locator(".toast-card")).to_have_count(0)
    finally:
        go_on.set()
        del house.doors["toy", "list"]
    assert wrong == []


def test_more_rows_come_below(page):
    page.goto("/toy/gadget")
    expect(page.locator("tr[data-row]")).to_have_count(50)
    page.click("[data-more]")
    expect(page.locator("tr[data-row]")).to_have_count(100)


def test_search_everything_from_anywhere(page):
    page.goto("/toy/gadget/new")
    page.keyboard.press("Control+k")
    page.keyboard.type("Dalian Foods 1")
    page.keyboard.press("Enter")  # faster than the answer: goes when it has come
    page.wait_for_url("**/toy/gadget/*-*")


def test_one_escape_leaves_the_search(page):
    page.goto("/toy/gadget")
    page.keyboard.press("/")
    page.keyboard.type("Dalian")
    expect(page.locator("#found [data-answers=Dalian]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_dark_is_remembered_and_the_menu_folds(page):
    page.goto("/toy/gadget")
    page.click(".person")
    page.click("[data-set-theme=dark]")
    page.keyboard.press("Escape")
    page.click("[data-toggle-sidebar] >> visible=true")
    page.goto("/toy/maker")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert "is-narrow" in (page.locator("html").get_attribute("class") or "")


def test_without_scripts_the_work_gets_done(chromium, address, house):
    for page in _signed_in(chromium, address, 1024, java_script_enabled=False):
        page.goto("/toy/gadget/new")
        page.fill("#f-name", "No script")
        page.fill("#f-amount", "7")
        page.fill("#f-maker_id", "Dalian Foods")
        page.click("text=Save")
        page.click(".page-actions >> text=Sign")
        page.fill("#f-signed_on", "2026-03-01")
        page.click("form[action$=sign] button")
        expect(page.locator(".record-title .badge-state")).to_have_text("Signed")


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1024, "dark"), (390, "light")])
def test_axe_finds_nothing_serious(chromium, address, house, width, theme):
    id = next(iter(house.rows["toy.gadget"]))
    for page in _signed_in(chromium, address, width, bypass_csp=True):
        page.context.add_cookies([{"name": "guanxi_theme", "value": theme, "url": address}])
        for path in (
            "/toy/gadget?state=draft", "/toy/gadget/new", f"/toy/gadget/{id}", f"/toy/gadget/{id}/edit", "/toy/gadget/import",
            f"/toy/gadget/{id}/history", "/person", "/toy/gadget?q=zzzz", "/nowhere", "/sign-in",
            "/administration/operation", "/administration/messages",
        ):  # fmt: skip
            page.goto(path)
            page.add_script_tag(path=AXE)
            assert page.evaluate(SERIOUS) == [], path
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{path} is {wide} pixels too wide at {width}"


@pytest.fixture
def opened(house, monkeypatch) -> list[str]:
    """One page of each kind that is opened from a list or a record: forms, dialogs, papers, merging, changing many."""
    monkeypatch.setattr(toy.Maker, "merges", True)
    one, other = list(house.rows["toy.maker"])[:2]
    rows = {id: house.rows["toy.maker"][id] for id in (one, other)}
    house.doors["toy", "duplicates"] = lambda actor, message: {
        "groups": [{"by": "name", "ids": [one, other], "count": 2, "at": "name:0"}], "rows": rows, "labels": {},
        "by": ["name", "mail_domain"], "next": "name:20",
    }  # fmt: skip
    gone = {
        "id": str(UUID(int=9)),
        "gone_ids": [other],
        "changed": {"name": ["Acme", "ACME Ltd"]},
        "undone_at": None,
    }
    house.doors["toy", "merges"] = lambda actor, message: {
        "merges": [gone | {"at": "2026-03-02T01:00:00Z", "actor_id": None, "actor_name": "Bob", "note": None}], "labels": {},
    }  # fmt: skip
    draft = next(id for id, row in house.rows["toy.gadget"].items() if row["state"] == "draft")
    house.doors["toy", "differences"] = lambda actor, message: {
        "marks": [{"id": str(UUID(int=8)), "at": "2026-03-02T01:00:00Z", "actor_id": None, "actor_name": "Bob",
                   "records": [{"id": one, "name": "Acme"}, {"id": other, "name": "ACME Ltd"}]}], "labels": {},
    }  # fmt: skip
    many = _batches(house)
    return [
        f"/toy/gadget/{draft}/paper", f"/toy/gadget/{draft}/sign", "/toy/do/count_gadgets", "/toy/gadget/save-view",
        *many, "/toy/gadget/batches", "/toy/maker/duplicates", "/toy/maker/differences", f"/toy/maker/merge?id={one}&id={other}", f"/toy/maker/{one}/merges",
    ]  # fmt: skip


def _batches(house) -> list[str]:
    """What is done to many, in each of its states."""
    fake = FakeBatches(house)
    refused = {"field": "", "code": "ChangedMeanwhile", "params": {}}
    fake.rows = [
        row("good", changes={"weight": ["1", "2.5"], "size": [None, "small"]}), row("bad", problem=refused),
        row("done", changes={"weight": ["1", "2.5"]}), row("left", problem=refused), row("kept", problem=refused),
    ]  # fmt: skip
    made = {}
    for state in ("picked", "checked", "done", "taken_back"):
        batch = fake.ask("pick_batch", entity="toy.gadget", ids=[str(UUID(int=7))])
        steps = ("check_batch", "run_batch", "take_back_batch")[
            : ("picked", "checked", "done", "taken_back").index(state)
        ]
        for step, counts in zip(
            steps, ({"good": 1, "bad": 1}, {"done": 1, "left": 1}, {"undone": 0, "kept": 1}), strict=False
        ):
            fake.counts = counts
            more = {"verb": "update", "values": {"weight": "2.5"}} if step == "check_batch" else {}
            fake.ask(step, batch_id=batch["id"], **more)
        made[state] = f"/toy/gadget/batches/{batch['id']}"
    picked = made.pop("picked")
    return [
        f"{picked}?verb=update",
        f"{picked}?verb=update&_field=size",
        f"{picked}?verb=close",
        *made.values(),
    ]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_axe_finds_nothing_serious_on_what_is_opened_from_them(chromium, address, opened, width, theme):
    """Users 20: with a screen reader and without a mouse all of it can be used."""
    for page in _signed_in(chromium, address, width, bypass_csp=True):
        page.context.add_cookies([{"name": "guanxi_theme", "value": theme, "url": address}])
        for path in chain(opened, _brought_in(page)):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            page.add_script_tag(path=AXE)
            assert page.evaluate(SERIOUS) == [], path
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, f"{path} is {wide} pixels too wide at {width}"


def _brought_in(page: Page) -> Iterator[str]:
    """A file whose columns are asked about, and then the dry run of it, with a row that is wrong."""
    page.goto("/toy/gadget/import")
    file = {"name": "new.csv", "mimeType": "text/csv", "buffer": b"Name,Amount\nLamp,12\nBulb,much\n"}
    with page.expect_navigation():  # it is sent as soon as it is chosen
        page.set_input_files("input[type=file]", [file])
    yield page.url
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    yield page.url


def test_on_a_phone_cards_are_selected_by_tapping_them(chromium, address, house):
    """Users 24: the same bar as on a wide screen; what is to be hit with a finger is large enough for one."""
    batches = FakeBatches(house)
    for page in _signed_in(chromium, address, 390):
        page.goto("/toy/gadget")
        cards, boxes = page.locator("tr[data-row]"), page.locator("[data-pick]")
        expect(boxes.first).to_be_hidden()
        select = page.get_by_role("button", name="Select", exact=True)
        select.click()
        expect(boxes.first).to_be_visible()
        cards.nth(0).locator(
            ".cell-title a"
        ).click()  # anywhere on the card, also where it would have been opened
        cards.nth(1).locator(".cell-pick").click(position={"x": 3, "y": 3})
        boxes.nth(2).check()
        expect(page.locator("[data-picked-count]")).to_have_text("3 selected")
        assert page.url.endswith("/toy/gadget")
        cards.nth(2).locator(".cell-title a").click()
        expect(page.locator("[data-picked-count]")).to_have_text("2 selected")
        for target in (
            select,
            page.locator(".pick-page"),
            cards.nth(0).locator(".cell-pick"),
            *page.locator(".bulk-bar .btn:visible, .bulk-bar .btn-quiet:visible").all(),
        ):
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, target
        ids = [boxes.nth(n).input_value() for n in range(2)]
        select.click()
        expect(page.locator(".bulk-bar")).to_be_hidden()
        expect(boxes.first).to_be_hidden()
        select.click()
        page.locator(".pick-page input").check()
        expect(page.locator("[data-picked-count]")).to_have_text("50 selected")
        page.get_by_role("button", name="Clear selection").click()
        for n in range(2):
            cards.nth(n).locator(".cell-title a").click()
        page.locator(".bulk-bar").get_by_role("button", name="Change").click()
        page.wait_for_url("**/toy/gadget/batches/*")
        assert batches.asked[0] == ("pick_batch", {"entity": "toy.gadget", "ids": ids})


# -- the calendar: dragged in the week and in the month, moved by keys, alone or with its series (ACT-04) ---------------

ENTRY = {
    "ver": 1, "subject": "周会", "kind_id": None, "state": "planned", "owner_id": None, "customer_id": None, "lead_id": None,
    "contact_id": None, "opportunity_id": None, "can": {"verbs": ["move"]},
}  # fmt: skip


@pytest.fixture
def moved(house) -> list[dict]:
    """What was moved; two entries stand in the calendar today, the second is one of a series."""
    told: list[dict] = []
    today = datetime.now(ZoneInfo("Asia/Shanghai")).replace(minute=0, second=0, microsecond=0)

    def entry(id: str, hour: int, repeats: str | None) -> dict:
        at = today.replace(hour=hour)
        return ENTRY | {
            "id": id, "repeats": repeats, "starts_at": at.isoformat(), "ends_at": (at + timedelta(hours=1)).isoformat()
        }  # fmt: skip

    def move(_actor, message):
        told.append(message)
        return {"row": {"ver": message["ver"] + 1}}

    entries = [
        entry(str(UUID(int=71)), 9, None),
        entry(str(UUID(int=72)), 14, "FREQ=WEEKLY;INTERVAL=1;COUNT=3"),
    ]
    born = [{
        "id": str(UUID(int=73)), "entity": "customer.contact", "name": "王芳", "birthday": "1980-02-29", "customer_id": None,
        "on": today.date().isoformat(),
    }]  # fmt: skip
    house.doors["customer", "calendar"] = lambda _actor, _message: {
        "entries": entries,
        "birthdays": born,
        "is_cut": False,
        "labels": {},
    }
    house.doors["customer", "move_activity"] = move
    house.doors["organization", "options"] = lambda _actor, _message: {"options": []}
    return told


def assert_nothing_serious(page: Page) -> None:
    """As axe sees the page now."""
    page.evaluate(AXE.read_text())
    assert page.evaluate(SERIOUS) == []


def wait_until(page: Page, is_so) -> None:
    """Until what the server was told says so."""
    for _ in range(200):
        if is_so():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it did not come")


def shift(message: dict) -> timedelta:
    at = datetime.fromisoformat(message["starts_at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    today = datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=9, minute=0, second=0, microsecond=0)
    return at - today


def test_an_entry_is_dragged_in_the_month_and_keeps_its_hour(page: Page, moved: list[dict]):
    page.goto("/calendar")
    page.get_by_role("button", name="Month").click()
    entry = page.locator(f"[data-event-id='{UUID(int=71)}']")
    days = page.locator(".fc-daygrid-day")
    today = page.locator(".fc-daygrid-day.fc-day-today")
    at = days.evaluate_all("(all) => all.findIndex((one) => one.classList.contains('fc-day-today'))")
    target = days.nth(at + 1 if at + 1 < days.count() else at - 1)
    expect(today).to_be_visible()
    entry.drag_to(target)
    wait_until(page, lambda: moved)
    assert abs(shift(moved[0])) == timedelta(days=1)
    assert moved[0]["reach"] == "only_this"


def test_keys_move_it_and_a_series_is_asked_about(page: Page, moved: list[dict]):
    page.goto("/calendar")
    page.get_by_role("button", name="Month").click()
    page.locator(f"[data-event-id='{UUID(int=71)}']").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    wait_until(page, lambda: moved)
    assert shift(moved[0]) == timedelta(days=2)  # both at once
    page.get_by_role("button", name="Week").click()
    page.locator(f"[data-event-id='{UUID(int=72)}']").focus()
    page.keyboard.press("Shift+ArrowDown")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("belongs to a series")
    assert_nothing_serious(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert len(moved) == 1
    page.locator(f"[data-event-id='{UUID(int=72)}']").focus()
    page.keyboard.press("Shift+ArrowDown")
    dialog.get_by_role("button", name="This and all that follow").click()
    wait_until(page, lambda: len(moved) == 2)
    assert moved[1]["reach"] == "this_and_following"
    assert shift(moved[1]) == timedelta(hours=5, minutes=30)


def test_every_hour_is_there_in_the_persons_zone_with_whole_days_and_birthdays_on_top(
    far_away: Page, house, moved: list[dict]
):
    """ACT-04, CAR-03: a machine in New York shows Alice's day as her office in Shanghai has it."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).replace(hour=0, minute=0, second=0, microsecond=0)
    fair = ENTRY | {
        "id": str(UUID(int=74)), "repeats": None, "subject": "展会", "starts_at": today.isoformat(),
        "ends_at": (today + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    night = fair | {
        "id": str(UUID(int=75)),
        "subject": "夜班电话",
        "starts_at": today.replace(hour=23).isoformat(),
        "ends_at": None,
    }
    found = house.doors["customer", "calendar"]
    house.doors["customer", "calendar"] = lambda actor, message: {
        **found(actor, message), "entries": [*found(actor, message)["entries"], fair, night],
    }  # fmt: skip
    page = far_away
    page.goto("/calendar")
    expect(page.locator(f"[data-event-id='{UUID(int=71)}']")).to_contain_text("09:00")
    assert page.locator(".fc-timegrid-slot-label").count() == 48
    above = page.locator(".fc-daygrid-body")
    expect(above).to_contain_text("展会")
    expect(above).to_contain_text("王芳")
    expect(page.locator(f"[data-event-id='{UUID(int=71)}']")).to_be_in_viewport()
    expect(page.locator(".fc-timegrid-slot-label[data-time='08:00:00']")).to_be_in_viewport()
    expect(page.locator(".fc-timegrid-slot-label[data-time='06:00:00']")).not_to_be_in_viewport()
    page.locator(f"[data-event-id='{UUID(int=75)}']").scroll_into_view_if_needed()
    expect(page.locator(f"[data-event-id='{UUID(int=75)}']")).to_contain_text("23:00")
    cut = page.locator("#calendar-cut")
    expect(cut).to_be_hidden()
    whole, fuller = house.doors["customer", "calendar"], {"is_cut": True}
    house.doors["customer", "calendar"] = lambda actor, message: {**whole(actor, message), **fuller}
    page.locator(".fc-next-button").click()
    expect(cut).to_be_visible()
    fuller.clear()
    page.locator(".fc-prev-button").click()
    expect(cut).to_be_hidden()
    page.locator(f"[data-event-id='{UUID(int=74)}']").focus()
    page.keyboard.press("Shift+ArrowRight")
    wait_until(page, lambda: moved)
    starts, ends = (datetime.fromisoformat(moved[0][name]) for name in ("starts_at", "ends_at"))
    assert (starts, ends) == (today + timedelta(days=1), today + timedelta(days=2))
    assert_nothing_serious(page)


def test_a_day_with_two_hundred_entries_is_read_on_a_phone(page: Page, house, moved: list[dict]):
    """ACT-04: it opens in the morning, shows side by side what can be read there, and tells the rest in a list that fits."""
    (entry, *_) = house.doors["customer", "calendar"](None, {})["entries"]
    at = datetime.fromisoformat(entry["starts_at"])
    many = [
        entry | {"id": str(UUID(int=1000 + n)), "starts_at": (at + timedelta(minutes=n)).isoformat(), "ends_at": (at + timedelta(minutes=n + 30)).isoformat()}
        for n in range(200)
    ]  # fmt: skip
    told = {"entries": many, "birthdays": [], "is_cut": False, "labels": {}}
    house.doors["customer", "calendar"] = lambda _actor, _message: told
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/calendar")
    page.locator(".fc-timeGridDay-button").click()
    expect(page.locator(".fc-timegrid-slot-label[data-time='08:00:00']")).to_be_in_viewport()
    expect(page.locator(".fc-timegrid-slot-label[data-time='06:00:00']")).not_to_be_in_viewport()
    narrowest = page.locator(".fc-timegrid-event").evaluate_all(
        "(all) => Math.min(...all.map((one) => one.getBoundingClientRect().width))"
    )
    assert narrowest > 60
    for view in ("timeGridDay", "dayGridMonth"):
        page.locator(f".fc-{view}-button").click()
        page.locator(".fc-more-link").first.click()
        box = page.locator(".fc-popover").bounding_box()
        assert box["height"] < 600
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        page.locator(".fc-popover-close").click()


# -- naming a colleague in a remark (users 9) ---------------------------------------------------------------------------


@pytest.fixture
def remarks(house) -> list[str]:
    """The texts that were sent; two colleagues may be named."""
    sent: list[str] = []
    people = [("王芳", "Fang Wang", "wangfang"), ("Bob", None, "bob")]

    def colleagues(_actor, message):
        found = [one for one in people if message["text"].lower() in "".join(filter(None, one)).lower()]
        return {"options": [{"id": ID_OF_BOB, "label": a, "label_en": b, "login": c} for a, b, c in found]}

    house.doors["customer", "comments"] = lambda _actor, _message: {"rows": [], "labels": {}}
    house.doors["customer", "colleagues"] = colleagues
    house.doors["customer", "add_comment"] = lambda _actor, message: sent.append(message["text"])
    return sent


ID_OF_BOB = str(UUID(int=81))


def test_a_colleague_is_chosen_by_keys_or_mouse_and_named(page: Page, remarks: list[str]):
    page.goto(f"/customer/remarks/customer/{UUID(int=80)}")
    area = page.locator("[data-mention] textarea")
    options = page.locator("[data-mention] [role=option]")
    area.press_sequentially("请 @")
    expect(options).to_have_count(2)
    assert_nothing_serious(page)
    area.press("ArrowDown")
    area.press("Enter")
    expect(area).to_have_value("请 @bob ")
    area.press_sequentially("和@fang")
    expect(options).to_have_count(1)
    options.first.click()
    expect(area).to_have_value("请 @bob 和@wangfang ")
    area.press_sequentially("a@b.c @bo")
    expect(options).to_have_count(1)
    area.press("Escape")
    expect(options.first).to_be_hidden()
    page.get_by_role("button", name="Comment").click()
    wait_until(page, lambda: remarks)
    assert remarks == ["请 @bob 和@wangfang a@b.c @bo"]


# -- fields that mean nothing for a person (CUS-15), and wishes that come with whoever is chosen (NTF-03) ---------------


def test_a_person_is_not_asked_for_what_only_companies_have(page: Page):
    page.goto("/customer/customer/new")
    tax = page.locator("#f-tax_number")
    expect(tax).to_be_visible()
    page.select_option("#f-nature", "individual")
    expect(tax).to_be_hidden()
    page.select_option("#f-nature", "company")
    tax.fill("9111")
    page.select_option("#f-nature", "individual")
    expect(tax).to_be_visible()  # what was typed is not sent unseen


def test_choosing_a_customer_brings_its_wishes(page: Page, house):
    wish = {
        "id": str(UUID(int=91)),
        "text": "上午联系",
        "kind": "time",
        "contact_id": None,
        "customer_id": str(UUID(int=92)),
    }

    def wishes_about(_actor, message):
        about = [one for one in message["about"] if one["id"] == wish["customer_id"]]
        return {"rows": [wish] if about else [], "labels": {}}

    house.doors["customer", "wishes_about"] = wishes_about
    house.doors["customer", "options"] = lambda _actor, _message: {
        "options": [{"id": wish["customer_id"], "label": "上海泰微", "label_en": None, "number": None}]
    }
    page.goto("/customer/do/log_activity")
    expect(page.locator(".wishes")).to_have_count(0)
    page.click("#f-customer_id")
    page.keyboard.type("泰微")
    expect(page.locator("#f-customer_id-list [data-id]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".wishes")).to_contain_text("上午联系")
    assert_nothing_serious(page)
