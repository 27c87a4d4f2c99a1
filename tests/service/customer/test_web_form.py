"""A form on the company's website becomes a lead of whoever gets them. Users 7."""

import base64
from uuid import UUID

import pytest

from contracts.actor import Actor
from contracts.customer import TooManyForms, WebFormFilledIn
from contracts.errors import Invalid, NotFound, Unauthenticated
from contracts.organization import OwnChoiceListed, OwnFieldListed
from services.customer import model
from tests.cast import ALICE_ID
from tests.sent_files import send as send_file
from tests.service.customer.conftest import ALICE, INTERNET, ROOT, TRADE, VISIT, _card

STRANGER = Actor.anonymous()


@pytest.fixture
def form(office):
    return office.create(
        ROOT, "web_form", code="fair-2027", name="预约演示", staff_id=str(ALICE_ID), source_id=str(INTERNET),
        asks=["contact_name", "mobile", "need"],
    )  # fmt: skip


def send(office, key="press", **values):
    return office.ask(STRANGER, "send_web_form", {"code": "fair-2027", "values": values}, key=key)


def test_what_a_stranger_writes_becomes_a_lead_of_whoever_gets_them_once(office, form):
    for _ in range(2):
        assert send(office, name="苏州精工", contact_name="王工", mobile="13800138000", need="三坐标") is None
    [lead] = office.rows(model.Lead)
    assert (lead.name, lead.owner_id, lead.source_id, lead.state) == ("苏州精工", ALICE_ID, INTERNET, "new")
    assert lead.number
    [told] = office.emitted(WebFormFilledIn)
    assert (told.lead_id, told.owner_id, told.need) == (lead.id, ALICE_ID, "三坐标")
    assert office.ask(ALICE, "get", {"entity": "lead", "id": str(lead.id)})["can"]["update"]


def test_a_stranger_sees_what_is_asked_and_nothing_of_ours(office, form):
    shown = office.ask(STRANGER, "open_web_form", code="fair-2027")
    assert shown["asks"] == ["name", "contact_name", "mobile", "need"]
    assert not {"staff_id", "source_id"} & shown.keys()
    for door, asked in (("list", {}), ("create", {"values": {"name": "x"}})):
        with pytest.raises(Unauthenticated):
            office.ask(STRANGER, door, {"entity": "lead", **asked})


def test_the_newest_picture_of_a_form_is_its_logo_and_strangers_see_no_other_file_of_ours(office, form):
    where = {"entity": "customer.web_form", "id": form["id"]}
    with pytest.raises(NotFound):
        office.ask(STRANGER, "web_form_logo", code="fair-2027")
    assert office.ask(STRANGER, "open_web_form", code="fair-2027")["logo"] is None
    files = [
        send_file(office, ROOT, b"secret", "list.txt"),
        send_file(office, ROOT, b"PNG", "logo.png", media_type="image/png"),
    ]
    added = office.ask(ROOT, "attach_files", {**where, "files": files})["rows"]
    picture = next(row["id"] for row in added if row["name"] == "logo.png")
    assert office.ask(STRANGER, "open_web_form", code="fair-2027")["logo"] == picture
    told = office.ask(STRANGER, "web_form_logo", code="fair-2027")
    assert (told["media_type"], base64.b64decode(told["data"])) == ("image/png", b"PNG")
    assert office.ask(STRANGER, "web_form_logo", code="fair-2027", position=1)["data"] is None
    office.ask(ROOT, "remove_attachment", {**where, "attachment_id": picture})
    with pytest.raises(NotFound):
        office.ask(STRANGER, "web_form_logo", code="fair-2027")


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"name": "苏州精工"}, "mobile", "required"),
        ({"mobile": "13800138000"}, "name", "required"),
        ({"name": "苏州精工", "mobile": "call me"}, "mobile", "not_a_phone"),
        ({"name": "苏" * 300, "mobile": "13800138000"}, "name", "too_long"),
        ({"name": "苏州精工", "mobile": "13800138000", "owner_id": str(ALICE_ID)}, "owner_id", "unknown"),
        ({"name": "苏州精工", "mobile": "13800138000", "email": "a@b.example"}, "email", "unknown"),
    ],
)
def test_what_is_wrong_names_its_field_and_nothing_is_kept(office, form, values, field, code):
    with pytest.raises(Invalid) as caught:
        send(office, **values)
    assert (field, code) in [(f.field, f.code) for f in caught.value.fields]
    assert office.rows(model.Lead) == []


def test_a_closed_form_and_one_that_was_put_away_are_not_there(office, form):
    path = {"entity": "web_form", "id": form["id"]}
    closed = office.ask(ROOT, "update", {**path, "ver": form["ver"], "values": {"is_open": "no"}})["row"]
    with pytest.raises(NotFound):
        send(office, name="苏州精工", mobile="13800138000")
    reopened = office.ask(ROOT, "update", {**path, "ver": closed["ver"], "values": {"is_open": "yes"}})["row"]
    office.ask(ROOT, "archive", {**path, "ver": reopened["ver"]})
    with pytest.raises(NotFound):
        office.ask(STRANGER, "open_web_form", code="fair-2027")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "Fair 2027"}, "code"),
        ({"asks": ["need"]}, "asks"),
        ({"asks": ["tax_number"]}, "asks"),
        ({"sites": ["https://www.example.com", "example.com/contact"]}, "sites"),
        ({"sites": ["https://*"]}, "sites"),
    ],
)
def test_a_form_that_nobody_could_use_is_refused(office, values, field):
    given = {"code": "fair", "name": "预约", "staff_id": str(ALICE_ID)} | values
    with pytest.raises(Invalid) as caught:
        office.create(ROOT, "web_form", **given)
    assert [f.field.partition(".")[0] for f in caught.value.fields] == [field]


FLOOR, WISHES, WHOSE = (UUID(int=n) for n in (0xF1, 0xF2, 0xF3))
HALL, SHED = UUID(int=0xC1), UUID(int=0xC2)


def know_own_fields(office, is_required=False):
    """Leads have a floor to choose, several wishes, and a customer they came through."""
    for id, code, kind, refers_to in (
        (FLOOR, "floor", "choice", None), (WISHES, "wishes", "text", None), (WHOSE, "whose", "reference", "customer.customer"),
    ):  # fmt: skip
        office.hear(
            _card(
                OwnFieldListed, id, code.title(), None, entity_name="customer.lead", kind=kind, code=code, position=1,
                name=code.title(), name_en=None, refers_to=refers_to, is_required=is_required, is_in_list=False, is_searched=False,
                help=None, help_en=None,
            )
        )  # fmt: skip
    for position, (id, name) in enumerate(((HALL, "大厅"), (SHED, "车棚"))):
        office.hear(_card(OwnChoiceListed, id, name, None, field_id=str(FLOOR), position=position))


def test_each_own_field_and_the_words_of_lists_can_be_asked(office):
    """Users 7: the administrator picks the fields; a stranger is shown words to choose from, and no record of ours."""
    know_own_fields(office)
    office.create(
        ROOT, "web_form", code="fair-2027", name="预约", staff_id=str(ALICE_ID), asks=["mobile", "industry_id"],
        asked_field_ids=[str(FLOOR)],
    )  # fmt: skip
    shown = office.ask(STRANGER, "open_web_form", code="fair-2027")
    assert set(shown["asks"]) == {"name", "mobile", "industry_id", "own_floor"}
    assert [choice["label"] for choice in shown["choices"]["own_floor"]] == ["大厅", "车棚"]
    assert shown["choices"]["industry_id"] == [{"id": str(TRADE), "label": "商业贸易", "label_en": "Trade"}]
    send(office, name="苏州精工", mobile="13800138000", industry_id=str(TRADE), own_floor=str(SHED))
    [lead] = office.rows(model.Lead)
    assert (lead.industry_id, lead.own_floor) == (TRADE, str(SHED))
    for n, wrong in enumerate(({"industry_id": str(VISIT)}, {"own_floor": str(TRADE)}, {"own_wishes": "x"})):
        with pytest.raises(Invalid) as caught:
            send(office, key=f"wrong {n}", name="苏州精工", mobile="13800138000", **wrong)
        assert [f.field for f in caught.value.fields] == list(wrong)
    assert len(office.rows(model.Lead)) == 1


def test_a_field_that_refers_to_a_record_is_not_shown_to_strangers(office):
    know_own_fields(office)
    given = {"code": "fair", "name": "预约", "staff_id": str(ALICE_ID)}
    with pytest.raises(Invalid) as caught:
        office.create(ROOT, "web_form", **given, asked_field_ids=[str(WHOSE)])
    assert [(f.field, f.code) for f in caught.value.fields] == [("asked_field_ids", "not_for_strangers")]
    office.create(ROOT, "web_form", **given, asks_own_fields="yes")
    assert set(office.ask(STRANGER, "open_web_form", code="fair")["asks"]) >= {"own_floor", "own_wishes"}
    assert "own_whose" not in office.ask(STRANGER, "open_web_form", code="fair")["asks"]


def test_what_the_company_wants_filled_in_is_asked_of_a_stranger_as_far_as_the_form_asks_for_it(office, form):
    know_own_fields(office, is_required=True)
    send(office, name="苏州精工", mobile="13800138000")
    office.ask(
        ROOT, "update", entity="web_form", id=form["id"], ver=form["ver"], values={"asked_field_ids": [str(FLOOR)]}
    )  # fmt: skip
    with pytest.raises(Invalid) as caught:
        send(office, key="again", name="苏州精工")
    assert [(f.field, f.code) for f in caught.value.fields] == [
        ("own_floor", "required"),
        ("mobile", "required"),
    ]
    assert len(office.rows(model.Lead)) == 1


def test_so_often_as_the_form_says_may_one_address_send_it_on_a_day(office, form):
    """Whichever process counts. A website's own server, or a tablet at a fair, is given more."""
    office.ask(ROOT, "update", entity="web_form", id=form["id"], values={"most_a_day": 2})

    def sent(number: int, sender: str) -> None:
        values = {"name": f"公司{number}", "mobile": f"1380013800{number}"}
        office.ask(
            STRANGER, "send_web_form", code="fair-2027", values=values, sender=sender, key=f"k{number}"
        )

    sent(1, "a"), sent(2, "a"), sent(3, "b")
    with pytest.raises(TooManyForms) as refused:
        sent(4, "a")
    assert 0 < int(refused.value.params["seconds"]) <= 24 * 3600
    office.later(days=1)
    sent(5, "a")
    assert [row.name[-1] for row in office.rows(model.Lead)] == ["1", "2", "3", "5"]
    assert len(office.rows(model.WebFormSender)) == 1, "of yesterday nothing is kept"
    office.ask(ROOT, "update", entity="web_form", id=form["id"], values={"most_a_day": 1000})
    sent(6, "a"), sent(7, "a")


def test_what_a_program_may_have_written_is_kept_where_it_can_be_taken_up(office, form):
    """Form fillers fill in what no person sees, too: a lead is not lost for that."""
    values = {"name": "苏州精工", "mobile": "13800138000"}
    office.ask(STRANGER, "send_web_form", code="fair-2027", values=values, is_suspect=True, key="k")
    [lead] = office.rows(model.Lead)
    assert (lead.state, lead.is_suspect, str(lead.web_form_id)) == ("dropped", True, form["id"])
    assert [event.is_suspect for event in office.emitted(WebFormFilledIn)] == [True]
    query = {"where": {"web_form_id": form["id"], "is_suspect": True}}
    assert [row["id"] for row in office.ask(ALICE, "list", entity="lead", query=query)["rows"]] == [
        str(lead.id)
    ]
    assert office.ask(ALICE, "reopen_lead", id=str(lead.id), ver=lead.ver)["row"]["state"] == "following"
