"""What members and modules do over and over in these tests: create offices, give seats, petition, vote."""

from dataclasses import dataclass

from brownie import accounts, chain, web3

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, FOR, GENERAL, member_id, to_end, vote

TERM = 90 * DAY
PERIOD = 30 * DAY
TEXT = "0x" + communes.text_hash("Keeps the books, and tells us every month")
GROUNDS = "0x" + communes.text_hash("The books are empty")
NOTHING = b"\0" * 32
# IOffices.Filling
POLL, DRAW, DRAW_WITH_REVEALS = range(3)
# IOffices.Ending
RESIGNED, RECALLED, VACATED, ABOLISHED = range(4)
# IElections.Stage
STANDING, POLLING, DRAWING, FILLED, UNFILLED = range(1, 6)
# How far ahead of its transaction a seat is given, so that a slow machine is not late.
SOON = 60


@dataclass(frozen=True)
class Call:
    """`IOffices.Mandate`, as it is sent."""

    target: object
    function: str
    calls: int = 10
    argument: int = 0
    cap: int = 0

    @property
    def selector(self):
        return self.target.signatures[self.function]

    @property
    def struct(self):
        return str(self.target), self.selector, self.calls, self.argument, self.cap


def office(seats=1, filling=POLL, term=TERM, stipend=0, topic=GENERAL, text=TEXT):
    """`IOffices.Office`, as it is sent."""
    return text, topic, seats, filling, term, stipend, False


def created(commune, *mandate, **fields):
    """An office that the commune decided to have; returns its id."""
    calls = [call.struct for call in mandate]
    tx = commune.offices.create(office(**fields), calls, acting_as(commune.timelock))
    return tx.events["OfficeCreated"]["officeId"]


def appointed(commune, office_id, who, start=None):
    """A seat as elections give it, from `start` or from soon on; returns the transaction."""
    start = now() + SOON if start is None else start
    return commune.offices.appoint(office_id, member_id(commune, who), start, acting_as(commune.elections))


def seated(commune, office_id, who):
    """A seat given from soon on, and the time let pass until then; returns the tenure's id."""
    given = appointed(commune, office_id, who).events["TenureGiven"]
    mine_at(given["from"])
    return given["tenureId"]


def recalled_directly(commune, office_id, who):
    """Recall as the module does when more than half of the members have signed."""
    return commune.offices.recall(office_id, member_id(commune, who), acting_as(commune.recall))


def petitioned(commune, office_id, holder, *signers):
    """A petition opened by the first and signed by all of these; returns its id."""
    first, *others = signers
    tx = commune.recall.petition(office_id, member_id(commune, holder), GROUNDS, first.tx)
    petition = tx.events["PetitionOpened"]["petitionId"]
    for signer in others:
        commune.recall.sign(petition, signer.tx)
    return petition


def vote_of(tx):
    """The recall's vote that a signature opened."""
    return tx.events["RecallVoteOpened"]["proposalId"]


def voted(commune, proposal, voters, support=FOR):
    """Vote on a recall from its second second on, when it is open, and wait until the vote is over."""
    advance(1)
    vote(commune, proposal, voters, support)
    to_end(commune, proposal)


def opened_election(commune, office_id, who):
    """An election that someone opened; returns its id."""
    return commune.elections.open(office_id, who.tx).events["ElectionOpened"]["electionId"]


def stood(commune, election, *candidates):
    for candidate in candidates:
        commune.elections.stand(election, NOTHING, NOTHING, candidate.tx)


def started(commune, election, who):
    """Wait until standing is over, and go on; returns the transaction."""
    mine_at(max(now(), commune.elections.election(election)["standUntil"]) + 1)
    return commune.elections.start(election, who.tx)


def cast_ballots(commune, election, ballots):
    """Cast (person, ballot) pairs in an election's poll, and wait until it is closed."""
    poll = commune.elections.election(election)["pollId"]
    advance(1)
    for who, ballot in ballots:
        commune.polls.cast(poll, ballot, who.tx)
    mine_at(commune.polls.poll(poll)["followEnd"] + 1)


def captured(commune, draw, who):
    """Wait for a draw's block, and take its hash."""
    missing = commune.draws.draw(draw)["targetBlock"] - web3.eth.block_number
    chain.mine(max(0, missing))
    commune.draws.capture(draw, who.tx)


def adopt(commune, text="We keep our word"):
    """Calldata that records a text: what an office may do in these tests."""
    return commune.constitution.adopt.encode_input("0x" + communes.text_hash(text))


def next_period():
    """Go to the first second of the next calendar period."""
    mine_at(now() - now() % PERIOD + PERIOD)


def filled(commune):
    """Put a hundred ether into the commons."""
    accounts[30].transfer(commune.commons, 10**20)
