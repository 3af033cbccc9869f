"""Every projection of a commune, in the order in which they see an event: first those that others read."""

from __future__ import annotations

from backend.project.activity import activity
from backend.project.admission import admission
from backend.project.assembly import assembly
from backend.project.assignments import assignments
from backend.project.commons import commons
from backend.project.consent import consent
from backend.project.constitution import constitution
from backend.project.credits import voice_credits
from backend.project.delegation import delegation
from backend.project.docket import docket
from backend.project.draws import draws
from backend.project.elections import elections
from backend.project.forwarder import forwarder
from backend.project.group import group
from backend.project.mediation import mediation
from backend.project.membership import membership
from backend.project.offices import offices
from backend.project.panels import panels
from backend.project.penalties import penalties
from backend.project.polls import polls
from backend.project.powers import powers
from backend.project.presence import presence
from backend.project.recall import recall
from backend.project.recovery import recovery
from backend.project.reputation import reputation
from backend.project.reviews import reviews
from backend.project.series import series
from backend.project.texts import texts

PROJECTIONS = (
    constitution,
    powers,
    membership,
    group,
    admission,
    presence,
    recovery,
    docket,
    assembly,
    polls,
    draws,
    delegation,
    consent,
    commons,
    offices,
    elections,
    recall,
    assignments,
    series,
    reviews,
    penalties,
    mediation,
    panels,
    voice_credits,
    reputation,
    forwarder,
    texts,
    activity,
)
