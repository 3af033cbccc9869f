"""The 2048-bit Bloom filter of addresses and topics in every block header (Yellow Paper, section 4.4.3).

Three bits for each item, so a filter can say "certainly not here", or "these logs are all that set it".
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from eth_hash.auto import keccak


@lru_cache(maxsize=65_536)
def bits(item: bytes) -> int:
    digest = keccak(item)
    mask = 0
    for at in (0, 2, 4):
        mask |= 1 << (int.from_bytes(digest[at : at + 2], "big") & 2047)
    return mask


def bloom_of(logs: Iterable[tuple[bytes, bytes]]) -> int:
    """The filter that exactly these logs (address, concatenated topics) produce."""
    bloom = 0
    for address, topics in logs:
        bloom |= bits(address)
        for at in range(0, len(topics), 32):
            bloom |= bits(topics[at : at + 32])
    return bloom


def may_contain(bloom: int, addresses: Iterable[bytes], first_topics: Iterable[bytes]) -> bool:
    """False only if no log of any of these addresses with any of these first topics is in the block."""
    return any(bloom & bits(item) == bits(item) for item in addresses) and any(
        bloom & bits(item) == bits(item) for item in first_topics
    )
