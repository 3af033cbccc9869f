"""A JSON-RPC client that expects its node to misbehave.

Every request has a time limit; what may pass by itself is retried with exponential backoff and jitter; a node
that says "too many requests" halves our pace, and each success raises it a little (additive increase,
multiplicative decrease, as in TCP). Answers are decoded straight into the type asked for.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import httpx
import msgspec

from backend.chain import errors

T = TypeVar("T")

_METHOD_MISSING = -32601
_RATE = re.compile(
    r"rate.?limit|too many requests|request count exceeded|capacity|throughput|compute units", re.I
)
_RANGE = re.compile(
    r"range|too many (results|logs|blocks)|more than \d+ (results|logs)|response size|too large|limited to"
    r"|query timeout|timed? ?out|exceed",
    re.I,
)
_MISSING = re.compile(r"method\b.*(not found|does not exist|not available|not supported|unsupported)", re.I)
_SUGGESTED = re.compile(r"\[\s*(0x[0-9a-f]+|\d+)\s*(?:,|-|to)\s*(0x[0-9a-f]+|\d+)\s*\]", re.I)


class Call(msgspec.Struct, Generic[T], frozen=True):
    """One request and the type of its result (`T | None` where the node may answer null)."""

    method: str
    params: tuple[Any, ...]
    result: Any


class _Request(msgspec.Struct):
    jsonrpc: str
    id: int
    method: str
    params: tuple[Any, ...]


class _ErrorObject(msgspec.Struct):
    code: int = 0
    message: str = ""
    data: Any = None


class _Response(msgspec.Struct):
    id: int | None = None
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: _ErrorObject | None = None


class Pace:
    """Requests per second, by AIMD. Unlimited until the node first complains."""

    FLOOR = 0.5
    START = 32.0

    def __init__(self) -> None:
        self.rate: float | None = None
        self._next = 0.0

    async def turn(self) -> None:
        if self.rate is None:
            return
        now = time.monotonic()
        self._next = max(self._next, now) + 1 / self.rate
        if (wait := self._next - 1 / self.rate - now) > 0:
            await asyncio.sleep(wait)

    def succeeded(self) -> None:
        if self.rate is not None:
            self.rate += 1 / self.rate

    def limited(self, retry_after: float | None) -> None:
        self.rate = max(self.FLOOR, (self.rate or 2 * self.START) / 2)
        self._next = max(self._next, time.monotonic() + (retry_after or 1 / self.rate))


class Rpc:
    """A connection to one node.

    `timeout` in seconds for a whole answer; `attempts` for what may pass by itself; `waited` counts the
    seconds spent in requests, `requests` their number.
    """

    BACKOFF = 0.1
    BACKOFF_CEILING = 5.0

    def __init__(self, url: str, *, timeout: float = 30.0, attempts: int = 5) -> None:
        self.url = url
        self.attempts = attempts
        self.timeout = timeout
        self.pace = Pace()
        self.requests = 0
        self.waited = 0.0
        self._id = 0
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout, connect=min(timeout, 5.0)),
            headers={"content-type": "application/json"},
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, method: str, *params: Any, result: Any) -> Any:
        answer = await self.batch([Call(method, params, result)])
        return answer[0]

    async def batch(self, calls: Sequence[Call[Any]], *, patient: bool = True) -> list[Any]:
        """All results in order. The first error object is raised and, unless `patient`, a time-out too."""
        return await self._tried(calls, patient=patient)

    async def each(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """Results in order, with the `RpcError` in the place of each call that the node refused."""
        return await self._tried(calls, keep_errors=True)

    async def _tried(
        self, calls: Sequence[Call[Any]], *, patient: bool = True, keep_errors: bool = False
    ) -> list[Any]:
        for attempt in range(1, self.attempts + 1):
            await self.pace.turn()
            try:
                results = await self._post(calls, keep_errors)
            except errors.RateLimited as limit:
                self.pace.limited(limit.retry_after)
                if attempt == self.attempts:
                    raise
            except errors.Refused:
                raise
            except errors.TransportError as error:
                if attempt == self.attempts or (isinstance(error, errors.TimedOut) and not patient):
                    raise
                pause = min(self.BACKOFF_CEILING, self.BACKOFF * 2**attempt)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            else:
                self.pace.succeeded()
                return results
        raise AssertionError("unreachable")

    async def _post(self, calls: Sequence[Call[Any]], keep_errors: bool) -> list[Any]:
        first = self._id + 1
        self._id += len(calls)
        requests = [_Request("2.0", first + n, call.method, call.params) for n, call in enumerate(calls)]
        body = msgspec.json.encode(requests if len(requests) > 1 else requests[0])
        started = time.monotonic()
        try:
            async with asyncio.timeout(self.timeout):
                response = await self._http.post(self.url, content=body)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise errors.TimedOut(
                f"{self.url} gave no answer to {calls[0].method} in {self.timeout:g} s"
            ) from error
        except httpx.HTTPError as error:
            raise errors.Unreachable(f"{self.url}: {error or type(error).__name__}") from error
        finally:
            self.requests += 1
            self.waited += time.monotonic() - started
        self._check_status(response)
        return self._results(calls, first, response.content, keep_errors)

    def _check_status(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429:
            after = response.headers.get("retry-after", "")
            raise errors.RateLimited(
                f"{self.url} answers 429, too many requests", float(after) if after.isdigit() else None
            )
        if status >= 500:
            raise errors.Unreachable(f"{self.url} answers {status}")
        if status == 413:
            raise errors.RangeRefused("eth_getLogs", status, "content too large", None)
        # Some nodes send a JSON-RPC error object with 400; its text says more than the status.
        if status >= 400 and not response.content.lstrip().startswith((b"{", b"[")):
            raise errors.Refused(f"{self.url} answers {status}")

    def _results(self, calls: Sequence[Call[Any]], first: int, body: bytes, keep_errors: bool) -> list[Any]:
        try:
            if body[:1] == b"[":
                responses = msgspec.json.decode(body, type=list[_Response])
            else:
                responses = [msgspec.json.decode(body, type=_Response)]
        except msgspec.DecodeError as error:
            raise errors.BadAnswer(f"{self.url}: {error}") from error
        by_id = {response.id: response for response in responses}
        results: list[Any] = []
        for number, call in enumerate(calls, first):
            response = by_id.get(number)
            if response is None:
                # An error for the batch as a whole comes as one object with a null id: logs are what costs.
                if (whole := by_id.get(None)) is not None and whole.error is not None:
                    asked = {call.method for call in calls}
                    raise _classify("eth_getLogs" if "eth_getLogs" in asked else call.method, whole.error)
                raise errors.BadAnswer(f"{self.url} left {call.method} in a batch unanswered")
            if response.error is not None:
                refused = _classify(call.method, response.error)
                if keep_errors and isinstance(refused, errors.RpcError):
                    results.append(refused)
                    continue
                raise refused
            try:
                results.append(msgspec.json.decode(response.result, type=call.result))
            except msgspec.DecodeError as error:
                raise errors.BadAnswer(f"{self.url}: {call.method}: {error}") from error
        return results


def _classify(method: str, error: _ErrorObject) -> errors.ChainError:
    if error.code == _METHOD_MISSING or _MISSING.search(error.message):
        return errors.MethodMissing(method, error.code, error.message)
    if error.code == 429 or (_RATE.search(error.message) and not _SUGGESTED.search(error.message)):
        return errors.RateLimited(f"{method}: {error.message} (code {error.code})")
    if method == "eth_getLogs" and (_RANGE.search(error.message) or error.code == -32005):
        return errors.RangeRefused(method, error.code, error.message, _suggestion(error.message))
    return errors.RpcError(method, error.code, error.message, _revert_data(error.data))


def _revert_data(data: Any) -> bytes | None:
    """Nodes give it as text, or as `data` or `result` of an object."""
    if isinstance(data, dict):
        data = data.get("data", data.get("result"))
    if isinstance(data, str) and re.fullmatch(r"0x([0-9a-fA-F]{2})*", data):
        return bytes.fromhex(data[2:])
    return None


def _suggestion(message: str) -> tuple[int, int] | None:
    if match := _SUGGESTED.search(message):
        return int(match[1], 0), int(match[2], 0)
    return None
