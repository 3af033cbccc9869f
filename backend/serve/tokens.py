"""What tokens say of themselves: a symbol and how many decimals amounts have.

Anyone can deploy a contract that calls itself anything, so nothing is worked out from it: amounts are served
in the token's smallest parts and assets by their address, and this stands beside them. Only tokens that a
decision named are asked, each once, with little gas, and what is longer than a symbol is none.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Mapping
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_hash.auto import keccak
from fastapi import APIRouter

from backend.chain import Rpc
from backend.chain.errors import ChainError, RpcError
from backend.chain.rpc import Call
from backend.project.commons import ETH
from backend.serve.feature import Feature
from backend.serve.view import Service, Token
from backend.store import Reader

log = logging.getLogger(__name__)

_SYMBOL = f"0x{keccak(b'symbol()')[:4].hex()}"
_DECIMALS = f"0x{keccak(b'decimals()')[:4].hex()}"
# Gas that a question may take, letters of a symbol, characters of an answer in hex.
GAS = 100_000
LONGEST_SYMBOL = 12
LONGEST_ANSWER = 2_050
MOST_DECIMALS = 36
# How many tokens are asked at once, and asked at all.
BATCH = 20
MOST_TOKENS = 1_000


class TokenNames:
    """Keeps `service.tokens`."""

    POLL = 1.0

    def __init__(self, service: Service, rpc_url: str) -> None:
        self._service = service
        self._rpc_url = rpc_url

    async def run(self) -> None:
        """Until cancelled."""
        reader, rpc = Reader.open(self._service.database), Rpc(self._rpc_url, timeout=5.0, attempts=1)
        seen: int | None = None
        try:
            while True:
                token = reader.change_token()
                if token != seen and await self._ask(reader, rpc):
                    seen = token
                await asyncio.sleep(self.POLL)
        finally:
            reader.close()
            await rpc.close()

    async def _ask(self, reader: Reader, rpc: Rpc) -> bool:
        """Asks tokens that were not; False where it is to be tried again."""
        try:
            with reader.snapshot() as cursor:
                rows = reader.query("SELECT asset FROM assets WHERE named = 1") if cursor is not None else []
        except sqlite3.OperationalError as error:
            log.warning("the commons' assets cannot be read now: %s", error)
            return False
        new = [asset for (asset,) in rows if asset != ETH and asset not in self._service.tokens]
        for start in range(0, min(len(new), MOST_TOKENS - len(self._service.tokens)), BATCH):
            batch = new[start : start + BATCH]
            calls: list[Call[str]] = [
                Call("eth_call", ({"to": f"0x{asset.hex()}", "data": data, "gas": hex(GAS)}, "latest"), str)
                for asset in batch
                for data in (_SYMBOL, _DECIMALS)
            ]
            try:
                answers = await rpc.each(calls)
            except ChainError as error:
                log.warning("tokens cannot be asked for their symbols now: %s", error)
                return False
            for place, asset in enumerate(batch):
                self._service.tokens[asset] = Token(
                    symbol_in(answers[2 * place]), decimals_in(answers[2 * place + 1])
                )
        return True


def symbol_in(answer: str | RpcError) -> str | None:
    """A symbol as ERC-20 has it, or in 32 bytes as some old tokens do; None where it is none."""
    raw = _octets(answer)
    try:
        text = raw.rstrip(b"\0") if len(raw) == 32 else decode(["string"], raw)[0].encode()
        found = text.decode("ascii")
    except (DecodingError, UnicodeError, OverflowError):
        return None
    shown = found.isprintable() and " " not in found and 0 < len(found) <= LONGEST_SYMBOL
    return found if shown else None


def decimals_in(answer: str | RpcError) -> int | None:
    raw = _octets(answer)
    number = int.from_bytes(raw, "big")
    return number if len(raw) == 32 and number <= MOST_DECIMALS else None


def token_json(tokens: Mapping[bytes, Token], asset: bytes) -> dict[str, Any] | None:
    """What a token says of itself; None for one that was not asked, or says nothing."""
    if asset == ETH:
        return {"symbol": "ETH", "decimals": 18}
    known = tokens.get(asset)
    if known is None or (known.symbol is None and known.decimals is None):
        return None
    return {"symbol": known.symbol, "decimals": known.decimals}


def tokens_feature(service: Service, rpc_url: str) -> Feature:
    return Feature(APIRouter(), run=TokenNames(service, rpc_url).run)


def _octets(answer: str | RpcError) -> bytes:
    if isinstance(answer, RpcError) or len(answer) > LONGEST_ANSWER or not answer.startswith("0x"):
        return b""
    try:
        return bytes.fromhex(answer[2:])
    except ValueError:
        return b""
