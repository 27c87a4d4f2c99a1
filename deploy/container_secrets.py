"""`make secrets`: the one secret file of docker-compose.yml, drawn once. Containers read it as /run/secrets/guanxi."""

import os

from . import place

NAME = "containers.env"


def main() -> None:
    """Write the file unless it is there; it must never be committed."""
    path = place.folder("secrets", 0o700) / NAME
    if path.exists():
        print(f"{path} is there already.")
        return
    database, broker, cookie, metrics = (os.urandom(24).hex() for _ in range(4))
    settings = {
        "POSTGRES_PASSWORD": database,
        "RABBITMQ_DEFAULT_PASS": broker,
        "DATABASE_URL": f"postgresql://guanxi:{database}@postgres:5432",
        "AMQP_URL": f"amqp://guanxi:{broker}@rabbitmq:5672/guanxi",
        "GUANXI_SECRET_KEY": cookie,
        "GUANXI_METRICS_TOKEN": metrics,
    }
    place.write_secret(path, "".join(f"{key}={value}\n" for key, value in settings.items()).encode())
    print(f"Drawn: {path}. Next: docker compose up --build")


if __name__ == "__main__":
    main()
