"""What administrators are told by mail: a round that is coming or open, and what needs them."""

from pulse.alerts.noticing import noticed
from pulse.alerts.tables import Alert
from pulse.alerts.telling import tell

__all__ = ["Alert", "noticed", "tell"]
