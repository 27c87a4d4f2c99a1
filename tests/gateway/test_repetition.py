"""How often something takes place, as people say it in each language (ACT-01)."""

import pytest

from gateway import repetition

SAID = {
    "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO": ("every week · on Monday · until somebody ends it", "每周 · 星期一 · 直到有人结束"),
    "FREQ=DAILY;INTERVAL=1;COUNT=3": ("every day · 3 times in all", "每天 · 共 3 次"),
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=5": (
        "every 2 weeks · on Monday and Thursday · 5 times in all", "每 2 周 · 星期一和星期四 · 共 5 次"
    ),
    "FREQ=MONTHLY;INTERVAL=1;BYDAY=2TU;UNTIL=20260609": (
        "every month · on the second Tuesday · until 9 Jun 2026", "每月 · 第二个星期二 · 至 2026-06-09"
    ),
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR;COUNT=2": ("every 3 months · on the last Friday · 2 times in all", "每 3 个月 · 最后一个星期五 · 共 2 次"),
}  # fmt: skip


@pytest.mark.parametrize("rule", SAID)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_rule_is_said_in_words(app, rule, language):
    with app.test_request_context(headers={"Accept-Language": language.replace("_", "-")}):
        assert repetition.said(rule) == SAID[rule][language == "zh_CN"]
