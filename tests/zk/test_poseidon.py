"""Poseidon: three implementations, one answer, and constants that come out of their derivation."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.zk.javascript import javascript
from tests.zk.vectors import SEMAPHORE
from zk import InputCount, OutOfRange, _poseidon
from zk._field import R
from zk._poseidon import IMPLEMENTATIONS, MAX_INPUTS, installed, parameters, poseidon

VECTORS = [([int(value) for value in inputs], int(expected)) for inputs, expected in SEMAPHORE["poseidon"]]
elements = st.integers(0, R - 1) | st.sampled_from([0, 1, R - 1])


def test_the_vectors_are_the_353_of_1_to_6_and_16_inputs():
    assert Counter(len(inputs) for inputs, _ in VECTORS) == {1: 50, 2: 53, 3: 50, 4: 50, 5: 50, 6: 50, 16: 50}


@pytest.mark.parametrize("name", IMPLEMENTATIONS)
def test_an_implementation_agrees_with_every_vector_it_can_take(name):
    hashes = {n: IMPLEMENTATIONS[name](n) for n in range(1, MAX_INPUTS + 1) if name in installed(n)}
    mine = [(inputs, expected) for inputs, expected in VECTORS if len(inputs) in hashes]
    assert len(mine) == (303 if name == "light-poseidon" else 353)
    assert [inputs for inputs, expected in mine if hashes[len(inputs)](inputs) != expected] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(elements, min_size=1, max_size=MAX_INPUTS))
def test_all_implementations_give_the_same_answer(inputs):
    answers = {name: IMPLEMENTATIONS[name](len(inputs))(inputs) for name in installed(len(inputs))}
    assert len(answers) >= 2
    assert set(answers.values()) == {poseidon(inputs)}


def test_the_fastest_that_is_installed_is_taken():
    assert installed(2) == ("light-poseidon", "gmpy2", "python")
    assert installed(13) == ("gmpy2", "python")


def test_without_native_code_the_plain_one_is_taken(monkeypatch):
    monkeypatch.setattr(_poseidon, "find_spec", lambda name: None)
    for cached in (_poseidon.installed, _poseidon.fastest):
        monkeypatch.setattr(_poseidon, cached.__name__, cached.__wrapped__)
    assert _poseidon.installed(2) == ("python",)
    inputs, expected = VECTORS[60]
    assert _poseidon.poseidon(inputs) == expected


@pytest.mark.parametrize("bad", [R, R + 1, 2 * R, 2**256, -1, True, 1.0, "1", None])
def test_what_is_no_field_element_is_refused_by_name(bad):
    with pytest.raises(OutOfRange, match="Poseidon input"):
        poseidon([1, bad])


@pytest.mark.parametrize("count", [0, 17])
def test_too_few_and_too_many_inputs_are_refused(count):
    with pytest.raises(InputCount, match=f"{count} inputs are not 1 to 16"):
        poseidon([1] * count)


def test_threads_may_hash_at_once():
    inputs, expected = VECTORS[60]
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(poseidon, [inputs] * 200)) == {expected}


# The published tables: poseidon-lite carries circomlib's, in base64.


@pytest.fixture(scope="module")
def published():
    return javascript(
        """
        const number = (text) => BigInt("0x" + Buffer.from(text, "base64").toString("hex"));
        const out = {};
        for (let n = 1; n <= 16; n++) {
            const { C, M } = require(path.join(modules, `poseidon-lite/constants/${n}.js`)).default;
            out[n] = { C: C.map(number), M: M.map((row) => row.map(number)) };
        }
        return out;
        """
    )


@pytest.mark.parametrize("inputs", range(1, MAX_INPUTS + 1))
def test_the_derived_constants_are_the_published_ones(published, inputs):
    constants, matrix = parameters(inputs)
    theirs = published[str(inputs)]
    assert [number for row in constants for number in row] == [int(text) for text in theirs["C"]]
    assert matrix == [[int(text) for text in row] for row in theirs["M"]]


def test_the_shift_register_is_the_papers_bit_by_bit():
    seed = f"{1:02b}{0:04b}{254:012b}{3:012b}{8:010b}{57:010b}" + "1" * 30
    bits = [int(bit) for bit in seed]
    for n in range(5_000):
        bits.append(bits[n + 62] ^ bits[n + 51] ^ bits[n + 38] ^ bits[n + 23] ^ bits[n + 13] ^ bits[n])
    ours = ""
    for block in _poseidon._grain(3, 57):
        ours += block
        if len(ours) >= 5_000:
            break
    assert ours[:5_000] == "".join(map(str, bits[80:]))
