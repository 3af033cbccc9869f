"""The commune's application: what a node of this project projects and serves."""

from __future__ import annotations

from backend import events
from backend.node import Application
from backend.project.commune import PROJECTIONS
from backend.serve import (
    activity,
    admission,
    assembly,
    constitution,
    dao,
    docket,
    membership,
    powers,
    reputation,
)

COMMUNE = Application(
    projections=PROJECTIONS,
    routers=(
        constitution.router,
        powers.router,
        membership.router,
        admission.router,
        docket.router,
        assembly.router,
        reputation.router,
        activity.router,
        dao.router,
    ),
    events=events,
)
