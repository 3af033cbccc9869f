"""Writing to the chain: every call is tried first, and only then paid for and sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from web3 import HTTPProvider, Web3
from web3.exceptions import (
    ContractLogicError,
    TimeExhausted,
    TransactionNotFound,
    Web3Exception,
    Web3RPCError,
)

from backend.cli import show
from backend.cli.contracts import Contracts, Happened
from backend.cli.errors import Refused
from backend.cli.keys import Key
from backend.cli.refusals import sentence

# What an estimate is raised by: storage can differ a little by the time the transaction is mined.
GAS_MARGIN = 1.25
# How long to wait for a transaction, seconds.
PATIENCE = 300


class NotMined(Refused):
    """Sent, but not in a block when the command ended: it may still be carried out."""

    def __init__(self, transaction: str, reason: str) -> None:
        super().__init__(
            f"{reason}: the transaction {transaction} is sent and may still be carried out; look for it"
            " before you send it again",
            {"transaction": transaction},
        )


class Chain:
    """A chain's JSON-RPC."""

    def __init__(self, url: str, timeout: float = 30.0) -> None:
        self.url = url
        self._provider = HTTPProvider(url, request_kwargs={"timeout": timeout})
        self._web3 = Web3(self._provider)

    def rpc(self, method: str, parameters: list[Any]) -> Any:
        """A JSON-RPC method's result. Raises `Refused` if the chain cannot be reached or says no."""
        try:
            answer = self._provider.make_request(method, parameters)
        except (requests.RequestException, ValueError) as error:
            raise self._unreachable(error) from None
        if failure := answer.get("error"):
            said = failure.get("message", failure) if isinstance(failure, Mapping) else failure
            raise Refused(f"{self.url} refused {method}: {said}")
        return answer["result"]

    def chain_id(self) -> int:
        return int(self.rpc("eth_chainId", []), 16)

    def has_code(self, address: str) -> bool:
        return bool(self.code(address))

    def code(self, address: str) -> bytes:
        found = self.rpc("eth_getCode", [address, "latest"])
        return b"" if found in ("0x", "0x0", None) else bytes.fromhex(found[2:])

    def view(self, contracts: Contracts, module: str, function: str, *arguments: Any) -> tuple[Any, ...]:
        """What a contract's view says now. Raises `Refused`."""
        data = contracts.calldata(module, function, *arguments)
        answer = self._tried(contracts, {"to": contracts.address(module), "data": _hex(data)})
        return contracts.returned(module, function, answer)

    def logs(
        self, contracts: Contracts, module: str, topics: list[str | None], first: int
    ) -> list[tuple[int, Happened]]:
        """A module's events with these topics since block `first`, each with its block, in their order."""
        last = int(self.rpc("eth_blockNumber", []), 16)
        span, found = max(last - first + 1, 1), list[tuple[int, Happened]]()
        while first <= last:
            until = min(first + span - 1, last)
            wanted = {"address": contracts.address(module), "topics": topics}
            try:
                entries = self._web3.eth.get_logs(wanted | {"fromBlock": first, "toBlock": until})  # type: ignore[arg-type]
            except requests.RequestException as error:
                raise self._unreachable(error) from None
            except (Web3Exception, ValueError) as error:
                # Nodes differ in how many blocks they search at once.
                if span == 1:
                    raise Refused(f"{self.url} refused eth_getLogs: {error}") from None
                span //= 2
                continue
            for entry in entries:
                found += [(int(entry["blockNumber"]), event) for event in contracts.happened([entry])]
            first = until + 1
        return found

    def send(self, contracts: Contracts, key: Key, to: str, data: bytes, value: int = 0) -> Mapping[str, Any]:
        """The receipt of a call that was tried first. Raises `Refused` with the contract's error. `value` in
        wei goes with it."""
        call = {"from": key.account, "to": to, "data": _hex(data), "value": value}
        with show.progress("trying it"):
            self._tried(contracts, call)
            transaction = call | self._paid(contracts, call)
        with show.progress("sending it"):
            sent = key.send(transaction, self.rpc)
        return self._mined(contracts, call, sent)

    def _tried(self, contracts: Contracts, call: dict[str, Any], block: Any = "latest") -> bytes:
        """What a call returns; nothing is sent."""
        try:
            return bytes(self._web3.eth.call(call, block))  # type: ignore[arg-type]
        except (Web3Exception, requests.RequestException, ValueError) as error:
            raise self._refusal(contracts, error) from None

    def _paid(self, contracts: Contracts, call: dict[str, Any]) -> dict[str, Any]:
        """What a transaction needs beside the call: nonce, gas and its price."""
        eth = self._web3.eth
        try:
            gas = int(eth.estimate_gas(call) * GAS_MARGIN)  # type: ignore[arg-type]
            base_fee = eth.get_block("latest").get("baseFeePerGas")
            price = (
                {"gasPrice": eth.gas_price}
                if base_fee is None
                else {
                    "maxFeePerGas": 2 * base_fee + eth.max_priority_fee,
                    "maxPriorityFeePerGas": eth.max_priority_fee,
                }
            )
            nonce = eth.get_transaction_count(Web3.to_checksum_address(call["from"]), "pending")
        except (Web3Exception, requests.RequestException, ValueError) as error:
            raise self._refusal(contracts, error) from None
        return {"gas": gas, "nonce": nonce, "chainId": contracts.chain_id, **price}

    def _mined(self, contracts: Contracts, call: dict[str, Any], sent: str) -> Mapping[str, Any]:
        try:
            with show.progress("waiting for a block"):
                receipt = self._web3.eth.wait_for_transaction_receipt(
                    sent,  # type: ignore[arg-type]
                    timeout=PATIENCE,
                    poll_latency=0.1,
                )
        except TimeExhausted:
            raise NotMined(sent, f"not mined after {PATIENCE} s") from None
        except KeyboardInterrupt:
            raise NotMined(sent, "interrupted") from None
        except (TransactionNotFound, requests.RequestException, Web3Exception) as error:
            raise NotMined(sent, f"{self.url} stopped answering ({error})") from None
        if receipt["status"] != 1:
            # It went through when it was tried: something came in between. Trying again tells what.
            self._tried(contracts, call, receipt["blockNumber"])
            raise Refused(f"the transaction {sent} was mined and failed", {"transaction": sent})
        return receipt

    def _refusal(self, contracts: Contracts, error: Exception) -> Refused:
        if isinstance(error, requests.RequestException):
            return self._unreachable(error)
        data = revert_data(error)
        if data is None:
            return Refused(f"{self.url} refused: {error}")
        refusal = contracts.refusal(data)
        return Refused(sentence(refusal), {"refusal": refusal.error, "arguments": refusal.arguments})

    def _unreachable(self, error: Exception) -> Refused:
        return Refused(f"no chain answers at {self.url} ({type(error).__name__})")


def revert_data(error: Exception) -> bytes | None:
    """The data a call reverted with, wherever the chain's node puts it; None if it did not revert."""
    if isinstance(error, ContractLogicError):
        found = _data(error.data)
        return b"" if found is None else found
    if isinstance(error, Web3RPCError) and error.rpc_response is not None:
        failure = error.rpc_response.get("error")
        return _data(failure.get("data")) if isinstance(failure, Mapping) else None
    return None


def _data(value: Any) -> bytes | None:
    """anvil and geth give hex, ganache an object with the hex under one of these names."""
    if isinstance(value, str) and value.startswith("0x"):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            return None
    if isinstance(value, Mapping):
        for name in ("result", "data", "reason"):
            if (found := _data(value.get(name))) is not None:
                return found
    return None


def _hex(data: bytes) -> str:
    return f"0x{data.hex()}"
