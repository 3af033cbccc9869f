"""The counting application, but its process is killed in the middle of a transaction, several times.

The file named by DEATHS holds one character for each death still to come.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from backend.node import Application
from backend.project import Projection, State
from tests.backend.counting import Counted, counting, router

fatal = Projection("fatal", tables=[])


@fatal.on(Counted)
def counted(state: State, event: Counted) -> None:  # type: ignore[valid-type]
    deaths = Path(os.environ["DEATHS"])
    left = deaths.read_text()
    if left and event.at.block % 7 == 3 and event.at.index == 2:
        state.flush()
        deaths.write_text(left[1:])
        os.kill(os.getpid(), signal.SIGKILL)


application = Application([counting, fatal], [router])
