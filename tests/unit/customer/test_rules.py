"""Keys by which two rows are found to be the same company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customer import rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海泰微信息技术有限公司", "上海泰微信息技术"),
        ("上海泰微信息技术有限公司", "上海泰微信息技术股份有限公司"),
        ("泰微（上海）有限公司", "泰微(上海) 有限责任公司"),
        ("ＡＣＭＥ Ltd.", "acme"),
        ("Acme Trading Co., Ltd.", "ACME trading"),
        ("Siemens AG", "siemens"),
    ],
)
def test_a_legal_form_does_not_make_another_company(one, other):
    assert rules.name_key(one) == rules.name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("上海泰微", "北京泰微"), ("公司", "集团"), ("Coca", "Cola"), ("Inco", "In"), ("Stag", "St")],
)
def test_different_companies_stay_different(one, other):
    assert rules.name_key(one) != rules.name_key(other)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("13800138000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("021-6888 1234", "2168881234"),
        ("(021) 68881234 转 8", "2168881234"),
        ("８００８１０８８８８", "8008108888"),
        ("110", None),
        ("", None),
        (None, None),
    ],
)
def test_a_phone_number_is_the_same_however_it_is_written(written, key):
    assert rules.phone_key(written) == key


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_every_name_has_a_key_that_is_its_own_key(name):
    key = rules.name_key(name)
    assert 0 < len(key) <= 200


@given(st.text(alphabet="甲乙丙公司有限集团abc .,ltd", min_size=1, max_size=30).filter(str.strip))
def test_blanks_and_case_never_matter(name):
    assert rules.name_key(name) == rules.name_key(f"  {name.upper()} ")
