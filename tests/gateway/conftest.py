"""The gateway over a fake house with the toy records, and people signed in to it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.security import limiter
from gateway.settings import GatewaySettings
from tests.gateway import toy
from tests.gateway.fake import PASSWORD, FakeHouse

KEY = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def make_app(house: FakeHouse, **more: object) -> Flask:
    """The gateway as a test or a preview needs it."""
    told = {
        "amqp_url": "amqp://guest:guest@127.0.0.1:1/",
        "private_key": KEY,
        "sign_in_limit": "5 per minute",
    } | more
    settings = GatewaySettings(secret_key="only for tests, only here", **told)
    return create_app(settings, house, (toy,))


class Browser(FlaskClient):
    """A test client that sends the form token a page would send."""

    def token(self) -> str:
        """The form token of this session."""
        page = self.get("/sign-in").text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found.group(1)

    def send(self, address: str, **fields: object):
        """Post a form as a browser would."""
        return self.post(address, data={"csrf_token": self.token(), **fields})


@pytest.fixture
def house() -> FakeHouse:
    return FakeHouse(toy.Maker, toy.Gadget)


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Made once: its templates need not be compiled for each test."""
    app = make_app(FakeHouse(), upload_dir=tmp_path_factory.mktemp("uploads"))
    app.test_client_class = Browser
    return app


@pytest.fixture
def app(gateway: Flask, house: FakeHouse) -> Flask:
    gateway.extensions["guanxi-wire"] = house
    gateway.extensions["guanxi-kept"].turns.next("organization")
    limiter.reset()
    return gateway


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], Browser]:
    def enter(login: str) -> Browser:
        browser = app.test_client()
        answer = browser.send("/sign-in", login=login, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        return browser

    return enter


@pytest.fixture
def alice(sign_in: Callable[[str], Browser]) -> Browser:
    return sign_in("alice")


@pytest.fixture
def wang(sign_in: Callable[[str], Browser]) -> Browser:
    return sign_in("wang")


@pytest.fixture
def dan(sign_in: Callable[[str], Browser]) -> Browser:
    return sign_in("dan")
