"""Addresses as they come with a request."""

from __future__ import annotations

from flask import request
from werkzeug.routing import BaseConverter

from contracts import addresses
from contracts.addresses import ListAddress


class NounConverter(BaseConverter):
    """A service, entity or verb in an address: lower-case letters, digits and underscores."""

    regex = "[a-z][a-z0-9_]*"


def asked() -> ListAddress:
    """Which rows this request is about."""
    return addresses.of(request.args.items(multi=True))
