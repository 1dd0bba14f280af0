"""Closing a round, the figures it publishes, and what they mean."""

from pulse.results.advice import Advice, advise, missing_return
from pulse.results.close import CloseOutcome, CloseRefused, close
from pulse.results.indices import (
    Estimate,
    PublishedFigure,
    balance,
    change,
    change_over_three,
    interval,
    months_below_zero,
    node_value,
    running_balance,
    side,
    stood_in_the_minus,
)
from pulse.results.ledger import export_lines, figures_of
from pulse.results.tables import Figure

__all__ = [
    "Advice",
    "CloseOutcome",
    "CloseRefused",
    "Estimate",
    "Figure",
    "PublishedFigure",
    "advise",
    "balance",
    "change",
    "change_over_three",
    "close",
    "export_lines",
    "figures_of",
    "interval",
    "missing_return",
    "months_below_zero",
    "node_value",
    "running_balance",
    "side",
    "stood_in_the_minus",
]
