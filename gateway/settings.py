"""What the gateway is told from outside."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import Field

from chassis.settings import CannotStart, Settings


class GatewaySettings(Settings):
    """Settings of the gateway process."""

    private_key: str = Field(validation_alias="GUANXI_PRIVATE_KEY")
    """Ed25519 private key (PEM) with which actors' tokens are signed"""
    secret_key: str = Field(validation_alias="GUANXI_SECRET_KEY", min_length=16)
    """signs cookies and form tokens"""
    public_url: str = Field("http://127.0.0.1:8000", validation_alias="GUANXI_PUBLIC_URL")
    """the address people open; cookies are marked Secure when it begins with https"""
    node_modules: Path = Field(
        Path(__file__).parent.parent / "node_modules", validation_alias="GUANXI_NODE_MODULES"
    )
    """where npm put the style sheets, scripts and icons"""
    session_seconds: int = Field(60, validation_alias="GUANXI_SESSION_SECONDS", ge=1, le=60)
    """how long a person's rights are remembered before organization is asked again"""
    sign_in_limit: str = Field("20 per minute", validation_alias="GUANXI_SIGN_IN_LIMIT")
    """sign-in attempts taken from one network address"""
    proxies: int = Field(0, validation_alias="GUANXI_PROXIES", ge=0, le=5)
    """reverse proxies in front of us whose X-Forwarded-* headers are believed"""

    upload_dir: Path | None = Field(None, validation_alias="GUANXI_UPLOAD_DIR")
    """where uploaded files wait until their columns are agreed on; the system's temporary folder unless told"""

    def signing_key(self) -> Ed25519PrivateKey:
        """The key itself. Ends the process when it is none."""
        try:
            key = load_pem_private_key(self.private_key.encode(), None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise CannotStart(
                "GUANXI_PRIVATE_KEY: is no Ed25519 private key in PEM (python -m chassis keys makes one)"
            )
        return key

    @property
    def is_https(self) -> bool:
        """Whether people reach us over TLS."""
        return self.public_url.startswith("https://")
