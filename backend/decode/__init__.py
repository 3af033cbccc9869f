"""From raw logs to typed events."""

from backend.decode.calls import Call, Calls, Refusal
from backend.decode.compile import Decoders, present
from backend.decode.errors import AbiUnsupported, DecodeError, LogMalformed
from backend.decode.event import At, Event

__all__ = [
    "AbiUnsupported",
    "At",
    "Call",
    "Calls",
    "DecodeError",
    "Decoders",
    "Event",
    "LogMalformed",
    "Refusal",
    "present",
]
