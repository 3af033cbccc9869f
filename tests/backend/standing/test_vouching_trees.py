"""Who is here on whose word."""

from __future__ import annotations

from backend.standing import vouching_trees


def test_a_tree_has_everybody_whom_a_chain_of_vouches_leads_to():
    # 1, 2 and 3 are founders; 4 and 5 were vouched for by two of them, 6 by these, 7 by 6 and a founder.
    trees = vouching_trees({4: [1, 2], 5: [1, 2], 6: [4, 5], 7: [6, 3]}, members=7)
    assert [(t.root, t.direct, t.size, t.depth, t.closed) for t in trees] == [
        (1, 2, 4, 3, 1),
        (2, 2, 4, 3, 1),
        (4, 1, 2, 2, 0),
        (5, 1, 2, 2, 0),
        (3, 1, 1, 1, 0),
        (6, 1, 1, 1, 0),
    ]
    assert trees[0].share == 4 / 7


def test_a_farm_of_fakes_is_closed_but_for_its_first():
    farm = {10: [1, 2], 11: [1, 10]} | {fake: [fake - 1, fake - 2] for fake in range(12, 31)}
    by_root = {tree.root: tree for tree in vouching_trees(farm, members=100)}
    assert (by_root[10].size, by_root[10].closed) == (20, 19)
    # From the founder who was taken in, all of it but the first hangs on him.
    assert (by_root[1].size, by_root[1].closed) == (21, 20)


def test_vouches_in_a_circle_end():
    trees = vouching_trees({1: [2], 2: [1]}, members=2)
    assert [(tree.root, tree.size, tree.depth) for tree in trees] == [(1, 1, 1), (2, 1, 1)]
    assert vouching_trees({}, members=0) == []
