"""Drafts of proposals: what would be done, in which words, by whom.

A draft's id is known before anybody has heard of it: OpenZeppelin's hash of targets, amounts, calldata and
the description's hash. Sponsors sign that id, so the same draft, given again with the same nonce, is the one
they sponsored.
"""

from __future__ import annotations

import json
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak

from backend.cli import arguments, money, texts
from backend.cli.contracts import Contracts, calldata, module_named, selector
from backend.cli.errors import Misused
from backend.project.fading import POINT
from backend.project.reputation import REASONS


@dataclass(frozen=True)
class Action:
    """One call. `words` say what it is; `text` is one that it names by its hash."""

    target: str
    data: bytes
    words: str
    text: str | None = None


@dataclass(frozen=True)
class Draft:
    actions: tuple[Action, ...]
    description: str
    texts: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[list[str], list[int], list[bytes]]:
        """Targets, amounts and calldata. Nothing is sent along: the commune's contracts take no money."""
        return [a.target for a in self.actions], [0] * len(self.actions), [a.data for a in self.actions]

    @property
    def proposal_id(self) -> int:
        types = ["address[]", "uint256[]", "bytes[]", "bytes32"]
        return int.from_bytes(
            keccak(encode(types, [*self.arguments, keccak(self.description.encode())])), "big"
        )

    @property
    def all_texts(self) -> list[str]:
        """Every text that the draft refers to by its hash."""
        return [*self.texts, *(action.text for action in self.actions if action.text is not None)]


def described(title: str, body: str | None, nonce: int, proposer: str) -> str:
    """A description as the docket wants it. A long text is named by its hash, before the suffix."""
    if "#proposer=" in title:
        raise Misused("the title must not bring a #proposer= of its own: the suffix is added")
    named = f"\n\ntext:0x{texts.hash_of(body).hex()}" if body is not None else ""
    return f"{title}{named}#nonce={nonce}#proposer={proposer.lower()}"


def action(
    contracts: Contracts, module: str, function: str, *arguments: Any, words: str, text: str | None = None
) -> Action:
    """A call of one of the commune's own functions."""
    return Action(contracts.address(module), contracts.calldata(module, function, *arguments), words, text)


def adopt(contracts: Contracts, text: str) -> Action:
    """Adopting a text as a resolution."""
    words = "adopt a text as a resolution"
    return action(contracts, "constitution", "adopt", texts.hash_of(text), words=words, text=text)


def set_parameter(contracts: Contracts, given: str, bounds: Mapping[str, tuple[int, int]]) -> Action:
    """`name=value`, as in `assembly.sponsors=3`. `bounds` are floor and ceiling by name."""
    name, _, number = given.partition("=")
    if not name or not number.replace("_", "").isdecimal():
        raise Misused(f"--set-parameter takes name=number, as in assembly.sponsors=3; got {given!r}")
    if name not in bounds:
        raise Misused(f"there is no parameter {name}; there are {', '.join(bounds)}")
    floor, ceiling = bounds[name]
    if not floor <= int(number) <= ceiling:
        raise Misused(
            f"{name} lies between {floor} and {ceiling}, and no vote can move these bounds; got {number}"
        )
    action = call(contracts, "constitution", "setParameter", [name, number])
    return replace(action, words=f"set {name} to {int(number)}")


def award(contracts: Contracts, given: str, topics: Mapping[str, int], evidence: str | None) -> Action:
    """`member:topic:points[:reason]`, as in `7:food:50` or `7:food:2.5:Agreement`."""
    parts = given.split(":")
    if len(parts) not in (3, 4) or not parts[0].isdecimal():
        raise Misused(f"--award takes member:topic:points[:reason], as in 7:food:50; got {given!r}")
    if evidence is None:
        raise Misused("an award needs --evidence: a text that says what it is for")
    member, topic, points, reason = (
        int(parts[0]),
        topic_of(parts[1], topics),
        parts[2],
        (parts[3:] or ["Decision"])[0],
    )
    if reason.capitalize() not in REASONS:
        raise Misused(f"{reason} is no reason; there are {', '.join(REASONS)}")
    amount = micro_points(points)
    arguments = (member, topic, amount, REASONS.index(reason.capitalize()), texts.hash_of(evidence), 0)
    words = f"award member {member} {points} points in topic {parts[1]}"
    return action(contracts, "reputation", "award", *arguments, words=words, text=evidence)


def pay(contracts: Contracts, given: str, reason: str | None) -> Action:
    """`asset:to:amount`, as in `ETH:0x9965…:0.05`; tokens by their address, in their smallest parts."""
    parts = given.split(":")
    if len(parts) != 3:
        raise Misused(f"--pay takes asset:to:amount, as in ETH:0x...:0.05; got {given!r}")
    if reason is None:
        raise Misused("a payment needs --reason: a text that says what it is for")
    asset, to = money.asset_of(parts[0]), money.account_of(parts[1])
    amount = money.amount_of(parts[2], asset)
    words = f"pay {money.shown(amount, asset, None)} to {to}"
    given_for = texts.hash_of(reason)
    return action(contracts, "commons", "pay", asset, to, amount, given_for, words=words, text=reason)


def mandate(contracts: Contracts, given: str) -> tuple[str, bytes, int, int, int]:
    """`module.function:calls[:argument:cap]`, as in `constitution.adopt:4`, as the entry of a mandate.

    `argument` says which argument is an amount, by its name or its place from 1.
    """
    named, *numbers = given.split(":")
    target, dot, function = named.partition(".")
    if not dot or len(numbers) not in (1, 3) or not numbers[0].isdecimal() or not int(numbers[0]):
        raise Misused(
            "--may takes module.function:calls[:argument:cap], as in constitution.adopt:4 for four times a"
            f" period; got {given!r}"
        )
    module = module_named(target)
    overloads = contracts.functions(module, function)
    if len(overloads) != 1:
        raise Misused(f"{module} has {'no' if not overloads else 'more than one'} function {function}")
    (entry,) = overloads
    argument, cap = _capped(entry, numbers[1], numbers[2]) if len(numbers) == 3 else (0, 0)
    return contracts.address(module), selector(entry), int(numbers[0]), argument, cap


def _capped(entry: Mapping[str, Any], named: str, cap: str) -> tuple[int, int]:
    """Which word of the arguments is an amount, from 1, and what it may add up to."""
    names = [argument["name"] for argument in entry["inputs"]]
    place = names.index(named) + 1 if named in names else int(named) if named.isdecimal() else 0
    if not 1 <= place <= len(names) or not entry["inputs"][place - 1]["type"].startswith("uint"):
        raise Misused(f"{named} is no amount among the arguments of {entry['name']}({', '.join(names)})")
    if not cap.replace("_", "").isdecimal():
        raise Misused(f"a cap is a whole number; got {cap!r}")
    return place, int(cap)


def call(contracts: Contracts, target: str, function: str, given: Sequence[Any]) -> Action:
    """A function of one of the commune's modules, with arguments as people write them."""
    module = module_named(target)
    overloads = contracts.functions(module, function)
    if not overloads:
        raise Misused(f"{module} has no function {function}")
    fitting = [entry for entry in overloads if len(entry["inputs"]) == len(given)]
    if len(fitting) != 1:
        takes = " or ".join(f"({', '.join(i['name'] or i['type'] for i in e['inputs'])})" for e in overloads)
        raise Misused(f"{module}.{function} takes {takes}; got {len(given)} values")
    (entry,) = fitting

    def address_of(name: str) -> str:
        return contracts.address(module_named(name))

    values = [
        arguments.value(declared, value, address_of)
        for declared, value in zip(entry["inputs"], given, strict=True)
    ]
    shown = ", ".join(str(value) for value in given)
    return Action(contracts.address(module), calldata(entry, values), f"call {module}.{function}({shown})")


def call_in_words(contracts: Contracts, given: str) -> Action:
    """`module function value...` in one string, quoted as in a shell."""
    try:
        words = shlex.split(given)
    except ValueError as error:
        raise Misused(f"--call {given!r} cannot be read: {error}") from None
    if len(words) < 2:
        raise Misused(
            f"--call takes 'module function value...', as in 'constitution addTopic care'; got {given!r}"
        )
    return call(contracts, words[0], words[1], words[2:])


def from_file(contracts: Contracts, path: Path) -> tuple[dict[str, Any], list[Action]]:
    """What a TOML or JSON file proposes: its other fields (title, text, nonce), and its actions.

    ::

        title = "Energy is an area of its own"
        [[action]]
        call = "constitution.addTopic"
        arguments = ["energy"]
    """
    content = _read(path)
    known = {"title": str, "text": str, "nonce": int, "action": list}
    if unknown := sorted(set(content) - set(known)):
        raise Misused(f"{path} has unknown fields {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    for name, kind in known.items():
        if not isinstance(content.get(name, kind()), kind) or content.get(name) is True:
            raise Misused(f"{path}: {name} is of another type; got {content[name]!r}")
    actions = content.pop("action", [])
    if not isinstance(actions, list) or not actions:
        raise Misused(f"{path} has no actions: it takes at least one [[action]]")
    return content, [_action_in_file(contracts, path, action) for action in actions]


def _action_in_file(contracts: Contracts, path: Path, action: Any) -> Action:
    if not isinstance(action, dict) or set(action) - {"adopt", "call", "arguments"}:
        raise Misused(f"{path}: an action has `call` and `arguments`, or `adopt`; got {action!r}")
    if "adopt" in action:
        return adopt(contracts, str(action["adopt"]))
    target, dot, function = str(action.get("call", "")).partition(".")
    if not dot:
        raise Misused(f"{path}: `call` takes module.function, as in constitution.addTopic; got {action!r}")
    given = action.get("arguments", [])
    if not isinstance(given, list):
        raise Misused(f"{path}: `arguments` is a list; got {given!r}")
    return call(contracts, target, function, given)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise Misused(f"{path} cannot be read: {error}") from None
    if not isinstance(content, dict):
        raise Misused(f"{path} does not hold an object")
    return content


def topic_of(given: str, topics: Mapping[str, int]) -> int:
    """A topic by its number or its name."""
    if given.isdecimal() and int(given) in topics.values():
        return int(given)
    if given not in topics:
        raise Misused(f"there is no topic {given}; there are {_listed(topics)}")
    return topics[given]


def micro_points(points: str) -> int:
    """Points with up to 6 decimals, in micro-points."""
    whole, _, decimals = points.partition(".")
    if not (whole.isdecimal() and (decimals or "0").isdecimal() and len(decimals) <= 6):
        raise Misused(f"points are a number with at most 6 decimals, above 0; got {points!r}")
    return int(whole) * POINT + int(decimals.ljust(6, "0"))


def _listed(topics: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(topics.items(), key=lambda item: item[1]))
