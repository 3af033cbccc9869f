"""The commune's application: what a node of this project projects and serves."""

from __future__ import annotations

from backend import events
from backend.keeper import Keeper
from backend.node import Application, Settings
from backend.project.commune import PROJECTIONS
from backend.proofs import Verifier
from backend.relay import Relay
from backend.serve import (
    Feature,
    Service,
    activity,
    admission,
    assembly,
    assignments,
    calendar,
    cases,
    commons,
    consent,
    constitution,
    dao,
    delegation,
    docket,
    draws,
    elections,
    group,
    membership,
    notices,
    offices,
    penalties,
    polls,
    powers,
    recall,
    reputation,
    reviews,
    series,
    standing,
    trace,
    work,
)
from backend.serve.keeper import keeper_feature
from backend.serve.plan import plan_feature
from backend.serve.relay import relay_feature
from backend.serve.session import session_feature
from backend.serve.texts import texts
from backend.serve.tokens import tokens_feature
from backend.serve.tree import tree_feature
from backend.serve.wallet_session import wallet_session_feature
from backend.serve.zk import zk_feature
from backend.store.content import Content
from backend.store.declarations import Declarations
from backend.store.sessions import Sessions


def features(settings: Settings, service: Service) -> list[Feature]:
    """What the node does beyond reading its tables; it relays and keeps where it has a key to pay with."""
    content, verifier = Content(settings.database), Verifier()
    sessions = Sessions(settings.database)
    relay = Relay(settings.relay, settings.rpc_url, service, content, verifier) if settings.relay else None
    return [
        tree_feature(service),
        texts(service, content, settings.text_limit),
        relay_feature(service, relay),
        keeper_feature(Keeper(relay) if relay and relay.settings.keeps else None),
        zk_feature(service, verifier, settings.public_origin),
        notices.notice_stream(service),
        tokens_feature(service, settings.rpc_url),
        session_feature(service, sessions, verifier, settings.public_origin),
        wallet_session_feature(service, sessions, settings.public_origin),
        plan_feature(service, sessions, Declarations(settings.database)),
    ]


COMMUNE = Application(
    projections=PROJECTIONS,
    routers=(
        constitution.router,
        powers.router,
        membership.router,
        group.router,
        admission.router,
        docket.router,
        assembly.router,
        polls.router,
        draws.router,
        delegation.router,
        notices.router,
        consent.router,
        commons.router,
        offices.router,
        elections.router,
        recall.router,
        cases.router,
        assignments.router,
        trace.router,
        series.router,
        calendar.router,
        reviews.router,
        penalties.router,
        work.router,
        reputation.router,
        standing.router,
        activity.router,
        dao.router,
    ),
    events=events,
    features=features,
)
