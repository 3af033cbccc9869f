"""Draws that are opened, fed with secrets, captured, missed and set again, and a model of them."""

from __future__ import annotations

import random
from typing import Any

import brownie
from brownie import accounts, chain, web3

from tests.contracts.draws.conftest import (
    CAPTURABLE,
    CAPTURED,
    DELAY,
    MISSED,
    POOL,
    REVEALING,
    TEXT,
    WAITING,
    commitment,
    keccak,
    number_of,
    picked,
)
from tests.contracts.membership.steps import acting_as

REACH = 256
STEP = REACH + 1 + DELAY
MEMBERS = (1, 2, 3)
STEPS = (
    "_open", "_open_among", "_reveal", "_reveal", "_reveal", "_capture", "_capture", "_capture", "_retarget",
    "_mine", "_mine",
)  # fmt: skip


def secret(member: int) -> bytes:
    return bytes([member]) * 32


class Lottery:
    """Every draw by what its events say: nothing else goes into the number."""

    def __init__(self, commune: Any) -> None:
        self.commune, self.draws = commune, commune.draws
        self.timelock, self.anyone = acting_as(commune.timelock), {"from": accounts[30]}
        self.opened: dict[int, dict[str, Any]] = {}
        self.captured = self.refused = self.missed = 0

    def live(self, steps: int, seed: int) -> None:
        """A random life; the invariants are checked after each step."""
        chance = random.Random(seed)
        for _ in range(steps):
            step = chance.choice(STEPS) if self.opened else "_open_among"
            getattr(self, step)(chance)
            self.check()

    def check(self) -> None:
        """I23: the number follows from what was public before its block. I24: blocks are a fixed row."""
        for draw, model in self.opened.items():
            found = self.draws.draw(draw)
            assert found["targetBlock"] == model["target"]
            assert (model["target"] - model["first"]) % STEP == 0
            assert (bytes(found["mix"]), found["reveals"]) == (model["mix"], len(model["revealed"]))
            assert found["number"] == model.get("number", 0)

    # ---------------------------------------------------------------- steps

    def _open(self, chance: random.Random) -> None:
        self._note(self.draws.open(POOL, 10, TEXT, self.timelock), ())

    def _open_among(self, chance: random.Random) -> None:
        commitments = [commitment(member, secret(member)) for member in MEMBERS]
        self._note(self.draws.openAmong(MEMBERS, commitments, TEXT, self.timelock), MEMBERS)

    def _reveal(self, chance: random.Random) -> None:
        """By the member, or by who has another's secret; sometimes twice, or too late."""
        draw, model = self._some(chance)
        member, of = chance.choice(MEMBERS), chance.choice((0, 0, 0, 1))
        arguments = (draw, member, secret(member + of), self.anyone)
        good = self._state(model, 1) == REVEALING and not of and member not in model["revealed"]
        if not good or member not in model["members"]:
            self._refuses(self.draws.reveal, *arguments)
            return
        self.draws.reveal(*arguments)
        model["revealed"].add(member)
        values = (model["mix"], member, secret(member))
        model["mix"] = keccak("bytes32", "uint32", "bytes32", values=values)

    def _capture(self, chance: random.Random) -> None:
        draw, model = self._some(chance, CAPTURABLE)
        if self._state(model, 1) != CAPTURABLE:
            self._refuses(self.draws.capture, draw, self.anyone)
            return
        self.draws.capture(draw, self.anyone)
        block_hash = bytes(web3.eth.get_block(model["target"]).hash)
        model["number"] = number_of(self.commune, draw, block_hash, model["mix"])
        assert self.draws.pick(draw, 10, 4) == picked(model["number"], 10, 4)
        self.captured += 1

    def _retarget(self, chance: random.Random) -> None:
        draw, model = self._some(chance, MISSED)
        if self._state(model, 1) != MISSED:
            self._refuses(self.draws.retarget, draw, self.anyone)
            return
        tx = self.draws.retarget(draw, self.anyone)
        model["target"] = next(
            block
            for block in range(model["target"] + STEP, tx.block_number + 2 * STEP, STEP)
            if block >= tx.block_number + DELAY
        )
        self.missed += 1

    def _mine(self, chance: random.Random) -> None:
        chain.mine(chance.choice((1, 3, DELAY, 10, 10, 20, 270)))

    # ---------------------------------------------------------------- the model

    def _note(self, tx: Any, members: tuple[int, ...]) -> None:
        event = tx.events["DrawOpened"]
        reveal_end = tx.block_number + (10 if members else 0)
        assert (event["revealEnd"], event["targetBlock"]) == (reveal_end, reveal_end + DELAY)
        self.opened[event["drawId"]] = {
            "members": members,
            "revealEnd": reveal_end,
            "first": reveal_end + DELAY,
            "target": reveal_end + DELAY,
            "revealed": set(),
            "mix": bytes(32),
        }

    def _some(self, chance: random.Random, likely: int = REVEALING) -> tuple[int, dict[str, Any]]:
        """Mostly one in that state, where there is one."""
        fitting = [draw for draw, model in self.opened.items() if self._state(model, 1) == likely]
        draw = chance.choice(fitting if fitting and chance.random() < 0.7 else list(self.opened))
        return draw, self.opened[draw]

    def _state(self, model: dict[str, Any], ahead: int) -> int:
        """As a transaction `ahead` blocks from now finds it."""
        block = web3.eth.block_number + ahead
        if "number" in model:
            return CAPTURED
        if model["members"] and block <= model["revealEnd"]:
            return REVEALING
        if block <= model["target"]:
            return WAITING
        return CAPTURABLE if block <= model["target"] + REACH else MISSED

    def _refuses(self, call: Any, *arguments: Any) -> None:
        with brownie.reverts():
            call(*arguments)
        self.refused += 1
