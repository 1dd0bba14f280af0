"""Links: one option each, forged by nobody, alive through a mail program that folds case."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from pulse.rounds import Choice, counting_node, handle, read_signed_token, read_token, signed_token, token, tree_of

KEYS = st.binary(min_size=32, max_size=32)


@given(KEYS, st.text(max_size=20))
def test_every_option_and_part_has_its_own_token(key: bytes, uid: str) -> None:
    own = handle(key, uid)
    tokens = {token(key, own, *choice): choice for choice in product([0, 1, 2, 3, 4, None], ["text", "html"])}
    assert len(tokens) == 12
    for written, choice in tokens.items():
        assert len(written) == 26
        assert read_token(key, written.upper()) == Choice(*choice)


@given(KEYS, KEYS, st.integers(0, 25), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_token_or_another_key_means_nothing(key: bytes, other: bytes, at: int, sign: str) -> None:
    written = token(key, handle(key, "somebody"), 3, "html")
    changed = written[:at] + sign + written[at + 1 :]
    assert changed == written or read_token(key, changed) is None
    assert key == other or read_token(other, written) is None


@given(st.integers(0, 2**63), st.sampled_from([None, 0, 1, 2, 3]))
def test_signed_links_name_a_row_for_one_purpose(row: int, option: int | None) -> None:
    written = signed_token("secret", "give-back", row, option)
    assert read_signed_token("secret", "give-back", written) == (row, option)
    assert read_signed_token("secret", "preferences", written) is None
    assert read_signed_token("other", "give-back", written) is None


PATHS = st.lists(
    st.lists(st.sampled_from("ABC"), min_size=1, max_size=4).map(" / ".join), min_size=1, max_size=8, unique=True
)


@given(PATHS, st.data())
def test_a_managers_answer_never_counts_in_a_team_that_they_read(paths: list[str], data: st.DataObject) -> None:
    tree = tree_of(paths, "Organisation")
    led = data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3))
    node = counting_node(tree, paths[0], led)
    assert node in tree.parents
    if tree.root not in led:
        assert not any(path in tree.line(node) for path in led)
