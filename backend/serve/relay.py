"""/v1/relay: members sign, the node pays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import msgspec
import orjson
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import Field

from backend.chain import ChainError
from backend.proofs import VerifierBusy, VerifierFailed
from backend.relay import Relay
from backend.relay.check import FUNCTIONS
from backend.relay.relay import SECRET_KINDS, QueueFull
from backend.serve.body import body_of
from backend.serve.feature import Feature
from backend.serve.problem import Problem
from backend.serve.proof import ProofModel, verifier_busy, verifier_failed
from backend.serve.values import ADDRESS, HASH, NULLIFIER, PROPOSAL, TIME, Model, schema_of
from backend.serve.view import Envelope, Service, Used, block_json
from backend.store.content import FAILED, INCLUDED, QUEUED, REFUSED, SENT, SKIPPED, Item

BODY = 4 * 1024 * 1024
MOST = 100

ItemStatus = Literal["Queued", "Sent", "Included", "Failed", "Skipped", "Refused"]
assert ItemStatus.__args__ == (QUEUED, SENT, INCLUDED, FAILED, SKIPPED, REFUSED)  # type: ignore[attr-defined]
_UNDER_WAY = (QUEUED, SENT)


class RefusalModel(Model):
    error: str = Field(description="A contract's error, or the relay's", examples=["AssemblyAlreadyVoted"])
    arguments: dict[str, Any] = Field(examples=[{"proposalId": PROPOSAL, "memberId": 7}])
    words: str = Field(examples=["assembly already voted (proposal id 73921, member id 7)"])


class RelayItemModel(Model):
    position: int = Field(description="In what was handed in, from 0", examples=[0])
    status: ItemStatus = Field(
        description="Refused: not taken. Skipped: the chain would not, or did not, have it. Failed: carried"
        " out, and the call reverted. Included: done",
        examples=["Included"],
    )
    transaction: str | None = Field(examples=[HASH])
    block: int | None = Field(examples=[1205])
    problem: RefusalModel | None
    changed_at: int = Field(examples=[TIME])


class RelayedModel(Model):
    ticket: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015"])
    kind: Literal["ballots", "requests", "secret-ballots", "reveals", "upkeep"] = Field(examples=["ballots"])
    received_at: int = Field(
        description="Of secret ballots and reveals only the interval's beginning is known", examples=[TIME]
    )
    status: Literal["Waiting", "Done", "Partly", "Refused"] = Field(
        description="Waiting while any item is queued or sent; then Done if all, Refused if none is included",
        examples=["Done"],
    )
    reason: str | None = Field(description="Of the first item that was not included", examples=[None])
    items: list[RelayItemModel]


class RelayModel(Model):
    enabled: bool = Field(examples=[True])
    sender: str | None = Field(description="Who pays", examples=[ADDRESS])
    obstacle: str | None = Field(description="What keeps it from sending", examples=[None])
    queued: int = Field(examples=[0])
    per_minute: int | None = Field(description="Items for each member, or nullifier", examples=[30])
    secret_per_minute: int | None = Field(
        description="Secret ballots and reveals of all together", examples=[600]
    )
    secret_interval: int | None = Field(
        description="Seconds; secret ballots of one interval are sent together at its end", examples=[30]
    )
    batch: int | None = Field(description="Items in a transaction, at most", examples=[100])
    functions: dict[str, list[str]] = Field(
        description="What requests may call, by module", examples=[{"admission": ["vouch"]}]
    )


class SignedBallotModel(Model):
    """Signed as EIP-712 `MemberBallot(uint256 proposalId,uint32 memberId,uint8 support,uint8 votes)`."""

    proposal_id: str = Field(examples=[PROPOSAL])
    member_id: int = Field(examples=[7])
    support: int = Field(description="0 Against, 1 For, 2 Abstain", examples=[1])
    votes: int = Field(examples=[3])
    signature: str = Field(examples=["0x" + "1b" * 65])


class SignedRequestModel(Model):
    """Signed as EIP-712 `ForwardRequest(address from,address to,uint256 gas,uint256 nonce,uint48
    deadline,bytes data)`."""

    from_: str = Field(alias="from", examples=[ADDRESS])
    to: str = Field(description="One of the commune's contracts", examples=[ADDRESS])
    gas: int = Field(examples=[300_000])
    nonce: str = Field(description="Any number not used before", examples=["81985529216486895"])
    deadline: int = Field(description="Seconds since 1970", examples=[TIME + 86_400])
    data: str = Field(examples=["0x3f4ba83a"])
    signature: str = Field(examples=["0x" + "1b" * 65])
    possession: str | None = Field(
        default=None,
        description="For MemberGroup.register only: the key's own signature over the registration, as R8.x,"
        " R8.y and s of 32 bytes each",
        examples=["0x" + "2c" * 96],
    )


class SecretBallotModel(Model):
    """Nobody signs it: the proof says that it is a member's, and not whose."""

    poll_id: int = Field(examples=[3])
    ballot: str = Field(
        description="The ballot's word, or its seal where results are hidden", examples=["517"]
    )
    proof: ProofModel


class RevealModel(Model):
    """The opening of a seal."""

    poll_id: int = Field(examples=[3])
    nullifier: str = Field(examples=[NULLIFIER])
    ballot: str = Field(description="The ballot's word", examples=["517"])
    salt: str = Field(description="The 32 bytes that the seal was made with", examples=[HASH])


class _RelayMetrics(Collector):
    def __init__(self, service: Service, relay: Relay | None) -> None:
        self._service = service
        self._relay = relay

    def collect(self) -> Iterator[Metric]:
        counts = dict(self._service.reader.query("SELECT status, count(*) FROM relay_items GROUP BY status"))
        items = GaugeMetricFamily("dualpower_relay_items", "Signed items, by status", labels=["status"])
        for status in ItemStatus.__args__:  # type: ignore[attr-defined]
            items.add_metric([status], counts.get(status, 0))
        yield items
        relay = self._relay
        working = relay is not None and relay.obstacle is None
        yield GaugeMetricFamily("dualpower_relay_working", "1 if nothing keeps it from sending", working)
        if relay is not None and relay.balance is not None:
            yield GaugeMetricFamily(
                "dualpower_relay_balance_wei", "The sender's, when last asked", relay.balance
            )


def relay_feature(service: Service, relay: Relay | None) -> Feature:
    """`relay` is None on a node that does not relay: tickets of former days can still be asked for."""
    router = APIRouter(prefix="/relay", tags=["relay"])

    @router.get("", response_model=Envelope[RelayModel], summary="What the relay does, and for whom")
    async def about(service: Used) -> Response:
        queued = service.reader.query("SELECT count(*) FROM relay_items WHERE status = ?", (QUEUED,))[0][0]
        return _answer(
            service,
            {
                "enabled": relay is not None,
                "sender": relay.sender if relay else None,
                "obstacle": relay.obstacle if relay else None,
                "queued": queued,
                "perMinute": relay.settings.per_minute if relay else None,
                "secretPerMinute": relay.settings.secret_per_minute if relay else None,
                "secretInterval": relay.settings.secret_interval if relay else None,
                "batch": relay.settings.batch if relay else None,
                "functions": {module: list(names) for module, names in FUNCTIONS.items()},
            },
        )

    async def post(kind: str, request: Request) -> Response:
        if relay is None:
            raise Problem(503, "no-relay", "This node does not relay", "Another node of the commune may.")
        given = _given(kind, await body_of(request, BODY))
        try:
            taken = await relay.take(kind, given)
        except QueueFull:
            raise Problem(
                503, "relay-full", "The relay has its hands full", headers={"retry-after": "30"}
            ) from None
        except VerifierBusy:
            raise verifier_busy() from None
        except VerifierFailed as error:
            raise verifier_failed(error) from None
        except ChainError as error:
            raise Problem(
                503,
                "chain-unreachable",
                "The chain cannot be asked now",
                str(error),
                headers={"retry-after": "5"},
            ) from None
        document = relayed_json(taken.ticket, kind, taken.items)
        if all(item.status == REFUSED for item in taken.items):
            limited = taken.retry_after is not None
            raise Problem(
                429 if limited else 422,
                "rate-limited" if limited else "relay-refused",
                _LIMITED[kind in SECRET_KINDS] if limited else "Nothing was taken",
                document["reason"],
                headers={"retry-after": str(int(taken.retry_after or 0) + 1)} if limited else None,
                items=document["items"],
            )
        return _answer(service, document, 202, location=f"/v1/relay/{taken.ticket}")

    def documented(model: type[Model], *, listed: bool = True) -> dict[str, Any]:
        schema = schema_of(model)
        if listed:
            schema = {"oneOf": [schema, {"type": "array", "maxItems": MOST, "items": schema}]}
        content = {"schema": schema}
        return {"requestBody": {"required": True, "content": {"application/json": content}}}

    @router.post(
        "/ballots",
        status_code=202,
        response_model=Envelope[RelayedModel],
        summary="Have signed ballots cast",
        openapi_extra=documented(SignedBallotModel),
    )
    async def ballots(request: Request) -> Response:
        """One, or a list. Each is checked by itself; the good ones are sent together."""
        return await post("ballots", request)

    @router.post(
        "/requests",
        status_code=202,
        response_model=Envelope[RelayedModel],
        summary="Have signed actions carried out",
        openapi_extra=documented(SignedRequestModel),
    )
    async def requests(request: Request) -> Response:
        """One, or a list. Each is checked by itself; the good ones are sent together."""
        return await post("requests", request)

    @router.post(
        "/secret-ballots",
        status_code=202,
        response_model=Envelope[RelayedModel],
        summary="Have a secret ballot cast",
        openapi_extra=documented(SecretBallotModel, listed=False),
    )
    async def secret_ballots(request: Request) -> Response:
        """One at a time, since a list would say that its ballots are one person's. It is sent with all others
        of its interval, in an order that says nothing."""
        return await post("secret-ballots", request)

    @router.post(
        "/reveals",
        status_code=202,
        response_model=Envelope[RelayedModel],
        summary="Have a sealed ballot revealed",
        openapi_extra=documented(RevealModel, listed=False),
    )
    async def reveals(request: Request) -> Response:
        """One at a time."""
        return await post("reveals", request)

    @router.get("/{ticket}", response_model=Envelope[RelayedModel], summary="What came of it")
    async def ticket(
        service: Used,
        ticket: Annotated[str, Path(max_length=64, examples=["9f86d081884c7d659a2feaa0c55ad015"])],
    ) -> Response:
        rows = service.reader.query(
            f"SELECT {', '.join(Item.__struct_fields__)} FROM relay_items WHERE ticket = ? ORDER BY position",
            (ticket,),
        )
        if not rows:
            raise Problem(404, "not-found", "This node gave out no such ticket")
        items = [Item(*row) for row in rows]
        return _answer(service, relayed_json(ticket, items[0].kind, items))

    run: Callable[[], Any] | None = relay.run if relay else None
    close: Callable[[], Any] | None = relay.close if relay else None
    return Feature(router, _RelayMetrics(service, relay), run, close)


def _answer(service: Service, data: Any, status: int = 200, location: str | None = None) -> Response:
    """Not cached: the relay's obstacle and the queue change without a block."""
    with service.view() as view:
        block = block_json(view.cursor)
    headers = {"cache-control": "no-store"} | ({"location": location} if location else {})
    body = orjson.dumps({"data": data, "block": block})
    return Response(body, status, media_type="application/json", headers=headers)


_LIMITED = {
    False: "The relay has taken much from this member lately",
    True: "The relay has taken many secret ballots lately",
}


def _given(kind: str, body: bytes) -> list[Any]:
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem(400, "not-json", "The body is not JSON", str(error)) from None
    if kind in SECRET_KINDS:
        return [given]
    listed = given if isinstance(given, list) else [given]
    if not 1 <= len(listed) <= MOST:
        raise Problem(
            422, "wrong-count", "The body holds no item, or too many", f"{len(listed)}; 1 to {MOST} are taken"
        )
    return listed


def relayed_json(ticket: str, kind: str, items: list[Item]) -> dict[str, Any]:
    shown = [_item_json(item) for item in items]
    included = [item for item in items if item.status == INCLUDED]
    if any(item.status in _UNDER_WAY for item in items):
        status = "Waiting"
    elif len(included) == len(items):
        status = "Done"
    else:
        status = "Partly" if included else "Refused"
    problems = (item["problem"]["words"] for item in shown if item["problem"])
    return {
        "ticket": ticket,
        "kind": kind,
        "receivedAt": items[0].received_at,
        "status": status,
        "reason": next(problems, None),
        "items": shown,
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "position": item.position,
        "status": item.status,
        "transaction": f"0x{item.transaction_hash.hex()}" if item.transaction_hash else None,
        "block": item.block,
        "problem": msgspec.json.decode(item.problem) if item.problem else None,
        "changedAt": item.changed_at,
    }
