"""/v1/members: who belongs to the commune, and all that hangs on a memberId."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import Field

from backend.project.membership import STATUSES, Account, Member, StatusChange
from backend.read import (
    Moment,
    admission,
    assembly,
    credits,
    membership,
    penalties,
    presence,
    recovery,
    reputation,
)
from backend.serve.page import Paged, listing
from backend.serve.problem import Problem, not_found
from backend.serve.values import (
    ADDRESS,
    BIGINT,
    HASH,
    PROPOSAL,
    TIME,
    MemberId,
    Model,
    account_of,
    columns,
    hex_of,
)
from backend.serve.view import Envelope, PageEnvelope, Used, View
from backend.store import table_of

router = APIRouter(tags=["members"])

MemberStatus = Literal["Active", "Dormant", "Left", "Expelled"]
assert set(MemberStatus.__args__) == set(STATUSES) - {"None"}  # type: ignore[attr-defined]


class PersonModel(Model):
    """A member as other answers name one."""

    member_id: int = Field(examples=[7])
    account: str = Field(examples=[ADDRESS])
    profile: str | None = Field(
        description="Hash of the text they applied with; founders have none", examples=[HASH]
    )
    introduction: str | None = Field(
        description="That text's first line, where this node holds it", examples=["Baker. I get up early."]
    )


class MemberModel(PersonModel):
    status: MemberStatus = Field(examples=["Active"])
    since: int = Field(description="When the status began, seconds since 1970", examples=[TIME])
    joined_at: int = Field(description="The last admission", examples=[TIME])
    first_joined_at: int = Field(examples=[TIME])
    founder: bool = Field(examples=[False])
    probation_until: int = Field(description="0 for founders", examples=[TIME + 7_776_000])


class CreditsModel(Model):
    season: int = Field(examples=[1])
    budget: int = Field(description="As opened, or what opening it now would give", examples=[131])
    opened: bool = Field(examples=[True])
    spent: int = Field(examples=[24])
    left: int = Field(examples=[107])


class ScoreModel(Model):
    topic: int = Field(examples=[2])
    name: str = Field(examples=["food"])
    score: str = Field(description="Micro-points, as text", examples=["41250000"])


class ReputationModel(Model):
    at: int = Field(description="Seconds since 1970", examples=[TIME])
    total: str = Field(description="Micro-points over all topics, as text", examples=["48100000"])
    topics: list[ScoreModel]


class PendingPenaltyModel(Model):
    penalty_id: int = Field(examples=[3])
    topic: int = Field(examples=[2])
    amount: str = Field(description="Micro-points, as text", examples=["1000000"])
    due_at: int = Field(description="From when it can be carried out", examples=[TIME + 1_209_600])


class MemberReputationModel(ReputationModel):
    member_id: int = Field(examples=[7])
    half_life: int = Field(description="Seconds in which a score halves", examples=[7_776_000])
    confirmation_left: str = Field(
        description="Micro-points the member may still confirm of others this season", examples=["500000000"]
    )
    pending: list[PendingPenaltyModel] = Field(description="Penalties that wait now, and do not count yet")


class GuardiansModel(Model):
    guardians: list[int] = Field(description="memberIds", examples=[[2, 3, 9]])
    threshold: int = Field(examples=[2])
    effective_at: int | None = Field(description="Of a change under way", examples=[None])


class RecoveryRequestModel(Model):
    new_account: str = Field(examples=[ADDRESS])
    supporters: list[int] = Field(description="Guardians who count now", examples=[[2, 9]])
    executable_at: int | None = Field(description="null while support is missing", examples=[TIME])


class RecoveryModel(Model):
    guardians: GuardiansModel
    pending: GuardiansModel | None
    request: RecoveryRequestModel | None
    required_support: int = Field(examples=[2])
    veto_spent: bool = Field(examples=[False])
    guardian_of: list[int] = Field(description="Members who named this one", examples=[[4]])


class PresenceModel(Model):
    last_sign: int = Field(description="The last sign of life", examples=[TIME])
    due_at: int = Field(description="When the next one is due", examples=[TIME + 31_536_000])
    notice_at: int | None = Field(description="When the running notice was given", examples=[None])
    dormant_from: int | None = Field(description="When that notice runs out", examples=[None])
    check_ins: int = Field(examples=[1])
    last_attester: int | None = Field(examples=[9])


class StatusChangeModel(Model):
    from_status: str = Field(examples=["None"])
    to_status: str = Field(examples=["Active"])
    changed_at: int = Field(examples=[TIME])
    block: int = Field(examples=[1205])


class HeldAccountModel(Model):
    account: str = Field(examples=[ADDRESS])
    held_from: int = Field(examples=[TIME])
    held_until: int | None = Field(examples=[None])


class MemberDetailModel(MemberModel):
    application_id: int | None = Field(description="By which they were last admitted", examples=[3])
    vouchers: list[int] = Field(examples=[[1, 4]])
    vouches_left: int = Field(description="This season", examples=[3])
    objections_left: int = Field(description="This season", examples=[2])
    live_proposal_id: str | None = Field(examples=[PROPOSAL])
    credits: CreditsModel | None
    reputation: ReputationModel
    recovery: RecoveryModel
    presence: PresenceModel
    history: list[StatusChangeModel]
    accounts: list[HeldAccountModel]


class MemberBallotModel(Model):
    proposal_id: str = Field(examples=[PROPOSAL])
    support: int = Field(description="0 Against, 1 For, 2 Abstain", examples=[1])
    choice: str = Field(examples=["For"])
    votes: int = Field(examples=[3])
    cost: int = Field(description="Voice credits", examples=[8])
    followed: bool = Field(examples=[False])
    voter: int | None = Field(description="Whose ballot it follows", examples=[None])
    cast_at: int = Field(examples=[TIME])


_PERSON = "a.profile, x.content"
_WITH_PROFILE = (
    " FROM members m LEFT JOIN admissions d ON d.member_id = m.member_id"
    " LEFT JOIN applications a ON a.application_id = d.application_id"
    " LEFT JOIN texts x ON x.text_hash = a.profile"
)


@router.get("/members", response_model=PageEnvelope[MemberModel], summary="The members")
async def members(
    service: Used,
    page: Paged,
    status: MemberStatus | None = None,
    account: Annotated[
        str | None, Query(max_length=80, description="Who holds this account", examples=[ADDRESS])
    ] = None,
) -> Response:
    where: list[str] = []
    arguments: list[Any] = []
    if status is not None:
        where.append("m.status = ?")
        arguments.append(status)
    if account is not None:
        where.append("m.account = ?")
        arguments.append(account_of(account))
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="members",
                select=f"SELECT {columns(Member, 'm')}, {_PERSON}{_WITH_PROFILE}",
                order=["m.member_id"],
                where=" AND ".join(where),
                arguments=arguments,
                present=lambda row: member_json(view.moment, row),
            )
        )


@router.get("/members/{memberId}", response_model=Envelope[MemberDetailModel], summary="One member")
async def member(service: Used, member_id: MemberId) -> Response:
    with service.view() as view:
        row = view.reader.one(
            f"SELECT {columns(Member, 'm')}, {_PERSON}{_WITH_PROFILE} WHERE m.member_id = ?", (member_id,)
        )
        if row is None:
            raise not_found(f"Member {member_id}")
        return view.answer(member_json(view.moment, row) | _detail_json(view.moment, needed(view, member_id)))


@router.get(
    "/members/{memberId}/credits",
    response_model=Envelope[list[CreditsModel]],
    summary="A member's voice credits, season by season",
)
async def member_credits(
    service: Used,
    member_id: MemberId,
    last: Annotated[int, Query(ge=1, le=200, description="How many seasons, the latest first")] = 20,
) -> Response:
    with service.view() as view:
        who = needed(view, member_id)
        current = view.moment.season or 0
        numbers = range(current, max(0, current - last), -1)
        return view.answer([credits_json(view.moment, who, number) for number in numbers])


@router.get(
    "/members/{memberId}/reputation",
    response_model=Envelope[MemberReputationModel],
    summary="A member's scores, now or at a past time",
)
async def member_reputation(
    service: Used,
    member_id: MemberId,
    topic: Annotated[int | None, Query(ge=1, le=65_535, description="This one only")] = None,
    at: Annotated[
        int | None, Query(ge=0, le=BIGINT, description="Seconds since 1970; the block's by default")
    ] = None,
) -> Response:
    with service.view() as view:
        moment = view.moment
        needed(view, member_id)
        if topic is not None and topic not in moment.topics:
            raise not_found(f"Topic {topic}")
        if at is not None and at > moment.now:
            raise Problem(
                400,
                "time-to-come",
                "The time lies after the block that this answer would be true at",
                f"at is {at}, the block's timestamp {moment.now}",
            )
        document = reputation_json(moment, member_id, moment.now if at is None else at, topic)
        return view.answer(
            document
            | {
                "memberId": member_id,
                "halfLife": reputation.fading(moment).half_life,
                "confirmationLeft": str(reputation.confirmation_left(moment, member_id)),
                "pending": [
                    {
                        "penaltyId": pending.penalty_id,
                        "topic": pending.topic,
                        "amount": str(pending.amount),
                        "dueAt": pending.due_at,
                    }
                    for pending in penalties.pending_of(moment, member_id)
                ],
            }
        )


@router.get(
    "/members/{memberId}/ballots",
    response_model=PageEnvelope[MemberBallotModel],
    summary="A member's ballots, newest first",
)
async def member_ballots(service: Used, page: Paged, member_id: MemberId) -> Response:
    from backend.serve.assembly import ballots_page

    with service.view() as view:
        needed(view, member_id)
        rows, following = ballots_page(
            view, page, "member-ballots", "b.member_id = ?", [member_id], descending=True
        )
        kept = ("proposalId", "support", "choice", "votes", "cost", "followed", "voter", "castAt")
        return view.page(([{name: row[name] for name in kept} for row in rows], following))


def needed(view: View, member_id: int) -> Member:
    found = membership.member(view.moment, member_id)
    if found is None:
        raise not_found(f"Member {member_id}")
    return found


def member_json(moment: Moment, row: tuple[Any, ...]) -> dict[str, Any]:
    """From a member's columns, then profile and its text."""
    who: Member = table_of(Member).from_sql(row[:-2])
    return _person_json(who.member_id, who.account, row[-2], row[-1]) | {
        "status": who.status,
        "since": who.since,
        "joinedAt": who.joined_at,
        "firstJoinedAt": who.first_joined_at,
        "founder": who.founder,
        "probationUntil": membership.probation_until(moment, who),
    }


def people(moment: Moment, member_ids: Iterable[int | None]) -> dict[int, dict[str, Any]]:
    """Members as other answers name them."""
    wanted = sorted({member_id for member_id in member_ids if member_id is not None})
    if not wanted:
        return {}
    rows = moment.reader.query(
        f"SELECT m.member_id, m.account, {_PERSON}{_WITH_PROFILE}"
        f" WHERE m.member_id IN ({', '.join('?' * len(wanted))})",
        wanted,
    )
    return {row[0]: _person_json(*row) for row in rows}


def _person_json(member_id: int, account: bytes, profile: bytes | None, text: bytes | None) -> dict[str, Any]:
    return {
        "memberId": member_id,
        "account": f"0x{account.hex()}",
        "profile": hex_of(profile),
        "introduction": first_line(text),
    }


def first_line(text: str | bytes | None) -> str | None:
    """What a list has room for."""
    if text is None:
        return None
    if isinstance(text, bytes):
        text = text.decode()
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return line if len(line) <= 200 else f"{line[:199]}…"


def credits_json(moment: Moment, who: Member, season: int) -> dict[str, Any]:
    found = credits.budget_of(moment, who, season)
    budget = found.budget or 0
    opened = moment.number(
        "SELECT count(*) FROM budgets WHERE member_id = ? AND season = ? AND budget IS NOT NULL",
        (who.member_id, season),
    )
    return {
        "season": season,
        "budget": budget,
        "opened": bool(opened),
        "spent": found.spent,
        "left": budget - found.spent,
    }


def reputation_json(moment: Moment, member_id: int, at: int, only: int | None = None) -> dict[str, Any]:
    topics = reputation.topics_of(moment, member_id) if only is None else [only]
    return {
        "at": at,
        "total": str(reputation.score_at(moment, member_id, t=at)),
        "topics": [
            {
                "topic": topic,
                "name": moment.topics[topic],
                "score": str(reputation.score_at(moment, member_id, topic, at)),
            }
            for topic in topics
        ],
    }


def _detail_json(moment: Moment, who: Member) -> dict[str, Any]:
    member_id = who.member_id
    application_id = moment.reader.one(
        "SELECT application_id FROM admissions WHERE member_id = ?", (member_id,)
    )
    live = assembly.live_proposal_of(moment, member_id)
    return {
        "applicationId": application_id[0] if application_id else None,
        "vouchers": admission.vouchers_of(moment, member_id),
        "vouchesLeft": admission.vouches_left(moment, member_id),
        "objectionsLeft": admission.objections_left(moment, member_id),
        "liveProposalId": str(live) if live is not None else None,
        "credits": credits_json(moment, who, moment.season) if moment.season is not None else None,
        "reputation": reputation_json(moment, member_id, moment.now),
        "recovery": _recovery_json(moment, member_id),
        "presence": _presence_json(moment, who),
        "history": [
            {
                "fromStatus": change.from_status,
                "toStatus": change.to_status,
                "changedAt": change.changed_at,
                "block": change.block,
            }
            for change in moment.rows(StatusChange, "member_id = ?", (member_id,))
        ],
        "accounts": [
            {"account": hex_of(held.account), "heldFrom": held.held_from, "heldUntil": held.held_until}
            for held in moment.rows(Account, "member_id = ?", (member_id,), "held_from")
        ],
    }


def _recovery_json(moment: Moment, member_id: int) -> dict[str, Any]:
    def shown(guardians: recovery.Guardians) -> dict[str, Any]:
        return {
            "guardians": guardians.members,
            "threshold": guardians.threshold,
            "effectiveAt": guardians.effective_at,
        }

    pending = recovery.pending_guardians_of(moment, member_id)
    request = recovery.request_of(moment, member_id)
    named_by = moment.reader.query(
        "SELECT DISTINCT member_id FROM guardians WHERE guardian = ? ORDER BY member_id", (member_id,)
    )
    return {
        "guardians": shown(recovery.guardians_of(moment, member_id)),
        "pending": shown(pending) if pending else None,
        "request": {
            "newAccount": hex_of(request.new_account),
            "supporters": request.supporters,
            "executableAt": request.executable_at,
        }
        if request
        else None,
        "requiredSupport": recovery.required_support(moment, member_id),
        "vetoSpent": recovery.veto_spent(moment, member_id),
        "guardianOf": [
            ward for (ward,) in named_by if member_id in recovery.guardians_of(moment, ward).members
        ],
    }


def _presence_json(moment: Moment, who: Member) -> dict[str, Any]:
    known = presence.presence(moment, who.member_id)
    sign = presence.last_sign(moment, who)
    notice = presence.running_notice(moment, who)
    return {
        "lastSign": sign,
        "dueAt": sign + moment.parameters["presence.period"],
        "noticeAt": notice,
        "dormantFrom": notice + moment.parameters["presence.notice"] if notice is not None else None,
        "checkIns": known.check_ins,
        "lastAttester": known.last_attester,
    }
