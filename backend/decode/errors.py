"""::

DecodeError
├── AbiUnsupported      an ABI that no decoder can be made for
└── LogMalformed        a log that does not fit its event's ABI
"""

from __future__ import annotations


class DecodeError(Exception):
    pass


class AbiUnsupported(DecodeError):
    pass


class LogMalformed(DecodeError):
    pass
