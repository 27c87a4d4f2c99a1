"""A post office in a process of its own, to be killed: `python -m tests.service.notification.postman DATABASE SMTP`."""

import sys
import time

from chassis import database, registry
from chassis.house import House
from services.notification.channels.email.channel import Email
from services.notification.channels.email.settings import EmailSettings
from services.notification.post_office import PostOffice


def main() -> None:
    sessions = database.sessions(database.connect(sys.argv[1], pool_size=4))
    house = House(registry.service_class("notification"), "HQ", sessions, lambda _token: None)
    settings = EmailSettings.of(sys.argv[2], "crm@guanxi.example", "http://crm.example:8000")
    office = PostOffice(house, Email(settings))
    while True:
        time.sleep(min(0.1, office.run_due()))


if __name__ == "__main__":
    main()
