"""What panels do over and over in these tests: they are drawn, commit, reveal, and are counted."""

from brownie import web3
from eth_abi import encode

from scripts import commune as communes
from tests.contracts.clock import advance, mine_at, now
from tests.contracts.mediation.steps import failed, in_electorate, past, who_is
from tests.contracts.membership.steps import admit_directly
from tests.contracts.offices.steps import captured
from tests.contracts.people import DAY, FOR, member_id, person, to_end, vote

GROUNDS = "0x" + communes.text_hash("They did not hear both sides")
SALT = b"\7" * 32
# ICasePanels.PanelState
(
    UNKNOWN, DRAWING, COMMITTING, REVEALING, COUNTABLE, DECIDED, APPEALED, ASSEMBLY, CARRIED, DISMISSED,
    OVERRULED,
) = range(11)  # fmt: skip
# panel.commit, panel.reveal, panel.appeal, panel.silence; hearing.length
COMMIT, REVEAL, WINDOW, SILENCE, HEARING = 3 * DAY, 2 * DAY, 7 * DAY, 2_000_000, 7 * DAY
MEDIATION_REASON = 5
# The deployer, by now nobody.
ANYONE = person(0)


def grown(commune, members):
    """Let people join until there are so many members, all out of probation."""
    admit_directly(commune, *map(person, range(commune.membership.memberCount() + 1, members + 1)))
    advance(91 * DAY)


def shrunk(commune, members):
    """Let people leave until there are so many members."""
    for member in range(members + 1, commune.membership.memberCount() + 1):
        commune.membership.leave(person(member).tx)
    in_electorate(commune)


def commitment(commune, case, panel_round, member, extent, salt=SALT):
    """`ICasePanels`: what stands for a vote until it is revealed."""
    types = ("bytes32", "uint256", "address", "uint32", "uint8", "uint32", "uint8", "bytes32")
    domain = bytes(web3.keccak(text="dualpower.panel"))
    values = (
        domain, web3.eth.chain_id, commune.panels.address, case, panel_round, member, extent, salt,
    )  # fmt: skip
    return bytes(web3.keccak(encode(types, values)))


def state_of(commune, case):
    return commune.panels.stateOf(case)


def round_of(commune, case):
    return commune.panels.panelOf(case)["round"]


def convened(commune, case):
    """Let mediation fail where it has not, and convene a panel; returns the transaction."""
    failed(commune, case)
    return commune.panels.convene(case, ANYONE.tx)


def draw_captured(commune, case):
    captured(commune, commune.panels.panelOf(case)["drawId"], ANYONE)


def seated(commune, case):
    """Capture the draw and seat whom it gives; returns the panelists."""
    draw_captured(commune, case)
    drawing = round_of(commune, case)
    while (state_of(commune, case), round_of(commune, case)) == (DRAWING, drawing):
        commune.panels.seat(case, ANYONE.tx)
    return panelists_of(commune, case)


def panelists_of(commune, case):
    return [who_is(commune, m) for m in commune.panels.panelistsOf(case, round_of(commune, case))]


def commits(commune, case, who, extent, salt=SALT):
    panel_round, member = round_of(commune, case), member_id(commune, who)
    hidden = commitment(commune, case, panel_round, member, extent, salt)
    return commune.panels.commit(case, hidden, who.tx)


def reveals(commune, case, who, extent, salt=SALT):
    """Anyone reveals it who knows it."""
    return commune.panels.reveal(case, member_id(commune, who), extent, salt, ANYONE.tx)


def to_reveals(commune, case):
    past(commune.panels.panelOf(case)["commitUntil"])


def to_count(commune, case):
    if state_of(commune, case) != COUNTABLE:
        past(commune.panels.panelOf(case)["revealUntil"])


def voted(commune, case, *extents):
    """A seated panel says this, in the order of its seats; None for who is silent. Returns the count."""
    said = [
        (who, extent)
        for who, extent in zip(panelists_of(commune, case), extents, strict=True)
        if extent is not None
    ]
    for who, extent in said:
        commits(commune, case, who, extent)
    to_reveals(commune, case)
    for who, extent in said:
        reveals(commune, case, who, extent)
    to_count(commune, case)
    return commune.panels.count(case, ANYONE.tx)


def judged(commune, case, *extents):
    """From an opened case to a panel's decision; returns the count."""
    convened(commune, case)
    seated(commune, case)
    return voted(commune, case, *extents)


def window_over(commune, case):
    past(commune.panels.panelOf(case)["appealUntil"])


def to_hearing(commune, case):
    """Go to the first second in which an expulsion can be voted on."""
    mine_at(max(now() + 1, commune.mediation.caseOf(case)["openedAt"] + HEARING))


def voted_on(commune, case, voters, support=FOR):
    """Vote on what the assembly was asked in a case, and wait until the vote is over."""
    proposal = commune.panels.panelOf(case)["proposalId"]
    advance(1)
    vote(commune, proposal, voters, support)
    to_end(commune, proposal)
    return proposal
