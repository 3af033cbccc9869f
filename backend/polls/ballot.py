"""A poll's ballot as one word: bits 4i to 4i + 3 are the votes on option i (contracts/polls/IPolls.sol)."""

from __future__ import annotations

from collections.abc import Mapping

MOST_OPTIONS = 60
MOST_VOTES = 15


class BallotInvalid(ValueError):
    """No ballot of that poll; the message says why."""


def votes_of(word: int, options: int) -> list[int]:
    """The votes on each option, in their order. Raises `BallotInvalid` where a bit beyond them is set."""
    if not 0 <= word < 1 << 4 * options:
        raise BallotInvalid(f"{word} is no ballot on {options} options")
    return [word >> 4 * option & MOST_VOTES for option in range(options)]


def word_of(votes: Mapping[int, int], options: int) -> int:
    """From votes by option, counted from 0. Raises `BallotInvalid`."""
    word = 0
    for option, given in votes.items():
        if not 0 <= option < options:
            raise BallotInvalid(f"there is no option {option}: they are 0 to {options - 1}")
        if not 0 <= given <= MOST_VOTES:
            raise BallotInvalid(f"{given} votes on option {option}: 0 to {MOST_VOTES} can be given")
        word |= given << 4 * option
    return word


def cost_of(votes: list[int]) -> int:
    """In credits: v votes on an option cost v^2, summed over options."""
    return sum(given * given for given in votes)
