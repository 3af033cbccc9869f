"""/v1/zk: proofs of membership, checked off the chain."""

from __future__ import annotations

from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from backend.proofs import (
    Purpose,
    PurposeRefused,
    Verifier,
    VerifierBusy,
    VerifierFailed,
    ballot_purpose,
    sign_in_purpose,
)
from backend.relay.fields import Fields, Malformed
from backend.relay.secret import proof_of
from backend.serve.body import body_of
from backend.serve.feature import Feature
from backend.serve.group import ROOT
from backend.serve.problem import Problem
from backend.serve.proof import (
    BODY,
    ProofModel,
    malformed,
    proof_refused,
    purpose_refused,
    verifier_busy,
    verifier_failed,
)
from backend.serve.values import HASH, NULLIFIER, Model, schema_of
from backend.serve.view import Envelope, Service, block_json
from zk import Proof


class BallotClaimModel(Model):
    """That a member whom nobody names casts this ballot."""

    purpose: Literal["poll"]
    poll_id: int = Field(examples=[3])
    ballot: str = Field(
        description="The ballot's word, or its seal where results are hidden", examples=["517"]
    )
    proof: ProofModel


class SignInClaimModel(Model):
    """That a member whom nobody names signs in today."""

    purpose: Literal["sign-in"]
    challenge: str = Field(description="32 bytes that this node gave out", examples=[HASH])
    proof: ProofModel


class VerifiedModel(Model):
    valid: bool = Field(description="Always true: a proof that does not hold is a problem", examples=[True])
    purpose: Literal["poll", "sign-in"] = Field(examples=["poll"])
    scope: str = Field(description="Worked out by this node", examples=[ROOT])
    message: str = Field(description="Worked out by this node", examples=[ROOT])
    root: str = Field(examples=[ROOT])
    depth: int = Field(examples=[6])
    nullifier: str = Field(examples=[NULLIFIER])


def zk_feature(service: Service, verifier: Verifier, origin: str) -> Feature:
    router = APIRouter(prefix="/zk", tags=["zk"])
    claims: list[type[Model]] = [BallotClaimModel, SignInClaimModel]
    schema = {"oneOf": [schema_of(model) for model in claims]}

    @router.post(
        "/verify",
        response_model=Envelope[VerifiedModel],
        summary="Check a proof for a purpose that this node knows",
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}
        },
        responses={503: {"description": "As many proofs wait as may"}},
    )
    async def verify(request: Request) -> Response:
        """Root, depth, scope and message are worked out from the chain's state and the purpose, never taken
        from the proof. Checking uses nothing up: whether a nullifier was used is for the poll to say."""
        body = await body_of(request, BODY)
        try:
            kind, fields, proof = claim_in(body)
            with service.view() as view:
                block = block_json(view.cursor)
                if kind == "poll":
                    poll_id, ballot = fields.number("pollId", 32), fields.number("ballot", 256)
                    purpose = ballot_purpose(view.moment, service.deployment, poll_id, ballot)
                else:
                    challenge = challenge_in(fields)
                    purpose = sign_in_purpose(view.moment, service.deployment, origin, challenge)
        except Malformed as error:
            raise malformed(error) from None
        except PurposeRefused as refused:
            raise purpose_refused(refused) from None
        await checked(verifier, purpose, proof)
        data = {
            "valid": True,
            "purpose": kind,
            "scope": str(purpose.scope.value),
            "message": str(purpose.message.value),
            "root": str(purpose.root),
            "depth": purpose.depth,
            "nullifier": str(proof.nullifier),
        }
        answer = orjson.dumps({"data": data, "block": block})
        return Response(answer, media_type="application/json", headers={"cache-control": "no-store"})

    return Feature(router, verifier, verifier.run, verifier.close)


async def checked(verifier: Verifier, purpose: Purpose, proof: Proof) -> None:
    """Raises a problem unless the proof holds."""
    try:
        outcome = await verifier.check(purpose.claim(proof))
    except VerifierBusy:
        raise verifier_busy() from None
    except VerifierFailed as error:
        raise verifier_failed(error) from None
    if outcome.refusal is not None:
        raise proof_refused(outcome)


def claim_in(body: bytes) -> tuple[str, Fields, Proof]:
    """Raises `Malformed`."""
    given = json_in(body)
    kind = given.get("purpose") if isinstance(given, dict) else None
    names = {"poll": {"pollId", "ballot"}, "sign-in": {"challenge"}}
    if not isinstance(kind, str) or kind not in names:
        raise Malformed(f"purpose is none of {', '.join(names)}")
    fields = Fields(given, {"purpose", "proof"} | names[kind])
    return kind, fields, proof_of(fields.raw("proof"))


def challenge_in(fields: Fields) -> bytes:
    """Raises `Malformed`."""
    challenge = fields.octets("challenge", 32)
    if len(challenge) != 32:
        raise Malformed("challenge is not 0x and 64 hex digits")
    return challenge


def json_in(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "not-json", "The body is not JSON", str(error)) from None
