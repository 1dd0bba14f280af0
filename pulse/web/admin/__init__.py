"""The administrator's pages. They show people, plans and delivery; never who answered, never an answer."""

from pulse.web.admin import account, importing, letters, overview, people, pulses, reports, rounds
from pulse.web.admin.door import blueprint

__all__ = ["account", "blueprint", "importing", "letters", "overview", "people", "pulses", "reports", "rounds"]
