"""Witnesses: the values of all of a circuit's signals, as circom's WebAssembly computes them.

The interface is that of circom 2's witness calculator: inputs are named by 64-bit FNV-1a hashes, numbers pass
through a window of shared memory, and when the last input is set the circuit computes, or reports an
assertion that does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import wasmtime

from zk._field import R
from zk._wasm import compiled, engine
from zk.errors import WitnessRefused

_PAGE = 1 << 16
_ASSERTION = 4
# Copies all values behind the circuit's own memory, where they can be read at once.
_COLLECTOR = """
(module
  (import "circuit" "memory" (memory 0))
  (import "circuit" "getWitness" (func $get (param i32)))
  (func (export "collect") (param $to i32) (param $window i32) (param $count i32) (local $i i32)
    (loop $each
      (call $get (local.get $i))
      (memory.copy (local.get $to) (local.get $window) (i32.const 32))
      (local.set $to (i32.add (local.get $to) (i32.const 32)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $each (i32.lt_u (local.get $i) (local.get $count))))))
"""


class Circuit:
    """A compiled circuit over BN254's scalars."""

    def __init__(self, code: bytes) -> None:
        self._module = compiled(code)
        self._collector = compiled(_COLLECTOR)

    def witness(self, inputs: Mapping[str, int | Sequence[int]]) -> bytes:
        """All signals, 32 bytes each, little endian; the first is 1, then come the public ones.

        `WitnessRefused` if the inputs do not satisfy the circuit, or are not the circuit's.
        """
        store = wasmtime.Store(engine())
        instance = wasmtime.Instance(store, self._module, self._imports(store))
        exports: Any = instance.exports(store)
        memory, window = exports["memory"], exports["getSharedRWMemoryStart"](store)
        try:
            exports["init"](store, 1)
            for name, value in inputs.items():
                high, low = divmod(_fnv1a(name), 1 << 32)
                for index, number in enumerate([value] if isinstance(value, int) else value):
                    memory.write(store, (number % R).to_bytes(32, "little"), window)
                    exports["setInputSignal"](store, _signed(high), _signed(low), index)
        except wasmtime.Trap as error:
            raise WitnessRefused("the circuit stopped") from error
        if (needed := exports["getInputSize"](store)) != (given := _count(inputs)):
            raise WitnessRefused(f"{given} inputs instead of {needed}")
        count = exports["getWitnessSize"](store)
        start = memory.data_len(store)
        memory.grow(store, -(-32 * count // _PAGE))
        collector = wasmtime.Instance(store, self._collector, [memory, exports["getWitness"]])
        collect: Any = collector.exports(store)["collect"]
        collect(store, start, window, count)
        return bytes(memory.read(store, start, start + 32 * count))

    def _imports(self, store: wasmtime.Store) -> list[wasmtime.Func]:
        """What the circuit calls when it gives up, and to say why."""

        def fail(code: int) -> None:
            what = "an assertion does not hold" if code == _ASSERTION else f"its code {code}"
            raise WitnessRefused(f"the circuit refused its inputs: {what}")

        handlers = {"exceptionHandler": fail}
        return [
            wasmtime.Func(store, wanted.type, handlers.get(str(wanted.name), lambda *_: None))
            for wanted in self._module.imports
            if isinstance(wanted.type, wasmtime.FuncType)
        ]


def _count(inputs: Mapping[str, int | Sequence[int]]) -> int:
    return sum(1 if isinstance(value, int) else len(value) for value in inputs.values())


def _fnv1a(name: str) -> int:
    digest = 0xCBF29CE484222325
    for byte in name.encode():
        digest = (digest ^ byte) * 0x100000001B3 % (1 << 64)
    return digest


def _signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 else word
