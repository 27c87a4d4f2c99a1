"""How typed, filed and programmed values become values we keep."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from contracts import kinds
from contracts.errors import FIELD_PATTERNS, Invalid
from contracts.message import Message

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.dates(), st.datetimes(),
    st.lists(st.integers()), st.dictionaries(st.text(), st.text()), st.binary(),
)  # fmt: skip


@given(ANYTHING)
def test_whatever_comes_in_gives_a_value_or_a_named_problem(value):
    for name, clean in kinds.CLEAN.items():
        assert _problem(clean, value) in {None, *FIELD_PATTERNS}, name


def _problem(clean, value) -> str | None:
    try:
        clean(value)
    except PydanticCustomError as error:
        return error.type
    return None


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_money_is_exact_in_every_way_it_is_written(amount):
    for written in (amount, str(amount), f"{amount:,}", f"¥{amount:,}", f" {amount} "):
        assert kinds.amount(written) == amount
    wide = str(amount).translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
    assert kinds.amount(wide) == amount


@pytest.mark.parametrize(
    "bad", ["1e309", "NaN", "inf", "1,2", "12,34", "--1", "1.2.3", "twelve", float("nan"), True, [1]]
)
def test_what_is_no_number_is_refused(bad):
    with pytest.raises(PydanticCustomError, match="not_a_number"):
        kinds.amount(bad)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)))
def test_a_day_is_the_same_in_every_way_it_is_written(day):
    y, m, d = day.year, day.month, day.day
    for written in (
        day,
        day.isoformat(),
        f"{y}/{m}/{d}",
        f"{y}.{m:02}.{d:02}",
        f"{y}年{m}月{d}日",
        datetime(y, m, d, 13),
    ):
        assert kinds.day(written) == day


@pytest.mark.parametrize("bad", ["2026-02-30", "30.2.2026", "soon", "2026-13-01", "0000-00-00"])
def test_a_day_that_does_not_exist_is_refused(bad):
    with pytest.raises(PydanticCustomError, match="not_a_date"):
        kinds.day(bad)


def test_a_spreadsheets_number_is_a_text_without_its_point():
    assert kinds.text(13800138000.0) == "13800138000"
    assert kinds.whole_number("１２") == 12
    assert kinds.number("12.5") == Decimal("12.5")


LOCAL = st.text("abcXYZ019._%+-", min_size=1, max_size=70)
DOMAIN = st.text("abcXYZ019.-", min_size=1, max_size=80)


@given(LOCAL, DOMAIN, st.sampled_from(["com", "cn", "COM", "net", "test", "local", "c"]))
def test_a_plain_address_is_taken_just_as_the_full_grammar_takes_it(local, domain, top):
    address = f"{local}@{domain}.{top}"
    try:
        expected = validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        with pytest.raises(PydanticCustomError):
            kinds.email(address)
    else:
        assert kinds.email(address) == expected


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-03T09:05:00Z",
        "2026-02-03 09:05",
        "2026/2/3 9:05",
        "2026年2月3日 9时05分",
        "２０２６-02-03 09:05:00",
        "2026-02-03T17:05+08:00",
    ],
)
def test_a_moment_is_the_same_however_it_is_written(written):
    assert kinds.moment(written) == datetime(2026, 2, 3, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2026-02-30 09:05", "2026/2/3 25:00", "soon", "9:05"])
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(PydanticCustomError):
        kinds.moment(written)


@pytest.mark.parametrize(
    ("given", "code"), [({"note": "a\x00b"}, "not_a_text"), ({"place": 2**63}, "too_large"), ({"place": -(10**30)}, "too_large")]
)  # fmt: skip
def test_what_no_database_keeps_is_named_in_whatever_message_it_stands(given, code):
    """Fields that are described by nothing but their type, too."""
    with pytest.raises(Invalid) as told:
        Note.read(given)
    assert [(one.field, one.code) for one in told.value.fields] == [(*given, code)]
    assert Note.read({"note": "a\nb", "place": 2**63 - 1}).note == "a\nb"


class Note(Message):
    note: str = ""
    place: int = 0
