"""What members do over and over in these tests: open cases, find mediators, agree or not."""

from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.offices.steps import captured
from tests.contracts.people import DAY, GENERAL, member_id, person

POINT = 1_000_000
EVIDENCE = "0x" + communes.text_hash("They took the van, and did not bring it back")
OUTCOME = "0x" + communes.text_hash("The van is back on Sunday")
OTHER_OUTCOME = "0x" + communes.text_hash("We buy another van")
NOTHING = b"\0" * 32
# IMediation: CaseState, RemedyKind
DRAWING, ACCEPTING, MEDIATING, SETTLED, WITHDRAWN, FAILED, CONVENED = range(1, 8)
PENALTY, AWARD, EXPULSION, OVERTURN = range(4)
# IDraws.DrawState
MISSED, CAPTURED = 4, 5
# mediation.answer, mediation.time, mediation.reward
ANSWER, TIME, REWARD = 3 * DAY, 14 * DAY, 2 * POINT


def remedy(member, kind=PENALTY, points=10):
    """`IMediation.Remedy`, as it is sent."""
    return kind, member, points * POINT


def opened_case(commune, claimant, *respondents, kind=PENALTY, points=10, topic=GENERAL):
    """A case against these people that asks for something from the first of them; returns its id."""
    members = [member_id(commune, who) for who in respondents]
    points = 0 if kind == EXPULSION else points
    tx = commune.mediation.open(members, topic, remedy(members[0], kind, points), EVIDENCE, claimant.tx)
    return tx.events["CaseOpened"]["caseId"]


def state_of(commune, case):
    return commune.mediation.caseOf(case)["state"]


def who_is(commune, member):
    """The person of the test chain who holds a memberId now."""
    account = commune.membership.accountOf(member)
    return next(p for p in map(person, range(60)) if p.address == account)


def parties_of(commune, case):
    return [who_is(commune, member) for member in commune.mediation.partiesOf(case)]


def mediator_of(commune, case):
    return who_is(commune, commune.mediation.caseOf(case)["mediator"])


def draw_captured(commune, case, who):
    """Wait for the block of a case's last draw, and take its hash."""
    captured(commune, commune.mediation.caseOf(case)["drawId"], who)


def mediator_asked(commune, case, who):
    """Capture the draw and ask whom it gives; returns the mediator."""
    draw_captured(commune, case, who)
    commune.mediation.seatMediator(case, who.tx)
    return mediator_of(commune, case)


def accepted_by(commune, case, *people):
    for who in people:
        commune.mediation.accept(case, who.tx)


def begun(commune, case, who):
    """A mediator is found, and all have accepted; returns the mediator."""
    mediator = mediator_asked(commune, case, who)
    accepted_by(commune, case, mediator, *parties_of(commune, case))
    return mediator


def signed_by(commune, case, *people, outcome=OUTCOME):
    for who in people:
        commune.mediation.sign(case, outcome, who.tx)


def failed_case(commune, claimant, *respondents, **asked):
    """A case in which two mediators were declined; returns its id."""
    case = opened_case(commune, claimant, *respondents, **asked)
    failed(commune, case)
    return case


def failed(commune, case):
    """Decline mediators until mediation has failed."""
    claimant = parties_of(commune, case)[0]
    while state_of(commune, case) == DRAWING:
        if commune.draws.state(commune.mediation.caseOf(case)["drawId"]) != CAPTURED:
            draw_captured(commune, case, claimant)
        commune.mediation.seatMediator(case, claimant.tx)
        if state_of(commune, case) == ACCEPTING:
            commune.mediation.decline(case, claimant.tx)


def past(until):
    """Go to the second after a last one."""
    mine_at(max(now(), until) + 1)


def in_electorate(commune):
    """Let a second pass, so that who just joined is in the electorate."""
    mine_at(now() + 1)


def set_parameter(commune, name, value):
    """Move a number as a decision of the commune would."""
    commune.constitution.setParameter(communes.bytes32(name), value, acting_as(commune.timelock))
