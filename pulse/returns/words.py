"""The words of returned mail and of automatic answers: `words.toml`. (pure)"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

WORDS: dict[str, re.Pattern[str]] = {
    name: re.compile("|".join(phrases), re.IGNORECASE | re.MULTILINE)
    for name, phrases in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")).items()
}
"""Each list's pattern."""
