"""Decoders compiled from the ABI when the node starts.

For each event a function is written whose body unpacks all static words with one `struct` format, follows the
offsets of top-level `string` and `bytes`, and builds the event's class: about a microsecond, where a general
decoder walks the ABI again for each log. Arrays and structs
go through eth-abi.

Padding is skipped, not checked: the compiler wrote it, and a log that lies can lie in its values as well.
Text on chain may be any bytes: what is not UTF-8, and NUL (which PostgreSQL cannot hold), becomes U+FFFD, so
that nobody can stop an indexer with a description.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from eth_abi.codec import ABICodec
from eth_abi.decoding import StringDecoder
from eth_abi.encoding import TextStringEncoder
from eth_abi.registry import BaseEquals
from eth_abi.registry import registry as default_registry

from backend.chain.types import Log
from backend.decode.abi import EventAbi, Input, events_of
from backend.decode.errors import AbiUnsupported, LogMalformed
from backend.decode.event import At, Event
from backend.decode.generate import Classes

Decode = Callable[[At, bytes, bytes], Event]

_registry = default_registry.copy()  # type: ignore[no-untyped-call]
_registry.unregister("string")
_registry.register(
    BaseEquals("string", with_sub=False),  # type: ignore[no-untyped-call]
    TextStringEncoder,
    StringDecoder(handle_string_errors="replace"),  # type: ignore[no-untyped-call]
    label="string",
)
codec = ABICodec(_registry)


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace("\x00", "\ufffd")


def dynamic_bytes(data: bytes, offset: int) -> bytes:
    """The tail of a `string` or `bytes` at `offset`."""
    start = offset + 32
    if start > len(data):
        raise LogMalformed(f"offset {offset} is outside {len(data)} bytes of data")
    end = start + int.from_bytes(data[offset:start], "big")
    if end > len(data):
        raise LogMalformed(f"{end - start} bytes at {offset} do not fit into {len(data)} bytes of data")
    return data[start:end]


def compile_event(event: EventAbi, classes: Classes) -> Decode:
    """`decode(at, topics, data)` for logs of `event`; raises LogMalformed for any that does not fit."""
    topics = [argument for argument in event.inputs if argument.indexed]
    values = [argument for argument in event.inputs if not argument.indexed]
    native = all(argument.elementary or argument.type in ("string", "bytes") for argument in values)
    space: dict[str, Any] = {
        "cls": classes.events[event.contract, event.name],
        "big": int.from_bytes,
        "text": text,
        "tail": dynamic_bytes,
        "Malformed": LogMalformed,
        "topics_of": struct.Struct(">32x" + "".join(_format(argument) for argument in topics)).unpack,
    }
    names = {argument.field: f"v{place}" for place, argument in enumerate(event.inputs)}
    lines = []
    if topics:
        lines.append(f"({' '.join(names[argument.field] + ',' for argument in topics)}) = topics_of(topics)")
    else:
        lines.append("topics_of(topics)")
    if values and native:
        head = struct.Struct(">" + "".join(_format(argument) for argument in values))
        static = all(argument.elementary for argument in values)
        space["data_of"] = head.unpack if static else head.unpack_from
        lines.append(f"({' '.join(names[argument.field] + ',' for argument in values)}) = data_of(data)")
    elif values:
        space["data_of"] = _general(values, classes)
        lines.append(f"({' '.join(names[argument.field] + ',' for argument in values)}) = data_of(data)")
    elif not values:
        lines.append("if data: raise ValueError('data where none is declared')")
    arguments = [
        _expression(argument, names[argument.field]) if native or argument.indexed else names[argument.field]
        for argument in event.inputs
    ]
    body = "\n        ".join(lines)
    where = f"{event.contract}.{event.name} at {{at.block}}-{{at.index}}"
    source = (
        "def decode(at, topics, data):\n"
        f"    try:\n        {body}\n        return cls({', '.join(['at', *arguments])})\n"
        "    except Exception as error:\n"
        f"        raise Malformed(f'{where}: {{error}}') from error\n"
    )
    exec(compile(source, f"<decoder of {event.contract}.{event.name}>", "exec"), space)  # noqa: S102
    decode: Decode = space["decode"]
    return decode


def _format(argument: Input) -> str:
    """The `struct` format of the argument's 32-byte word."""
    if argument.hashed:
        return "32s"
    if match := re.fullmatch(r"(u?)int(\d+)", argument.type):
        if int(match[2]) <= 64:
            return "24xQ" if match[1] else "24xq"
        return "32s"
    if argument.type == "address":
        return "12x20s"
    if argument.type == "bool":
        return "31x?"
    if argument.type == "function":
        return "24s8x"
    if match := re.fullmatch(r"bytes(\d+)", argument.type):
        size = int(match[1])
        return f"{size}s{32 - size}x" if size < 32 else "32s"
    if argument.type in ("string", "bytes"):
        return "24xQ"
    raise AbiUnsupported(f"no word format for {argument.type}")


def _expression(argument: Input, name: str) -> str:
    if argument.hashed:
        return name
    if argument.type == "string":
        return f"text(tail(data, {name}))"
    if argument.type == "bytes":
        return f"tail(data, {name})"
    if (match := re.fullmatch(r"(u?)int(\d+)", argument.type)) and int(match[2]) > 64:
        return f"big({name}, 'big')" if match[1] else f"big({name}, 'big', signed=True)"
    return name


def _general(arguments: list[Input], classes: Classes) -> Callable[[bytes], tuple[Any, ...]]:
    types = [argument.type for argument in arguments]
    conversions = [_conversion(argument, classes) for argument in arguments]

    def decode(data: bytes) -> tuple[Any, ...]:
        values = codec.decode(types, data)
        return tuple(convert(value) for convert, value in zip(conversions, values, strict=True))

    return decode


def _conversion(argument: Input, classes: Classes) -> Callable[[Any], Any]:
    """From eth-abi's values to ours."""
    if argument.item:
        inner = _conversion(argument.item, classes)
        return lambda items: tuple(inner(item) for item in items)
    if argument.struct:
        cls = classes.structs[argument.struct]
        members = [_conversion(member, classes) for member in argument.members]
        return lambda items: cls(*(member(item) for member, item in zip(members, items, strict=True)))
    if argument.type == "address":
        return lambda address: bytes.fromhex(address[2:])
    if argument.type == "string":
        return lambda string: string.replace("\x00", "\ufffd")
    return lambda value: value


class Decoders:
    """The decoders of every contract that the node follows, by (address, first topic)."""

    def __init__(
        self, contracts: Mapping[str, tuple[bytes, list[dict[str, Any]]]], module: ModuleType | None = None
    ) -> None:
        """`contracts`: name -> (address, ABI). `module`: generated event classes."""
        self.events: dict[tuple[bytes, bytes], EventAbi] = {}
        self.addresses = {name: address for name, (address, _) in contracts.items()}
        self.names = {address: name for name, address in self.addresses.items()}
        declared = {name: events_of(name, abi) for name, (_, abi) in contracts.items()}
        classes = Classes([event for events in declared.values() for event in events], module)
        self.classes = classes.events
        self.topics = {event.topic for events in declared.values() for event in events}
        self._decoders: dict[bytes, Decode] = {}
        for name, events in declared.items():
            for event in events:
                address = self.addresses[name]
                self.events[address, event.topic] = event
                self._decoders[address + event.topic] = compile_event(event, classes)

    def decode(self, log: Log, timestamp: int) -> Event | None:
        """The typed event; None for a topic that is another contract's event but not this one's."""
        decode = self._decoders.get(log.address + log.topics[:32])
        if decode is None:
            return None
        return decode(At(log.block, timestamp, log.index, log.address, log.transaction), log.topics, log.data)


def present(event: EventAbi, value: Event) -> dict[str, Any]:
    """The arguments as JSON: names as in the ABI, integers of more than 48 bits as text, bytes as 0x hex."""
    return {argument.name: _json(argument, getattr(value, argument.field)) for argument in event.inputs}


def _json(argument: Input, value: Any) -> Any:
    if isinstance(value, bytes):
        return f"0x{value.hex()}"
    if item := argument.item:
        return [_json(item, part) for part in value]
    if argument.struct:
        return {member.name: _json(member, getattr(value, member.field)) for member in argument.members}
    if match := re.fullmatch(r"u?int(\d+)", argument.type):
        return value if int(match[1]) <= 48 else str(value)
    return value
