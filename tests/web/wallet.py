"""A wallet as browsers' extensions are one: announced by EIP-6963, asked through EIP-1193.

Its keys are those of the test chain's accounts. What it signs it signs here, with eth_account; all that it
does not know itself it asks the chain, as wallets do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from playwright.sync_api import BrowserContext

from tests.backend.chains import CHAIN_ID
from tests.backend.commune import Commune, Person

SCRIPT = (Path(__file__).parent / "wallet.js").read_text()
# Those of EIP-1193 and EIP-3326.
REJECTED, UNKNOWN_CHAIN = 4001, 4902


class Refused(Exception):
    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.answer = {"code": code, "message": message, "data": data}


@dataclass
class Wallet:
    """`who` is the account that it offers, `chain_id` the chain that it is on, `asked` every method that was
    asked for, with its parameters. Requests of the methods in `rejects` are refused, as by somebody who
    presses "reject"; `knows_chain` says whether it can be moved to the commune's chain, and `trusted` whether
    pages may see the account without asking.
    """

    commune: Commune
    who: Person
    name: str = "Test Wallet"
    chain_id: int = CHAIN_ID
    knows_chain: bool = True
    rejects: set[str] = field(default_factory=set)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    trusted: bool = False
    _contexts: list[BrowserContext] = field(default_factory=list)

    def put_into(self, context: BrowserContext) -> None:
        """Pages that this context opens from now on find the wallet."""
        context.expose_binding("walletRequest", lambda source, method, params: self._answer(method, params))
        context.add_init_script(SCRIPT.replace("WALLET_NAME", json.dumps(self.name)))
        self._contexts.append(context)

    def become(self, who: Person) -> None:
        """Another account, chosen in the wallet."""
        self.who = who
        self._tell("accountsChanged", [who.address.lower()] if self.trusted else [])

    def be_on(self, chain_id: int) -> None:
        """Another chain, chosen in the wallet."""
        self.chain_id = chain_id
        self._tell("chainChanged", hex(chain_id))

    def signed(self) -> list[dict[str, Any]]:
        """Every EIP-712 message that it was asked to sign."""
        return [_document(params[1]) for method, params in self.asked if method == "eth_signTypedData_v4"]

    def _tell(self, event: str, value: Any) -> None:
        for page in [page for context in self._contexts for page in context.pages]:
            page.evaluate("([event, value]) => window.walletTells?.(event, value)", [event, value])

    def _answer(self, method: str, params: Any) -> dict[str, Any]:
        self.asked.append((method, params))
        try:
            if method in self.rejects:
                raise Refused(REJECTED, "User rejected the request.")
            return {"result": self._result(method, params)}
        except Refused as refused:
            return {"error": refused.answer}

    def _result(self, method: str, params: Any) -> Any:
        accounts = [self.who.address.lower()]
        if method == "eth_requestAccounts":
            self.trusted = True
            return accounts
        if method == "eth_accounts":
            return accounts if self.trusted else []
        if method == "eth_chainId":
            return hex(self.chain_id)
        if method == "wallet_switchEthereumChain":
            wanted = int(params[0]["chainId"], 16)
            if wanted != CHAIN_ID or not self.knows_chain:
                raise Refused(UNKNOWN_CHAIN, "Unrecognized chain ID")
            self.chain_id = wanted
            return None
        if method == "personal_sign":
            self._require_own(params[1])
            message = encode_defunct(hexstr=params[0])
            return f"0x{bytes(Account.sign_message(message, self.who.key).signature).hex()}"
        if method == "eth_signTypedData_v4":
            self._require_own(params[0])
            document = _document(params[1])
            if int(document["domain"]["chainId"]) != self.chain_id:
                raise Refused(-32603, "the message is for another chain")
            message = encode_typed_data(full_message=document)
            return f"0x{bytes(Account.sign_message(message, self.who.key).signature).hex()}"
        if method == "eth_sendTransaction":
            return self._send(params[0])
        return self._ask(method, params)

    def _send(self, asked: dict[str, str]) -> Any:
        self._require_own(asked["from"])
        if self.chain_id != CHAIN_ID:
            raise Refused(-32603, "the wallet is on another chain")
        whole = {"from": asked["from"], "to": asked["to"], "data": asked.get("data", "0x")}
        gas = asked.get("gas") or self._ask("eth_estimateGas", [whole])
        transaction = {
            "chainId": CHAIN_ID,
            "nonce": int(self._ask("eth_getTransactionCount", [asked["from"], "pending"]), 16),
            "to": bytes.fromhex(asked["to"][2:]),
            "data": whole["data"],
            "value": int(asked.get("value", "0x0"), 16),
            "gas": int(gas, 16),
            "gasPrice": int(self._ask("eth_gasPrice", []), 16),
        }
        signed = Account.sign_transaction(transaction, self.who.key)
        return self._ask("eth_sendRawTransaction", [f"0x{bytes(signed.raw_transaction).hex()}"])

    def _require_own(self, address: str) -> None:
        if address.lower() != self.who.address.lower():
            raise Refused(4100, f"{address} is not an account of this wallet")

    def _ask(self, method: str, params: Any) -> Any:
        """The chain's answer; its error becomes the wallet's, with what it reverted with."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        answer = httpx.post(self.commune.chain.url, json=body, timeout=60).json()
        if error := answer.get("error"):
            raise Refused(error["code"], error["message"], error.get("data"))
        return answer["result"]


def _document(given: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(given) if isinstance(given, str) else given
    return found
