"""A node that follows a commune, and every fact it would tell compared with the contract's own view.

Both are asked at the same block: the node what its tables mean at the block's timestamp, the contract by
`eth_call` at the block.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from eth_abi import decode

from backend.chain import Rpc
from backend.delegation import FOLLOW_PROBLEMS
from backend.deployment import load
from backend.node import Settings, application_of, make_sync
from backend.project.admission import Admission, Application, Vouch
from backend.project.assembly import STATES, Ballot, Proposal, Tally
from backend.project.assignments import ASSIGNMENT_STATES, KINDS, SEAT_STATES, SELECTIONS, Assignment
from backend.project.commons import Asset, Purse
from backend.project.consent import CONSENT_STATES, RESPONSES, ConsentProposal, ConsentResponse
from backend.project.constitution import RULE_KINDS, CodeRefusal, Module, Parameter, Rule, Topic
from backend.project.credits import Budget
from backend.project.delegation import Delegation
from backend.project.docket import Draft, Hearing
from backend.project.draws import DRAW_STATES, Draw
from backend.project.elections import STAGES, Election
from backend.project.forwarder import Nonce
from backend.project.group import Identity, IdentityKey, Leaf, LeafChange
from backend.project.mediation import CASE_STATES, REMEDIES, Case
from backend.project.membership import STATUSES, Member
from backend.project.offices import FILLINGS, Office, Tenure
from backend.project.panels import PANEL_STATES, CaseDecision, Panelist
from backend.project.penalties import PENALTY_STATES, Penalty
from backend.project.polls import POLL_STATES, Poll, PollBallot, SecretBallot
from backend.project.powers import FunctionRole, Power, Role
from backend.project.recall import PETITION_STATES, Petition
from backend.project.reputation import REASONS, Confirmation
from backend.project.reviews import REVIEW_STATES, VERDICTS, Review
from backend.project.series import Occurrence, Series
from backend.read import (
    Moment,
    admission,
    assembly,
    assignments,
    commons,
    consent,
    credits,
    delegation,
    draws,
    elections,
    group,
    mediation,
    membership,
    offices,
    panels,
    polls,
    presence,
    recall,
    recovery,
    reputation,
    reviews,
)
from backend.store import Reader, StateHash, state_hash
from tests.backend.commune import CONSENT, DAY, Commune, _types, bytes32
from zk import Group, filled

APPLICATION_STATUSES = ("None", "Open", "Vouched", "Contested", "Cleared", "Admitted", "Withdrawn")
# (module, function, arguments) and what the node says
Fact = tuple[str, str, Sequence[Any], Any]


class Unordered(tuple[Any, ...]):
    """What a contract lists in no order that means anything."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and sorted(self) == sorted(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = tuple.__hash__


class Unsaid:
    """What no event says, and nobody needs: how far a contract has got in looking for somebody."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = object.__hash__


class Mirror:
    """`differences` by concern: what was asked, what the contract says, what the node says."""

    def __init__(self, commune: Commune, folder: Path) -> None:
        self.commune = commune
        self.settings = Settings(
            commune.chain.url, folder / "deployment.json", folder / "node.sqlite",
            application="backend.commune:COMMUNE", window=10_000, poll=0.05,
        )  # fmt: skip
        self.settings.deployment.write_text(json.dumps(commune.record))
        self.differences: dict[str, list[str]] = {concern: [] for concern in _CONCERNS}
        self.compared: Counter[str] = Counter()
        self.moments: list[str] = []
        self.times: list[int] = []
        self.hashes: dict[int, StateHash] = {}

    def follow(self) -> None:
        """Indexes up to the chain's head."""

        async def work() -> None:
            rpc = Rpc(self.settings.rpc_url)
            sync = make_sync(self.settings, rpc, load(self.settings.deployment))
            try:
                await sync.run(asyncio.Event(), until=self.commune.chain.head)
            finally:
                await rpc.close()
                sync.store.close()

        asyncio.run(work())

    def happened(self, what: str) -> None:
        """Follows, and compares everything."""
        self.follow()
        self.moments.append(what)
        reader = Reader.open(self.settings.database)
        with reader.snapshot() as cursor:
            assert cursor is not None
            moment = Moment(reader, cursor.timestamp)
            self.times.append(moment.now)
            self.hashes[cursor.number] = state_hash(reader, application_of(self.settings).tables, cursor)
            for concern, facts in _CONCERNS.items():
                self._compare(concern, what, list(facts(self, moment)), cursor.number)
        reader.close()

    def _compare(self, concern: str, what: str, facts: list[Fact], block: int) -> None:
        commune = self.commune
        calls = []
        for module, function, arguments, _ in facts:
            data = commune.data(module, function, *arguments).hex()
            calls.append(("eth_call", [{"to": commune.addresses[module], "data": f"0x{data}"}, hex(block)]))
        answers = commune.chain.rpcs(calls)
        for (module, function, arguments, told), answer in zip(facts, answers, strict=True):
            types = _types({"inputs": commune.function(module, function)["outputs"]})
            values = decode(types, bytes.fromhex(answer[2:]))
            says = values[0] if len(values) == 1 else values
            if says != told:
                asked = f"{what}: {module}.{function}{tuple(arguments)}"
                self.differences[concern].append(f"{asked}: the contract says {says}, the node {told}")
        self.compared[concern] += len(facts)

    @property
    def tables(self) -> list[str]:
        return [table.name for table in application_of(self.settings).tables]


def _address(value: bytes | None) -> str:
    return f"0x{(value or bytes(20)).hex()}"


def _membership(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    members = m.rows(Member)
    counts = membership.counts(m)
    yield "membership", "clock", (), m.now
    yield "membership", "memberCount", (), counts.members
    yield "membership", "activeCount", (), counts.active
    yield "membership", "activeAtSeasonStart", (), membership.active_at_season_start(m)
    yield "membership", "quorumBase", (m.now - 1,), membership.quorum_base(m, m.now - 1)
    past = [t for t in mirror.times if t < m.now][-4:]
    for t in past:
        yield "membership", "activeCountAt", (t,), membership.active_count_at(m, t)
        yield "membership", "quorumBase", (t,), membership.quorum_base(m, t)
    for person in mirror.commune.people:
        told = membership.member_id_of(m, person.account) or 0
        yield "membership", "memberIdOf", (person.address,), told
    for who in members:
        key = (who.member_id,)
        status = STATUSES.index(who.status)
        record = (_address(who.account), status, who.since, who.joined_at, who.founder)
        yield "membership", "member", key, record
        yield "membership", "probationUntil", key, membership.probation_until(m, who)
        yield "membership", "isFull", key, membership.is_full(m, who)
        for t in past:
            yield "membership", "activeAt", (*key, t), membership.active_at(m, who.member_id, t)
            voter = _address(who.account if membership.may_vote(m, who, t) else None)
            yield "membership", "ballotAccount", (*key, t), voter
    for season in range(1, (m.season or 0) + 1):
        start, length = m.bounds(season)
        expelled = m.number(
            "SELECT count(*) FROM status_changes WHERE to_status = 'Expelled'"
            " AND changed_at >= ? AND changed_at < ?",
            (start, start + length),
        )
        yield "membership", "expulsionsIn", (season,), expelled


def _admission(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    applications = m.rows(Application)
    yield "admission", "applicationCount", (), len(applications)
    yield "admission", "admissionsLeft", (), admission.admissions_left(m)
    for a in applications:
        status = APPLICATION_STATUSES.index(a.status)
        record = (_address(a.applicant), status, a.objections, a.applied_at, a.vouched_at or 0)
        yield "admission", "application", (a.application_id,), (*record, a.profile, a.proposal_id or 0)
        yield "admission", "vouchersOf", (a.application_id,), _vouchers(m, a.application_id)
    for who in m.rows(Member):
        key = (who.member_id,)
        admitted = m.row(Admission, who.member_id)
        vouchers = _vouchers(m, admitted.application_id) if admitted else ()
        yield "admission", "vouchersOfMember", key, vouchers
        yield "admission", "vouchesLeft", key, admission.vouches_left(m, who.member_id)
        yield "admission", "objectionsLeft", key, admission.objections_left(m, who.member_id)


def _vouchers(m: Moment, application_id: int) -> tuple[int, ...]:
    rows = m.rows(Vouch, "application_id = ?", (application_id,), "position")
    return tuple(row.member_id for row in rows)


def _presence(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    for who in m.rows(Member):
        key, known = (who.member_id,), presence.presence(m, who.member_id)
        yield "presence", "lastSign", key, presence.last_sign(m, who)
        yield "presence", "noticeAt", key, presence.running_notice(m, who) or 0
        yield "presence", "checkInCount", key, known.check_ins
        yield "presence", "lastAttester", key, known.last_attester or 0


def _recovery(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    for who in m.rows(Member):
        key = (who.member_id,)
        guardians = recovery.guardians_of(m, who.member_id)
        yield "recovery", "guardiansOf", key, (tuple(guardians.members), guardians.threshold)
        pending = recovery.pending_guardians_of(m, who.member_id)
        told: tuple[Any, ...] = ((), 0, 0)
        if pending:
            told = (tuple(pending.members), pending.threshold, pending.effective_at)
        yield "recovery", "pendingGuardiansOf", key, told
        request = recovery.request_of(m, who.member_id)
        told = (_address(None), (), 0)
        if request:
            supporters = tuple(request.supporters)
            told = (_address(request.new_account), supporters, request.executable_at or 0)
        yield "recovery", "requestOf", key, told
        yield "recovery", "requiredSupport", key, recovery.required_support(m, who.member_id)
        yield "recovery", "vetoSpent", key, recovery.veto_spent(m, who.member_id)


def _docket(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    for draft in m.rows(Draft):
        sponsors = assembly.sponsors_of(m, draft.proposal_id) if draft.opened_at is None else []
        told = (tuple(s.member_id for s in sponsors), draft.topic if sponsors else 0)
        yield "docket", "sponsorsOf", (draft.proposal_id,), told
    for h in m.rows(Hearing):
        openers = tuple(who for who in (h.opener, h.second_opener) if who)
        record = (h.member_id, openers, h.grounds, h.requested_at, h.started_at or 0, h.proposal_id or 0)
        yield "docket", "hearing", (h.hearing_id,), record
    for kind, rule in enumerate(RULE_KINDS):
        yield "docket", "quorumOf", (kind, m.now - 1), assembly.quorum_of(m, rule, m.now - 1)


def _assembly(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    members = [who.member_id for who in m.rows(Member)]
    for p in m.rows(Proposal):
        key, tally = (p.proposal_id,), m.row(Tally, p.proposal_id)
        assert tally is not None
        yield "assembly", "state", key, STATES.index(assembly.state_of(m, p.proposal_id) or "")
        terms = (
            RULE_KINDS.index(p.rule), p.topic, p.season, p.quorum, p.for_heads_needed, p.electorate_at,
            p.approval_ppm, p.follow, p.queue, p.late_extension, p.expiry // 3_600,
        )  # fmt: skip
        yield "assembly", "termsOf", key, terms
        sums = (
            tally.against_votes, tally.for_votes, tally.abstain_votes, tally.for_heads, tally.heads,
            tally.extended_deadline or 0,
        )  # fmt: skip
        yield "assembly", "tallyOf", key, sums
        yield "assembly", "proposalSnapshot", key, p.vote_start
        yield "assembly", "proposalDeadline", key, tally.deadline
        yield "assembly", "followEnd", key, tally.deadline + p.follow
        yield "assembly", "proposalEta", key, p.queued_until or 0
        yield "assembly", "proposalProposer", key, _address(p.proposer)
        yield "docket", "pinOf", key, p.pin
        for member_id in members:
            ballot = m.row(Ballot, p.proposal_id, member_id)
            told: tuple[Any, ...] = (False, 0, 0, False, 0)
            if ballot:
                hours = (ballot.cast_at - p.vote_start) // 3_600
                told = (True, ballot.support, ballot.votes, ballot.followed, p.vote_start + 3_600 * hours)
            yield "assembly", "ballotOf", (p.proposal_id, member_id), told
    for member_id in members:
        yield "assembly", "liveProposalOf", (member_id,), assembly.live_proposal_of(m, member_id) or 0


def _credits(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    current = m.season or 0
    for season in range(1, current + 2):
        g = credits.grant_of(m, season)
        yield "credits", "grantOf", (season,), (g.base, g.bonus_cap, g.points_per_credit, g.start, g.length)
    for who in m.rows(Member):
        for season in range(1, current + 1):
            known = credits.budget_of(m, who, season)
            yield "credits", "budgetOf", (who.member_id, season), known.budget
            yield "credits", "spentBy", (who.member_id, season), known.spent
            row = m.row(Budget, who.member_id, season)
            day = row.voted_at // DAY * DAY if row and row.voted_at else 0
            yield "credits", "lastBallotDay", (who.member_id, season), day


def _reputation(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    fading = reputation.fading(m)
    yield "reputation", "halfLife", (), fading.half_life
    yield "reputation", "origin", (), fading.origin
    past = [*mirror.times[-3:], (mirror.times[0] + m.now) // 2, m.now - 12_345]
    for who in m.rows(Member):
        member_id = who.member_id
        yield "reputation", "totalScore", (member_id,), reputation.score_at(m, member_id)
        yield "reputation", "confirmationLeft", (member_id,), reputation.confirmation_left(m, member_id)
        for t in past:
            yield "reputation", "totalScoreAt", (member_id, t), reputation.score_at(m, member_id, t=t)
        for topic in m.topics:
            key = (member_id, topic)
            yield "reputation", "score", key, reputation.score_at(m, member_id, topic)
            yield "reputation", "awardRoom", key, reputation.award_room(m, member_id, topic)
            for t in past:
                yield "reputation", "scoreAt", (*key, t), reputation.score_at(m, member_id, topic, t)
        for other in m.rows(Member):
            known = m.row(Confirmation, other.member_id, member_id)
            yield "reputation", "confirmations", (other.member_id, member_id), known.times if known else 0


def _constitution(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    parameters = sorted(m.rows(Parameter), key=lambda parameter: parameter.position)
    yield "constitution", "parameterNames", (), tuple(bytes32(p.name) for p in parameters)
    for p in parameters:
        yield "constitution", "parameter", (bytes32(p.name),), (p.value, p.floor, p.ceiling)
    for rule in m.rows(Rule):
        told = RULE_KINDS.index(rule.kind)
        yield "constitution", "ruleOf", (_address(rule.target), rule.selector), told
    topics = m.rows(Topic)
    yield "constitution", "topicCount", (), len(topics)
    for topic in topics:
        yield "constitution", "topicName", (topic.topic,), topic.name
    for module in m.rows(Module):
        yield "constitution", "moduleAt", (bytes32(module.name),), _address(module.address)
    yield "constitution", "charter", (), m.commune.charter
    yield "constitution", "daoURI", (), m.commune.dao_uri
    yield "constitution", "constitutedAt", (), m.commune.constituted_at
    yield "constitution", "constitutionHash", (), m.commune.constitution_hash
    yield "constitution", "currentSeason", (), m.season
    for season in range(1, (m.season or 0) + 3):
        yield "constitution", "seasonBounds", (season,), m.bounds(season)
    for t in mirror.times:
        if t >= (m.commune.constituted_at or 0):
            yield "constitution", "seasonAt", (t,), m.season_at(t)
    assert len(m.rows(CodeRefusal)) <= 1


def _powers(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    commune = mirror.commune
    held = {(power.module, power.power, power.holder): power for power in m.rows(Power)}
    holders = {*(bytes.fromhex(a[2:]) for a in commune.addresses.values())}
    holders |= {commune.people[index].account for index in (0, 20, 21, 22)}
    for role in m.rows(Role):
        for holder in sorted(holders):
            known = held.get(("powers", f"role {role.role_id}", holder))
            told = (known is not None, known.delay if known else 0)
            yield "powers", "hasRole", (role.role_id, _address(holder)), told
        yield "powers", "getRoleAdmin", (role.role_id,), role.admin
    for row in m.rows(FunctionRole):
        yield "powers", "getTargetFunctionRole", (_address(row.target), row.selector), row.role_id
    for holder in sorted(holders):
        spends = ("credits", "spend", holder) in held
        yield "credits", "isSpender", (_address(holder),), spends
        opens = ("assembly", "openFor", holder) in held
        yield "assembly", "isOpener", (_address(holder),), opens
        for name in ("PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE", "DEFAULT_ADMIN_ROLE"):
            role_hash = commune.call("timelock", name) if name not in _ROLE_HASHES else _ROLE_HASHES[name]
            _ROLE_HASHES[name] = role_hash
            yield "timelock", "hasRole", (role_hash, _address(holder)), ("timelock", name, holder) in held
    for module in ("assembly", "polls"):
        follower = [who for of, power, who in held if (of, power) == (module, "castFollowed")]
        yield module, "follower", (), _address(follower[0] if follower else None)


def _group(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    totals = group.group(m)
    leaves = m.rows(Leaf)
    yield "group", "root", (), totals.root
    yield "group", "root", (), Group(filled(row.leaf for row in leaves)).root
    yield "group", "size", (), totals.size
    yield "group", "size", (), len(filled(row.leaf for row in leaves))
    yield "group", "depth", (), group.tree_depth(totals.size)
    yield "group", "listed", (), totals.listed
    for row in leaves:
        yield "group", "leafAt", (row.leaf_index,), row.leaf
    for who in m.rows(Member):
        known = m.row(Identity, who.member_id)
        told = (known.commitment, known.leaf_index, known.listed) if known else (0, 0, False)
        yield "group", "identityOf", (who.member_id,), told
    for key in m.rows(IdentityKey):
        yield "group", "ownerOf", (key.commitment,), key.member_id


def _polls(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Poll)
    yield "polls", "pollCount", (), len(found)
    for past in m.rows(LeafChange)[-3:]:
        tree = group.tree_through(m, past.block, past.position)
        assert Group(tree.leaves).root == tree.root == past.root
    for n in range(1, 5 if not found else 0):
        yield "polls", "nullifierUsed", (n, n), False
    for p in found:
        key = (p.poll_id,)
        told = (
            p.text_hash, p.options, p.secret, p.hidden, p.topic, p.season, p.electorate_at, p.voting_end,
            p.reveal_end, p.follow_end, p.credits, p.quorum, p.depth, p.root,
        )  # fmt: skip
        yield "polls", "poll", key, told
        yield "polls", "state", key, POLL_STATES.index(polls.state_of(m, p))
        turnout = polls.turnout(m, p.poll_id)
        yield "polls", "ballotCount", key, turnout.ballots
        yield "polls", "sealedCount", key, turnout.sealed
        yield "polls", "followedCount", key, turnout.followed
        yield "polls", "tally", key, tuple(row.votes for row in polls.tally(m, p.poll_id))
        for who in m.rows(Member):
            ballot = m.row(PollBallot, p.poll_id, who.member_id)
            cast: tuple[Any, ...] = (False, 0, False, 0)
            if ballot:
                hours = (ballot.cast_at - p.opened_at) // 3_600
                cast = (True, ballot.ballot, ballot.followed, p.opened_at + 3_600 * hours)
            yield "polls", "ballotOf", (p.poll_id, who.member_id), cast
        for secret in m.rows(SecretBallot, "poll_id = ?", (p.poll_id,)):
            yield "polls", "nullifierUsed", (p.poll_id, secret.nullifier), True
        if p.secret:
            tree = polls.tree_of(m, p)
            assert (Group(tree.leaves).root, tree.root, tree.depth, tree.listed) == (
                p.root,
                p.root,
                p.depth,
                p.listed,
            )


def _delegation(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    members = [who.member_id for who in m.rows(Member)]
    past = [t for t in mirror.times if t < m.now][-4:]
    for member_id in members:
        for topic in m.topics:
            last = m.row(Delegation, member_id, topic)
            told = (last.delegate or 0, last.max_votes, last.max_credits, last.since) if last else (0,) * 4
            yield "delegation", "delegationOf", (member_id, topic), told
            for t in past:
                found = delegation.delegation_at(m, member_id, topic, t)
                says = mirror.commune.call("delegation", "delegationAt", member_id, topic, t)[0]
                assert says == (found.delegate if found else 0), (member_id, topic, t)
            for season in range(1, (m.season or 0) + 1):
                spent = delegation.follow_spent(m, member_id, topic, season)
                yield "delegation", "followSpent", (member_id, topic, season), spent
    for p in m.rows(Proposal, "rule = 'Ordinary'"):
        vote = delegation.vote_on(m, p.proposal_id)
        if vote is None or m.now > vote.follow_end + DAY:
            continue
        for member_id in members:
            o = delegation.outcome(m, vote, member_id)
            told = (FOLLOW_PROBLEMS.index(o.problem), o.voter, o.support, o.votes)
            yield "delegation", "outcomeOf", (p.proposal_id, member_id), told
    for poll in m.rows(Poll, "secret = 0"):
        vote = delegation.vote_in(m, poll.poll_id)
        if vote is None or m.now > vote.follow_end + DAY:
            continue
        for member_id in members:
            o = delegation.outcome(m, vote, member_id)
            told = (FOLLOW_PROBLEMS.index(o.problem), o.voter, o.ballot)
            yield "delegation", "pollOutcomeOf", (poll.poll_id, member_id), told


def _commons(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Purse)
    yield "commons", "purseCount", (), len(found)
    yield "commons", "periodOf", (m.now,), commons.period(m)[0]
    pay = commons.pay_unit(m)
    yield "commons", "payUnit", (), (_address(pay.asset), pay.unit)
    for asset in (bytes(20), *(row.asset for row in m.rows(Asset) if any(row.asset))):
        # A membership is counted, but no money.
        if _address(asset) != mirror.commune.addresses["membership"].lower():
            left = commons.brake_left(m, commons.asset(m, asset))
            yield "commons", "brakeLeft", (_address(asset),), left
    for p in found:
        told = (
            _address(p.controller), p.purse_key, _address(p.asset), p.cap, p.period_start, p.period_end,
            p.spent, p.closed_at is not None,
        )  # fmt: skip
        yield "commons", "purse", (p.purse_id,), told
        yield "commons", "purseLeft", (p.purse_id,), commons.purse_left(m, p)
    for n in range(1, 3 if not found else 0):
        yield "commons", "payLeft", (n, commons.period(m)[0]), m.parameters["commons.workerPay"]


def _draws(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Draw)
    yield "draws", "drawCount", (), len(found)
    for n in range(1, 6 if not found else 0):
        yield "draws", "state", (n,), 0
    for d in found:
        key = (d.draw_id,)
        told = (
            _address(d.opener), d.pool, d.size, d.with_reveals, d.reveal_end, d.target_block, d.retargets,
            d.delay, d.reveals, d.mix, d.block_hash or bytes(32), d.number or 0,
        )  # fmt: skip
        yield "draws", "draw", key, told
        yield "draws", "state", key, DRAW_STATES.index(draws.state_of(m, d.draw_id) or "")
        for member in draws.pool_of(m, d.draw_id):
            revealed = member.secret is not None
            yield "draws", "hasRevealed", (d.draw_id, member.member_id), revealed


def _consent(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    commune = mirror.commune
    calls = [
        *((module, function) for module, function, *_ in CONSENT),
        ("constitution", "setCharter"),
    ]
    for module, function in calls:
        for first in (bytes(32), bytes(31) + b"\1"):
            target, selector = commune.addresses[module], commune.selector(module, function)
            found = consent.allowance_for(m, bytes.fromhex(target[2:]), selector, first)
            told = (True, found.keyed, found.argument, found.cap) if found else (False, False, 0, 0)
            yield "consent", "allowanceFor", (target, selector, first), told
    for p in m.rows(ConsentProposal):
        key = (p.proposal_id,)
        yield "consent", "state", key, CONSENT_STATES.index(consent.state_of(m, p.proposal_id) or "")
        told = (
            p.opener, p.topic, p.electorate_at, p.window_end, p.expiry, p.needed, p.block_limit,
            p.acknowledged, p.blocks, p.stood_aside, p.executed_at is not None, p.escalated_at is not None,
            p.pin,
        )  # fmt: skip
        yield "consent", "consentProposal", key, told
        for who in m.rows(Member):
            row = m.row(ConsentResponse, p.proposal_id, who.member_id)
            response = RESPONSES.index(row.response) if row else 0
            yield "consent", "responseOf", (p.proposal_id, who.member_id), response
    for who in m.rows(Member):
        live = consent.live_proposal_of(m, who.member_id) or 0
        yield "consent", "liveProposalOf", (who.member_id,), live


def _offices(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found, given = m.rows(Office), m.rows(Tenure)
    yield "offices", "officeCount", (), len(found)
    yield "offices", "tenureCount", (), len(given)
    for n in range(1, 4 if not found else 0):
        yield "offices", "barredUntil", (n, n), 0
    for o in found:
        key = (o.office_id,)
        filling = FILLINGS.index(o.filling)
        abolished = o.abolished_at is not None
        told = (o.text_hash, o.topic, o.seats, filling, o.term, o.stipend, abolished)
        yield "offices", "office", key, told
        entries = offices.mandate_of(m, o.office_id)
        listed = tuple((_address(e.target), e.selector, e.calls, e.argument, e.cap) for e in entries)
        yield "offices", "mandateOf", key, listed
        for e in entries:
            left = offices.mandate_left(m, e)
            asked = (o.office_id, _address(e.target), e.selector)
            yield "offices", "mandateLeft", asked, (left.calls, left.amount)
        yield "offices", "holdersOf", key, Unordered(offices.holders_of(m, o.office_id))
        for t in (m.now, m.now + 10 * DAY, m.now + 100 * DAY):
            running = [row.tenure_id for row in offices.tenures_at(m, o.office_id, t)]
            yield "offices", "tenuresAt", (o.office_id, t), Unordered(running)
            yield "offices", "vacantAt", (o.office_id, t), offices.vacant_at(m, o, t)
        lead = offices.lead_of(m, o)
        yield "offices", "nextVacancy", (o.office_id, lead), offices.next_vacancy(m, o, lead) or 0
        held = {row.member_id for row in offices.tenures_at(m, o.office_id, m.now) if offices.is_held(m, row)}
        for who in m.rows(Member):
            member = (o.office_id, who.member_id)
            yield "offices", "isHolder", member, who.member_id in held
            yield "offices", "barredUntil", member, offices.barred_until(m, *member)
    for t in given:
        told = (t.office_id, t.member_id, t.held_from, t.held_until, t.stipend)
        yield "offices", "tenure", (t.tenure_id,), told
    yield "commons", "periodOf", (m.now,), offices.period_of(m, m.now)


def _elections(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Election)
    yield "elections", "electionCount", (), len(found)
    for n in range(1, 5 if not found else 0):
        yield "elections", "runningOf", (n,), elections.running_of(m, n)
    for o in m.rows(Office):
        yield "elections", "runningOf", (o.office_id,), elections.running_of(m, o.office_id)
    for e in found:
        standing = [row for row in elections.candidates_of(m, e.election_id) if row.withdrawn_at is None]
        if e.stage == "Standing":
            yield "elections", "candidatesOf", (e.election_id,), Unordered(c.member_id for c in standing)
        # Where all who stood could have a seat no event says how many there were.
        if e.stage == "Standing" or e.seats is not None:
            seats = (e.seats or 0) - sum(row.certain for row in standing)
            told = (
                e.office_id, STAGES.index(e.stage), FILLINGS.index(e.filling), e.stand_until, e.vacant_from,
                e.poll_id or 0, e.draw_id or 0, seats,
            )  # fmt: skip
            yield "elections", "election", (e.election_id,), told


def _recall(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Petition)
    yield "recall", "petitionCount", (), len(found)
    for n in range(1, 5 if not found else 0):
        yield "recall", "state", (n,), 0
    for q in found:
        told = (
            q.office_id, q.member_id, q.grounds, q.electorate_at, q.expiry, q.needed, q.immediate,
            q.signatures, q.proposal_id or 0, q.recalled_at is not None,
        )  # fmt: skip
        yield "recall", "petitionOf", (q.petition_id,), told
        state = PETITION_STATES.index(recall.state_of(m, q.petition_id) or "")
        yield "recall", "state", (q.petition_id,), state
        signed = {row.member_id for row in recall.signatures_of(m, q.petition_id)}
        for who in m.rows(Member):
            yield "recall", "hasSigned", (q.petition_id, who.member_id), who.member_id in signed
        whose = (q.office_id, q.member_id)
        yield "recall", "isFrozen", whose, recall.is_frozen(m, *whose)
        yield "recall", "coolingUntil", whose, recall.cooling_until(m, *whose)


def _assignments(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Assignment)
    yield "assignments", "assignmentCount", (), len(found)
    for who in m.rows(Member):
        yield "assignments", "seatsHeld", (who.member_id,), assignments.seats_held(m, who.member_id)
        yield "assignments", "strikesOf", (who.member_id,), assignments.strikes_of(m, who.member_id)
    for a in found:
        key = (a.assignment_id,)
        state = assignments.state_of(m, a.assignment_id) or ""
        yield "assignments", "stateOf", key, ASSIGNMENT_STATES.index(state)
        kind, selection = KINDS.index(a.kind), SELECTIONS.index(a.selection)
        told = (
            a.text_hash, a.topic, kind, selection, a.seats, a.trial_seats, a.volunteer_until, a.start,
            a.deadline, a.duration, a.heartbeat, a.reward, a.purse_id or 0, a.stipend, _address(a.creator),
            a.draw_id or 0, a.selected_at is not None, a.cancelled_at is not None, a.closed_seats,
        )  # fmt: skip
        yield "assignments", "assignment", key, told
        volunteers = [row.member_id for row in assignments.volunteers_of(m, a.assignment_id)]
        yield "assignments", "volunteersOf", key, Unordered(volunteers)
        seats = assignments.seats_of(m, a.assignment_id)
        told = tuple(
            (
                b.member_id or 0, SEAT_STATES.index(b.state), b.taken_at or 0, b.signed_at or 0,
                b.due_at or 0, b.share_bps, b.paid,
            )
            for b in seats
        )  # fmt: skip
        yield "assignments", "seatsOf", key, told
        for b in seats:
            until = assignments.late_after(m, b)
            if until is not None:
                yield "assignments", "lateAfter", (a.assignment_id, b.seat), until
        for who in m.rows(Member):
            held = assignments.seat_held_by(m, a.assignment_id, who.member_id)
            yield "assignments", "seatHeldBy", (a.assignment_id, who.member_id), held


def _series(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Series)
    yield "series", "seriesCount", (), len(found)
    for n in range(1, 5 if not found else 0):
        yield "series", "assignmentOf", (n, n), 0
    for z in found:
        brief = (
            z.text_hash, z.topic, KINDS.index(z.kind), SELECTIONS.index(z.selection), z.seats, z.trial_seats,
            z.volunteering, 0, 0, z.duration, z.heartbeat, z.reward, z.purse_id or 0, z.stipend,
        )  # fmt: skip
        told = (z.rule_hash, z.root, z.occurrences, z.lead, z.length, brief)
        yield "series", "planOf", (z.series_id,), told
        yield "series", "isStopped", (z.series_id,), z.stopped_at is not None
        for number in range(z.occurrences):
            row = m.row(Occurrence, z.series_id, number)
            yield "series", "assignmentOf", (z.series_id, number), row.assignment_id if row else 0


def _reviews(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Review)
    yield "reviews", "reviewCount", (), len(found)
    for who in m.rows(Member):
        left = reviews.shift_confirmation_left(m, who.member_id)
        yield "reviews", "shiftConfirmationLeft", (who.member_id,), left
    for v in found:
        key = (v.review_id,)
        # No event tells how far a draw was followed, nor who was drawn before enough were.
        cursor = mirror.commune.call("reviews", "reviewOf", v.review_id)[7]
        told = (
            v.assignment_id, v.seat, v.member_id, v.round, REVIEW_STATES.index(v.state), v.draw_id or 0,
            v.pool, cursor, v.answer_until or 0, v.wanted, v.concluded_at or 0, v.share_bps, v.by_vote,
            reviews.deliveries_of(m, v.review_id)[-1].evidence,
        )  # fmt: skip
        yield "reviews", "reviewOf", key, told
        if v.state not in ("Drawing", "Stuck") and not v.by_vote:
            asked = []
            for row in reviews.reviewers_of(m, v):
                given = reviews.verdict_of(m, row)
                verdict = (VERDICTS.index(given.verdict), given.mark) if given else (0, 0)
                asked.append((row.member_id, *verdict))
            yield "reviews", "reviewersOf", key, Unordered(asked)
        shares = tuple((row.member_id, row.bps) for row in reviews.shares_of(m, v.review_id))
        yield "reviews", "sharesOf", key, shares
        until = reviews.challengeable_until(m, v)
        if until is not None:
            yield "reviews", "challengeableUntil", key, until
        last = reviews.last_review_of(m, v.assignment_id, v.seat)
        yield "reviews", "lastReviewOf", (v.assignment_id, v.seat), last


def _penalties(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found = m.rows(Penalty)
    for _ in range(max(1, 5 - len(found))):
        yield "penalties", "penaltyCount", (), len(found)
    for y in found:
        told = (
            y.member_id, y.topic, y.amount, REASONS.index(y.reason), PENALTY_STATES.index(y.state),
            y.appealed_at is not None, y.due_at, y.evidence, _address(y.source),
        )  # fmt: skip
        yield "penalties", "penalty", (y.penalty_id,), told


def _mediation(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    found, members = m.rows(Case), m.rows(Member)
    yield "mediation", "caseCount", (), len(found)
    for who in members:
        yield "mediation", "casesLeft", (who.member_id,), mediation.cases_left(m, who.member_id)
    for n in range(1, 4):
        yield "mediation", "caseOfReview", (n,), mediation.case_of_review(m, n)
    for c in found:
        key = (c.case_id,)
        remedy = (REMEDIES.index(c.remedy), c.remedy_member or 0, c.remedy_amount)
        told = (
            c.claimant, c.review_id or 0, c.topic, CASE_STATES.index(c.state), c.until, remedy, c.opened_at,
            c.electorate_at, c.pool, Unsaid(), c.draw_id or 0, c.mediators, c.mediator or 0, c.evidence,
            c.outcome or bytes(32),
        )  # fmt: skip
        yield "mediation", "caseOf", key, told
        parties = tuple(party.member_id for party in mediation.parties_of(m, c.case_id))
        yield "mediation", "partiesOf", key, parties
        yield "mediation", "vouchersOf", key, tuple(mediation.vouchers_of(m, c.case_id))
        yield "mediation", "eligibleCount", key, mediation.eligible_count(m, c)
        for who in members:
            of = (c.case_id, who.member_id)
            yield "mediation", "isParty", of, who.member_id in parties
            yield "mediation", "isEligible", of, mediation.is_eligible(m, c, who.member_id)
            if c.state in ("Drawing", "Accepting", "Mediating", "Settled"):
                yield "mediation", "hasAnswered", of, mediation.has_answered(m, c, who.member_id)


def _panels(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    members = m.rows(Member)
    for n in range(1, 6):
        state = panels.state_of(m, n)
        yield "panels", "stateOf", (n,), PANEL_STATES.index(state or "Unknown")
    for d in m.rows(CaseDecision):
        drawn = panels.panels_of(m, d.case_id)
        # Of a second panel the contract keeps the first one's times until it is seated.
        seated = [panel for panel in drawn if panel.commit_until is not None]
        told = (
            d.round, drawn[-1].seats if drawn else 0, drawn[-1].draw_id if drawn else 0, Unsaid(),
            seated[-1].commit_until if seated else 0, seated[-1].reveal_until if seated else 0,
            d.extent or 0, d.appeal_until or 0, d.proposal_id or 0,
        )  # fmt: skip
        yield "panels", "panelOf", (d.case_id,), told
        for panel in drawn:
            listed = panels.panelists_of(m, d.case_id, panel.round)
            ids = tuple(panelist.member_id for panelist in listed)
            yield "panels", "panelistsOf", (d.case_id, panel.round), ids
            for who in members:
                of = (d.case_id, panel.round, who.member_id)
                row = m.row(Panelist, *of)
                committed = row.commitment if row is not None else None
                yield "panels", "commitmentOf", of, committed or bytes(32)
                vote = row.extent if row is not None else None
                yield "panels", "voteOf", of, (vote is not None, vote or 0)


_ROLE_HASHES: dict[str, bytes] = {}


def _forwarder(mirror: Mirror, m: Moment) -> Iterator[Fact]:
    used = {(row.account, row.nonce) for row in m.rows(Nonce)}
    for person in mirror.commune.people[1:8]:
        for nonce in (2**255 + 7, 3, 99, 404, 5):
            told = (person.account, nonce) in used
            yield "forwarder", "isNonceUsed", (person.address, nonce), told


_CONCERNS: dict[str, Callable[[Mirror, Moment], Iterator[Fact]]] = {
    "constitution": _constitution,
    "powers": _powers,
    "membership": _membership,
    "admission": _admission,
    "presence": _presence,
    "recovery": _recovery,
    "docket": _docket,
    "assembly": _assembly,
    "credits": _credits,
    "reputation": _reputation,
    "forwarder": _forwarder,
    "group": _group,
    "polls": _polls,
    "draws": _draws,
    "delegation": _delegation,
    "commons": _commons,
    "consent": _consent,
    "offices": _offices,
    "elections": _elections,
    "recall": _recall,
    "assignments": _assignments,
    "series": _series,
    "reviews": _reviews,
    "penalties": _penalties,
    "mediation": _mediation,
    "panels": _panels,
}
CONCERNS = tuple(_CONCERNS)
