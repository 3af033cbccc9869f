"""/v1/plan and /v1/skills: who could take which open seat, and what members declared. For members alone.

Whoever shows a session is a member, and the node does not learn which. What somebody declares about
themselves is signed by their account, since a session would not say whose it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from backend.deployment import MODULES
from backend.plan import Plan, PlanInvalid, Reason, SolverMissing, plan
from backend.read import Moment
from backend.read.plan import PlanInput, Work, plan_input
from backend.relay.fields import Fields, Malformed
from backend.relay.signed import SIGNATURE_BYTES, domain_separator, signer_of
from backend.serve.body import body_of
from backend.serve.feature import Feature
from backend.serve.membership import needed
from backend.serve.problem import Problem, not_found
from backend.serve.proof import malformed
from backend.serve.session import private_answer, session_of
from backend.serve.values import TIME, MemberFilter, MemberId, Model, schema_of
from backend.serve.view import Envelope, Service, View, block_json
from backend.serve.zk import json_in
from backend.store.declarations import Declarations, NotNewer
from backend.store.sessions import Sessions
from backend.work.declaration import DOMAIN, Declaration, DeclarationInvalid, withdrawal_digest

# How old a declaration may be when it is handed in, and how far before the node's block; seconds.
OLDEST = 86_400
AHEAD = 3_600
BODY = 16_384

NOTICE = "Suggestions: who wants a seat volunteers as ever, suggested or not."


class ReasonModel(Model):
    code: str = Field(examples=["skills"])
    words: str = Field(examples=["can do cooking; has not declared driving"])
    values: dict[str, Any] = Field(
        description="What the words rest on", examples=[{"has": ["cooking"], "lacks": ["driving"]}]
    )


class OpenSeatModel(Model):
    assignment_id: int = Field(examples=[4])
    place: int = Field(description="The how-manieth open seat of the assignment, from 1", examples=[1])
    title: str | None = Field(
        description="Of the assignment's text, where this node holds it", examples=["Bake for the feast"]
    )
    topic: int = Field(examples=[2])
    name: str | None = Field(description="The topic's", examples=["food"])
    series_id: int | None = Field(examples=[None])
    trial: bool = Field(description="Kept for newcomers", examples=[False])
    minutes: int = Field(description="Of work, as the text says; else a shift's length", examples=[180])
    starts_at: int | None = Field(description="Of work at a set time", examples=[TIME])
    ends_at: int | None = Field(examples=[TIME + 10_800])
    skills: list[str] = Field(description="That the text says would help", examples=[["cooking"]])


class SuggestionModel(OpenSeatModel):
    member_id: int = Field(description="Who could take it", examples=[7])
    why: list[ReasonModel]


class UnfilledModel(OpenSeatModel):
    """An open seat for which nobody is suggested."""

    why: list[ReasonModel] = Field(description="What keeps people from it, with how many each")


class PlanModel(Model):
    notice: str = Field(examples=[NOTICE])
    share: int = Field(
        description="Minutes beyond which nobody is asked: everybody's part of all, and one longest seat",
        examples=[420],
    )
    people: int = Field(description="Members who were considered", examples=[98])
    suggestions: list[SuggestionModel]
    unfilled: list[UnfilledModel]


class DeclaredModel(Model):
    member_id: int = Field(examples=[7])
    skills: list[str] = Field(examples=[["cooking", "first aid"]])
    availability: str = Field(
        description="Hours of every week; empty where nothing was said", examples=["mon-fri 18:00-22:00"]
    )
    zone: str = Field(description="Whose clock shows these hours", examples=["Europe/Berlin"])
    declared_at: int = Field(examples=[TIME])


class DeclarationModel(Model):
    """Signed as `Declaration(uint32 memberId,string skills,string availability,string zone,uint48
    declaredAt)`."""

    skills: str = Field(description="Up to 20, with commas between", examples=["cooking, first aid"])
    availability: str = Field(
        description="Hours of every week, `never`, or empty",
        examples=["mon-fri 18:00-22:00, sat 09:00-13:00"],
    )
    zone: str = Field(description="Of the IANA's names; empty without hours", examples=["Europe/Berlin"])
    declared_at: int = Field(description="The chain's time, seconds since 1970", examples=[TIME])
    signature: str = Field(examples=["0x" + "ab" * 65])


DeclaredAt = Annotated[int, Query(alias="declaredAt", ge=0, le=2**48 - 1, examples=[TIME])]
SignatureText = Annotated[
    str,
    Query(
        max_length=140,
        description="Of `Withdrawal(uint32 memberId,uint48 declaredAt)`",
        examples=["0x" + "ab" * 65],
    ),
]


class Planner:
    """Makes a plan once for each state of the database."""

    def __init__(self, service: Service, declarations: Declarations) -> None:
        self._service = service
        self._declarations = declarations
        self._lock = asyncio.Lock()
        self._made: tuple[int, dict[str, Any], Plan, PlanInput] | None = None

    async def plan(self) -> tuple[dict[str, Any], Plan, PlanInput]:
        """The block it is true at, the plan, and what it was made from."""
        async with self._lock:
            token = self._service.reader.change_token()
            if self._made is None or self._made[0] != token:
                declared = [Declaration(*row) for row in self._declarations.all()]
                with self._service.view() as view:
                    block, given = block_json(view.cursor), plan_input(view.moment, declared)
                try:
                    # Others are answered while the solver works.
                    made = await asyncio.to_thread(plan, given.seats, given.people)
                except SolverMissing as error:
                    raise Problem(501, "planner-missing", "This node does not plan", str(error)) from None
                except PlanInvalid as error:
                    raise Problem(
                        501, "not-planned", "This node cannot plan for so many", str(error)
                    ) from None
                self._made = token, block, made, given
            return self._made[1:]


def plan_feature(service: Service, sessions: Sessions, declarations: Declarations) -> Feature:
    router = APIRouter(tags=["plan"])
    planner = Planner(service, declarations)
    deployment = service.deployment
    separator = domain_separator(
        DOMAIN, deployment.chain_id, deployment.addresses.get(MODULES["membership"], bytes(20))
    )
    schema = schema_of(DeclarationModel)

    @router.get(
        "/plan", response_model=Envelope[PlanModel], summary="Who could take which open seat, and why"
    )
    async def suggested(request: Request, member_id: MemberFilter = None) -> Response:
        """With `memberId`: what is suggested to them. Needs a session."""
        session_of(sessions, request)
        block, made, given = await planner.plan()
        with service.view() as view:
            topics = view.moment.topics
        shown = [one for one in made.suggestions if member_id in (None, one.member_id)]
        return private_answer(
            block,
            {
                "notice": NOTICE,
                "share": made.share,
                "people": len(given.people),
                "suggestions": [
                    {
                        **_seat_json(given.work[one.seat.assignment], one.seat.place, one.seat.trial, topics),
                        "memberId": one.member_id,
                        "why": _why_json(one.why),
                    }
                    for one in shown
                ],
                "unfilled": [
                    {
                        **_seat_json(given.work[one.seat.assignment], one.seat.place, one.seat.trial, topics),
                        "why": _why_json(one.why),
                    }
                    for one in (made.unfilled if member_id is None else ())
                ],
            },
        )

    @router.get(
        "/skills", response_model=Envelope[list[DeclaredModel]], summary="What active members declared"
    )
    async def everybodys(request: Request) -> Response:
        """Needs a session."""
        session_of(sessions, request)
        with service.view() as view:
            block, active = block_json(view.cursor), _active(view.moment)
        declared = [Declaration(*row) for row in declarations.all()]
        return private_answer(block, [_declared_json(one) for one in declared if one.member_id in active])

    @router.get(
        "/members/{memberId}/skills",
        response_model=Envelope[DeclaredModel],
        summary="What a member declared",
    )
    async def ones(request: Request, member_id: MemberId) -> Response:
        """Needs a session."""
        session_of(sessions, request)
        with service.view() as view:
            needed(view, member_id)
            block = block_json(view.cursor)
        found = declarations.of(member_id)
        if found is None:
            raise not_found(f"A declaration of member {member_id}")
        return private_answer(block, _declared_json(Declaration(*found)))

    @router.put(
        "/members/{memberId}/skills",
        response_model=Envelope[DeclaredModel],
        summary="Declare what you can do, and when",
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}
        },
    )
    async def declare(request: Request, member_id: MemberId) -> Response:
        """In the place of what was declared before."""
        declaration, signature = _declaration_in(json_in(await body_of(request, BODY)), member_id)
        with service.view() as view:
            block = block_json(view.cursor)
            _fresh(declaration.declared_at, view.cursor.timestamp)
            _signed(view, member_id, declaration.digest(separator), signature)
        written = declaration.skills, declaration.availability, declaration.zone, declaration.declared_at
        try:
            await asyncio.to_thread(declarations.put, member_id, *written)
        except NotNewer as error:
            raise _not_newer(error) from None
        return private_answer(block, _declared_json(declaration))

    @router.delete(
        "/members/{memberId}/skills",
        status_code=204,
        response_class=Response,
        summary="Take back what you declared",
    )
    async def withdraw(member_id: MemberId, declared_at: DeclaredAt, signature: SignatureText) -> Response:
        try:
            given = Fields({"signature": signature}, {"signature"}).octets("signature", SIGNATURE_BYTES)
        except Malformed as error:
            raise malformed(error) from None
        with service.view() as view:
            _fresh(declared_at, view.cursor.timestamp)
            _signed(view, member_id, withdrawal_digest(member_id, declared_at, separator), given)
        try:
            await asyncio.to_thread(declarations.withdraw, member_id, declared_at)
        except NotNewer as error:
            raise _not_newer(error) from None
        return Response(status_code=204)

    return Feature(router)


def _declaration_in(given: Any, member_id: int) -> tuple[Declaration, bytes]:
    try:
        fields = Fields(given, {"skills", "availability", "zone", "declaredAt", "signature"})
        texts = {name: fields.raw(name) for name in ("skills", "availability", "zone")}
        if wrong := [name for name, text in texts.items() if not isinstance(text, str)]:
            raise Malformed(f"{wrong[0]} is no text")
        declaration = Declaration(member_id, **texts, declared_at=fields.number("declaredAt", 48))
        signature = fields.octets("signature", SIGNATURE_BYTES)
    except Malformed as error:
        raise malformed(error) from None
    try:
        declaration.check()
    except DeclarationInvalid as error:
        raise Problem(422, "declaration-invalid", "The declaration does not read", str(error)) from None
    return declaration, signature


def _fresh(declared_at: int, now: int) -> None:
    if not now - OLDEST <= declared_at <= now + AHEAD:
        raise Problem(
            409,
            "declaration-not-of-now",
            "The declaration was not made now",
            f"it is of {declared_at}, and it is {now} on the chain; {OLDEST} seconds before and {AHEAD} after"
            " are taken",
        )


def _signed(view: View, member_id: int, digest: bytes, signature: bytes) -> None:
    who = needed(view, member_id)
    if who.status not in ("Active", "Dormant"):
        raise Problem(409, "not-a-member", "Only members declare what they can do", f"status {who.status}")
    if signer_of(digest, signature) != who.account:
        raise Problem(
            422,
            "signature-not-theirs",
            "The signature is not that of the member's account",
            f"member {member_id} has the account 0x{who.account.hex()}; contract wallets cannot declare",
        )


def _not_newer(error: NotNewer) -> Problem:
    detail = f"the last one is of {error.last}; give a later time"
    title = "There is a declaration as new as this one"
    return Problem(409, "declaration-not-newer", title, detail, last=error.last)


def _active(moment: Moment) -> set[int]:
    rows = moment.reader.query("SELECT member_id FROM members WHERE status = 'Active'")
    return {member for (member,) in rows}


def _seat_json(work: Work, place: int, trial: bool, topics: dict[int, str]) -> dict[str, Any]:
    return {
        "assignmentId": work.assignment_id,
        "place": place,
        "title": work.brief.title or None,
        "topic": work.kind.topic,
        "name": topics.get(work.kind.topic),
        "seriesId": work.kind.series or None,
        "trial": trial,
        "minutes": work.minutes,
        "startsAt": work.starts,
        "endsAt": work.ends,
        "skills": work.brief.skills,
    }


def _why_json(why: Iterable[Reason]) -> list[dict[str, Any]]:
    return [{"code": one.code, "words": one.words, "values": one.values} for one in why]


def _declared_json(declaration: Declaration) -> dict[str, Any]:
    return {
        "memberId": declaration.member_id,
        "skills": sorted(declaration.skill_names or ()),
        "availability": declaration.hours.text() if declaration.hours else "",
        "zone": declaration.zone,
        "declaredAt": declaration.declared_at,
    }
