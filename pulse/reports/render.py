"""HTML in, PDF out, in a process of its own that can reach nothing and lives within limits.

Here is the parent's half; the child's is `drawing`.
"""

from __future__ import annotations

import logging
import os
import select
import subprocess
import sys
import threading
import time
from functools import lru_cache
from typing import Any

from pulse.reports import drawing
from pulse.reports.drawing import BROKEN, FOLDER, LENGTH, NEXT, SECONDS, allowance

REPORTS_PER_CHILD = 300
LARGE = 400_000
"""Bytes of a file after which the child is replaced: what it grew by (some hundred MB) never comes back by itself."""
log = logging.getLogger(__name__)


class RenderFailed(Exception):
    """A report that could not be drawn; the text is a sentence."""


class Press:
    """A child that draws one report after another; replaced when it fails, after a large file, after some hundreds."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._drawn = 0
        self._turn = threading.Lock()
        self._owner = os.getpid()

    def draw(self, *pages: str) -> bytes:
        """One PDF of one HTML document or several; raises RenderFailed with a sentence."""
        with self._turn:
            return self._draw(NEXT.join(pages))

    def _draw(self, page: str) -> bytes:
        if self._owner != os.getpid():
            # A fork: the child belongs to the process that started it.
            self._child, self._owner = None, os.getpid()
        if self._child is None or self._drawn >= REPORTS_PER_CHILD:
            self.close()
            self._child = _child()
        self._drawn += 1
        content = page.encode()
        try:
            drawn = self._exchange(self._child, content)
        except (OSError, RenderFailed) as error:
            self.close()
            raise error if isinstance(error, RenderFailed) else _broken() from error
        if len(content) > LARGE:
            self.close()
        return drawn

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
        self._child, self._drawn = None, 0

    def _exchange(self, child: subprocess.Popen[bytes], page: bytes) -> bytes:
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(LENGTH.pack(True, len(page)) + page)
        child.stdin.flush()
        end = time.monotonic() + self._seconds * allowance(page)
        drawn, length = LENGTH.unpack(self._read(child.stdout, LENGTH.size, end))
        content = self._read(child.stdout, length, end)
        if not drawn:
            sentence, _, cause = content.decode(errors="replace").partition("\n")
            if cause:
                log.warning("A report could not be drawn: %s.", cause)
            raise RenderFailed(sentence)
        return content

    def _read(self, pipe: Any, size: int, end: float) -> bytes:
        read = b""
        while len(read) < size:
            ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise RenderFailed("Drawing the report took longer than it may, so it was stopped.")
            part = os.read(pipe.fileno(), size - len(read))
            if not part:
                raise _broken()
            read += part
        return read


@lru_cache(maxsize=1)
def press() -> Press:
    """This process's press; its child starts with the first report."""
    return Press()


def _broken() -> RenderFailed:
    return RenderFailed(BROKEN)


def _child() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # our own file, by our own interpreter
        [sys.executable, "-I", drawing.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"FONTCONFIG_FILE": str(FOLDER / "fonts" / "fonts.conf"), "LC_ALL": "C.UTF-8"},
        close_fds=True,
    )
