"""A round's two keys, in KEY_DIR: never in the database, never in its backups.

`<uid>.box` opens the sealed answers and is read by the close alone; `<uid>.link` makes the links.
Destroying both is what makes a closed round anonymous: rows can linger in free pages, keys cannot.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from nacl.public import PrivateKey

from config import settings


def make_keys(uid: str) -> bytes:
    """Write both keys durably; returns the public key that seals answers."""
    private = PrivateKey.generate()
    _write(f"{uid}.box", bytes(private))
    _write(f"{uid}.link", secrets.token_bytes(32))
    return bytes(private.public_key)


def link_key(uid: str) -> bytes | None:
    """The key of a round's links; None once it is destroyed."""
    return _read(f"{uid}.link")


def box_key(uid: str) -> bytes | None:
    """The key that opens a round's answers, for the close alone; None once it is destroyed."""
    return _read(f"{uid}.box")


def destroy_box_key(uid: str) -> None:
    """From here on nobody can open the round's answers. Safe to repeat."""
    _destroy(f"{uid}.box")


def destroy_link_key(uid: str) -> None:
    """From here on the round's links mean nothing. Safe to repeat."""
    _destroy(f"{uid}.link")


def stored_keys() -> dict[str, Path]:
    """All key files, by name."""
    folder = settings().key_dir
    return {path.name: path for path in folder.glob("*.*") if path.suffix in {".box", ".link"}}


def _write(name: str, key: bytes) -> None:
    folder = settings().key_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    _sync(folder)


def _read(name: str) -> bytes | None:
    try:
        return (settings().key_dir / name).read_bytes()
    except FileNotFoundError:
        return None


def _destroy(name: str) -> None:
    folder = settings().key_dir
    try:
        path = folder / name
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
