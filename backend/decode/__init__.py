"""From raw logs to typed events."""

from backend.decode.compile import Decoders, present
from backend.decode.errors import AbiUnsupported, DecodeError, LogMalformed
from backend.decode.event import At, Event

__all__ = ["AbiUnsupported", "At", "DecodeError", "Decoders", "Event", "LogMalformed", "present"]
