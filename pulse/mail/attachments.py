"""Files that go with a letter: named by their content, written once, in a folder or in a bucket.

A name is all that is needed to read a file, so names are never shown: every page that hands one out asks
first who is there.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from config import settings


class FileMissing(Exception):
    """A stored file is gone or damaged; the text is a sentence."""


class StoreAway(Exception):
    """The store cannot be reached just now; the text is a sentence."""


class Store(Protocol):
    """Where files lie. `read` and `size` raise FileNotFoundError, all raise StoreAway."""

    def write(self, name: str, content: bytes) -> None:
        """Keep a file durably; one of this name holds the same."""

    def read(self, name: str) -> bytes:
        """A file's bytes."""

    def size(self, name: str) -> int:
        """A file's length in bytes."""


def store(content: bytes) -> str:
    """Keep a PDF durably; returns its SHA-256, by which it is found again."""
    digest = sha256(content).hexdigest()
    _store().write(f"{digest}.pdf", content)
    return digest


def stored(digest: str) -> bytes:
    """The bytes of a stored file, whole; raises FileMissing."""
    try:
        content = _store().read(f"{digest}.pdf")
    except FileNotFoundError as error:
        raise FileMissing(
            f"The file {digest}.pdf is not in the store of reports (REPORT_DIR or REPORT_STORE). "
            "Restore it from a backup, or build the report again."
        ) from error
    if sha256(content).hexdigest() != digest:
        raise FileMissing(f"The file {digest}.pdf is damaged: it no longer holds what was stored. Restore it.")
    return content


def size_of(digest: str) -> int:
    """The bytes of a stored file; raises FileMissing."""
    try:
        return _store().size(f"{digest}.pdf")
    except FileNotFoundError as error:
        raise FileMissing(f"The file {digest}.pdf is not in the store of reports. Restore it.") from error


class Folder:
    """Files in a folder of this machine, or a shared volume."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, content: bytes) -> None:
        """Whole or not at all: a crash in between leaves no half file under the name."""
        path = self._path / name
        if path.exists():
            return
        self._path.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial")
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)

    def read(self, name: str) -> bytes:
        """A file's bytes."""
        return (self._path / name).read_bytes()

    def size(self, name: str) -> int:
        """A file's length in bytes."""
        return (self._path / name).stat().st_size


def _store() -> Store:
    if settings().report_store is None:
        return Folder(settings().report_dir)
    from pulse.mail.bucket import bucket

    return bucket(settings())
