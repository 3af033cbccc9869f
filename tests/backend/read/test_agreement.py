"""What the node says and what the contracts say, at every turn of two years in a commune's life."""

import pytest

from tests.backend.mirror import CONCERNS


@pytest.mark.parametrize("concern", CONCERNS)
def test_the_node_says_what_the_contract_says(lived, concern):
    assert lived.differences[concern] == []
    assert lived.compared[concern] >= 5 * len(lived.moments)


def test_what_was_compared_was_worth_comparing(lived):
    """Every table has rows, so that an empty agreement counts for nothing."""
    from backend.store import Reader

    reader = Reader.open(lived.settings.database)
    empty = [name for name in lived.tables if reader.count(name) == 0]
    reader.close()
    # No contract was closed, and the refusal and the follower were the only ones of their kind.
    assert empty == ["closed_targets"]
