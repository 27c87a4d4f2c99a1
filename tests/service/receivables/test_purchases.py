"""What a customer bought of us, product by product (CUS-02)."""

from contracts.sales import ProductListed
from tests.cast import id_of
from tests.factories.receivables import ALICE, CAROL, CUSTOMER, drafted, signed

SCOPE, PROBE = id_of(951), id_of(952)


def lines(*told) -> dict:
    found = [
        {
            "product_id": str(product) if product else None,
            "description": said,
            "quantity": quantity,
            "unit_price": price,
        }
        for product, said, quantity, price in told
    ]
    return {"lines": found}


def bought(house, actor=ALICE) -> list[tuple]:
    found = house.ask(actor, "purchases", customer_id=str(CUSTOMER))
    return [(one["product_id"], one["description"], one["quantity"], one["amount"]) for one in found["rows"]]


def test_the_lines_of_signed_contracts_added_up_by_product(house):
    for id, name in ((SCOPE, "显微镜"), (PROBE, "探头")):
        house.hear(ProductListed(record_id=id, epoch=1, ver=1, label=name, data={}))
    signed(house, **lines((SCOPE, None, "1", "600"), (None, "安装", "1", "400")))
    signed(house, name="二期", **lines((SCOPE, None, "1", "400"), (PROBE, None, "3", "200")))
    drafted(house, name="三期", **lines((PROBE, None, "5", "200")))
    assert bought(house) == [
        (str(SCOPE), None, "2", "1000.00"), (str(PROBE), None, "3", "600.00"), (None, "安装", "1", "400.00"),
    ]  # fmt: skip
    found = house.ask(ALICE, "purchases", customer_id=str(CUSTOMER))
    assert found["labels"][str(SCOPE)]["label"] == "显微镜"
    assert found["rows"][0]["signed_on"] == "2026-03-10"
    assert bought(house, CAROL) == [], "only of contracts one may see"
