"""Petitions to recall a holder, who signed them, and what came of them.

A petition's state depends on the time and on the vote that it led to: it is worked out when someone asks,
from `PETITION_STATE`.
"""

from __future__ import annotations

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import Uint256, table

# IRecall.PetitionState; what is in the tables is never Unknown.
PETITION_STATES = ("Unknown", "Open", "Voting", "Recalled", "Failed", "Lapsed")


@table("petitions", key=["petition_id"], indexes=[["office_id"], ["member_id"], ["proposal_id"]])
class Petition(msgspec.Struct, frozen=True):
    """`needed` signatures open a vote, `immediate` ones recall at once. `grounds`: hash of a text.

    `electorate_at`: who was active then, and is a full member, may sign, until `expiry`.
    """

    petition_id: int
    office_id: int
    member_id: int
    petitioner: int
    grounds: bytes
    electorate_at: int
    expiry: int
    needed: int
    immediate: int
    signatures: int
    proposal_id: Uint256 | None
    opened_at: int
    recalled_at: int | None


@table("petition_signatures", key=["petition_id", "member_id"], indexes=[["member_id"]])
class PetitionSignature(msgspec.Struct, frozen=True):
    """`position`: the how-manieth, from 1."""

    petition_id: int
    member_id: int
    position: int
    signed_at: int


recall = Projection("recall", tables=[Petition, PetitionSignature])

# Recall.state for petitions q at the time {now}, where {vote} is the state of their vote.
PETITION_STATE = """
CASE
  WHEN q.recalled_at IS NOT NULL THEN 'Recalled'
  WHEN q.proposal_id IS NULL AND q.expiry >= {now} THEN 'Open'
  WHEN q.proposal_id IS NULL THEN 'Lapsed'
  ELSE CASE {vote}
    WHEN 'Executed' THEN 'Recalled'
    WHEN 'Expired' THEN 'Lapsed'
    WHEN 'Defeated' THEN 'Failed'
    WHEN 'Canceled' THEN 'Failed'
    ELSE 'Voting'
  END
END
"""


@recall.on(events.RecallPetitionOpened)
def petition_opened(state: State, event: events.RecallPetitionOpened) -> None:
    terms = event.petition
    state.insert(
        Petition(
            petition_id=event.petition_id,
            office_id=event.office_id,
            member_id=event.member_id,
            petitioner=event.petitioner,
            grounds=event.grounds,
            electorate_at=terms.electorate_at,
            expiry=terms.expiry,
            needed=terms.needed,
            immediate=terms.immediate,
            signatures=0,
            proposal_id=None,
            opened_at=event.at.timestamp,
            recalled_at=None,
        )
    )


@recall.on(events.RecallPetitionSigned)
def petition_signed(state: State, event: events.RecallPetitionSigned) -> None:
    state.insert(PetitionSignature(event.petition_id, event.member_id, event.signatures, event.at.timestamp))
    petition = state.need(Petition, event.petition_id)
    state.put(msgspec.structs.replace(petition, signatures=event.signatures))


@recall.on(events.RecallRecallVoteOpened)
def recall_vote_opened(state: State, event: events.RecallRecallVoteOpened) -> None:
    petition = state.need(Petition, event.petition_id)
    state.put(msgspec.structs.replace(petition, proposal_id=event.proposal_id))


@recall.on(events.RecallRecalledByPetition)
def recalled_by_petition(state: State, event: events.RecallRecalledByPetition) -> None:
    petition = state.need(Petition, event.petition_id)
    state.put(msgspec.structs.replace(petition, recalled_at=event.at.timestamp))
