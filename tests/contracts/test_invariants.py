"""What always holds, whatever people do: state machines and random inputs against the numbered invariants.

Numbers (I1, I2, ...) are those of docs/specification.md.
"""

import itertools
import random

import brownie
import pytest
from brownie import chain
from brownie.test import given
from hypothesis import settings
from hypothesis import strategies as st

from scripts import audit
from scripts import commune as communes
from tests.contracts.assembly.consents import Consents
from tests.contracts.clock import mine_at, now
from tests.contracts.commons.treasury import Treasury
from tests.contracts.delegation.graphs import Graph
from tests.contracts.draws.lottery import Lottery
from tests.contracts.mediation import conflicts
from tests.contracts.mediation.panels import grown
from tests.contracts.membership import identities, semaphore
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.offices import lives as offices
from tests.contracts.people import (
    ABSTAIN,
    AGAINST,
    DAY,
    FOR,
    GENERAL,
    MEMBER_ACTIVE,
    apply,
    founded_by,
    held_by,
    joined,
    member_id,
    person,
    resolution,
    sponsored,
    to_voting,
    wait,
)
from tests.contracts.polls.ballots import Ballots
from tests.contracts.polls.prover import Prover
from tests.contracts.work.confirmations import Confirmations
from tests.contracts.work.lives import ON_PROBATION, OUT_OF_PROBATION, Works

# Traced, the random lives would take hours; what they reach, the examples reach too.
pytestmark = pytest.mark.skip_coverage

SEASON = 90 * DAY
POINT = 1_000_000
FOUNDERS = range(1, 6)
JOINERS = range(6, 12)


class Decisions:
    """Members open votes, cast ballots of every size, delegate, revoke, follow, join, leave; time passes."""

    def __init__(self, commune):
        self.commune = commune
        self.refused = 0
        self.people = [person(i) for i in FOUNDERS]
        self.joiners = iter(JOINERS)
        self.proposals: list[int] = []
        self.ballots: dict[int, dict[int, tuple[int, int]]] = {}
        self.followed: dict[int, set[int]] = {}
        self.spent: dict[tuple[int, int], int] = {}

    def live(self, rounds, seed):
        """A random life, vote after vote: after each step everything holds that has to."""
        chance = random.Random(seed)
        for who, to in ((2, 0), (3, 1), (4, 3)):
            self.delegate(who, to, 2)
        for _ in range(rounds):
            self.open_a_vote(chance.randrange(5))
            for _ in range(9):
                self.step(chance)
                self.check()
            if self.proposals and not self._voting_is_over():
                mine_at(self.commune.assembly.proposalDeadline(self.proposals[-1]) + 1)
            for _ in range(3):
                self.follow([chance.randrange(10) for _ in range(chance.choice((5, 20)))])
                self.check()
                self.step(chance)
                self.check()
        self.i6_no_externally_owned_account_has_gained_a_power()

    def step(self, chance):
        if chance.random() < 0.6:
            self.vote(chance.randrange(8), chance.choice((0, 1, 1, 2, 2, 3)), chance.randrange(13))
        elif chance.random() < 0.5:
            self.delegate(chance.randrange(8), chance.randrange(8), chance.choice((0, 1, 2, 9, 31)))
        elif chance.random() < 0.2:
            self.follow([chance.randrange(10)])
        else:
            chance.choice((self.let_a_day_pass, self.join, self.leave, self.revoke))()

    def check(self):
        self.i1_credits_never_exceed_the_budget()
        self.i2_tallies_equal_the_sum_of_ballots()
        self.i3_i14_no_member_has_two_ballots_in_a_vote()
        self.i8_one_membership_each_and_the_count_is_right()

    def open_a_vote(self, other):
        author = self.people[other]
        sponsors = [p for p in self.people[:5] if self._is_full(p)][:2]
        if not self._is_active(author) or len(sponsors) < 2:
            return
        assembly = self.commune.assembly
        live = assembly.liveProposalOf(member_id(self.commune, author))
        draft = sponsored(self.commune, resolution(self.commune, author), sponsors)
        if live:
            with brownie.reverts():
                assembly.propose(*draft.arguments, draft.description, author.tx)
            self.refused += 1
            return
        assembly.propose(*draft.arguments, draft.description, author.tx)
        self.proposals.append(draft.id(self.commune))
        self.ballots[self.proposals[-1]] = {}
        self.followed[self.proposals[-1]] = set()
        to_voting(self.commune, self.proposals[-1])

    def vote(self, who, support, votes):
        if not self.proposals:
            return
        proposal, voter = self.proposals[-1], self.people[who % len(self.people)]
        member = member_id(self.commune, voter)
        terms = self.commune.assembly.termsOf(proposal).dict()
        season, cost = terms["season"], max(0, votes * votes - 1)
        fits = cost == 0 or cost <= self.commune.credits.creditsLeft(member, season)
        admissible = (
            now() < self.commune.assembly.proposalDeadline(proposal)
            and self.commune.membership.voterOf(voter.address, terms["electorateAt"]) != 0
            and member not in self.ballots[proposal]
            and support in (AGAINST, FOR, ABSTAIN)
            and votes > 0
            and fits
        )
        if not admissible:
            with brownie.reverts():
                self.commune.assembly.castBallot(proposal, support, votes, voter.tx)
            self.refused += 1
            return
        self.commune.assembly.castBallot(proposal, support, votes, voter.tx)
        self.ballots[proposal][member] = (support, votes)
        self.spent[member, season] = self.spent.get((member, season), 0) + cost

    def delegate(self, who, to, votes):
        giver, taker = (self.people[place % len(self.people)] for place in (who, to))
        arguments = (GENERAL, member_id(self.commune, taker), votes, 20)
        if not (self._is_active(giver) and self._is_active(taker)) or giver == taker or not votes:
            with brownie.reverts():
                self.commune.delegation.delegate(*arguments, giver.tx)
            self.refused += 1
            return
        self.commune.delegation.delegate(*arguments, giver.tx)

    def revoke(self):
        """Whoever delegated first."""
        for who in self.people:
            if self.commune.delegation.delegationOf(member_id(self.commune, who), GENERAL)["delegate"]:
                self.commune.delegation.revoke(GENERAL, who.tx)
                return

    def follow(self, members):
        """A page of anybody and nobody, while it is the time for it."""
        if not self.proposals:
            return
        proposal = self.proposals[-1]
        assembly, delegation = self.commune.assembly, self.commune.delegation
        if not self._voting_is_over() or now() > assembly.followEnd(proposal):
            with brownie.reverts():
                delegation.follow(proposal, members, person(40).tx)
            self.refused += 1
            return
        if now() > assembly.followEnd(proposal) - 60:
            return
        tx = delegation.follow(proposal, members, person(40).tx)
        season = assembly.termsOf(proposal)["season"]
        if "BallotRecorded" not in tx.events:
            return
        for event in tx.events["BallotRecorded"]:
            member = event["memberId"]
            assert member not in self.ballots[proposal]
            self.ballots[proposal][member] = (event["support"], event["votes"])
            self.followed[proposal].add(member)
            self.spent[member, season] = self.spent.get((member, season), 0) + event["cost"]

    def let_a_day_pass(self):
        wait(DAY)

    def join(self):
        index = next(self.joiners, None)
        vouchers = [p for p in self.people[:5] if self._is_full(p) and self._vouches_left(p)][:2]
        if index is None or len(vouchers) < 2 or not self.commune.admission.admissionsLeft():
            return
        newcomer = person(index)
        application = apply(self.commune, newcomer)
        for voucher in vouchers:
            self.commune.admission.vouch(application, voucher.tx)
        wait(3 * DAY + 1)
        self.commune.admission.admit(application, newcomer.tx)
        self.people.append(newcomer)

    def leave(self):
        """The fifth founder, once."""
        if not self._is_active(self.people[4]):
            return
        self.commune.membership.leave(self.people[4].tx)

    def i1_credits_never_exceed_the_budget(self):
        for (member, season), spent in self.spent.items():
            assert self.commune.credits.spentBy(member, season) == spent
            assert spent == 0 or spent <= self.commune.credits.budgetOf(member, season)

    def i2_tallies_equal_the_sum_of_ballots(self):
        for proposal in self.proposals[-1:]:
            tally = self.commune.assembly.tallyOf(proposal).dict()
            cast = self.ballots[proposal].values()
            for support, name in ((AGAINST, "againstVotes"), (FOR, "forVotes"), (ABSTAIN, "abstainVotes")):
                assert tally[name] == sum(v for s, v in cast if s == support)
            direct = self.ballots[proposal].keys() - self.followed[proposal]
            assert tally["heads"] == len(direct)
            assert tally["forHeads"] == sum(1 for m in direct if self.ballots[proposal][m][0] == FOR)

    def i3_i14_no_member_has_two_ballots_in_a_vote(self):
        """The one that was recorded first is the one there is, whoever delegates or follows after."""
        for proposal in self.proposals[-1:]:
            for member, (support, votes) in self.ballots[proposal].items():
                ballot = self.commune.assembly.ballotOf(proposal, member).dict()
                assert (ballot["cast"], ballot["support"], ballot["votes"]) == (True, support, votes)
                assert ballot["followed"] == (member in self.followed[proposal])

    def i8_one_membership_each_and_the_count_is_right(self):
        register = self.commune.membership
        active = 0
        for member in range(1, register.memberCount() + 1):
            assert register.memberIdOf(register.accountOf(member)) == member
            active += register.statusOf(member) == MEMBER_ACTIVE
        assert register.activeCount() == active

    def i6_no_externally_owned_account_has_gained_a_power(self):
        assert audit.violations(self.commune) == []

    def _voting_is_over(self):
        return now() > self.commune.assembly.proposalDeadline(self.proposals[-1])

    def _is_active(self, who):
        register = self.commune.membership
        return register.statusOf(member_id(self.commune, who)) == MEMBER_ACTIVE

    def _is_full(self, who):
        return self.commune.membership.isFull(member_id(self.commune, who))

    def _vouches_left(self, who):
        return self.commune.admission.vouchesLeft(member_id(self.commune, who))


@pytest.mark.parametrize("seed", range(3))
def test_i1_i2_i3_i6_i8_i14_hold_through_a_communes_life(commune, seed):
    """Random lives by their seed: with few examples Hypothesis hardly takes a step."""
    life = Decisions(commune)
    life.live(rounds=5, seed=seed)
    cast = sum(len(ballots) for ballots in life.ballots.values())
    assert (cast >= 5, life.refused >= 5, len(life.proposals) >= 2) == (True, True, True)
    assert any(life.followed.values())


@pytest.fixture(scope="module")
def crowd(commune):
    """Fourteen members, and two keys for each."""
    admit_directly(commune, *(person(number) for number in range(6, identities.MEMBERS + 1)))
    return commune, semaphore.identities(*(f"key {number}" for number in range(2 * identities.MEMBERS)))


@pytest.mark.parametrize("seed", range(2))
def test_i9_i10_i11_hold_while_members_register_come_and_go(crowd, seed):
    """Random lives by their seed: Hypothesis repeats itself too much to fill a tree."""
    identities.Identities(*crowd).live(steps=60, seed=seed)


@pytest.mark.parametrize("seed", range(10, 12))
@pytest.mark.parametrize("is_poll", [False, True], ids=["proposal", "poll"])
def test_i15_i16_hold_in_random_graphs_of_delegations(crowd, is_poll, seed):
    """Four orders of the same calls; what each followed ballot has cost, and what it might have."""
    members = [person(number) for number in range(1, identities.MEMBERS + 1)]
    graph = Graph(crowd[0], members, is_poll, seed)
    outcomes = [graph.followed(order) for order in range(4)]
    assert outcomes[0].ballots
    assert all(outcome == outcomes[0] for outcome in outcomes)
    for member, ballot in outcomes[0].ballots.items():
        lent, cost = graph.lent[member], outcomes[0].paid[member]
        assert max(ballot.votes) <= lent.max_votes
        assert cost == ballot.cost <= lent.max_credits
        assert cost <= graph.credits_left(member)


@pytest.fixture(scope="module")
def prover():
    prover = Prover()
    yield prover
    prover.close()


@pytest.mark.parametrize("seed", range(2))
def test_i12_i13_hold_in_polls_of_every_kind(crowd, prover, seed):
    Ballots(crowd[0], prover).run(steps=14, seed=seed)


@pytest.mark.parametrize("seed", range(4))
def test_i20_i21_i22_hold_while_money_comes_and_goes(commune, project_contracts, seed):
    """In every second life the length of periods changes, too."""
    life = Treasury(commune, project_contracts, lengths_change=bool(seed % 2))
    life.live(steps=40, seed=seed)
    lines = sum(len(asset.lines) for asset in life.assets)
    assert (lines >= 15, life.refused >= 5) == (True, True)


@pytest.mark.parametrize("seed", range(2))
def test_i25_holds_whatever_members_say_to_drafts(commune, seed):
    life = Consents(commune)
    life.live(rounds=8, seed=seed)
    assert (life.executed >= 1, life.escalated >= 1, life.refused >= 20) == (True, True, True)


@pytest.fixture(scope="module")
def short_reveals(deployer, founders):
    """A commune whose draws wait ten blocks for secrets."""
    return founded_by(founders, deployer, communes.Constitution.load(parameters={"draw.reveal": 10}))


@pytest.mark.parametrize("seed", range(2))
def test_i23_i24_hold_whenever_blocks_are_captured_or_missed(short_reveals, seed):
    life = Lottery(short_reveals)
    life.live(steps=50, seed=seed)
    assert (life.captured >= 3, life.missed >= 1, life.refused >= 10) == (True, True, True)


@pytest.fixture(scope="module")
def nine(deployer, founders, constitution_file):
    """A commune of its own: founders and four who joined, all out of probation, with thirty days of it for
    who returns."""
    commune = founded_by(founders, deployer, constitution_file)
    admit_directly(commune, *(person(number) for number in range(6, offices.MEMBERS + 1)))
    name = communes.bytes32("admission.probation")
    commune.constitution.setParameter(name, 30 * DAY, acting_as(commune.timelock))
    wait(31 * DAY)
    return commune


@pytest.mark.parametrize("seed", [10, 12, 15])
def test_i17_i18_i19_hold_while_holders_come_and_go(nine, project_contracts, deployer, seed):
    """The first has a recall by vote, the second one without, the third purses that stay frozen."""
    target = project_contracts["ForwardingTarget"].deploy(nine.forwarder, {"from": deployer})
    life = offices.Lives(nine, target)
    life.live(steps=60, seed=seed)
    least = {"appointed": 5, "exercised": 1, "vacated": 1, "refused": 15, "powers": 20}
    assert {what: life.counts[what] for what in least if life.counts[what] < least[what]} == {}


@pytest.fixture(scope="module")
def twelve(deployer, founders, constitution_file):
    """A commune of its own: ten out of probation and two on it, with thirty days of it for who returns."""
    commune = founded_by(founders, deployer, constitution_file)
    admit_directly(commune, *(person(number) for number in OUT_OF_PROBATION[len(founders) :]))
    name = communes.bytes32("admission.probation")
    commune.constitution.setParameter(name, 30 * DAY, acting_as(commune.timelock))
    wait(31 * DAY)
    admit_directly(commune, *(person(number) for number in ON_PROBATION))
    return commune


@pytest.mark.parametrize("seed", range(3))
def test_i26_i27_hold_whatever_becomes_of_work(twelve, seed):
    """Draws go differently each time, and with them all that follows."""
    life = Works(twelve)
    life.live(steps=45, seed=seed)
    least = {"SeatTaken": 4, "SeatReleased": 2, "refused": 1, "vacant": 2, "through": 1}
    assert {what: life.counts[what] for what in least if life.counts[what] < least[what]} == {}


@pytest.fixture(scope="module")
def fourteen(deployer, founders, constitution_file):
    """A commune of its own with fourteen members out of probation, and cases enough."""
    commune = founded_by(founders, deployer, constitution_file)
    grown(commune, conflicts.MEMBERS)
    for name, value in (("mediation.cases", 10), ("admission.minPerSeason", 20)):
        commune.constitution.setParameter(communes.bytes32(name), value, acting_as(commune.timelock))
    return commune


@pytest.mark.parametrize("seed", range(2))
def test_i30_i31_hold_in_cases_of_every_kind(fourteen, seed):
    life = conflicts.Conflicts(fourteen)
    life.live(steps=90, seed=seed)
    least = {"opened": 4, "drawn": 10, "PanelDecided": 1, "refused": 5}
    assert {what: life.counts[what] for what in least if life.counts[what] < least[what]} == {}


@pytest.fixture(scope="module")
def ledger(accounts):
    """A commune whose powers an account holds, to stand in for the modules that award and penalise."""
    people = [person(i) for i in FOUNDERS]
    return held_by(accounts[0], people, communes.Constitution.load(topics=("general", "food")))


@given(
    steps=st.lists(
        st.tuples(st.booleans(), st.integers(1, 2), st.integers(1, 300 * POINT), st.integers(1, 200 * DAY)),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=6)
def test_i4_reputation_never_grows_by_itself(ledger, accounts, steps):
    reputation, sender = ledger.reputation, {"from": accounts[0]}
    for gain, topic, amount, pause in steps:
        if gain:
            reputation.award(1, topic, amount, 0, b"\1" * 32, 0, sender)
        else:
            reputation.penalise(1, topic, amount, 0, b"\1" * 32, sender)
        since = chain[-1].timestamp
        wait(pause)
        times = sorted({since + pause * k // 7 for k in range(8)})
        in_topic = [reputation.scoreAt(1, topic, t) for t in times]
        in_total = [reputation.totalScoreAt(1, t) for t in times]
        assert in_topic == sorted(in_topic, reverse=True)
        assert in_total == sorted(in_total, reverse=True)


@given(awards=st.lists(st.tuples(st.integers(1, 5), st.integers(1, 2), st.integers(1, 500)), max_size=8))
@settings(max_examples=5)
def test_i5_full_season_budgets_differ_at_most_twofold(ledger, accounts, awards):
    for member, topic, points in awards:
        ledger.reputation.award(member, topic, points * POINT, 0, b"\1" * 32, 0, {"from": accounts[0]})
    wait(SEASON)
    season = ledger.constitution.currentSeason()
    ledger.credits.open([1, 2, 3], {"from": accounts[0]})
    budgets = [ledger.credits.budgetOf(member, season) for member in range(1, 6)]
    assert min(budgets) >= 100
    assert max(budgets) <= 2 * min(budgets)


def _actions(commune):
    """One call of each rule kind, and one that no rule lists."""
    law, membership = commune.constitution, commune.membership
    return {
        communes.ORDINARY: (law, law.adopt.encode_input(b"\1" * 32)),
        communes.CONSTITUTIONAL: (law, law.setCharter.encode_input(b"\1" * 32)),
        communes.PERSON: (
            commune.recovery,
            commune.recovery.recoverByVote.encode_input(1, commune.forwarder),
        ),
        communes.ADMISSION: (commune.admission, commune.admission.admitByVote.encode_input(1)),
        communes.EXPULSION: (membership, membership.expel.encode_input(1)),
    }


def _arguments(actions):
    return [target for target, _ in actions], [0] * len(actions), [data for _, data in actions]


@given(kinds=st.lists(st.integers(communes.CONSTITUTIONAL, communes.EXPULSION), min_size=1, max_size=6))
@settings(max_examples=15)
def test_i7_strictest_rule_of_the_actions_holds(commune, kinds):
    actions = [_actions(commune)[kind] for kind in kinds]
    arguments = _arguments(actions)
    if len(kinds) > 1 and max(kinds) >= communes.PERSON:
        with brownie.reverts(f"ConstitutionPersonVoteStandsAlone: {len(kinds)}"):
            commune.constitution.classify(*arguments)
        return
    expected = kinds[0] if len(kinds) == 1 else min(kinds)
    assert commune.constitution.classify(*arguments)[0] == expected


@given(kinds=st.lists(st.sampled_from([communes.CONSTITUTIONAL, communes.ORDINARY]), max_size=4))
@settings(max_examples=5)
def test_i7_no_wrapper_hides_among_other_actions(commune, kinds):
    assembly, powers = commune.assembly, commune.powers
    wrapped = commune.constitution.setCharter.encode_input(b"\1" * 32)
    wrappers = (
        (assembly, assembly.relay.encode_input(commune.constitution, 0, wrapped)),
        (powers, powers.execute.encode_input(commune.constitution, wrapped)),
        (powers, powers.multicall.encode_input([wrapped])),
    )
    innocent = [_actions(commune)[kind] for kind in kinds]
    for wrapper, place in itertools.product(wrappers, range(len(innocent) + 1)):
        actions = [*innocent[:place], wrapper, *innocent[place:]]
        with brownie.reverts(revert_pattern="ConstitutionWrappedCall: .*"):
            commune.constitution.classify(*_arguments(actions))


@pytest.fixture(scope="module")
def reviewed(accounts, deployer, founders, constitution_file):
    """A commune of its own: founders, two whom they vouched for, four just out of probation; and who may
    overturn reviews."""
    commune = founded_by(founders, deployer, constitution_file)
    newcomers = [person(number) for number in range(20, 24)]
    admit_directly(commune, *newcomers)
    wait(91 * DAY)
    vouched = [person(number) for number in (24, 25)]
    for number, newcomer in enumerate(vouched):
        joined(commune, newcomer, founders[number : number + 2])
    timelock = acting_as(commune.timelock)
    commune.powers.grantRole(communes.ROLES["OVERTURN"][0], accounts[41], 0, timelock)
    commune.constitution.setParameter(communes.bytes32("work.reworkRounds"), 1, timelock)
    return commune, [*founders, *vouched, *newcomers], {"from": accounts[41]}


@pytest.mark.parametrize("seed", range(2))
def test_i28_i29_hold_whatever_reviewers_say(reviewed, seed):
    life = Confirmations(*reviewed)
    life.live(steps=70, seed=seed)
    life.i28_of_everybody()
    assert {"Awarded", "Penalised", "overturned", "silence", "concluded 5"} <= life.happened
    assert life.refused >= 2
