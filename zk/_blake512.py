"""BLAKE-512, the SHA-3 finalist of Aumasson, Henzen, Meier and Phan (version 1.2), not its successor BLAKE2.

Semaphore derives a secret from a private key with it, as circomlib does; no maintained library carries it.
Its constants are digits of pi, its initial value is SHA-512's; tests derive both.
"""

from __future__ import annotations

from struct import Struct

_MASK = (1 << 64) - 1
_ROUNDS = 16
_BLOCK = 128
_WORDS = Struct(">16Q")

INITIAL = (
    0x6A09E667F3BCC908,
    0xBB67AE8584CAA73B,
    0x3C6EF372FE94F82B,
    0xA54FF53A5F1D36F1,
    0x510E527FADE682D1,
    0x9B05688C2B3E6C1F,
    0x1F83D9ABFB41BD6B,
    0x5BE0CD19137E2179,
)
PI = (
    0x243F6A8885A308D3,
    0x13198A2E03707344,
    0xA4093822299F31D0,
    0x082EFA98EC4E6C89,
    0x452821E638D01377,
    0xBE5466CF34E90C6C,
    0xC0AC29B7C97C50DD,
    0x3F84D5B5B5470917,
    0x9216D5D98979FB1B,
    0xD1310BA698DFB5AC,
    0x2FFD72DBD01ADFB7,
    0xB8E1AFED6A267E96,
    0xBA7C9045F12C7F99,
    0x24A19947B3916CF7,
    0x0801F2E2858EFC16,
    0x636920D871574E69,
)
# Rounds 10 to 15 begin again at the first.
_ORDERS = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
    (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
    (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
    (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
    (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
    (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
    (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
    (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
    (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
)
_COLUMNS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15))
_DIAGONALS = ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def blake512(message: bytes) -> bytes:
    """64 bytes, without salt."""
    bits = 8 * len(message)
    # A 1, zeros, another 1 that fills the block up to the length: 0x80 and 0x01, or 0x81 where both meet.
    room = (-len(message) - 17) % _BLOCK
    filling = b"\x81" if room == 0 else b"\x80" + bytes(room - 1) + b"\x01"
    padded = message + filling + bits.to_bytes(16, "big")
    chain = list(INITIAL)
    for start in range(0, len(padded), _BLOCK):
        # The message's bits up to here; 0 for a block that holds none of them.
        counter = min(bits, 8 * (start + _BLOCK)) if 8 * start < bits else 0
        chain = _compress(chain, _WORDS.unpack_from(padded, start), counter)
    return b"".join(word.to_bytes(8, "big") for word in chain)


def _compress(chain: list[int], block: tuple[int, ...], counter: int) -> list[int]:
    low, high = counter & _MASK, counter >> 64
    state = [*chain, *PI[:8]]
    for index, part in zip((12, 13, 14, 15), (low, low, high, high), strict=True):
        state[index] ^= part
    for number in range(_ROUNDS):
        order = _ORDERS[number % len(_ORDERS)]
        for step, places in enumerate((*_COLUMNS, *_DIAGONALS)):
            first, second = order[2 * step], order[2 * step + 1]
            _mix(state, *places, block[first] ^ PI[second], block[second] ^ PI[first])
    return [word ^ state[index] ^ state[index + 8] for index, word in enumerate(chain)]


def _mix(v: list[int], a: int, b: int, c: int, d: int, first: int, second: int) -> None:
    v[a] = (v[a] + v[b] + first) & _MASK
    v[d] = _rotate(v[d] ^ v[a], 32)
    v[c] = (v[c] + v[d]) & _MASK
    v[b] = _rotate(v[b] ^ v[c], 25)
    v[a] = (v[a] + v[b] + second) & _MASK
    v[d] = _rotate(v[d] ^ v[a], 16)
    v[c] = (v[c] + v[d]) & _MASK
    v[b] = _rotate(v[b] ^ v[c], 11)


def _rotate(word: int, bits: int) -> int:
    return word >> bits | (word << 64 - bits) & _MASK
