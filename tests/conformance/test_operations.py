"""docs/operations.md knows every setting and every command, and no others."""

import re

from chassis.settings import ServiceSettings
from deploy import place
from gateway.settings import GatewaySettings

TEXT = (place.ROOT / "docs/operations.md").read_text()


def test_every_setting_of_a_process_is_documented_with_its_default() -> None:
    documented = dict(re.findall(r"^\| `([A-Z_]+)` \|[^|]+\| `?([^|`]*?)`? \|", TEXT, re.MULTILINE))
    for settings in (ServiceSettings, GatewaySettings):
        for field in settings.model_fields.values():
            name = str(field.validation_alias)
            assert name in documented
            if isinstance(field.default, str | int) and name != "GUANXI_SMTP_URL":
                assert documented[name] == str(field.default), name


def test_every_documented_setting_is_read_somewhere() -> None:
    read = "\n".join(
        path.read_text()
        for folder in ("chassis", "gateway", "deploy", "services")
        for path in (place.ROOT / folder).rglob("*.py")
    )
    for name in re.findall(r"^\| `([A-Z_]+)` \|", TEXT, re.MULTILINE):
        assert f'"{name}"' in read, name


def test_every_command_is_documented() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (place.ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = TEXT.partition("## Commands")[2].partition("\n## ")[0]
    assert set(re.findall(r"`make ([a-z]+)", commands)) == targets
