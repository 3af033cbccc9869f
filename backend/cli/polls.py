"""`dualpower poll`: choices among many, from the question to the count."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import drafts, poll_ballots, proofs, show, texts
from backend.cli.acting import Acting, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.contracts import Contracts
from backend.cli.errors import Misused, Refused
from backend.cli.members import Limit
from backend.cli.places import RPC, RpcUrl
from backend.cli.poll_ballots import PollId, poll_at
from backend.cli.proposals import (
    DraftAuthor,
    DraftOnly,
    check_author,
    make_draft,
    topics_of,
)
from backend.polls import BallotInvalid, PollTextInvalid, compose, votes_of

app = typer.Typer(no_args_is_help=True, help="Choices among many options, open or secret.")


@command(app, "list")
def polls(
    reading: Reading,
    state: Annotated[
        str | None, typer.Option(help="Only Voting, Revealing or Closed ones.", metavar="STATE")
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Only of this topic, by name or number.")] = None,
    limit: Limit = 20,
) -> None:
    """List polls, the newest first."""
    with Node(reading.node) as api:
        names = topics_of(api)
        number = drafts.topic_of(topic, names) if topic is not None else None
        found = api.rows("/v1/polls", limit, state=state.capitalize() if state else None, topic=number)
    if reading.as_json:
        show.as_json(found)
        return
    by_number = {number: name for name, number in names.items()}
    show.table(
        ("poll", "state", "ballots", "topic", "voted", "voting ends", "question"),
        [
            (
                p["pollId"],
                p["state"],
                _kind(p),
                by_number.get(p["topic"]),
                f"{_cast(p)} of {p['electorate']}; quorum {p['quorum']}",
                show.when(p["votingEnd"]),
                p["title"],
            )
            for p in found
        ],
        empty="there are no such polls",
    )


@command(app, "show")
def poll(reading: Reading, poll: PollId) -> None:
    """Show one poll: what is asked, and how its options stand."""
    with Node(reading.node) as api:
        found = poll_at(api, poll)
    if reading.as_json:
        show.as_json(found)
        return
    hidden_until = found["votingEnd"] if found["hidden"] and found["state"] == "Voting" else None
    show.facts(
        [
            ("poll", poll),
            ("state", found["state"]),
            ("ballots", _kind(found)),
            ("voting ends", show.when(found["votingEnd"])),
            ("following ends", show.when(found["followEnd"]) if found["followedBefore"] else None),
            ("revealing ends", show.when(found["revealEnd"]) if found["hidden"] else None),
            ("voted", f"{_cast(found)} of {found['electorate']}"),
            ("by following", found["followed"] or None),
            ("revealed", found["ballots"] if found["hidden"] else None),
            ("quorum", f"{found['quorum']}, {'reached' if found['quorumMet'] else 'not reached'}"),
            ("credits a ballot", found["credits"] if found["secret"] else None),
            ("results", f"hidden until {show.when(hidden_until)}" if hidden_until else None),
            ("text", found["textHash"]),
        ]
    )
    if found["text"] is None:
        show.line("\nThe node does not have the text, so the options have no names.")
    else:
        show.plain(f"\n{_question(found['text'])}")
    show.table(
        ("option", "votes", "of ballots", "name"),
        [
            (
                sums["option"] + 1,
                "" if hidden_until else sums["votes"],
                "" if hidden_until else sums["supporters"],
                sums["name"],
            )
            for sums in found["tally"]
        ],
        empty="",
    )


@command(app, "create")
def create(
    acting: Acting,
    question: Annotated[str | None, typer.Argument(metavar="TEXT", help="What is asked.")] = None,
    file: Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="An option; give it for each of 2 to 60.", metavar="NAME")
    ] = None,
    topic: Annotated[str, typer.Option(help="The area of life it belongs to, by name or number.")] = "1",
    secret: Annotated[bool, typer.Option("--secret", help="Ballots are secret.")] = False,
    hidden: Annotated[
        bool, typer.Option("--hidden", help="Results of a secret poll stay hidden until voting is over.")
    ] = False,
    nonce: Annotated[
        int, typer.Option(min=0, help="Another number for a proposal that was made before.")
    ] = 1,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose a poll. It opens when the proposal is executed; sponsors and --draft as for `propose`."""
    check_author(author, draft=draft)
    if hidden and not secret:
        raise Misused("only a secret poll can hide its results: add --secret")
    asked = texts.text_of(question, file, "the question")
    if asked is None:
        raise Misused("ask something: give a text, or --file")
    names = option or []
    if not 2 <= len(names) <= poll_ballots.MOST_OPTIONS:
        raise Misused(f"a poll has 2 to {poll_ballots.MOST_OPTIONS} options; got {len(names)}")
    try:
        text = compose(asked, names)
    except PollTextInvalid as error:
        raise Misused(str(error)) from None
    with actor(acting) as me:
        number = drafts.topic_of(topic, topics_of(me.node))
        kind = f"{'a secret' if secret else 'an open'} poll{' with hidden results' if hidden else ''}"
        words = f"open {kind} on {len(names)} options"
        arguments = (texts.hash_of(text), len(names), number, secret, hidden)
        action = drafts.action(me.contracts, "polls", "open", *arguments, words=words, text=text)
        title = asked.strip().partition("\n")[0].lstrip("# ")
        make_draft(me, [action], title=title, nonce=nonce, draft=draft, author=author)


@command(app, "tally")
def tally(reading: Reading, poll: PollId, rpc: RpcUrl = RPC) -> None:
    """Count a poll's ballots again, one by one, and compare with the node's tally and the chain's."""
    with Node(reading.node) as api:
        contracts = Contracts.of_node(api.data("/v1/node"))
        found = poll_at(api, poll)
        if found["hidden"] and found["state"] == "Voting":
            raise Refused(
                f"the results of poll {poll} are hidden until voting ends on {show.when(found['votingEnd'])};"
                f" ballots under seal so far: {found['sealed']}"
            )
        with show.progress("counting the ballots"):
            ballots = [ballot for page in api.pages(f"/v1/polls/{poll}/ballots") for ballot in page]
            counted = _count(found, ballots)
    if counted != [sums["votes"] for sums in found["tally"]]:
        raise Refused(f"the node's ballots of poll {poll} do not add up to its tally: use another node")
    unasked = _chain_differs(rpc, contracts, found, counted)
    revealed = sum(ballot["ballot"] is not None for ballot in ballots)
    followed = sum(ballot["followed"] for ballot in ballots)
    if reading.as_json:
        show.as_json(
            {
                "pollId": poll,
                "votes": counted,
                "ballots": revealed,
                "sealed": len(ballots) - revealed,
                "followed": followed,
                "quorumMet": found["quorumMet"],
                "chain": unasked is None,
            }
        )
        return
    rows = sorted(found["tally"], key=lambda sums: -counted[sums["option"]])
    show.table(
        ("votes", "option", "name"),
        [(counted[sums["option"]], sums["option"] + 1, sums["name"]) for sums in rows],
        empty="",
    )
    left = (
        f", {len(ballots) - revealed} were not revealed and do not count" if revealed < len(ballots) else ""
    )
    if followed:
        left = f", {followed} of them by following, which do not count for the quorum"
    met = "reached" if found["quorumMet"] else "not reached"
    show.line(f"{revealed} ballots counted one by one{left}; the quorum of {found['quorum']} is {met}")
    if unasked is None:
        show.line("[green]agrees[/] with the node's tally and the chain's")
    else:
        show.line(f"[green]agrees[/] with the node's tally; no chain was asked ({unasked})")


def _count(poll: dict[str, Any], ballots: list[dict[str, Any]]) -> list[int]:
    """Votes by option. Raises `Refused` for a ballot that is none, and for a second one of a voter."""
    voters = [ballot["nullifier"] or ballot["memberId"] for ballot in ballots]
    if len(set(voters)) < len(voters):
        raise Refused(f"the node serves two ballots of one voter in poll {poll['pollId']}: use another node")
    counted = [0] * poll["options"]
    for ballot in ballots:
        if ballot["ballot"] is None:
            continue
        try:
            votes = votes_of(int(ballot["ballot"]), poll["options"])
        except BallotInvalid as error:
            raise Refused(
                f"the node serves a ballot of poll {poll['pollId']} that is none: {error}"
            ) from None
        counted = [total + given for total, given in zip(counted, votes, strict=True)]
    return counted


def _chain_differs(rpc: str, contracts: Contracts, poll: dict[str, Any], counted: list[int]) -> str | None:
    """Raises `Refused` if the chain counts otherwise; why it was not asked, or None."""
    from backend.cli.chain import Chain

    if (unasked := proofs.doubt(rpc, contracts, poll)) is not None:
        return unasked
    chain = Chain(rpc)
    (votes,) = chain.view(contracts, "polls", "tally", poll["pollId"])
    if list(votes) != counted:
        raise Refused(
            f"the chain's tally of poll {poll['pollId']} is {', '.join(map(str, votes))}, the node's ballots"
            f" give {', '.join(map(str, counted))}: the node may be behind; if it stays so, use another"
        )
    return None


def _kind(poll: dict[str, Any]) -> str:
    if not poll["secret"]:
        return "open"
    return "secret, results hidden" if poll["hidden"] else "secret"


def _cast(poll: dict[str, Any]) -> int:
    """Ballots handed in, sealed ones included."""
    return int(poll["sealed"] if poll["hidden"] else poll["ballots"])


def _question(text: str) -> str:
    from backend.polls import parse

    return parse(text).question + "\n"


command(app, "vote")(poll_ballots.vote)
command(app, "reveal")(poll_ballots.reveal)
