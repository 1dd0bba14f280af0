"""How tables are declared: two worlds that cannot refer to each other, and what rows share."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class People(DeclarativeBase):
    """Tables about people: roster, rounds, invitations, mail, sealed answers."""

    metadata = MetaData(naming_convention=NAMING)


class Ledger(DeclarativeBase):
    """Tables of published figures. Its own MetaData: a foreign key to a person cannot be written."""

    metadata = MetaData(naming_convention=NAMING)


class Owned:
    """A row that belongs to one organisation; a scoped session sees only its own."""

    organisation_id: Mapped[int] = mapped_column(index=True)


class Claimable:
    """A row that is work: one worker at a time holds it, for the length of a lease."""

    state: Mapped[str] = mapped_column(default="queued")
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC without a zone, so that both databases order it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone; give an aware datetime.")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


for world in (People, Ledger):
    world.registry.update_type_annotation_map({datetime: Instant})
