"""`dualpower consent`: small things that pass unless somebody objects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from eth_utils.address import to_checksum_address

from backend.cli import drafts, show, texts
from backend.cli.acting import Acting, Actor, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused
from backend.cli.members import Limit
from backend.cli.proposals import (
    ActionsFile,
    Adopted,
    DraftOnly,
    PaymentReason,
    Payments,
    ProposalId,
    Text,
    TextFile,
    Title,
    drafted,
    number_of,
    tell_draft,
    topics_of,
)
from backend.project.consent import RESPONSES

app = typer.Typer(no_args_is_help=True, help="Small things that pass unless somebody objects.")

Why = Annotated[str | None, typer.Argument(metavar="REASON", help="Why.")]
WhyFile = Annotated[Path | None, typer.Option(help="The reason from a file.", metavar="FILE")]


@command(app, "list")
def consents(
    reading: Reading,
    state: Annotated[
        str | None,
        typer.Option(
            help="Only Open, Passed, Blocked, Lapsed, Executed, Escalated or Expired ones.", metavar="STATE"
        ),
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Only of this topic, by name or number.")] = None,
    limit: Limit = 20,
) -> None:
    """List what was put to consent, the newest first."""
    with Node(reading.node) as api:
        names = topics_of(api)
        number = drafts.topic_of(topic, names) if topic is not None else None
        found = api.rows("/v1/consent", limit, state=state.capitalize() if state else None, topic=number)
    if reading.as_json:
        show.as_json(found)
        return
    by_number = {number: name for name, number in names.items()}
    show.table(
        ("state", "topic", "agreed", "blocked", "until", "proposal"),
        [
            (
                c["state"],
                by_number.get(c["topic"]),
                f"{c['acknowledged']} of {c['needed']}",
                f"{c['blocks']} of {c['blockLimit']}",
                show.when(c["windowEnd"]),
                f"{c['title']}\n{c['proposalId']}",
            )
            for c in found
        ],
        empty="nothing of the kind was put to consent",
    )


@command(app, "show")
def consent(reading: Reading, proposal: ProposalId) -> None:
    """Show one of them: what it would do, and who objects."""
    number = number_of(proposal)
    with Node(reading.node) as api:
        found = api.data(f"/v1/consent/{number}")
        said = api.rows(f"/v1/consent/{number}/responses", 100)
    if reading.as_json:
        show.as_json({**found, "responses": said})
        return
    show.facts(
        [
            ("proposal", found["proposalId"]),
            ("title", found["title"]),
            ("state", found["state"]),
            ("opened by", f"member {found['opener']}"),
            ("sponsors", ", ".join(str(s["memberId"]) for s in found["sponsors"]) or None),
            *(("would", action["words"]) for action in found["actions"]),
            ("until", show.when(found["windowEnd"])),
            ("agreed", f"{found['acknowledged']} of the {found['needed']} it takes"),
            ("blocked", f"{found['blocks']} of the {found['blockLimit']} that stop it"),
            ("stand aside", found["stoodAside"] or None),
            ("can be used until", show.when(found["expiresAt"])),
            *(("text", text) for text in found["texts"]),
        ]
    )
    show.line("")
    show.table(
        ("member", "says", "reason"),
        [(r["memberId"], _SAYS[r["response"]], r["reason"] or r["reasonHash"]) for r in said],
        empty="nobody has responded yet",
    )


@command(app, "allowances")
def allowances(reading: Reading, limit: Limit = 200) -> None:
    """List what may pass by consent, and up to which amounts."""
    with Node(reading.node) as api:
        found = api.rows("/v1/consent/allowances", limit)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("call", "only for", "amounts add up to", "which argument"),
        [
            (
                f"{row['module'] or row['target']}.{row['function'] or row['selector']}",
                row["key"] and f"{int(row['key'], 16):#x}",
                row["cap"],
                row["argument"],
            )
            for row in found
        ],
        empty="nothing may pass by consent",
    )


@command(app, "open")
def open_(
    acting: Acting,
    file: ActionsFile = None,
    title: Title = None,
    text: Text = None,
    text_file: TextFile = None,
    adopt: Adopted = None,
    pay: Payments = None,
    reason: PaymentReason = None,
    call: Annotated[
        list[str] | None,
        typer.Option(help="Any call on the consent list.", metavar="'MODULE FUNCTION VALUE...'"),
    ] = None,
    nonce: Annotated[
        int | None, typer.Option(min=0, help="Another number for a draft that was opened before.")
    ] = None,
    draft: DraftOnly = False,
) -> None:
    """Put a sponsored draft to consent. Sponsors and --draft as for `propose`."""
    with actor(acting) as me:
        given: dict[str, Any] = {}
        actions: list[drafts.Action] = []
        if file is not None:
            given, actions = drafts.from_file(me.contracts, file)
        actions += [drafts.adopt(me.contracts, one) for one in adopt or []]
        actions += [drafts.pay(me.contracts, one, reason) for one in pay or []]
        actions += [drafts.call_in_words(me.contracts, one) for one in call or []]
        if not actions:
            raise Misused("nothing is put to consent: give a file, --adopt, --pay or --call")
        body = texts.text_of(text, text_file, "the text")
        proposer = me.contracts.address("consent")
        made = drafted(actions, given, title=title, body=body, nonce=nonce, proposer=proposer)
        if draft:
            tell_draft(me, made, proposer)
            return
        targets, _, calldatas = made.arguments
        done = me.act("consent", "open", targets, calldatas, made.description)
        number = str(made.proposal_id)
        opened = done.event("ConsentOpened")
        until = f": members respond until {show.when(opened['terms']['end'])}" if opened else ""
        me.tell(f"{number} is open for consent{until}", done, proposalId=number)
        me.hand_in(*made.all_texts)


@command(app, "acknowledge")
def acknowledge(acting: Acting, proposal: ProposalId) -> None:
    """Say yes. Your last word before the end counts."""
    _respond(acting, proposal, "Acknowledge", None, None)


@command(app, "block")
def block(acting: Acting, proposal: ProposalId, reason: Why = None, file: WhyFile = None) -> None:
    """Block it, and say why: a few blocks stop it, and it can be put to the vote instead."""
    _respond(acting, proposal, "Block", reason, file)


@command(app, "stand-aside")
def stand_aside(acting: Acting, proposal: ProposalId, reason: Why = None, file: WhyFile = None) -> None:
    """Neither agree nor stop it, and say why."""
    _respond(acting, proposal, "StandAside", reason, file)


@command(app, "execute")
def execute(acting: Acting, proposal: ProposalId) -> None:
    """Carry out what passed. Anyone may."""
    with actor(acting) as me:
        found = me.node.data(f"/v1/consent/{number_of(proposal)}")
        done = me.act("consent", "execute", *_calls(found), bytes.fromhex(found["descriptionHash"][2:]))
        me.tell("what passed by consent is carried out", done, proposalId=found["proposalId"])


@command(app, "escalate")
def escalate(acting: Acting, proposal: ProposalId) -> None:
    """Put what was blocked to the vote, as the ordinary proposal of the same id. Anyone may."""
    with actor(acting) as me:
        found = me.node.data(f"/v1/consent/{number_of(proposal)}")
        done = me.act("consent", "escalate", *_calls(found), found["description"])
        me.tell(f"proposal {found['proposalId']} is put to the vote", done, proposalId=found["proposalId"])


_SAYS = {"Acknowledge": "agrees", "Block": "blocks", "StandAside": "stands aside"}


def _respond(acting: Acting, proposal: str, response: str, reason: str | None, file: Path | None) -> None:
    number = number_of(proposal)
    text = texts.text_of(reason, file, "the reason")
    if text is None and response != "Acknowledge":
        raise Misused("say why: give a reason, or --file")
    with actor(acting) as me:
        hashed = texts.hash_of(text) if text is not None else bytes(32)
        done = me.act("consent", "respond", number, RESPONSES.index(response), hashed)
        said = {"Acknowledge": "you agree", "Block": "you block", "StandAside": "you stand aside"}[response]
        me.tell(f"{said} ({_standing(me, number)})", done, proposalId=str(number), response=response)
        if text is not None:
            me.hand_in(text)


def _standing(me: Actor, number: int) -> str:
    """How many it takes, and how many stop it."""
    found = me.node.data(f"/v1/consent/{number}")
    return f"it passes with {found['needed']} who agree, unless {found['blockLimit']} block"


def _calls(found: dict[str, Any]) -> tuple[list[str], list[bytes]]:
    """Targets and calldata: the chain holds only their hash."""
    actions = found["actions"]
    return (
        [str(to_checksum_address(action["target"])) for action in actions],
        [bytes.fromhex(action["calldata"][2:]) for action in actions],
    )
