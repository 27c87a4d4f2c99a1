"""Files on their way into a service, as the gateway sends them."""

from __future__ import annotations

import base64
from typing import Any

from chassis.identity import new_id
from contracts.actor import Actor
from contracts.attachments import PART
from tests.desk import Desk


def send(
    desk: Desk,
    actor: Actor,
    content: bytes,
    name: str = "合同.txt",
    text: str = "",
    media_type: str = "text/plain",
) -> dict[str, Any]:
    """What `attach_files` needs to know of a file whose parts have been sent."""
    id = str(new_id())
    for position in range(-(-len(content) // PART)):
        data = base64.b64encode(content[position * PART : (position + 1) * PART]).decode()
        desk.ask(actor, "put_part", {"file_id": id, "position": position, "data": data})
    return {"file_id": id, "name": name, "size": len(content), "media_type": media_type, "text": text}


def content_of(desk: Desk, actor: Actor, where: dict[str, Any], id: str) -> bytes:
    found, position = b"", 0
    while (
        part := desk.ask(actor, "attachment_part", {**where, "attachment_id": id, "position": position})[
            "data"
        ]
    ) is not None:
        found, position = found + base64.b64decode(part), position + 1
    return found
