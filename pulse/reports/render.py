"""HTML in, PDF out, in a process of its own that can reach nothing and lives within limits.

The parent half is `Press`. The child half is this very file, run by path with an empty environment: it
imports nothing of Ruil, knows no setting and no database, and its fetcher refuses every address.
"""

from __future__ import annotations

import html as markup
import logging
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "report"
FACES = {"ruil:regular": "Inter-Regular.woff2", "ruil:semibold": "Inter-SemiBold.woff2"}
SHEETS = ("report.css", "first.css", "snug.css", "tight.css")
"""The pages as meant, and three that give way where names and sentences are long."""
PAGES = 2
ANY_LENGTH = '<meta name="ruil.pages" content="any">'
"""Stands in the head of a page that may run on: an overview is as long as its organisation is large."""
MEMORY = 1 << 30
SECONDS = 30
"""Of processor time, and of waiting, for one report."""
REPORTS_PER_CHILD = 300
LENGTH = struct.Struct(">?I")
NEXT = "<!-- ruil: the next document -->"
"""Parts the documents of one file; what people type is escaped, so no name can hold it."""
USUAL = 100_000
"""Characters of a document that needs no more than SECONDS; a longer one has as much more time."""


UNKNOWN = "The report could not be drawn. The log of the worker says why."
log = logging.getLogger(__name__)


class RenderFailed(Exception):
    """A report that could not be drawn; the text is a sentence."""


class Press:
    """A child that draws one report after another, replaced when it fails and after some hundreds."""

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
        try:
            return self._exchange(self._child, page.encode())
        except (OSError, RenderFailed) as error:
            self.close()
            raise error if isinstance(error, RenderFailed) else _broken() from error

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


def allowance(page: bytes) -> int:
    """How many times SECONDS a file may take."""
    return 1 + len(page) // USUAL


@lru_cache(maxsize=1)
def press() -> Press:
    """This process's press; its child starts with the first report."""
    return Press()


def _broken() -> RenderFailed:
    return RenderFailed("Drawing the report needed more memory or time than it may have, so it was stopped.")


def _child() -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  # this file, by our own interpreter
        [sys.executable, "-I", str(Path(__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"FONTCONFIG_FILE": str(FOLDER / "fonts" / "fonts.conf"), "LC_ALL": "C.UTF-8"},
        close_fds=True,
    )


# The child's half


class Drawer:
    """WeasyPrint with our two fonts and nothing else, kept warm between reports."""

    def __init__(self) -> None:
        from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration

        self._html = HTML
        self._fetch = deny_all({name: (FOLDER / "fonts" / file).read_bytes() for name, file in FACES.items()})
        self._signs = frozenset(TTFont(FOLDER / "fonts" / FACES["ruil:semibold"]).getBestCmap())
        self._fonts = FontConfiguration()
        self._sheets = [
            CSS(string=(FOLDER / name).read_text(), font_config=self._fonts, url_fetcher=self._fetch) for name in SHEETS
        ]

    def draw(self, file: str) -> bytes:
        """The PDF of one document, or of several one after another."""
        documents = [self._laid_out(page) for page in file.split(NEXT)]
        first, pages = documents[0], [page for document in documents for page in document.pages]
        pdf = BytesIO()
        first.copy(pages).write_pdf(pdf, pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=_identity(file))
        return pdf.getvalue()

    def _laid_out(self, page: str) -> Any:
        """Two pages of A4: as meant where that fits, else a little tighter; as many as it takes where any may be."""
        for sheets in range(1, len(self._sheets) + 1):
            document = self._html(
                string=printable(page, self._signs), url_fetcher=self._fetch, base_url="ruil:page"
            ).render(
                font_config=self._fonts,
                stylesheets=self._sheets[:sheets],
                pdf_variant="pdf/ua-1",
                pdf_tags=True,
                cache={},
            )
            if len(document.pages) == PAGES or ANY_LENGTH in page:
                return document
        raise RenderFailed("The report does not fit on two pages. Shorten the team's name or the sentences.")


def deny_all(faces: dict[str, bytes]) -> Any:
    """A fetcher that hands out these fonts and refuses all else: no network, no file."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class DenyAll(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in faces:
                return URLFetcherResponse(url, faces[url], {"Content-Type": "font/woff2"})
            raise PermissionError("A report fetches nothing.")

    return DenyAll(allowed_protocols=())


def printable(page: str, signs: frozenset[int]) -> str:
    """The page in signs that our fonts have, so that no other font slips in.

    What merely looks different is written plainly; pictures and invisible signs go; the rest is `?`.
    """
    return "".join(sign if ord(sign) in signs or sign == "\n" else _plain(sign, signs) for sign in page)


def _plain(sign: str, signs: frozenset[int]) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    if all(ord(part) in signs for part in plain):
        return markup.escape(plain)
    if unicodedata.category(sign) in {"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn", "So", "Sk"}:
        return ""
    return " " if unicodedata.category(sign).startswith("Z") else "?"


def _identity(file: str) -> bytes:
    from hashlib import sha256

    return sha256(file.encode()).digest()[:16]


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    drawer = Drawer()
    while head := requests.read(LENGTH.size):
        file = requests.read(LENGTH.unpack(head)[1])
        used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        resource.setrlimit(resource.RLIMIT_CPU, (used + SECONDS * allowance(file) + 1, resource.RLIM_INFINITY))
        try:
            drawn, content = True, drawer.draw(file.decode())
        except RenderFailed as error:
            drawn, content = False, str(error).encode()
        except MemoryError:
            drawn, content = False, str(_broken()).encode()
        except Exception as error:
            drawn, content = False, f"{UNKNOWN}\n{type(error).__name__}".encode()
        replies.write(LENGTH.pack(drawn, len(content)) + content)
        replies.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
