"""Play a scenario on a local test chain and tell its story.

    ./dev demo                                     the whole demo: chain, node, story
    ./dev brownie run demo found --network demo    deploy, and found with the scenario's founders
    ./dev brownie run demo --network demo          audit, and play the scenario in the commune founded so

Both take the scenario's name as a further argument (`brownie run demo main food-coop`). With DUALPOWER_NODE
set to a node's address the story ends with handing it the texts whose hashes are on the chain, and with
links into its API.
"""

from __future__ import annotations

import itertools
import os
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from brownie import ZERO_ADDRESS, accounts, chain, web3
from brownie.exceptions import VirtualMachineError
from eth_account.messages import encode_typed_data

from backend.polls import compose, word_of
from scripts import audit, deploy, local_chain, steps
from scripts import commune as communes
from scripts import node as nodes
from scripts import scenario as scenarios
from scripts.conflicts import Conflicts
from scripts.institutions import Institutions, listed
from scripts.prover import Prover, ProverFailed
from scripts.work import Work

DEFAULT = "food-coop"
DEFAULT_NODE = "http://127.0.0.1:8000"
DAY = 86_400
WIDTH = 100
RELAYER = 0
FORWARDED_GAS = 1_500_000
AGAINST, FOR, ABSTAIN = range(3)
# OpenZeppelin's IGovernor.ProposalState, as far as a story meets them
PENDING, ACTIVE, SUCCEEDED = 0, 1, 4
APPLICATION_OPEN = 1
KINDS = ("constitutional", "ordinary", "person", "admission", "expulsion", "recall")
MICRO_POINTS = 1_000_000
APPROVALS = {500_000: "a majority", 666_666: "two thirds"}
DECISION = 0
# How long a signature lasts that is used at once, seconds.
SIGNATURE_LIFE = DAY


class StoryBroke(Exception):
    """The chain did not do what the scenario says; the message names the step."""


def found(name: str = DEFAULT) -> None:
    """Deploy with the scenario's constitution and found with its founders."""
    scenario = _read(name)
    constitution = communes.Constitution.load(
        scenario.constitution, topics=scenario.topics, charter=scenario.charter
    )
    deploy.found_locally(constitution, [p.number for p in scenario.founders])


def main(name: str = DEFAULT) -> None:
    """Audit the commune that `found` made, and play the scenario in it."""
    local_chain.require_local()
    # web3.py asks for the chain's id with every other request.
    web3.provider.cache_allowed_requests = True
    web3.provider.cacheable_requests = {"eth_chainId"}
    node = os.environ.get("DUALPOWER_NODE")
    commune = communes.recorded(communes.record_path())
    try:
        play = Play(_read(name), commune, Narrator(), node)
        play.founding()
        play.all()
        if node:
            taken = nodes.hand_in(node, play.texts)
            play.narrator.fact(f"the node took {taken} texts by their hashes: profiles, proposals, reasons")
    except (StoryBroke, nodes.NodeRefused, ProverFailed) as error:
        raise SystemExit(str(error)) from error
    play.summary()


def _read(name: str) -> scenarios.Scenario:
    """The scenario called `name`; ends the script with what is wrong with its file."""
    try:
        return scenarios.read(scenarios.SCENARIOS / f"{name}.toml")
    except scenarios.BadScenario as error:
        raise SystemExit(f"{error}\nnothing was sent") from error


# ---------------------------------------------------------------------------------------------- telling


class Narrator:
    """Prints a story: headings, each once something stands under it, paragraphs, facts of the chain."""

    def __init__(self) -> None:
        self._heading = ""

    def heading(self, text: str) -> None:
        self._heading = text

    def _print_heading(self) -> None:
        if self._heading:
            print(f"\n{self._heading}\n{'-' * len(self._heading)}", flush=True)
        self._heading = ""

    def say(self, text: str) -> None:
        self._print_heading()
        print("\n" + textwrap.fill(" ".join(text.split()), WIDTH), flush=True)

    def fact(self, text: str) -> None:
        self._print_heading()
        indented = textwrap.fill(
            " ".join(text.split()), WIDTH, initial_indent="  * ", subsequent_indent="    ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        print(indented, flush=True)

    def table(self, header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        self._print_heading()
        lines = [header, *(tuple(str(cell) for cell in row) for row in rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
        for line in lines:
            print("  " + "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip())


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def days(seconds: int) -> str:
    return counted(round(seconds / DAY), "day")


def approval(ppm: int) -> str:
    return APPROVALS.get(ppm, f"{ppm / 10_000:.1f} %")


def points(micro: int) -> str:
    return f"{micro / MICRO_POINTS:.1f}"


# ---------------------------------------------------------------------------------------------- playing


@dataclass
class Motion:
    """A draft or vote as `propose`, `queue` and `execute` take it."""

    title: str
    author: str | None
    topic: int
    targets: list[Any]
    values: list[int]
    calldatas: list[Any]
    description: str
    moves: list[str] = field(default_factory=list)

    @property
    def actions(self) -> tuple[list[Any], list[int], list[Any]]:
        return self.targets, self.values, self.calldatas

    @property
    def description_hash(self) -> str:
        return communes.text_hash(self.description)


class Play(Institutions, Work, Conflicts):
    """A scenario being played: who is who, which votes there are, and a handler for each kind of step."""

    def __init__(
        self,
        scenario: scenarios.Scenario,
        commune: communes.Commune,
        narrator: Narrator,
        node: str | None = None,
    ) -> None:
        needed = len(scenario.people) + 1
        if len(accounts) < needed:
            raise StoryBroke(f"{scenario.path.name} takes {needed} accounts, the chain has {len(accounts)}")
        self.scenario = scenario
        self.commune = commune
        self.narrator = narrator
        self._node = node
        self._node_relays = node is not None and nodes.relays(node)
        self.texts = {communes.text_hash(scenario.charter): scenario.charter}
        self._topics = list(scenario.topics)
        self._people = {p.name: p for p in scenario.people}
        self._index = {p.name: p.number for p in scenario.people}
        self._next_index = needed
        self._moving_to: dict[str, int] = {}
        self._members: dict[str, int] = {}
        self._constituted_at = int(commune.constitution.constitutedAt())
        self._motions: dict[str, Motion] = {}
        self._prover = Prover()
        self._asked: dict[str, steps.OpenPoll] = {}
        self._polls: dict[str, int] = {}
        self._offices, self._purses, self._petitions = {}, {}, {}
        self._works, self._cases = {}, {}
        self._told_day = 0
        self._step: steps.Step = steps.Tell(line=0)

    def founding(self) -> None:
        """Tell who founded the commune, and prove who holds its powers."""
        founders = self.scenario.founders
        parameters = len(self.commune.constitution.parameterNames())
        self.narrator.heading(self.scenario.title)
        self.narrator.say(f"{len(founders)} people found a commune. “{self.scenario.charter}”")
        for person in founders:
            self.narrator.fact(f"{person.name}: “{person.profile}”")
        self.narrator.say(
            f"Each of the {len(founders)} signed its constitution: {parameters} parameters with their floors "
            f"and ceilings, {len(communes.RULES)} rules, {len(self.commune.modules())} contracts. The "
            "deployer has handed every power to the contracts and renounced its own. Whoever does not "
            "believe it asks the chain:"
        )
        audit.report(self.commune)

    def all(self) -> None:
        """Play every step; raises `StoryBroke` with the step's line where the chain disagrees."""
        try:
            for step in self.scenario.steps:
                self.play(step)
        finally:
            self._prover.close()

    def play(self, step: steps.Step) -> None:
        """Tell and do one step."""
        self._step = step
        self._tell_day()
        if step.say:
            self.narrator.say(step.say)
        try:
            self._handlers[type(step)](self, step)
        except VirtualMachineError as error:
            reason = error.revert_msg or str(error)
            if not step.refused or not reason.startswith(step.refused):
                raise self._broke(f"the chain refused it: {reason}") from error
            self.narrator.fact(f"the chain refuses: {reason}")
        else:
            if step.refused:
                raise self._broke(f"the chain was to refuse it with {step.refused}, and did not")

    def summary(self) -> None:
        """Who is where at the end, and where to look."""
        narrator, c = self.narrator, self.commune
        narrator.heading(f"The commune on day {self._day()}")
        season = c.constitution.currentSeason()
        rows = []
        for name in self._people:
            if member := self._member(name):
                status = MEMBER_STATUS[c.membership.statusOf(member)]
                left = f"{c.credits.creditsLeft(member, season)} of {c.credits.budgetOf(member, season)}"
                rows.append((member, name, status, left, points(c.reputation.totalScore(member))))
        narrator.table(("member", "name", "status", f"credits of season {season}", "reputation"), rows)
        node = self._node
        if node is None:
            return
        narrator.say("Look at it:")
        for path, what in LINKS:
            print(f"  {node + path:44} {what}")
        narrator.say("Take part, with the test chain's published keys:")
        if node != DEFAULT_NODE:
            print(f"  export DUALPOWER_NODE={node} DUALPOWER_RPC={web3.provider.endpoint_uri}")
        for arguments in [*self._invitations(), "--help"]:
            print(f"  .venv/bin/dualpower {arguments}", flush=True)

    def _invitations(self) -> Iterator[str]:
        """Commands that take part: a ballot in each open vote, a pledge for each applicant."""
        c = self.commune
        for poll_id in self._polls.values():
            yield f"poll tally {poll_id}"
        # The last to join first: the founders have done enough.
        members = [(n, m) for n in reversed(self._people) if (m := self._member(n))]
        for motion in self._motions.values():
            proposal = self._id(motion)
            # What passed by consent was never a proposal.
            if not c.assembly.proposalSnapshot(proposal) or self._state(proposal) != ACTIVE:
                continue
            for name, member in members:
                if self._may_vote(proposal, member):
                    yield f"vote {proposal:#x} for --votes 2 --test-account {self._index[name]}"
                    break
        yield "work board"
        for assignment in self._vacancies():
            yield f"work volunteer {assignment} --test-account {self._index[members[0][0]]}"
        for applicant in self._people:
            application = self._application(applicant)
            if not application or c.admission.application(application)[1] != APPLICATION_OPEN:
                continue
            vouched = set(c.admission.vouchersOf(application))
            for name, member in members:
                if member not in vouched and c.membership.isFull(member):
                    yield f"vouch {application} --test-account {self._index[name]}"
                    break

    def _may_vote(self, proposal: int, member: int) -> bool:
        opened = self.commune.assembly.electorateAt(proposal)
        account = self.commune.membership.ballotAccount(member, opened)
        return account != ZERO_ADDRESS and not self.commune.assembly.ballotOf(proposal, member)[0]

    # ------------------------------------------------------------------------------------------ time

    def _now(self) -> int:
        return int(web3.eth.get_block("latest").timestamp)

    def _day(self) -> int:
        return (self._now() - self._constituted_at) // DAY + 1

    @staticmethod
    def _events(tx: Any, name: str) -> list[Any]:
        """The events of one kind in a transaction."""
        return [event for event in tx.events if event.name == name]

    def _wait_until(self, time: int) -> None:
        """Let the chain's clock pass `time`; a step that is to be refused does not wait."""
        while (now := self._now()) < time and not self._step.refused:
            chain.sleep(time - now)
            chain.mine()

    def _settle(self) -> None:
        """Let two seconds pass: who joined a moment ago has a ballot in the vote that opens now."""
        self._wait_until(self._now() + 2)

    def _tell_day(self) -> None:
        if (today := self._day()) != self._told_day:
            self._told_day = today
            self.narrator.heading(f"Day {today}, season {self.commune.constitution.currentSeason()}")

    # ------------------------------------------------------------------------------------------ people

    def _account(self, name: str) -> Any:
        return accounts[self._index[name]]

    def _member(self, name: str) -> int:
        """Somebody's memberId, which never changes, or 0."""
        if name not in self._members:
            if not (member := int(self.commune.membership.memberIdOf(self._account(name)))):
                return 0
            self._members[name] = member
        return self._members[name]

    def _application(self, name: str) -> int:
        return int(self.commune.admission.applicationOf(self._account(name)))

    def _hash(self, text: str) -> str:
        """The hash by which the chain knows a text, which the node is handed at the end."""
        hashed = communes.text_hash(text)
        if not self._step.refused:
            self.texts[hashed] = text
        return hashed

    # ------------------------------------------------------------------------------------------ sending

    def _send(self, name: str, contract: Any, function: str, *arguments: Any) -> Any:
        """Send a member's action: from their account, or signed by them and forwarded by the relayer."""
        call = getattr(contract, function)
        if self._step.refused:
            call.call(*arguments, {"from": self._account(name)})
        if not self._step.gasless:
            return call(*arguments, {"from": self._account(name)}, silent=True)
        request = {
            "from": self._account(name).address,
            "to": contract.address,
            "gas": FORWARDED_GAS,
            "nonce": int.from_bytes(os.urandom(8), "big"),
            "deadline": self._now() + SIGNATURE_LIFE,
            "data": call.encode_input(*arguments),
        }
        signature = self._sign(
            name, self.commune.forwarder, "Dual Power Forwarder", "ForwardRequest", FORWARD_REQUEST, request
        )
        forwarder = self.commune.forwarder
        return forwarder.execute(tuple(request.values()), signature, {"from": accounts[RELAYER]}, silent=True)

    def _sign(
        self,
        name: str,
        contract: Any,
        domain: str,
        primary: str,
        types: dict[str, str],
        message: dict[str, Any],
    ) -> bytes:
        """EIP-712 signature by a person for one of the commune's contracts."""
        typed_data = {
            "types": {
                "EIP712Domain": [{"name": n, "type": t} for n, t in DOMAIN.items()],
                primary: [{"name": n, "type": t} for n, t in types.items()],
            },
            "primaryType": primary,
            "domain": {
                "name": domain,
                "version": "1",
                "chainId": web3.eth.chain_id,
                "verifyingContract": contract.address,
            },
            "message": message,
        }
        signed = local_chain.key(self._index[name]).sign_message(encode_typed_data(full_message=typed_data))
        return bytes(signed.signature)

    # ------------------------------------------------------------------------------------------ joining

    def _tell(self, step: steps.Tell) -> None:
        """The words were told already."""

    def _wait(self, step: steps.Wait) -> None:
        if step.days is not None:
            self._wait_until(self._now() + int(step.days * DAY))
        else:
            start, _ = self.commune.constitution.seasonBounds(step.season)
            self._wait_until(int(start))

    def _apply(self, step: steps.Apply) -> None:
        for name in step.who:
            profile = self._people[name].profile
            # A profile's first line is how a node calls the member.
            introduction = self._hash(f"{name}\n\n{profile}")
            self._send(name, self.commune.admission, "applyToJoin", introduction)
            self.narrator.fact(f"{name} applies: “{profile}”")

    def _vouch(self, step: steps.Vouch) -> None:
        application = self._application(step.whom)
        for name in step.by:
            self._send(name, self.commune.admission, "vouch", application)
        self.narrator.fact(f"{listed(step.by)} {'vouches' if len(step.by) == 1 else 'vouch'} for {step.whom}")

    def _object(self, step: steps.Object) -> None:
        reason = self._hash(step.reason)
        self._settle()
        tx = self._send(step.by, self.commune.admission, "object", self._application(step.whom), reason)
        self.narrator.fact(f"{step.by} objects to {step.whom}: “{step.reason}”")
        if step.vote is None:
            return
        if not self._events(tx, "ApplicationContested"):
            raise self._broke(f"the objection opened no vote to be called {step.vote!r}")
        self._remember_opened(step.vote, f"the admission of {step.whom}", tx)
        self.narrator.fact("which is enough for a vote of all members; it opened with the objection itself")

    def _admit(self, step: steps.Admit) -> None:
        for name in step.who:
            application = self._application(name)
            vouched_at = int(self.commune.admission.application(application)[4])
            self._wait_until(vouched_at + self._parameter("admission.objectionWindow"))
            self._send(name, self.commune.admission, "admit", application)
            self.narrator.fact(f"{name} is member {self._member(name)}")

    # ------------------------------------------------------------------------------------------ deciding

    def _draft(self, step: steps.Draft) -> None:
        targets, calldatas, moves = [], [], []
        for target, calldata, told in self._all_prepared(step.actions):
            targets.append(target)
            calldatas.append(calldata)
            moves.append(told)
        text = (
            f"{step.title}\n\ntext:0x{self._hash(step.body).removeprefix('0x')}" if step.body else step.title
        )
        proposer = (self.commune.consent if step.consent else self._account(step.by)).address.lower()
        self._motions[step.vote] = Motion(
            title=step.title,
            author=step.by,
            topic=self._topics.index(step.topic) + 1,
            targets=targets,
            values=[0] * len(targets),
            calldatas=calldatas,
            description=f"{text}#nonce={len(self._motions) + 1}#proposer={proposer}",
            moves=moves,
        )
        self.narrator.fact(f"{step.by} drafts “{step.title}” (topic {step.topic}): {'; '.join(moves)}")

    def _all_prepared(self, actions: steps.Actions) -> Iterator[tuple[Any, Any, str]]:
        """Assignments that follow each other are created in one call."""
        for together, group in itertools.groupby(actions, key=lambda a: isinstance(a, steps.Assign)):
            if together:
                yield self._prepared_assignments([a for a in group if isinstance(a, steps.Assign)])
            else:
                yield from map(self._prepared, group)

    def _prepared(self, action: scenarios.Action) -> tuple[Any, Any, str]:
        """Target, calldata and a description of one action."""
        law, reputation = self.commune.constitution, self.commune.reputation
        match action:
            case steps.Adopt(text):
                return law, law.adopt.encode_input(self._hash(text)), "adopt the text as a resolution"
            case steps.Award(to, amount, topic, evidence):
                award = (
                    self._member(to), self._topics.index(topic) + 1, amount * MICRO_POINTS, DECISION,
                    self._hash(evidence), 0,
                )  # fmt: skip
                return (
                    reputation,
                    reputation.award.encode_input(*award),
                    f"award {to} {amount} points in {topic}",
                )
            case steps.SetParameter(name, value):
                data = law.setParameter.encode_input(communes.bytes32(name), value)
                return law, data, f"set {name} from {self._parameter(name)} to {value}"
            case steps.AddTopic(name):
                self._topics.append(name)
                return law, law.addTopic.encode_input(name), f"add the topic {name}"
            case steps.MoveMembership(whom):
                recovery = self.commune.recovery
                data = recovery.recoverByVote.encode_input(self._member(whom), self._new_account(whom))
                return recovery, data, f"move the membership of {whom} to a new account"
            case steps.OpenPoll(name, question, options, topic, secret):
                self._asked[name] = action
                text = self._hash(compose(question, options))
                topic_id = self._topics.index(topic) + 1
                data = self.commune.polls.open.encode_input(text, len(options), topic_id, secret, False)
                return self.commune.polls, data, f"open {'a secret' if secret else 'an open'} poll"
            case steps.AssignSeries():
                return self._prepared_series(action)
            case steps.OpenWorkPurse():
                return self._prepared_work_purse(action)
        return self._prepared_institution(action)

    def _sponsor(self, step: steps.Sponsor) -> None:
        motion = self._motions[step.vote]
        for name in step.by:
            self._send(name, self.commune.docket, "sponsor", self._id(motion), motion.topic)
        self.narrator.fact(f"{listed(step.by)} sponsor it")

    def _propose(self, step: steps.Propose) -> None:
        motion = self._motions[step.vote]
        if motion.author is None:
            raise self._broke(f"{step.vote!r} was opened by a module")
        arguments = (*motion.actions, motion.description)
        self._settle()
        self._send(motion.author, self.commune.assembly, "propose", *arguments)
        self._tell_terms(motion)

    def _cast(self, step: steps.Cast) -> None:
        motion = self._motions[step.vote]
        proposal = self._id(motion)
        if self._state(proposal) == PENDING:
            self._wait_until(int(self.commune.assembly.proposalSnapshot(proposal)) + 1)
            self._tell_day()
        choices = ((FOR, step.for_), (AGAINST, step.against), (ABSTAIN, step.abstain))
        ballots = [(n, support, votes) for support, given in choices for n, votes in (given or {}).items()]
        if step.how == "signed":
            self._cast_signed(proposal, ballots)
        elif step.how == "relayed":
            self._cast_relayed(proposal, ballots)
        else:
            for name, support, votes in ballots:
                self._send(name, self.commune.assembly, "castBallot", proposal, support, votes)
        for verb, given in (("For", step.for_), ("Against", step.against), ("Abstain", step.abstain)):
            if given:
                told = [n if v == 1 else f"{n} ({v} votes for {v * v - 1} credits)" for n, v in given.items()]
                self.narrator.fact(f"{verb}: {listed(told)}")

    def _cast_signed(self, proposal: int, ballots: list[tuple[str, int, int]]) -> None:
        signed = [
            (*ballot.values(), signature) for ballot, signature in self._signed_ballots(proposal, ballots)
        ]
        tx = self.commune.assembly.castBallots(signed, {"from": accounts[RELAYER]}, silent=True)
        if skipped := self._events(tx, "BallotSkipped"):
            raise self._broke(f"{len(skipped)} of {len(signed)} signed ballots were skipped")
        self.narrator.fact(
            f"{counted(len(signed), 'ballot')} signed at home and sent in one transaction by somebody else: "
            f"{tx.gas_used // len(signed):,} gas each, none of it the members'"
        )

    def _cast_relayed(self, proposal: int, ballots: list[tuple[str, int, int]]) -> None:
        if self._node is None or not self._node_relays:
            self._cast_signed(proposal, ballots)
            return
        posted = [
            ballot | {"proposalId": str(proposal), "signature": "0x" + signature.hex()}
            for ballot, signature in self._signed_ballots(proposal, ballots)
        ]
        transaction = nodes.relay_ballots(self._node, posted)
        gas = int(web3.eth.get_transaction_receipt(transaction)["gasUsed"])
        self.narrator.fact(
            f"{counted(len(posted), 'ballot')} signed at home and posted to the node, which sent them in "
            f"transaction {transaction} and paid {gas // len(posted):,} gas for each"
        )

    def _signed_ballots(
        self, proposal: int, ballots: list[tuple[str, int, int]]
    ) -> list[tuple[dict[str, int], bytes]]:
        found = []
        for name, support, votes in ballots:
            member = self._member(name)
            ballot = {"proposalId": proposal, "memberId": member, "support": support, "votes": votes}
            domain = (self.commune.assembly, "Dual Power Assembly")
            found.append((ballot, self._sign(name, *domain, "MemberBallot", MEMBER_BALLOT, ballot)))
        return found

    def _close(self, step: steps.Close) -> None:
        motion = self._motions[step.vote]
        proposal = self._id(motion)
        self._wait_until(int(self.commune.assembly.followEnd(proposal)) + 1)
        self._tell_day()
        terms, tally = self._terms(proposal), self._tally(proposal)
        passed = self._state(proposal) == SUCCEEDED
        self.narrator.fact(
            f"“{motion.title}” is {'passed' if passed else 'DEFEATED'}: {tally['forVotes']} votes For, "
            f"{tally['againstVotes']} Against, {tally['abstainVotes']} Abstain, given by "
            f"{counted(tally['heads'], 'member')} (quorum {terms['quorum']}), {tally['forHeads']} of them For"
        )
        if passed != (step.result == "passed"):
            raise self._broke(f"{step.vote!r} was to be {step.result}")

    def _queue(self, step: steps.Queue) -> None:
        motion = self._motions[step.vote]
        self._send(step.by, self.commune.assembly, "queue", *motion.actions, motion.description_hash)
        delay = int(self.commune.assembly.proposalEta(self._id(motion))) - self._now()
        self.narrator.fact(f"{step.by} queues it: the timelock holds it for {days(delay)}, for all to see")

    def _execute(self, step: steps.Execute) -> None:
        motion = self._motions[step.vote]
        self._wait_until(int(self.commune.assembly.proposalEta(self._id(motion))))
        self._tell_day()
        tx = self._send(step.by, self.commune.assembly, "execute", *motion.actions, motion.description_hash)
        self.narrator.fact(f"{step.by} has it carried out: {'; '.join(motion.moves)}")
        for name, number in list(self._moving_to.items()):
            if self.commune.membership.memberIdOf(accounts[number]):
                self._moved(name)
        self._opened_institutions(tx)
        self._opened_work(tx)
        for opened in self._events(tx, "PollOpened"):
            self._poll_opened(int(opened["pollId"]))
        for penalty in self._events(tx, "Penalised"):
            voucher = self._name_of(int(penalty["memberId"]))
            self.narrator.fact(f"{voucher} had vouched for them and loses {points(penalty['amount'])} points")

    # ------------------------------------------------------------------------------------------ polls

    def _register(self, step: steps.Register) -> None:
        for name in step.who:
            self._send(name, self.commune.group, "register", *self._prover.identity(name))
        self.narrator.fact(
            f"{listed(step.who)} list the public keys of identities that they made at home: the group has "
            f"{self.commune.group.listed()} now"
        )

    def _poll_opened(self, poll_id: int) -> None:
        poll = self._poll(poll_id)
        [name] = [
            name
            for name, asked in self._asked.items()
            if int(communes.text_hash(compose(asked.question, asked.options)), 16)
            == int(str(poll["text"]), 16)
        ]
        self._polls[name] = poll_id
        who = f"whoever of {self.commune.group.listed()} is in the group" if poll["secret"] else "all members"
        credits = f", each ballot having {poll['credits']} credits" if poll["secret"] else ""
        self.narrator.fact(
            f"poll {poll_id} is open for {days(poll['votingEnd'] - self._now())}, to {who}{credits}: "
            f"“{self._asked[name].question}” {', '.join(self._asked[name].options)}"
        )

    def _cast_in_poll(self, step: steps.CastInPoll) -> None:
        options, poll_id = self._asked[step.poll].options, self._polls[step.poll]
        words = {
            name: word_of({options.index(option): given for option, given in votes.items()}, len(options))
            for name, votes in step.ballots.items()
        }
        if self._asked[step.poll].secret:
            self._cast_in_secret(poll_id, words)
            return
        for name, word in words.items():
            self._send(name, self.commune.polls, "cast", poll_id, word)
        self.narrator.fact(f"{listed(words)} vote by name")

    def _cast_in_secret(self, poll_id: int, words: dict[str, int]) -> None:
        started, group, polls = time.monotonic(), self.commune.group, self.commune.polls
        poll = self._poll(poll_id)
        leaves = [int(group.leafAt(index)) for index in range(group.size())]
        # The tree is filled up with empty leaves.
        leaves += [0] * ((1 << poll["depth"]) - len(leaves))
        proofs = {
            name: self._prover.ballot(
                name, web3.eth.chain_id, polls.address, poll_id, poll["depth"], leaves, word
            )
            for name, word in words.items()
        }
        each = (time.monotonic() - started) / len(words)
        if self._node is not None and self._node_relays:
            transactions = nodes.relay_secret_ballots(
                self._node,
                [
                    {"pollId": poll_id, "ballot": str(words[name]), "proof": proof}
                    for name, proof in proofs.items()
                ],
            )
            many = counted(len(transactions), "transaction")
            sender = f"handed to the node one by one, which sent them in {many} and paid"
            gas = sum(int(web3.eth.get_transaction_receipt(tx)["gasUsed"]) for tx in transactions)
        else:
            cast = [
                (poll_id, int(proof["nullifier"]), words[name], [int(point) for point in proof["points"]])
                for name, proof in proofs.items()
            ]
            tx = polls.castSecretBatch(cast, {"from": accounts[RELAYER]}, silent=True)
            if refused := self._events(tx, "SecretBallotRefused"):
                raise self._broke(f"{len(refused)} of {len(cast)} secret ballots were refused")
            sender, gas = "sent together by somebody else", tx.gas_used
        self.narrator.fact(
            f"{counted(len(words), 'ballot')} proved at home in {each:.1f} s each, and {sender}: "
            f"{gas // len(words):,} gas each. Each is some member's, and the chain does not say whose"
        )

    def _close_poll(self, step: steps.ClosePoll) -> None:
        poll_id, asked = self._polls[step.poll], self._asked[step.poll]
        self._wait_until(int(self._poll(poll_id)["votingEnd"]) + 1)
        self._tell_day()
        tally = dict(zip(asked.options, map(int, self.commune.polls.tally(poll_id)), strict=True))
        ballots, quorum = self.commune.polls.ballotCount(poll_id), self._poll(poll_id)["quorum"]
        self.narrator.fact(
            f"“{asked.question}” "
            + ", ".join(f"{option}: {votes}" for option, votes in sorted(tally.items(), key=lambda o: -o[1]))
            + f"; {counted(ballots, 'ballot')} (quorum {quorum})"
        )
        ahead = max(tally, key=lambda option: tally[option])
        if ahead != step.ahead:
            raise self._broke(f"{step.ahead!r} was to be ahead, and {ahead!r} is")

    def _poll(self, poll_id: int) -> dict[str, Any]:
        return dict(self.commune.polls.poll(poll_id).dict())

    # ------------------------------------------------------------------------------------------ presence

    def _notice(self, step: steps.Notice) -> None:
        member = self._member(step.whom)
        silence = days(self._now() - int(self.commune.presence.lastSign(member)))
        self._send(step.by, self.commune.presence, "giveNotice", member)
        self.narrator.fact(f"{step.by} gives notice: no sign of life of {step.whom} for {silence}")

    def _mark_dormant(self, step: steps.MarkDormant) -> None:
        member = self._member(step.whom)
        self._wait_until(int(self.commune.presence.noticeAt(member)) + self._parameter("presence.notice"))
        self._tell_day()
        self._send(step.by, self.commune.presence, "markDormant", member)
        self.narrator.fact(f"{step.whom} is dormant: still a member, without a voice until they are back")

    def _check_in(self, step: steps.CheckIn) -> None:
        member, attester = self._member(step.who), self._member(step.attester)
        attestation = {
            "memberId": member,
            "attester": attester,
            "checkIn": int(self.commune.presence.checkInCount(member)),
            "deadline": self._now() + SIGNATURE_LIFE,
        }
        signature = self._sign(
            step.attester,
            self.commune.presence,
            "Dual Power Presence",
            "Attestation",
            ATTESTATION,
            attestation,
        )
        self._send(step.who, self.commune.presence, "checkIn", attester, attestation["deadline"], signature)
        season = self.commune.constitution.currentSeason()
        budget = self.commune.credits.budgetOf(member, season)
        self.narrator.fact(
            f"{step.who} checks in; {step.attester} signed that they live. For the rest of the season "
            f"{step.who} has {budget} voice credits"
        )

    # ------------------------------------------------------------------------------------------ recovery

    def _guardians(self, step: steps.Guardians) -> None:
        guardians = [self._member(name) for name in step.who]
        self._send(step.of, self.commune.recovery, "setGuardians", guardians, step.threshold)
        self.narrator.fact(
            f"{step.of} names {listed(step.who)} as guardians: any {step.threshold} of them can move the "
            "membership to a new account. It takes effect in "
            f"{days(self._parameter('recovery.guardianDelay'))}"
        )

    def _support(self, step: steps.Support) -> None:
        member, account = self._member(step.whom), self._new_account(step.whom)
        for name in step.by:
            self._send(name, self.commune.recovery, "support", member, account)
        executable_at = int(self.commune.recovery.requestOf(member)[2])
        then = f"; in {days(executable_at - self._now())} it can be completed" if executable_at else ""
        self.narrator.fact(f"{listed(step.by)} support the move to {step.whom}'s new account {account}{then}")

    def _recover(self, step: steps.Recover) -> None:
        member = self._member(step.whom)
        self._wait_until(int(self.commune.recovery.requestOf(member)[2]))
        self._tell_day()
        self._send(step.by, self.commune.recovery, "recover", member)
        self._moved(step.whom)

    def _new_account(self, name: str) -> str:
        """The account a member is moving to: one that nobody has used."""
        if name not in self._moving_to:
            if self._next_index >= len(accounts):
                raise self._broke(f"the chain's {len(accounts)} accounts are all taken")
            self._moving_to[name] = self._next_index
            self._next_index += 1
        return str(accounts[self._moving_to[name]].address)

    def _moved(self, name: str) -> None:
        self._index[name] = self._moving_to.pop(name)
        self.narrator.fact(f"{name} is member {self._member(name)} as before, from the new account")

    # ------------------------------------------------------------------------------------------ parting

    def _hearing(self, step: steps.Hearing) -> None:
        first, second = step.by
        docket, member = self.commune.docket, self._member(step.on)
        [requested] = self._events(
            self._send(first, docket, "requestHearing", member, self._hash(step.grounds)), "HearingRequested"
        )
        self._send(second, docket, "joinHearing", requested["hearingId"])
        self.narrator.fact(f"{first} and {second} open a hearing on {step.on}: “{step.grounds}”")

    def _open_expulsion(self, step: steps.OpenExpulsion) -> None:
        docket, member = self.commune.docket, self._member(step.on)
        hearing = docket.hearingOf(member)
        self._wait_until(int(docket.hearing(hearing)[4]) + self._parameter("hearing.length"))
        self._tell_day()
        self._settle()
        tx = self._send(step.by, docket, "openExpulsion", hearing)
        self._remember_opened(step.vote, f"the expulsion of {step.on}", tx)

    def _leave(self, step: steps.Leave) -> None:
        self._send(step.who, self.commune.membership, "leave")
        self.narrator.fact(f"{step.who} has left; number and history stay theirs if they come back")

    def _show(self, step: steps.Show) -> None:
        season = self.commune.constitution.currentSeason()
        for name in step.who:
            member = self._member(name)
            left = self.commune.credits.creditsLeft(member, season)
            budget = self.commune.credits.budgetOf(member, season)
            score = points(self.commune.reputation.totalScore(member))
            self.narrator.fact(f"{name}: {left} of {budget} voice credits, {score} points of reputation")

    # ------------------------------------------------------------------------------------------ what is so

    def _id(self, motion: Motion) -> int:
        return int(self.commune.assembly.getProposalId(*motion.actions, motion.description_hash))

    def _state(self, proposal: int) -> int:
        return int(self.commune.assembly.state(proposal))

    def _terms(self, proposal: int) -> dict[str, int]:
        return dict(self.commune.assembly.termsOf(proposal).dict())

    def _tally(self, proposal: int) -> dict[str, int]:
        return dict(self.commune.assembly.tallyOf(proposal).dict())

    def _parameter(self, name: str) -> int:
        return int(self.commune.constitution.parameter(communes.bytes32(name))[0])

    def _name_of(self, member: int) -> str:
        account = self.commune.membership.accountOf(member)
        return next(n for n, index in self._index.items() if accounts[index] == account)

    def _remember_opened(self, vote: str, title: str, tx: Any) -> None:
        """Keep a vote that a module opened in `tx`, to vote on and execute it."""
        [created] = self._events(tx, "ProposalCreated")
        self._motions[vote] = Motion(
            title=title,
            author=None,
            topic=0,
            targets=list(created["targets"]),
            values=list(created["values"]),
            calldatas=list(created["calldatas"]),
            description=created["description"],
            moves=[title],
        )
        self._tell_terms(self._motions[vote])

    def _tell_terms(self, motion: Motion) -> None:
        proposal = self._id(motion)
        terms, assembly = self._terms(proposal), self.commune.assembly
        kind = KINDS[terms["kind"]]
        begin, end = int(assembly.proposalSnapshot(proposal)), int(assembly.proposalDeadline(proposal))
        start = (
            f"voting begins in {days(begin - self._now())} and lasts"
            if begin > self._now()
            else "voting lasts"
        )
        more = f", {terms['forHeads']} of them For" if terms["forHeads"] else ""
        self.narrator.fact(
            f"“{motion.title}” is open under the {kind} rule: {start} {days(end - begin)}; it takes "
            f"{approval(terms['approvalPpm'])} of the votes and {terms['quorum']} members "
            f"voting{more}"
        )

    def _broke(self, message: str) -> StoryBroke:
        verb = next(v for v, kind in steps.STEPS.items() if kind is type(self._step))
        return StoryBroke(f"{self.scenario.path}:{self._step.line}: step `{verb}`: {message}")

    _handlers: ClassVar[dict[type, Callable[[Play, Any], None]]] = {
        **Institutions._institutions,
        **Work._working,
        **Conflicts._conflicts,
        steps.Tell: _tell,
        steps.Wait: _wait,
        steps.Apply: _apply,
        steps.Vouch: _vouch,
        steps.Object: _object,
        steps.Admit: _admit,
        steps.Draft: _draft,
        steps.Sponsor: _sponsor,
        steps.Propose: _propose,
        steps.Cast: _cast,
        steps.Close: _close,
        steps.Queue: _queue,
        steps.Execute: _execute,
        steps.Register: _register,
        steps.CastInPoll: _cast_in_poll,
        steps.ClosePoll: _close_poll,
        steps.Notice: _notice,
        steps.MarkDormant: _mark_dormant,
        steps.CheckIn: _check_in,
        steps.Guardians: _guardians,
        steps.Support: _support,
        steps.Recover: _recover,
        steps.Hearing: _hearing,
        steps.OpenExpulsion: _open_expulsion,
        steps.Leave: _leave,
        steps.Show: _show,
    }


MEMBER_STATUS = ("none", "active", "dormant", "left", "expelled")
DOMAIN = {"name": "string", "version": "string", "chainId": "uint256", "verifyingContract": "address"}
FORWARD_REQUEST = {
    "from": "address",
    "to": "address",
    "gas": "uint256",
    "nonce": "uint256",
    "deadline": "uint48",
    "data": "bytes",
}
MEMBER_BALLOT = {"proposalId": "uint256", "memberId": "uint32", "support": "uint8", "votes": "uint8"}
ATTESTATION = {"memberId": "uint32", "attester": "uint32", "checkIn": "uint32", "deadline": "uint48"}
LINKS = (
    ("/", "the page for members"),
    ("/openapi.json", "what the API can be asked"),
    ("/v1/commune", "what the commune is and how it decides"),
    ("/v1/members", "who belongs to it"),
    ("/v1/proposals", "what was and is being decided"),
    ("/v1/polls", "what was and is being asked"),
    ("/v1/offices", "who does what for the others, and until when"),
    ("/v1/board", "what is to be done, and who does it"),
    ("/v1/cases", "conflicts, and what became of them"),
    ("/v1/commons", "the common money, and every movement of it"),
    ("/v1/activity", "everything that happened, newest first"),
    ("/v1/stream", "what happens, as it happens"),
)
