"""Drafts opened for consent, responses of every kind, a list that changes, and a model of what passes."""

from __future__ import annotations

import random
from typing import Any

import brownie
from brownie import accounts

from tests.contracts.assembly.consenting import (
    ACKNOWLEDGE,
    BLOCK,
    CAP,
    NO_REASON,
    STAND_ASIDE,
    WHY,
    arguments,
    payment_draft,
    text_draft,
)
from tests.contracts.clock import advance, now
from tests.contracts.membership.steps import acting_as
from tests.contracts.people import DAY, Draft, Person, member_id, person, sponsored

MEMBERS = range(1, 6)
# What people are likely to say to a draft.
MOODS = (
    (ACKNOWLEDGE, ACKNOWLEDGE, ACKNOWLEDGE, BLOCK, STAND_ASIDE),
    (BLOCK, BLOCK, BLOCK, ACKNOWLEDGE, STAND_ASIDE),
)
# A round, in order: what is drafted is mostly answered before its window ends.
ROUND = (
    "_open", *("_respond",) * 3, "_change_list", "_wait", "_respond", "_execute", "_wait",
    "_execute", "_escalate", "_execute", "_escalate",
)  # fmt: skip


class Consents:
    """Five founders; three must acknowledge, two stop a draft."""

    def __init__(self, commune: Any) -> None:
        self.commune, self.consent = commune, commune.consent
        self.timelock, self.anyone = acting_as(commune.timelock), {"from": accounts[30]}
        accounts[30].transfer(commune.commons, 1_000 * CAP)
        self.drafts: list[dict[str, Any]] = []
        self.cap = CAP
        self.executed = self.escalated = self.refused = 0

    def live(self, rounds: int, seed: int) -> None:
        """A random life; the invariant is checked after each step."""
        chance = random.Random(seed)
        for step in ROUND * rounds:
            if self.drafts or step == "_open":
                getattr(self, step)(chance)
                self.check()

    def check(self) -> None:
        """I25: each member counts once, as they last said; what was carried out was agreed to."""
        for draft in self.drafts:
            found = self.consent.consentProposal(draft["id"])
            said = list(draft["responses"].values())
            assert (found["acknowledged"], found["blocks"], found["stoodAside"]) == tuple(
                said.count(response) for response in (ACKNOWLEDGE, BLOCK, STAND_ASIDE)
            )
            assert (found["executed"], found["escalated"]) == (draft["executed"], draft["escalated"])
            if found["executed"]:
                assert said.count(ACKNOWLEDGE) >= found["needed"] == 3
                assert said.count(BLOCK) < found["limit"] == 2

    # ---------------------------------------------------------------- steps

    def _open(self, chance: random.Random) -> None:
        """A text, or a payment in two parts, often over the cap together."""
        amount = chance.choice((0, CAP // 2, CAP // 2 + 1))
        shop = accounts[20]
        d = payment_draft(self.commune, amount, CAP // 2, to=shop) if amount else text_draft(self.commune)
        sponsored(self.commune, d, (person(1), person(2)))
        opener = person(chance.choice(MEMBERS))
        total = amount + CAP // 2 if amount else 0
        if total > self.cap or self.consent.liveProposalOf(member_id(self.commune, opener)):
            self._refuses(self.consent.open, *arguments(d), opener.tx)
            return
        self.consent.open(*arguments(d), opener.tx)
        end = now() + 3 * DAY
        self.drafts.append(
            {"draft": d, "id": d.id(self.commune), "end": end, "total": total}
            | {"responses": {}, "executed": False, "escalated": False, "mood": MOODS[len(self.drafts) % 2]}
        )

    def _respond(self, chance: random.Random) -> None:
        draft = self._some(chance)
        for member in chance.sample(MEMBERS, 3):
            self._say(chance, draft, person(member))

    def _say(self, chance: random.Random, draft: dict[str, Any], who: Person) -> None:
        response = chance.choice(draft["mood"])
        reason = chance.choice((NO_REASON, WHY, WHY))
        call = (draft["id"], response, reason, who.tx)
        bad = response != ACKNOWLEDGE and reason == NO_REASON
        if now() + 1 > draft["end"] or bad or draft["responses"].get(who.index) == response:
            self._refuses(self.consent.respond, *call)
            return
        self.consent.respond(*call)
        draft["responses"][who.index] = response

    def _change_list(self, chance: random.Random) -> None:
        self.cap = chance.choice((CAP, CAP, CAP - 1))
        pay = self.commune.commons.pay.signature
        allowance = (True, True, 3, self.cap)
        self.consent.setAllowance(self.commune.commons, pay, b"\0" * 32, allowance, self.timelock)

    def _wait(self, chance: random.Random) -> None:
        advance(chance.choice((1, 2, 3)) * DAY + 60)

    def _execute(self, chance: random.Random) -> None:
        draft = self._some(chance)
        d: Draft = draft["draft"]
        call = (*arguments(d)[:2], d.description_hash, self.anyone)
        said = list(draft["responses"].values())
        agreed = said.count(ACKNOWLEDGE) >= 3 and said.count(BLOCK) < 2
        allowed = agreed and draft["total"] <= self.cap and not draft["executed"]
        if not allowed or not self._is_due(draft):
            self._refuses(self.consent.execute, *call)
            return
        self.consent.execute(*call)
        draft["executed"] = True
        self.executed += 1

    def _escalate(self, chance: random.Random) -> None:
        """Mostly of what is blocked and due, if there is any."""
        due = [d for d in self.drafts if self._is_blocked(d) and self._is_due(d)]
        draft = chance.choice(due) if due and chance.random() < 0.8 else self._some(chance)
        call = (*arguments(draft["draft"]), self.anyone)
        if not self._is_blocked(draft) or draft["escalated"] or not self._is_due(draft):
            self._refuses(self.consent.escalate, *call)
            return
        self.consent.escalate(*call)
        draft["escalated"] = True
        self.escalated += 1

    # ---------------------------------------------------------------- the model

    def _is_blocked(self, draft: dict[str, Any]) -> bool:
        return list(draft["responses"].values()).count(BLOCK) >= 2

    def _is_due(self, draft: dict[str, Any]) -> bool:
        """The next transaction comes after the window, and before 30 days are over."""
        return draft["end"] <= now() and now() < draft["end"] + 30 * DAY

    def _some(self, chance: random.Random) -> dict[str, Any]:
        """Mostly the latest one."""
        return self.drafts[-1] if chance.random() < 0.7 else chance.choice(self.drafts)

    def _refuses(self, call: Any, *given: Any) -> None:
        with brownie.reverts():
            call.call(*given)
        self.refused += 1
