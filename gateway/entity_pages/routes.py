"""Addresses of the engine's pages: the table of contents."""

from __future__ import annotations

from flask import Blueprint

from gateway.entity_pages import forms, lists, options, records, views

LIST = "/<noun:service>/<noun:noun>"
ONE = LIST + "/<uuid:id>"

blueprint = Blueprint("entity", __name__)
for method, address, name, function in (
    ("GET", LIST, "listing", lists.listing),
    ("GET", LIST + ".<any(json, csv, xlsx):suffix>", "listing", lists.listing),
    ("POST", LIST, "create", forms.create),
    ("GET", LIST + "/new", "new", forms.new),
    ("GET", LIST + "/filter", "filter_form", lists.filter_form),
    ("GET", LIST + "/filtered", "apply_filter", lists.apply_filter),
    ("GET", LIST + "/options", "options", options.options),
    ("GET", LIST + "/save-view", "save_view_form", views.save_form),
    ("POST", LIST + "/save-view", "save_view", views.save),
    ("GET", ONE, "record", records.show),
    ("GET", ONE + ".<any(json):suffix>", "record", records.show),
    ("POST", ONE, "update", forms.update),
    ("PATCH", ONE, "update", forms.update),
    ("GET", ONE + "/edit", "edit", forms.edit),
    ("GET", ONE + "/history", "history", records.history),
    ("POST", ONE + "/archive", "archive", records.archive),
    ("POST", ONE + "/restore", "restore", records.restore),
):
    blueprint.add_url_rule(address, name, function, methods=[method])
