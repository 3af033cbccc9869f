"""A published election is held again on chain, and comes to the published result or fails."""

from dataclasses import replace
from pathlib import Path

import pytest

from scripts import pabulib, replay

VILLAGE = Path(__file__).with_name("village.pb")


def test_an_election_comes_to_its_published_scores(capsys):
    result = replay.main(str(VILLAGE))
    assert result.tally == (13, 5, 1, 0)
    assert result.ballots == 7
    assert "equals the published scores: 7 ballots" in capsys.readouterr().out


def test_another_result_than_the_published_one_is_a_failure():
    village = pabulib.read(VILLAGE)
    held = replay.Result(poll=1, tally=village.scores, ballots=7, gas_each=0)
    replay.require_published(village, held)
    with pytest.raises(replay.ReplayFailed, match=r"published was \(13, 5, 1, 0\)"):
        replay.require_published(village, replace(held, tally=(12, 6, 1, 0)))
    with pytest.raises(replay.ReplayFailed, match="6 of 7 ballots"):
        replay.require_published(village, replace(held, ballots=6))
