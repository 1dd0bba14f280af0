"""The child that draws: HTML in, PDF out. Run by path, with an empty environment, by `render`.

It imports nothing of Ruil, knows no setting and no database, and its fetcher refuses every address.
"""

from __future__ import annotations

import html as markup
import re
import resource
import struct
import sys
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "report"
FACES = {"ruil:regular": "Inter-Regular.woff2", "ruil:semibold": "Inter-SemiBold.woff2"}
SHEET = "report.css"
CLOSER = {"close.css": 15.0, "snug.css": 75.0, "tight.css": float("inf")}
"""What a page that spills gives way to, by how many points it spills at most; of that page alone."""
PAGES = ("one", "two")
"""The names of a report's two pages in the document: WeasyPrint tells where each named thing lies."""
FOOT = 53
"""CSS pixels below the text of a page: 14 mm."""
ENOUGH_LEFT, SPARE, MOST_AIR = 70.0, 12.0, 60.0
"""Points: what may stay empty at the foot of a page, what is left there for safety, what one gap may grow by."""
ANY_LENGTH = '<meta name="ruil.pages" content="any">'
"""Stands in the head of a page that may run on: an overview is as long as its organisation is large."""
CHART = re.compile(
    r'<svg class="(?P<kind>\w+)"(?P<size>[^>]*) role="img"><title>(?P<title>[^<]*)</title>(?P<ink>.*?)</svg>', re.DOTALL
)
"""A chart of our own in the page. In a long one each is a picture: of hundreds, no part then needs a style."""
PICTURE = "ruil:picture/"
NEXT = "<!-- ruil: the next document -->"
"""Parts the documents of one file; what people type is escaped, so no name can hold it."""
ENCLOSED = re.compile(
    r'<script type="text/csv" data-name="(?P<name>[^"]*)" data-on="(?P<on>[\d-]+)" title="(?P<title>[^"]*)">'
    r"(?P<content>.*?)</script>\n?",
    re.DOTALL,
)
"""A file that goes inside the PDF, escaped as the rest of the page is."""
MEMORY = 1 << 30
SECONDS = 30
"""Of processor time for one report."""
USUAL = 100_000
"""Characters of a file that needs no more than SECONDS; a longer one has as much more time."""
LENGTH = struct.Struct(">?I")
BROKEN = "Drawing the report needed more memory or time than it may have, so it was stopped."
TOO_LONG = "The report does not fit on two pages. Shorten the team's name or the sentences."
UNKNOWN = "The report could not be drawn. The log of the worker says why."


class TooLong(Exception):
    """A report that does not fit on its two pages."""


def allowance(file: bytes) -> int:
    """How many times SECONDS a file may take."""
    return 1 + len(file) // USUAL


class Drawer:
    """WeasyPrint with our two fonts and nothing else, kept warm between reports."""

    def __init__(self) -> None:
        import weasyprint
        from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types
        from weasyprint.text.fonts import FontConfiguration

        self._weasyprint = weasyprint
        self._known = {name: (FOLDER / "fonts" / file).read_bytes() for name, file in FACES.items()}
        self._fetch = deny_all(self._known)
        self._signs = frozenset(TTFont(FOLDER / "fonts" / FACES["ruil:semibold"]).getBestCmap())
        self._fonts = FontConfiguration()
        self._base = self._css((FOLDER / SHEET).read_text())
        closer = [(FOLDER / name).read_text() for name in CLOSER]
        self._closer = [
            [self._css(sheet.replace(".page", f".page:nth-of-type({number})")) for sheet in closer]
            for number in range(1, len(PAGES) + 1)
        ]

    def draw(self, file: str) -> bytes:
        """The PDF of one document, or of several one after another, with the files that they enclose."""
        for picture in [address for address in self._known if address.startswith(PICTURE)]:
            del self._known[picture]
        enclosed = [found.groupdict() for found in ENCLOSED.finditer(file)]
        documents = [self._laid_out(printable(page, self._signs)) for page in ENCLOSED.sub("", file).split(NEXT)]
        pages = [page for document in documents for page in document.pages]
        pdf = BytesIO()
        documents[0].copy(pages).write_pdf(
            pdf,
            finisher=lambda _, made: tell_tables(made),
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
            pdf_identifier=sha256(file.encode()).digest()[:16],
            attachments=self._attachments(enclosed),
        )
        return pdf.getvalue()

    def _attachments(self, enclosed: Sequence[dict[str, str]]) -> list[Any]:
        """In the order of their names, as a PDF wants them; no two of one name."""
        named: dict[str, dict[str, str]] = {}
        for found in enclosed:
            name = markup.unescape(found["name"])
            stem, _, end = name.rpartition(".")
            same = sum(other == name or other.startswith(f"{stem}~") for other in named)
            named[f"{stem}~{same + 1}.{end}" if same else name] = found
        return [
            self._weasyprint.Attachment(
                file_obj=BytesIO(markup.unescape(found["content"]).encode()),
                name=name,
                description=markup.unescape(found["title"]),
                created=datetime.fromisoformat(found["on"]),
                modified=datetime.fromisoformat(found["on"]),
                url_fetcher=self._fetch,
            )
            for name, found in sorted(named.items())
        ]

    def _laid_out(self, page: str) -> Any:
        """Two pages of A4: as meant where that fits, else a little closer; as many as it takes where any may be."""
        levels = [0, 0]
        if ANY_LENGTH in page:
            return self._set(CHART.sub(self._pictured, page), [])
        while True:
            chosen = [self._closer[number][level - 1] for number, level in enumerate(levels) if level]
            document = self._set(page, chosen)
            if len(document.pages) == len(PAGES):
                return self._aired(page, chosen, document)
            spilt = [points_spilt(document.pages, name) for name in PAGES]
            levels = [
                max(level + 1, 1 + [points <= most for most in CLOSER.values()].index(True)) if points else level
                for level, points in zip(levels, spilt, strict=True)
            ]
            if not any(spilt) or max(levels) > len(CLOSER):
                raise TooLong

    def _pictured(self, chart: re.Match[str]) -> str:
        address = f"{PICTURE}{len(self._known)}"
        self._known[address] = f"<svg{chart['size']}>{chart['ink']}</svg>".encode()
        return f'<img class="{chart["kind"]}" alt="{chart["title"]}" src="{address}">'

    def _aired(self, page: str, chosen: list[Any], document: Any) -> Any:
        """The document with the room that is left over shared out, where that still fits."""
        air = shared_out(document.pages)
        if not air:
            return document
        aired = self._set(page, [*chosen, self._css(air)])
        return aired if len(aired.pages) == len(PAGES) else document

    def _css(self, sheet: str) -> Any:
        return self._weasyprint.CSS(string=sheet, font_config=self._fonts, url_fetcher=self._fetch)

    def _set(self, page: str, sheets: list[Any]) -> Any:
        return self._weasyprint.HTML(string=page, url_fetcher=self._fetch, base_url="ruil:page").render(
            font_config=self._fonts,
            stylesheets=[self._base, *sheets],
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
            cache={},
        )


def points_spilt(pages: Sequence[Any], name: str) -> float:
    """By how much a page is too full: what runs on over further sheets, less the room left on its first."""
    sheets = [page for page in pages if name in page.anchors]
    if len(sheets) < 2:
        return 0.0
    blocks = [place[3] for block, place in sheets[0].anchors.items() if block not in PAGES]
    room: float = sheets[0].height - FOOT - max(blocks, default=0.0)
    further: float = sum(sheet.anchors[name][3] for sheet in sheets[1:])
    return max(1.0, (further - room) * 0.75)


def shared_out(pages: Sequence[Any]) -> str:
    """Style that shares the room left at the foot of a page among its blocks; empty where pages are full."""
    rules = []
    for number, (name, page) in enumerate(zip(PAGES, pages, strict=True), start=1):
        gaps = len(page.anchors) - 2
        if name not in page.anchors or gaps < 1:
            continue
        left = (page.height - FOOT - page.anchors[name][3]) * 0.75
        if left > ENOUGH_LEFT:
            air = min(MOST_AIR, (left - SPARE) / gaps)
            rules.append(f".page:nth-of-type({number}) {{ --air: {air:.1f}pt }}")
    return "\n".join(rules)


def tell_tables(pdf: Any) -> None:
    """Say what each header cell heads, and index the cells' names: PDF/UA-1 7.5 asks for it, WeasyPrint does not."""
    import pydyf  # type: ignore[import-untyped]  # ships no types

    elements: list[Any] = [
        found for found in pdf.objects if isinstance(found, dict) and found.get("Type") == "/StructElem"
    ]
    by_reference = {found.reference: found for found in elements}
    for cell in elements:
        if cell["S"] == "/TH":
            group = by_reference.get(by_reference[cell["P"]]["P"], {})
            cell["A"]["Scope"] = "/Column" if group.get("S") == "/THead" else "/Row"
    named = sorted((cell["ID"].string, cell) for cell in elements if "ID" in cell)
    (root,) = [found for found in pdf.objects if isinstance(found, dict) and found.get("Type") == "/StructTreeRoot"]
    if named:
        names = [part for _, cell in named for part in (cell["ID"], cell.reference)]
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(names)})


def deny_all(known: dict[str, bytes]) -> Any:
    """A fetcher that hands out these fonts and pictures and refuses all else: no network, no file."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class DenyAll(URLFetcher):  # type: ignore[misc]  # weasyprint has no types
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url in known:
                kind = "image/svg+xml" if url.startswith(PICTURE) else "font/woff2"
                return URLFetcherResponse(url, known[url], {"Content-Type": kind})
            raise PermissionError("A report fetches nothing.")

    return DenyAll(allowed_protocols=())


def printable(page: str, signs: frozenset[int]) -> str:
    """The page in signs that our fonts have, so that no other font slips in.

    Letters and their marks are joined; what merely looks different is written plainly; pictures and invisible
    signs go; the rest is `?`.
    """
    composed = unicodedata.normalize("NFC", page)
    strange = {sign for sign in set(composed) if ord(sign) not in signs and sign != "\n"}
    return composed.translate({ord(sign): _plain(sign, signs) for sign in strange})


def _plain(sign: str, signs: frozenset[int]) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    if all(ord(part) in signs for part in plain):
        return markup.escape(plain)
    if unicodedata.category(sign) in {"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn", "So", "Sk"}:
        return ""
    return " " if unicodedata.category(sign).startswith("Z") else "?"


def _serve(requests: BinaryIO, replies: BinaryIO) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    drawer = Drawer()
    while head := requests.read(LENGTH.size):
        file = requests.read(LENGTH.unpack(head)[1])
        used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
        resource.setrlimit(resource.RLIMIT_CPU, (used + SECONDS * allowance(file) + 1, resource.RLIM_INFINITY))
        try:
            drawn, content = True, drawer.draw(file.decode())
        except TooLong:
            drawn, content = False, TOO_LONG.encode()
        except MemoryError:
            drawn, content = False, BROKEN.encode()
        except Exception as error:
            drawn, content = False, f"{UNKNOWN}\n{type(error).__name__}".encode()
        replies.write(LENGTH.pack(drawn, len(content)) + content)
        replies.flush()


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
