"""Puts the gateway together: settings, security, languages, errors, the engine's pages and everybody's own."""

from __future__ import annotations

import importlib
import pkgutil
import time
from types import ModuleType
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from chassis import logs, tracing
from chassis import metrics as counted
from chassis.wire import RpcClient
from gateway import (
    api,
    assets,
    auth,
    bell,
    beside,
    definitions,
    errors,
    fields,
    frame,
    health,
    kept,
    languages,
    mentions,
    messages,
    metrics,
    openapi,
    pages,
    permission_words,
    person,
    repetition,
    search,
    security,
    sign_in,
    templating,
    verb_pages,
    wording,
)
from gateway.addresses import NounConverter
from gateway.entity_pages import chips, routes, views
from gateway.entity_pages.subject import title_of
from gateway.exporter import Exporter
from gateway.registry import Registry
from gateway.rpc import Wire
from gateway.run_queue import RunQueue
from gateway.screen import Screens
from gateway.settings import GatewaySettings
from gateway.staging import Stager
from gateway.uploads import Uploads

log = structlog.get_logger("gateway")


def create_app(
    settings: GatewaySettings | None = None, wire: Wire | None = None, modules: tuple[ModuleType, ...] = ()
) -> Flask:
    """The WSGI application. Tests give their own settings, wire and message modules."""
    is_served = settings is None
    if settings is None:
        settings = GatewaySettings.load()
        logs.set_up("gateway", settings.log_level)
        tracing.set_up("gateway", settings.traces_url)
    messages.compile_all()
    app = Flask(__name__, static_folder=None)
    templating.install(app)
    app.url_map.converters["noun"] = NounConverter
    app.extensions |= {
        "guanxi-settings": settings,
        "guanxi-registry": Registry.shipped(*modules),
        "guanxi-screens": Screens.shipped(),
        "guanxi-wire": wire or RpcClient(settings.amqp_url),
        "guanxi-run-queue": (run_queue := RunQueue()),
        "guanxi-menu": [],
        "guanxi-beside": [],
        "guanxi-fills": {},
        "guanxi-uploads": Uploads(settings.upload_dir),
    }
    app.extensions |= {"guanxi-exporter": Exporter(app), "guanxi-stager": Stager(app)}
    app.before_request(_begin)
    kept.install(app)
    auth.install(app, settings.signing_key(), settings.session_seconds)
    for part in (
        definitions,
        beside,
        languages,
        repetition,
        permission_words,
        wording,
        errors,
        frame,
        fields,
        mentions,
        metrics,
    ):
        part.install(app)
    security.install(app, settings)
    assets.install(app, settings.node_modules)
    for module in (sign_in, person, health, metrics, openapi, search, bell, *_own_pages(app)):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(verb_pages.blueprint)
    app.jinja_env.globals.update(
        row_title=title_of,
        conditions_of=chips.conditions_of,
        month_name=chips.month_name,
        came_by=views.came_by,
    )
    app.add_url_rule("/", "home", _home)
    app.after_request(_end)
    app.wsgi_app = run_queue.wsgi(app.wsgi_app)  # type: ignore[method-assign]
    if is_served:
        health.check_start(app)
    return app


def _own_pages(app: Flask) -> list[Any]:
    """Every module in `gateway/pages`; its menu entry, what it says beside forms and fills into them come with it."""
    found = [
        importlib.import_module(f"gateway.pages.{item.name}") for item in pkgutil.iter_modules(pages.__path__)
    ]
    app.extensions["guanxi-beside"] += [module.beside for module in found if hasattr(module, "beside")]
    app.extensions["guanxi-fills"] |= {
        k: v for module in found for k, v in getattr(module, "fills", {}).items()
    }
    app.extensions["guanxi-menu"] += [module.menu for module in found if hasattr(module, "menu")]
    return [module for module in found if hasattr(module, "blueprint")]


@api.only_page("leads to the first page of the menu")
def _home() -> AnyResponse:
    """Whatever stands first in the person's menu."""
    entries = frame.menu()
    return redirect(entries[0].address if entries else "/person", 303)


def _begin() -> None:
    g.call_id = uuid4().hex
    g.started = time.perf_counter()
    g.traced = tracing.start(f"{request.method} {request.endpoint}", g.call_id, "server")


def _told_path() -> str:
    """As the log may read it: an address that is itself a key is not written down."""
    rule = request.url_rule
    return rule.rule if rule is not None and "secret" in rule.arguments else request.path


def _end(response: Response) -> Response:
    """One line a request, and the number to quote in a header."""
    response.headers["X-Call-Id"] = g.get("call_id", "")
    if "traced" in g:
        g.traced.end(str(response.status_code) if response.status_code >= 500 else None)
    if request.endpoint != "assets.serve":
        spent = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
        log.info(
            "request", method=request.method, path=_told_path(), status=response.status_code,
            ms=round(spent, 1), actor=str(actor.id) if (actor := g.get("actor")) else "", call=g.get("call_id", ""),
        )  # fmt: skip
        counted.pages.labels(request.endpoint or "", response.status_code).observe(spent / 1000)
    return response
