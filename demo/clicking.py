"""How a colleague without script answers: open the link, press the one button. Standard library only."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen


class Form(HTMLParser):
    """The page's forms, each with its address and its hidden fields and buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, object]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect the forms and what they would send."""
        values = dict(attributes)
        if tag == "form":
            self.forms.append({"action": values.get("action") or "", "fields": {}, "buttons": []})
        elif self.forms and tag == "input" and values.get("type") == "hidden":
            self.forms[-1]["fields"][values["name"]] = values.get("value") or ""  # type: ignore[index]
        elif self.forms and tag == "button" and values.get("name"):
            self.forms[-1]["buttons"].append((values["name"], values.get("value") or ""))  # type: ignore[attr-defined]


def answer_links(text: str) -> list[str]:
    """The five answer links of a mail's text part, in the order shown."""
    return re.findall(r"https?://\S+/a/[a-z0-9]{26}", text)


def get(address: str) -> str:
    """The page at `address`."""
    with urlopen(Request(address, headers={"User-Agent": "Mozilla/5.0 (demo colleague)"}), timeout=30) as page:
        return str(page.read().decode())


def press(address: str, page: str, button: tuple[str, str] | None = None) -> str:
    """Send the page's first form that has this button (or the first form); returns the next page."""
    parser = Form()
    parser.feed(page)
    forms = [form for form in parser.forms if button is None or button in form["buttons"]]  # type: ignore[operator]
    if not forms:
        raise LookupError(f"The page at {address} has no form with the button {button}.")
    fields = dict(forms[0]["fields"])  # type: ignore[call-overload]
    if button:
        fields[button[0]] = button[1]
    request = Request(
        urljoin(address, str(forms[0]["action"])),
        data=urlencode(fields).encode(),
        headers={"User-Agent": "Mozilla/5.0 (demo colleague)"},
    )
    with urlopen(request, timeout=30) as answered:
        return str(answered.read().decode())
