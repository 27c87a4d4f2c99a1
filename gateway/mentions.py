"""Colleagues that a text names stand out in it, under their name in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from gateway import wording


def marked(text: str, ids: Iterable[str], labels: Mapping[str, Any]) -> Markup:
    """The text with each `@name` of these people as a chip."""
    shown = {name: wording.name_of(label) for label in map(labels.get, ids) for name in _names(label)}
    if not shown:
        return escape(text)
    longest_first = sorted(shown, key=len, reverse=True)
    parts = re.split(f"@({'|'.join(map(re.escape, longest_first))})", text)
    chips = [
        Markup('<span class="mention-chip">@{}</span>').format(shown[part]) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    ]
    return Markup("").join(chips)


def _names(label: Any) -> list[str]:
    """As they are called in either language."""
    return [] if label is None else [name for name in (label.get("label"), label.get("label_en")) if name]


def install(app: Flask) -> None:
    """For every template."""
    app.jinja_env.filters["mentions"] = marked
