"""`dualpower`: the command line of a commune's members and of those who run its nodes.

Reads come from a node's API, writes go to the chain or, signed, through a node's relay. A command's exit
status is 0 when it was done, 1 when the chain or the node refused, 2 when it was asked for wrongly.
"""

from __future__ import annotations

import typer

from backend.cli import (
    admission,
    ballots,
    cases,
    commons,
    consents,
    delegation,
    draws,
    elections,
    hearings,
    identities,
    keeper,
    keyfiles,
    members,
    node,
    offices,
    panels,
    penalties,
    plan,
    polls,
    presence,
    proposals,
    recalls,
    recovery,
    relay,
    reputation,
    reviews,
    series,
    sessions,
    standing,
    texts,
    verify,
    work,
    zk,
)
from backend.cli.command import command

app = typer.Typer(
    name="dualpower",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Take part in a commune: join, vote, decide, check.",
)

for group, name in (
    (node.app, "node"),
    (keyfiles.app, "key"),
    (identities.app, "identity"),
    (members.app, "members"),
    (presence.app, "dormant"),
    (recovery.guardians, "guardians"),
    (recovery.recover, "recover"),
    (proposals.app, "proposals"),
    (hearings.app, "hearings"),
    (polls.app, "poll"),
    (delegation.app, "delegations"),
    (offices.app, "office"),
    (elections.app, "election"),
    (recalls.app, "recall"),
    (work.app, "work"),
    (series.app, "series"),
    (reviews.app, "review"),
    (penalties.app, "penalty"),
    (cases.app, "case"),
    (draws.app, "draw"),
    (consents.app, "consent"),
    (commons.app, "commons"),
    (commons.purse_app, "purse"),
    (panels.app, "panel"),
    (plan.app, "skills"),
    (standing.app, "standing"),
    (sessions.app, "session"),
    (zk.prove, "prove"),
    (zk.app, "zk"),
    (texts.app, "texts"),
):
    app.add_typer(group, name=name)

for function, name in (
    (admission.apply, "apply"),
    (admission.applications, "applications"),
    (admission.vouch, "vouch"),
    (admission.object_, "object"),
    (admission.admit, "admit"),
    (admission.withdraw, "withdraw"),
    (presence.attest, "attest"),
    (presence.check_in, "check-in"),
    (members.leave, "leave"),
    (proposals.propose, "propose"),
    (proposals.sponsor, "sponsor"),
    (ballots.vote, "vote"),
    (delegation.delegate, "delegate"),
    (delegation.revoke, "revoke"),
    (delegation.follow, "follow"),
    (delegation.notices, "notices"),
    (proposals.queue, "queue"),
    (proposals.execute, "execute"),
    (proposals.cancel, "cancel"),
    (plan.plan, "plan"),
    (reputation.reputation, "reputation"),
    (relay.relayed, "relayed"),
    (verify.verify, "verify"),
    (keeper.keeper, "keeper"),
):
    command(app, name)(function)

__all__ = ["app"]
