"""What the sales service is born with."""

from chassis.work import Work
from contracts.actor import Actor
from contracts.sales import ProductListed, StageListed
from services.sales import model
from services.sales.seed import seed


def plant(office):
    with office.house.sessions.begin() as session:
        work = Work(session, Actor.system("sales.seed"), office.house, door="seed")
        seed(work)
        session.flush()
        return len(work.touched)


def test_stages_classes_and_products_with_names_in_both_languages(office):
    for cls, count in ((model.Stage, 6), (model.ProductClass, 8), (model.Product, 14)):
        rows = office.rows(cls)
        assert len(rows) == count
        assert all(row.name and row.name_en and row.home == "HQ" for row in rows)
    assert (len(office.emitted(StageListed)), len(office.emitted(ProductListed))) == (6, 14)


def test_a_second_start_adds_nothing(office):
    assert plant(office) == 0
