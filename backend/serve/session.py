"""/v1/session: signing in as "a member", and as nobody else.

A proof for today's scope at this node gives a token. The node knows of its bearer that they were in the group
this morning and are still, and nothing more: neither who they are, nor what else they signed in for, nor
where.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from backend.proofs import PurposeRefused, Verifier, sign_in_purpose
from backend.read import group
from backend.relay.fields import Fields, Malformed
from backend.relay.secret import proof_of
from backend.serve.body import body_of
from backend.serve.feature import Feature
from backend.serve.group import ROOT, TreeModel, tree_json
from backend.serve.problem import Problem
from backend.serve.proof import BODY, ProofModel, malformed, purpose_refused
from backend.serve.values import HASH, TIME, Model, schema_of
from backend.serve.view import Envelope, Service, Used, block_json
from backend.serve.zk import challenge_in, checked, json_in
from backend.store.sessions import ChallengeUsed, Sessions, TooManySignIns

# Seconds.
CHALLENGE = 300
SESSION = 3_600
# For each identity and day: a few devices, or a token that was lost.
SIGN_INS = 5

_TOKEN = "9J5m2kq8vS0cXb4tYw1nR7uE3hLz6aPdQfGiKoMxTjU"  # noqa: S105


class ChallengeModel(Model):
    """What to prove, and against what. Check that `origin` is where you are: a proof is good for one node."""

    challenge: str = Field(description="32 bytes, to be used once", examples=[HASH])
    expires_at: int = Field(examples=[TIME + CHALLENGE])
    origin: str = Field(examples=["https://node.example"])
    chain_id: int = Field(examples=[31337])
    contract: str = Field(description="The group's", examples=["0x5fbdb2315678afecb367f032d93f642f64180aa3"])
    day: int = Field(description="Of the chain's head, days since 1970", examples=[20454])
    scope: str = Field(examples=[ROOT])
    message: str = Field(examples=[ROOT])
    root: str = Field(description="The one root that is taken now", examples=[ROOT])
    depth: int = Field(description="At which it is proved", examples=[6])


class SignInModel(Model):
    challenge: str = Field(examples=[HASH])
    proof: ProofModel


class SessionModel(Model):
    member: bool = Field(description="All that a session says", examples=[True])
    expires_at: int = Field(examples=[TIME + SESSION])


class NewSessionModel(SessionModel):
    token: str = Field(description="For `Authorization: Bearer`", examples=[_TOKEN])


@dataclass(frozen=True)
class Challenges:
    """A challenge is 16 random bytes, when it ends, and a tag that this node alone can make: nothing is kept
    of those that nobody uses."""

    key: bytes

    def make(self, ends: int) -> bytes:
        body = secrets.token_bytes(16) + ends.to_bytes(8, "big")
        return body + self._tag(body)

    def ends(self, challenge: bytes) -> int | None:
        """When it ends; None if this node did not make it."""
        body, tag = challenge[:24], challenge[24:]
        return int.from_bytes(body[16:], "big") if hmac.compare_digest(tag, self._tag(body)) else None

    def _tag(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, key=self.key, digest_size=8).digest()


def session_feature(service: Service, sessions: Sessions, verifier: Verifier, origin: str) -> Feature:
    """`origin`: this node's public address, as browsers send it."""
    router = APIRouter(prefix="/session", tags=["session"])
    challenges = Challenges(sessions.key())
    deployment = service.deployment
    schema = schema_of(SignInModel)

    @router.post("/challenge", response_model=Envelope[ChallengeModel], summary="Ask to sign in")
    async def challenge() -> Response:
        ends = int(time.time()) + CHALLENGE
        made = challenges.make(ends)
        with service.view() as view:
            block = block_json(view.cursor)
            try:
                purpose = sign_in_purpose(view.moment, deployment, origin, made)
            except PurposeRefused as refused:
                raise purpose_refused(refused) from None
            day = group.day_of(view.moment.now)
        return private_answer(
            block,
            {
                "challenge": f"0x{made.hex()}",
                "expiresAt": ends,
                "origin": origin,
                "chainId": deployment.chain_id,
                "contract": f"0x{purpose.scope.contract:040x}",
                "day": day,
                "scope": str(purpose.scope.value),
                "message": str(purpose.message.value),
                "root": str(purpose.root),
                "depth": purpose.depth,
            },
        )

    @router.get(
        "/group", response_model=Envelope[TreeModel], summary="The group that sign-ins are proved against"
    )
    async def leaves(service: Used) -> Response:
        """As it stood when the day of the chain's head began; once a leaf was emptied or replaced since, as
        it stood right after. All leaves, and no way to ask for less."""
        with service.view() as view:
            return view.answer(tree_json(group.tree_of_the_day(view.moment)))

    @router.post(
        "",
        status_code=201,
        response_model=Envelope[NewSessionModel],
        summary="Sign in with a proof",
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}
        },
    )
    async def sign_in(request: Request) -> Response:
        body = await body_of(request, BODY)
        try:
            fields = Fields(json_in(body), {"challenge", "proof"})
            given, proof = challenge_in(fields), proof_of(fields.raw("proof"))
            challenge_ends = fresh(challenges.ends(given))
            with service.view() as view:
                block = block_json(view.cursor)
                purpose = sign_in_purpose(view.moment, deployment, origin, given)
                day = group.day_of(view.moment.now)
        except Malformed as error:
            raise malformed(error) from None
        except PurposeRefused as refused:
            raise purpose_refused(refused) from None
        await checked(verifier, purpose, proof)
        answer = await asyncio.to_thread(
            begin,
            sessions,
            challenge=given,
            challenge_ends=challenge_ends,
            scope=purpose.scope.value.to_bytes(32, "big"),
            nullifier=proof.nullifier.to_bytes(32, "big"),
            day=day,
        )
        return private_answer(block, answer, 201)

    @router.get("", response_model=Envelope[SessionModel], summary="What a session says")
    async def session(request: Request) -> Response:
        ends = session_of(sessions, request)
        with service.view() as view:
            block = block_json(view.cursor)
        return private_answer(block, {"member": True, "expiresAt": ends})

    @router.delete("", status_code=204, response_class=Response, summary="End a session")
    async def end(request: Request) -> Response:
        await asyncio.to_thread(sessions.end, _hash(_bearer(request)))
        return Response(status_code=204)

    return Feature(router)


def begin(
    sessions: Sessions, *, challenge: bytes, challenge_ends: int, scope: bytes, nullifier: bytes, day: int
) -> dict[str, object]:
    """A new session as it is answered. Raises a 409 or a 429."""
    now = int(time.time())
    # To the minute: the second would tell what it came from.
    ends = (now + SESSION) // 60 * 60
    token = secrets.token_urlsafe(32)
    try:
        sessions.sign_in(
            challenge=challenge,
            challenge_ends=challenge_ends,
            scope=scope,
            nullifier=nullifier,
            day=day,
            limit=SIGN_INS,
            token_hash=_hash(token),
            ends=ends,
            now=now,
        )
    except ChallengeUsed:
        raise Problem(409, "challenge-used", "The challenge was used", "Ask for another.") from None
    except TooManySignIns as many:
        raise Problem(
            429,
            "too-many-sign-ins",
            "This identity has signed in often enough today",
            f"{many.limit} times a day",
        ) from None
    return {"member": True, "expiresAt": ends, "token": token}


def session_of(sessions: Sessions, request: Request) -> int:
    """When the session that a request shows ends. Whoever has one is an active member, and nobody in
    particular. Raises a 401."""
    ends = sessions.ends(_hash(_bearer(request)), int(time.time()))
    if ends is None:
        raise _unauthorized("There is no such session, or it has ended")
    return ends


def private_answer(block: dict[str, object], data: object, status: int = 200) -> Response:
    """Without an ETag: such answers are for one client, and are never kept."""
    body = orjson.dumps({"data": data, "block": block})
    return Response(body, status, media_type="application/json", headers={"cache-control": "no-store"})


def fresh(ends: int | None) -> int:
    """When a challenge of this node ends. Raises a 422 or a 409."""
    if ends is None:
        raise Problem(422, "challenge-unknown", "This node did not give out the challenge")
    if ends < time.time():
        raise Problem(409, "challenge-expired", "The challenge has expired", "Ask for another.")
    return ends


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise _unauthorized("The request names no session")
    return token.strip()


def _unauthorized(title: str) -> Problem:
    return Problem(401, "not-signed-in", title, headers={"www-authenticate": "Bearer"})


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
