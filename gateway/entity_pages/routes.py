"""Addresses of the engine's pages: the table of contents."""

from __future__ import annotations

from flask import Blueprint

from gateway.entity_pages import (
    attachments,
    bad_rows,
    exports,
    filters,
    forms,
    groups,
    import_pages,
    list_papers,
    lists,
    many,
    merging,
    options,
    papers,
    records,
    views,
)

LIST = "/<noun:service>/<noun:noun>"
ONE = LIST + "/<uuid:id>"

blueprint = Blueprint("entity", __name__)
for method, address, name, function in (
    ("GET", LIST, "listing", lists.listing),
    ("GET", LIST + ".<any(json, csv, xlsx, vcf):suffix>", "listing", lists.listing),
    ("POST", LIST + "/export", "export", exports.begin),
    ("POST", LIST, "create", forms.create),
    ("GET", LIST + "/new", "new", forms.new),
    ("GET", LIST + "/filter", "filter_form", filters.filter_form),
    ("GET", LIST + "/grouped", "grouped", groups.grouped),
    ("GET", LIST + "/grouped.<any(json, xlsx, pdf):suffix>", "grouped", groups.grouped),
    ("GET", LIST + "/paper", "list_paper", list_papers.paper),
    ("GET", LIST + "/paper.<any(pdf, docx, xlsx, json):suffix>", "list_paper", list_papers.paper),
    ("GET", LIST + "/filter-related", "related_filters", filters.related_filters),
    ("GET", LIST + "/filtered", "apply_filter", filters.apply_filter),
    ("GET", LIST + "/options", "options", options.options),
    ("GET", LIST + "/save-view", "save_view_form", views.save_form),
    ("POST", LIST + "/save-view", "save_view", views.save),
    ("POST", LIST + "/open-first", "open_first", views.open_first),
    ("GET", LIST + "/duplicates", "duplicates", merging.duplicates),
    ("GET", LIST + "/duplicates.<any(json):suffix>", "duplicates", merging.duplicates),
    ("GET", LIST + "/change-many", "change_many_form", many.form),
    ("POST", LIST + "/change-many", "change_many", many.change),
    ("GET", LIST + "/merge", "choose_merge", merging.choose),
    ("POST", LIST + "/merge", "merge", merging.merge),
    ("POST", LIST + "/unmerge/<uuid:merge>", "unmerge", merging.unmerge),
    ("GET", ONE + "/merges", "merges", merging.merges),
    ("GET", ONE + "/merges.<any(json):suffix>", "merges", merging.merges),
    ("GET", ONE, "record", records.show),
    ("GET", ONE + ".<any(json):suffix>", "record", records.show),
    ("POST", ONE, "update", forms.update),
    ("PATCH", ONE, "update", forms.update),
    ("GET", ONE + "/edit", "edit", forms.edit),
    ("GET", ONE + "/paper", "paper", papers.paper),
    ("GET", ONE + "/paper.<any(pdf, docx, xlsx, json):suffix>", "paper", papers.paper),
    ("GET", ONE + "/history", "history", records.history),
    ("POST", ONE + "/archive", "archive", records.archive),
    ("POST", ONE + "/restore", "restore", records.restore),
    ("GET", ONE + "/attachments", "attachments", attachments.listing),
    ("GET", ONE + "/attachments.<any(json):suffix>", "attachments", attachments.listing),
    ("POST", ONE + "/attachments", "add_attachments", attachments.add),
    ("GET", ONE + "/attachments/<uuid:attachment>", "attachment", attachments.download),
    (
        "POST",
        ONE + "/attachments/<uuid:attachment>/<any(rename, remove, restore):step>",
        "change_attachment",
        attachments.change,
    ),
    ("GET", LIST + "/import", "start_import", import_pages.start),
    ("POST", LIST + "/import", "upload", import_pages.upload),
    ("GET", LIST + "/import/template.xlsx", "import_template", exports.template),
    ("GET", LIST + "/import/columns/<uuid:upload>", "columns", import_pages.columns),
    ("POST", LIST + "/import/columns/<uuid:upload>", "use_columns", import_pages.use_columns),
    ("GET", LIST + "/import/<uuid:job>", "job", import_pages.job),
    ("POST", LIST + "/import/<uuid:job>/check", "check_job", import_pages.check),
    ("POST", LIST + "/import/<uuid:job>/go_on", "go_on", import_pages.go_on),
    ("POST", LIST + "/import/<uuid:job>/<any(run, cancel, take_back):step>", "job_step", import_pages.step),
    ("POST", LIST + "/import/sources/<uuid:source>/forget", "forget_source", import_pages.forget),
    (
        "GET",
        LIST + "/import/<uuid:job>/bad-rows.<any(xlsx, csv, json):suffix>",
        "bad_rows",
        bad_rows.bad_rows,
    ),
):
    blueprint.add_url_rule(address, name, function, methods=[method])
