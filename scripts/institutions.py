"""The part of a story in which members lend each other voice, tasks and money, and take them back.

Delegation, consent, offices with their elections and draws, recall, and the commons: a handler for each kind
of step (scripts/steps.py), mixed into `scripts.demo.Play`, which knows who is who and how something is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from brownie import ZERO_ADDRESS, chain, web3

from backend.polls import word_of
from scripts import steps
from scripts.playing import Playing

DAY = 86_400
WEI = 10**18
NOTHING = "0x" + "0" * 64
# IOffices.Filling, IConsent.Response and ConsentState, IPolls.PollState, IDraws.DrawState, as far as stories
# meet them
FILLINGS = {"poll": 0, "draw": 1}
ACKNOWLEDGE, BLOCK, STAND_ASIDE = 1, 2, 3
CONSENT_STATES = {2: "passed", 3: "blocked", 4: "lapsed"}
CAPTURED = 5
# How long a story waits for the node's keeper, in real seconds.
PATIENCE = 20
DEFAULT_VOTES, DEFAULT_CREDITS = 2, 20


def ether(wei: int) -> str:
    """An amount as people write it."""
    return f"{wei / WEI:.4f}".rstrip("0").rstrip(".") + " ETH"


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


@dataclass
class Office:
    """An office of the story; the numbers are the chain's, `id` from the moment it is drafted."""

    action: steps.CreateOffice
    id: int
    election: int = 0


class Institutions(Playing):
    """What happens in offices, elections, draws, recalls, consent, delegation and the commons."""

    _offices: dict[str, Office]
    _purses: dict[str, tuple[steps.OpenPurse, int]]
    """by name: what opens it, and its number once it is open"""
    _petitions: dict[tuple[str, str], int]

    # ------------------------------------------------------------------------------------------ actions

    def _prepared_institution(self, action: steps.Action) -> tuple[Any, Any, str]:
        """Target, calldata and a description of one action."""
        c = self.commune
        match action:
            case steps.Describe(uri):
                return c.constitution, c.constitution.setDaoURI.encode_input(uri), f"describe us at {uri}"
            case steps.CreateOffice():
                return self._prepared_office(action)
            case steps.OpenPurse(purse, office, cap, reason):
                self._purses[purse] = action, 0
                arguments = (c.offices, self._offices[office].id, ZERO_ADDRESS, cap, self._hash(reason))
                data = c.commons.openPurse.encode_input(*arguments)
                return c.commons, data, f"give the office {office} a purse of {ether(cap)} a month"
            case steps.Pay(to, amount, reason):
                arguments = (ZERO_ADDRESS, self._account(to), amount, self._hash(reason))
                return c.commons, c.commons.pay.encode_input(*arguments), f"pay {to} {ether(amount)}"
        raise self._broke(f"there is no way to prepare {action}")

    def _prepared_office(self, action: steps.CreateOffice) -> tuple[Any, Any, str]:
        self._offices[action.office] = Office(action, len(self._offices) + 1)
        terms = (
            self._hash(action.text),
            self._topics.index(action.topic) + 1,
            action.seats,
            FILLINGS[action.filling],
            int(action.term * DAY),
            action.stipend or 0,
            False,
        )
        law = self.commune.constitution
        functions = {"adopt": law.adopt, "describe": law.setDaoURI}
        mandate = [(law, functions[word].signature, times, 0, 0) for word, times in action.may.items()]
        data = self.commune.offices.create.encode_input(terms, mandate)
        times = {word: f"{n} times" if n > 1 else "once" for word, n in action.may.items()}
        may = listed(f"{word} {often}" for word, often in times.items())
        seats = f"{action.seats} seats" if action.seats > 1 else "one seat"
        told = f"create the office {action.office}: {seats}, filled by {action.filling}; may {may} a month"
        return self.commune.offices, data, told

    def _opened_institutions(self, tx: Any) -> None:
        """Remember the offices and purses that a decision has opened."""
        for created in self._events(tx, "OfficeCreated"):
            drafted = next(o for o in self._offices.values() if o.id == created["officeId"])
            if not self._is_hash(created["office"][0], drafted.action.text):
                raise self._broke(f"office {drafted.id} is not the one that was drafted as such")
        for opened in self._events(tx, "PurseOpened"):
            if opened["controller"] != self.commune.offices.address:
                continue
            name, action = next(
                (n, a) for n, (a, _) in self._purses.items() if self._is_hash(opened["reason"], a.reason)
            )
            self._purses[name] = action, int(opened["purseId"])

    def _is_hash(self, found: Any, text: str) -> bool:
        return int(str(found), 16) == int(self._hash(text), 16)

    # ------------------------------------------------------------------------------------------ delegation

    def _delegate(self, step: steps.Delegate) -> None:
        topic, votes = self._topics.index(step.topic) + 1, step.votes or DEFAULT_VOTES
        for name in step.by:
            terms = (topic, self._member(step.to), votes, step.credits or DEFAULT_CREDITS)
            self._send(name, self.commune.delegation, "delegate", *terms)
        does = "do" if len(step.by) > 1 else "does"
        self.narrator.fact(
            f"On {step.topic}, where {listed(step.by)} {does} not vote, {step.to} is to be followed, with at "
            f"most {votes} votes"
        )

    def _follow(self, step: steps.Follow) -> None:
        """The node's keeper does it where there is one; otherwise somebody else."""
        proposal = self._id(self._motions[step.vote])
        assembly = self.commune.assembly
        members = {name: self._member(name) for name in step.who}
        self._wait_until(int(assembly.proposalDeadline(proposal)) + 1)
        self._tell_day()

        def followed() -> bool:
            return all(assembly.ballotOf(proposal, member)["followed"] for member in members.values())

        by = "The node's keeper"
        if not self._kept(followed):
            by = step.by
            self._send(step.by, self.commune.delegation, "follow", proposal, list(members.values()))
        if not followed():
            raise self._broke(f"there is no followed ballot for all of {listed(step.who)}")
        ballots = {name: assembly.ballotOf(proposal, member) for name, member in members.items()}
        support = ("Against", "For", "Abstain")
        told = [f"{name} ({support[b['support']]}, {b['votes']})" for name, b in ballots.items()]
        self.narrator.fact(f"{by} has ballots filled in for {listed(told)}: they count, and make no quorum")

    def _kept(self, done: Callable[[], bool]) -> bool:
        """Whether the node's keeper does something of its own accord, which it gets some time for."""
        deadline = time.monotonic() + (PATIENCE if self._node_relays else 0)
        while not (found := done()) and time.monotonic() < deadline:
            time.sleep(0.2)
        return found

    # ------------------------------------------------------------------------------------------ consent

    def _open_consent(self, step: steps.OpenConsent) -> None:
        motion, consent = self._motions[step.vote], self.commune.consent
        self._settle()
        self._send(step.by, consent, "open", motion.targets, motion.calldatas, motion.description)
        terms = consent.consentProposal(self._id(motion))
        window = (int(terms["end"]) - self._now() + 1) // DAY
        self.narrator.fact(
            f"“{motion.title}” is open for consent for {window} days: it takes {terms['needed']} members who "
            f"acknowledge it, and {terms['limit']} can block it"
        )

    def _respond(self, step: steps.Respond) -> None:
        proposal, consent = self._id(self._motions[step.vote]), self.commune.consent
        for name in step.acknowledge or ():
            self._send(name, consent, "respond", proposal, ACKNOWLEDGE, NOTHING)
        if step.acknowledge:
            self.narrator.fact(f"{listed(step.acknowledge)} acknowledge it")
        for response, verb, said in (
            (BLOCK, "blocks", step.block),
            (STAND_ASIDE, "stands aside", step.aside),
        ):
            for name, reason in (said or {}).items():
                self._send(name, consent, "respond", proposal, response, self._hash(reason))
                self.narrator.fact(f"{name} {verb}: “{reason}”")

    def _close_consent(self, step: steps.CloseConsent) -> None:
        motion, consent = self._motions[step.vote], self.commune.consent
        proposal = self._id(motion)
        self._wait_until(int(consent.consentProposal(proposal)["end"]) + 1)
        self._tell_day()
        found = CONSENT_STATES[consent.state(proposal)]
        terms = consent.consentProposal(proposal)
        self.narrator.fact(
            f"“{motion.title}”: {terms['acknowledged']} acknowledged it, {terms['blocks']} blocked, "
            f"{terms['stoodAside']} stood aside: {found}"
        )
        if found != step.result:
            raise self._broke(f"{step.vote!r} was to be {step.result}")

    def _carry_out(self, step: steps.CarryOut) -> None:
        motion = self._motions[step.vote]
        arguments = (motion.targets, motion.calldatas, motion.description_hash)
        self._opened_institutions(self._send(step.by, self.commune.consent, "execute", *arguments))
        self.narrator.fact(f"{step.by} has it carried out: {'; '.join(motion.moves)}")

    def _escalate(self, step: steps.Escalate) -> None:
        motion = self._motions[step.vote]
        self._settle()
        arguments = (motion.targets, motion.calldatas, motion.description)
        self._send(step.by, self.commune.consent, "escalate", *arguments)
        self.narrator.fact(f"{step.by} takes it to the vote, as it stands")
        self._tell_terms(motion)

    # ------------------------------------------------------------------------------------------ the commons

    def _give(self, step: steps.Give) -> None:
        self._account(step.by).transfer(self.commune.commons, step.amount, silent=True)
        there, left = self.commune.commons.balance(), self.commune.commons.brakeLeft(ZERO_ADDRESS)
        self.narrator.fact(
            f"{step.by} brings {ether(step.amount)}: the commons has {ether(there)}, of which {ether(left)} "
            "can go out this month without two thirds"
        )

    def _pay_from_purse(self, step: steps.PayFromPurse) -> None:
        _, purse = self._purses[step.purse]
        arguments = (purse, self._account(step.to), step.amount, self._hash(step.reason))
        self._send(step.by, self.commune.commons, "payFromPurse", *arguments)
        left = self.commune.commons.purseLeft(purse)
        self.narrator.fact(
            f"{step.by} pays {step.to} {ether(step.amount)} from the purse: “{step.reason}” {ether(left)} "
            "are left in it this month"
        )

    # ------------------------------------------------------------------------------------------ elections

    def _open_election(self, step: steps.OpenElection) -> None:
        office = self._offices[step.office]
        tx = self._send(step.by, self.commune.elections, "open", office.id)
        [opened] = self._events(tx, "ElectionOpened")
        office.election = int(opened["electionId"])
        standing = (int(opened["standUntil"]) - self._now() + 1) // DAY
        self.narrator.fact(f"{step.by} opens the election of {step.office}; {standing} days to stand")

    def _stand(self, step: steps.Stand) -> None:
        election = self._offices[step.office].election
        for name in step.who:
            self._send(name, self.commune.elections, "stand", election, self._hash(step.statement), NOTHING)
        self.narrator.fact(f"{listed(step.who)} stand: “{step.statement}”")

    def _start_election(self, step: steps.StartElection) -> None:
        election, elections = self._offices[step.office].election, self.commune.elections
        self._wait_until(int(elections.election(election)["standUntil"]) + 1)
        self._tell_day()
        tx = self._send(step.by, elections, "start", election)
        for polled in self._events(tx, "ElectionPolled"):
            self.narrator.fact(f"poll {polled['pollId']} asks all members for {polled['seats']} of them")
        for drawn in self._events(tx, "ElectionDrawn"):
            target = self.commune.draws.draw(drawn["drawId"])["targetBlock"]
            self.narrator.fact(
                f"draw {drawn['drawId']} takes {drawn['seats']} of {len(drawn['candidates'])} by the hash of "
                f"block {target}, which does not exist yet: the chain is at {tx.block_number}"
            )

    def _elect(self, step: steps.Elect) -> None:
        election, polls = self._offices[step.office].election, self.commune.polls
        candidates = [int(m) for m in self.commune.elections.candidatesOf(election)]
        poll = self.commune.elections.election(election)["pollId"]
        for name, votes in step.ballots.items():
            given = {candidates.index(self._member(to)): number for to, number in votes.items()}
            self._send(name, polls, "cast", poll, word_of(given, len(candidates)))
        self.narrator.fact(f"{listed(step.ballots)} vote")

    def _fill_seats(self, step: steps.FillSeats) -> None:
        office, elections = self._offices[step.office], self.commune.elections
        election = elections.election(office.election)
        if election["pollId"]:
            poll = self.commune.polls.poll(election["pollId"])
            self._wait_until(max(int(poll["followEnd"]), int(poll["votingEnd"])) + 1)
            self._tell_day()
        elif election["drawId"]:
            self._capture(int(election["drawId"]), step.by)
        tx = self._send(step.by, elections, "fill", office.election)
        [filled] = self._events(tx, "ElectionFilled")
        holders = [self._name_of(int(member)) for member in filled["seated"]]
        self.narrator.fact(
            f"{listed(holders)} {'hold' if len(holders) > 1 else 'holds'} the office {step.office}"
        )
        if step.holders is not None and set(holders) != set(step.holders):
            raise self._broke(f"{listed(step.holders)} were to hold {step.office!r}")

    def _capture(self, draw: int, by: str) -> None:
        """The node's keeper takes the block's hash where there is one; otherwise somebody else."""
        draws = self.commune.draws
        missing = int(draws.draw(draw)["targetBlock"]) + 1 - web3.eth.block_number
        if missing > 0:
            chain.mine(missing)
        who = "the node's keeper"
        if not self._kept(lambda: draws.state(draw) == CAPTURED):
            who = by
            self._send(by, draws, "capture", draw)
        found = draws.draw(draw)
        self.narrator.fact(
            f"block {found['targetBlock']} is there; {who} has its hash taken, and everybody can work out "
            "the rest"
        )

    # ------------------------------------------------------------------------------------------ offices

    def _exercise(self, step: steps.Exercise) -> None:
        [action] = step.actions
        prepared: Callable[[steps.Action], tuple[Any, Any, str]] = self._prepared  # type: ignore[attr-defined]
        target, data, told = prepared(action)
        office = self._offices[step.office]
        self._send(step.by, self.commune.offices, "exercise", office.id, target, data)
        self.narrator.fact(f"{step.by}, for {step.office}: {told}")

    def _petition(self, step: steps.Petition) -> None:
        office = self._offices[step.office]
        arguments = (office.id, self._member(step.on), self._hash(step.grounds))
        tx = self._send(step.by, self.commune.recall, "petition", *arguments)
        [opened] = self._events(tx, "PetitionOpened")
        self._petitions[step.office, step.on] = int(opened["petitionId"])
        terms = self.commune.recall.petitionOf(opened["petitionId"])
        self.narrator.fact(
            f"{step.by} asks for the recall of {step.on} from {step.office}: “{step.grounds}” "
            f"{terms['needed']} signatures make it a vote, {terms['immediate']} are enough by themselves"
        )

    def _sign_petition(self, step: steps.SignPetition) -> None:
        petition = self._petitions[step.office, step.on]
        opened = None
        for name in step.who:
            tx = self._send(name, self.commune.recall, "sign", petition)
            opened = tx if self._events(tx, "RecallVoteOpened") else opened
        self.narrator.fact(f"{listed(step.who)} sign{'s' if len(step.who) == 1 else ''} it")
        if step.vote is None:
            return
        if opened is None:
            raise self._broke(f"the signatures opened no vote to be called {step.vote!r}")
        self.narrator.fact("which opens the vote at once, and freezes the purse while it runs")
        self._remember_opened(step.vote, f"the recall of {step.on}", opened)

    _institutions: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        steps.Delegate: _delegate,
        steps.Follow: _follow,
        steps.OpenConsent: _open_consent,
        steps.Respond: _respond,
        steps.CloseConsent: _close_consent,
        steps.CarryOut: _carry_out,
        steps.Escalate: _escalate,
        steps.Give: _give,
        steps.PayFromPurse: _pay_from_purse,
        steps.OpenElection: _open_election,
        steps.Stand: _stand,
        steps.StartElection: _start_election,
        steps.Elect: _elect,
        steps.FillSeats: _fill_seats,
        steps.Exercise: _exercise,
        steps.Petition: _petition,
        steps.SignPetition: _sign_petition,
    }
