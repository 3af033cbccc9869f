"""Conflicts in a commune: one that its parties settle, others that a panel or the assembly decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from typing import Any

import pytest
from eth_abi import encode
from eth_hash.auto import keccak

from tests.backend.chains import CHAIN_ID
from tests.backend.commune import DAY, FOR, GENERAL, POINT, Commune, Person, Reverted, text_hash
from tests.backend.drawing import decide, to_number
from tests.backend.working import ACCEPT, GOOD, Brief, Working, active

PENALTY, AWARD, EXPULSION, OVERTURN = range(4)
DRAWING, ACCEPTING, MEDIATING, SETTLED, WITHDRAWN, FAILED, CONVENED = range(1, 8)
SHELVES = "Put up the shelves\n\nHours: 3\n\nIn the hall, at the height of a child."
SHELVES_ARE_UP = "All are up, and hold."
OVEN = "The oven was left on overnight.\n\nIt was the third time."
OTHER_SIDE = "I was told that somebody else would see to it."
OUTCOME = "Ten is the last to leave on Fridays, and checks the oven.\n\nNine says so in time."
GROUNDS = "The panel has not read what I gave."
Happened = Callable[[str], None]


class Conflicts:
    """Of one commune. `members` by their numbers."""

    def __init__(self, commune: Commune, members: dict[int, Person]) -> None:
        self.commune = commune
        self.members = members

    def send(self, member: int, module: str, function: str, *arguments: Any) -> None:
        self.commune.send(self.members[member], module, function, *arguments)

    def anyone(self, module: str, function: str, *arguments: Any) -> None:
        self.commune.send(self.commune.people[0], module, function, *arguments)

    # Mediation

    def open(
        self, claimant: int, respondents: Sequence[int], kind: int, points: int = 0, text: str = OVEN
    ) -> int:
        remedy = (kind, respondents[0], points * POINT)
        self.send(claimant, "mediation", "open", list(respondents), GENERAL, remedy, text_hash(text))
        return int(self.commune.call("mediation", "caseCount"))

    def state(self, case: int) -> int:
        return int(self.commune.call("mediation", "caseOf", case)[3])

    def ask(self, case: int) -> int:
        """Captures the draw; who is asked to mediate."""
        to_number(self.commune, int(self.commune.call("mediation", "caseOf", case)[10]))
        self.anyone("mediation", "seatMediator", case)
        return int(self.commune.call("mediation", "caseOf", case)[12])

    def parties(self, case: int) -> list[int]:
        return list(self.commune.call("mediation", "partiesOf", case))

    def fail(self, case: int) -> None:
        """Nobody answers the mediators."""
        while self.state(case) != FAILED:
            self.ask(case)
            if self.state(case) == ACCEPTING:
                self.commune.wait(4 * DAY)
                self.anyone("mediation", "moveOn", case)

    # Panels

    def draw_panel(self, case: int) -> list[int]:
        """Captures the draw; who is on the panel."""
        panel = self.commune.call("panels", "panelOf", case)
        to_number(self.commune, int(panel[2]))
        self.anyone("panels", "seat", case)
        return self.panelists(case)

    def panelists(self, case: int) -> list[int]:
        round_ = int(self.commune.call("panels", "panelOf", case)[0])
        return list(self.commune.call("panels", "panelistsOf", case, round_))

    def commit(self, case: int, votes: dict[int, int]) -> None:
        """Votes by the panelists' numbers."""
        round_ = int(self.commune.call("panels", "panelOf", case)[0])
        for member, extent in votes.items():
            self.send(member, "panels", "commit", case, self.commitment(case, round_, member, extent))

    def commitment(self, case: int, round_: int, member: int, extent: int) -> bytes:
        """As ICasePanels defines it."""
        types = ["bytes32", "uint256", "address", "uint32", "uint8", "uint32", "uint8", "bytes32"]
        domain, panels = keccak(b"dualpower.panel"), self.commune.addresses["panels"]
        return keccak(
            encode(types, [domain, CHAIN_ID, panels, case, round_, member, extent, salt_of(member)])
        )

    def reveal(self, case: int, votes: dict[int, int]) -> None:
        for member, extent in votes.items():
            self.anyone("panels", "reveal", case, member, extent, salt_of(member))

    def decided(self, case: int, extent: int) -> None:
        """All on the panel vote for the same, and are counted."""
        votes = dict.fromkeys(self.draw_panel(case), extent)
        self.commit(case, votes)
        self.commune.wait(3 * DAY + 60)
        self.reveal(case, votes)
        self.anyone("panels", "count", case)

    def vote(self, proposal: int, voters: Iterable[int]) -> None:
        self.commune.wait(60)
        for voter in voters:
            self.send(voter, "assembly", "castBallot", proposal, FOR, 1)
        self.commune.to_end(proposal)

    def proposal_of(self, case: int) -> int:
        """The vote that a case led to."""
        return int(self.commune.call("panels", "panelOf", case)[-1])

    def execute(self, case: int, call: str | bytes, what: str, text: str) -> None:
        """Carries out a case's vote: a call of the panels, by its name, or of the membership."""
        c = self.commune
        if isinstance(call, str):
            target, call = c.addresses["panels"], c.data("panels", call, case)
        else:
            target = c.addresses["membership"]
        suffix = f"#nonce={case}#proposer={c.addresses['panels'].lower()}"
        described = text_hash(f"{what}: text:0x{text_hash(text).hex()}{suffix}")
        c.send(c.people[1], "assembly", "execute", [target], [0], [call], described)


def salt_of(member: int) -> bytes:
    return keccak(b"how member %d hides a vote" % member)


_VOUCHERS = ((1, 2), (2, 3), (3, 5), (5, 6), (6, 1))


def settle_conflicts(c: Commune, happened: Happened) -> None:
    p = c.people
    _challenge(c, happened)
    newcomers = [c.join(p[15 + n], (p[one], p[other])) for n, (one, other) in enumerate(_VOUCHERS)]
    c.wait(91 * DAY)
    happened("five more are members, and out of probation")
    members = {1: p[1], 2: p[2], 3: p[3], 5: p[5], 6: p[6]}
    members |= {member: p[15 + n] for n, member in enumerate(newcomers)}
    settle(Conflicts(c, members), newcomers, happened)


def _challenge(commune: Commune, happened: Happened) -> None:
    """Accepted work, by a member who had no part in it. Too few are left for a panel."""
    working = Working(commune, active(commune))
    decide(commune, "assignments", "create", [astuple(Brief(text_hash(SHELVES)))])
    working.volunteer(working.last, 2)
    working.select(working.last)
    review = working.deliver(working.last, 1, SHELVES_ARE_UP)
    working.seat_reviewers(review)
    reviewers = working.reviewers(review)
    for reviewer in reviewers:
        working.judge(review, reviewer, ACCEPT, 90, GOOD)
    happened("shelves are put up, and accepted")
    c = Conflicts(commune, working.members)
    claimant = next(member for member in c.members if member not in (2, *reviewers))
    c.send(claimant, "mediation", "challenge", review, text_hash(OVEN))
    case = int(commune.call("mediation", "caseCount"))
    happened("which is challenged")
    c.fail(case)
    c.anyone("panels", "convene", case)
    happened("the members are asked at once")
    c.vote(c.proposal_of(case), c.members)
    c.execute(case, "grant", f"Case {case}", OVEN)
    happened("who overturn what the reviewers said")


def settle(c: Conflicts, newcomers: Sequence[int], happened: Happened) -> None:
    _agree(c, newcomers, happened)
    _decide(c, newcomers, happened)
    _appeal(c, happened)
    _ask_all(c, newcomers, happened)
    _expel(c, newcomers, happened)


def _agree(c: Conflicts, newcomers: Sequence[int], happened: Happened) -> None:
    """One case that is settled by a second mediator, and one that is taken back."""
    newcomer = newcomers[0]
    case = c.open(newcomer, (3, 6), PENALTY, 10)
    happened("a case is open")
    with pytest.raises(Reverted, match="MediationAgainstSelf"):
        c.open(3, (3,), PENALTY, 1)
    c.send(6, "mediation", "giveEvidence", case, text_hash(OTHER_SIDE))
    first = c.ask(case)
    c.send(first, "mediation", "accept", case)
    c.send(3, "mediation", "accept", case)
    happened("a mediator and one of three parties accepted")
    c.send(6, "mediation", "decline", case)
    happened("another one did not")
    second = c.ask(case)
    assert second != first
    for member in (*c.parties(case), second):
        c.send(member, "mediation", "accept", case)
    happened("all accepted the second mediator")
    c.send(second, "mediation", "propose", case, text_hash("Let us forget it."))
    c.send(3, "mediation", "sign", case, text_hash("Let us forget it."))
    happened("one of them signed what the mediator proposed")
    c.send(second, "mediation", "propose", case, text_hash(OUTCOME))
    for member in c.parties(case):
        c.send(member, "mediation", "sign", case, text_hash(OUTCOME))
    happened("all signed what was proposed next")
    regretted = c.open(6, (newcomer,), AWARD, 3)
    c.send(6, "mediation", "withdraw", regretted)
    happened("another case was taken back")


def _decide(c: Conflicts, newcomers: Sequence[int], happened: Happened) -> None:
    """A panel grants half, and one panelist is silent; another panel grants nothing."""
    case = c.open(1, (2,), PENALTY, 8)
    c.fail(case)
    happened("nobody answered the mediators")
    c.anyone("panels", "convene", case)
    happened("a panel is drawn")
    drawn = c.draw_panel(case)
    happened("and seated")
    votes = {drawn[0]: 2, drawn[1]: 4}
    c.commit(case, votes)
    happened("two of three committed")
    c.commune.wait(3 * DAY + 60)
    happened("all had time to")
    c.reveal(case, votes)
    happened("they revealed")
    c.anyone("panels", "count", case)
    happened("and were counted")
    c.commune.wait(7 * DAY + 60)
    happened("nobody appealed")
    c.anyone("panels", "carryOut", case)
    happened("it is carried out")
    case = c.open(newcomers[1], (newcomers[2],), AWARD, 5)
    c.fail(case)
    c.anyone("panels", "convene", case)
    c.decided(case, 0)
    c.commune.wait(7 * DAY + 60)
    c.anyone("panels", "carryOut", case)
    happened("another case is dismissed")


def _appeal(c: Conflicts, happened: Happened) -> None:
    """One that the assembly overrules, and one in which it does not."""
    case = c.open(2, (1,), AWARD, 4)
    c.fail(case)
    c.anyone("panels", "convene", case)
    c.decided(case, 4)
    c.send(1, "panels", "appeal", case, text_hash(GROUNDS))
    happened("a decision is appealed")
    c.vote(c.proposal_of(case), (1, 3, 5, 6))
    happened("the members are against it")
    c.execute(case, "overrule", f"Appeal in case {case}", GROUNDS)
    happened("and overruled it")
    case = c.open(3, (5,), PENALTY, 2)
    c.fail(case)
    c.anyone("panels", "convene", case)
    c.decided(case, 3)
    c.send(5, "panels", "appeal", case, text_hash(GROUNDS))
    c.vote(c.proposal_of(case), ())
    happened("another appeal moves nobody")
    c.anyone("panels", "carryOut", case)
    happened("so what was decided is carried out")


def _ask_all(c: Conflicts, newcomers: Sequence[int], happened: Happened) -> None:
    """Two panels are silent; the assembly grants what was asked for."""
    case = c.open(5, (3,), PENALTY, 1)
    c.fail(case)
    c.anyone("panels", "convene", case)
    first = set(c.draw_panel(case))
    c.commune.wait(6 * DAY)
    happened("a panel is silent")
    c.anyone("panels", "count", case)
    happened("another one is drawn")
    assert not first & set(c.draw_panel(case))
    happened("of others")
    c.commune.wait(6 * DAY)
    c.anyone("panels", "count", case)
    happened("it is silent, too: the members are asked")
    c.vote(c.proposal_of(case), (1, 2, 6, newcomers[0]))
    c.execute(case, "grant", f"Case {case}", OVEN)
    happened("who grant it")


def _expel(c: Conflicts, newcomers: Sequence[int], happened: Happened) -> None:
    last = newcomers[-1]
    case = c.open(6, (last,), EXPULSION)
    c.fail(case)
    c.anyone("panels", "convene", case)
    c.decided(case, 4)
    happened("a panel finds that somebody should go")
    c.anyone("panels", "carryOut", case)
    happened("and puts it to the vote")
    c.vote(c.proposal_of(case), (1, 2, 3, 5, 6))
    expel = c.commune.data("membership", "expel", last)
    c.execute(case, expel, f"Expulsion of member {last} in case {case}", OVEN)
    happened("which expels them")
