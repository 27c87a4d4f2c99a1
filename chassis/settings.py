"""What a process is told from outside: environment variables only, read once at its start."""

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

S = TypeVar("S", bound="Settings")


class CannotStart(SystemExit):
    """Ends a process at its start with the reasons, each naming its setting, as its last words."""

    def __init__(self, *problems: str) -> None:
        super().__init__("Guanxi cannot start:\n" + "\n".join(f"  {problem}" for problem in problems))


class Settings(BaseSettings):
    """Settings that every kind of process has."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True
    )

    amqp_url: str = Field(validation_alias="AMQP_URL")
    """amqp://user:password@host:port/vhost of RabbitMQ 3.10 or newer"""
    branch: str = Field("HQ", validation_alias="GUANXI_BRANCH", pattern=r"^[A-Z0-9]{1,10}$")
    """code of the branch this copy runs for; it stands in numbers such as KH-SH-2026-00012"""
    timezone: str = Field("Asia/Shanghai", validation_alias="GUANXI_TIMEZONE")
    """where the business day begins and daily jobs run"""
    log_level: str = Field(
        "info", validation_alias="GUANXI_LOG_LEVEL", pattern="^(debug|info|warning|error)$"
    )
    """debug, info, warning or error"""
    host: str = Field("127.0.0.1", validation_alias="GUANXI_HOST")
    """the network address on which we listen"""
    lag_limit: float = Field(300, validation_alias="GUANXI_LAG_LIMIT", gt=0)
    """seconds that an event or a letter may wait before administrators are told"""
    traces_url: str | None = Field(None, validation_alias="GUANXI_TRACES_URL")
    """OTLP collector (HTTP) that hears which way every command took; nobody unless told"""
    metrics_token: str | None = Field(None, validation_alias="GUANXI_METRICS_TOKEN", min_length=16)
    """what Prometheus must bring to read /metrics; without it nobody may"""
    metrics_dir: Path | None = Field(None, validation_alias="PROMETHEUS_MULTIPROC_DIR")
    """where the processes of one machine count together"""
    metrics_port: int | None = Field(None, validation_alias="GUANXI_METRICS_PORT", ge=1, le=65535)
    """port on which this process alone answers /metrics; the gateway answers on its own"""

    @field_validator("amqp_url")
    @classmethod
    def _amqp(cls, value: str) -> str:
        return _address(value, {"amqp", "amqps"}, "amqp://user:password@host:port/vhost")

    @classmethod
    def load(cls) -> Self:
        """Read the environment. Stops the process, naming every variable that is missing or wrong."""
        return load(cls)


class ServiceSettings(Settings):
    """Settings of a service, a relay, a migration."""

    database_url: str = Field(validation_alias="DATABASE_URL")
    """postgresql://user:password@host:port of the server that holds one database for each service"""
    database_prefix: str = Field(
        "guanxi_", validation_alias="GUANXI_DATABASE_PREFIX", pattern=r"^[a-z][a-z0-9_]*$"
    )
    """what stands before the service's name in the name of its database"""
    public_key: str = Field(validation_alias="GUANXI_PUBLIC_KEY")
    """Ed25519 public key (PEM) with which actors' tokens are verified"""
    workers: int = Field(10, validation_alias="GUANXI_WORKERS", ge=1, le=200)
    """requests that one process of a service works on at once"""
    retry_delays: Annotated[tuple[float, ...], NoDecode] = Field(
        (1, 5, 30, 120, 600, 1800, 3600), validation_alias="GUANXI_RETRY_DELAYS"
    )
    """seconds before each further attempt at an event whose handler failed; after the last it is parked"""
    smtp_url: str = Field("smtp://127.0.0.1:25", validation_alias="GUANXI_SMTP_URL")
    """where mail is handed in: smtp://[name:password@]host:port[?tls=auto|required|off][&ca=FILE], or smtps://"""
    mail_from: str = Field("crm@guanxi.example", validation_alias="GUANXI_MAIL_FROM")
    """sender of our mail"""
    public_url: str = Field("http://127.0.0.1:8000", validation_alias="GUANXI_PUBLIC_URL")
    """beginning of the links in mail"""
    webhook_own_machine: bool = Field(False, validation_alias="GUANXI_WEBHOOK_OWN_MACHINE")
    """whether webhooks may call programs on this very machine (127.0.0.1)"""

    @field_validator("database_url")
    @classmethod
    def _postgres(cls, value: str) -> str:
        value = value.replace("postgres://", "postgresql://", 1)
        return _address(value, {"postgresql"}, "postgresql://user:password@host:port").rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str) -> str:
        return _address(value, {"smtp", "smtps"}, "smtp://[name:password@]host:port[?tls=auto|required|off]")

    @field_validator("retry_delays", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return tuple(float(part) for part in value.split(",")) if isinstance(value, str) else value

    def database(self, service: str) -> str:
        """Address of one service's database."""
        return f"{self.database_url}/{self.database_prefix}{service}"


def load(cls: type[S]) -> S:
    """Read a settings class from the environment; `X_FILE` gives the content of a file as `X`."""
    given: dict[str, Any] = {}
    for field in cls.model_fields.values():
        variable = str(field.validation_alias)
        path = os.environ.get(f"{variable}_FILE")
        if path and not os.environ.get(variable):
            try:
                given[variable] = Path(path).read_text().strip()
            except OSError as error:
                raise CannotStart(f"{variable}_FILE: {path}: {error.strerror}") from None
    try:
        return cls(**given)
    except ValidationError as error:
        raise CannotStart(*(_said(item) for item in error.errors(include_url=False))) from None


@cache
def service_settings() -> ServiceSettings:
    """The settings of this process, read at the first call."""
    return ServiceSettings.load()


def _said(item: Any) -> str:
    variable = str(item["loc"][0])
    if item["type"] == "missing":
        return f"{variable} is not set (nor {variable}_FILE)"
    return f"{variable}: {item['msg'].removeprefix('Value error, ')}"


def _address(value: str, schemes: set[str], pattern: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"must look like {pattern}")
    return value
