"""/metrics: what all processes of this machine count, and the facts of every service, for Prometheus with its token."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from chassis import metrics
from contracts.errors import NotFound
from gateway import api, operation
from gateway.auth import sessions
from gateway.frame import registry
from gateway.operation import Part, waited

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@api.only_page("figures for Prometheus, with a token of its own")
def show() -> Response:
    """For whoever brings the token; for everybody else it is not there."""
    settings = current_app.extensions["guanxi-settings"]
    if not metrics.is_allowed(settings.metrics_token, request.headers.get("Authorization")):
        raise NotFound()
    parts = operation.ask(
        current_app.extensions["guanxi-wire"],
        registry().services,
        sessions().own_token(),
        g.call_id,
        settings.lag_limit,
    )
    text = metrics.render(settings.metrics_dir, Facts(parts))
    return Response(text, content_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


class Facts:
    """What the services told of their books, as gauges."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts

    def collect(self) -> Iterator[Metric]:
        """Asked by the registry."""
        up = GaugeMetricFamily("guanxi_service_up", "Whether it tells of itself", labels=["service"])
        for part in self.parts:
            up.add_metric([part.name], 0 if part.facts is None else 1)
        yield up
        yield from self._waiting()
        yield from self._jobs()
        for mail in (part.mail for part in self.parts if part.mail is not None):
            yield GaugeMetricFamily("guanxi_mail_queued", "Letters waiting to be sent", mail["queued"])
            yield GaugeMetricFamily("guanxi_mail_stuck", "Letters that wait too long", mail["stuck"])
            yield GaugeMetricFamily(
                "guanxi_mail_uncertain", "Letters that may have arrived", mail["uncertain"]
            )
            age = waited(mail.get("oldest_queued_at"))
            yield GaugeMetricFamily("guanxi_mail_oldest_seconds", "Age of the oldest waiting letter", age)

    def _waiting(self) -> Iterator[Metric]:
        count = GaugeMetricFamily(
            "guanxi_events_waiting", "Events that are not done", labels=["service", "where"]
        )
        age = GaugeMetricFamily(
            "guanxi_events_oldest_seconds", "Age of the oldest", labels=["service", "where"]
        )
        refused = GaugeMetricFamily("guanxi_outbox_refused", "Events that nobody hears", labels=["service"])
        for part in (part for part in self.parts if part.facts is not None):
            facts = part.facts or {}
            refused.add_metric([part.name], facts["outbox"]["failing"])
            places = {"outbox": facts["outbox"], "queue": facts["queue"], **facts["inbox"]}
            for where, found in places.items():
                count.add_metric([part.name, where], found["count"])
                age.add_metric([part.name, where], found["age"])
        yield from (count, age, refused)

    def _jobs(self) -> Iterator[Metric]:
        labels = ["service", "job"]
        done = GaugeMetricFamily("guanxi_job_done_timestamp_seconds", "When it was last done", labels=labels)
        well = GaugeMetricFamily("guanxi_job_well", "1: its newest run was done, and in time", labels=labels)
        for part in self.parts:
            for job, run in (part.facts or {"jobs": {}})["jobs"].items():
                if run["done_at"]:
                    done.add_metric([part.name, job], time.time() - waited(run["done_at"]))
                well.add_metric([part.name, job], 0 if run["error"] or run["late"] else 1)
        yield from (done, well)


def install(app: Flask) -> None:
    """Make the folder in which the processes count."""
    metrics.begin(app.extensions["guanxi-settings"].model_copy(update={"metrics_port": None}))
