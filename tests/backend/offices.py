"""Offices from their creation to the recall of who held them, in a commune that has lived for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.backend.commune import DAY, FOR, GENERAL, Commune, Person, Reverted, text_hash
from tests.backend.drawing import commitment_of, decide, secret_of, to_number
from tests.backend.polling import ballot

KEEPER, STEWARDS, TREASURER = 1, 2, 3
BY_POLL, BY_DRAW, WITH_REVEALS = range(3)
TERM = 120 * DAY
STIPEND = 20
KEEPER_TEXT = "Keeper of the minutes\n\nWrites down what we decide."
STEWARDS_TEXT = "Stewards of the hall\n\nOpen it, and close it."
TREASURER_TEXT = "Treasurer\n\nCounts the till in front of others."
STATEMENT = "I was at every meeting, and write fast."
GROUNDS = "The minutes of May are missing."
Happened = Callable[[str], None]


class Holding:
    """Of one commune. `members` by their numbers."""

    def __init__(self, commune: Commune, members: dict[int, Person]) -> None:
        self.commune = commune
        self.members = members

    def creation(
        self,
        text: str,
        seats: int,
        filling: int,
        mandate: Sequence[tuple[str, str, int]] = (),
        stipend: int = 0,
    ) -> bytes:
        """The calldata that creates an office. `mandate`: (module, function, calls)."""
        c = self.commune
        entries = [
            (c.addresses[module], c.selector(module, function), calls, 0, 0)
            for module, function, calls in mandate
        ]
        terms = (text_hash(text), GENERAL, seats, filling, TERM, stipend, False)
        return c.data("offices", "create", terms, entries)

    def elect(self, office: int, candidates: Sequence[int]) -> int:
        """Opens an election in which these members stand, and waits until they no longer can."""
        c = self.commune
        c.send(self.members[candidates[0] if candidates else 2], "elections", "open", office)
        election = int(c.call("elections", "electionCount"))
        for member in candidates:
            self.stand(election, member)
        return election

    def stand(self, election: int, member: int) -> None:
        committed = bytes(32)
        if self.commune.call("elections", "election", election)[2] == WITH_REVEALS:
            committed = commitment_of(member, secret_of(member))
        statement = text_hash(STATEMENT)
        self.commune.send(self.members[member], "elections", "stand", election, statement, committed)

    def standing_over(self, election: int) -> None:
        self.commune.wait_until(int(self.commune.call("elections", "election", election)[3]) + 1)

    def draw_of(self, election: int) -> int:
        return int(self.commune.call("elections", "election", election)[6])

    def sign(self, petition: int, *members: int) -> None:
        for member in members:
            self.commune.send(self.members[member], "recall", "sign", petition)


def hold_offices(c: Commune, happened: Happened) -> None:
    p = c.people
    eight = c.join(p[14], (p[2], p[3]))
    c.wait(91 * DAY)
    holding = Holding(c, {1: p[1], 2: p[2], 3: p[3], 5: p[5], 6: p[6], 8: p[14]})
    assert c.member_id(p[14]) == eight == 8
    _create(c, holding, happened)
    _elect(c, holding, happened)
    _draw(c, holding, happened)
    _exercise(c, holding, happened)
    _petition(c, holding, happened)
    _recall(c, holding, happened)
    _end(c, holding, happened)


def _create(c: Commune, holding: Holding, happened: Happened) -> None:
    voters = (1, 2, 3, 5, 6)
    minutes = (("constitution", "adopt", 2), ("constitution", "setDaoURI", 1))
    draft = c.draft(
        holding.members[3],
        ("offices", holding.creation(KEEPER_TEXT, 1, BY_POLL, minutes)),
        ("offices", holding.creation(STEWARDS_TEXT, 2, BY_DRAW)),
        ("offices", holding.creation(TREASURER_TEXT, 1, WITH_REVEALS, stipend=STIPEND)),
        text="Three offices",
    )
    proposal = c.propose(draft, holding.members[3], (holding.members[3], holding.members[2]))
    c.to_voting(proposal)
    for voter in voters:
        c.send(holding.members[voter], "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    c.carry_out(draft)
    happened("three offices were created")


def _elect(c: Commune, holding: Holding, happened: Happened) -> None:
    """The keeper, by a poll that ends in a tie."""
    election = holding.elect(KEEPER, (2, 3, 5))
    c.send(holding.members[5], "elections", "withdraw", election)
    c.send(holding.members[2], "elections", "withdraw", election)
    holding.stand(election, 2)
    happened("two stand, another one no longer does")
    holding.standing_over(election)
    happened("standing is over")
    c.send(c.people[0], "elections", "start", election)
    poll = int(c.call("elections", "election", election)[5])
    for voter, votes in ((1, (2, 0)), (5, (0, 2)), (6, (1, 1))):
        c.send(holding.members[voter], "polls", "cast", poll, ballot(*votes))
    happened("a poll decides")
    c.wait(8 * DAY)
    happened("and ends in a tie")
    c.send(c.people[0], "elections", "fill", election)
    happened("which is drawn")
    to_number(c, holding.draw_of(election))
    happened("the draw has a number")
    c.send(c.people[0], "elections", "fill", election)
    happened("there is a keeper")


def _draw(c: Commune, holding: Holding, happened: Happened) -> None:
    stewards = holding.elect(STEWARDS, (8, 1, 2))
    treasurer = holding.elect(TREASURER, (3, 5, 6))
    holding.standing_over(treasurer)
    c.send(c.people[0], "elections", "start", stewards)
    c.send(c.people[0], "elections", "start", treasurer)
    drawn, mixed = holding.draw_of(stewards), holding.draw_of(treasurer)
    for member in (3, 5):
        c.send(c.people[0], "draws", "reveal", mixed, member, secret_of(member))
    happened("two draws opened, and two of three revealed their secrets for one")
    to_number(c, drawn)
    c.chain.rpc("anvil_mine", hex(300))
    happened("one is captured, the other is missed")
    c.send(c.people[0], "draws", "retarget", mixed)
    happened("and has another block")
    to_number(c, mixed)
    for election in (stewards, treasurer):
        c.send(c.people[0], "elections", "fill", election)
    happened("stewards and a treasurer hold their seats")


def _holders(c: Commune, office: int) -> list[int]:
    return list(c.call("offices", "holdersOf", office))


def _exercise(c: Commune, holding: Holding, happened: Happened) -> None:
    (keeper,) = _holders(c, KEEPER)
    who, law = holding.members[keeper], c.addresses["constitution"]
    adopt = c.data("constitution", "adopt", text_hash("The hall closes at ten"))
    c.send(who, "offices", "exercise", KEEPER, law, adopt)
    request = c.signed_request(
        who,
        "offices",
        c.data(
            "offices",
            "exercise",
            KEEPER,
            law,
            c.data("constitution", "setDaoURI", "https://node.example/v1/dao"),
        ),
        nonce=77,
        deadline=c.now + DAY,
    )
    c.send(c.people[0], "forwarder", "executeBatch", [request[0]], [request[1]])
    happened("the keeper used the mandate")
    c.send(who, "offices", "exercise", KEEPER, law, adopt)
    with pytest.raises(Reverted, match="OfficesCallsExceeded"):
        c.send(who, "offices", "exercise", KEEPER, law, adopt)
    beyond = c.data("constitution", "addTopic", "music")
    with pytest.raises(Reverted, match="OfficesOutsideMandate"):
        c.send(who, "offices", "exercise", KEEPER, law, beyond)
    happened("and nothing is left of it")
    c.wait(30 * DAY)
    happened("until the next period")
    tenure = int(c.call("offices", "lastTenureOf", TREASURER, *_holders(c, TREASURER)))
    start = int(c.call("commons", "periodOf", c.now - 30 * DAY))
    c.send(c.people[0], "offices", "claimStipend", tenure, start)
    decide(c, "offices", "setStipend", TREASURER, STIPEND // 2)
    entry = (law, c.selector("constitution", "setDaoURI"), 3, 0, 0)
    decide(c, "offices", "setMandate", KEEPER, [entry])
    happened("a stipend is paid, and other terms are set")


def _petition(c: Commune, holding: Holding, happened: Happened) -> None:
    """One that nobody joins, and one whose vote fails."""
    first, second = _holders(c, STEWARDS)
    petitioner, seconder = [m for m in (2, 3, 5) if m not in (first, second)][:2]
    c.send(holding.members[petitioner], "recall", "petition", STEWARDS, first, text_hash(GROUNDS))
    c.send(holding.members[seconder], "recall", "petition", STEWARDS, second, text_hash("No keys"))
    failing = int(c.call("recall", "petitionCount"))
    happened("two petitions are open")
    holding.sign(failing, petitioner)
    happened("one led to a vote")
    c.wait(5 * DAY)
    happened("to which nobody came")
    c.wait(26 * DAY)
    happened("the other petition lapsed")


def _recall(c: Commune, holding: Holding, happened: Happened) -> None:
    """One by a vote, one by more than half."""
    (keeper,), (treasurer,) = _holders(c, KEEPER), _holders(c, TREASURER)
    others = [m for m in (1, 2, 3, 5, 6) if m not in (keeper, treasurer)]
    c.send(
        holding.members[others[0]], "recall", "petition", TREASURER, treasurer, text_hash("The till is short")
    )
    petition = int(c.call("recall", "petitionCount"))
    holding.sign(petition, others[1])
    vote = int(c.call("recall", "petitionOf", petition)[8])
    c.wait(60)
    for voter in (1, 2, 3, 5, 6):
        c.send(holding.members[voter], "assembly", "castBallot", vote, FOR, 1)
    c.to_end(vote)
    happened("a recall has passed")
    grounds = text_hash("The till is short").hex()
    description = (
        f"Recall of member {treasurer} from office {TREASURER}: text:0x{grounds}"
        f"#nonce={petition}#proposer={c.addresses['recall'].lower()}"
    )
    action = c.data("offices", "recall", TREASURER, treasurer)
    c.send(
        c.people[0], "assembly", "execute", [c.addresses["offices"]], [0], [action], text_hash(description)
    )
    happened("the treasurer is recalled")
    others = [m for m in holding.members if m != keeper]
    c.send(holding.members[others[0]], "recall", "petition", KEEPER, keeper, text_hash("Pages are missing"))
    petition = int(c.call("recall", "petitionCount"))
    at_once = int(c.call("recall", "petitionOf", petition)[6])
    holding.sign(petition, *others[1:at_once])
    happened("and the keeper, by more than half, without a vote's end")


def _end(c: Commune, holding: Holding, happened: Happened) -> None:
    """Seats end in every other way, and elections that nobody contests."""
    p = c.people
    nobody = holding.elect(TREASURER, ())
    holding.standing_over(nobody)
    c.send(p[0], "elections", "start", nobody)
    happened("nobody wants to be treasurer")
    alone = holding.elect(TREASURER, (8,))
    holding.standing_over(alone)
    c.send(p[0], "elections", "start", alone)
    happened("eight does, and nobody else")
    c.send(p[14], "membership", "leave")
    happened("eight left")
    c.wait(DAY)
    c.send(p[0], "offices", "vacate", TREASURER, 8)
    for steward in _holders(c, STEWARDS)[:1]:
        c.send(holding.members[steward], "offices", "resign", STEWARDS)
    happened("seats are free again")
    decide(c, "offices", "abolish", STEWARDS)
    happened("there are stewards no more")
