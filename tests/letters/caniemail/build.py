"""Extract what the letters' test needs from the npm package `caniemail` (MIT, see LICENSE beside this file).

    npm pack caniemail@2.0.2 && tar xzf caniemail-2.0.2.tgz
    python tests/letters/caniemail/build.py package

writes `unsupported.json`: for each HTML and CSS feature the mail programs, among those that a letter must read
well in, whose newest tested version does not support it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FAMILIES = ("apple-mail", "gmail", "samsung-email", "thunderbird", "yahoo")
CLIENTS = ("outlook.windows", "outlook.outlook-com", "outlook.ios", "outlook.android")


def extract(package: Path) -> dict[str, object]:
    """The reduced table, with where it is from."""
    version = json.loads((package / "package.json").read_text())["version"]
    data = json.loads((package / "data/caniemail.json").read_text())
    features = [feature for feature in data["data"] if feature["category"] in {"html", "css"}]
    return {
        "source": f"npm caniemail {version}, data of {data['last_update_date']}, MIT licence (LICENSE)",
        "features": {feature["title"].strip(): _unsupported(feature["stats"]) for feature in features},
    }


def _unsupported(stats: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    found = []
    for family, platforms in stats.items():
        for platform, versions in platforms.items():
            client = f"{family}.{platform}"
            wanted = family in FAMILIES or client in CLIENTS
            # Newest by the order of the file, or by the version's name: where they differ, be strict.
            newest = {list(versions.values())[-1], versions[max(versions)]}
            if wanted and any(said.startswith("n") for said in newest):
                found.append(client)
    return sorted(found)


if __name__ == "__main__":
    target = Path(__file__).parent / "unsupported.json"
    target.write_text(json.dumps(extract(Path(sys.argv[1])), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
