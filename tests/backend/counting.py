"""An application for the tests: what the Emitter counted, in two tables and one listing."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from backend.decode import Event
from backend.decode.abi import events_of
from backend.decode.generate import Classes
from backend.node import Application
from backend.project import Projection, State
from backend.serve import Paged, PageEnvelope, Used, listing, model_of
from backend.store import Int256, Uint256, table, table_of
from tests.backend.chains import compiled


@table("totals", key=["counter"])
class Total(msgspec.Struct, frozen=True):
    counter: Uint256
    amount: Int256
    events: int


@table("counts", key=["block", "position"], indexes=[["counter", "who"]])
class Count(msgspec.Struct, frozen=True):
    block: int
    position: int
    counter: Uint256
    who: int
    tag: bytes
    flag: bool
    said: str | None


@table("leavings", key=["counter"])
class Leaving(msgspec.Struct, frozen=True):
    """The last event of each counter, deleted and written anew by every other one."""

    counter: Uint256
    who: int


CLASSES = Classes(events_of("Emitter", compiled("Emitter")["abi"])).events
Counted: type[Event] = CLASSES["Emitter", "Counted"]

counting = Projection("counting", tables=[Total, Count, Leaving])
router = APIRouter()


@counting.on(Counted)
def counted(state: State, event: Counted) -> None:  # type: ignore[valid-type]
    total = state.get(Total, event.counter) or Total(event.counter, 0, 0)
    state.put(Total(event.counter, total.amount + event.amount, total.events + 1))
    state.insert(Count(event.at.block, event.at.index, event.counter, event.who, event.tag, event.flag, None))
    if state.get(Leaving, event.counter) is None:
        state.insert(Leaving(event.counter, event.who))
    else:
        state.delete(Leaving, event.counter)


@router.get("/counts", response_model=PageEnvelope[model_of(Count)])
async def counts(service: Used, page: Paged, who: int | None = None) -> Response:
    shape = table_of(Count)
    with service.view() as view:
        return view.page(
            listing(
                view.reader,
                page,
                name="counts",
                select=f"SELECT {shape.column_list} FROM counts",
                order=["block", "position"],
                present=shape.to_json,
                where="" if who is None else "who = ?",
                arguments=[] if who is None else [who],
            )
        )


application = Application([counting], [router])
