"""One answer, one figure: random trees, and a second, shorter telling of the rule that must agree."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulse.results.blocks import Block, Node, cut
from pulse.results.rounding import publish

Tree = dict[str, Node]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A tree of up to 14 nodes; at each some people were asked, and some of them answered."""
    nodes: Tree = {}
    for number in range(draw(st.integers(1, 14))):
        parent = draw(st.sampled_from(sorted(nodes))) if nodes else None
        path = f"{parent} / {number}" if parent else "Zorg"
        answers = draw(st.lists(st.integers(0, 4), max_size=9))
        silent = draw(st.integers(0, 4))
        nodes[path] = Node(path, parent, len(answers) + silent, tuple(answers))
    return nodes


def team(path: str, answered: int, silent: int = 0, parent: str | None = "Zorg") -> Node:
    return Node(path, parent, answered + silent, tuple([2] * answered))


def named(*nodes: Node) -> Tree:
    return {node.path: node for node in nodes}


def oracle(tree: Tree, k: int) -> dict[str, tuple[int, int, int]]:
    """science.md B3 to B5 once more, from the leaves up: block → value, respondents, invited."""
    pots = {path: (list(node.answers), node.invited) for path, node in tree.items()}
    done: dict[str, tuple[list[int], int]] = {}
    for path in sorted(tree, key=lambda path: -path.count("/")):
        parent = tree[path].parent
        if len(pots[path][0]) >= k:
            done[path] = pots[path]
        elif parent:
            pots[parent] = (pots[parent][0] + pots[path][0], pots[parent][1] + pots[path][1])
        elif done and pots[path][0]:
            small = min(done, key=lambda block: (len(done[block][0]), block))
            done[small] = (done[small][0] + pots[path][0], done[small][1] + pots[path][1])
    return {path: (publish(sum(xs), len(xs), k), len(xs), asked) for path, (xs, asked) in done.items()}


def published(blocks: list[Block], k: int) -> dict[str, tuple[int, int, int]]:
    return {
        block.path: (publish(block.total, block.respondents, k), block.respondents, block.invited) for block in blocks
    }


@settings(max_examples=300)
@given(trees(), st.sampled_from([5, 8]))
def test_the_blocks_are_those_of_the_oracle(tree: Tree, k: int) -> None:
    assert published(cut(tree, k), k) == oracle(tree, k)


@settings(max_examples=300)
@given(trees(), st.sampled_from([5, 8]))
def test_every_answer_counts_once_or_nothing_is_published(tree: Tree, k: int) -> None:
    blocks = cut(tree, k)
    counted = Counter(path for block in blocks for path in block.nodes)
    assert all(times == 1 for times in counted.values())
    assert all(block.respondents >= k for block in blocks)
    assert all(block.invited >= block.respondents for block in blocks)
    answered = sum(len(node.answers) for node in tree.values())
    if blocks:
        assert sum(block.respondents for block in blocks) == answered
        assert sum(block.total for block in blocks) == sum(sum(node.answers) for node in tree.values())
        assert {path for path, node in tree.items() if node.answers} <= set(counted)
    else:
        assert answered < k
    for block in blocks:
        assert sum(len(tree[path].answers) for path in block.nodes) == block.respondents
        assert sum(tree[path].invited for path in block.nodes) == block.invited


@settings(max_examples=200)
@given(trees(), st.randoms(use_true_random=False))
def test_what_is_shown_does_not_depend_on_any_answer(tree: Tree, chance: random.Random) -> None:
    other = {
        path: replace(node, answers=tuple(chance.randint(0, 4) for _ in node.answers)) for path, node in tree.items()
    }
    blind = [replace(block, total=0) for block in cut(tree, 5)]
    assert blind == [replace(block, total=0) for block in cut(other, 5)]


@settings(max_examples=100)
@given(trees(), st.randoms(use_true_random=False))
def test_the_order_in_which_nodes_are_loaded_does_not_matter(tree: Tree, chance: random.Random) -> None:
    shuffled = list(tree.items())
    chance.shuffle(shuffled)
    assert cut(dict(shuffled), 5) == cut(tree, 5)


def test_a_small_team_is_counted_one_level_up() -> None:
    tree = named(
        team("Zorg", 2, parent=None),
        team("Zorg / Noord", 7, silent=1),
        team("Zorg / Oost", 4, silent=3),
    )
    assert [(block.label, block.nodes, block.respondents, block.invited) for block in cut(tree, 5)] == [
        ("rest of Zorg", ("Zorg", "Zorg / Oost"), 6, 9),
        ("Zorg / Noord", ("Zorg / Noord",), 7, 8),
    ]


def test_a_node_whose_people_are_all_counted_there_has_its_own_name() -> None:
    tree = named(team("Zorg", 1, parent=None), team("Zorg / A", 3), team("Zorg / B", 3))
    assert [(block.path, block.label, block.respondents) for block in cut(tree, 5)] == [("Zorg", "Zorg", 7)]


def test_a_grandchild_with_its_own_block_leaves_a_rest_above() -> None:
    tree = named(
        team("Zorg", 5, parent=None),
        team("Zorg / A", 1),
        team("Zorg / A / Nacht", 6, parent="Zorg / A"),
    )
    assert [(block.path, block.label) for block in cut(tree, 5)] == [
        ("Zorg", "rest of Zorg"),
        ("Zorg / A / Nacht", "Zorg / A / Nacht"),
    ]


def test_a_few_left_at_the_top_join_the_smallest_block_and_of_equals_the_first() -> None:
    tree = named(
        team("Zorg", 2, silent=1, parent=None),
        team("Zorg / B", 6),
        team("Zorg / A", 6),
        team("Zorg / C", 9),
    )
    joined = cut(tree, 5)[0]
    assert (joined.path, joined.label, joined.respondents, joined.invited) == (
        "Zorg / A", "Zorg / A and others", 8, 9,
    )  # fmt: skip
    assert joined.nodes == ("Zorg", "Zorg / A")


def test_a_rest_that_others_join_is_still_called_a_rest() -> None:
    tree = named(
        team("Zorg", 1, parent=None),
        team("Zorg / A", 5),
        team("Zorg / A / Dag", 7, parent="Zorg / A"),
    )
    assert [block.label for block in cut(tree, 5)] == ["rest of Zorg / A and others", "Zorg / A / Dag"]


def test_silent_people_at_the_top_join_nothing() -> None:
    tree = named(team("Zorg", 0, silent=3, parent=None), team("Zorg / A", 5))
    assert [(block.label, block.invited) for block in cut(tree, 5)] == [("Zorg / A", 5)]


def test_where_nobody_was_asked_nobody_is_counted() -> None:
    tree = named(Node("Zorg", None, 0, ()), team("Zorg / A", 3), team("Zorg / B", 3))
    assert cut(tree, 5)[0].nodes == ("Zorg / A", "Zorg / B")


def test_four_answers_in_all_publish_nothing() -> None:
    assert cut(named(team("Zorg", 1, parent=None), team("Zorg / A", 3, silent=20)), 5) == []


def test_a_tree_has_one_root() -> None:
    with pytest.raises(ValueError, match="exactly one root"):
        cut(named(team("Zorg", 5, parent=None), team("Facilitair", 5, parent=None)), 5)
