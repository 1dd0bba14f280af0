"""Files that go with a letter: in REPORT_DIR, named by their content, written once."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from config import settings


class FileMissing(Exception):
    """A stored file is gone; the text is a sentence."""


def store(content: bytes) -> str:
    """Keep a PDF durably; returns its SHA-256, by which it is found again."""
    digest = sha256(content).hexdigest()
    path = file_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
    return digest


def stored(digest: str) -> bytes:
    """The bytes of a stored file."""
    try:
        return file_of(digest).read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(
            f"The file {digest}.pdf is not in REPORT_DIR. Restore it from a backup, or build the report again."
        ) from error


def file_of(digest: str) -> Path:
    """Where a stored file lies."""
    return settings().report_dir / f"{digest}.pdf"


def size_of(digest: str) -> int:
    """The bytes of a stored file."""
    return file_of(digest).stat().st_size
