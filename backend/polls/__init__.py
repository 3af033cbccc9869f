"""What nodes, clients and contracts agree on about polls: ballots as words, and texts that name options."""

from backend.polls.ballot import MOST_OPTIONS, MOST_VOTES, BallotInvalid, cost_of, votes_of, word_of
from backend.polls.text import PollText, PollTextInvalid, compose, parse

__all__ = [
    "MOST_OPTIONS",
    "MOST_VOTES",
    "BallotInvalid",
    "PollText",
    "PollTextInvalid",
    "compose",
    "cost_of",
    "parse",
    "votes_of",
    "word_of",
]
