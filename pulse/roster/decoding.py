"""From a file's bytes to rows of cells, each with the line it stands on. (pure)"""

from __future__ import annotations

import codecs
import csv
from dataclasses import dataclass
from io import StringIO

from pulse.locale import Sentence

LARGEST = 50_000_000
MOST_ROWS = 200_000
DELIMITERS = ";,\t"


class Undecodable(Exception):
    """A file that is no table of people; the text is a sentence."""


@dataclass(frozen=True)
class Row:
    """One row of the file and the line on which it ends."""

    line: int
    cells: list[str]


def read_rows(content: bytes) -> list[Row]:
    """All rows that are not empty, the header first."""
    if len(content) > LARGEST:
        raise Undecodable(
            Sentence(
                "The file is larger than %(megabytes)s MB. Export only the columns Ruil needs.",
                megabytes=LARGEST // 1_000_000,
            )
        )
    text = decode(content)
    if "\0" in text:
        raise Undecodable(
            Sentence("The file holds NUL characters, so it is no CSV. Save it as CSV (UTF-8) and try again.")
        )
    first, _, others = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) == 5:
        delimiter, text, skipped = first.strip().strip('"')[4], others, 1
    else:
        delimiter, skipped = sniff(text), 0
    return _rows(text, delimiter, skipped)


def decode(content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252, as Excel writes."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    else:
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            encoding = "windows-1252"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Undecodable(
            Sentence(
                "The file's letters cannot be read: it is neither UTF-8, UTF-16 nor Windows-1252. "
                "Save it as CSV (UTF-8) and try again."
            )
        ) from error


def sniff(text: str) -> str:
    """The delimiter: the one that the header has most of, outside quotes."""
    header: list[str] = []
    quoted = False
    for sign in text[:20_000]:
        if sign == '"':
            quoted = not quoted
        elif sign in "\r\n" and not quoted and header:
            break
        elif not quoted:
            header.append(sign)
    return max(DELIMITERS, key=header.count)


def _rows(text: str, delimiter: str, skipped: int) -> list[Row]:
    rows = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            cleaned = [" ".join(cell.split()) for cell in cells]
            if any(cleaned):
                rows.append(Row(reader.line_num + skipped, cleaned))
            if len(rows) > MOST_ROWS:
                raise Undecodable(
                    Sentence(
                        "The file has more than %(most)s rows. Import each organisation by itself.", most=MOST_ROWS
                    )
                )
    except csv.Error as error:
        raise Undecodable(
            Sentence(
                "Line %(line)s: the quotes do not match. Correct that line.",
                line=reader.line_num + skipped,
            )
        ) from error
    if not rows:
        raise Undecodable(Sentence("The file is empty. It needs a header line and one row per person."))
    return rows
