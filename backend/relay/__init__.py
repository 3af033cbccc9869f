"""The relay: members sign, the node pays.

Signed ballots and requests are checked one by one before anything is paid for, queued in the database, and
sent in batches. None can be altered, and none happens twice: a member has one ballot in a vote, and a request
uses up its nonce.
"""

from backend.relay.errors import KeyRefused, RelayError
from backend.relay.key import RelaySettings
from backend.relay.relay import Relay

__all__ = ["KeyRefused", "Relay", "RelayError", "RelaySettings"]
