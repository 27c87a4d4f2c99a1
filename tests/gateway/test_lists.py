"""The list page of an entity."""

import csv
import io
import re
import zipfile

import pytest
from flask import g
from python_calamine import CalamineWorkbook

from contracts import addresses
from gateway import cells
from gateway.entity_pages import list_papers, options, views
from gateway.registry import Registry
from gateway.screen import Screen
from tests.gateway import toy
from tests.gateway.fake import ALICE, PASSWORD, WANG, keep_views

HTMX = {"HX-Request": "true"}


def lamps(house, number=3, **more):
    return [house.add(toy.Gadget, name=f"Lamp {n}", amount=str(n), **more) for n in range(1, number + 1)]


def names(page):
    return re.findall(r'<td class="cell-title"><a[^>]*>([^<]*)</a>', page)


def test_it_works(alice, house):
    house.add(toy.Gadget, name="Lamp", amount="1234.50", phone="010-1234")
    page = alice.get("/toy/gadget")
    assert page.status_code == 200
    assert names(page.text) == ["Lamp"]
    assert "¥1,234.50" in page.text


def test_json_is_the_same_answer(alice, house):
    house.add(toy.Gadget, name="Lamp", amount="10")
    for answer in (
        alice.get("/toy/gadget.json"),
        alice.get("/toy/gadget", headers={"Accept": "application/json"}),
    ):
        assert answer.json["count"] == 1
        assert answer.json["rows"][0]["name"] == "Lamp"


@pytest.mark.parametrize(("query", "found"), [
    ("name=Lamp 2", [2]), ("amount__gte=2", [3, 2]), ("amount__gte=2&amount__lte=2", [2]), ("q=lamp 3", [3]),
    ("state=signed&state=draft", [3, 2, 1]), ("state=closed", []), ("due_on__empty=yes", [3, 2, 1]),
    ("name=Lamp 1&amount__gte=3&match=any", [3, 1]), ("sort=amount", [1, 2, 3]), ("owner_id=me", []),
    ("created_at=today", []), ("limit=1", [3]),
])  # fmt: skip
def test_the_address_says_which_rows(alice, house, query, found):
    lamps(house)
    assert names(alice.get(f"/toy/gadget?{query}").text) == [f"Lamp {n}" for n in found]


def test_days_in_words_stand_in_the_address_and_read_as_words(alice, house, wang):
    """Users 9: «not in the last 90 days, or never» is asked again each day and counted from that day."""
    asked = "/toy/gadget/filtered?_field=due_on&_comparison=ne&_value=last_n_days&_value=&_days=90"
    assert alice.get(asked).location == "/toy/gadget?due_on__ne=last_90_days"
    assert alice.get(asked.replace("90", "")).location == "/toy/gadget", "days without a number say nothing"
    alice.get("/toy/gadget?due_on__ne=last_90_days&created_at=next_14_days")
    (call,) = [c for c in house.calls if c.method == "list" and c.message["entity"] == "toy.gadget"]
    assert call.message["query"]["where"] == {"due_on__ne": "last_90_days", "created_at": "next_14_days"}
    assert (
        "is not (or empty) <span>last 90 days</span>" in alice.get("/toy/gadget?due_on__ne=last_90_days").text
    )
    assert "早于 <span>30 天前</span>" in wang.get("/toy/gadget?due_on__lt=30_days_ago").text
    form = alice.get("/toy/gadget/filter?due_on__lt=30_days_ago&_at=0").text
    assert 'value="n_days_ago" selected' in form
    assert re.search(r'name="_days"[^>]*value="30"', form)


def test_an_unknown_sort_is_refused_and_an_unknown_field_too(alice):
    assert alice.get("/toy/gadget?sort=zzz").status_code == 422


def test_filters_stand_as_chips_with_the_way_out(alice, house):
    maker = house.add(toy.Maker, name="Acme")
    lamps(house, maker_id=maker, owner_id=str(ALICE.id))
    page = alice.get(f"/toy/gadget?owner_id=me&maker_id={maker}&amount__gte=2").text
    assert "<b>Owner</b> is <span>me</span>" in page
    assert "<b>Maker</b> is <span>Acme</span>" in page
    assert "<b>Amount</b> ≥ <span>2</span>" in page
    assert f'href="/toy/gadget?owner_id=me&amp;maker_id={maker}"' in page


def test_the_filter_form_becomes_an_address(alice):
    form = alice.get(
        "/toy/gadget/filter?state=draft&_field=amount", headers={**HTMX, "HX-Target": "filter-form"}
    )
    assert "<html" not in form.text
    assert 'name="state" value="draft"' in form.text
    answer = alice.get("/toy/gadget/filtered?state=draft&_field=amount&_comparison=gte&_value=5")
    assert answer.location == "/toy/gadget?state=draft&amount__gte=5"
    answer = alice.get("/toy/gadget/filtered?_field=maker_id&_comparison=empty&_value=")
    assert answer.location == "/toy/gadget?maker_id__empty=yes"


def test_each_condition_on_a_field_is_shown_changed_and_removed_by_itself(alice, house, wang):
    """DAT-02, users 9: from 1,000 to 5,000, and between two days."""
    lamps(house)
    add = "/toy/gadget/filtered?_field=amount&_comparison={}&_value={}"
    assert (
        alice.get(add.format("lte", 2) + "&amount__gte=1").location
        == "/toy/gadget?amount__gte=1&amount__lte=2"
    )
    page = alice.get("/toy/gadget?amount__gte=1&amount__lte=2").text
    assert names(page) == ["Lamp 2", "Lamp 1"]
    for at, (sign, other) in enumerate((("≥ <span>1", "amount__lte=2"), ("≤ <span>2", "amount__gte=1"))):
        assert f"<b>Amount</b> {sign}" in page
        assert f'href="/toy/gadget?{other}"' in page
        assert f"&amp;_at={at}" in page
        form = alice.get(f"/toy/gadget/filter?amount__gte=1&amount__lte=2&_at={at}").text
        assert f'value="{"gte" if not at else "lte"}" selected' in form
        assert f'name="{other.partition("=")[0]}"' in form, "the other one stays"
        assert f'href="/toy/gadget?{("amount__gte=1", "amount__lte=2")[at]}"' in form, (
            "and can be taken away here"
        )
    span = "/toy/gadget/filtered?_field=amount&_comparison=between&_value={}&_until={}"
    assert alice.get(span.format(1, 2)).location == "/toy/gadget?amount__between=1&amount__between=2"
    assert alice.get(span.format(1, "")).location == "/toy/gadget?amount__gte=1"
    assert alice.get(span.format("", 2)).location == "/toy/gadget?amount__lte=2"
    assert alice.get(span.format("", "")).location == "/toy/gadget"
    days = "/toy/gadget/filtered?_field=due_on&_comparison=between&_value=past&_value=2026-01-01&_until=2026-02-01"
    address = "/toy/gadget?due_on__between=2026-01-01&due_on__between=2026-02-01"
    assert alice.get(days).location == address
    assert "</b> 从…到… <span>2026-01-01 – 2026-02-01" in wang.get(address).text
    form = alice.get(address.replace("?", "/filter?") + "&_at=0").text
    assert re.search(r'name="_until" value="2026-02-01"', form)


def test_what_a_field_is_asked_twice_is_one_question_with_all_its_values(alice):
    add = "/toy/gadget/filtered?state=draft&_field=state&_comparison=eq&_value=signed"
    assert alice.get(add).location == "/toy/gadget?state=draft&state=signed"


@pytest.mark.parametrize(("asked", "address", "said"), [
    ("_field=name&_comparison=-contains&_value=2", "-name__contains=2", "<b>Name</b> does not contain <span>2</span>"),
    ("_field=phone&_comparison=filled", "phone__empty=no", "<b>Phone</b> is filled in"),
    ("_field=phone&_comparison=empty", "phone__empty=yes", "<b>Phone</b> is empty"),
    ("_field=due_on&_comparison=month&_month=5", "due_on__month=5", "<b>Due on</b> in the month <span>May</span>"),
    ("_field=due_on&_comparison=month&_month=this_month", "due_on__month=this_month", "in the month <span>This month</span>"),
])  # fmt: skip
def test_what_must_not_be_and_what_is_filled_in_can_be_asked(alice, asked, address, said):
    assert alice.get(f"/toy/gadget/filtered?{asked}").location == f"/toy/gadget?{address}"
    assert said in alice.get(f"/toy/gadget?{address}").text
    chosen = asked.partition("_comparison=")[2].partition("&")[0]
    assert f'value="{chosen}" selected' in alice.get(f"/toy/gadget/filter?{address}&_at=0").text


def test_every_field_she_may_see_is_in_the_menu_and_the_commonest_come_first(alice):
    """DAT-02, users 9: not only those that were thought of."""
    offered = re.compile(r"_field=(\w+)")
    menu = alice.get("/toy/gadget/filter").text
    fields = offered.findall(menu)
    assert fields[:3] == ["name", "number", "state"]
    assert {"phone", "email", "pieces", "chance", "colours", "friends", "created_by"} <= set(fields)
    assert not {"parts", "ver", "home", "epoch", "id"} & set(fields)
    assert len(fields) == len(set(fields))
    for service, noun, wanted in (
        ("customer", "customer", {"phone", "email", "website", "address", "tax_number"}),
        ("customer", "lead", {"contact_name", "phone", "mobile"}),
        ("customer", "contact", {"job_title", "email", "birthday", "hobbies"}),
    ):
        assert wanted <= set(offered.findall(alice.get(f"/{service}/{noun}/filter").text))
        parameters = alice.get("/openapi.json").json["paths"][f"/{service}/{noun}"]["get"]["parameters"]
        assert wanted <= {one["name"] for one in parameters}


def test_of_related_records_none_may_be_so(app, alice):
    """CON-01: without a planned activity; the states of the related record are those to choose from."""
    form = alice.get("/customer/customer/filter?_field=activity.customer_id.state").text
    assert 'name="_not"' in form
    assert 'value="planned"' in form
    asked = "_field=activity.customer_id.state&_comparison=eq&_value=planned&_not=yes"
    address = "/customer/customer?-activity.customer_id.state=planned"
    assert alice.get(f"/customer/customer/filtered?{asked}").location == address
    assert "<b>without Activities › State</b> is <span>Planned</span>" in alice.get(address).text
    assert 'name="_not"' not in alice.get("/customer/contact/filter?_field=customer_id.kind").text
    with app.test_request_context():
        assert options.among("customer.contact.customer_id.industry_id") == {"list": "industry"}


def test_what_the_card_of_a_customer_says_narrows_the_lists_of_other_services(app, alice):
    """DAT-02, users 9: contracts, opportunities and tickets of customers in an industry, of a value class."""
    for service, noun in (("receivables", "contract"), ("sales", "opportunity"), ("service_desk", "ticket")):
        ways = alice.get(f"/{service}/{noun}/filter-related").text
        for field in ("industry_id", "region_id", "value_class", "loyalty", "owner_id", "department_id"):
            assert f"_field=customer_id.{field}" in ways, f"{noun}: {field}"
        assert "_field=customer_id.phone" not in ways
        form = alice.get(f"/{service}/{noun}/filter?_field=customer_id.value_class").text
        assert 'value="key"' in form
        address = f"/{service}/{noun}?customer_id.value_class=key"
        asked = "_field=customer_id.value_class&_comparison=eq&_value=key"
        assert alice.get(f"/{service}/{noun}/filtered?{asked}").location == address
        assert "<b>Customer › Value class</b> is" in alice.get(address).text
        parameters = alice.get("/openapi.json").json["paths"][f"/{service}/{noun}"]["get"]["parameters"]
        assert "customer_id.industry_id" in {one["name"] for one in parameters}
    with app.test_request_context():
        assert options.among("receivables.contract.customer_id.region_id") == {"list": "region"}


def test_what_a_row_refers_to_is_a_link_for_whoever_may_open_it(app, alice, house):
    """DAT-03. The name of the row itself stays one link, also where it is a reference; a name that leads nowhere is text."""
    maker = house.add(toy.Maker, name="Acme <&>")
    lamps(house, maker_id=maker, friends=[maker], owner_id=str(ALICE.id))
    page = alice.get("/toy/gadget?columns=name,maker_id,friends,owner_id").text
    link = f'<a href="/toy/maker/{maker}">Acme &lt;&amp;&gt;</a>'
    assert page.count(link) == 3
    assert page.count(f'<a class="tag" href="/toy/maker/{maker}">') == 3
    with app.test_request_context():
        g.actor = ALICE
        attr, labels = toy.Gadget.attrs()["maker_id"], {maker: {"label": "Acme"}}
        assert cells.writer(attr, labels, "toy.gadget", is_linked=False)({"maker_id": maker}) == "Acme"
        assert cells.writer(attr, {}, "toy.gadget")({"maker_id": maker}) == "—"
        g.actor = ALICE.model_copy(update={"grants": ()})
        assert cells.writer(attr, labels, "toy.gadget")({"maker_id": maker}) == "Acme"


def test_the_next_rows_come_alone(alice, house):
    lamps(house, 120)
    first = alice.get("/toy/gadget")
    assert "120" in first.text
    more = re.search(r'hx-get="([^"]+after=[^"]+)"', first.text).group(1).replace("&amp;", "&")
    rows = alice.get(more, headers={**HTMX, "HX-Target": "rows"}).text
    assert "<table" not in rows
    assert len(names(rows)) == 50
    assert "<html" in alice.get(more).text  # the link works without a script


def test_searching_replaces_the_list_only(alice, house):
    lamps(house)
    part = alice.get("/toy/gadget?q=Lamp+2", headers={**HTMX, "HX-Target": "list"})
    assert "<html" not in part.text
    assert names(part.text) == ["Lamp 2"]
    assert part.headers["X-Row-Count"] == "1"


def test_money_columns_are_summed_over_all_rows(alice, house):
    lamps(house, 60)
    page = alice.get("/toy/gadget").text
    assert "¥1,830.00" in page
    assert "Sum over all 60 rows you may see" in page


def test_columns_are_chosen_and_remembered(alice, house):
    lamps(house, phone="010-1")
    page = alice.get("/toy/gadget?columns=name,weight")
    assert "010-1" not in page.text
    assert "Path=/toy/gadget" in page.headers["Set-Cookie"]
    assert "010-1" not in alice.get("/toy/gadget").text
    menu = alice.get("/toy/gadget/columns?state=draft", headers=HTMX).text
    assert re.findall(r'value="(\w+)" checked', menu) == ["name", "weight"], (
        "what is shown comes first, in its order"
    )
    assert {"phone", "created_at"} <= set(re.findall(r'type="checkbox" value="(\w+)">', menu))
    assert '<input type="hidden" name="state" value="draft">' in menu, "the conditions of the list stay"


def test_an_empty_list_says_how_to_begin(alice, dan):
    assert "Nothing here yet" in alice.get("/toy/gadget").text
    assert "/toy/gadget/new" in alice.get("/toy/gadget").text
    assert "/toy/gadget/new" not in dan.get("/toy/gadget").text
    assert "Nothing fits" in alice.get("/toy/gadget?state=closed").text


def test_what_the_menu_opens_is_narrowed_by_nobody(alice):
    screen = Screen(home="state=open&state=draft&sort=due_on")
    for written, is_home in (
        ("", True), ("sort=name", True), ("state=draft&state=open", True), ("state=open", False), ("q=x", False),
        ("archived=1", False),
    ):  # fmt: skip
        assert views.is_home(screen, addresses.read(written)) is is_home, written


def test_a_page_of_fifty_rows_is_below_100_kb(alice, house):
    lamps(house, 60, phone="010-12345678", due_on="2026-01-01", owner_id=str(WANG.id))
    assert len(alice.get("/toy/gadget").data) < 100_000


def test_names_of_any_length_and_script_show_whole_and_safely(alice, house):
    name = "<script>alert(1)</script>" + "𠮷野家🙂" * 20
    house.add(toy.Gadget, name=name, amount="1")
    page = alice.get("/toy/gadget").text
    assert "<script>alert" not in page
    assert "𠮷野家🙂" * 20 in page


def test_options_come_by_fragment(alice, house):
    house.add(toy.Maker, name="Acme")
    house.add(toy.Maker, name="Zenith")
    part = alice.get("/toy/maker/options?for=toy.gadget.maker_id&q=ac", headers=HTMX).text
    assert "Acme" in part
    assert "Zenith" not in part
    assert alice.get("/toy/maker/options?q=ze", headers={"Accept": "application/json"}).json["options"]


# -- files --------------------------------------------------------------------------------------------------------

EVIL = '=HYPERLINK("http://evil.example")'


def test_csv_is_read_by_spreadsheets_and_runs_nothing(alice, house):
    house.add(toy.Gadget, name=EVIL, amount="1234.50", phone="+86 13800138000", size="large")
    answer = alice.get("/toy/gadget.csv?columns=name,amount,phone,size")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, row = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert head == ["Name", "Amount", "Phone", "Size"]
    assert row == ["'" + EVIL, "1234.50", "+86 13800138000", "Large"]


def test_xlsx_holds_texts_numbers_and_dates_as_such(alice, house):
    house.add(toy.Gadget, name=EVIL, amount="1234.50", phone="13800138000", due_on="2026-02-03")
    data = alice.get("/toy/gadget.xlsx?columns=name,amount,phone,due_on").data
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    row = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1]
    assert row[:3] == [EVIL, 1234.5, "13800138000"]
    assert str(row[3]) == "2026-02-03"


def test_an_export_has_all_rows_and_keeps_the_filter(alice, house):
    lamps(house, 120)
    assert len(alice.get("/toy/gadget.csv").text.splitlines()) == 121
    assert len(alice.get("/toy/gadget.csv?amount__lte=7").text.splitlines()) == 8


def test_without_the_right_there_is_no_export(dan):
    assert dan.get("/toy/gadget.csv").status_code == 403
    assert dan.get("/toy/gadget.xlsx").status_code == 403


# -- saved views --------------------------------------------------------------------------------------------------


def keeping_views(app, house):
    """A browser of Alice's in a house that keeps views."""
    keep_views(house)
    browser = app.test_client()
    browser.send("/sign-in", login="alice", password=PASSWORD)
    lamps(house)
    return browser


def test_a_list_is_kept_as_a_tab_with_its_order_and_columns_and_taken_away_again(app, house):
    browser = keeping_views(app, house)
    page = browser.get("/toy/gadget?amount__gte=2").text
    assert "/toy/gadget/save-view?amount__gte=2" in page
    browser.get("/toy/gadget?columns=name,amount")  # she chose these columns
    form = browser.get("/toy/gadget/save-view?amount__gte=2&sort=name").text
    assert "amount__gte=2&amp;sort=name&amp;columns=name%2Camount" in form
    query = "amount__gte=2&sort=name&columns=name%2Camount"
    answer = browser.send("/toy/gadget/save-view", name="Big ones", query=query, audience="department")
    (kept,) = house.rows["organization.saved_view"].values()
    assert (kept["query"], kept["audience"]) == (query, "department")
    assert answer.location == f"/toy/gadget?{query}&view={kept['id']}"
    page = browser.get(answer.location).text
    assert re.search(r'class="tab is-here" href="[^"]*view=' + kept["id"] + r'"[^>]*>Big ones<', page)
    assert "Save the changed view" not in page
    archived = browser.send(f"/organization/saved_view/{kept['id']}/archive", _next="/toy/gadget")
    assert archived.location == "/toy/gadget"
    assert "Big ones" not in browser.get("/toy/gadget").text


def test_every_list_comes_by_fragment_too(alice):
    """Also where a service's own page stands before the engine's."""
    for entity in sorted(Registry.shipped().records):
        for part in ("list", "rows"):
            address = f"/{entity.replace('.', '/')}?q=nobody"
            answer = alice.get(address, headers={**HTMX, "HX-Target": part})
            assert answer.status_code == 200, entity
            assert "<html" not in answer.text, entity


def test_of_tabs_that_differ_in_their_order_one_is_marked(alice):
    here = re.compile(r'class="tab is-here"[^>]*>([^<]*)<')
    assert here.findall(alice.get("/customer/customer").text) == ["All"]
    assert here.findall(alice.get("/customer/customer?sort=-lifetime_value").text) == ["Most valuable"]
    assert here.findall(alice.get("/customer/customer?sort=name").text) == ["All"]
    assert here.findall(alice.get("/customer/customer?strategic_value__gte=1&sort=name").text) == [
        "Of strategic value"
    ]


def test_what_is_changed_on_a_view_is_kept_in_it_or_as_another_one(app, house):
    browser = keeping_views(app, house)
    browser.send("/toy/gadget/save-view", name="Big ones", query="amount__gte=2")
    (id,) = house.rows["organization.saved_view"]
    page = browser.get(f"/toy/gadget?amount__gte=3&view={id}").text
    assert "Save the changed view" in page
    assert "Save as view" in page
    answer = browser.send("/toy/gadget/save-view", view_id=id, query=f"?amount__gte=3&sort=name&view={id}")
    assert answer.location == f"/toy/gadget?amount__gte=3&sort=name&view={id}"
    assert house.rows["organization.saved_view"][id]["query"] == "amount__gte=3&sort=name"


def test_the_list_opens_with_the_view_she_chose_and_all_rows_stay_within_reach(app, house):
    browser = keeping_views(app, house)
    browser.send("/toy/gadget/save-view", name="Big ones", query="amount__gte=2")
    (id,) = house.rows["organization.saved_view"]
    assert browser.get("/toy/gadget").status_code == 200
    opened = browser.send("/toy/gadget/open-first", view_id=id, _next="/toy/gadget?amount__gte=2")
    assert opened.location == "/toy/gadget?amount__gte=2"
    assert browser.get("/toy/gadget").location == f"/toy/gadget?amount__gte=2&view={id}"
    for stays in ("/toy/gadget?view=all", "/toy/gadget?sort=name", "/toy/gadget?q=x"):
        assert browser.get(stays).status_code == 200, stays
    assert browser.get("/toy/gadget", headers={**HTMX, "HX-Target": "list"}).status_code == 200
    assert browser.get("/toy/gadget.json").status_code == 200
    browser.send("/toy/gadget/open-first", query="starred=1")
    assert browser.get("/toy/gadget").location == "/toy/gadget?starred=1"
    browser.send("/toy/gadget/open-first")
    assert browser.get("/toy/gadget").status_code == 200


# -- on paper -----------------------------------------------------------------------------------------------------


def test_a_list_is_printed_with_its_columns_its_filters_in_words_and_its_sums(alice, house):
    """DAT-07, DAT-06."""
    lamps(house, phone="010-1234")
    asked = "q=Lamp&amount__gte=2&columns=name,amount,phone"
    told = alice.get(f"/toy/gadget/paper.json?{asked}").json
    assert (told["kind"], told["title"], told["state"]) == ("List", "Gadgets", "2 rows")
    (chapter,) = told["chapters"]
    assert [(p["title"], p["value"]["text"]) for p in chapter["sections"][0]["pairs"]] == [
        ("Search", "contains Lamp"), ("Amount", "≥ 2"),
    ]  # fmt: skip
    (table,) = chapter["tables"]
    assert [column["title"] for column in table["columns"]] == ["Name", "Amount", "Phone"]
    assert [[value["text"] for value in row] for row in table["rows"]] == [
        ["Lamp 3", "¥3.00", "010-1234"], ["Lamp 2", "¥2.00", "010-1234"], ["Sum of all 2", "¥5.00", ""],
    ]  # fmt: skip
    shown = alice.get(f"/toy/gadget/paper?{asked}").text
    assert "Only rows with" in shown
    assert f'href="/toy/gadget/paper.pdf?{asked.replace("&", "&amp;")}"' in shown
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        answer = alice.get(f"/toy/gadget/paper.{kind}?{asked}")
        assert answer.data.startswith(begins), kind
        assert "List" in answer.headers["Content-Disposition"]
    assert alice.get("/toy/gadget/paper.pdf").data.startswith(b"%PDF"), "on its side with many columns"


def test_a_long_list_says_that_more_would_follow_and_files_are_for_whoever_may_export(alice, dan, house):
    lamps(house, 3)
    few = list_papers.MOST_ROWS
    list_papers.MOST_ROWS = 2
    try:
        (chapter,) = alice.get("/toy/gadget/paper.json?columns=name").json["chapters"]
    finally:
        list_papers.MOST_ROWS = few
    assert chapter["tables"][0]["note"] == "The first 2 of 3."
    assert dan.get("/toy/gadget/paper").status_code == 200
    assert "paper.pdf" not in dan.get("/toy/gadget/paper").text
    assert dan.get("/toy/gadget/paper.pdf").status_code == 403
    assert "/toy/gadget/paper?" in alice.get("/toy/gadget?amount__gte=1").text
    assert "paper.pdf" not in dan.get("/toy/gadget").text
