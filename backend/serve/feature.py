"""What an application adds to the API beyond reading its tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter
from prometheus_client.registry import Collector


@dataclass(frozen=True)
class Feature:
    """`router` serves under /v1, `collector` has metrics, `run` goes on until it is cancelled, then
    `close`."""

    router: APIRouter
    collector: Collector | None = None
    run: Callable[[], Awaitable[None]] | None = None
    close: Callable[[], Awaitable[None]] | None = None
