"""Real chains for the node's tests: anvil and ganache processes, a compiled Emitter, ways to drive them."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from eth_abi import encode
from eth_hash.auto import keccak

from backend.deployment import Contract, Deployment

ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = ROOT / "node_modules"
ANVIL = NODE_MODULES / "@foundry-rs/anvil-linux-amd64/bin/anvil"
CHAIN_ID = 31337
MNEMONIC = "test test test test test test test test test test test junk"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@functools.cache
def compiled(name: str) -> dict[str, Any]:
    """`{"abi": ..., "bytecode": "0x..."}` of a contract in tests/backend/contracts, compiled once."""
    source = Path(__file__).parent / "contracts" / f"{name}.sol"
    kept = ROOT / ".cache/tests" / f"{name}-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(_compile(source, name)))
        partial.replace(kept)
    artifact: dict[str, Any] = json.loads(kept.read_text())
    return artifact


def _compile(source: Path, name: str) -> dict[str, Any]:
    request = {
        "language": "Solidity",
        "sources": {source.name: {"content": source.read_text()}},
        "settings": {
            "evmVersion": "shanghai",
            "optimizer": {"enabled": True, "runs": 200},
            "outputSelection": {"*": {name: ["abi", "evm.bytecode.object"]}},
        },
    }
    shim = ROOT / "tools/solcx/solc-v0.8.30"
    answer = json.loads(
        subprocess.run(
            [shim, "--standard-json"], input=json.dumps(request), capture_output=True, text=True, check=True
        ).stdout
    )
    if failures := [
        error["formattedMessage"] for error in answer.get("errors", []) if error["severity"] == "error"
    ]:
        raise RuntimeError("\n".join(failures))
    contract = answer["contracts"][source.name][name]
    return {"abi": contract["abi"], "bytecode": f"0x{contract['evm']['bytecode']['object']}"}


class Chain:
    """A running test chain."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(timeout=60)
        self._accounts: list[str] = []

    def rpc(self, method: str, *params: Any) -> Any:
        answer = self._http.post(
            self.url, json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        ).json()
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def rpcs(self, calls: list[tuple[str, list[Any]]]) -> list[Any]:
        body = [
            {"jsonrpc": "2.0", "id": n, "method": method, "params": params}
            for n, (method, params) in enumerate(calls)
        ]
        answers = sorted(self._http.post(self.url, json=body).json(), key=lambda answer: answer["id"])
        if failed := [answer["error"] for answer in answers if "error" in answer]:
            raise RuntimeError(f"{calls[0][0]}: {failed[0]}")
        return [answer["result"] for answer in answers]

    @property
    def account(self) -> str:
        self._accounts = self._accounts or self.rpc("eth_accounts")
        return self._accounts[0]

    @property
    def head(self) -> int:
        return int(self.rpc("eth_blockNumber"), 16)

    def block(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = self.rpc("eth_getBlockByNumber", hex(number), False)
        return found

    def mine(self, blocks: int = 1) -> None:
        for _ in range(blocks):
            self.rpc("evm_mine")

    def receipt(self, tx: str) -> dict[str, Any]:
        """Waits until the transaction is in a block."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if found := self.rpc("eth_getTransactionReceipt", tx):
                receipt: dict[str, Any] = found
                return receipt
            time.sleep(0.02)
        raise RuntimeError(f"{tx} was not mined")

    def deploy(self, name: str) -> Emitter:
        artifact = compiled(name)
        tx = self.rpc(
            "eth_sendTransaction", {"from": self.account, "data": artifact["bytecode"], "gas": hex(5_000_000)}
        )
        receipt = self.receipt(tx)
        return Emitter(self, receipt["contractAddress"], artifact["abi"], int(receipt["blockNumber"], 16))


class Emitter:
    def __init__(self, chain: Chain, address: str, abi: list[dict[str, Any]], block: int) -> None:
        self.chain = chain
        self.address = address
        self.abi = abi
        self.block = block

    @property
    def deployment(self) -> Deployment:
        return Deployment(CHAIN_ID, self.block, {"Emitter": Contract(self.address, self.abi)})

    def transaction(self, function: str, *arguments: Any) -> dict[str, Any]:
        entry = next(
            entry for entry in self.abi if entry.get("name") == function and entry["type"] == "function"
        )
        types = [_canonical(argument) for argument in entry["inputs"]]
        data = keccak(f"{function}({','.join(types)})".encode())[:4] + encode(types, arguments)
        return {
            "from": self.chain.account,
            "to": self.address,
            "data": f"0x{data.hex()}",
            "gas": hex(25_000_000),
        }

    def send(self, function: str, *arguments: Any) -> str:
        """Returns once the transaction is in a block."""
        sent: str = self.chain.rpc("eth_sendTransaction", self.transaction(function, *arguments))
        self.chain.receipt(sent)
        return sent

    def count(self, counter: int, first: int, times: int, amount: int = 1) -> str:
        return self.send("count", counter, first, times, amount)


def _canonical(argument: dict[str, Any]) -> str:
    if argument["type"].startswith("tuple"):
        return f"({','.join(_canonical(part) for part in argument['components'])}){argument['type'][5:]}"
    declared: str = argument["type"]
    return declared


@contextmanager
def anvil(*options: str) -> Iterator[Chain]:
    port = free_port()
    command = [
        *(str(ANVIL), "--silent", "--port", str(port), "--chain-id", str(CHAIN_ID), "--hardfork", "shanghai"),
        *("--mnemonic", MNEMONIC, "--gas-limit", "100000000", *options),
    ]
    with _running(command, port) as chain:
        yield chain


@contextmanager
def ganache() -> Iterator[Chain]:
    port = free_port()
    command = [
        *(
            "node",
            str(NODE_MODULES / "ganache/dist/node/cli.js"),
            "--logging.quiet",
            "--server.port",
            str(port),
        ),
        *(
            "--chain.chainId",
            str(CHAIN_ID),
            "--chain.networkId",
            str(CHAIN_ID),
            "--chain.hardfork",
            "shanghai",
        ),
        *("--wallet.mnemonic", MNEMONIC, "--miner.blockGasLimit", "0x5F5E100"),
    ]
    with _running(command, port) as chain:
        yield chain


@contextmanager
def _running(command: list[str], port: int) -> Iterator[Chain]:
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=os.environ | {"NO_COLOR": "1"}
    )
    chain = Chain(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                chain.rpc("eth_chainId")
                break
            except httpx.HTTPError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} did not start") from None
                time.sleep(0.05)
        yield chain
    finally:
        process.terminate()
        process.wait(10)
