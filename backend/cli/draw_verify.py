"""`dualpower draw verify`: a draw repeated from what is public, without anybody's word.

From the chain come the pool, the secrets in the order of their revealing, every block that was to decide, and
that block's hash; the number and who it takes are worked out here and compared with what the chain holds and
the node tells. A lottery of panels is checked ticket by ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from eth_abi.abi import encode
from eth_hash.auto import keccak

from backend.cli import show
from backend.cli.api import Node, NodeRefused, Reading
from backend.cli.contracts import Contracts, Happened
from backend.cli.errors import Refused
from backend.cli.panels import read_document
from backend.cli.places import RPC, RpcUrl
from backend.draws import (
    commitment_of,
    mix_after,
    number_of,
    pick,
    pool_of_members,
    shuffle,
    target_after,
)
from backend.panels import Document, DocumentInvalid, parse

if TYPE_CHECKING:
    from backend.cli.chain import Chain

# How many of those who are asked are shown, at least.
_SHOWN = 10

DrawId = Annotated[int, typer.Argument(min=1, max=2**32 - 1, metavar="DRAW", help="Its number.")]


def verify(
    reading: Reading,
    draw: DrawId,
    document: Annotated[
        Path | None, typer.Option(help="The published lottery that it draws from.", metavar="FILE")
    ] = None,
    rpc: RpcUrl = RPC,
) -> None:
    """Repeat a draw from the chain alone: pool, secrets, deciding block, number, and who is drawn."""
    from backend.cli.chain import Chain

    with Node(reading.node) as api:
        contracts = Contracts.of_node(api.data("/v1/node"))
        told = api.data(f"/v1/draws/{draw}")
        given = read_document(document) if document is not None else _published(api, told["pool"])
        chain = Chain(rpc)
        if (found := chain.chain_id()) != contracts.chain_id:
            raise Refused(f"{rpc} is chain {found}, the node's commune is on chain {contracts.chain_id}")
        with show.progress("repeating the draw"):
            repeated = _Repeated(draw, contracts, chain, told)
            outcome = repeated.outcome(given)
    if reading.as_json:
        show.as_json(outcome | {"checks": repeated.checks})
        return
    for check in repeated.checks:
        show.line(f"[green]agrees[/]: {check}")
    show.line(outcome["words"])


@dataclass(frozen=True)
class _At:
    """An event, and the block that it is in."""

    block: int
    event: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class _Asked:
    """Whom a module took of all members in their turn, and the hash that it should have committed to."""

    taken: list[int]
    pool: bytes


@dataclass
class _Repeated:
    """A draw worked out again step by step. Raises `Refused` at the first step that differs."""

    draw_id: int
    contracts: Contracts
    chain: Chain
    told: dict[str, Any]
    checks: list[str] = field(default_factory=list)

    def outcome(self, document: Document | None) -> dict[str, Any]:
        record = self._record()
        events = self._events("draws", [None, _word(self.draw_id)], self.told["block"])
        opened = self._opened(record, [at for at in events if at.event == "DrawOpened"])
        members = self._pool(record, events, document)
        revealed = self._mix(record, members, [at for at in events if at.event == "SecretRevealed"])
        self._target(record, opened, [at for at in events if at.event == "DrawRetargeted"])
        if not record["number"]:
            words = f"draw {self.draw_id} has no number yet: block {record['targetBlock']} decides"
            return {"drawId": self.draw_id, "number": None, "drawn": None, "words": words}
        number = self._number(record)
        drawn, words = self._drawn(record, number, members, revealed, document)
        return {"drawId": self.draw_id, "number": str(number), "drawn": drawn, "words": words}

    def _record(self) -> dict[str, Any]:
        """What the contract holds, compared with what the node tells."""
        (entry,) = self.contracts.functions("draws", "draw")
        names = [part["name"] for part in entry["outputs"][0]["components"]]
        (values,) = self.chain.view(self.contracts, "draws", "draw", self.draw_id)
        record = dict(zip(names, values, strict=True))
        for name, value in record.items():
            shown = _shown(name, value)
            if name in self.told and _shown(name, self.told[name]) != shown:
                raise self._differs(f"the node's {name}", shown, self.told[name], "the chain says")
        self.checks.append("the node tells what the chain holds")
        return record

    def _opened(self, record: dict[str, Any], opened: Sequence[_At]) -> _At:
        if len(opened) != 1:
            raise Refused(
                f"draw {self.draw_id} cannot be repeated: the chain has no DrawOpened of it since block"
                f" {self.told['block']}"
            )
        (at,) = opened
        for name in ("opener", "pool", "size", "withReveals", "revealEnd"):
            if _shown(name, at.arguments[name]) != _shown(name, record[name]):
                raise self._differs(name, at.arguments[name], _shown(name, record[name]))
        return at

    def _pool(
        self, record: dict[str, Any], events: Sequence[_At], document: Document | None
    ) -> dict[int, str | None]:
        """The people in the pool with their commitments, in its order; nobody for a published lottery."""
        committed = [at for at in events if at.event == "PoolCommitted"]
        if not committed:
            self._lottery(record, document)
            return {}
        (at,) = committed
        ids, commitments = at.arguments["memberIds"], at.arguments["commitments"]
        if (found := pool_of_members(ids)) != record["pool"]:
            raise self._differs("the pool", f"0x{found.hex()}", f"0x{record['pool'].hex()}")
        if len(set(ids)) != record["size"] or len(commitments) not in (0, len(ids)):
            raise self._differs("the size of the pool", len(set(ids)), record["size"])
        self.checks.append(f"the pool of {len(ids)} members is the one that was committed to")
        return dict(zip(ids, commitments or [None] * len(ids), strict=True))

    def _lottery(self, record: dict[str, Any], document: Document | None) -> None:
        if document is None:
            return
        if document.hash != record["pool"]:
            raise self._differs("the lottery's hash", f"0x{document.hash.hex()}", f"0x{record['pool'].hex()}")
        if len(document.panels) != record["size"]:
            raise self._differs("the number of tickets", len(document.panels), record["size"])
        self.checks.append(
            "the published lottery is the one that was committed to, and each of its"
            f" {record['size']} tickets keeps the quotas"
        )

    def _mix(
        self, record: dict[str, Any], members: dict[int, str | None], reveals: Sequence[_At]
    ) -> set[int]:
        """Who revealed. Secrets go into the mix in the order of the chain."""
        mix, revealed = bytes(32), set[int]()
        for at in reveals:
            member, secret = at.arguments["memberId"], bytes.fromhex(at.arguments["secret"][2:])
            commitment = f"0x{commitment_of(member, secret).hex()}"
            if commitment != members.get(member):
                raise self._differs(f"the commitment of member {member}", commitment, members.get(member))
            if at.block > record["revealEnd"] or member in revealed:
                raise self._differs(f"the reveal of member {member}", f"block {at.block}", "once, in time")
            mix = mix_after(mix, member, secret)
            revealed.add(member)
        if mix != record["mix"] or len(revealed) != record["reveals"]:
            raise self._differs("the mix of secrets", f"0x{mix.hex()}", f"0x{record['mix'].hex()}")
        if record["withReveals"]:
            self.checks.append(
                f"{len(revealed)} secrets open their commitments, and their mix is the chain's"
            )
        return revealed

    def _target(self, record: dict[str, Any], opened: _At, moves: Sequence[_At]) -> None:
        """The deciding block was fixed when the draw opened, and after that by having been missed."""
        first = opened.block if not record["withReveals"] else record["revealEnd"]
        target = first + record["delay"]
        if opened.arguments["targetBlock"] != target:
            raise self._differs("the deciding block", target, opened.arguments["targetBlock"])
        for at in moves:
            target = target_after(target, at.block, record["delay"])
            if at.arguments["targetBlock"] != target:
                raise self._differs("the deciding block", target, at.arguments["targetBlock"])
        if target != record["targetBlock"]:
            raise self._differs("the deciding block", target, record["targetBlock"])
        missed = f", after {len(moves)} that nobody captured" if moves else ""
        self.checks.append(f"block {target} was to decide before it existed{missed}")

    def _number(self, record: dict[str, Any]) -> int:
        block = self.chain.rpc("eth_getBlockByNumber", [hex(record["targetBlock"]), False])
        held = f"0x{record['blockHash'].hex()}"
        if block is None or block["hash"].lower() != held:
            raise self._differs("the deciding block's hash", block and block["hash"], held)
        address = bytes.fromhex(self.contracts.address("draws")[2:])
        number = number_of(
            self.contracts.chain_id, address, self.draw_id, record["pool"], record["blockHash"], record["mix"]
        )
        if number != record["number"]:
            raise self._differs("the number", number, record["number"])
        self.checks.append("the number is that of pool, block and mix")
        return number

    def _drawn(
        self,
        record: dict[str, Any],
        number: int,
        members: dict[int, str | None],
        revealed: set[int],
        document: Document | None,
    ) -> tuple[Any, str]:
        """Who or what the number takes, and the same in words."""
        if (shuffled := self._shuffled(record, number)) is not None:
            return shuffled
        if not members:
            (ticket,) = pick(number, record["size"], 1)
            self._compared_with_chain(record["size"], [ticket])
            if document is None:
                words = f"ticket {ticket} of {record['size']} is drawn; with --document it says who is on it"
                return {"ticket": ticket, "members": None}, words
            ids = [person.id for person in document.members(ticket)]
            return {"ticket": ticket, "members": ids}, f"ticket {ticket} is drawn: {', '.join(ids)}"
        pool = [member for member in members if member in revealed or not record["withReveals"]]
        places = pick(number, len(pool), len(pool))
        self._compared_with_chain(len(pool), places)
        order = [pool[place] for place in places]
        if f"0x{bytes.fromhex(record['opener'][2:]).hex()}" == self.contracts.address("elections").lower():
            return self._seated(list(members), order)
        listed = ", ".join(map(str, order)) or "nobody"
        return order, f"members are taken in this order: {listed}"

    def _shuffled(self, record: dict[str, Any], number: int) -> tuple[Any, str] | None:
        """Whom a module took that asks all members one after the other; None where another one opened it."""
        opener = f"0x{bytes.fromhex(record['opener'][2:]).hex()}"
        look = next((look for module, look in _ASKING.items() if opener == self._address(module)), None)
        if look is None:
            return None
        size, asked = record["size"], look(self, record["size"])
        if asked.pool != record["pool"]:
            raise self._differs("the pool", f"0x{asked.pool.hex()}", f"0x{record['pool'].hex()}")
        self.checks.append(f"the pool of members 1 to {size} is the one that was committed to")
        order, missing = list[int](), list(asked.taken)
        for place in range(size):
            if len(order) >= _SHOWN and not missing:
                break
            order.append(shuffle.at(number, place, size) + 1)
            if missing and missing[0] == order[-1]:
                missing.pop(0)
        if missing:
            raise self._differs("who was drawn", order, asked.taken)
        if asked.taken:
            self.checks.append("who was drawn stands in the order that the number gives")
        told = ", ".join(map(str, order)) + (", ..." if len(order) < size else "")
        drawn = ", ".join(map(str, asked.taken)) or "nobody yet"
        words = f"members are asked in this order, unless they cannot be: {told}; drawn: {drawn}"
        return {"order": order, "members": asked.taken}, words

    def _address(self, module: str) -> str | None:
        try:
            return self.contracts.address(module).lower()
        except Refused:
            return None

    def _reviewers(self, size: int) -> _Asked:
        review, taken = self._asked("reviews", "ReviewersWanted", "reviewId", "ReviewerAsked", "memberId")
        pool = f"Reviewers of review {review}: members 1 to {size}"
        return _Asked(taken, keccak(pool.encode()))

    def _mediator(self, size: int) -> _Asked:
        case, taken = self._asked("mediation", "MediatorWanted", "caseId", "MediatorDrawn", "mediator")
        return _Asked(taken, self._pool_of_case(case, size))

    def _asked(self, module: str, wanted: str, of: str, drawn: str, who: str) -> tuple[int, list[int]]:
        """What this draw was opened for, and who was drawn until others were to be."""
        opened = self._events(module, [None, None, _word(self.draw_id)], self.told["block"])
        start = next((found for found in opened if found.event == wanted), None)
        if start is None:
            raise self._differs("what it was for", f"no {wanted}", "one")
        subject, taken, mine = start.arguments[of], list[int](), False
        for found in self._events(module, [None, _word(subject)], start.block):
            if found.event == wanted:
                mine = found.arguments["drawId"] == self.draw_id
            elif found.event == "ReworkAsked":
                # The same reviewers are asked again.
                mine = False
            elif found.event == drawn and mine:
                taken.append(found.arguments[who])
        return subject, taken

    def _panelists(self, size: int) -> _Asked:
        happened = self._events("panels", [], self.told["block"])
        opened = [at.arguments for at in happened if at.event == "PanelOpened"]
        panel = next((found for found in opened if found["drawId"] == self.draw_id), None)
        if panel is None:
            raise self._differs("what it was for", "no PanelOpened", "one")
        drawn = [at.arguments for at in happened if at.event == "PanelistDrawn"]
        of = panel["caseId"], panel["round"]
        taken = [found["memberId"] for found in drawn if (found["caseId"], found["round"]) == of]
        return _Asked(taken, self._pool_of_case(panel["caseId"], size))

    def _pool_of_case(self, case: int, size: int) -> bytes:
        (entry,) = self.contracts.functions("mediation", "caseOf")
        names = [part["name"] for part in entry["outputs"][0]["components"]]
        (values,) = self.chain.view(self.contracts, "mediation", "caseOf", case)
        electorate_at = values[names.index("electorateAt")]
        (parties,) = self.chain.view(self.contracts, "mediation", "partiesOf", case)
        (vouchers,) = self.chain.view(self.contracts, "mediation", "vouchersOf", case)
        types = ["uint48", "uint32", "uint32[]", "uint32[]"]
        return keccak(encode(types, [electorate_at, size, parties, vouchers]))

    def _compared_with_chain(self, n: int, places: Sequence[int]) -> None:
        if not places:
            return
        (found,) = self.chain.view(self.contracts, "draws", "pick", self.draw_id, n, len(places))
        if list(found) != list(places):
            raise self._differs("who is taken", list(places), list(found))
        self.checks.append("the number takes the same ones on the chain")

    def _seated(self, pool: list[int], order: list[int]) -> tuple[Any, str]:
        """Who took seats in the election that the draw was for."""
        drawn = self._events("elections", [None, None, _word(self.draw_id)], self.told["block"])
        found = [at for at in drawn if at.event == "ElectionDrawn"]
        if len(found) != 1:
            raise self._differs("the election it was for", f"{len(found)} elections", "one")
        (at,) = found
        if at.arguments["candidates"] != pool:
            raise self._differs("the election's candidates", pool, at.arguments["candidates"])
        expected = [*at.arguments["certain"], *order[: at.arguments["seats"]]]
        election = at.arguments["electionId"]
        ends = self._events("elections", [None, _word(election)], at.block)
        seated = next((end.arguments["seated"] for end in ends if end.event == "ElectionFilled"), None)
        listed = ", ".join(map(str, expected)) or "nobody"
        if seated is None:
            failed = any(end.event == "ElectionFailed" for end in ends)
            outcome = "filled no seat" if failed else "is not filled yet"
            return expected, f"the draw gives the seats of election {election} to {listed}; it {outcome}"
        # Who can no longer hold the office is left out; nobody is put in.
        rest = iter(expected)
        if not all(member in rest for member in seated):
            raise self._differs(f"who was seated in election {election}", expected, seated)
        self.checks.append(f"who was seated in election {election} was elected or drawn, in that order")
        return seated, f"seated in election {election}: {', '.join(map(str, seated))}"

    def _events(self, module: str, topics: list[str | None], first: int) -> list[_At]:
        found: list[tuple[int, Happened]] = self.chain.logs(self.contracts, module, topics, first)
        return [_At(block, happened.event, happened.arguments) for block, happened in found]

    def _differs(self, what: str, computed: Any, held: Any, said: str = "worked out here it is") -> Refused:
        return Refused(
            f"draw {self.draw_id} does not hold: {what} differs: {said} {computed}, and is given as {held}",
            {"drawId": self.draw_id, "differs": what, "computed": str(computed), "given": str(held)},
        )


# Modules that go through the members in a shuffled order, and pass over who cannot be taken.
_ASKING: dict[str, Callable[[_Repeated, int], _Asked]] = {
    "reviews": _Repeated._reviewers,
    "mediation": _Repeated._mediator,
    "panels": _Repeated._panelists,
}


def _published(api: Node, pool: str) -> Document | None:
    """The lottery with this hash, where the node holds it."""
    try:
        content = api.text(f"/v1/texts/{pool}").encode()
    except NodeRefused:
        return None
    if f"0x{keccak(content).hex()}" != pool:
        raise Refused(f"{api.url} gave another text than {pool}: it cannot be trusted")
    try:
        return parse(content)
    except DocumentInvalid as error:
        raise Refused(f"what is drawn from is no lottery to trust: {error}") from None


def _shown(name: str, value: Any) -> str | None:
    """A value of the draw alike from chain and node; numbers that are not there yet are 0 on the chain."""
    if isinstance(value, bytes):
        value = f"0x{value.hex()}"
    if name in ("blockHash", "number") and value in (0, None, f"0x{bytes(32).hex()}"):
        return None
    return str(value).lower()


def _word(number: int) -> str:
    return f"0x{number:064x}"
