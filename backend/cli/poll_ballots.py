"""`dualpower poll vote` and `reveal`: ballots in polls, by name or in secret.

A secret ballot needs no account and uses none: a proof shows that it is a member's, and a relay sends it.
What is about to be sent is written down first, so that whoever is interrupted gives the same command again
and neither loses a ballot nor casts two.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backend.cli import openings, proofs, relay, show, texts
from backend.cli.acting import Acting, Actor, Done
from backend.cli.api import Node
from backend.cli.command import options
from backend.cli.contracts import Contracts
from backend.cli.errors import Misused, Refused
from backend.cli.identities import Identified, unlocked
from backend.cli.openings import Opening
from backend.cli.refusals import sentence
from backend.decode import Refusal
from backend.polls import MOST_OPTIONS, MOST_VOTES, cost_of, parse, votes_of, word_of
from backend.project.polls import POLL_STATES

if TYPE_CHECKING:
    from zk import Identity

__all__ = [
    "MOST_OPTIONS",
    "Choice",
    "PollId",
    "Sending",
    "chosen",
    "note_doubt",
    "poll_at",
    "prepared",
    "reveal",
    "scope_of",
    "vote",
]

PollId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="POLL", help="Its number.")]
Given = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[OPTION=VOTES]...",
        help=f"An option's number or name, and 1 to {MOST_VOTES} votes: n votes on one cost n x n credits.",
    ),
]
Blank = Annotated[bool, typer.Option("--blank", help="Give no votes; the ballot counts for the quorum.")]
Instead = Annotated[
    bool,
    typer.Option(
        "--instead",
        help="Prepare another secret ballot beside one that may be on its way: the first to arrive counts.",
    ),
]


@options
class Sending(Acting, Identified):
    """What a command that casts takes; a secret ballot uses no account unless it is told to."""

    by_account: Annotated[
        bool,
        typer.Option(
            "--by-account",
            help="Send a secret ballot by your own account, which everyone then sees beside it.",
        ),
    ] = False


@dataclass(frozen=True)
class Choice:
    """Votes by option, counted from 0, and the ballot that says so."""

    votes: Mapping[int, int]
    word: int

    @property
    def cost(self) -> int:
        return cost_of(list(self.votes.values()))


def chosen(poll: Mapping[str, Any], given: list[str], *, blank: bool) -> Choice:
    """The ballot that `OPTION=VOTES` words ask for. Raises `Misused`."""
    if blank and given:
        raise Misused("a blank ballot gives no votes: leave out the options, or --blank")
    if not blank and not given:
        raise Misused("say what you vote for, as in 2=3 for three votes on option 2; or --blank")
    votes: dict[int, int] = {}
    for word in given:
        name, equals, number = word.rpartition("=")
        if not equals or not re.fullmatch(r"[0-9]+", number):
            raise Misused(f"a choice is an option and its votes, as in 2=3; got {word!r}")
        option = _option(poll, name)
        if option in votes:
            raise Misused(f"option {option + 1} is given twice")
        if not 1 <= int(number) <= MOST_VOTES:
            raise Misused(f"an option takes 1 to {MOST_VOTES} votes; got {word!r}")
        votes[option] = int(number)
    return Choice(votes, word_of(votes, poll["options"]))


def poll_at(node: Node, number: int) -> dict[str, Any]:
    """A poll as a node serves it; its options have the names of the text that the chain named by its hash.

    Raises `Refused` where the node gives another text: whoever names options could turn a ballot around.
    """
    found: dict[str, Any] = node.data(f"/v1/polls/{number}")
    text = found["text"]
    if text is not None and f"0x{texts.hash_of(text).hex()}" != found["textHash"]:
        raise Refused(
            f"{node.url} gives another text than {found['textHash']} for poll {number}: use another node"
        )
    names = parse(text).options if text is not None else ()
    for sums in found["tally"]:
        sums["name"] = names[sums["option"]] if len(names) == found["options"] else None
    return found


def note_doubt(rpc: str, contracts: Contracts, poll: Mapping[str, Any], *, as_json: bool) -> bool:
    """Says, beside the answer, where it is only the node's word what a poll froze; whether it is."""
    unasked = proofs.doubt(rpc, contracts, poll)
    if unasked is not None:
        show.note(
            f"what poll {poll['pollId']} froze is the node's word, since no chain was asked ({unasked})",
            as_json=as_json,
        )
    return unasked is not None


def vote(
    sending: Sending, poll: PollId, given: Given = None, blank: Blank = False, instead: Instead = False
) -> None:
    """Cast your ballot in a poll. It is final."""
    with Node(sending.node) as node:
        found = poll_at(node, poll)
        choice = chosen(found, given or [], blank=blank)
        if found["state"] != "Voting":
            raise Refused(f"voting in poll {poll} ended on {show.when(found['votingEnd'])}")
        contracts = Contracts.of_node(node.data("/v1/node"))
        # A node that passed a secret poll off as an open one would be told who votes for what.
        note_doubt(sending.rpc, contracts, found, as_json=sending.as_json)
        if found["secret"]:
            _vote_in_secret(sending, node, contracts, found, choice, instead=instead)
        else:
            _vote_by_name(sending, node, found, choice)


def reveal(sending: Sending, poll: PollId) -> None:
    """Reveal the sealed ballot that you cast from this machine, so that it counts, once voting has ended."""
    with Node(sending.node) as node:
        found = poll_at(node, poll)
        if not found["hidden"]:
            raise Refused(f"the ballots of poll {poll} are not sealed: there is nothing to reveal")
        if found["state"] == "Voting":
            raise Refused(
                f"ballots of poll {poll} are revealed once voting ends on {show.when(found['votingEnd'])}"
            )
        if found["state"] == "Closed":
            raise Refused(
                f"the time to reveal ballots of poll {poll} was over on {show.when(found['revealEnd'])}"
            )
        contracts = Contracts.of_node(node.data("/v1/node"))
        if not note_doubt(sending.rpc, contracts, found, as_json=sending.as_json):
            _require_revealing(sending.rpc, contracts, poll)
        kept = openings.kept(_place(contracts, poll))
        if not kept:
            raise Refused(
                f"no ballot of poll {poll} was prepared on this machine: use the one that you voted from"
            )
        on_chain = _cast(node, poll)
        mine = [(opening, row) for opening in kept if (row := on_chain.get(opening.nullifier))]
        mine = [(opening, row) for opening, row in mine if int(row["seal"]) == opening.cast]
        if not mine:
            raise Refused(
                f"the ballot that you prepared for poll {poll} never reached the chain, and voting is over"
            )
        done = [_revealed(sending, node, opening) for opening, row in mine if row["revealedAt"] is None]
    transactions = [one.transaction for one in done]
    if sending.as_json:
        show.as_json({"pollId": poll, "transactions": transactions})
    elif done:
        named = ", ".join(filter(None, transactions))
        suffix = f" [dim](transaction {named})[/]" if named else ""
        show.line(f"your ballot in poll {poll} is revealed, and counts{suffix}")
    else:
        show.line(f"your ballot in poll {poll} is revealed already")


def scope_of(contracts: Contracts, poll: int) -> Any:
    """What proofs for a poll's ballots are for."""
    from zk import Scope

    return Scope.of_poll(contracts.chain_id, int(contracts.address("polls"), 16), poll)


def prepared(
    node: Node,
    contracts: Contracts,
    identity: Identity,
    poll: Mapping[str, Any],
    choice: Choice,
    *,
    instead: bool,
) -> Opening:
    """A secret ballot with its proof, on this machine's disk; the one of before, where it is the same."""
    from zk import Message, seal_of

    number = int(poll["pollId"])
    if choice.cost > poll["credits"]:
        over = {"pollId": number, "cost": choice.cost, "credits": poll["credits"]}
        raise Refused(sentence(Refusal("PollsOverBudget", over)))
    scope, place = scope_of(contracts, number), _place(contracts, number)
    nullifier = identity.nullifier(scope)
    earlier = openings.kept(place, nullifier)
    for opening in earlier:
        if opening.ballot == choice.word:
            return opening
    if earlier and not instead:
        given = " or ".join(_said(votes_of(opening.ballot, poll["options"])) for opening in earlier)
        raise Refused(
            f"you prepared another ballot for poll {number} ({given}), which may be on its way: give the same"
            " again, or --instead to send this one beside it"
        )
    electorate = proofs.of_poll(node, poll)
    salt = secrets.token_bytes(32) if poll["hidden"] else None
    cast = choice.word if salt is None else seal_of(scope, nullifier, choice.word, salt)
    proof = proofs.prove(identity, electorate, Message.of_ballot(scope, cast))
    opening = Opening(place, nullifier, choice.word, salt, cast, proof.to_json())
    openings.keep(opening)
    return opening


def _vote_by_name(sending: Sending, node: Node, poll: Mapping[str, Any], choice: Choice) -> None:
    me = Actor(sending, node, relayed=sending.relay)
    number, voice = poll["pollId"], node.data(f"/v1/members/{me.member()['memberId']}")["credits"]
    cost = max(0, choice.cost - 1)
    if voice and voice["season"] == poll["season"]:
        if cost > voice["left"]:
            raise Refused(
                f"that costs {cost} voice credits, and you have {voice['left']} left in season"
                f" {voice['season']}"
            )
        budget = f"one is the poll's own; {cost} of the {voice['left']} voice credits that you have left"
        _show_price(sending, poll, choice, budget)
    done = me.act("polls", "cast", number, choice.word)
    facts = {"pollId": number, "votes": votes_of(choice.word, poll["options"]), "cost": cost}
    me.tell(f"your ballot in poll {number} is cast: {_said(facts['votes'])}", done, **facts)


def _vote_in_secret(
    sending: Sending,
    node: Node,
    contracts: Contracts,
    poll: Mapping[str, Any],
    choice: Choice,
    *,
    instead: bool,
) -> None:
    number = int(poll["pollId"])
    identity = unlocked(sending)
    before = openings.kept(_place(contracts, number), identity.nullifier(scope_of(contracts, number)))
    # Who has prepared none has cast none, as far as this machine knows; then nothing need be asked.
    row = _cast(node, number).get(before[0].nullifier) if before else None
    if row is None:
        opening = prepared(node, contracts, identity, poll, choice, instead=instead)
        credits = f"together {choice.cost} of the {poll['credits']} credits that every ballot here has"
        _show_price(sending, poll, choice, credits)
        done = _sent(sending, node, opening)
        said = "is cast by your account" if sending.by_account else "is cast, by nobody's name"
    else:
        word = int(row["seal"] or row["ballot"])
        opening = next((one for one in before if one.cast == word), before[0])
        if opening.cast != word or opening.ballot != choice.word:
            raise Refused(f"you have voted in poll {number} already; ballots are final")
        done, said = Done(None), "was cast already"
    votes = votes_of(choice.word, poll["options"])
    facts = {"pollId": number, "votes": votes, "cost": choice.cost, "transaction": done.transaction}
    if sending.as_json:
        show.as_json(facts)
        return
    named = f" [dim](transaction {done.transaction})[/]" if done.transaction else ""
    show.line(f"your ballot in poll {number} {said}: {_said(votes)}{named}")
    if poll["hidden"]:
        show.line(
            f"it counts once it is revealed: run `dualpower poll reveal {number}` on this machine between"
            f" {show.when(poll['votingEnd'])} and {show.when(poll['revealEnd'])}"
        )


def _sent(sending: Sending, node: Node, opening: Opening) -> Done:
    number = opening.poll.poll_id
    if sending.by_account:
        show.note("everyone sees your account send this ballot", as_json=sending.as_json)
        me = Actor(sending, node, relayed=False)
        points = [int(word) for word in opening.proof["points"]]
        return me.act("polls", "castSecret", (number, opening.nullifier, opening.cast, points))
    return Done(relay.secret_ballot(node, number, opening.cast, opening.proof))


def _revealed(sending: Sending, node: Node, opening: Opening) -> Done:
    assert opening.salt is not None
    number = opening.poll.poll_id
    if sending.by_account:
        show.note("everyone sees your account reveal this ballot", as_json=sending.as_json)
        me = Actor(sending, node, relayed=False)
        return me.act("polls", "reveal", number, opening.nullifier, opening.ballot, opening.salt)
    return Done(relay.reveal(node, number, opening.nullifier, opening.ballot, opening.salt))


def _require_revealing(rpc: str, contracts: Contracts, poll: int) -> None:
    """Raises unless the chain says so too: a ballot that is shown while others vote is hidden no longer."""
    from backend.cli.chain import Chain

    (state,) = Chain(rpc).view(contracts, "polls", "state", poll)
    if POLL_STATES[state] != "Revealing":
        raise Refused(sentence(Refusal("PollsNotRevealing", {"pollId": poll, "state": state})))


def _cast(node: Node, poll: int) -> dict[int, dict[str, Any]]:
    """All secret ballots of a poll by nullifier: asking for one's own would tell whose it is."""
    return {int(row["nullifier"]): row for page in node.pages(f"/v1/polls/{poll}/ballots") for row in page}


def _place(contracts: Contracts, poll: int) -> openings.Poll:
    return openings.Poll(contracts.chain_id, contracts.address("polls"), poll)


def _option(poll: Mapping[str, Any], given: str) -> int:
    """An option by its number, from 1, or its name; from 0. Raises `Misused`."""
    names: dict[int, str | None] = {sums["option"]: sums["name"] for sums in poll["tally"]}
    if re.fullmatch(r"[0-9]+", given) and int(given) - 1 in names:
        return int(given) - 1
    matching = [
        option for option, name in names.items() if (name or "").casefold() == given.strip().casefold()
    ]
    if given.strip() and len(matching) == 1:
        return matching[0]
    listed = ", ".join(f"{option + 1} {name or ''}".strip() for option, name in names.items())
    raise Misused(f"poll {poll['pollId']} has no option {given!r}; there are {listed}")


def _show_price(sending: Sending, poll: Mapping[str, Any], choice: Choice, budget: str) -> None:
    """What the ballot costs, before it is sent; machines read it from the answer."""
    if sending.as_json:
        return
    names = {sums["option"]: sums["name"] for sums in poll["tally"]}
    for option, votes in sorted(choice.votes.items()):
        named = f"{option + 1} {names[option] or ''}".rstrip()
        show.beside(f"{votes} {'vote' if votes == 1 else 'votes'} on {named}: {votes} x {votes} = {votes**2}")
    show.beside(budget)


def _said(votes: list[int]) -> str:
    return (
        ", ".join(f"{given} on option {option}" for option, given in enumerate(votes, 1) if given) or "blank"
    )
