"""What a mail server means: one verdict for a reply to us and for a bounce that comes later. (pure)

Read by enhanced code (RFC 3463) and by the words beside it, never by the first digit alone: "5.x is a hard
bounce" would silence hundreds of good people (email.md 4). Words win over a code that is too general, and
a full mailbox or a block list wins over any code, because servers put these words under all of them. Hard is only
what says that no mail can ever reach anybody there; a mailbox that is switched off may be switched on again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pulse.mail.reply_words import ACCESS_DENIED, ADDRESS_REJECTED, MEANINGS, TRY_AGAIN, UNAVAILABLE, plain

HARD, SOFT, OURS, POLICY, SENDER = "hard", "soft", "ours", "policy", "sender"
"""Kinds. hard: there is nobody at this address. soft: it may pass by itself. ours: this mail is at fault.
policy: the other side will not have it. sender: the server will not have us at all; nobody is to blame."""

REASONS: Final = {
    "no_such_person": "There is no such mailbox.",
    "no_such_domain": "The part of the address after the @ does not exist, or takes no mail.",
    "mailbox_disabled": "The mailbox is switched off.",
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
    "suppressed": "Earlier mail to this address did not arrive, so no more is sent there.",
    "round_closed": "The round closed before it could be sent.",
    "connection_lost": "The connection was lost before the mail was handed over.",
    "fate_unknown": "The mail server fell silent after it had the mail; nobody knows whether it arrived.",
    "too_late": "It was more than five days late, so it was not sent.",
    "reminder_late": "The reminder was more than a day late, so it was not sent.",
    "has_left": "This person has left, or asked for no more mail.",
    "stopped": "The round was stopped before it could be sent.",
    "over": "What it told of was over before it could be sent.",
    "restored": "The database was restored from an earlier day; this mail may have been sent before that.",
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

_CODES: Final = {
    (1, 1): (HARD, "no_such_person"), (1, 2): (HARD, "no_such_domain"), (1, 3): (HARD, "bad_address"),
    (1, 6): (HARD, "moved"), (1, 10): (HARD, "no_such_person"), (1, 7): (POLICY, "blocked"),
    (1, 8): (POLICY, "blocked"), (2, 1): (SOFT, "mailbox_disabled"), (2, 2): (SOFT, "mailbox_full"),
    (2, 3): (OURS, "too_large"), (3, 4): (OURS, "too_large"), (4, 4): (SOFT, "misrouted"), (4, 6): (SOFT, "misrouted"),
    (4, 7): (SOFT, "expired"), (5, 3): (SOFT, "throttled"), (7, 26): (OURS, "not_authenticated"),
    (7, 23): (OURS, "not_authenticated"), (7, 20): (OURS, "not_authenticated"), (7, 515): (OURS, "not_authenticated"),
    (4, 14): (SOFT, "misrouted"), (4, 310): (HARD, "no_such_domain"), (4, 5): (SOFT, "busy"),
    (7, 4): (POLICY, "encryption_needed"), (7, 10): (POLICY, "encryption_needed"),
}  # fmt: skip
"""By subject and detail of RFC 3463 and the IANA registry of enhanced codes; 1.10 also as Exchange uses it."""
_SUBJECTS: Final = {
    1: (SOFT, "refused"), 2: (SOFT, "refused"), 3: (SOFT, "busy"), 4: (SOFT, "unreachable"), 5: (OURS, "malformed"),
    6: (OURS, "malformed"), 7: (POLICY, "blocked"),
}  # fmt: skip
_EXACT: Final = {(1, 1), (1, 2), (1, 3), (1, 6), (1, 10)}
"""Codes that say by themselves that nobody is there."""
_SAID: Final = {
    "not_authenticated": (OURS, "not_authenticated"), "sender_blocked": (POLICY, "blocked"),
    "too_large": (OURS, "too_large"), "mailbox_full": (SOFT, "mailbox_full"), "no_relay": (POLICY, "no_relay"),
    "blocked": (POLICY, "blocked"), "greylisted": (SOFT, "greylisted"), "throttled": (SOFT, "throttled"),
    "busy": (SOFT, "busy"), "mailbox_disabled": (SOFT, "mailbox_disabled"), "moved": (HARD, "moved"),
    "no_mail": (HARD, "no_such_domain"), "no_such_domain": (HARD, "no_such_domain"),
    "no_such_person": (HARD, "no_such_person"), "misrouted": (SOFT, "misrouted"),
    "encryption_needed": (POLICY, "encryption_needed"), "expired": (SOFT, "expired"),
    "malformed": (OURS, "malformed"), "unreachable": (SOFT, "unreachable"),
    "refused_by_rule": (POLICY, "blocked"), "out_of_order": (SOFT, "busy"),
}  # fmt: skip
"""What each meaning of `reply_words.toml` comes to."""
_ABOUT_ADDRESS: Final = ("no_mail", "moved", "no_such_domain", "no_such_person")
_WEIGHTIER: Final = ("not_authenticated", "sender_blocked", "too_large", "mailbox_full", "no_relay", "blocked")
"""Where one of these is said, it is the reason, whatever is said of the address or by a code."""
_DOUBTS: Final = ("greylisted", "throttled", "busy", "mailbox_disabled")
"""These weigh more than what is said of the address, unless the server's own code agrees with the address."""
_LAST: Final = (
    "misrouted", "encryption_needed", "expired", "malformed", "unreachable", "refused_by_rule", "out_of_order",
)  # fmt: skip
_LOGIN: Final = {530, 534, 535, 538}
_OUR_LOGIN = re.compile(r"not authenticated|authentication (?:required|unsuccessful|failed)|5\.7\.(?:57|139)\b", re.I)
_OUR_ADDRESS = re.compile(
    r"send ?as|send (?:mail )?as this (?:sender|user)|not owned by|5\.7\.60\b|"
    r"sender (?:address )?(?:rejected|denied|refused)",
    re.I,
)


MOST_SAID: Final = 2000
"""Signs of a reply that are read; what is longer was written to keep us busy."""


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
    text = text[:MOST_SAID]
    basic = code or int(found[1]) if (found := _BASIC.search(text)) else code
    number = _number(enhanced, text)
    passing = (basic // 100 if basic else number[0]) == 4
    kind, reason = _about_us(text, basic, number, stage, passing) or _about_them(text, basic, number, passing)
    if passing and kind in {HARD, POLICY, OURS, SENDER}:
        # What may pass by itself condemns nobody; 4.7.x in general asks for patience.
        kind, reason = SOFT, "throttled" if kind == POLICY and number[1] == 7 else reason
    return Verdict(kind, reason, passing)


def _number(enhanced: str, text: str) -> tuple[int, int, int]:
    """The most telling enhanced code: the first whose detail is not 0, the server's own before the reporter's."""
    found = [tuple(map(int, match)) for match in _ENHANCED.findall(f"{text} {enhanced}")]
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
    words, detail = plain(text), number[1:]
    # A reporter makes up a code for a reply that has none, of its first digit alone.
    own = bool(_ENHANCED.search(text)) or not basic
    exact, coded = detail in _EXACT and own, _CODES.get(detail)
    for meanings in (_WEIGHTIER, () if exact and _said(words, _ABOUT_ADDRESS) else _DOUBTS, _ABOUT_ADDRESS):
        if meaning := _said(words, meanings):
            return _weighed(meaning, words, coded if own else None)
    if nobody := _of_this_place(words, detail):
        return nobody
    if coded and own:
        return coded
    said = _said(words, _LAST)
    unsaid = {552: (SOFT, "mailbox_full")}.get(basic, (SOFT, "busy" if passing else "refused"))
    return (_SAID[said] if said else None) or coded or _SUBJECTS.get(detail[0], unsaid)


def _said(words: str, meanings: tuple[str, ...]) -> str | None:
    return next((meaning for meaning in meanings if MEANINGS[meaning].search(words)), None)


def _weighed(meaning: str, words: str, coded: tuple[str, str] | None) -> tuple[str, str]:
    """A code of the same kind is more exact; a domain that could not be looked up just now may well exist."""
    kind, reason = _SAID[meaning]
    if meaning == "no_such_domain" and TRY_AGAIN.search(words):
        return SOFT, "unreachable"
    if coded and (coded[0] == kind == HARD or (meaning == "sender_blocked" and coded[0] == OURS)):
        return coded
    return kind, reason


def _of_this_place(words: str, detail: tuple[int, int]) -> tuple[str, str] | None:
    """Words that mean that nobody is there, but only beside a certain code."""
    nobody = (
        (detail == (4, 1) and ACCESS_DENIED.search(words))  # Exchange Online: not in its directory
        or (detail[0] in {0, 1, 5} and UNAVAILABLE.search(words))  # RFC 5321 4.2.3: the words of 550
        or (detail in {(1, 0), (1, 1)} and ADDRESS_REJECTED.search(words))
    )
    return (HARD, "no_such_person") if nobody else None
