"""Reading a PDF back, as a person's reader or a search engine would."""

from __future__ import annotations

import subprocess
from io import BytesIO

from pypdf import PdfReader


def text(pdf: bytes) -> str:
    """All words of a PDF in reading order, on one line (pypdf)."""
    return one_line(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def laid_out(pdf: bytes) -> str:
    """All words as they lie on paper, on one line (poppler)."""
    return one_line(poppler("pdftotext", "-", "-", pdf=pdf))


def poppler(program: str, *arguments: str, pdf: bytes) -> str:
    """What one of poppler's programs prints of a PDF."""
    return poppler_bytes(program, *arguments, pdf=pdf).decode()


def poppler_bytes(program: str, *arguments: str, pdf: bytes) -> bytes:
    """What it writes that is no text, such as a picture."""
    return subprocess.run([program, *arguments], input=pdf, capture_output=True, check=True).stdout


def one_line(words: str) -> str:
    """Words parted by single spaces."""
    return " ".join(words.split())
