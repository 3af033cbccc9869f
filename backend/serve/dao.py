"""/v1/dao: the commune as ERC-4824 describes DAOs (JSON-LD), and members as ERC-721 describes tokens.

`Constitution.daoURI` points to /v1/dao of a node; the contract's `tokenURI` continues it with `/members/7`.
Links stand below what the chain says, or relative to this node where it says nothing yet. Large lists come in
pages here as well: `next` is the address of the rest, an extension that readers of the standard ignore.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from backend.project.assembly import Action
from backend.read import assembly
from backend.serve.assembly import title_of
from backend.serve.membership import first_line, needed
from backend.serve.page import Paged, listing
from backend.serve.values import ADDRESS, PROPOSAL, MemberId, hex_of, uint256
from backend.serve.view import Used, View, respond_json

router = APIRouter(prefix="/dao", tags=["ERC-4824"])

CONTEXT = "https://www.daostar.org/schemas"
NAME = "Dual Power commune"


class _Document(BaseModel):
    model_config = ConfigDict(extra="allow")
    context: str = Field(alias="@context", examples=[CONTEXT])
    type: str = Field(examples=["DAO"])
    name: str = Field(examples=[NAME])


class DaoModel(_Document):
    members_uri: str = Field(alias="membersURI", examples=["https://node.example/v1/dao/members"])
    proposals_uri: str = Field(alias="proposalsURI", examples=["https://node.example/v1/dao/proposals"])
    activity_log_uri: str = Field(alias="activityLogURI", examples=["https://node.example/v1/dao/activity"])
    contracts_uri: str = Field(alias="contractsURI", examples=["https://node.example/v1/dao/contracts"])


class MembersModel(_Document):
    members: list[dict[str, Any]] = Field(examples=[[{"type": "EthereumAddress", "id": ADDRESS}]])


class ProposalsModel(_Document):
    proposals: list[dict[str, Any]] = Field(
        examples=[[{"type": "proposal", "id": f"eip155:1:{ADDRESS}?proposalId={PROPOSAL}"}]]
    )


class ActivitiesModel(_Document):
    activities: list[dict[str, Any]] = Field(examples=[[{"id": "1205-3", "type": "activity"}]])


class ContractsModel(_Document):
    contracts: list[dict[str, Any]] = Field(
        examples=[[{"type": "EthereumAddress", "id": f"eip155:1:{ADDRESS}", "name": "assembly"}]]
    )


class TokenModel(BaseModel):
    """ERC-721 metadata of a membership."""

    name: str = Field(examples=["Member 7"])
    description: str = Field(examples=["Baker. I get up early."])
    attributes: list[dict[str, Any]] = Field(examples=[[{"trait_type": "status", "value": "Active"}]])


def _base(view: View) -> str:
    return view.moment.commune.dao_uri.rstrip("/") or "/v1/dao"


def _document(**content: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "type": "DAO", "name": NAME, **content}


def _next(view: View, path: str, following: str | None) -> dict[str, str]:
    return {"next": f"{_base(view)}/{path}?cursor={following}"} if following else {}


def _caip10(chain_id: int, address: str | None) -> str:
    return f"eip155:{chain_id}:{address}"


@router.get("", response_model=DaoModel, summary="The commune")
async def dao(service: Used) -> Response:
    with service.view() as view:
        base, charter = _base(view), view.moment.commune.charter
        links = {
            "membersURI": f"{base}/members",
            "proposalsURI": f"{base}/proposals",
            "activityLogURI": f"{base}/activity",
            "contractsURI": f"{base}/contracts",
        }
        if charter is not None:
            links["governanceURI"] = f"{base.removesuffix('/dao')}/texts/{hex_of(charter)}"
        return respond_json(view.cursor, _document(**links))


@router.get("/members", response_model=MembersModel, summary="Active and dormant members")
async def members(service: Used, page: Paged) -> Response:
    with service.view() as view:
        rows, following = listing(
            view.reader,
            page,
            name="dao-members",
            select="SELECT account FROM members",
            order=["member_id"],
            where="status IN ('Active', 'Dormant')",
            present=lambda row: {"type": "EthereumAddress", "id": hex_of(row[0])},
        )
        return respond_json(view.cursor, _document(members=rows, **_next(view, "members", following)))


@router.get("/members/{memberId}", response_model=TokenModel, summary="A membership's ERC-721 metadata")
async def token(service: Used, member_id: MemberId) -> Response:
    with service.view() as view:
        who = needed(view, member_id)
        text = view.reader.one(
            "SELECT x.content FROM admissions d JOIN applications a ON a.application_id = d.application_id"
            " JOIN texts x ON x.text_hash = a.profile WHERE d.member_id = ?",
            (member_id,),
        )
        return respond_json(
            view.cursor,
            {
                "name": f"Member {member_id}",
                "description": first_line(text[0]) if text else "A membership: it cannot be transferred.",
                "attributes": [
                    {"trait_type": "status", "value": who.status},
                    {"trait_type": "founder", "value": who.founder},
                    {"trait_type": "joinedAt", "display_type": "date", "value": who.joined_at},
                ],
            },
        )


@router.get("/proposals", response_model=ProposalsModel, summary="Proposals, newest first")
async def proposals(service: Used, page: Paged) -> Response:
    chain_id = service.deployment.chain_id
    contract = service.deployment.module("assembly").address.lower()
    with service.view() as view:
        moment = view.moment
        executor = {
            "assembly": contract,
            "timelock": service.deployment.module("timelock").address.lower(),
        }

        def shown(row: tuple[Any, ...]) -> dict[str, Any]:
            key, description, rule, state = row
            proposal_id = int.from_bytes(key, "big")
            caller = executor["timelock" if rule in ("Ordinary", "Constitutional") else "assembly"]
            return {
                "type": "proposal",
                "id": f"{_caip10(chain_id, contract)}?proposalId={proposal_id}",
                "name": title_of(description),
                "contentURI": f"{_base(view).removesuffix('/dao')}/proposals/{proposal_id}",
                "status": state,
                "calls": [
                    {
                        "type": "CallDataEVM",
                        "operation": "call",
                        "from": caller,
                        "to": hex_of(action.target),
                        "value": str(action.amount),
                        "data": hex_of(action.calldata),
                    }
                    for action in moment.rows(Action, "proposal_id = ?", (uint256(proposal_id),))
                ],
            }

        rows, following = listing(
            view.reader,
            page,
            name="dao-proposals",
            select=f"SELECT p.proposal_id, p.description, p.rule, {assembly.state_sql(moment)} AS state"
            " FROM proposals p JOIN tallies t ON t.proposal_id = p.proposal_id",
            order=["p.opened_block", "p.opened_position"],
            present=shown,
            descending=True,
        )
        return respond_json(view.cursor, _document(proposals=rows, **_next(view, "proposals", following)))


@router.get("/activity", response_model=ActivitiesModel, summary="Members' part in proposals, newest first")
async def activity(service: Used, page: Paged) -> Response:
    contract = _caip10(service.deployment.chain_id, service.deployment.module("assembly").address.lower())
    with service.view() as view:
        rows, following = listing(
            view.reader,
            page,
            name="dao-activity",
            select="SELECT a.block, a.position, a.proposal_id, m.account FROM activities a"
            " JOIN members m ON m.member_id = a.member_id",
            order=["a.block", "a.position"],
            where="a.proposal_id IS NOT NULL",
            present=lambda row: {
                "id": f"{row[0]}-{row[1]}",
                "type": "activity",
                "proposal": {
                    "type": "proposal",
                    "id": f"{contract}?proposalId={int.from_bytes(row[2], 'big')}",
                },
                "member": {"type": "EthereumAddress", "id": hex_of(row[3])},
            },
            descending=True,
        )
        return respond_json(view.cursor, _document(activities=rows, **_next(view, "activity", following)))


@router.get("/contracts", response_model=ContractsModel, summary="The commune's contracts")
async def contracts(service: Used) -> Response:
    with service.view() as view:
        rows = view.reader.query("SELECT name, address FROM modules ORDER BY name")
        listed = [
            {
                "type": "EthereumAddress",
                "id": _caip10(service.deployment.chain_id, hex_of(address)),
                "name": name,
                "description": f"The commune's {name}",
            }
            for name, address in rows
        ]
        return respond_json(view.cursor, _document(contracts=listed))
