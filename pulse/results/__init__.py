"""Closing a round, the figures it publishes, and what they mean."""

from pulse.results.advice import FIXED_REFERENCE, Advice, advise, missing_return
from pulse.results.close import CloseOutcome, CloseRefused, abandon, close
from pulse.results.exchange import balance_spread, gap, newest, receiving, recovery, reference
from pulse.results.indices import (
    ONE_SIDED,
    Estimate,
    PublishedFigure,
    balance,
    between_variance,
    change,
    change_over_three,
    interval,
    months_below_zero,
    node_value,
    non_response_bounds,
    running_balance,
    shrunken,
    side,
    standard_error,
    stood_in_the_minus,
)
from pulse.results.ledger import export_lines, figures_of
from pulse.results.tables import Figure

__all__ = [
    "FIXED_REFERENCE",
    "ONE_SIDED",
    "Advice",
    "CloseOutcome",
    "CloseRefused",
    "Estimate",
    "Figure",
    "PublishedFigure",
    "abandon",
    "advise",
    "balance",
    "balance_spread",
    "between_variance",
    "change",
    "change_over_three",
    "close",
    "export_lines",
    "figures_of",
    "gap",
    "interval",
    "missing_return",
    "months_below_zero",
    "newest",
    "node_value",
    "non_response_bounds",
    "receiving",
    "recovery",
    "reference",
    "running_balance",
    "shrunken",
    "side",
    "standard_error",
    "stood_in_the_minus",
]
