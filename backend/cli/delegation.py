"""`dualpower delegate`, `revoke`, `delegations`, `notices` and `follow`: who votes for whom."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from backend.cli import drafts, show
from backend.cli.acting import Acting, Signing, actor
from backend.cli.api import Node, Reading
from backend.cli.command import command
from backend.cli.errors import Misused, Refused
from backend.cli.members import Limit, MemberId, member_id
from backend.cli.proposals import number_of, topics_of

app = typer.Typer(no_args_is_help=True, help="Who votes for whom, topic by topic.")

Topic = Annotated[str, typer.Argument(metavar="TOPIC", help="The area of life, by name or number.")]
# Members in one transaction.
PAGE = 100


def delegate(
    acting: Acting,
    topic: Topic,
    member: MemberId,
    votes: Annotated[int, typer.Option(min=1, max=31, help="With how many votes on one thing, at most.")] = 2,
    credits: Annotated[
        int, typer.Option(min=0, max=65_535, help="For how many voice credits a season, at most.")
    ] = 30,
) -> None:
    """Have your ballot on a topic follow another member's where you do not vote. It holds for votes that open
    later."""
    with actor(acting) as me:
        names = topics_of(me.node)
        number = drafts.topic_of(topic, names)
        own = int(me.member()["memberId"])
        beyond = me.node.data("/v1/delegations", topic=number, memberId=member)["delegations"]
        done = me.act("delegation", "delegate", number, member, votes, credits)
        me.tell(
            f"member {member} votes for you on {_name(names, number)} where you do not: with {votes} votes at"
            f" most, for {credits} voice credits a season at most",
            done,
            memberId=own,
            topic=number,
            delegate=member,
            maxVotes=votes,
            maxCredits=credits,
        )
        if any(own in edge["chain"] for edge in beyond):
            show.note(
                f"member {member}'s own delegation leads back to you: if nobody on the way votes, none of you"
                " has a ballot",
                as_json=acting.as_json,
            )


def revoke(acting: Acting, topic: Topic) -> None:
    """End your delegation on a topic, at once. Votes that are open already keep the one that they began with:
    vote in them yourself."""
    with actor(acting) as me:
        names = topics_of(me.node)
        number = drafts.topic_of(topic, names)
        done = me.act("delegation", "revoke", number)
        me.tell(f"nobody votes for you on {_name(names, number)} any more", done, topic=number)


@command(app, "list")
def delegations(
    reading: Reading,
    topic: Annotated[str | None, typer.Option(help="Only on this topic, by name or number.")] = None,
    delegate: Annotated[
        int | None, typer.Option(min=1, help="Only to this member.", metavar="MEMBER")
    ] = None,
    limit: Limit = 1_000,
) -> None:
    """List who delegates to whom, and where that leads."""
    with Node(reading.node) as api:
        number = drafts.topic_of(topic, topics_of(api)) if topic is not None else None
        found = _edges(api, limit, topic=number, delegate=delegate)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("topic", "member", "follows", "leads to", "votes", "credits", "since"),
        [
            (
                edge["name"],
                edge["memberId"],
                " > ".join(map(str, edge["chain"])),
                edge["end"] or _PROBLEMS[edge["problem"]],
                edge["maxVotes"],
                edge["maxCredits"],
                show.when(edge["since"]),
            )
            for edge in found
        ],
        empty="nobody delegates",
    )


@command(app, "topics")
def topics(reading: Reading) -> None:
    """Show how voices gather, topic by topic, were everybody to leave a vote to their delegates."""
    with Node(reading.node) as api:
        found = api.data("/v1/delegations", limit=1)["topics"]
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        (
            "topic",
            "delegations",
            "delegates",
            "largest share",
            "Gini",
            "a majority is",
            "cycles",
            "longest chain",
        ),
        [
            (
                one["name"],
                one["delegations"],
                one["delegates"],
                f"{one['largestShare']:.1%}",
                f"{one['gini']:.2f}",
                f"{one['majority']} of {one['members']} members",
                one["cycleCount"],
                one["longestChain"],
            )
            for one in found
        ],
        empty="nobody delegates",
    )


@command(app, "show")
def member(
    reading: Reading,
    who: Annotated[str, typer.Argument(metavar="MEMBER", help="A memberId, or an account after 0x.")],
) -> None:
    """Show whom a member named, and for how many they would speak."""
    with Node(reading.node) as api:
        number = member_id(api, who)
        found = api.data(f"/v1/members/{number}/delegations")
    if reading.as_json:
        show.as_json(found)
        return
    show.facts(
        [
            ("member", number),
            *((f"on {edge['name']}", _given(edge)) for edge in found["given"]),
            *((f"from {one['name']}", _received(one)) for one in found["received"]),
        ]
    )


def notices(
    reading: Reading,
    who: Annotated[str, typer.Argument(metavar="MEMBER", help="A memberId, or an account after 0x.")],
    pending: Annotated[
        bool, typer.Option("--pending", help="Only of votes in which they can still vote themselves.")
    ] = False,
    limit: Limit = 20,
) -> None:
    """Show what was voted on a member's behalf, or is about to be, the latest first."""
    with Node(reading.node) as api:
        number = member_id(api, who)
        found = api.rows(f"/v1/members/{number}/notices", limit, pending="true" if pending else None)
    if reading.as_json:
        show.as_json(found)
        return
    show.table(
        ("when", "notice", "voting ends", "vote"),
        [
            (
                show.when(one["at"]),
                one["words"],
                show.when(one["deadline"]),
                "\n".join(filter(None, (one["title"], one["proposalId"] or f"poll {one['pollId']}"))),
            )
            for one in found
        ],
        empty="nobody voted on their behalf",
    )


def follow(
    signing: Signing,
    proposal: Annotated[
        str | None, typer.Argument(metavar="[PROPOSAL]", help="Its id; or give --poll.")
    ] = None,
    poll: Annotated[
        int | None, typer.Option(min=1, max=2**32 - 1, help="A poll's number.", metavar="N")
    ] = None,
) -> None:
    """Have the ballots of all who follow in a vote filled in, once direct voting is over. Keepers do it, and
    anyone may."""
    if (proposal is None) == (poll is None):
        raise Misused("give a proposal's id, or a poll with --poll")
    vote = number_of(proposal) if proposal is not None else poll
    path = f"/v1/proposals/{vote}" if poll is None else f"/v1/polls/{poll}"
    with actor(signing) as me:
        found = me.node.data(path)
        following = found["following"] if poll is None else found["state"] == "Following"
        if not following:
            raise Refused(_not_following(found, found["deadline"] if poll is None else found["votingEnd"]))
        pages = me.node.pages(f"{path}/followers", PAGE, missing="true")
        missing = [one["memberId"] for page in pages for one in page]
        followed = 0
        with show.bar("following", len(missing)) as moved:
            for start in range(0, len(missing), PAGE):
                members = missing[start : start + PAGE]
                function = "follow" if poll is None else "followPoll"
                done = me.act("delegation", function, vote, members)
                event = "Followed" if poll is None else "PollFollowed"
                followed += sum(happened.event == event for happened in done.happened)
                moved(start + len(members))
        if signing.as_json:
            show.as_json({"followed": followed, "passedOver": len(missing) - followed})
        elif not missing:
            show.line("all who follow in this vote have their ballots")
        else:
            show.line(f"{followed} of {len(missing)} members have a ballot now by following")


_PROBLEMS = {"Cycle": "nobody: a cycle", "ChainTooLong": "nobody: too long a chain"}


def _not_following(found: dict[str, Any], deadline: int) -> str:
    if found["followEnd"] == deadline:
        return "delegations are not followed in this vote"
    times = f"from {show.when(deadline)} to {show.when(found['followEnd'])}"
    return f"delegations are followed {times}; the vote is {found['state'].lower()}"


def _edges(api: Node, limit: int, **filters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while len(found) < limit:
        page = api.get("/v1/delegations", limit=min(200, limit), cursor=cursor, **filters)
        found += page["data"]["delegations"]
        cursor = page["next"]
        if cursor is None:
            break
    return found[:limit]


def _given(edge: dict[str, Any]) -> str:
    way = " > ".join(map(str, edge["chain"]))
    leads = _PROBLEMS[edge["problem"]] if edge["problem"] else f"leads to {edge['end']}"
    return (
        f"follows {way} ({leads}), with {edge['maxVotes']} votes at most;"
        f" {edge['spent']} of {edge['maxCredits']} voice credits spent this season"
    )


def _received(one: dict[str, Any]) -> str:
    named = f"named by {one['delegations']}"
    return f"{named}, speaks for {one['voices']}" if one["voices"] else f"{named}, and passes it on"


def _name(names: dict[str, int], topic: int) -> str:
    return next((name for name, number in names.items() if number == topic), str(topic))
