"""/v1/session/wallet: signing in with the account that holds a membership (EIP-4361).

For members who cannot prove: because they have registered no key, or their device is too weak. The node
learns whose account it is, once; what it keeps, and the session, say as little as after a proof.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field

from backend.read import group, membership
from backend.relay.fields import Fields, Malformed
from backend.relay.signed import SIGNATURE_BYTES, signer_of
from backend.serve.body import body_of
from backend.serve.eip4361 import MessageInvalid, SignInMessage, digest
from backend.serve.feature import Feature
from backend.serve.problem import Problem
from backend.serve.proof import BODY, malformed
from backend.serve.session import (
    CHALLENGE,
    Challenges,
    NewSessionModel,
    begin,
    fresh,
    private_answer,
)
from backend.serve.values import TIME, Model, schema_of
from backend.serve.view import Envelope, Service, block_json
from backend.serve.zk import json_in
from backend.store.sessions import Sessions


class WalletChallengeModel(Model):
    """What the message has to say. `domain` and `uri` are where the page has to be: check that it is."""

    nonce: str = Field(description="To be used once", examples=["9f86d081884c7d659a2feaa0c55ad0159f86d081"])
    domain: str = Field(examples=["node.example"])
    uri: str = Field(examples=["https://node.example"])
    chain_id: int = Field(examples=[31337])
    issued_at: str = Field(examples=["2026-01-01T00:00:00Z"])
    expiration_time: str = Field(examples=["2026-01-01T00:05:00Z"])
    expires_at: int = Field(examples=[TIME + CHALLENGE])


class WalletSignInModel(Model):
    message: str = Field(
        description="By EIP-4361, with what the challenge says",
        examples=["https://node.example wants you to sign in with your Ethereum account:\n0x…"],
    )
    signature: str = Field(description="`personal_sign` of it", examples=["0x" + "1b" * 65])


def wallet_session_feature(service: Service, sessions: Sessions, origin: str) -> Feature:
    """`origin`: this node's public address, as browsers send it."""
    router = APIRouter(prefix="/session/wallet", tags=["session"])
    key = sessions.key()
    challenges = Challenges(key)
    place = urlsplit(origin)
    chain_id = service.deployment.chain_id
    schema = schema_of(WalletSignInModel)

    @router.post(
        "/challenge", response_model=Envelope[WalletChallengeModel], summary="Ask to sign in with a wallet"
    )
    async def challenge() -> Response:
        now = int(time.time())
        ends = now + CHALLENGE
        with service.view() as view:
            block = block_json(view.cursor)
        return private_answer(
            block,
            {
                "nonce": challenges.make(ends).hex(),
                "domain": place.netloc,
                "uri": origin,
                "chainId": chain_id,
                "issuedAt": _written(now),
                "expirationTime": _written(ends),
                "expiresAt": ends,
            },
        )

    @router.post(
        "",
        status_code=201,
        response_model=Envelope[NewSessionModel],
        summary="Sign in with a wallet",
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}
        },
    )
    async def sign_in(request: Request) -> Response:
        """The node learns which account signs in, and keeps it nowhere. Contract wallets cannot."""
        try:
            fields = Fields(json_in(await body_of(request, BODY)), {"message", "signature"})
            text, signature = fields.raw("message"), fields.octets("signature", SIGNATURE_BYTES)
            if not isinstance(text, str):
                raise Malformed("message is no text")
        except Malformed as error:
            raise malformed(error) from None
        now = time.time()
        try:
            message = SignInMessage.parse(text)
        except MessageInvalid as error:
            raise Problem(422, "message-invalid", "The message is none of EIP-4361", str(error)) from None
        given = _nonce_in(message)
        ends = fresh(challenges.ends(given))
        _for_here(message, now)
        account = bytes.fromhex(message.address[2:])
        if signer_of(digest(text), signature) != account:
            raise Problem(
                422,
                "signature-not-theirs",
                "The signature is not the account's",
                f"{message.address}; contract wallets cannot sign in so",
            )
        with service.view() as view:
            block = block_json(view.cursor)
            member_id = membership.member_id_of(view.moment, account)
            who = membership.member(view.moment, member_id) if member_id is not None else None
            day = group.day_of(view.moment.now)
        if who is None or who.status != "Active":
            raise Problem(403, "not-a-member", "Only active members sign in", message.address)
        answer = await asyncio.to_thread(
            begin,
            sessions,
            challenge=given,
            challenge_ends=ends,
            # Counts a member's sign-ins of a day without a trace of who it is.
            scope=hashlib.blake2b(f"wallet {day}".encode(), key=key, digest_size=32).digest(),
            nullifier=hashlib.blake2b(account + day.to_bytes(8, "big"), key=key, digest_size=32).digest(),
            day=day,
        )
        return private_answer(block, answer, 201)

    def _for_here(message: SignInMessage, now: float) -> None:
        """Whether the message is for this node, this chain and this time."""
        if message.domain != place.netloc or message.scheme not in (None, place.scheme):
            raise _elsewhere("domain", place.netloc, message.domain)
        if message.uri != origin and not message.uri.startswith(f"{origin}/"):
            raise _elsewhere("URI", origin, message.uri)
        if message.chain_id != chain_id:
            raise _elsewhere("chain", str(chain_id), str(message.chain_id))
        if message.expires_at is not None and message.expires_at <= now:
            raise Problem(409, "challenge-expired", "The message has expired", "Ask for another challenge.")
        if message.not_before is not None and message.not_before > now:
            raise Problem(409, "message-too-early", "The message is not good yet")

    return Feature(router)


def _nonce_in(message: SignInMessage) -> bytes:
    try:
        return bytes.fromhex(message.nonce)
    except ValueError:
        raise Problem(422, "challenge-unknown", "This node did not give out the nonce") from None


def _elsewhere(what: str, wanted: str, found: str) -> Problem:
    return Problem(422, "message-elsewhere", f"The message is for another {what}", f"{found}, not {wanted}")


def _written(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
