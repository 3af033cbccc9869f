"""Whether something handed in may be paid for.

What the database can say comes first, since it costs nothing, and speaks with the contracts' own errors.
Then whose signature it is, then how much that member has asked for lately, and at last the chain, which is
asked to do the very thing without writing it down. A secret ballot has a proof in the signature's place, and
its nullifier in the member's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak

from backend.chain import Rpc
from backend.chain.errors import RpcError
from backend.chain.rpc import Call
from backend.decode import Calls, Refusal
from backend.deployment import MODULES, Deployment, abi
from backend.polls import BallotInvalid, cost_of, votes_of
from backend.project.assembly import Ballot as CastBallot
from backend.project.assembly import Proposal
from backend.project.forwarder import Nonce
from backend.project.polls import POLL_STATES, SECRET_BALLOT_PROBLEMS, Poll
from backend.project.polls import SecretBallot as CastSecretBallot
from backend.proofs.purpose import poll_scope
from backend.read import Moment, assembly, credits, membership, polls
from backend.relay.pace import Allowance
from backend.relay.secret import SECRET_BALLOT_TYPE, Reveal, SecretBallot
from backend.relay.signed import (
    BALLOT_TYPE,
    REQUEST_TYPE,
    Ballot,
    Request,
    domain_separator,
    signer_of,
)
from backend.relay.upkeep import Upkeep
from zk import Registration, Signature, ZkError, seal_of

# Gas of one ballot beside what a contract wallet takes; the dearest is about 180,000.
BALLOT_GAS = 250_000
REQUEST_OVERHEAD = 120_000
REQUEST_GAS_LIMIT = 5_000_000
WALLET_GAS = 110_000
# The check of a proof, and the one slot that each ballot writes; a tally's slots (eight options each) come on
# top, as if each were new.
SECRET_BALLOT_GAS = 420_000
REVEAL_GAS = 110_000
TALLY_SLOT_GAS = 23_000
# What the chain may use to try one item.
TRIAL_GAS = 8_000_000
# How much time a request must have left when it is handed in, seconds.
LEAST_TIME = 5

# What members may have forwarded. Anything else of a module is a power, or a read.
FUNCTIONS = {
    "admission": ("applyToJoin", "withdraw", "vouch", "object", "admit"),
    "assembly": (
        "propose",
        "castBallot",
        "castVote",
        "castVoteWithReason",
        "castVoteWithReasonAndParams",
        "queue",
        "execute",
        "cancel",
    ),
    "group": ("register",),
    "polls": ("cast",),
    "delegation": ("delegate", "revoke"),
    "offices": ("exercise", "resign", "vacate", "claimStipend"),
    "elections": ("open", "stand", "withdraw", "start", "fill"),
    "recall": ("petition", "sign"),
    "mediation": (
        *("open", "challenge", "giveEvidence", "seatMediator", "accept", "decline", "moveOn"),
        *("propose", "sign", "withdraw"),
    ),
    "panels": ("convene", "seat", "commit", "reveal", "count", "appeal", "carryOut"),
    "assignments": ("volunteer", "withdraw", "select", "heartbeat", "reopen", "payStipend"),
    "series": ("openOccurrence",),
    "reviews": ("deliver", "seatReviewers", "review", "redraw", "abandon", "confirmShift"),
    "penalties": ("appeal", "carryOut"),
    "docket": ("sponsor", "requestHearing", "joinHearing", "openExpulsion"),
    "membership": ("leave",),
    "presence": ("checkIn", "giveNotice", "markDormant"),
    "consent": ("open", "respond", "execute", "escalate"),
    "commons": ("payFromPurse", "recordIncome"),
    "recovery": ("setGuardians", "support", "veto", "recover"),
}
# Those that people may have forwarded who are no members (yet), or no longer: a case goes on without a party,
# and what somebody lost stays theirs to appeal.
FOR_ANYONE = {
    *(("admission", "applyToJoin"), ("admission", "withdraw")),
    *(("mediation", function) for function in ("giveEvidence", "accept", "decline", "sign")),
    ("panels", "appeal"),
    ("penalties", "appeal"),
}


@dataclass(frozen=True)
class Refused:
    """`kind` names the reason for machines; `retry_after` in seconds, where time is all it takes."""

    refusal: Refusal
    retry_after: float | None = None


@dataclass(frozen=True)
class Accepted:
    gas: int


Verdict = Accepted | Refused
Handed = Ballot | Request | SecretBallot | Reveal
# What the chain is asked about and sent: also what nobody handed in.
Sendable = Handed | Upkeep


def refused(error: str, **arguments: Any) -> Refused:
    return Refused(Refusal(error, arguments))


def _word(octets: bytes, place: int) -> int:
    """0 where there is none."""
    return int.from_bytes(octets[32 * place : 32 * place + 32], "big")


def selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


CAST_BALLOT = selector(f"castBallotBySig({BALLOT_TYPE})")
CAST_BALLOTS = selector(f"castBallots({BALLOT_TYPE}[])")
EXECUTE = selector(f"execute({REQUEST_TYPE},bytes)")
EXECUTE_BATCH = selector(f"executeBatch({REQUEST_TYPE}[],bytes[])")
CAST_SECRET = selector(f"castSecret({SECRET_BALLOT_TYPE})")
CAST_SECRET_BATCH = selector(f"castSecretBatch({SECRET_BALLOT_TYPE}[])")
REVEAL = selector("reveal(uint32,uint256,uint256,bytes32)")


@dataclass
class Checks:
    rpc: Rpc
    deployment: Deployment
    calls: Calls
    sender: str
    per_minute: int
    secret_per_minute: int
    _members: Allowance = field(init=False)
    _strangers: Allowance = field(init=False)
    _nullifiers: Allowance = field(init=False)
    _secrets: Allowance = field(init=False)

    def __post_init__(self) -> None:
        self._members = Allowance(self.per_minute)
        # Contract wallets' signatures cost a question to the chain before anyone is known to have asked.
        self._strangers = Allowance(10 * self.per_minute)
        self._nullifiers = Allowance(self.per_minute)
        self._secrets = Allowance(self.secret_per_minute)
        chain_id = self.deployment.chain_id
        addresses = self.deployment.addresses
        self.assembly = addresses[MODULES["assembly"]]
        self.forwarder = addresses[MODULES["forwarder"]]
        self.polls = addresses.get(MODULES["polls"], bytes(20))
        self._ballots = domain_separator("Dual Power Assembly", chain_id, self.assembly)
        self._requests = domain_separator("Dual Power Forwarder", chain_id, self.forwarder)
        self._allowed = {
            (addresses[MODULES[module]], selector_of(MODULES[module], function)): (module, function)
            for module, functions in FUNCTIONS.items()
            if MODULES[module] in addresses
            for function in functions
        }

    # What the database says

    def ballot_refused(self, moment: Moment, ballot: Ballot) -> Refused | None:
        proposal_id, member_id, support, votes, _ = ballot.values
        proposal = moment.row(Proposal, proposal_id)
        if proposal is None:
            return refused("GovernorNonexistentProposal", proposalId=str(proposal_id))
        state = assembly.state_of(moment, proposal_id)
        if state not in ("Pending", "Active"):
            return refused("RelayVotingIsOver", proposalId=str(proposal_id), state=state)
        who = membership.member(moment, member_id)
        if who is None or not membership.may_vote(moment, who, proposal.electorate_at):
            return refused("AssemblyNotInElectorate", proposalId=str(proposal_id), memberId=member_id)
        if moment.row(CastBallot, proposal_id, member_id) is not None:
            return refused("AssemblyAlreadyVoted", proposalId=str(proposal_id), memberId=member_id)
        most = 31 if proposal.rule == "Ordinary" else 1
        if support > 2:
            return refused("AssemblyUnknownSupport", support=support)
        if not 1 <= votes <= most:
            return refused("AssemblyVotesOutOfRange", votes=votes, maximum=most)
        cost = votes * votes - 1 if proposal.rule == "Ordinary" else 0
        budget = credits.budget_of(moment, who, proposal.season)
        left = (budget.budget or 0) - budget.spent
        if cost > left:
            return refused(
                "VoiceCreditsExceeded", memberId=member_id, season=proposal.season, cost=cost, left=left
            )
        return None

    def request_refused(self, moment: Moment, request: Request, now: int) -> Refused | None:
        """`now`: the later of the block's timestamp and the clock."""
        action = self._allowed.get((request.to, request.data[:4]))
        if action is None:
            return refused(
                "RelayFunctionNotAllowed",
                to=f"0x{request.to.hex()}",
                selector=f"0x{request.data[:4].hex()}",
            )
        if request.gas > REQUEST_GAS_LIMIT:
            return refused("RelayTooMuchGas", gas=request.gas, limit=REQUEST_GAS_LIMIT)
        if request.deadline < now + LEAST_TIME:
            return refused("ForwarderExpired", deadline=request.deadline)
        nonce = int.from_bytes(request.nonce, "big")
        if moment.row(Nonce, request.from_account, nonce) is not None:
            account = f"0x{request.from_account.hex()}"
            return refused("ForwarderNonceUsed", **{"from": account}, nonce=str(nonce))
        if action not in FOR_ANYONE:
            member_id = membership.member_id_of(moment, request.from_account)
            who = membership.member(moment, member_id) if member_id is not None else None
            if who is None or who.status not in ("Active", "Dormant"):
                return refused("MembershipNotMember", account=f"0x{request.from_account.hex()}")
        return None

    def secret_ballot_refused(self, moment: Moment, given: SecretBallot) -> Refused | None:
        poll_id, nullifier, ballot, _ = given.values
        poll = moment.row(Poll, poll_id)
        if poll is None:
            return refused("PollsUnknown", pollId=poll_id)
        if (state := polls.state_of(moment, poll)) != "Voting":
            return refused("PollsNotVoting", pollId=poll_id, state=POLL_STATES.index(state))
        if not poll.secret:
            return _secret_refused(poll_id, nullifier, "NotSecret")
        if moment.row(CastSecretBallot, poll_id, nullifier) is not None:
            return _secret_refused(poll_id, nullifier, "NullifierUsed")
        if poll.hidden:
            # 0 and 1 mark other things in the contract's storage.
            return None if ballot > 1 else _secret_refused(poll_id, nullifier, "BallotInvalid")
        return _ballot_invalid(poll, ballot)

    def reveal_refused(self, moment: Moment, given: Reveal) -> Refused | None:
        poll_id, nullifier, ballot, salt = given.values
        poll = moment.row(Poll, poll_id)
        if poll is None:
            return refused("PollsUnknown", pollId=poll_id)
        if (state := polls.state_of(moment, poll)) != "Revealing":
            return refused("PollsNotRevealing", pollId=poll_id, state=POLL_STATES.index(state))
        cast = moment.row(CastSecretBallot, poll_id, nullifier)
        if cast is not None and cast.ballot is not None:
            return refused("PollsAlreadyRevealed", pollId=poll_id, nullifier=str(nullifier))
        if cast is None or cast.seal != seal_of(
            poll_scope(self.deployment, poll_id), nullifier, ballot, salt
        ):
            return refused("PollsWrongOpening", pollId=poll_id, nullifier=str(nullifier))
        return _ballot_invalid(poll, ballot)

    def registers_key(self, request: Request) -> bool:
        return self._allowed.get((request.to, request.data[:4])) == ("group", "register")

    def key_refused(self, moment: Moment, request: Request) -> Refused | None:
        """Whether a member registers a key that is not theirs: once registered, it would be nobody else's."""
        member_id = membership.member_id_of(moment, request.from_account) or 0
        words = [_word(request.data[4:], place) for place in range(2)]
        group = int.from_bytes(request.to, "big")
        try:
            signature = Signature.from_bytes(request.possession)
            Registration(self.deployment.chain_id, group, member_id).check((words[0], words[1]), signature)
        except ZkError as error:
            return refused("RelayPossessionUnproven", memberId=member_id, reason=str(error))
        return None

    # Whose it is, and how much they ask for

    def nullifier_wait(self, given: SecretBallot | Reveal) -> Refused | None:
        """How often one nullifier may have the same checked. Nobody knows another's before it is on the
        chain."""
        wait = self._nullifiers.take((given.poll_id, given.nullifier))
        return None if wait is None else Refused(Refusal("RelayRateLimited", {"pollId": given.poll_id}), wait)

    def secrets_wait(self) -> Refused | None:
        """How many secret ballots and openings are paid for, whosever they are."""
        wait = self._secrets.take("all")
        return None if wait is None else Refused(Refusal("RelayRateLimited", {}), wait)

    def secret_gas(self, moment: Moment, given: SecretBallot | Reveal) -> int:
        poll = moment.row(Poll, given.poll_id)
        slots = -(-poll.options // 8) if poll else 0
        own = SECRET_BALLOT_GAS if isinstance(given, SecretBallot) else REVEAL_GAS
        return own + slots * TALLY_SLOT_GAS

    async def signed(
        self, digest: bytes, signature: bytes, account: bytes
    ) -> tuple[bool, bool, float | None]:
        """Whether `account` may have signed, whether it is a contract, and the seconds to wait if anyone
        has to."""
        if signer_of(digest, signature) == account:
            return True, False, self._members.take(account)
        if wait := self._strangers.take("contract wallets"):
            return True, False, wait
        code = await self.rpc.call("eth_getCode", f"0x{account.hex()}", "latest", result=str)
        if code in ("0x", "0x0"):
            return False, False, None
        return True, True, None

    async def ballot_signed(self, ballot: Ballot, account: bytes) -> Verdict:
        good, wallet, wait = await self.signed(ballot.digest(self._ballots), ballot.signature, account)
        if wait is not None:
            return Refused(Refusal("RelayRateLimited", {"memberId": ballot.member_id}), wait)
        if not good:
            proposal = str(int.from_bytes(ballot.proposal_id, "big"))
            return refused("AssemblyBadSignature", proposalId=proposal, memberId=ballot.member_id)
        return Accepted(BALLOT_GAS + (WALLET_GAS * 64 // 63 if wallet else 0))

    async def request_signed(self, request: Request) -> Verdict:
        account = request.from_account
        good, wallet, wait = await self.signed(request.digest(self._requests), request.signature, account)
        if wait is not None:
            return Refused(Refusal("RelayRateLimited", {"account": f"0x{account.hex()}"}), wait)
        if not good:
            return refused("ForwarderBadSignature", **{"from": f"0x{account.hex()}"})
        wallet_gas = WALLET_GAS if wallet else 0
        own = (request.gas + wallet_gas + 30_000) * 64 // 63
        return Accepted(own + REQUEST_OVERHEAD + 16 * len(request.data))

    # What the chain says

    async def tried(self, items: Sequence[Sendable]) -> list[Refused | None]:
        """What would come of each now, by itself."""
        if not items:
            return []
        calls: list[Call[str]] = [Call("eth_call", (self._trial(item), "pending"), str) for item in items]
        return [self._told(answer) for answer in await self.rpc.each(calls)]

    def _told(self, answer: str | RpcError) -> Refused | None:
        if not isinstance(answer, RpcError):
            return None
        if answer.data is None and "revert" not in answer.message.lower():
            raise answer
        return Refused(named(self.calls.refusal(answer.data or b"")))

    def _trial(self, item: Sendable) -> dict[str, str]:
        if isinstance(item, Ballot):
            to, data = self.assembly, CAST_BALLOT + encode([BALLOT_TYPE], [item.values])
        elif isinstance(item, SecretBallot):
            to, data = self.polls, CAST_SECRET + encode([SECRET_BALLOT_TYPE], [item.values])
        elif isinstance(item, Reveal):
            to, data = self.polls, REVEAL + item.calldata
        elif isinstance(item, Upkeep):
            return item.call(self.sender)
        else:
            to = self.forwarder
            data = EXECUTE + encode([REQUEST_TYPE, "bytes"], [item.values, item.signature])
        return {
            "from": self.sender,
            "to": f"0x{to.hex()}",
            "data": f"0x{data.hex()}",
            "gas": hex(TRIAL_GAS),
        }

    def batch_call(self, kind: str, items: Sequence[Sendable]) -> tuple[bytes, bytes]:
        """(contract, calldata) of a batch; openings and upkeep go one by one."""
        if kind == "ballots":
            cast = [item.values for item in items if isinstance(item, Ballot)]
            return self.assembly, CAST_BALLOTS + encode([f"{BALLOT_TYPE}[]"], [cast])
        if kind == "secret-ballots":
            ballots = [item.values for item in items if isinstance(item, SecretBallot)]
            return self.polls, CAST_SECRET_BATCH + encode([f"{SECRET_BALLOT_TYPE}[]"], [ballots])
        if kind == "reveals":
            (opening,) = (item for item in items if isinstance(item, Reveal))
            return self.polls, REVEAL + opening.calldata
        if kind == "upkeep":
            (work,) = (item for item in items if isinstance(item, Upkeep))
            return work.to, work.data
        requests = [item for item in items if isinstance(item, Request)]
        values, signatures = [item.values for item in requests], [item.signature for item in requests]
        return self.forwarder, EXECUTE_BATCH + encode([f"{REQUEST_TYPE}[]", "bytes[]"], [values, signatures])


def named(refusal: Refusal) -> Refusal:
    """With the problem of a secret ballot by its name."""
    problem = refusal.arguments.get("problem")
    if refusal.error != "PollsSecretBallotRefused" or not isinstance(problem, int):
        return refusal
    return Refusal(refusal.error, refusal.arguments | {"problem": SECRET_BALLOT_PROBLEMS[problem]})


def secret_refusal(poll_id: int, nullifier: int, problem: str) -> Refusal:
    arguments = {"pollId": poll_id, "nullifier": str(nullifier), "problem": problem}
    return Refusal("PollsSecretBallotRefused", arguments)


def _secret_refused(poll_id: int, nullifier: int, problem: str) -> Refused:
    return Refused(secret_refusal(poll_id, nullifier, problem))


def _ballot_invalid(poll: Poll, ballot: int) -> Refused | None:
    try:
        cost = cost_of(votes_of(ballot, poll.options))
    except BallotInvalid:
        return refused("PollsBadBallot", pollId=poll.poll_id, ballot=str(ballot))
    if cost > poll.credits:
        return refused("PollsOverBudget", pollId=poll.poll_id, cost=cost, credits=poll.credits)
    return None


def selector_of(contract: str, function: str) -> bytes:
    """Of a function that has one overload."""
    return selector(f"{function}({','.join(_types_of(contract, function))})")


def calldata_of(contract: str, function: str, arguments: Sequence[Any]) -> bytes:
    """A call of a function that has one overload."""
    return selector_of(contract, function) + encode(_types_of(contract, function), arguments)


def _types_of(contract: str, function: str) -> list[str]:
    from backend.decode.abi import inputs_of

    (entry,) = (e for e in abi(contract) if e["type"] == "function" and e["name"] == function)
    return [argument.type for argument in inputs_of(contract, entry["inputs"])]
