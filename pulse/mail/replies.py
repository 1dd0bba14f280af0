"""What a mail server means: one verdict for a reply to us and for a bounce that comes later. (pure)

Read by enhanced code (RFC 3463) and by the words beside it, never by the first digit alone: "5.x is a hard
bounce" would silence hundreds of good people (email.md 4). Words win over a code that is too general, and
a full mailbox or a block list wins over any code, because servers put these words under all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

HARD, SOFT, OURS, POLICY, SENDER = "hard", "soft", "ours", "policy", "sender"
"""Kinds. hard: there is nobody at this address. soft: it may pass by itself. ours: this mail is at fault.
policy: the other side will not have it. sender: the server will not have us at all; nobody is to blame."""

REASONS: Final = {
    "no_such_person": "There is no such mailbox.",
    "no_such_domain": "The part of the address after the @ does not exist, or takes no mail.",
    "mailbox_closed": "The mailbox has been closed.",
    "moved": "The mailbox has moved to another address.",
    "bad_address": "The address is not written as an address can be.",
    "mailbox_full": "The mailbox is full.",
    "greylisted": "The mail server asks every new sender to come back later.",
    "throttled": "The mail server takes no more mail from us for a while.",
    "busy": "The mail server is busy or out of order for a while.",
    "unreachable": "The mail server could not be reached.",
    "expired": "The mail server tried for days and gave up.",
    "misrouted": "The mail could not find its way to the mailbox.",
    "refused": "The mail server refuses and does not say why.",
    "too_large": "The mail is too large for this mailbox.",
    "malformed": "The mail server does not understand this mail.",
    "blocked": "The mail server refuses mail like ours, by its own rules.",
    "not_authenticated": "The mail server misses a proof (SPF, DKIM or DMARC) that the mail is ours.",
    "no_relay": "Our mail server does not pass on mail to this address.",
    "login_refused": "The mail server refuses our name or password.",
    "sender_refused": "The mail server does not let us send under our own address.",
    "encryption_needed": "The mail server wants an encrypted connection.",
    "server_refuses": "The mail server will not speak with us.",
    "gave_up": "The mail server put us off every time, until we stopped trying.",
    "unrenderable": "This mail can no longer be made as it was.",
    "round_closed": "The round closed before it could be sent.",
    "connection_lost": "The connection was lost before the mail was handed over.",
    "fate_unknown": "The mail server fell silent after it had the mail; nobody knows whether it arrived.",
}
"""Each reason as an English sentence; `pulse/locale/nl/delivery.po` has the Dutch."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reply or bounce says. `passing`: the other side itself calls it temporary."""

    kind: str
    reason: str
    passing: bool = False

    @property
    def sentence(self) -> str:
        """The reason in English, to be translated by whoever shows it."""
        return REASONS[self.reason]

    @property
    def slows_down(self) -> bool:
        """Whether the server asks for fewer mails a minute."""
        return self.reason == "throttled"


_BASIC = re.compile(r"(?<![\d.])([245]\d\d)(?=[\s\-#:>]|$)")
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]\d)")

_PERSON = r"(?:user|recipient|mailbox|account|addressee|address|alias|e-?mail|person|name|login|member|customer)"
_ABSENT = (
    r"(?:unknown|not found|does ?n[o']t exist|no longer (?:exists?|here|valid|available|with|work)"
    r"|not (?:exist|known|here|valid|local|listed|recogni[sz]ed|registered|present)|invalid|nonexistent|non-existent"
    r"|unroutable|unrouteable|undeliverable|isn'?t (?:known|valid|here|found))"
)
_WORDS: Final = (
    # (kind, reason, pattern), the first that fits decides
    (OURS, "not_authenticated", r"\b(?:dmarc|spf|dkim)\b|unauthenticated (?:e-?)?mail|sender authentication"),
    (OURS, "too_large", r"(?:message|mail|e-?mail|data|content)(?: \w+)? (?:size|too (?:big|large|long))|too large|"
     r"size (?:limit|exceed)|exceeds? .{0,30}(?:message )?size|larger than the"),
    (SOFT, "mailbox_full", r"quota|(?:mailbox|inbox|mail ?box|user|account|storage|postvak|postfach|bo[iî]te)\b.{0,30}"
     r"\b(?:is |ist )?(?:full|vol|voll|pleine)\b|over ?quota|mailbox.{0,20}(?:exceed|limit)|exceeded .{0,20}storage|"
     r"not enough (?:space|room)|insufficient (?:mailbox )?storage"),
    (SOFT, "greylisted", r"gr[ea]y-?list|first.?time sender|unknown (?:client|sender).{0,20}(?:later|retry)"),
    (SOFT, "throttled", r"throttl|rate.?limit|too (?:many|much) (?:mails?|messages|connections|recipients|"
     r"e-?mails|requests|concurrent)|(?:receiving|sending) (?:mail|messages) (?:at a rate|too)|"
     r"concurrent connections|limit exceeded|exceeded .{0,30}(?:rate|limit|connections|messages)|too fast|slow down"),
    (POLICY, "blocked", r"\bspam|black.?list|block(?:ed|ing)?.?list|\bdnsbl|\brbl\b|\bblocked\b|reputation|unsolicited|"
     r"banned|virus|malware|phish|listed (?:at|by|in|on)|\babuse|content (?:reject|filter)|spamhaus|junk"),
    (POLICY, "no_relay", r"relay(?:ing)? (?:access |is )?(?:denied|not)|unable to relay|not permitted to relay|"
     r"we do not relay|no relaying|relaying prohibited"),
    (HARD, "mailbox_closed", r"(?:mailbox|account|user|address|recipient)\b.{0,40}\b(?:disabled|inactive|deactivated|"
     r"suspended|closed|terminated|blocked from receiving|expired)"),
    (HARD, "no_such_domain", r"(?:domain|host)(?: name)?\b.{0,40}(?:not found|does ?n[o']t exist|unknown|not exist)|"
     r"null mx|domain (?:accepts|takes) no mail|unknown (?:domain|host)|no such (?:domain|host)|nxdomain|"
     r"does not accept mail|unrouteable mail domain"),
    (HARD, "no_such_person", rf"{_PERSON}s?\b[^.;]{{0,60}}?\b{_ABSENT}|"
     rf"(?:unknown|invalid|no such|unrouteable|no valid|bad (?:destination )?)\s+(?:\w+ )?{_PERSON}|"
     rf"no (?:mailbox|account|such (?:person|local)|one)\b.{{0,30}}(?:here|by that name)|not our customer|"
     r"does(?:n'?t| not) have an? .{0,20}(?:account|mailbox)|recipient address rejected: access denied|"
     r"mailbox unavailable|not a (?:valid|known) (?:user|recipient|mailbox|address)|"
     r"(?:onbekende?|bestaat niet|unbekannt|inconnu|desconocid[oa]|inexistant)\b"),
    (SOFT, "expired", r"delivery (?:time|period)? ?expired|retry (?:time|timeout)|too old|message expired|gave up"),
    (SOFT, "unreachable", r"connection (?:timed out|refused|reset|lost)|no route to host|network is unreachable|"
     r"timed? ?out|could not connect|lost connection|server (?:down|unreachable)"),
    (SOFT, "misrouted", r"loop|too many hops|mail routing"),
    (SOFT, "busy", r"try (?:again|later)|temporar(?:y|ily)|unavailable|local error|(?:system|disk) (?:is )?full|"
     r"insufficient system|resources|deferred|maintenance|in progress"),
)  # fmt: skip
_PATTERNS: Final = tuple((kind, reason, re.compile(words, re.IGNORECASE)) for kind, reason, words in _WORDS)

_CODES: Final = {
    (1, 1): (HARD, "no_such_person"), (1, 2): (HARD, "no_such_domain"), (1, 3): (HARD, "bad_address"),
    (1, 6): (HARD, "moved"), (1, 10): (HARD, "no_such_person"), (1, 7): (OURS, "sender_refused"),
    (1, 8): (OURS, "sender_refused"), (2, 1): (HARD, "mailbox_closed"), (2, 2): (SOFT, "mailbox_full"),
    (2, 3): (OURS, "too_large"), (3, 4): (OURS, "too_large"), (4, 4): (SOFT, "misrouted"), (4, 6): (SOFT, "misrouted"),
    (4, 7): (SOFT, "expired"), (5, 3): (SOFT, "throttled"), (7, 26): (OURS, "not_authenticated"),
    (7, 23): (OURS, "not_authenticated"), (7, 20): (OURS, "not_authenticated"), (7, 515): (OURS, "not_authenticated"),
}  # fmt: skip
"""By subject and detail of RFC 3463 and the IANA registry of enhanced codes; 1.10 also as Exchange uses it."""
_SUBJECTS: Final = {
    1: (SOFT, "refused"), 2: (SOFT, "refused"), 3: (SOFT, "busy"), 4: (SOFT, "unreachable"), 5: (OURS, "malformed"),
    6: (OURS, "malformed"), 7: (POLICY, "blocked"),
}  # fmt: skip
_EXACT: Final = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10)}
"""Codes that say by themselves that nobody is there."""
_TELLING: Final = {"mailbox_full", "greylisted", "throttled", "blocked", "too_large", "not_authenticated"}
"""Words that weigh more than any code."""
_LOGIN: Final = {530, 534, 535, 538}
_OUR_LOGIN = re.compile(r"not authenticated|authentication (?:required|unsuccessful|failed)|5\.7\.(?:57|139)\b", re.I)
_OUR_ADDRESS = re.compile(
    r"send ?as|send (?:mail )?as this (?:sender|user)|not owned by|5\.7\.60\b|"
    r"sender (?:address )?(?:rejected|denied|refused)",
    re.I,
)


def classify(text: str, *, code: int = 0, enhanced: str = "", stage: str = "recipient") -> Verdict:
    """What a server's words mean.

    For an SMTP reply give its `code` and the `stage` at which it came: connect, login, sender, recipient, data.
    For a bounce give the `Status` as `enhanced` and the diagnostic text; codes are also found in the text.

    >>> classify("550 5.1.1 <x@y.example>: user unknown").kind
    'hard'
    >>> classify("552 5.2.2 over quota").reason
    'mailbox_full'
    >>> classify("535 5.7.8 authentication failed", code=535, stage="login").kind
    'sender'
    """
    basic = code or int(found[1]) if (found := _BASIC.search(text)) else code
    number = _number(enhanced, text)
    passing = (basic // 100 if basic else number[0]) == 4
    kind, reason = _about_us(text, basic, number, stage, passing) or _about_them(text, basic, number, passing)
    if passing and kind in {HARD, POLICY, OURS, SENDER}:
        # What may pass by itself condemns nobody; 4.7.x in general asks for patience.
        kind, reason = SOFT, "throttled" if kind == POLICY and number[1] == 7 else reason
    return Verdict(kind, reason, passing)


def _number(enhanced: str, text: str) -> tuple[int, int, int]:
    """The most telling enhanced code: the first whose detail is not 0, the given one before those in the text."""
    found = [tuple(map(int, match)) for match in _ENHANCED.findall(f"{enhanced} {text}")]
    telling = [number for number in found if number[2] and number[1]] or [number for number in found if number[1]]
    first = (telling or found or [(0, 0, 0)])[0]
    return first[0], first[1], first[2]


def _about_us(text: str, basic: int, number: tuple[int, int, int], stage: str, passing: bool) -> tuple[str, str] | None:
    """The server will not have us, whoever the mail is for."""
    if passing:
        return (SOFT, "throttled") if basic == 421 or stage == "connect" else None
    if basic in _LOGIN or stage == "login" or (basic // 100 == 5 and _OUR_LOGIN.search(text)):
        return SENDER, "encryption_needed" if re.search(r"starttls|\btls\b|encrypt", text, re.I) else "login_refused"
    if stage == "connect":
        return SENDER, "server_refuses"
    if stage == "sender":
        large = basic == 552 or number[1:] in {(3, 4), (2, 3)}
        return (OURS, "too_large") if large else (SENDER, "sender_refused")
    if stage in {"recipient", "data"} and basic and _OUR_ADDRESS.search(text):
        return SENDER, "sender_refused"
    return None


def _about_them(text: str, basic: int, number: tuple[int, int, int], passing: bool) -> tuple[str, str]:
    detail = number[1:]
    words = next(((kind, reason) for kind, reason, pattern in _PATTERNS if pattern.search(text)), None)
    if words and words[1] in _TELLING:
        return words
    if detail in _EXACT:
        return _CODES[detail]
    if words and (words[0] == HARD or detail not in _CODES):
        return (SOFT, "misrouted") if words[1] == "no_such_domain" and detail == (4, 4) else words
    unsaid = {552: (SOFT, "mailbox_full")}.get(basic, (SOFT, "busy" if passing else "refused"))
    return _CODES.get(detail) or _SUBJECTS.get(detail[0], unsaid)
