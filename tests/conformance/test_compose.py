"""The containers hold the same parts as `make up`, as far as that can be seen without an engine to run them."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from chassis.settings import ServiceSettings
from deploy import place, programs

WRITTEN = (place.ROOT / "docker-compose.yml").read_text()
# as the engine reads it when nothing is set: ${NAME:-otherwise} becomes «otherwise»
COMPOSE: dict[str, Any] = yaml.safe_load(re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", WRITTEN))
PARTS: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (place.ROOT / "deploy/Dockerfile").read_text()
OURS = {name: part for name, part in PARTS.items() if part["image"] == "guanxi"}


def test_it_is_a_valid_compose_file() -> None:
    parsed = PyCompose.from_json(json.dumps(COMPOSE))  # its own YAML reader knows no merge keys
    for check in (
        parsed.validate,
        parsed.validate_volumes,
        parsed.validate_secrets,
        parsed.validate_networks,
    ):
        check()


def test_the_servers_are_the_ones_it_is_made_for() -> None:
    assert PARTS["postgres"]["image"] == "postgres:18"
    assert PARTS["rabbitmq"]["image"] == "rabbitmq:4-management"
    assert set(PARTS) - set(OURS) == {"postgres", "rabbitmq"}


@pytest.mark.parametrize("service", programs.services())
def test_every_service_has_its_block_and_its_database(service: str) -> None:
    part = PARTS[service]
    assert part["command"] == ["python", "-m", "chassis", "run", service]
    assert part["healthcheck"]["test"][-3:] == ["chassis", "check", service]
    # `migrate` without a name makes and brings up the database of every folder of services/
    assert part["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
    assert "python -m chassis migrate\n" in (place.ROOT / "deploy/prepare_containers.sh").read_text()
    assert service in PARTS["relay"]["command"]


def test_nothing_runs_here_that_make_up_does_not_know() -> None:
    assert set(OURS) == {*programs.services(), "prepare", "relay", "gateway", "mail"}


@pytest.mark.parametrize("name", sorted(set(PARTS) - {"prepare"}))
def test_every_part_is_watched_and_started_again(name: str) -> None:
    assert PARTS[name]["restart"] == "unless-stopped"
    assert PARTS[name]["healthcheck"]["test"]


def test_only_the_gateway_holds_the_key_that_signs() -> None:
    holders = {
        name
        for name, part in OURS.items()
        if any("signing-key" in volume for volume in part.get("volumes", []))
    }
    assert holders == {"prepare", "gateway"}


def test_secrets_stand_in_one_file_and_not_in_this_one(tmp_path: Path) -> None:
    assert list(COMPOSE["secrets"]) == ["guanxi"]
    assert all(part["secrets"] == ["guanxi"] for part in PARTS.values())
    settings = {key for part in PARTS.values() for key in part.get("environment", {})}
    assert not {key for key in settings if re.search("PASS|SECRET|_URL$", key)} - {
        "GUANXI_PUBLIC_URL",
        "GUANXI_SMTP_URL",
    }

    subprocess.run(
        ["python3", "-m", "deploy.container_secrets"], cwd=place.ROOT, check=True, capture_output=True,
        env={"PATH": "/usr/bin:/bin", "GUANXI_RUN_DIR": str(tmp_path)},
    )  # fmt: skip
    drawn = tmp_path / "secrets/containers.env"
    assert drawn.stat().st_mode & 0o077 == 0
    assert COMPOSE["secrets"]["guanxi"]["file"].endswith("secrets/containers.env")
    told = subprocess.run(
        ["sh", "-c", f"set -a; . '{drawn}'; echo $DATABASE_URL $AMQP_URL $POSTGRES_PASSWORD $GUANXI_SECRET_KEY"],
        capture_output=True, text=True, check=True, env={},
    ).stdout.split()  # fmt: skip
    assert told[0].startswith("postgresql://guanxi:")
    assert told[0].endswith("@postgres:5432")
    assert told[1].startswith("amqp://guanxi:")
    assert told[1].endswith("@rabbitmq:5672/guanxi")
    assert len(told) == 4


def test_services_are_told_only_what_they_know() -> None:
    known = {str(field.validation_alias) for field in ServiceSettings.model_fields.values()}
    known |= {f"{name}_FILE" for name in known} | {"GUANXI_HOST"}
    for service in programs.services():
        assert set(PARTS[service]["environment"]) <= known


def test_the_image_is_prepared_by_the_script_of_make_up_from_files_that_exist() -> None:
    assert "RUN python3 -m deploy.bootstrap image\n" in DOCKERFILE
    assert "apt-get" not in DOCKERFILE
    assert "pip install" not in DOCKERFILE
    assert "-m deploy.bootstrap up" in (place.ROOT / "Makefile").read_text()
    for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (place.ROOT / source).exists(), source
    scripts = re.findall(r"deploy/[a-z_]+\.(?:sh|conf\.py)", DOCKERFILE + WRITTEN)
    assert scripts
    assert all((place.ROOT / script).exists() for script in scripts)
