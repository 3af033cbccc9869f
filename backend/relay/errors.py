"""::

RelayError
└── KeyRefused      there is no key to pay with, or one that everybody knows
"""

from __future__ import annotations


class RelayError(Exception):
    pass


class KeyRefused(RelayError):
    pass
