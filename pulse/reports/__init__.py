"""Two pages on paper for each team's manager: facts, words, charts, pages, render, deliver."""

from pulse.reports.asking import ask_managers
from pulse.reports.deliver import drain_reports, queue_reports, write_reports
from pulse.reports.gathering import ReportRefused
from pulse.reports.making import build_pdf
from pulse.reports.render import RenderFailed
from pulse.reports.tables import Report

__all__ = [
    "RenderFailed",
    "Report",
    "ReportRefused",
    "ask_managers",
    "build_pdf",
    "drain_reports",
    "queue_reports",
    "write_reports",
]
