"""One answer, one figure: random trees, and a second, shorter telling of the rule that must agree."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
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
    """The rule once more, from the leaves up and person by person: block → value, respondents, invited."""
    group = {path: path for path in tree}  # where each node's people are counted
    said = {path: len(node.answers) for path, node in tree.items()}

    def size(block: str) -> int:
        return sum(said[path] for path in tree if group[path] == block)

    done = []
    for path in sorted(tree, key=lambda path: -path.count("/")):
        if size(path) >= k:
            done.append(path)
        elif parent := tree[path].parent:
            group.update({node: parent for node in tree if group[node] == path})
    if done and 0 < size("Zorg") < k:
        done = _settle(tree, group, said, done, size, k)
    return {
        block: (
            publish(sum(sum(tree[path].answers) for path in tree if group[path] == block), size(block), k),
            size(block),
            sum(tree[path].invited for path in tree if group[path] == block),
        )
        for block in done
    }


def _settle(
    tree: Tree, group: dict[str, str], said: dict[str, int], done: list[str], size: Callable[[str], int], k: int
) -> list[str]:
    """The few at the top: to a mixed group; else all guests are called, most first; else to the smallest."""
    mixed = [block for block in done if said[block] < k]
    enough = size("Zorg") + sum(size(block) - said[block] for block in done) >= k
    for block in sorted(done, key=lambda block: (said[block] - size(block), block)):
        if mixed or not enough or size("Zorg") >= k:
            break
        group.update({node: "Zorg" for node in tree if group[node] == block != node})
    if size("Zorg") >= k:
        return [*done, "Zorg"]
    small = min(mixed or done, key=lambda block: (size(block), block))
    group.update({node: small for node in tree if group[node] == "Zorg"})
    return done


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


@settings(max_examples=300)
@given(trees(), st.sampled_from([5, 8]))
def test_a_team_shares_its_figure_only_where_no_cut_could_spare_it(tree: Tree, k: int) -> None:
    """Whoever is in no team with k answers of its own is, all together, fewer than k people."""
    shared = [block for block in cut(tree, k) if block.label.endswith(" and others")]
    for block in shared:
        if len(tree[block.path].answers) >= k:
            assert sum(len(node.answers) for node in tree.values() if len(node.answers) < k) < k
    assert len(shared) <= 1


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


def test_a_few_left_at_the_top_join_a_mixed_group_before_any_teams_own() -> None:
    tree = named(
        team("Zorg", 2, parent=None),
        team("Zorg / A", 5),
        team("Zorg / B", 4),
        team("Zorg / B / Dag", 4, parent="Zorg / B"),
    )
    assert [(block.label, block.nodes, block.respondents) for block in cut(tree, 5)] == [
        ("Zorg / A", ("Zorg / A",), 5),
        ("Zorg / B and others", ("Zorg", "Zorg / B", "Zorg / B / Dag"), 10),
    ]


def test_else_those_who_were_counted_along_with_a_team_come_up_to_them() -> None:
    tree = named(
        team("Zorg", 2, silent=1, parent=None),
        team("Zorg / A", 5),
        team("Zorg / A / Dag", 2, parent="Zorg / A"),
        team("Zorg / B", 6),
        team("Zorg / B / Dag", 3, silent=1, parent="Zorg / B"),
    )
    assert [(block.label, block.nodes, block.respondents, block.invited) for block in cut(tree, 5)] == [
        ("rest of Zorg", ("Zorg", "Zorg / B / Dag"), 5, 7),
        ("Zorg / A", ("Zorg / A", "Zorg / A / Dag"), 7, 7),
        ("Zorg / B", ("Zorg / B",), 6, 6),
    ]


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
