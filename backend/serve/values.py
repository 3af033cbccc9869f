"""Values in paths, queries and answers, and the examples of them in the OpenAPI."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from backend.serve.problem import Problem
from backend.store import table_of

ADDRESS = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
HASH = "0x8d1e7ac4c4d5b2f3a0d1b7f7c7ea7c8e0d3c5a3f1d2b6c9e8f7a6b5c4d3e2f10"
PROPOSAL = "73921544198461350126587340958612907345123098456712309845612309845612309845612"
NULLIFIER = "9120384756102938475610293847561029384756102938475610293847561029384756102938"
TIME = 1767225600
# The largest number that every database takes as a BIGINT.
BIGINT = 2**63 - 1

_PROPOSAL_ID = re.compile(r"[0-9]{1,78}|0x[0-9a-fA-F]{1,64}")


class Model(BaseModel):
    """What an answer holds, in camel case. Tests compare answers with it: nothing more and nothing less."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


def schema_of(model: type[Model]) -> dict[str, Any]:
    """A body's JSON schema for the OpenAPI document, with what it refers to written out in its place."""
    schema = model.model_json_schema(by_alias=True)
    defined = schema.pop("$defs", {})

    def inline(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return inline(defined[part["$ref"].rpartition("/")[2]])
            return {name: inline(inner) for name, inner in part.items()}
        return [inline(inner) for inner in part] if isinstance(part, list) else part

    written: dict[str, Any] = inline(schema)
    return written


MemberId = Annotated[int, Path(alias="memberId", ge=1, le=2**32 - 1, description="From 1", examples=[7])]
ApplicationId = Annotated[
    int, Path(alias="applicationId", ge=1, le=BIGINT, description="From 1", examples=[3])
]
HearingId = Annotated[int, Path(alias="hearingId", ge=1, le=BIGINT, description="From 1", examples=[2])]
PollId = Annotated[int, Path(alias="pollId", ge=1, le=2**32 - 1, description="From 1", examples=[3])]
PurseId = Annotated[int, Path(alias="purseId", ge=1, le=2**32 - 1, description="From 1", examples=[1])]
DrawId = Annotated[int, Path(alias="drawId", ge=1, le=2**32 - 1, description="From 1", examples=[1])]
OfficeId = Annotated[int, Path(alias="officeId", ge=1, le=2**32 - 1, description="From 1", examples=[1])]
ElectionId = Annotated[int, Path(alias="electionId", ge=1, le=2**32 - 1, description="From 1", examples=[2])]
CaseId = Annotated[int, Path(alias="caseId", ge=1, le=2**32 - 1, description="From 1", examples=[1])]
PetitionId = Annotated[int, Path(alias="petitionId", ge=1, le=2**32 - 1, description="From 1", examples=[1])]
AssignmentId = Annotated[
    int, Path(alias="assignmentId", ge=1, le=2**32 - 1, description="From 1", examples=[4])
]
SeriesId = Annotated[int, Path(alias="seriesId", ge=1, le=2**32 - 1, description="From 1", examples=[1])]
ReviewId = Annotated[int, Path(alias="reviewId", ge=1, le=2**32 - 1, description="From 1", examples=[2])]
Season = Annotated[int, Path(ge=1, le=2**32 - 1, description="From 1", examples=[1])]
ProposalText = Annotated[
    str,
    Path(
        alias="proposalId", max_length=80, description="In decimals, or in hex after 0x", examples=[PROPOSAL]
    ),
]
MemberFilter = Annotated[int | None, Query(alias="memberId", ge=1, le=2**32 - 1, examples=[7])]
OfficeFilter = Annotated[int | None, Query(alias="officeId", ge=1, le=2**32 - 1, examples=[1])]
AssignmentFilter = Annotated[int | None, Query(alias="assignmentId", ge=1, le=2**32 - 1, examples=[4])]
TopicFilter = Annotated[int | None, Query(ge=0, le=65_535, description="Its number", examples=[2])]


def proposal_id_of(text: str) -> int:
    """A proposal's id as members copy it from anywhere."""
    number = int(text, 16 if text.startswith("0x") else 10) if _PROPOSAL_ID.fullmatch(text) else 2**256
    if number >= 2**256:
        raise Problem(
            400,
            "proposal-id-malformed",
            "The proposal id is no number of 256 bits",
            f"got {text[:80]!r}; write it in decimals, or in hex after 0x",
        )
    return number


def uint256(value: int) -> bytes:
    """As a key in the database."""
    return value.to_bytes(32, "big")


def account_of(text: str) -> bytes:
    if not re.fullmatch(r"0x[0-9a-fA-F]{40}", text):
        raise Problem(
            400, "account-malformed", "The account is not 0x and 40 hex digits", f"got {text[:80]!r}"
        )
    return bytes.fromhex(text[2:])


def hex_of(value: bytes | None) -> str | None:
    return None if value is None else f"0x{value.hex()}"


def columns(row: type[Any], prefix: str) -> str:
    """A table's columns for a query that joins."""
    return ", ".join(f"{prefix}.{column.name}" for column in table_of(row).columns)
