"""How people prove who they are: passwords, sessions, tokens for programs. Secrets are kept as digests only."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from chassis.identity import new_id
from services.organization.model.base import Base


class Credential(Base):
    """Somebody's password, as argon2id keeps it."""

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    password: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column()
    changed_by: Mapped[UUID] = mapped_column()


class SignInSession(Base):
    """Somebody is signed in on one device, until it ends, lies idle or gets too old."""

    __table_args__ = (Index("ix_sign_in_session_staff_id", "staff_id", "ended_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column()
    seen_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    address: Mapped[str] = mapped_column(String(60))
    agent: Mapped[str] = mapped_column(String(500))


class Token(Base):
    """A key with which a program acts in somebody's name, or one that only reads her calendar."""

    __table_args__ = (Index("ix_token_staff_id", "staff_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(20))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    use: Mapped[str] = mapped_column(String(20), default="programs", server_default="programs")
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()
    expires_on: Mapped[date | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()


class SignIn(Base):
    """One attempt to prove who one is, and how it ended: the sign-in log, and what throttling counts."""

    __table_args__ = (
        Index("ix_sign_in_login_at", "login", "at"),
        Index("ix_sign_in_address_at", "address", "at"),
        Index("ix_sign_in_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column()
    login: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(60))
    agent: Mapped[str] = mapped_column(String(500), default="")
    staff_id: Mapped[UUID | None] = mapped_column()
    good: Mapped[bool] = mapped_column()
