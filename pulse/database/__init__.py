"""The database: one engine, scoped transactions, claims, and how tables are declared."""

from pulse.database.claims import claim, lapsed, step
from pulse.database.engine import engine, forget_engine, insert_into
from pulse.database.holds import held, reason
from pulse.database.mapping import Claimable, Instant, Ledger, Owned, People
from pulse.database.plain import document, glancing, instant, rows
from pulse.database.session import reading, transaction
from pulse.database.tables import Heartbeat, Hold, Instance

__all__ = [
    "Claimable",
    "Heartbeat",
    "Hold",
    "Instance",
    "Instant",
    "Ledger",
    "Owned",
    "People",
    "claim",
    "document",
    "engine",
    "forget_engine",
    "glancing",
    "held",
    "insert_into",
    "instant",
    "lapsed",
    "reading",
    "reason",
    "rows",
    "step",
    "transaction",
]
