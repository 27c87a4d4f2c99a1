"""The file of an export that was written in the background; its own page is the engine's, with a bar instead of fields."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, stream_with_context
from werkzeug.wrappers import Response

from contracts.organization import ExportPartOf
from contracts.query import GetOf
from gateway import api
from gateway.entity_pages.list_files import MEDIA_TYPES
from gateway.render import named
from gateway.rpc import ask

blueprint = Blueprint("exports", __name__)


@blueprint.get("/organization/export/<uuid:id>/file")
@api.described(
    summary="The file that was written in the background; for its owner alone.",
    media="application/octet-stream",
)
def file(id: UUID) -> Response:
    """For its owner alone."""
    export = ask("organization", "get", GetOf(entity="organization.export", id=id))["row"]
    parts = _parts(id)
    # The first part is asked for now, so that a refusal is an answer and not an empty file.
    first = next(parts, b"")
    response = Response(stream_with_context(_behind(first, parts)), mimetype=MEDIA_TYPES[export["file_kind"]])
    response.headers["Content-Length"] = str(export["size"])
    return named(response, f"{export['name']}.{export['file_kind']}")


def _parts(id: UUID) -> Iterator[bytes]:
    position = 0
    while (
        data := ask("organization", "export_part", ExportPartOf(id=id, position=position))["data"]
    ) is not None:
        yield base64.b64decode(data)
        position += 1


def _behind(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
