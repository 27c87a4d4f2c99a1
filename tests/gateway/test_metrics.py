"""/metrics of the gateway: facts of every service, for whoever brings the token."""

from prometheus_client.parser import text_string_to_metric_families

from tests.gateway.conftest import make_app
from tests.gateway.facts import FACTS, MAIL

TOKEN = "a token of sixteen or more"


def read(app, token: str = TOKEN):
    return app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})


def test_facts_of_every_service_are_told(house):
    house.doors["sales", "backlog"] = lambda actor, message: FACTS
    house.doors["notification", "backlog"] = lambda actor, message: FACTS
    house.doors["notification", "mail_state"] = lambda actor, message: MAIL
    answer = read(make_app(house, metrics_token=TOKEN))
    assert answer.status_code == 200
    found = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["guanxi_service_up", "sales"] == 1
    assert found["guanxi_service_up", "receivables"] == 0
    assert found["guanxi_events_waiting", "parked", "sales"] == 2
    assert found["guanxi_events_oldest_seconds", "outbox", "sales"] == 12.5
    assert found["guanxi_job_well", "prove_books", "sales"] == 1
    assert found["guanxi_job_well", "chase", "sales"] == 0
    assert found["guanxi_mail_stuck",] == 3


def test_nobody_reads_it_without_the_token(app, house):
    assert read(make_app(house, metrics_token=TOKEN), "wrong").status_code == 404
    assert app.test_client().get("/metrics").status_code == 404
    assert read(app).status_code == 404, "no token is set"
