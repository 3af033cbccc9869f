"""`dualpower propose`, `sponsor`, `proposals`, `queue`, `execute`, `cancel`: from a draft to its effect."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from eth_utils.address import is_hex_address, to_checksum_address

from backend.cli import drafts, show, texts
from backend.cli.acting import Acting, Actor, Done, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.members import Limit

app = typer.Typer(no_args_is_help=True, help="What is being decided, and what was.")

ActionsFile = Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Actions in a TOML or JSON file.")]
Title = Annotated[str | None, typer.Option(help="What it is about, in a line.")]
Text = Annotated[str | None, typer.Option(help="Why, at length.")]
TextFile = Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")]
Adopted = Annotated[list[str] | None, typer.Option(help="Adopt this text as a resolution.", metavar="TEXT")]
Payments = Annotated[list[str] | None, typer.Option(help="Pay from the commons.", metavar="ASSET:TO:AMOUNT")]
PaymentReason = Annotated[str | None, typer.Option(help="What the payment is for.", metavar="TEXT")]
DraftOnly = Annotated[
    bool, typer.Option("--draft", help="Only work out the proposal's id, for sponsors; send nothing.")
]
DraftAuthor = Annotated[
    str | None,
    typer.Option(help="With --draft: the id if this account proposes it.", metavar="ACCOUNT"),
]
ProposalId = Annotated[
    str, typer.Argument(metavar="PROPOSAL", help="Its id, in decimals or in hex after 0x.")
]


def propose(
    acting: Acting,
    file: ActionsFile = None,
    title: Title = None,
    text: Text = None,
    text_file: TextFile = None,
    adopt: Adopted = None,
    set_parameter: Annotated[
        list[str] | None, typer.Option(help="Change a parameter.", metavar="NAME=VALUE")
    ] = None,
    award: Annotated[
        list[str] | None,
        typer.Option(help="Award reputation points.", metavar="MEMBER:TOPIC:POINTS[:REASON]"),
    ] = None,
    evidence: Annotated[str | None, typer.Option(help="What the award is for.", metavar="TEXT")] = None,
    pay: Payments = None,
    reason: PaymentReason = None,
    call: Annotated[
        list[str] | None,
        typer.Option(
            help="Any call, as in 'constitution addTopic care'.", metavar="'MODULE FUNCTION VALUE...'"
        ),
    ] = None,
    nonce: Annotated[
        int | None, typer.Option(min=0, help="Another number for a proposal that was made before.")
    ] = None,
    draft: DraftOnly = False,
    author: DraftAuthor = None,
) -> None:
    """Propose. Run it with --draft first: members sponsor the id it prints; then run the same without."""
    check_author(author, draft=draft)
    with actor(acting) as me:
        given: dict[str, Any] = {}
        actions: list[drafts.Action] = []
        if file is not None:
            given, actions = drafts.from_file(me.contracts, file)
        actions += [drafts.adopt(me.contracts, one) for one in adopt or []]
        if set_parameter:
            bounds = bounds_of(me.node)
            actions += [drafts.set_parameter(me.contracts, one, bounds) for one in set_parameter]
        if award:
            topics = topics_of(me.node)
            actions += [drafts.award(me.contracts, one, topics, evidence) for one in award]
        actions += [drafts.pay(me.contracts, one, reason) for one in pay or []]
        actions += [drafts.call_in_words(me.contracts, one) for one in call or []]
        if not actions:
            raise Misused(
                "nothing is proposed: give a file, --adopt, --set-parameter, --award, --pay or --call"
            )
        body = texts.text_of(text, text_file, "the text")
        make_draft(me, actions, given=given, title=title, body=body, nonce=nonce, draft=draft, author=author)


def make_draft(
    me: Actor,
    actions: list[drafts.Action],
    *,
    given: dict[str, Any] | None = None,
    said: tuple[str, ...] = (),
    title: str | None = None,
    body: str | None = None,
    nonce: int | None,
    draft: bool,
    author: str | None,
) -> None:
    """Proposes a sponsored draft, or works out its id. `said` are texts that its calls name; for the rest see
    `drafted`."""
    proposer = author or me.account
    made = drafted(actions, given or {}, title=title, body=body, nonce=nonce, proposer=proposer)
    made = replace(made, texts=(*made.texts, *said))
    if draft:
        tell_draft(me, made, proposer)
    else:
        open_draft(me, made)


def drafted(
    actions: list[drafts.Action],
    given: dict[str, Any],
    *,
    title: str | None,
    body: str | None,
    nonce: int | None,
    proposer: str,
) -> drafts.Draft:
    """A draft of at least one action. What was not said comes from `given`, a file's entries; a title also
    from the first action."""
    body = body or given.get("text")
    named = title or given.get("title") or actions[0].words
    number = nonce if nonce is not None else given.get("nonce", 1)
    return drafts.Draft(
        tuple(actions), drafts.described(named, body, number, proposer), (body,) if body else ()
    )


def check_author(author: str | None, *, draft: bool) -> None:
    """Whether --author may stand beside what else was given. Raises `Misused`."""
    if author is not None and not draft:
        raise Misused("--author is for --draft: nobody proposes in another's name")
    if author is not None and not (author.startswith("0x") and is_hex_address(author)):
        raise Misused(f"an account is 0x and 40 hex digits; got {author!r}")


def open_draft(me: Actor, made: drafts.Draft) -> None:
    """Proposes a sponsored draft, and hands its texts in."""
    done = me.act("assembly", "propose", *made.arguments, made.description)
    proposal = str(made.proposal_id)
    created = done.event("ProposalCreated")
    dates = (
        f"; voting is from {show.when(int(created['voteStart']))} to {show.when(int(created['voteEnd']))}"
        if created
        else ""
    )
    me.tell(f"proposal {proposal} is open{dates}", done, proposalId=proposal)
    me.hand_in(*made.all_texts)


def tell_draft(me: Actor, made: drafts.Draft, author: str) -> None:
    """What a draft would do, and the id that sponsors sign."""
    proposal = str(made.proposal_id)
    if me.options.as_json:
        targets, values, calldatas = made.arguments
        show.as_json(
            {
                "proposalId": proposal,
                "proposer": author,
                "targets": targets,
                "values": values,
                "calldatas": [f"0x{data.hex()}" for data in calldatas],
                "description": made.description,
            }
        )
        return
    show.facts(
        [
            ("proposal", proposal),
            ("description", made.description),
            *(("action", action.words) for action in made.actions),
        ]
    )
    show.line(f"\nMembers sponsor it: dualpower sponsor {proposal} --topic TOPIC")


def sponsor(
    acting: Acting,
    proposal: ProposalId,
    topic: Annotated[str, typer.Option(help="The area of life it belongs to, by name or number.")],
) -> None:
    """Sponsor a draft, so that its author can propose it. All sponsors name the same topic."""
    number = number_of(proposal)
    with actor(acting) as me:
        named = drafts.topic_of(topic, topics_of(me.node))
        done = me.act("docket", "sponsor", number, named)
        sponsored = done.event("Sponsored")
        count = f" ({sponsored['sponsors']} so far)" if sponsored else ""
        me.tell(f"you sponsor {number}{count}", done, proposalId=str(number), topic=named)


@command(app, "list")
def proposals(
    reading: Reading,
    state: Annotated[
        str | None,
        typer.Option(help="Only Pending, Active, Succeeded, Queued, Executed, ... ones.", metavar="STATE"),
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Only of this topic, by name or number.")] = None,
    author: Annotated[int | None, typer.Option(min=1, help="Only of this member.", metavar="MEMBER")] = None,
    limit: Limit = 20,
) -> None:
    """List proposals, the newest first."""
    with Node(reading.node) as api:
        names = topics_of(api)
        number = drafts.topic_of(topic, names) if topic is not None else None
        wanted = state.capitalize() if state else None
        found = api.rows("/v1/proposals", limit, state=wanted, topic=number, author=author)
    if reading.as_json:
        show.as_json(found)
        return
    by_number = {number: name for name, number in names.items()}
    show.table(
        ("state", "rule", "topic", "for", "against", "heads", "voting ends", "proposal"),
        [
            (
                p["state"],
                p["rule"],
                by_number.get(p["topic"] or 0),
                p["tally"]["forVotes"],
                p["tally"]["againstVotes"],
                f"{p['tally']['heads']} of {p['tally']['quorum']}",
                show.when(p["deadline"]),
                f"{p['title']}\n{p['proposalId']}",
            )
            for p in found
        ],
        empty="there are no such proposals",
    )


@command(app, "show")
def proposal(reading: Reading, proposal: ProposalId) -> None:
    """Show one proposal: what it would do, and how the vote stands."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/proposals/{number_of(proposal)}")
    if reading.as_json:
        show.as_json(found)
        return
    tally = found["tally"]
    votes = f"{tally['forVotes']} for, {tally['againstVotes']} against, {tally['abstainVotes']} abstain"
    heads = (
        f"{tally['heads']} of {tally['quorum']}; in favour {tally['forHeads']} of {tally['forHeadsNeeded']}"
    )
    show.facts(
        [
            ("proposal", found["proposalId"]),
            ("title", found["title"]),
            ("state", found["state"]),
            ("rule", found["rule"]),
            ("author", found["author"]),
            ("sponsors", ", ".join(str(s["memberId"]) for s in found["sponsors"]) or None),
            *(("would", action["words"]) for action in found["actions"]),
            ("voting", f"{show.when(found['voteStart'])} to {show.when(found['deadline'])}"),
            ("following", _following(found)),
            ("votes", votes),
            ("by following", f"{tally['followed']} ballots of these" if tally["followed"] else None),
            ("heads", heads),
            ("passing", "yes" if tally["passing"] else "no"),
            ("votes a ballot", f"1 to {found['votesPerBallot']}"),
            ("can be executed", show.when(found["queuedUntil"])),
            ("executed", show.when(found["executedAt"])),
            *(("text", text) for text in found["texts"]),
        ]
    )


def _following(found: dict[str, Any]) -> str | None:
    """When delegations are followed, if they are."""
    if found["followEnd"] == found["deadline"]:
        return None
    now = ", now" if found["following"] else ""
    return f"until {show.when(found['followEnd'])}{now}"


def queue(acting: Acting, proposal: ProposalId) -> None:
    """Queue a proposal that passed: its delay begins. Anyone may."""
    with actor(acting) as me:
        done = _on_actions(me, "queue", number_of(proposal))
        queued = done.event("ProposalQueued")
        when = f": it can be executed from {show.when(int(queued['etaSeconds']))} on" if queued else ""
        me.tell(f"the proposal is queued{when}", done, proposalId=str(number_of(proposal)))


def execute(acting: Acting, proposal: ProposalId) -> None:
    """Carry out a proposal whose delay is over, or a vote on a person that passed. Anyone may."""
    with actor(acting) as me:
        done = _on_actions(me, "execute", number_of(proposal))
        me.tell("the proposal is executed", done, proposalId=str(number_of(proposal)))


def cancel(acting: Acting, proposal: ProposalId) -> None:
    """Take back your own proposal, before voting starts."""
    with actor(acting) as me:
        done = _on_actions(me, "cancel", number_of(proposal))
        me.tell("the proposal is cancelled", done, proposalId=str(number_of(proposal)))


def _on_actions(me: Actor, function: str, number: int) -> Done:
    """Queue, execute and cancel take the proposal's actions again: the chain holds only their hash."""
    found = me.node.data(f"/v1/proposals/{number}")
    actions = found["actions"]
    return me.act(
        "assembly",
        function,
        [to_checksum_address(action["target"]) for action in actions],
        [int(action["amount"]) for action in actions],
        [bytes.fromhex(action["calldata"][2:]) for action in actions],
        bytes.fromhex(found["descriptionHash"][2:]),
    )


def number_of(given: str) -> int:
    """A proposal's id as people copy it."""
    try:
        number = int(given, 16) if given.startswith("0x") else int(given)
    except ValueError:
        number = -1
    if not 0 <= number < 2**256:
        raise Misused(f"a proposal's id is a number, in decimals or in hex after 0x; got {given!r}")
    return number


def bounds_of(api: Node) -> dict[str, tuple[int, int]]:
    """Every parameter's floor and ceiling."""
    return {found["name"]: (found["floor"], found["ceiling"]) for found in api.rows("/v1/parameters", 500)}


def topics_of(api: Node) -> dict[str, int]:
    """The topics' numbers by their names."""
    return {topic["name"]: topic["topic"] for topic in api.rows("/v1/topics", 255)}
