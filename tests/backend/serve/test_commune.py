"""Every answer of the commune's API, asked of a node that follows a lived commune."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from backend.commune import COMMUNE
from backend.project.activity import KINDS
from tests.backend.chains import anvil, free_port
from tests.backend.commune import FOOD, PEOPLE, POINT, Commune, text_hash
from tests.backend.mirror import Mirror
from tests.backend.processes import serving, wait_until

ROUTES = {
    f"/v1{route.path}": route
    for router in COMMUNE.routers
    for route in router.routes
    if "GET" in route.methods and route.response_model is not None
}
# Paths that other routers serve.
MORE = (
    "/v1/calendar.ics",
    "/v1/texts",
    "/v1/texts/{hash}",
    "/v1/relay",
    "/v1/relay/{ticket}",
    "/v1/state/{table}",
    "/v1/events",
)
STATES = ("Pending", "Active", "Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed")


@functools.cache
def examples(api):
    """Paths that exist, for every template."""
    proposal = api.get("/v1/proposals?state=Executed&rule=Ordinary").json()["data"][-1]["proposalId"]
    return {
        "{memberId}": ["1", "4", "5", "6", "7"],
        "{applicationId}": ["1", "2", "6"],
        "{proposalId}": [proposal, hex(int(proposal))],
        "/v1/consent/{proposalId}": [row["proposalId"] for row in api.get("/v1/consent").json()["data"]],
        "{hearingId}": ["1", "2"],
        "{pollId}": ["2", "3"],
        "{purseId}": ["1", "2"],
        "{officeId}": ["1", "2", "3"],
        "{electionId}": ["1", "2", "3", "4"],
        "{petitionId}": ["1", "2", "3", "4"],
        "{caseId}": ["1", "2", "4", "6", "8", "9"],
        "{drawId}": ["1", "2", "3", "4"],
        "{assignmentId}": ["1", "2", "3", "4", "5", "6"],
        "{seriesId}": ["1"],
        "{reviewId}": ["1", "2"],
        "{season}": ["1", "2"],
        "{name}": ["season.length", "ordinary.quorumBps"],
        "{ticket}": ["0" * 32],
        "{hash}": ["0x" + "00" * 32],
        "{table}": ["ballots", "undo"],
    }


def paths_of(api, template: str) -> list[str]:
    found = re.search(r"{\w+}", template)
    if not found:
        return [template]
    known = examples(api)
    values = next((values for key, values in known.items() if template.startswith(key)), known[found[0]])
    return [template.replace(found[0], value) for value in values]


def get(api, path: str, **query) -> dict:
    answer = api.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def all_rows(api, path: str, **query) -> list[dict]:
    rows, cursor = [], None
    while True:
        page = get(api, path, **query, **({"cursor": cursor} if cursor else {}))
        rows += page["data"]
        cursor = page["next"]
        if cursor is None:
            return rows


@pytest.mark.parametrize("template", ROUTES)
def test_answers_are_what_the_openapi_promises(api, template):
    model = TypeAdapter(ROUTES[template].response_model)
    for path in paths_of(api, template):
        answer = api.get(path)
        assert answer.status_code == 200, answer.text
        model.validate_python(answer.json(), strict=False)


@pytest.mark.parametrize("template", ROUTES)
def test_answers_name_their_block_and_are_not_sent_twice(api, template):
    for path in paths_of(api, template):
        first = api.get(path)
        assert first.headers["x-block-hash"].startswith("0x")
        assert api.get(path, headers={"if-none-match": first.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("template", ROUTES)
def test_every_field_has_an_example(api, template):
    """In the OpenAPI, down to the last one."""
    document = api.get("/openapi.json").json()
    operation = document["paths"][template]["get"]
    assert operation["tags"]
    assert operation["summary"]
    names = re.findall(r"#/components/schemas/(\w+)", str(operation["responses"]["200"]))
    seen = set()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        schema = document["components"]["schemas"][name]
        names += re.findall(r"#/components/schemas/(\w+)", str(schema))
        for field, described in schema.get("properties", {}).items():
            nested = "$ref" in str(described)
            assert nested or field in ("data", "next") or "examples" in described, f"{name}.{field}"


def test_pages_show_every_row_once(api):
    whole = all_rows(api, "/v1/activity", limit=200)
    assert len({row["id"] for row in whole}) == len(whole)
    assert all_rows(api, "/v1/activity", limit=7) == whole
    proposals = all_rows(api, "/v1/proposals")
    assert all_rows(api, "/v1/proposals", limit=2) == proposals
    ids = [row["proposalId"] for row in proposals]
    by_state = [
        row["proposalId"] for state in STATES for row in all_rows(api, "/v1/proposals", state=state, limit=1)
    ]
    assert sorted(by_state) == sorted(ids)


def test_a_cursor_outlives_the_block(api, lived):
    first = get(api, "/v1/proposals", state="Executed", limit=2)
    lived.commune.wait(10)
    second = api.get("/v1/proposals", params={"state": "Executed", "limit": 2, "cursor": first["next"]})
    assert second.status_code == 200
    assert second.json()["data"]


def test_proposals_are_found_by_state_topic_author_and_rule(api):
    for query, field, value in (
        ({"state": "Defeated"}, "state", "Defeated"),
        ({"topic": FOOD}, "topic", FOOD),
        ({"author": 3}, "author", 3),
        ({"rule": "Expulsion"}, "rule", "Expulsion"),
    ):
        rows = all_rows(api, "/v1/proposals", **query)
        assert rows
        assert all(row[field] == value for row in rows)
        others = [row for row in all_rows(api, "/v1/proposals") if row[field] != value]
        assert len(rows) + len(others) == len(all_rows(api, "/v1/proposals"))


def test_a_proposal_says_in_words_what_it_would_do(api, lived):
    (row,) = [row for row in all_rows(api, "/v1/proposals") if row["title"] == "Thank the cooks"]
    shown = get(api, f"/v1/proposals/{row['proposalId']}")["data"]
    assert [action["words"] for action in shown["actions"]] == [
        "award member 3 120 points in food",
        "award member 4 60 points in food",
        f"adopt the text 0x{text_hash('We cook on Fridays').hex()} as a resolution",
    ]
    assert shown["actions"][0]["module"] == "reputation"
    assert shown["actions"][0]["function"] == "award"
    assert shown["actions"][0]["arguments"] == {
        "memberId": 3,
        "topic": FOOD,
        "amount": str(120 * POINT),
        "reason": 0,
        "evidence": f"0x{text_hash('work').hex()}",
        "confirmer": 0,
    }
    assert shown["texts"] == [f"0x{text_hash('Why we thank the cooks').hex()}"]
    assert shown["description"].startswith("Thank the cooks\n\ntext:0x")
    assert [sponsor["memberId"] for sponsor in shown["sponsors"]] == [1, 2]
    ballots = all_rows(api, f"/v1/proposals/{row['proposalId']}/ballots")
    assert [(b["memberId"], b["choice"], b["votes"], b["cost"], b["reason"]) for b in ballots] == [
        (1, "For", 5, 24, None),
        (2, "For", 1, 0, "They earned it"),
        (4, "Against", 3, 8, "Too much"),
        (5, "Abstain", 2, 3, None),
        (3, "For", 2, 3, None),
    ]
    tally = get(api, f"/v1/proposals/{row['proposalId']}/tally")["data"]
    assert tally == shown["tally"]
    assert (tally["forVotes"], tally["againstVotes"], tally["abstainVotes"]) == (8, 3, 2)
    assert (tally["heads"], tally["forHeads"], tally["passing"]) == (5, 3, True)


def test_a_member_s_page_has_all_that_hangs_on_the_member_id(api):
    one = get(api, "/v1/members/1")["data"]
    assert len(one["accounts"]) == 2
    assert one["accounts"][0]["heldUntil"] == one["accounts"][1]["heldFrom"]
    assert one["account"] == one["accounts"][1]["account"]
    six = get(api, "/v1/members/6")["data"]
    assert [change["toStatus"] for change in six["history"]] == ["Active", "Left", "Active"]
    assert six["applicationId"] is not None
    assert six["vouchers"] == [2, 3]
    seven = get(api, "/v1/members/7")["data"]
    assert seven["status"] == "Expelled"
    assert get(api, "/v1/members/2")["data"]["recovery"]["guardianOf"]


def test_members_are_found_by_status_and_account(api):
    dormant = all_rows(api, "/v1/members", status="Dormant")
    assert [row["memberId"] for row in dormant] == [4]
    (row,) = all_rows(api, "/v1/members", account=dormant[0]["account"])
    assert row == dormant[0]


def test_reputation_at_a_past_time_is_what_it_was_then(api, lived):
    (award,) = [row for row in all_rows(api, "/v1/reputation", memberId=3) if row["reason"] == "Decision"]
    at = award["recordedAt"]
    then = get(api, "/v1/members/3/reputation", at=at, topic=FOOD)["data"]
    assert then["topics"] == [{"topic": FOOD, "name": "food", "score": str(120 * POINT)}]
    assert then["total"] == str(120 * POINT)
    assert get(api, "/v1/members/3/reputation", at=at - 1)["data"]["total"] == "0"
    half = get(api, "/v1/members/3/reputation", at=at + 90 * 86_400)["data"]
    assert abs(int(half["total"]) - 60 * POINT) <= 1
    assert int(get(api, "/v1/members/3/reputation")["data"]["total"]) < 60 * POINT


def test_the_activity_tells_everything_in_words(api):
    told = {row["kind"] for row in all_rows(api, "/v1/activity", limit=200)}
    untold = set(KINDS) - told
    # None of these has happened.
    assert untold == {"RecoveryCancelled", "TargetClosed"}
    words = [row["words"] for row in all_rows(api, "/v1/activity", kind="BallotRecorded", limit=200)]
    assert "member 1 voted For with 5 votes" in words
    mine = all_rows(api, "/v1/activity", memberId=7, limit=200)
    assert {"Vouched", "Expelled"} & {row["kind"] for row in mine} == {"Expelled"}
    assert all(7 in (_id(row["member"]), _id(row["otherMember"])) for row in mine)


def _id(person: dict | None) -> int | None:
    return person["memberId"] if person else None


def test_the_dao_s_documents_link_to_each_other(api):
    dao = get(api, "/v1/dao")
    assert dao["@context"] == "https://www.daostar.org/schemas"
    # As the commune decided: setDaoURI.
    assert dao["membersURI"] == "https://node.example/v1/dao/members"
    assert dao["governanceURI"].startswith("https://node.example/v1/texts/0x")
    listed = get(api, "/v1/dao/members")["members"]
    held = all_rows(api, "/v1/members", status="Active") + all_rows(api, "/v1/members", status="Dormant")
    assert {row["id"] for row in listed} == {row["account"] for row in held}
    proposals = get(api, "/v1/dao/proposals", limit=2)
    assert proposals["next"].startswith("https://node.example/v1/dao/proposals?cursor=")
    assert {call["type"] for row in proposals["proposals"] for call in row["calls"]} == {"CallDataEVM"}


UNKNOWN = [
    "/v1/members/99",
    "/v1/members/99/credits",
    "/v1/members/99/ballots",
    "/v1/members/1/reputation?topic=99",
    "/v1/applications/99",
    "/v1/proposals/5",
    "/v1/proposals/5/ballots",
    "/v1/proposals/5/tally",
    "/v1/drafts/5",
    "/v1/hearings/99",
    "/v1/polls/99",
    "/v1/polls/99/ballots",
    "/v1/polls/99/group",
    "/v1/offices/99",
    "/v1/offices/99/tenures",
    "/v1/offices/99/exercises",
    "/v1/elections/99",
    "/v1/petitions/99",
    "/v1/cases/99",
    "/v1/draws/99",
    "/v1/seasons/4000",
    "/v1/parameters/season.colour",
    "/v1/dao/members/99",
]
MALFORMED = [
    "/v1/members/0",
    "/v1/members/4294967296",
    "/v1/members/first",
    "/v1/members?status=Asleep",
    "/v1/members?account=0x12",
    "/v1/members?limit=0",
    "/v1/members?limit=201",
    "/v1/members?cursor=AAAA",
    "/v1/members?colour=red",
    "/v1/members/1/reputation?at=-1",
    "/v1/members/1/reputation?at=99999999999",
    f"/v1/members/1/reputation?at={2**63}",
    "/v1/applications?applicant=me",
    f"/v1/applications/{2**63}",
    "/v1/proposals?state=active",
    "/v1/proposals?topic=-1",
    "/v1/proposals?author=0",
    "/v1/proposals/0x",
    "/v1/proposals/abc",
    f"/v1/proposals/{2**256}",
    f"/v1/proposals/0x{'f' * 65}",
    "/v1/proposals/1e3",
    "/v1/proposals/%00",
    "/v1/proposals/5/ballots?support=3",
    "/v1/drafts/x",
    "/v1/drafts?opened=perhaps",
    "/v1/hearings/0",
    "/v1/polls/0",
    "/v1/polls/one/ballots",
    "/v1/polls?state=Open",
    "/v1/polls?secret=perhaps",
    "/v1/polls/2/group?index=3",
    "/v1/group?memberId=3",
    "/v1/group/leaves?index=3",
    "/v1/group/leaves?limit=10001",
    "/v1/cases?state=open",
    "/v1/cases?panelState=Convened",
    "/v1/draws?state=Unknown",
    "/v1/draws/first",
    f"/v1/draws/{2**32}",
    "/v1/offices/0",
    "/v1/offices?heldBy=0",
    "/v1/offices?abolished=perhaps",
    "/v1/offices/1/exercises?memberId=x",
    f"/v1/elections/{2**32}",
    "/v1/elections?stage=Open",
    "/v1/petitions?state=open",
    "/v1/petitions?officeId=-1",
    "/v1/assignments?state=Lost",
    "/v1/assignments?member=0",
    "/v1/assignments?kind=task",
    "/v1/assignments/0/trace",
    "/v1/board?topic=food",
    "/v1/calendar.ics?member=everybody",
    "/v1/reviews?state=Good",
    "/v1/reviews/first",
    f"/v1/series/{2**32}",
    "/v1/penalties?state=Unknown",
    "/v1/members/0/work",
    f"/v1/hearings/{2**64}",
    "/v1/seasons/0",
    "/v1/seasons?last=0",
    "/v1/reputation?reason=Luck",
    "/v1/activity?kind=Nothing",
    "/v1/activity?proposalId=x",
    f"/v1/parameters/{'x' * 40}",
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_does_not_exist_is_a_problem(api, path):
    answer = api.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "does not exist" in answer.json()["title"]


@pytest.mark.parametrize("path", MALFORMED)
def test_malformed_requests_are_refused_and_told_why(api, path):
    answer = api.get(path)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


QUERY_NAMES = (
    "limit", "cursor", "state", "status", "topic", "author", "rule", "memberId", "proposalId", "kind", "at",
    "account", "applicant", "secret", "support", "followed", "opened", "reason", "last", "after",
    "member", "reviewer", "assignmentId", "seriesId",
)  # fmt: skip
ODD = st.one_of(
    st.text(max_size=40),
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(
        ["", "0", "-1", "1e9", "NaN", "true", "0x", "0x00", "null", "%", "'; --", "\x00", "\ud7ff"]
    ),
)


def test_a_commune_that_is_not_constituted_yet_is_served_too(tmp_path):
    """Between the deployment and the last founder's signature."""
    with anvil("--accounts", str(PEOPLE)) as chain:
        commune = Commune(chain)
        commune.deploy({})
        own = replace(Mirror(commune, tmp_path).settings, port=free_port(), poll=0.1)
        with serving(own) as client:
            for stage in ("deployed", "signed"):
                wait_until(lambda: client.get("/v1/node").json()["block"]["number"] == chain.head)
                for template, route in ROUTES.items():
                    path = re.sub(r"{\w+}", "1", template)
                    answer = client.get(path)
                    assert answer.status_code in (200, 404), (stage, path, answer.text)
                    if answer.status_code == 200:
                        TypeAdapter(route.response_model).validate_python(answer.json())
                assert client.get("/v1/commune").json()["data"]["constitutedAt"] is None
                if stage == "deployed":
                    commune.found(commune.people[1:5], constitute=False)
            assert len(client.get("/v1/members").json()["data"]) == 4
            assert client.get("/v1/members/1").json()["data"]["credits"] is None


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_query_whatever_makes_the_node_fail(api, data):
    template = data.draw(st.sampled_from(sorted({*ROUTES, *MORE})))
    path = re.sub(
        r"{\w+}",
        lambda match: data.draw(
            st.one_of(st.sampled_from(examples(api)[match[0]] or ["1"]), st.integers(-9, 2**70).map(str))
        ),
        template,
    )
    query = data.draw(st.dictionaries(st.sampled_from(QUERY_NAMES), ODD, max_size=3))
    answer = api.get(path, params=query)
    assert answer.status_code in (200, 400, 404, 422), (path, query, answer.text)
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
