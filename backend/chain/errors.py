"""What can go wrong between this node and a chain.

::

    ChainError
    ├── RpcError                 the node answered with a JSON-RPC error object
    │   ├── RangeRefused         eth_getLogs: too many blocks, too many results, too slow
    │   └── MethodMissing        the node does not know the method
    ├── TransportError           no usable answer at all
    │   ├── Unreachable          connection refused, reset, 5xx
    │   ├── TimedOut             no answer within the time limit
    │   ├── RateLimited          429, or the JSON-RPC errors that mean it
    │   ├── Refused              401, 403, 404 and other answers that a retry does not change
    │   └── BadAnswer            not JSON-RPC
    ├── Inconsistent             the node's answers contradict each other
    │   ├── HeadBehind           it answered for a block that it has not seen
    │   ├── RangeLied            logs from outside the range, the filter or the block asked for
    │   ├── BlockIncomplete      receipts do not add up to the block's header
    │   └── ParentMismatch       a block does not follow the one before it: a reorg on the way
    └── ChainMismatch            not the chain, or not the contracts, that this node was told to follow

`TransportError` and `Inconsistent` may pass by themselves and are retried; the others are not.
"""

from __future__ import annotations


class ChainError(Exception):
    """Anything that keeps the node from reading the chain."""


class RpcError(ChainError):
    """The node's own error object. `data` is what a call reverted with, where the node says so."""

    def __init__(self, method: str, code: int, message: str, data: bytes | None = None) -> None:
        super().__init__(f"{method}: {message} (code {code})")
        self.method = method
        self.code = code
        self.message = message
        self.data = data


class RangeRefused(RpcError):
    """`suggested` is the (first, last) block range that the node's message proposes, if it does."""

    def __init__(self, method: str, code: int, message: str, suggested: tuple[int, int] | None) -> None:
        super().__init__(method, code, message)
        self.suggested = suggested


class MethodMissing(RpcError):
    pass


class TransportError(ChainError):
    pass


class Unreachable(TransportError):
    pass


class TimedOut(TransportError):
    pass


class RateLimited(TransportError):
    """`retry_after` in seconds, where the node said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(TransportError):
    pass


class BadAnswer(TransportError):
    pass


class Inconsistent(ChainError):
    pass


class HeadBehind(Inconsistent):
    def __init__(self, wanted: int) -> None:
        super().__init__(f"the RPC node has not seen block {wanted} yet")
        self.wanted = wanted


class RangeLied(Inconsistent):
    pass


class BlockIncomplete(Inconsistent):
    def __init__(self, number: int, block_hash: str, reason: str) -> None:
        super().__init__(f"block {number} ({block_hash}) is incomplete: {reason}")
        self.number = number
        self.block_hash = block_hash


class ParentMismatch(Inconsistent):
    def __init__(self, number: int, parent: str, expected: str) -> None:
        super().__init__(f"block {number} has parent {parent}, expected {expected}")
        self.number = number


class ChainMismatch(ChainError):
    pass
