"""People at their browsers: one Chromium, a window for each, and every page they look at is checked."""

from __future__ import annotations

import contextlib
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Locator, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.journey.system import password_of, wait_for

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = """async () => (await axe.run({runOnly: ["wcag2a", "wcag2aa"]})).violations
  .filter((found) => ["serious", "critical"].includes(found.impact))
  .map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(" ")).join(", ")}`)"""
TEXTS = """() => {
  const PROGRAMS = "script, style, kbd, code, .brand, body [lang], [translate=no], [data-label=Code], [data-label='代码'], "
    + "[data-label='May do'], [data-label='权限']";
  const DATA = "a, td, dd, h1, small, time, option, .long-text, .event-note, .event-foot, .person, .avatar-small, "
    + ".board-customer, .remark b, .event-changes, .crumbs span, [id^='f-own_'][id$='-help']";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), place = walker.currentNode.parentElement;
    if (text && place.checkVisibility() && !place.closest(PROGRAMS))
      found.add((place.closest(DATA) ? "" : "ours: ") + text);
  }
  return [...found];
}"""
OURS = "ours: "
"""Every text that is seen but names of programs; what stands where data never does is marked as our own."""
HAN = re.compile("[\u4e00-\u9fff]")
RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(customer|sales|receivables|service_desk|organization)\.[a-z]+")
"""Names of the program that nobody should read."""
LATIN = re.compile(r"(?<![\w@.:/-])[A-Za-z][a-z]{2,}(?![\w@.:/-])")
"""A word of another language than Chinese, if it is no address or number of a paper."""

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = {"desk": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}
expect.set_options(timeout=20_000)


def _is_no_chinese(text: str) -> bool:
    return not HAN.search(text) and LATIN.search(text) is not None


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for all."""
    with sync_playwright() as found:
        browser = found.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Person:
    """Somebody who has signed in (without a login: who is about to), in her language, and what she does on pages as she sees them.

    Whatever the console complains of, the content security policy not least, fails the test at the next look.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        login: str,
        language: str = "中文",
        width: str = "desk",
        theme: str = "light",
    ) -> None:
        self.url, self.login, self.wrong = url, login, list[str]()
        self.width, self.is_english = width, language == "English"
        across, down = WIDTHS[width]
        self.context = browser.new_context(
            base_url=url, viewport={"width": across, "height": down}, timezone_id="Asia/Shanghai",
            locale="en-GB" if self.is_english else "zh-CN", color_scheme="dark" if theme == "dark" else "light",
        )  # fmt: skip
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self._heard(str(error)))
        self.page.on("console", lambda said: self._heard(said.text) if said.type == "error" else None)
        self.go("/sign-in")
        self.follow(self.page.get_by_role("link", name=language))
        if login:
            self.sign_in()

    def sign_in(self) -> None:
        """On the page that asks for it; goes on to where she wanted to go."""
        self.page.fill("#login", self.login)
        self.page.fill("#password", password_of(self.login))
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".topbar")

    # -- where she goes ---------------------------------------------------------------------------------------------

    def go(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)

    def menu(self, name: str) -> None:
        """Choose in the menu."""
        self.follow(self.page.locator(".menu-link", has_text=name).first)

    def follow(self, link: Locator) -> None:
        """Press what leads to another page, and wait for that."""
        with self.page.expect_navigation():
            link.click()

    def button(self, name: str) -> None:
        """Press a button of the page's head that leads to another page."""
        self.follow(self.page.locator(".page-actions a.btn", has_text=name).first)

    # -- what she fills in ------------------------------------------------------------------------------------------

    def ask(self, name: str) -> Locator:
        """Press what opens a dialog; gives the dialog."""
        self.page.get_by_role("link", name=name, exact=True).or_(
            self.page.locator(".board-move")
        ).first.click()
        return self.dialog()

    def dialog(self) -> Locator:
        """The open dialog, once it has put the focus where it wants it: what she types must not be sent elsewhere."""
        dialog = self.page.locator("#dialog")
        expect(dialog).to_be_visible()
        with contextlib.suppress(PlaywrightError):
            dialog.locator(":focus").first.wait_for(state="attached", timeout=2_000)
        return dialog

    def choose(self, field: str, text: str) -> None:
        """Type into a reference field and take the first that fits."""
        box = self.page.locator(f"#f-{field}")
        box.fill(text)
        option = self.page.locator(f"#f-{field}-list [data-id]", has_text=text).first
        option.click()
        expect(self.page.locator(f"#f-{field}-list")).to_be_hidden()

    def send(self, times: int = 1) -> None:
        """Send the open dialog; `times` 2 is a double click. Fails with what the dialog says when it stays."""
        dialog = self.dialog()
        try:
            with self.page.expect_navigation():
                dialog.locator("button[type=submit]").click(click_count=times)
        except PlaywrightError as error:
            raise AssertionError(f"still at {self.page.url}: {dialog.inner_text()}; {self.wrong}") from error

    def verb(self, name: str, **fields: str) -> None:
        """Do something to the record on the page: its button, a few fields, done."""
        self.page.locator(".page-actions a.btn", has_text=name).first.click()
        dialog = self.dialog()
        for field, value in fields.items():
            dialog.locator(f"#f-{field}").fill(value)
        self.send()

    def save(self) -> None:
        """Send the form of a page."""
        self.follow(self.page.locator(".form-actions button[type=submit]").first)

    def drag(self, thing: Locator, target: Locator) -> None:
        """As a hand does it: press, move in small steps, let go once the target has seen that something is above it."""
        mouse = self.page.mouse
        target.evaluate(
            "e => { e.removeAttribute('data-seen'); e.addEventListener('dragover', () => e.setAttribute('data-seen', ''), {once: true}); }"
        )
        for _ in range(5):  # a browser that is busy may not notice that a drag begins
            start, end = self._at_rest(thing, target)
            x, y = end["x"] + end["width"] / 2, end["y"] + min(24, end["height"] * 0.4)
            mouse.move(start["x"] + start["width"] - 12, start["y"] + 12)
            mouse.down()
            mouse.move(x, y, steps=12)
            deadline, aside = time.monotonic() + 4, itertools.cycle((4, -4))
            while target.get_attribute("data-seen") is None and time.monotonic() < deadline:
                mouse.move(x + next(aside), y)
            if target.get_attribute("data-seen") is not None:
                break
            mouse.up()
        assert target.get_attribute("data-seen") is not None, (
            f"the target never saw what is dragged, from {start} to {end}"
        )
        end = target.bounding_box()  # which may have moved when it took it in
        assert end
        mouse.move(x, end["y"] + min(28, end["height"] / 2), steps=4)
        mouse.up()

    def _at_rest(self, *things: Locator) -> list[FloatRect]:
        """Where things stand once a page that scrolls smoothly, or makes room, has come to rest with all of them in sight."""
        places: list[FloatRect | None] = []

        def is_at_rest() -> bool:
            nonlocal places
            before, places = places, [thing.bounding_box() for thing in things]
            self.page.evaluate(
                "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
            )
            return places == before

        wait_for("the page to be at rest", is_at_rest, 20)
        size = self.page.viewport_size
        assert size
        rects = [place for place in places if place]
        in_sight = [rect for rect in rects if rect["y"] >= 0 and rect["y"] + 24 <= size["height"]]
        assert len(in_sight) == len(things), f"not all in sight of {size}: {places}"
        return rects

    def is_refused(self, field: str) -> None:
        """The form is back and says what is wrong with a field; the browser notes the answer as an error of its own."""
        expect(self.page.locator(f"#f-{field}-error")).to_be_visible()
        self.wrong = [one for one in self.wrong if "status of 422" not in one]

    def sign_out(self) -> None:
        """From the menu under her name."""
        self.page.locator("button.person").click()
        self.follow(self.page.get_by_role("button", name=re.compile("退出登录|Sign out")))

    # -- what she sees ----------------------------------------------------------------------------------------------

    def sees(self, text: str, where: str = "main") -> None:
        """The text stands there, now or in a moment."""
        expect(self.page.locator(where).first).to_contain_text(text)

    def state(self, text: str) -> None:
        """The badge beside the heading."""
        expect(self.page.locator(".record-title .badge-state").first).to_have_text(text)

    def _heard(self, error: str) -> None:
        """What went wrong in a page; not that a second press ended the fading of the first, nor that she went on while a
        panel was still being fetched, which browser and HTMX report so.
        """
        if not error.startswith(("Transition was skipped", "htmx:afterRequest", "htmx:sendAbort")):
            self.wrong.append(error)

    def look(self, on_phone: bool = False) -> None:
        """A careful look: nothing in the console, nothing serious for those who cannot see or use a mouse, no word of
        another language, nothing wider than the window. `on_phone`: at the width of a phone as well.
        """
        self.page.wait_for_load_state("load")
        self._bring_axe()
        self._must_be_fit(self.page.url)
        if on_phone:
            self._resize("phone")
            self._must_be_fit(f"{self.page.url} on a phone")
            self._resize(self.width)
        assert self.wrong == [], f"{self.page.url}: {self.wrong}"

    def _must_be_fit(self, where: str) -> None:
        found = self.page.evaluate(SERIOUS) + self._odd_words()
        assert found == [], f"{where}: {found}"
        assert self.page.evaluate(TOO_WIDE) <= 0, f"{where} is too wide"

    def _odd_words(self) -> list[str]:
        """Texts that nobody has translated for her."""
        texts = self.page.evaluate(TEXTS)
        own = [text.removeprefix(OURS) for text in texts if text.startswith(OURS)]
        foreign = HAN.search if self.is_english else _is_no_chinese
        return [text for text in texts if RAW.search(text)] + [text for text in own if foreign(text)]

    def _resize(self, width: str) -> None:
        across, down = WIDTHS[width]
        self.page.set_viewport_size({"width": across, "height": down})

    def _bring_axe(self) -> None:
        """By the way of the developer's tools, which the content security policy does not concern."""
        if self.page.evaluate("typeof axe") == "undefined":
            session = self.context.new_cdp_session(self.page)
            session.send("Runtime.evaluate", {"expression": AXE.read_text()})
            session.detach()
