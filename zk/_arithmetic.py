"""The arithmetic of a Groth16 prover over BN254, as a WebAssembly module that wasmtime compiles.

A proof takes some eight million multiplications of 254-bit numbers. Python is 30 times too slow for that, and
of the native libraries on PyPI the one with a free enough licence checks every point of a key while it is
loaded, for seconds. A proving key has its numbers in the very form in which such arithmetic wants them, so
here they are copied into the module's memory as they are, and its functions work on addresses.

`source` writes the module's text. Numbers are four words of 64 bits, little endian, in Montgomery form
(a·2²⁵⁶ modulo the prime), except for scalars, which are plain:

q_mul, q_add, q_sub     modulo Q, the curve's coordinates; q2_*: pairs of them, a + b·i with i² = -1 r_mul,
r_add, r_sub     modulo R, the scalars g1_*, g2_*              points: sums are kept as (X, Y, ZZ, ZZZ) with x
= X/ZZ, y = Y/ZZZ, ZZ³ = ZZZ² (the Explicit-Formulas Database's XYZZ), all zero for infinity g1_msm, g2_msm
sums of multiples by Pippenger's buckets, eight bits of the scalars at a time r_rows                  the
product of the constraints' sparse matrices A and B with a witness r_interpolate           a polynomial's
coefficients from its values at roots of unity, in place: order of the coefficients bit-reversed, not yet
divided by their number (Gentleman and Sande) r_evaluate              the values from coefficients in that
order (Cooley and Tukey) r_mul_each, r_join      products one by one; a·b - c one by one, in plain form

It takes no care to run in constant time. Tests hold each function to Python's integers and to py-ecc.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from zk._curve import Q
from zk._field import R

SCRATCH = 1 << 17
"""Addresses below are the module's own: temporaries, and buckets from the middle on."""

_RUNNING_SUM = 1 << 13
_PLAIN_ONE = _RUNNING_SUM + 256
_TERM = _PLAIN_ONE + 32
_BUCKETS = 1 << 16
_MASK = (1 << 64) - 1


def limbs(value: int) -> list[int]:
    return [value >> 64 * i & _MASK for i in range(4)]


def montgomery(value: int, prime: int) -> int:
    return (value << 256) % prime


@cache
def source() -> str:
    """The module in WebAssembly's text format; it needs the proposal for wide arithmetic."""
    functions = [
        *_prime_field("q", Q),
        *_prime_field("r", R),
        *_quadratic_field(),
        *_group("g1", "q", 32),
        *_group("g2", "q2", 64),
        *_polynomials(),
    ]
    one = "\\01" + "\\00" * 31
    memory = f'(memory (export "memory") {SCRATCH >> 16}) (data (i32.const {_PLAIN_ONE}) "{one}")'
    return f"(module {memory}\n" + "\n".join(functions) + ")\n"


def _const(value: int) -> str:
    return f"(i64.const {value - (1 << 64) if value >> 63 else value})"


def _get(name: str) -> str:
    return f"(local.get ${name})"


def _load(address: str, limb: int) -> str:
    return f"(i64.load offset={8 * limb} {_get(address)})"


def _locals(*names: str) -> str:
    return " ".join(f"(local ${name} i64)" for name in names)


def _function(name: str, parameters: str, body: Iterator[str] | list[str], variables: str = "") -> str:
    declared = " ".join(f"(param ${parameter} i32)" for parameter in parameters.split())
    return f'(func ${name} (export "{name}") {declared} {variables}\n' + "\n".join(body) + ")"


def _prime_field(field: str, prime: int) -> list[str]:
    t = [f"t{i}" for i in range(4)]
    u = [f"u{i}" for i in range(4)]
    return [
        _function(
            f"{field}_mul",
            "o a b",
            _multiplication(prime),
            _locals(*t, *u, "t4", "x", "m", "lo", "hi", "c"),
        ),
        _function(f"{field}_add", "o a b", _addition(prime), _locals(*t, *u, "lo", "hi", "c")),
        _function(f"{field}_sub", "o a b", _subtraction(prime), _locals(*t, "lo", "hi", "c")),
    ]


def _multiply_add(into: str, addend: str, x: str, y: str) -> Iterator[str]:
    """(into, c) = addend + x·y + c, which fits in two words."""
    yield f"(i64.mul_wide_u {x} {y}) (local.set $hi) (local.set $lo)"
    yield f"(i64.add128 {_get('lo')} {_get('hi')} {addend} (i64.const 0)) (local.set $hi) (local.set $lo)"
    yield f"(i64.add128 {_get('lo')} {_get('hi')} {_get('c')} (i64.const 0))"
    yield f"(local.set $c) (local.set ${into})"


def _multiplication(prime: int) -> Iterator[str]:
    """o = a·b/2²⁵⁶: a word of b at a time, after each a multiple of the prime that clears the lowest word
    (CIOS; Koç, Acar, Kaliski: "Analyzing and comparing Montgomery multiplication algorithms", 1996). The
    prime's highest word is below 2⁶², so no sum overflows."""
    p = limbs(prime)
    negated_inverse = _const(-pow(prime, -1, 1 << 64) & _MASK)
    for i in range(4):
        yield f"(local.set $u{i} {_load('a', i)})"
    for i in range(4):
        yield f"(local.set $x {_load('b', i)}) (local.set $c (i64.const 0))"
        for j in range(4):
            yield from _multiply_add(f"t{j}", _get(f"t{j}"), _get(f"u{j}"), _get("x"))
        yield f"(local.set $t4 {_get('c')}) (local.set $c (i64.const 0))"
        yield f"(local.set $m (i64.mul {_get('t0')} {negated_inverse}))"
        yield from _multiply_add("lo", _get("t0"), _get("m"), _const(p[0]))
        for j in range(1, 4):
            yield from _multiply_add(f"t{j - 1}", _get(f"t{j}"), _get("m"), _const(p[j]))
        yield f"(local.set $t3 (i64.add {_get('t4')} {_get('c')}))"
    yield from _store_reduced(prime)


def _addition(prime: int) -> Iterator[str]:
    for i in range(4):
        yield f"(i64.add128 {_load('a', i)} (i64.const 0) {_load('b', i)} (i64.const 0))"
        yield "(local.set $hi) (local.set $lo)"
        yield f"(i64.add128 {_get('lo')} {_get('hi')} {_get('c')} (i64.const 0))"
        yield f"(local.set $c) (local.set $t{i})"
    yield from _store_reduced(prime)


def _subtraction(prime: int) -> Iterator[str]:
    for i in range(4):
        yield from _borrowing(f"t{i}", _load("a", i), _load("b", i))
    # c is all ones where b was larger: the prime is added back.
    yield "(local.set $lo (i64.const 0))"
    for i, limb in enumerate(limbs(prime)):
        addend = f"(i64.and {_get('c')} {_const(limb)})"
        yield f"(i64.add128 {_get(f't{i}')} (i64.const 0) {addend} (i64.const 0))"
        yield f"(local.set $hi) (local.set $t{i})"
        yield f"(i64.add128 {_get(f't{i}')} {_get('hi')} {_get('lo')} (i64.const 0))"
        yield f"(local.set $lo) (local.set $t{i})"
        yield f"(i64.store offset={8 * i} {_get('o')} {_get(f't{i}')})"


def _borrowing(into: str, minuend: str, subtrahend: str) -> Iterator[str]:
    """(into, c) = minuend - subtrahend + c, where c is 0 or, for a borrow, all ones."""
    yield f"(i64.sub128 {minuend} (i64.const 0) {subtrahend} (i64.const 0)) (local.set $hi) (local.set $lo)"
    yield f"(i64.add128 {_get('lo')} {_get('hi')} {_get('c')} {_get('c')}) (local.set $c) (local.set ${into})"


def _store_reduced(prime: int) -> Iterator[str]:
    """o = t, less the prime if t is not below it."""
    yield "(local.set $c (i64.const 0))"
    for i, limb in enumerate(limbs(prime)):
        yield from _borrowing(f"u{i}", _get(f"t{i}"), _const(limb))
    for i in range(4):
        chosen = f"(select {_get(f't{i}')} {_get(f'u{i}')} (i64.ne {_get('c')} (i64.const 0)))"
        yield f"(i64.store offset={8 * i} {_get('o')} {chosen})"


class _Temporaries:
    """Names for addresses of the module's own, and calls of field operations on them."""

    def __init__(self, field: str, size: int, first: int) -> None:
        self.field, self.size, self.next = field, size, first

    def new(self) -> str:
        address, self.next = self.next, self.next + self.size
        return f"(i32.const {address})"

    def call(self, operation: str, o: str, a: str, b: str) -> str:
        return f"(call ${self.field}_{operation} {o} {a} {b})"


def _at(name: str, offset: int) -> str:
    return f"(i32.add {_get(name)} (i32.const {offset}))" if offset else _get(name)


def _quadratic_field() -> list[str]:
    own = _Temporaries("q", 32, 0)
    v0, v1, s, t = own.new(), own.new(), own.new(), own.new()
    a, b, o = ([_at(name, 0), _at(name, 32)] for name in "abo")
    return [
        _function("q2_add", "o a b", [own.call("add", o[i], a[i], b[i]) for i in (0, 1)]),
        _function("q2_sub", "o a b", [own.call("sub", o[i], a[i], b[i]) for i in (0, 1)]),
        _function(
            "q2_mul",
            "o a b",
            [
                own.call("mul", v0, a[0], b[0]),
                own.call("mul", v1, a[1], b[1]),
                own.call("add", s, a[0], a[1]),
                own.call("add", t, b[0], b[1]),
                own.call("mul", t, s, t),
                own.call("sub", o[0], v0, v1),
                own.call("sub", t, t, v0),
                own.call("sub", o[1], t, v1),
            ],
        ),
    ]


def _group(group: str, field: str, size: int) -> list[str]:
    """Points with coordinates of `size` bytes in `field`. The names of the formulas are the database's."""
    own = _Temporaries(field, size, 256 if size == 32 else 4096)
    zero = f"${group}_is_zero"

    def mul(o: str, a: str, b: str) -> str:
        return own.call("mul", o, a, b)

    def sub(o: str, a: str, b: str) -> str:
        return own.call("sub", o, a, b)

    def add(o: str, a: str, b: str) -> str:
        return own.call("add", o, a, b)

    p, r, pp, ppp, q, u1, s1, t = (own.new() for _ in range(8))
    x1, y1, zz1, zzz1 = (_at("sum", size * i) for i in range(4))
    x2, y2, zz2, zzz2 = (_at("by", size * i) for i in range(4))
    one = montgomery(1, Q)

    def set_ones(address: str) -> list[str]:
        words = limbs(one) + [0] * (size // 8 - 4)
        return [f"(i64.store offset={8 * i} {address} {_const(word)})" for i, word in enumerate(words)]

    def copy(to: str, source: str, length: int) -> str:
        return f"(memory.copy {to} {source} (i32.const {length}))"

    def clear(address: str, length: str) -> str:
        return f"(memory.fill {address} (i32.const 0) {length})"

    def is_zero(address: str) -> str:
        return f"(call {zero} {address})"

    # After P and R: X3 = R² - PPP - 2Q, Y3 = R(Q - X3) - S1·PPP.
    finish = [
        mul(x1, r, r),
        sub(x1, x1, ppp),
        sub(x1, x1, q),
        sub(x1, x1, q),
        sub(t, q, x1),
        mul(t, r, t),
        mul(s1, s1, ppp),
        sub(y1, t, s1),
    ]
    # U = 2Y, V = U², W = UV, S = XV, M = 3X²; X3 = M² - 2S, Y3 = M(S - X3) - WY.
    doubling = [
        add(p, y1, y1),
        mul(pp, p, p),
        mul(ppp, p, pp),
        mul(q, x1, pp),
        mul(t, x1, x1),
        add(r, t, t),
        add(r, r, t),
        mul(s1, ppp, y1),
        mul(x1, r, r),
        sub(x1, x1, q),
        sub(x1, x1, q),
        sub(t, q, x1),
        mul(t, r, t),
        sub(y1, t, s1),
        mul(zz1, zz1, pp),
        mul(zzz1, zzz1, ppp),
    ]
    # Where both have one x, they are one point, which is doubled, or opposite ones.
    equal_x = [
        f"(if {is_zero(p)} (then",
        f"(if {is_zero(r)} (then (call ${group}_double {_get('sum')}))",
        f"(else {clear(_get('sum'), f'(i32.const {4 * size})')}))",
        "(return)))",
    ]
    squares = [mul(pp, p, p), mul(ppp, p, pp), mul(q, u1, pp)]
    words = "\n".join(f"(i64.load offset={8 * i} {_get('a')})" for i in range(size // 8))
    any_bit = "(i64.or)" * (size // 8 - 1)
    return [
        f"(func ${group}_is_zero (param $a i32) (result i32)\n{words}{any_bit} (i64.eqz))",
        _function(f"{group}_double", "sum", doubling),
        _function(
            # madd-2008-s: to a sum, a point as keys have it: x, y, or zeros for infinity.
            f"{group}_add_affine",
            "sum by",
            [
                f"(if (i32.and {is_zero(x2)} {is_zero(y2)}) (then (return)))",
                f"(if {is_zero(zz1)} (then",
                copy(x1, x2, 2 * size),
                *set_ones(zz1),
                *set_ones(zzz1),
                "(return)))",
                mul(p, x2, zz1),
                sub(p, p, x1),
                mul(r, y2, zzz1),
                sub(r, r, y1),
                *equal_x,
                copy(u1, x1, size),
                copy(s1, y1, size),
                *squares,
                *finish,
                mul(zz1, zz1, pp),
                mul(zzz1, zzz1, ppp),
            ],
        ),
        _function(
            # add-2008-s: to a sum, another one.
            f"{group}_add",
            "sum by",
            [
                f"(if {is_zero(zz2)} (then (return)))",
                f"(if {is_zero(zz1)} (then {copy(x1, x2, 4 * size)} (return)))",
                mul(u1, x1, zz2),
                mul(p, x2, zz1),
                sub(p, p, u1),
                mul(s1, y1, zzz2),
                mul(r, y2, zzz1),
                sub(r, r, s1),
                *equal_x,
                *squares,
                *finish,
                mul(zz1, zz1, zz2),
                mul(zz1, zz1, pp),
                mul(zzz1, zzz1, zzz2),
                mul(zzz1, zzz1, ppp),
            ],
        ),
        _msm(group, size),
    ]


def _msm(group: str, size: int) -> str:
    """sum = Σ scalar·point over `count` scalars of 32 bytes and points as keys have them.

    For each byte of the scalars, from the highest: the sum so far is doubled eight times; every point is
    added to the bucket of its scalar's byte; and Σ byte·bucket is added, as running sums from the highest
    bucket down."""
    point, total = 2 * size, 4 * size
    return f"""(func ${group}_msm (export "{group}_msm")
(param $sum i32) (param $points i32) (param $scalars i32) (param $count i32)
(local $byte i32) (local $i i32) (local $digit i32)
(memory.fill (local.get $sum) (i32.const 0) (i32.const {total}))
(local.set $byte (i32.const 32))
(loop $bytes
  (local.set $byte (i32.sub (local.get $byte) (i32.const 1)))
  (local.set $i (i32.const 8))
  (loop $doublings
    (call ${group}_double (local.get $sum))
    (br_if $doublings (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
  (memory.fill (i32.const {_BUCKETS}) (i32.const 0) (i32.const {256 * total}))
  (memory.fill (i32.const {_RUNNING_SUM}) (i32.const 0) (i32.const {total}))
  (local.set $i (i32.const 0))
  (block $done (loop $points_left
    (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
    (local.set $digit (i32.load8_u (i32.add (local.get $byte)
      (i32.add (local.get $scalars) (i32.mul (local.get $i) (i32.const 32))))))
    (if (local.get $digit) (then (call ${group}_add_affine
      (i32.add (i32.const {_BUCKETS}) (i32.mul (local.get $digit) (i32.const {total})))
      (i32.add (local.get $points) (i32.mul (local.get $i) (i32.const {point}))))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br $points_left)))
  (local.set $i (i32.const 255))
  (loop $buckets
    (call ${group}_add (i32.const {_RUNNING_SUM})
      (i32.add (i32.const {_BUCKETS}) (i32.mul (local.get $i) (i32.const {total}))))
    (call ${group}_add (local.get $sum) (i32.const {_RUNNING_SUM}))
    (br_if $buckets (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
  (br_if $bytes (local.get $byte))))"""


def _polynomials() -> list[str]:
    n_loop = """
(local $i i32)
(block $done (loop $each
  (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
  %s
  (local.set $i (i32.add (local.get $i) (i32.const 1)))
  (br $each)))"""
    term, plain_one = f"(i32.const {_TERM})", f"(i32.const {_PLAIN_ONE})"

    def each(name: str) -> str:
        return f"(i32.add (local.get ${name}) (i32.shl (local.get $i) (i32.const 5)))"

    rows = f"""(local.set $out (i32.add (i32.shl (i32.load offset=4 (local.get $rows)) (i32.const 5))
    (select (local.get $b) (local.get $a) (i32.load (local.get $rows)))))
  (call $r_mul {term} (i32.add (local.get $rows) (i32.const 12))
    (i32.add (local.get $witness) (i32.shl (i32.load offset=8 (local.get $rows)) (i32.const 5))))
  (call $r_add (local.get $out) (local.get $out) {term})
  (local.set $rows (i32.add (local.get $rows) (i32.const 44)))"""
    mul_each = f"(call $r_mul {each('o')} {each('a')} {each('b')})"
    join = f"""(call $r_mul {term} {each("a")} {each("b")})
  (call $r_sub {term} {term} {each("c")})
  (call $r_mul {each("o")} {term} {plain_one})"""

    def over_n(name: str, parameters: str, body: str, variables: str = "") -> str:
        declared = " ".join(f"(param ${parameter} i32)" for parameter in parameters.split())
        return f'(func ${name} (export "{name}") {declared} (param $n i32) {variables}{n_loop % body})'

    interpolate = f"""(call $r_sub {term} (local.get $x) (local.get $y))
      (call $r_add (local.get $x) (local.get $x) (local.get $y))
      (call $r_mul (local.get $y) {term} (local.get $root))"""
    evaluate = f"""(call $r_mul {term} (local.get $y) (local.get $root))
      (call $r_sub (local.get $y) (local.get $x) {term})
      (call $r_add (local.get $x) (local.get $x) {term})"""
    return [
        over_n("r_rows", "a b rows witness", rows, "(local $out i32)"),
        over_n("r_mul_each", "o a b", mul_each),
        over_n("r_join", "o a b c", join),
        _butterflies("r_interpolate", interpolate, "(i32.shr_u (local.get $n) (i32.const 1))", "i32.shr_u"),
        _butterflies("r_evaluate", evaluate, "(i32.const 1)", "i32.shl"),
    ]


def _butterflies(name: str, butterfly: str, first_half: str, next_half: str) -> str:
    """Passes over `n` numbers, a power of two, with `roots` holding the first n/2 powers of the root of
    unity.

    In each pass the numbers are blocks of twice `half`, and x and y run through a block's two halves."""
    return f"""(func ${name} (export "{name}") (param $data i32) (param $roots i32) (param $n i32)
(local $half i32) (local $x i32) (local $y i32) (local $end i32) (local $block_end i32) (local $root i32)
(local $stride i32)
(local.set $end (i32.add (local.get $data) (i32.shl (local.get $n) (i32.const 5))))
(local.set $half {first_half})
(block $done (loop $passes
  (br_if $done (i32.or (i32.eqz (local.get $half)) (i32.ge_u (local.get $half) (local.get $n))))
  (local.set $stride (i32.div_u (i32.shl (local.get $n) (i32.const 4)) (local.get $half)))
  (local.set $x (local.get $data))
  (loop $blocks
    (local.set $block_end (i32.add (local.get $x) (i32.shl (local.get $half) (i32.const 5))))
    (local.set $y (local.get $block_end))
    (local.set $root (local.get $roots))
    (loop $pairs
      {butterfly}
      (local.set $x (i32.add (local.get $x) (i32.const 32)))
      (local.set $y (i32.add (local.get $y) (i32.const 32)))
      (local.set $root (i32.add (local.get $root) (local.get $stride)))
      (br_if $pairs (i32.lt_u (local.get $x) (local.get $block_end))))
    (local.set $x (local.get $y))
    (br_if $blocks (i32.lt_u (local.get $x) (local.get $end))))
  (local.set $half ({next_half} (local.get $half) (i32.const 1)))
  (br $passes))))"""
