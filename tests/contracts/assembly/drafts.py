"""Drafts that differ from the usual ones in one point."""

from dataclasses import replace

from scripts import commune as communes
from tests.contracts.people import draft


def described(d, text):
    """The same draft with another description."""
    return replace(d, description=text)


def many(commune, author, count):
    """A draft with `count` actions under the ordinary rule."""
    law = commune.constitution
    action = (law, law.adopt.encode_input(communes.text_hash("one of many")))
    return draft(author, *[action] * count)
