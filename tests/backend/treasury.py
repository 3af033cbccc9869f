"""The commons from its first coin to a purse that is closed, in a commune that has lived for a while."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from eth_hash.auto import keccak

from tests.backend.chains import ROOT
from tests.backend.commune import DAY, ETH, FOR, Commune, Person, Reverted, text_hash
from tests.backend.drawing import decide

ETHER = 10**18
PERIOD = 30 * DAY
KITCHEN, SHED, BADGES = 1, 2, 3
GIFT = "From the summer feast."
FLOUR = "Flour for the bakery."
KITCHEN_TEXT = "The kitchen buys what it cooks."
Happened = Callable[[str], None]


class Treasury:
    """`token` says nothing of itself; `payers` is a controller that goes by a list."""

    def __init__(self, commune: Commune) -> None:
        self.commune = commune
        self.token = self._deployed("OddToken")
        self.payers = self._deployed("PayerList")
        decide(commune, "powers", "grantRole", 16, self.payers, 0)

    def give(self, who: Person, amount: int) -> None:
        """ETH, simply sent."""
        c = self.commune
        sent = {"from": who.address, "to": c.addresses["commons"], "value": hex(amount)}
        assert c.chain.receipt(c.chain.rpc("eth_sendTransaction", sent))["status"] == "0x1"

    def mint(self, to: str, amount: int) -> None:
        self._call(self.token, "mint(address,uint256)", int(to, 16), amount)

    def approve(self, who: Person, amount: int) -> None:
        commons = int(self.commune.addresses["commons"], 16)
        self._call(self.token, "approve(address,uint256)", commons, amount, sender=who)

    def allow(self, purse: int, who: Person) -> None:
        """Lets a member pay from the purses of this number, by the list."""
        member = self.commune.member_id(who)
        self._call(self.payers, "allow(uint256,address,uint32)", purse, int(who.address, 16), member)

    def _deployed(self, name: str) -> str:
        artifact = json.loads((ROOT / "build/contracts" / f"{name}.json").read_text())
        code = bytes.fromhex(artifact["bytecode"].removeprefix("0x"))
        receipt = self.commune.transact(self.commune.deployer, None, code)
        return str(receipt["contractAddress"])

    def _call(self, to: str, signature: str, *words: int, sender: Person | None = None) -> None:
        data = keccak(signature.encode())[:4] + b"".join(word.to_bytes(32, "big") for word in words)
        self.commune.transact(sender or self.commune.deployer, to, data)


def keep_the_till(c: Commune, happened: Happened) -> None:
    p, treasury = c.people, Treasury(c)
    baker = p[15].address
    treasury.give(p[14], 2 * ETHER)
    happened("somebody sent ETH")
    treasury.mint(p[1].address, 500)
    treasury.approve(p[1], 300)
    c.send(p[1], "commons", "deposit", treasury.token, 300, text_hash(GIFT))
    treasury.mint(c.addresses["commons"], 40)
    c.send(p[20], "commons", "recordIncome", treasury.token)
    happened("tokens were given, and found")
    purses = [
        (
            "commons",
            c.data("commons", "openPurse", treasury.payers, number, asset, cap, text_hash(KITCHEN_TEXT)),
        )
        for number, asset, cap in (
            (KITCHEN, ETH, ETHER // 10),
            (SHED, treasury.token, 20),
            (BADGES, c.addresses["membership"], 1),
        )
    ]
    payments = [
        ("commons", c.data("commons", "pay", ETH, baker, ETHER // 4, text_hash(FLOUR))),
        ("commons", c.data("commons", "pay", treasury.token, baker, 30, text_hash(FLOUR))),
    ]
    draft = c.draft(p[1], *purses, *payments, text="A till for the kitchen")
    proposal = c.propose(draft, p[1], (p[1], p[2]))
    c.to_voting(proposal)
    for voter in (p[1], p[2], p[3]):
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    c.carry_out(draft)
    happened("a decision opened purses, and paid")
    treasury.allow(KITCHEN, p[2])
    treasury.allow(SHED, p[2])
    c.wait_until(c.call("commons", "periodOf", c.now) + PERIOD)
    happened("a new period began")
    c.send(p[2], "commons", "payFromPurse", KITCHEN, baker, ETHER // 25, text_hash(FLOUR))
    c.send(p[2], "commons", "payFromPurse", KITCHEN, baker, ETHER // 20, text_hash(FLOUR))
    c.send(p[2], "commons", "payFromPurse", SHED, baker, 20, text_hash(FLOUR))
    happened("a member paid from purses")
    with pytest.raises(Reverted, match="CommonsPurseExceeded"):
        c.send(p[2], "commons", "payFromPurse", SHED, baker, 1, text_hash(FLOUR))
    end = [
        ("commons", c.data("commons", "payBeyondBrake", ETH, baker, ETHER, text_hash(FLOUR))),
        ("commons", c.data("commons", "setPurseCap", KITCHEN, ETHER // 5)),
        ("commons", c.data("commons", "closePurse", SHED)),
        ("commons", c.data("commons", "setPayUnit", treasury.token, 2)),
    ]
    draft = c.draft(p[1], *end, text="An oven, at last")
    proposal = c.propose(draft, p[1], (p[1], p[2]))
    c.to_voting(proposal)
    for voter in (p[1], p[2], p[3], p[5]):
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    c.carry_out(draft)
    happened("most of it went out by the constitutional rule, and one purse is closed")
