"""`dualpower case`: conflicts, from the opening to what is agreed or decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.cli import drafts, panel_votes, show, texts
from backend.cli.acting import Acting, Actor, Done, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.members import Limit
from backend.cli.proposals import topics_of
from backend.project.mediation import CASE_STATES, REMEDIES
from backend.project.panels import PANEL_STATES

app = typer.Typer(no_args_is_help=True, help="Conflicts: who helps, and who decides if that fails.")

CaseId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="CASE", help="Its number.")]
TextFile = Annotated[Path | None, typer.Option(help="The same, from a file.", metavar="FILE")]
# Quarters of what is asked for, as panelists say them.
EXTENTS = ("nothing", "quarter", "half", "three-quarters", "all")
_STEPS = {
    "seatMediator": "seat-mediator",
    "moveOn": "move-on",
    "convene": "convene",
    "seat": "seat",
    "count": "count",
    "carryOut": "carry-out",
}


@command(app, "list")
def cases(
    reading: Reading,
    state: Annotated[
        str | None,
        typer.Option(help=f"Only {', '.join(CASE_STATES[1:-1])} or {CASE_STATES[-1]} ones.", metavar="STATE"),
    ] = None,
    panel: Annotated[
        str | None,
        typer.Option(
            help=f"Only those whose panel is {', '.join(PANEL_STATES[1:-1])} or {PANEL_STATES[-1]}.",
            metavar="STATE",
        ),
    ] = None,
    member: Annotated[
        int | None,
        typer.Option(min=1, help="Only with this party, mediator or panelist.", metavar="MEMBER"),
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Only of this topic, by name or number.")] = None,
    limit: Limit = 20,
) -> None:
    """List cases, the newest first."""
    with Node(reading.node) as api:
        names = topics_of(api)
        found = api.rows(
            "/v1/cases",
            limit,
            state=state.capitalize() if state else None,
            panelState=panel.capitalize() if panel else None,
            memberId=member,
            topic=drafts.topic_of(topic, names) if topic is not None else None,
        )
    if reading.as_json:
        show.as_json(found)
        return
    by_number = {number: name for name, number in names.items()}
    show.table(
        ("case", "state", "parties", "asks for", "mediator", "until", "next", "what"),
        [
            (
                c["caseId"],
                c["panelState"] or c["state"],
                _ids(c["parties"]),
                _remedy(c, by_number),
                c["mediator"],
                show.when(c["until"]),
                _next(c),
                c["title"] or c["evidence"],
            )
            for c in found
        ],
        empty="there are no such cases",
    )


@command(app, "show")
def case(reading: Reading, case: CaseId) -> None:
    """Show one case: what it is about, who helps or decides, and what came of it."""
    with Node(reading.node) as api:
        found = api.data(f"/v1/cases/{case}")
        by_number = {number: name for name, number in topics_of(api).items()}
    if reading.as_json:
        show.as_json(found)
        return
    decision = found["decision"] or {}
    show.facts(
        [
            ("case", case),
            ("opened by", f"member {found['claimant']} on {show.when(found['openedAt'])}"),
            ("asks for", _remedy(found, by_number)),
            ("mediation", found["state"]),
            ("mediator", found["mediator"] and f"{found['mediator']}{_answer(found['mediatorAccepted'])}"),
            ("until", show.when(found["until"])),
            ("panel", found["panelState"]),
            ("decision", (decision.get("extent") is not None and _granted(decision["extent"])) or None),
            ("appeal until", show.when(decision.get("appealUntil"))),
            ("appealed by", decision.get("appellant") and f"member {decision['appellant']}"),
            ("vote", decision.get("proposalId") and f"{decision['proposalId']} ({decision['vote']})"),
            ("points moved", decision.get("amount") and show.points(decision["amount"])),
            ("next", _next(found)),
        ]
    )
    show.line("")
    show.table(
        ("party", "mediator", "outcome"),
        [
            (
                party["memberId"],
                _answer(party["accepted"]).strip(", "),
                "signed" if party["signedAt"] is not None else None,
            )
            for party in found["partyDetails"]
        ],
        empty="it has no parties",
    )
    for panel in found["panels"]:
        show.line("")
        show.line(_panel(panel))
        show.table(
            ("panelist", "vote"),
            [(panelist["memberId"], _vote(panelist)) for panelist in panel["panelists"]],
            empty="nobody is drawn yet",
        )
    for given in found["given"]:
        show.plain(f"\nmember {given['memberId']} says:\n{given['text'] or given['evidence']}")
    if found["outcome"] is not None:
        show.plain(f"\nthe outcome proposed last:\n{found['outcomeText'] or found['outcome']}")
    if decision.get("grounds") is not None:
        show.plain(f"\nagainst the decision:\n{decision['groundsText'] or decision['grounds']}")


@command(app, "open")
def open_(
    acting: Acting,
    members: Annotated[
        str, typer.Argument(metavar="MEMBERS", help="With whom: one member, or several as in 5,7.")
    ],
    what: Annotated[str | None, typer.Argument(metavar="TEXT", help="What happened.")] = None,
    topic: Annotated[str, typer.Option(help="Whose points it is about, by name or number.")] = "general",
    penalty: Annotated[
        str | None, typer.Option(help="Ask that a member lose so many points.", metavar="POINTS")
    ] = None,
    award: Annotated[
        str | None, typer.Option(help="Ask for so many points of a member's for yourself.", metavar="POINTS")
    ] = None,
    expulsion: Annotated[
        bool, typer.Option("--expulsion", help="Ask for a vote on expelling a member.")
    ] = False,
    of: Annotated[
        int | None,
        typer.Option(min=1, help="Which member, where it is with several.", metavar="MEMBER"),
    ] = None,
    file: TextFile = None,
) -> None:
    """Open a case, say what happened, and what you ask for."""
    text = _said(what, file, "what happened")
    respondents = _members(members)
    if of is None and len(respondents) > 1:
        raise Misused("say with --of which of them it is asked of")
    remedy = _asked(respondents[0] if of is None else of, penalty, award, expulsion)
    with actor(acting) as me:
        number = drafts.topic_of(topic, topics_of(me.node))
        done = me.act("mediation", "open", respondents, number, remedy, texts.hash_of(text))
        _tell_opened(me, done, text)


@command(app, "challenge")
def challenge(
    acting: Acting,
    review: Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="REVIEW", help="Its number.")],
    what: Annotated[str | None, typer.Argument(metavar="TEXT", help="What is wrong with it.")] = None,
    file: TextFile = None,
) -> None:
    """Open a case about what a review concluded: your own failed work, or another's accepted work."""
    text = _said(what, file, "what is wrong")
    with actor(acting) as me:
        _tell_opened(me, me.act("mediation", "challenge", review, texts.hash_of(text)), text)


@command(app, "evidence")
def evidence(
    acting: Acting,
    case: CaseId,
    what: Annotated[str | None, typer.Argument(metavar="TEXT", help="What happened, as you see it.")] = None,
    file: TextFile = None,
) -> None:
    """Add what you have to say, or to show. Parties may, eight times each."""
    text = _said(what, file, "what happened")
    with actor(acting) as me:
        done = me.act("mediation", "giveEvidence", case, texts.hash_of(text))
        me.tell(f"your evidence is in case {case}", done, caseId=case)
        me.hand_in(text)


@command(app, "seat-mediator")
def seat_mediator(acting: Acting, case: CaseId) -> None:
    """Ask the mediator whom the draw gives, once it has its number. Anyone may."""
    with actor(acting) as me:
        done = me.act("mediation", "seatMediator", case)
        drawn = done.event("MediatorDrawn")
        mediator = drawn["mediator"] if drawn else None
        if drawn is not None:
            said = f"member {mediator} is asked to mediate case {case}; all answer by"
            said += f" {show.when(drawn['until'])}"
        elif done.event("MediationFailed") is not None:
            said = f"nobody is left to mediate case {case}: a panel may be convened"
        else:
            said = f"nobody was found yet: run `dualpower case seat-mediator {case}` again"
        me.tell(said, done, caseId=case, mediator=mediator)


@command(app, "accept")
def accept(acting: Acting, case: CaseId) -> None:
    """Accept the mediator; or, as the mediator, the task."""
    with actor(acting) as me:
        done = me.act("mediation", "accept", case)
        began = done.event("MediationBegan")
        said = f"you accepted in case {case}"
        if began is not None:
            said += f"; all have: there is time for an outcome until {show.when(began['until'])}"
        me.tell(said, done, caseId=case, began=began is not None)


@command(app, "decline")
def decline(acting: Acting, case: CaseId) -> None:
    """Decline the mediator, or the task. Once all had accepted, this ends the mediation."""
    with actor(acting) as me:
        done = me.act("mediation", "decline", case)
        me.tell(f"you declined in case {case}: {_followed(done)}", done, caseId=case)


@command(app, "move-on")
def move_on(acting: Acting, case: CaseId) -> None:
    """Go on where somebody did not answer in time, or time ran out. Anyone may."""
    with actor(acting) as me:
        done = me.act("mediation", "moveOn", case)
        me.tell(f"case {case} goes on: {_followed(done)}", done, caseId=case)


@command(app, "propose")
def propose(
    acting: Acting,
    case: CaseId,
    outcome: Annotated[str | None, typer.Argument(metavar="TEXT", help="What both could agree on.")] = None,
    file: TextFile = None,
) -> None:
    """Propose an outcome, as the mediator. Signatures under an earlier one count no more."""
    text = _said(outcome, file, "the outcome")
    with actor(acting) as me:
        hashed = texts.hash_of(text)
        done = me.act("mediation", "propose", case, hashed)
        me.tell(f"an outcome of case {case} is proposed", done, caseId=case, outcome=f"0x{hashed.hex()}")
        me.hand_in(text)


@command(app, "sign")
def sign(acting: Acting, case: CaseId) -> None:
    """Sign the outcome that is proposed, which is printed first. The last party's signature settles it."""
    with actor(acting) as me:
        outcome, text = _proposed(me, case)
        if not acting.as_json:
            show.beside(text)
        done = me.act("mediation", "sign", case, bytes.fromhex(outcome[2:]))
        settled = done.event("CaseSettled") is not None
        said = f"you signed the outcome of case {case}{': it is settled' if settled else ''}"
        me.tell(said, done, caseId=case, outcome=outcome, settled=settled)


@command(app, "withdraw")
def withdraw(acting: Acting, case: CaseId) -> None:
    """Take your own case back, before there is a panel."""
    with actor(acting) as me:
        done = me.act("mediation", "withdraw", case)
        me.tell(f"you took case {case} back", done, caseId=case)


@command(app, "convene")
def convene(acting: Acting, case: CaseId) -> None:
    """Have a panel drawn where mediation failed. Anyone may."""
    with actor(acting) as me:
        done = me.act("panels", "convene", case)
        me.tell(f"case {case} is to be decided: {_followed(done)}", done, caseId=case, **_facts(done))


@command(app, "seat")
def seat(acting: Acting, case: CaseId) -> None:
    """Seat the panel that the draw gives, once it has its number. Anyone may."""
    with actor(acting) as me:
        done = me.act("panels", "seat", case)
        drawn = [h.arguments["memberId"] for h in done.happened if h.event == "PanelistDrawn"]
        seated = done.event("PanelSeated")
        if seated is not None:
            said = f"the panel of case {case} is complete: they commit to their votes until"
            said += f" {show.when(seated['commitUntil'])}"
        elif done.event("AssemblyAsked") is not None or done.event("MotionToExpel") is not None:
            said = f"too few can be drawn in case {case}: {_followed(done)}"
        else:
            said = f"some of the panel are found: run `dualpower case seat {case}` again"
        me.tell(said, done, caseId=case, drawn=drawn, **_facts(done))


@command(app, "commit")
def commit(
    acting: Acting,
    case: CaseId,
    granted: Annotated[
        str,
        typer.Argument(
            metavar="HOW-MUCH", help=f"Of what is asked for: {', '.join(EXTENTS[:-1])} or {EXTENTS[-1]}."
        ),
    ],
) -> None:
    """Vote on a panel, in secret: your vote is kept on this machine until you reveal it."""
    if granted not in EXTENTS:
        raise Misused(f"say how much is granted: {', '.join(EXTENTS[:-1])} or {EXTENTS[-1]}; got {granted!r}")
    with actor(acting) as me:
        found = me.node.data(f"/v1/cases/{case}")
        if not found["panels"]:
            raise Refused(f"case {case} has no panel")
        round_ = found["panels"][-1]["round"]
        member = me.member()["memberId"]
        commitment = panel_votes.commit(me.contracts, case, round_, member, EXTENTS.index(granted))
        done = me.act("panels", "commit", case, commitment)
        until = found["panels"][-1]["commitUntil"]
        said = f"your vote on case {case} is committed; after {show.when(until)} run"
        said += f" `dualpower case reveal {case}` on this machine, or it does not count"
        me.tell(said, done, caseId=case, commitment=f"0x{commitment.hex()}")


@command(app, "reveal")
def reveal(acting: Acting, case: CaseId) -> None:
    """Reveal the votes that were committed to on this machine, while revealing lasts."""
    with actor(acting) as me:
        found = me.node.data(f"/v1/cases/{case}")
        kept = panel_votes.kept(me.contracts)
        panelists = [panelist for panel in found["panels"][-1:] for panelist in panel["panelists"]]
        mine = [panelist for panelist in panelists if panelist["commitment"] in kept]
        if not mine:
            raise Refused(f"no vote on case {case} was committed to on this machine")
        for panelist in mine:
            number, vote = panelist["memberId"], kept[panelist["commitment"]]
            if panelist["extent"] is not None:
                show.note(
                    f"the vote of member {number} on case {case} is revealed already",
                    as_json=acting.as_json,
                )
                continue
            done = me.act("panels", "reveal", case, number, vote.extent, vote.salt)
            said = f"member {number} voted for {_granted(vote.extent)} on case {case}"
            me.tell(said, done, caseId=case, memberId=number, extent=vote.extent)


@command(app, "count")
def count(acting: Acting, case: CaseId) -> None:
    """Count a panel's votes, once all are revealed or the time is over. Anyone may."""
    with actor(acting) as me:
        done = me.act("panels", "count", case)
        me.tell(f"the panel of case {case} is counted: {_followed(done)}", done, caseId=case, **_facts(done))


@command(app, "appeal")
def appeal(
    acting: Acting,
    case: CaseId,
    grounds: Annotated[str | None, typer.Argument(metavar="TEXT", help="Why.")] = None,
    file: TextFile = None,
) -> None:
    """Put a panel's decision to the members, and say why. Parties may, once in a case."""
    text = _said(grounds, file, "why")
    with actor(acting) as me:
        done = me.act("panels", "appeal", case, texts.hash_of(text))
        me.tell(f"you appealed in case {case}: {_followed(done)}", done, caseId=case, **_facts(done))
        me.hand_in(text)


@command(app, "carry-out")
def carry_out(acting: Acting, case: CaseId) -> None:
    """Carry out what was decided, once it can no longer be appealed. Anyone may."""
    with actor(acting) as me:
        done = me.act("panels", "carryOut", case)
        me.tell(f"case {case}: {_followed(done)}", done, caseId=case, **_facts(done))


# What was given


def _said(inline: str | None, file: Path | None, what: str) -> str:
    text = texts.text_of(inline, file, what)
    if text is None:
        raise Misused(f"say {what}: give a text, or --file")
    return text


def _members(given: str) -> list[int]:
    parts = given.split(",")
    if not all(part.isdecimal() and 0 < int(part) < 2**32 for part in parts):
        raise Misused(f"members are numbers, as in 5 or 5,7; got {given!r}")
    return [int(part) for part in parts]


def _asked(member: int, penalty: str | None, award: str | None, expulsion: bool) -> tuple[int, int, int]:
    """The remedy as the contract takes it."""
    asked = {"Penalty": penalty, "Award": award, "Expulsion": "0" if expulsion else None}
    given = [(kind, points) for kind, points in asked.items() if points is not None]
    if len(given) != 1:
        raise Misused("say what you ask for with one of --penalty, --award and --expulsion")
    ((kind, points),) = given
    return REMEDIES.index(kind), member, drafts.micro_points(points)


def _proposed(me: Actor, case: int) -> tuple[str, str]:
    """The outcome that is proposed, and its text: nobody signs what they cannot read."""
    found = me.node.data(f"/v1/cases/{case}")
    outcome, text = found["outcome"], found["outcomeText"]
    if outcome is None:
        raise Refused(f"no outcome of case {case} is proposed")
    if text is None:
        raise Refused(
            f"the node does not hold the text {outcome} that is proposed: ask the mediator, and hand it in"
            " with `dualpower texts put`"
        )
    if f"0x{texts.hash_of(text).hex()}" != outcome:
        raise Refused(f"{me.node.url} gave another text than {outcome}: it cannot be trusted")
    return outcome, text


# What happened


def _tell_opened(me: Actor, done: Done, text: str) -> None:
    opened = done.event("CaseOpened")
    number = opened["caseId"] if opened else None
    named = f"case {number}" if opened else "your case"
    said = f"{named} is open"
    if opened is not None:
        said += f" with {_ids(opened['parties'][1:])}: a mediator is drawn"
    me.tell(said, done, caseId=number)
    me.hand_in(text)


def _followed(done: Done) -> str:
    """What an action brought about, in words."""
    told: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "MediatorWanted": lambda a: f"draw {a['drawId']} gives another mediator",
        "MediationFailed": lambda a: "mediation has failed, and a panel may be convened",
        "PanelOpened": lambda a: f"draw {a['drawId']} gives a panel of {a['seats']}",
        "PanelDecided": lambda a: (
            f"{_granted(a['extent'])} is granted, unless a party appeals by {show.when(a['appealUntil'])}"
            if a["appealUntil"]
            else "the members are to vote"
            if a["extent"]
            else "nothing is granted"
        ),
        "AssemblyAsked": lambda a: f"the members decide, by proposal {a['proposalId']}",
        "DecisionAppealed": lambda a: f"the members decide, by proposal {a['proposalId']}",
        "MotionToExpel": lambda a: (
            f"the vote on expelling member {a['memberId']} is proposal {a['proposalId']}"
        ),
        "DecisionCarried": lambda a: (
            f"{_granted(a['extent'])} is carried out; {show.points(a['amount'])} points moved"
        ),
        "CaseDismissed": lambda a: "it is dismissed",
    }
    said = [told[h.event](h.arguments) for h in done.happened if h.event in told]
    return "; ".join(said) or "done"


def _facts(done: Done) -> dict[str, Any]:
    """The same for machines."""
    found: dict[str, Any] = {}
    for happened in done.happened:
        for name in ("drawId", "extent", "proposalId"):
            if name in happened.arguments and happened.contract == "CasePanels":
                found[name] = happened.arguments[name]
    return found


# What is shown


def _remedy(case: dict[str, Any], topics: dict[int, str]) -> str:
    remedy = case["remedy"]
    member = f"member {remedy['memberId']}"
    points = f"{show.points(remedy['amount'])} points in {topics.get(case['topic'], case['topic'])}"
    return {
        "Penalty": f"{member} to lose {points}",
        "Award": f"{points} of {member} for member {case['claimant']}",
        "Expulsion": f"{member} to be expelled",
        "Overturn": f"review {case['reviewId']} to be overturned",
    }[remedy["kind"]]


def _granted(extent: int) -> str:
    return ("nothing", "a quarter", "half", "three quarters", "all of it")[extent]


def _panel(panel: dict[str, Any]) -> str:
    """A panel in a line."""
    said = f"panel {panel['round']} of {panel['seats']}, by draw {panel['drawId']}"
    if panel["commitUntil"] is None:
        return said
    commit, reveal = show.when(panel["commitUntil"]), show.when(panel["revealUntil"])
    return f"{said}: commits until {commit}, reveals until {reveal}"


def _vote(panelist: dict[str, Any]) -> str:
    if panelist["extent"] is not None:
        return _granted(panelist["extent"])
    if panelist["silent"]:
        penalty = panelist["penaltyId"]
        return f"silent, penalty {penalty}" if penalty else "silent"
    return "committed" if panelist["commitment"] is not None else "not yet"


def _answer(accepted: bool | None) -> str:
    return "" if accepted is None else (", accepted" if accepted else ", declined")


def _ids(members: list[int]) -> str:
    return ", ".join(str(member) for member in members)


def _next(case: dict[str, Any]) -> str | None:
    return f"dualpower case {_STEPS[case['step']]} {case['caseId']}" if case["step"] else None
