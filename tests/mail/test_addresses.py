"""The addresses that mail comes back to: only Ruil can make them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from pulse.mail import Message, bounce_address, messages_bounced, people_stopping, unsubscribe_address


def test_an_address_names_what_it_is_about_whatever_case_it_comes_back_in(environment: pytest.MonkeyPatch) -> None:
    message = Message(id=str(uuid4()))
    address = bounce_address(message)
    assert len(address.split("@")[0]) <= 64
    assert list(messages_bounced(f"To: <{address.upper()}>")) == [message.id]
    assert list(people_stopping(f"To: {unsubscribe_address(7).title()}")) == [7]


def test_a_forged_address_is_nobodys(environment: pytest.MonkeyPatch) -> None:
    address, other = bounce_address(Message(id=str(uuid4()))), bounce_address(Message(id=str(uuid4())))
    forged = address.split(".")[0] + "." + other.split(".", 1)[1]
    assert list(messages_bounced(forged)) == []
    assert list(people_stopping(unsubscribe_address(7).replace("@", "").replace("stop+a", "stop+b") + "@x")) == []
