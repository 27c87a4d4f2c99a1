"""The group of a customer (CUS-15), its people as a tree (CON-03), the buying centre that warns (users, leap 8), in both languages."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.customer import Contact
from contracts.errors import NotFound
from gateway.pages.people import HIGH, WIDE, Card, arrange, fitted

ID = "01900000-0000-7000-8000-000000000001"
OTHER = "01900000-0000-7000-8000-000000000002"
ROLE = "01900000-0000-7000-8000-000000000003"
FIGURES = dict.fromkeys(
    ("contracts_amount", "paid_amount", "owed_amount", "overdue_amount", "open_amount", "expense_amount"), "1200.50"
)  # fmt: skip


def member(id, name, depth, nature="company"):
    return {"id": id, "name": name, "nature": nature, "depth": depth, "figures": FIGURES}


def part(browser, address, target):
    return browser.get(address, headers={"HX-Request": "true", "HX-Target": target}).text


def test_the_group_as_a_tree_with_its_sums(house, alice, wang):
    members = [member(OTHER, "海精集团", 0), member(ID, "海精仪器", 1)]
    house.doors["customer", "group"] = lambda actor, message: {
        "members": members, "below": 3, "sums": FIGURES, "people": 2
    }  # fmt: skip
    shown = part(alice, f"/customer/customer/{ID}/group", "group")
    for word in ("with its 3 subsidiaries", "海精集团", "1,200.50", 'data-depth="1"', 'aria-current="true"'):
        assert word in shown, word
    assert f"company_id={ID}" in shown
    assert "<html" not in shown
    assert "含 3 家下属公司" in wang.get(f"/customer/customer/{ID}/group").text
    assert alice.get(f"/customer/customer/{ID}/group.json").json["below"] == 3


def test_a_customer_that_stands_alone_has_no_panel(house, alice):
    house.doors["customer", "group"] = lambda actor, message: {
        "members": [member(ID, "独立", 0)], "below": 0, "sums": FIGURES, "people": 0
    }  # fmt: skip
    assert "<section" not in part(alice, f"/customer/customer/{ID}/group", "group")


def test_what_means_nothing_for_a_person_is_named_to_the_form(alice):
    form = alice.get("/customer/customer/new").text
    assert "data-needless" in form
    assert "tax_number" in form


def part_of(n, name, **more):
    """What somebody plays in a purchase."""
    return {
        "contact_id": f"01900000-0000-7000-8000-0000000001{n:02}", "name": name, "job_title": "总经理", "role_id": ROLE, "unit": None,
        "part_id": f"01900000-0000-7000-8000-0000000002{n:02}", "stance": "neutral", "influence": 0, "is_met": False, **more,
    }  # fmt: skip


@pytest.fixture
def centre(house):
    """An opportunity whose decider nobody has met."""
    label = {"entity": "organization.choice", "label": "决定者", "label_en": "Decider"}
    found = {
        "opportunity_id": ID, "roles": {ROLE: 1, OTHER: 0}, "decider": "never_met",
        "stances": {"for_us": 2, "neutral": 0, "against_us": 1},
        "influence": {"for_us": 7, "neutral": 0, "against_us": 5},
    }  # fmt: skip
    labels = {ROLE: label, OTHER: label | {"label": "使用者", "label_en": "User"}}
    house.doors["customer", "buying_centres"] = lambda actor, message: {"centres": [found], "labels": labels}

    def whole(actor, message):
        if message["opportunity_id"] != ID:
            raise NotFound(entity="sales.opportunity", id=message["opportunity_id"])
        parts = [
            part_of(1, "王建国", unit="一分厂", stance="against_us", influence=5), part_of(2, "Ann Smith", part_id=None),
        ]  # fmt: skip
        link = {
            "contact_id": parts[1]["contact_id"],
            "other_id": parts[0]["contact_id"],
            "name": "Ann → 王建国",
            "note": None,
        }
        return found | {
            "people": parts, "unseen": 1, "units": [{"unit": "一分厂", "roles": {ROLE: 1, OTHER: 0}}], "labels": labels,
            "links": [link | {"kind": "reports_to"}, link | {"kind": "friend"}],
        }  # fmt: skip

    house.doors["customer", "buying_centre"] = whole
    house.doors["sales", "decider_asked_for"] = lambda actor, message: True
    return found


def test_it_warns_when_whoever_decides_was_never_met(house, alice, wang, centre):
    address = f"/sales/opportunity/{ID}/buying-centre"
    shown = part(alice, address, "buying-centre")
    for word in (
        "Whoever decides was never met",
        "Decider",
        "influence 7",
        "nobody known",
        "opportunity_id=" + ID,
    ):
        assert word in shown, word
    assert "<html" not in shown
    assert "决策人尚未见过面" in wang.get(address).text
    assert alice.get(address + ".json").json["is_late"] is True
    house.doors["sales", "decider_asked_for"] = lambda actor, message: False
    assert "notice is-warning" not in part(alice, address, "buying-centre")
    assert alice.get(f"/sales/opportunity/{OTHER}/buying-centre").status_code == 404


def test_it_names_its_people_and_draws_them_with_influence_and_stance(alice, wang, centre):
    """CON-02, CON-03: in the drawing and in the list; CON-05: coverage for each unit of the client."""
    address = f"/sales/opportunity/{ID}/buying-centre"
    shown = part(alice, address, "buying-centre")
    for word in (
        "/customer/stakeholder/01900000-0000-7000-8000-000000000201", "Against us", "influence 5", "一分厂", "never met",
        "/customer/contact/01900000-0000-7000-8000-000000000102", "1 more whom you may not see is counted.", "For each unit",
        '<g class="people-card" data-stance="against_us">', "Ann Smith", "Ann → 王建国: Friend", "Ann → 王建国: Reports to",
    ):  # fmt: skip
        assert word in shown, word
    assert (
        shown.count("people-dot is-on"),
        shown.count('class="people-line"'),
        shown.count('class="people-link"'),
    ) == (5, 1, 1)
    assert "另有 1 人计入，但您无权查看。" in wang.get(address).text
    assert [one["name"] for one in alice.get(address + ".json").json["people"]] == ["王建国", "Ann Smith"]


@pytest.fixture
def firm(house):
    """王建国 decides; 李工 reports to him and is a friend of somebody elsewhere; 张总 was there before."""
    label = {"entity": "organization.choice", "label": "决定者", "label_en": "Decider"}
    ids = [f"01900000-0000-7000-8000-0000000001{n:02}" for n in range(3)]
    link = {
        "contact_id": ids[1],
        "other_id": ids[0],
        "kind": "reports_to",
        "name": "李工 → 王建国",
        "note": None,
    }
    rows = {
        "contact": [
            {"id": ids[0], "name": "王建国", "job_title": "总经理", "buying_role_id": ROLE, "customer_id": ID},
            {"id": ids[1], "name": "李工", "job_title": None, "buying_role_id": None, "customer_id": ID},
        ],
        "contact_link": [link, link | {"other_id": ids[2], "kind": "friend", "name": "李工 → 赵工", "note": "同学会"}],
        "stakeholder": [
            {"contact_id": ids[1], "role_id": ROLE, "stance": "for_us", "influence": 2, "unit": "二分厂", "opportunity_id": None}
        ],
        "employment": [{"id": OTHER, "name": "张总", "job_title": "董事", "until_on": "2026-02-01"}],
    }  # fmt: skip

    def listed(actor, message):
        noun = message["entity"].rpartition(".")[2]
        found = rows.get("linked" if noun == "contact" and message["query"].get("any_of") else noun, [])
        return {
            "rows": found,
            "labels": {ROLE: label, OTHER: {"entity": "customer.customer", "label": "天津设计院"}},
            "next": None,
            "count": len(found),
            "capped": False,
            "totals": {},
        }

    house.doors["customer", "list"] = listed
    return rows


def test_the_people_of_a_customer_are_drawn_listed_and_told(house, alice, wang, firm):
    address = f"/customer/customer/{ID}/people"
    shown = part(alice, address, "people")
    for word in (
        "Decider · 总经理", "Decider, For us, influence 2, 二分厂", "李工 → 赵工: Friend (同学会)", "Worked here before", "张总",
        f"/customer/employment/{OTHER}", "until",
    ):  # fmt: skip
        assert word in shown, word
    assert (shown.count("<rect"), shown.count('class="people-line"'), shown.count('class="people-link"')) == (
        2,
        1,
        0,
    )
    assert "<html" not in shown
    assert "曾在此任职" in wang.get(address).text
    told = alice.get(address, headers={"Accept": "application/json"}).json
    assert told == {
        "contacts": firm["contact"],
        "links": firm["contact_link"],
        "parts": firm["stakeholder"],
        "former": firm["employment"],
        "elsewhere": [],
    }
    asked = [
        call.message
        for call in house.calls
        if call.method == "list" and call.message["entity"] == "customer.contact_link"
    ]
    assert asked[-1]["query"]["any_of"] == [{"contact_id.customer_id": ID}, {"other_id.customer_id": ID}], (
        "of both companies"
    )


def test_a_company_of_which_nobody_is_known_says_how_to_begin(alice, firm):
    for rows in firm.values():
        rows.clear()
    shown = part(alice, f"/customer/customer/{ID}/people", "people")
    assert "the drawing comes by itself" in shown
    assert "<svg" not in shown


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14))
def test_whoever_reports_to_whom_each_stands_once_and_superiors_above(reports):
    """Also in circles and below several superiors, which merges can leave behind."""
    cards = {str(n): Card(str(n), "人", "") for n in range(8)}
    width, height = arrange(cards, [(str(one), str(other)) for one, other in reports])
    places = sorted((card.y, card.x) for card in cards.values())
    assert all(y != below or x + WIDE < right for (y, x), (below, right) in itertools.pairwise(places))
    assert (width, height) == (max(x for _, x in places) + WIDE, max(y for y, _ in places) + HIGH)
    above = dict(reports)
    if len(above) == len(reports) and not any(one in _over(above, one) for one in above):
        assert all(cards[str(one)].y > cards[str(other)].y for one, other in reports)


def _over(above, one):
    seen = []
    while one in above and above[one] not in seen:
        one = above[one]
        seen.append(one)
    return seen


@given(st.text("a王W，", max_size=40), st.integers(2, 30))
def test_a_text_is_cut_where_the_card_ends(text, most):
    def wide(said):
        return sum(2 if letter in "王，" else 1 for letter in said.removesuffix("…"))

    cut = fitted(text, most)
    assert (cut == text) if wide(text) <= most else (cut.endswith("…") and wide(cut) < most)


def test_the_board_marks_its_card(house, alice, wang, centre):
    card = {
        "id": ID, "ver": 1, "number": "XM-1", "name": "机房", "customer_id": OTHER, "contact_id": None, "owner_id": OTHER,
        "stage_id": ROLE, "expected_amount": "5.00", "expected_on": None, "stage_since": None,
    }  # fmt: skip
    sums = {"count": 1, "amount": "5.00", "weighted": "3.00"}
    column = {
        "stage_id": ROLE,
        "success_rate": "60",
        "asks_for_decider": True,
        "cards": [card],
        "next": None,
        **sums,
    }
    house.doors["sales", "board"] = lambda actor, message: {"columns": [column], "labels": {}, **sums}
    assert "Whoever decides was never met" in alice.get("/sales/board").text
    assert "决策人尚未见过面" in wang.get("/sales/board").text
    house.silent.add("customer")
    assert "机房" in alice.get("/sales/board").text
    house.silent.clear()
    column["asks_for_decider"] = False
    assert "never met" not in alice.get("/sales/board").text


def test_people_of_other_companies_are_drawn_with_what_links_them_as_far_as_they_may_be_seen(
    alice, wang, firm
):
    """CON-03: at the edge, with their company and the kind of link; whom one may not see stands in no drawing."""
    address = f"/customer/customer/{ID}/people"
    unseen = part(alice, address, "people")
    assert "is-elsewhere" not in unseen
    here, there = firm["contact"][1]["id"], firm["contact_link"][1]["other_id"]
    firm["contact_link"].append(
        {"contact_id": there, "other_id": here, "kind": "reports_to", "name": "赵工 → 李工", "note": None}
    )
    firm["linked"] = [
        *firm["contact"],
        {"id": there, "name": "赵工", "job_title": None, "customer_id": OTHER},
    ]
    shown = part(alice, address, "people")
    for word in (
        f'is-elsewhere"><a href="/customer/contact/{there}"', "<title>赵工, 天津设计院: 李工 Friend · ↑ Reports to</title>",
        ">天津设计院</text>", "李工 → 赵工 (天津设计院): Friend (同学会)",
    ):  # fmt: skip
        assert word in shown, word
    assert (shown.count("<rect"), shown.count('class="people-link"')) == (3, 1)
    assert "朋友 · ↑ 汇报给" in wang.get(address).text
    assert [
        one["id"] for one in alice.get(address, headers={"Accept": "application/json"}).json["elsewhere"]
    ] == [there]


def test_a_superiors_page_tells_who_reports_to_her(house, alice, wang, firm):
    """CON-03: links are seen from both ends, each list told by its end."""
    row = dict.fromkeys(Contact.attrs()) | {
        "id": ID,
        "name": "王建国",
        "customer_id": OTHER,
        "ver": 1,
        "tags": [],
    }
    empty = {"changes": [], "labels": {}}
    house.doors["customer", "get"] = lambda actor, message: {
        "row": row,
        "labels": {},
        "can": [],
        "history": empty,
    }
    shown = alice.get(f"/customer/contact/{ID}").text
    for word in (
        "Links to others",
        "Links from others",
        f"contact_link?other_id={ID}",
    ):
        assert word in shown, word
    assert "他人对其的关系" in wang.get(f"/customer/contact/{ID}").text


def test_a_new_job_begins_with_nothing_of_the_old_one(house, alice):
    """CON-04: neither the company nor phone and mail of before, nor what was noted about the person."""
    old = {
        "customer_id": OTHER,
        "job_title": "厂长",
        "phone": "010-62345678",
        "email": "w@old.example",
        "note": "爱喝茶",
    }
    row = dict.fromkeys(Contact.attrs()) | {"id": ID, "name": "王建国", "ver": 1, "tags": []} | old
    empty = {"changes": [], "labels": {}}
    can = {"verbs": ["change_job"]}
    house.doors["customer", "get"] = lambda actor, message: {
        "row": row,
        "labels": {},
        "can": can,
        "history": empty,
    }
    form = alice.get(f"/customer/contact/{ID}/change_job").text
    assert "New company" in form
    assert [value for value in old.values() if f'value="{value}"' in form or f">{value}<" in form] == []
