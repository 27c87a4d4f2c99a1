"""Look at the engine's pages without a broker: `python -m tests.gateway.preview 8099`, sign in as alice or wang."""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta

from werkzeug.serving import run_simple

from tests.gateway import facts, toy
from tests.gateway.conftest import make_app
from tests.gateway.fake import ALICE, PASSWORD, WANG, FakeHouse

NAMES = (
    "北京泰微电子有限公司",
    "上海华信软件股份有限公司",
    "Dalian Foods",
    "成都优品科技",
    "深圳市鹏程物流",
    "杭州云帆数据",
    "武汉光谷仪器",
)


def filled(rows: int = 130) -> FakeHouse:
    """A house with something in it."""
    house, dice = FakeHouse(toy.Maker, toy.Gadget), random.Random(7)
    makers = [house.add(toy.Maker, name=name, name_en=f"Maker {n}") for n, name in enumerate(NAMES)]
    for n in range(rows):
        house.add(
            toy.Gadget, name=f"{dice.choice(NAMES)} {n + 1}", amount=f"{dice.randint(100, 9_000_000)}.50",
            due_on=str(date.today() + timedelta(days=dice.randint(-40, 60))), phone=f"010-8{dice.randint(1000000, 9999999)}",
            size=dice.choice(("small", "large", None)), maker_id=dice.choice(makers), is_fragile=dice.random() < 0.3,
            owner_id=str(dice.choice((ALICE, WANG)).id), email="sales@example.com", notes="先联系采购部，再约技术交流。",
            parts=[{"name": "电源", "quantity": 2, "price": "120.00", "maker_id": makers[0]}, {"name": "外壳", "quantity": 1, "price": "88.50"}],
        )  # fmt: skip
    states = ("draft", "signed", "closed")
    for row in house.rows["toy.gadget"].values():
        row["state"] = dice.choice(states)
    troubled(house)
    return house


def troubled(house: FakeHouse) -> None:
    """Services that tell how they are doing: most are well, one is not, some do not answer."""
    for name in ("customer", "notification", "organization", "receivables"):
        house.doors[name, "backlog"] = lambda actor, message: facts.WELL
    house.doors["sales", "backlog"] = lambda actor, message: facts.FACTS
    house.doors["notification", "mail_state"] = lambda actor, message: facts.MAIL
    house.doors["sales", "parked"] = lambda actor, message: {
        "incoming": [facts.EVENT], "given_up": [facts.GIVEN_UP], "outgoing": [],
    }  # fmt: skip


if __name__ == "__main__":
    print(f"sign in as alice or wang with «{PASSWORD}»")
    run_simple("127.0.0.1", int(sys.argv[1]), make_app(filled()), threaded=True)
