"""Money coming and going, well and badly, and what the commons must say then: a model of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import brownie
from brownie import ZERO_ADDRESS, accounts

from scripts import commune as communes
from tests.contracts.clock import advance, now
from tests.contracts.commons.conftest import REASON, SILENT, TAXING
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, member_id, person

LENGTHS = (7 * DAY, 30 * DAY, 60 * DAY)
CAP = 300
WORKERS_PAY = 100_000
STEPS = (
    "_earn", "_earn", "_record", "_decide", "_decide", "_decide", "_exceed",
    "_spend", "_spend", "_spend", "_employ", "_wait", "_wait",
)  # fmt: skip


@dataclass
class Limited:
    """What was used up until a period's end."""

    end: int = 0
    spent: int = 0
    base: int = 0


@dataclass
class Asset:
    """What came and went, by the ledger's lines, and what has come without one."""

    address: Any
    lines: list[int] = field(default_factory=list)
    unrecorded: int = 0
    brake: Limited = field(default_factory=Limited)


class Treasury:
    """ETH, a token that returns nothing and one that keeps a tenth; a purse of each, which person 2 holds."""

    def __init__(self, commune: Any, contracts: Any, *, lengths_change: bool) -> None:
        self.commune, self.commons = commune, commune.commons
        self.timelock, self.offices = acting_as(commune.timelock), acting_as(commune.offices)
        self.holder, self.shop, self.giver = person(2), accounts[20], accounts[30]
        self.steps = (*STEPS, "_change_length") if lengths_change else STEPS
        self.length = 30 * DAY
        payers = contracts["PayerList"].deploy({"from": self.giver})
        commune.powers.grantRole(communes.ROLES["PURSE"][0], payers, 0, self.timelock)
        payers.allow(1, self.holder.address, member_id(commune, self.holder), {"from": self.giver})
        self.assets = [Asset(ZERO_ADDRESS)]
        for behaviour in (SILENT, TAXING):
            token = contracts["OddToken"].deploy({"from": self.giver})
            token.behave(behaviour, {"from": self.giver})
            self.assets.append(Asset(token))
        self.purses = {}
        for asset in self.assets:
            opened = self.commons.openPurse(payers, 1, asset.address, CAP, REASON, self.timelock)
            self.purses[opened.return_value] = (asset, Limited())
            self._give(asset, 5_000)
        self.commons.setPayUnit(ZERO_ADDRESS, 1, self.timelock)
        self.paid: dict[tuple[int, int], int] = {}
        self.refused = 0
        self.outflows: dict[tuple[int, int], tuple[int, int]] = {}
        """(asset, period's start): the balance at its first outflow, and what went out under the brake"""

    def live(self, steps: int, seed: int) -> None:
        """A random life; the invariants are checked after each step."""
        chance = random.Random(seed)
        for _ in range(steps):
            getattr(self, chance.choice(self.steps))(chance)
            self.check()

    def check(self) -> None:
        """I20: the brake. I21: purses' caps and the worker's pay. I22: the ledger's sum is the balance."""
        start = self.start()
        for asset in self.assets:
            balance = self._balance(asset)
            assert sum(asset.lines) + asset.unrecorded == balance
            assert self.commons.brakeLeft(asset.address) == min(balance, self._brake_left(asset, start))
        for purse, (_, used) in self.purses.items():
            assert self.commons.purseLeft(purse) == CAP - (used.spent if used.end > start else 0)
        for (member, period), units in self.paid.items():
            assert units <= WORKERS_PAY
            assert self.commons.payLeft(member, period) == WORKERS_PAY - units
        if "_change_length" not in self.steps:
            assert all(out <= base * 2_000 // 10_000 for base, out in self.outflows.values())

    def start(self) -> int:
        return now() - now() % self.length

    # ---------------------------------------------------------------- steps

    def _earn(self, chance: random.Random) -> None:
        """Money is sent or given, or comes without a word."""
        asset, amount = chance.choice(self.assets), chance.randrange(1, 5_000)
        if asset.address != ZERO_ADDRESS and chance.random() < 0.5:
            asset.address.mint(self.commons, amount, {"from": self.giver})
            asset.unrecorded += amount
        else:
            self._give(asset, amount)

    def _record(self, chance: random.Random) -> None:
        asset = chance.choice(self.assets)
        if not asset.unrecorded:
            self._refuses(self.commons.recordIncome, asset.address, {"from": self.giver})
            return
        self._found(asset, self.commons.recordIncome(asset.address, {"from": self.giver}))

    def _decide(self, chance: random.Random) -> None:
        """A payment, often as much as the brake leaves, or one more."""
        asset = chance.choice(self.assets)
        left = self.commons.brakeLeft(asset.address)
        self._pays(asset, max(1, left - chance.choice((0, left // 2, -1))), self.timelock, self.commons.pay)

    def _exceed(self, chance: random.Random) -> None:
        asset = chance.choice(self.assets)
        amount = self._balance(asset) // chance.choice((2, 10))
        if amount:
            pay = self.commons.payBeyondBrake
            tx = pay(asset.address, self.shop, amount, REASON, self.timelock)
            self._count(asset, amount, braked=False, tx=tx)

    def _spend(self, chance: random.Random) -> None:
        """From a purse, often one unit more than it has."""
        purse = chance.choice(list(self.purses))
        asset, used = self.purses[purse]
        left = self.commons.purseLeft(purse)
        amount = max(1, chance.choice((left + 1, left, left // 3)))
        arguments = (purse, self.shop, amount, REASON, self.holder.tx)
        brake = self.commons.brakeLeft(asset.address)
        if amount > left or amount > brake:
            self._refuses(self.commons.payFromPurse, *arguments)
            return
        tx = self.commons.payFromPurse(*arguments)
        used.spent = (used.spent if used.end > self.start() else 0) + amount
        used.end = max(used.end, self.start() + self.length)
        self._count(asset, amount, braked=True, tx=tx)

    def _employ(self, chance: random.Random) -> None:
        """A stipend, often more than a worker's pay."""
        member, period = chance.choice((1, 2)), self.start()
        left = WORKERS_PAY - self.paid.get((member, period), 0)
        units = min(left + 1, chance.choice((left + 1, 50, 200)))
        ether = self.assets[0]
        arguments = (member, period, units, REASON, self.offices)
        if units > left or units > self.commons.brakeLeft(ZERO_ADDRESS):
            self._refuses(self.commons.payStipend, *arguments)
            return
        tx = self.commons.payStipend(*arguments)
        self.paid[member, period] = self.paid.get((member, period), 0) + units
        self._count(ether, units, braked=True, tx=tx)

    def _wait(self, chance: random.Random) -> None:
        advance(chance.choice((1, 3, 10, 40)) * DAY)

    def _change_length(self, chance: random.Random) -> None:
        self.length = chance.choice(LENGTHS)
        name = communes.bytes32("commons.period")
        self.commune.constitution.setParameter(name, self.length, self.timelock)

    # ---------------------------------------------------------------- the model

    def _pays(self, asset: Asset, amount: int, sender: Any, pay: Any) -> None:
        arguments = (asset.address, self.shop, amount, REASON, sender)
        if amount > min(self._balance(asset), self._brake_left(asset, self.start())):
            self._refuses(pay, *arguments)
            return
        self._count(asset, amount, braked=True, tx=pay(*arguments))

    def _give(self, asset: Asset, amount: int) -> None:
        sender = {"from": self.giver}
        before = self._balance(asset)
        if asset.address == ZERO_ADDRESS:
            self.giver.transfer(self.commons, amount)
        else:
            asset.address.mint(self.giver, amount, sender)
            asset.address.approve(self.commons, amount, sender)
            self.commons.deposit(asset.address, amount, REASON, sender)
        asset.lines.append(self._balance(asset) - before)

    def _count(self, asset: Asset, amount: int, *, braked: bool, tx: Any) -> None:
        """`tx` made a payment: one line of the ledger, after that of what came without one."""
        self._found(asset, tx)
        line = tx.events["Paid"]
        start, left = self.start(), self._balance(asset)
        if asset.brake.end <= start:
            asset.brake = Limited(base=left + amount)
        asset.brake.end = max(asset.brake.end, start + self.length)
        asset.brake.spent += amount if braked else 0
        key = self.assets.index(asset), start
        base, out = self.outflows.get(key, (left + amount, 0))
        self.outflows[key] = base, out + (amount if braked else 0)
        assert line["amount"] == amount
        assert line["arrived"] == (amount - amount // 10 if asset is self.assets[2] else amount)
        asset.lines.append(-line["amount"])

    def _found(self, asset: Asset, tx: Any) -> None:
        """Whatever came without a line has one now."""
        if "Received" in tx.events:
            asset.lines.append(tx.events["Received"]["amount"])
            asset.unrecorded -= asset.lines[-1]
        assert asset.unrecorded == 0

    def _brake_left(self, asset: Asset, start: int) -> int:
        if asset.brake.end <= start:
            return self._balance(asset) * 2_000 // 10_000
        return max(0, asset.brake.base * 2_000 // 10_000 - asset.brake.spent)

    def _balance(self, asset: Asset) -> int:
        if asset.address == ZERO_ADDRESS:
            return int(self.commons.balance())
        return int(asset.address.balanceOf(self.commons))

    def _refuses(self, call: Any, *arguments: Any) -> None:
        with brownie.reverts():
            call.call(*arguments)
        self.refused += 1
