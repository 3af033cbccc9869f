"""Small things that pass by consent, and some that do not, in a commune that has lived for a while."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.backend.commune import DAY, FOOD, FOR, Commune, Draft, Person, Reverted, text_hash

ACKNOWLEDGE, BLOCK, STAND_ASIDE = 1, 2, 3
KETTLE = "We buy a second kettle."
DOUBTS = "We have two already."
WHISTLE = "I like the one that whistles."
Happened = Callable[[str], None]


def put_to_consent(c: Commune, who: Person, text: str) -> tuple[Draft, int]:
    """A draft that adopts the text, sponsored by `who` and the second member, and open for consent."""
    adopted = ("constitution", c.data("constitution", "adopt", text_hash(text)))
    draft = c.draft(c.addresses["consent"], adopted, text=text)
    proposal = c.sponsor(draft, (who, c.people[2]), FOOD)
    c.send(who, "consent", "open", list(draft.targets), list(draft.calldatas), draft.description)
    return draft, proposal


def consent(c: Commune, happened: Happened) -> None:
    p = c.people
    draft, kettle = put_to_consent(c, p[1], KETTLE)
    happened("a draft is open for consent")
    c.send(p[1], "consent", "respond", kettle, ACKNOWLEDGE, bytes(32))
    c.send(p[2], "consent", "respond", kettle, BLOCK, text_hash(DOUBTS))
    c.send(p[3], "consent", "respond", kettle, STAND_ASIDE, text_hash(WHISTLE))
    c.send(p[5], "consent", "respond", kettle, ACKNOWLEDGE, bytes(32))
    happened("two agree, one blocks, one stands aside")
    c.send(p[2], "consent", "respond", kettle, ACKNOWLEDGE, bytes(32))
    with pytest.raises(Reverted, match="ConsentWrongState"):
        c.send(p[1], "consent", "execute", list(draft.targets), list(draft.calldatas), draft.text_hash)
    c.wait(3 * DAY + 1)
    happened("who blocked agrees after all, and it passed")
    c.send(p[20], "consent", "execute", list(draft.targets), list(draft.calldatas), draft.text_hash)
    happened("it is carried out")
    draft, blocked = put_to_consent(c, p[1], "We buy a third kettle.")
    for member in (p[2], p[3]):
        c.send(member, "consent", "respond", blocked, BLOCK, text_hash(DOUBTS))
    _, lapsed = put_to_consent(c, p[3], "We buy a fourth kettle.")
    c.send(p[1], "consent", "respond", lapsed, ACKNOWLEDGE, bytes(32))
    c.wait(3 * DAY + 1)
    happened("one is blocked, another meets silence")
    c.send(p[20], "consent", "escalate", list(draft.targets), list(draft.calldatas), draft.description)
    happened("what was blocked is put to the vote")
    _, forgotten = put_to_consent(c, p[3], "We buy a fifth kettle.")
    for member in (p[1], p[2], p[3]):
        c.send(member, "consent", "respond", forgotten, ACKNOWLEDGE, bytes(32))
    c.wait(3 * DAY + 1)
    happened("another passed")
    c.wait(31 * DAY)
    happened("and nobody carried it out in time")
    # Once from the list, once more although it is not on it any longer.
    off = (c.addresses["commons"], c.selector("commons", "pay"), bytes(32), (False, True, 3, 0))
    change = ("consent", c.data("consent", "setAllowance", *off))
    law = c.draft(p[1], change, change, text="No payments by consent")
    proposal = c.propose(law, p[1], (p[1], p[2]))
    c.to_voting(proposal)
    for voter in (p[1], p[2], p[3], p[5]):
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    c.carry_out(law)
    happened("payments are off the list")
