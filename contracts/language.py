"""Marks texts for translation; the gateway translates them when it renders."""


def N_(text: str) -> str:
    """Mark a source text (short English) for extraction; returns it unchanged."""
    return text
