"""Reading a chain over JSON-RPC: a client, complete logs, and where we stand after a reorg."""

from backend.chain.errors import ChainError, ChainMismatch, Inconsistent, RpcError, TransportError
from backend.chain.fetch import Fetch
from backend.chain.follow import Forked, Lagging, OnChain, TooDeep, check_identity, stand
from backend.chain.rpc import Call, Rpc
from backend.chain.types import Batch, Block, Log

__all__ = [
    "Batch",
    "Block",
    "Call",
    "ChainError",
    "ChainMismatch",
    "Fetch",
    "Forked",
    "Inconsistent",
    "Lagging",
    "Log",
    "OnChain",
    "Rpc",
    "RpcError",
    "TooDeep",
    "TransportError",
    "check_identity",
    "stand",
]
