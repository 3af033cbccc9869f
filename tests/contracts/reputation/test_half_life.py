"""`halfLife` and `origin`: what fading is counted with, for ever."""

from tests.contracts.people import DAY


def test_the_half_life_and_the_origin_are_announced_at_deployment(reputation):
    fixed = reputation.tx.events["HalfLifeFixed"]
    assert fixed["halfLife"] == reputation.halfLife() == 90 * DAY
    assert fixed["origin"] == reputation.origin() == reputation.tx.timestamp
