"""The commune's application: what a node of this project projects and serves."""

from __future__ import annotations

from backend import events
from backend.node import Application, Settings
from backend.project.commune import PROJECTIONS
from backend.relay import Relay
from backend.serve import (
    Feature,
    Service,
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
from backend.serve.relay import relay_feature
from backend.serve.texts import texts
from backend.store.content import Content


def features(settings: Settings, service: Service) -> list[Feature]:
    """Texts, and the relay where the node has a key to pay with."""
    content = Content(settings.database)
    relay = Relay(settings.relay, settings.rpc_url, service, content) if settings.relay else None
    return [texts(service, content, settings.text_limit), relay_feature(service, relay)]


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
    features=features,
)
