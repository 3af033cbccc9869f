"""Draws: pools, the secrets of who is in them, and the numbers that decided.

A draw's state depends on the block that it is asked at: it is worked out when someone asks, from
`DRAW_STATE`.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

# IDraws.DrawState; what is in the tables is never Unknown.
DRAW_STATES = ("Unknown", "Revealing", "Waiting", "Capturable", "Missed", "Captured")
# How many blocks back the EVM knows hashes of.
HASHES_KEPT = 256


@table("draws", key=["draw_id"], indexes=[["text_hash"]])
class Draw(msgspec.Struct, frozen=True):
    """`pool`: hash of what is drawn from, which has `size` parts. `reveal_end` and `target_block` are block
    numbers, `delay` a number of blocks; `block_hash` and `number` are None until the draw is captured."""

    draw_id: int
    opener: bytes
    pool: bytes
    size: int
    text_hash: bytes
    with_reveals: bool
    reveal_end: int
    target_block: int
    delay: int
    retargets: int
    reveals: int
    mix: bytes
    block_hash: bytes | None
    number: Uint256 | None
    opened_at: int
    opened_block: int
    captured_at: int | None


@table("draw_members", key=["draw_id", "member_id"], indexes=[["member_id"]])
class DrawMember(msgspec.Struct, frozen=True):
    """Somebody in a pool; `position` in it, from 0. Without reveals there is no commitment."""

    draw_id: int
    member_id: int
    position: int
    commitment: bytes | None
    secret: bytes | None
    revealed_at: int | None


draws = Projection("draws", tables=[Draw, DrawMember])

# Draws.state for draws d at the block {block}.
DRAW_STATE = f"""
CASE
  WHEN d.number IS NOT NULL THEN 'Captured'
  WHEN d.with_reveals <> 0 AND d.reveal_end >= {{block}} THEN 'Revealing'
  WHEN d.target_block >= {{block}} THEN 'Waiting'
  WHEN d.target_block + {HASHES_KEPT} >= {{block}} THEN 'Capturable'
  ELSE 'Missed'
END
"""


@draws.on(events.DrawsDrawOpened)
def draw_opened(state: State, event: events.DrawsDrawOpened) -> None:
    state.insert(
        Draw(
            draw_id=event.draw_id,
            opener=event.opener,
            pool=event.pool,
            size=event.size,
            text_hash=event.text,
            with_reveals=event.with_reveals,
            reveal_end=event.reveal_end,
            target_block=event.target_block,
            delay=event.target_block - event.reveal_end,
            retargets=0,
            reveals=0,
            mix=bytes(32),
            block_hash=None,
            number=None,
            opened_at=event.at.timestamp,
            opened_block=event.at.block,
            captured_at=None,
        )
    )


@draws.on(events.DrawsPoolCommitted)
def pool_committed(state: State, event: events.DrawsPoolCommitted) -> None:
    commitments = event.commitments or (None,) * len(event.member_ids)
    for position, (member_id, commitment) in enumerate(zip(event.member_ids, commitments, strict=True)):
        state.insert(DrawMember(event.draw_id, member_id, position, commitment, None, None))


@draws.on(events.DrawsSecretRevealed)
def secret_revealed(state: State, event: events.DrawsSecretRevealed) -> None:
    member = state.need(DrawMember, event.draw_id, event.member_id)
    state.put(msgspec.structs.replace(member, secret=event.secret, revealed_at=event.at.timestamp))
    draw = state.need(Draw, event.draw_id)
    state.put(msgspec.structs.replace(draw, reveals=draw.reveals + 1, mix=event.mix))


@draws.on(events.DrawsDrawRetargeted)
def draw_retargeted(state: State, event: events.DrawsDrawRetargeted) -> None:
    draw = state.need(Draw, event.draw_id)
    state.put(msgspec.structs.replace(draw, target_block=event.target_block, retargets=event.retargets))


@draws.on(events.DrawsDrawCaptured)
def draw_captured(state: State, event: events.DrawsDrawCaptured) -> None:
    draw = state.need(Draw, event.draw_id)
    state.put(
        msgspec.structs.replace(
            draw, block_hash=event.block_hash, number=event.number, captured_at=event.at.timestamp
        )
    )
