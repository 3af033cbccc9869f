"""What every part of a story has from `scripts.demo.Play`: who is who, what time it is, how to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scripts import commune as communes
from scripts import steps


class Playing:
    """The parts are mixed into `Play`. `_is_hash`, `_kept` and `_capture` are those of `Institutions`."""

    commune: communes.Commune
    narrator: Any
    _step: steps.Step
    _topics: list[str]
    _motions: dict[str, Any]
    _node_relays: bool
    _account: Callable[[str], Any]
    _member: Callable[[str], int]
    _name_of: Callable[[int], str]
    _hash: Callable[[str], str]
    _is_hash: Callable[[Any, str], bool]
    _send: Callable[..., Any]
    _id: Callable[[Any], int]
    _now: Callable[[], int]
    _wait_until: Callable[[int], None]
    _settle: Callable[[], None]
    _tell_day: Callable[[], None]
    _tell_terms: Callable[[Any], None]
    _broke: Callable[[str], Exception]
    _events: Callable[[Any, str], list[Any]]
    _remember_opened: Callable[[str, str, Any], None]
    _kept: Callable[[Callable[[], bool]], bool]
    _capture: Callable[[int, str], None]
