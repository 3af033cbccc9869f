"""Skills, hours and the plan over HTTP: signed by those whom they are about, and for members alone."""

from __future__ import annotations

import hashlib
import secrets
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak

from backend.chain.types import Block
from backend.cli.contracts import Contracts
from backend.cli.typed_data import declaration as declaration_document
from backend.cli.typed_data import withdrawal as withdrawal_document
from backend.commune import COMMUNE
from backend.deployment import load
from backend.node import make_app
from backend.plan import Kind
from backend.project.assignments import Assignment, Seat, SeatEvent, Volunteer
from backend.project.constitution import Era, Parameter, Topic
from backend.project.fading import Accumulator, Fading
from backend.project.membership import Member
from backend.project.reputation import FadingRow, Score
from backend.project.series import Occurrence
from backend.read import Moment
from backend.read.plan import UNSAID, plan_input
from backend.serve.plan import AHEAD, OLDEST, DeclaredModel, PlanModel
from backend.store import Reader, Store
from backend.store.content import Content
from backend.store.declarations import Declarations
from backend.store.sessions import Sessions
from backend.work import compose
from backend.work.declaration import Declaration
from tests.backend.rows import Api, settings_over

HOUR, DAY = 3_600, 86_400
# 2026-11-23, a Monday, 12:00 UTC.
NOW = 1_795_435_200
EVENING = NOW + 6 * HOUR
HALF_LIFE = 90 * DAY
PROBATION = 90 * DAY
FOOD, HOUSING = 1, 2
ACCOUNTS = {member: Account.create(f"member {member}") for member in range(1, 7)}
NEWCOMER, DORMANT = 5, 6

DINNER = compose("Cook dinner", skills=["cooking"], minutes=180)
CLEANING = compose("Clean the hall", "Gloves are there.")


def account(member: int) -> bytes:
    return bytes.fromhex(ACCOUNTS[member].address[2:])


def assignment(number: int, text: str, topic: int = FOOD, **other: Any) -> Assignment:
    made = Assignment(
        assignment_id=number, creator=bytes(20), text_hash=keccak(text.encode()), topic=topic, kind="Task",
        selection="Draw", seats=1, trial_seats=0, volunteer_until=NOW - 1, start=NOW - DAY, deadline=0,
        duration=7 * DAY, heartbeat=0, reward=10_000_000, purse_id=None, stipend=0, draw_id=None,
        selected_at=NOW - 1, closed_seats=0, created_at=NOW - 9 * DAY, block=1, position=number,
        cancelled_at=None, cancel_reason=None,
    )  # fmt: skip
    return msgspec.structs.replace(made, **other)


def seat(assignment_id: int, number: int = 1, member: int | None = None, **other: Any) -> Seat:
    made = Seat(
        assignment_id=assignment_id, seat=number, member_id=member,
        state="Vacant" if member is None else "Held", taken_at=None if member is None else NOW - DAY,
        signed_at=None, sign_due=None, due_at=None, share_bps=0, paid=False,
    )  # fmt: skip
    return msgspec.structs.replace(made, **other)


def happened(place: int, assignment_id: int, member: int, kind: str, at: int) -> SeatEvent:
    return SeatEvent(1, place, assignment_id, 1, member, kind, at)


SHIFT = {"kind": "Shift", "start": EVENING, "deadline": EVENING + 3 * HOUR, "duration": 0}
PARAMETERS = {"admission.probation": PROBATION, "work.maxSeats": 2, "work.strikes": 3}
SEVEN_POINTS = Fading(HALF_LIFE, NOW).changed(Accumulator(), 7_500_000, NOW)
ROWS: list[msgspec.Struct] = [
    *(
        Member(m, account(m), "Dormant" if m == DORMANT else "Active", 1, NOW - 10 * DAY, m != NEWCOMER, 1)
        for m in ACCOUNTS
    ),
    *(Parameter(name, value, 0, 10**9, place, 1) for place, (name, value) in enumerate(PARAMETERS.items())),
    Era(1, NOW - 20 * DAY, 90 * DAY),
    Topic(FOOD, "food", 1),
    Topic(HOUSING, "housing", 1),
    FadingRow(1, HALF_LIFE, NOW),
    Score(3, FOOD, SEVEN_POINTS.mantissa, SEVEN_POINTS.base),
    # One shift of a series, with a seat for a newcomer, for which two have volunteered already.
    assignment(1, DINNER, **SHIFT, seats=3, trial_seats=1, selected_at=None, volunteer_until=NOW + HOUR),
    *(seat(1, number) for number in (1, 2, 3)),
    Occurrence(4, 0, 1, EVENING, NOW - DAY, 1, 1),
    Volunteer(1, 1, NOW - HOUR, 1, 1, None),
    Volunteer(1, 2, NOW - HOUR, 1, 2, NOW - 60),
    # A task that somebody gave up, and has a vacant seat.
    assignment(2, CLEANING, HOUSING),
    seat(2),
    happened(1, 2, 2, "Taken", NOW - 3 * DAY),
    happened(2, 2, 2, "MissedDeadline", NOW - 2 * DAY),
    # What keeps people: somebody holds a seat at the shift's time, somebody has three strikes.
    assignment(3, "Elsewhere", **SHIFT, selected_at=NOW - 1, seats=1),
    seat(3, member=4),
    *(happened(10 + n, 9, 3, "Failed", NOW - n * DAY) for n in range(3)),
    # Over, cancelled, begun: nothing of these is open. Of the first, one was done, and one never taken.
    assignment(4, DINNER, **SHIFT | {"start": NOW - 10 * DAY, "deadline": NOW - 10 * DAY + HOUR}, seats=2),
    seat(4, 1, 2, state="Done", taken_at=NOW - 11 * DAY),
    seat(4, 2),
    assignment(5, CLEANING, cancelled_at=NOW - 1),
    seat(5),
    assignment(6, DINNER, **SHIFT | {"start": NOW - HOUR}, seats=1),
    seat(6),
    assignment(9, CLEANING),
    seat(9, 1, 1, state="Done", taken_at=NOW - 200 * DAY),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def settings(folder: Path):
    made = settings_over(folder, ROWS, NOW)
    with closing(Content(made.database)) as content:
        for text in (DINNER, CLEANING):
            content.add_text(keccak(text.encode()), text.encode(), NOW)
    return made


@pytest.fixture
def api(settings) -> Api:
    return Api(make_app(settings))


@pytest.fixture
def session(settings) -> dict[str, str]:
    """The headers of somebody who is signed in, nobody knows who."""
    token = secrets.token_urlsafe(32)
    now = int(time.time())
    with closing(Sessions(settings.database)) as sessions:
        sessions.sign_in(
            challenge=secrets.token_bytes(32), challenge_ends=now + 60, scope=bytes(32), nullifier=bytes(32),
            day=now // DAY, limit=5, token_hash=hashlib.sha256(token.encode()).digest(),
            ends=now + HOUR, now=now,
        )  # fmt: skip
    return {"authorization": f"Bearer {token}"}


class Declaring:
    """Signs as a member's wallet would, from the typed data alone."""

    def __init__(self, api: Api, settings) -> None:
        self.api, self.contracts = api, Contracts(load(settings.deployment))

    def put(self, member: int, signer: int | None = None, at: int = NOW, **written: str):
        texts = {"skills": "", "availability": "", "zone": ""} | written
        message = {"memberId": member, **texts, "declaredAt": at}
        signature = self._sign(signer or member, declaration_document(self.contracts, message))
        body = {**texts, "declaredAt": at, "signature": signature}
        return self.api.request("PUT", f"/v1/members/{member}/skills", json=body)

    def withdraw(self, member: int, at: int, signer: int | None = None):
        message = {"memberId": member, "declaredAt": at}
        signature = self._sign(signer or member, withdrawal_document(self.contracts, message))
        params = {"declaredAt": at, "signature": signature}
        return self.api.request("DELETE", f"/v1/members/{member}/skills", params=params)

    def _sign(self, signer: int, document: dict[str, Any]) -> str:
        signed = ACCOUNTS[signer].sign_message(encode_typed_data(full_message=document))
        return f"0x{bytes(signed.signature).hex()}"


@pytest.fixture
def declaring(api: Api, settings) -> Declaring:
    return Declaring(api, settings)


def refused(answer, status: int, kind: str) -> str:
    assert (answer.status_code, answer.json().get("type")) == (status, f"urn:dualpower:problem:{kind}")
    return answer.json().get("detail") or ""


def plan(api: Api, session: dict[str, str], **params: Any) -> dict[str, Any]:
    answer = api.get("/v1/plan", headers=session, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    PlanModel.model_validate(answer.json()["data"])
    return answer.json()["data"]


# What members declare


def test_a_member_declares_what_they_can_do_and_members_see_it(declaring, api, session):
    answer = declaring.put(
        2, skills="Cooking, first  aid", availability="mon 18:00-22:00", zone="Europe/Berlin"
    )
    assert answer.status_code == 200, answer.text
    told = {
        "memberId": 2,
        "skills": ["cooking", "first aid"],
        "availability": "mon 18:00-22:00",
        "zone": "Europe/Berlin",
        "declaredAt": NOW,
    }
    DeclaredModel.model_validate(told)
    assert answer.json()["data"] == told
    shown = api.get("/v1/members/2/skills", headers=session)
    assert (shown.json()["data"], shown.headers["cache-control"]) == (told, "no-store")
    assert api.get("/v1/skills", headers=session).json()["data"] == [told]


def test_nobody_sees_it_without_a_session(declaring, api, session):
    assert declaring.put(2, skills="cooking").status_code == 200
    for path in ("/v1/plan", "/v1/skills", "/v1/members/2/skills"):
        assert api.get(path, headers=session).status_code == 200
        # Neither from the cache nor with a session that there is not.
        refused(api.get(path), 401, "not-signed-in")
        refused(api.get(path, headers={"authorization": "Bearer nobody"}), 401, "not-signed-in")


def test_a_newer_declaration_takes_the_place_of_the_one_before(declaring, api, session):
    assert declaring.put(2, skills="cooking").status_code == 200
    detail = refused(declaring.put(2, skills="driving"), 409, "declaration-not-newer")
    assert detail == f"the last one is of {NOW}; give a later time"
    assert declaring.put(2, at=NOW + 1, skills="driving").status_code == 200
    assert api.get("/v1/members/2/skills", headers=session).json()["data"]["skills"] == ["driving"]


def test_what_was_taken_back_is_gone_and_cannot_be_handed_in_again(declaring, api, session):
    assert declaring.put(2, skills="cooking").status_code == 200
    refused(declaring.withdraw(2, NOW), 409, "declaration-not-newer")
    assert declaring.withdraw(2, NOW + 1).status_code == 204
    refused(api.get("/v1/members/2/skills", headers=session), 404, "not-found")
    assert api.get("/v1/skills", headers=session).json()["data"] == []
    refused(declaring.put(2, skills="cooking"), 409, "declaration-not-newer")


def test_declarations_outlast_a_rebuild_of_the_tables(declaring, settings, session):
    assert declaring.put(2, skills="cooking").status_code == 200
    with closing(Store(settings.database, COMMUNE.tables)) as store, store.transaction():
        store.start(Block(1, f"0x{1:064x}", None, NOW))
    with closing(Declarations(settings.database)) as declarations:
        assert declarations.all() == [(2, "cooking", "", "", NOW)]


def test_only_the_members_own_account_declares(declaring, api):
    refused(declaring.put(2, signer=3, skills="cooking"), 422, "signature-not-theirs")
    refused(declaring.withdraw(2, NOW, signer=3), 422, "signature-not-theirs")
    body = {"skills": "a", "availability": "", "zone": "", "declaredAt": NOW, "signature": "0x" + "00" * 65}
    refused(api.request("PUT", "/v1/members/2/skills", json=body), 422, "signature-not-theirs")
    assert declaring.put(DORMANT, skills="cooking").status_code == 200
    refused(api.request("PUT", "/v1/members/99/skills", json=body), 404, "not-found")


@pytest.mark.parametrize("at", [NOW - OLDEST - 1, NOW + AHEAD + 1])
def test_a_declaration_is_of_now(declaring, at: int):
    refused(declaring.put(2, at=at, skills="cooking"), 409, "declaration-not-of-now")
    refused(declaring.withdraw(2, at), 409, "declaration-not-of-now")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({}, "it says nothing; to take back what you declared, withdraw it"),
        ({"skills": "a,,b"}, "there is no skill between two commas"),
        ({"skills": "x," * 600}, "skills take at most 1000 letters"),
        ({"availability": "evenings", "zone": "UTC"}, "'evenings' names no hours"),
        ({"availability": "mon 18:00-20:00", "zone": "Mars"}, "'Mars' is no time zone"),
        ({"availability": "mon 18:00-20:00"}, "'' is no time zone"),
        ({"skills": "a", "zone": "UTC"}, "there is a time zone and no hours"),
    ],
)
def test_what_does_not_read_is_refused_with_what_would(declaring, written: dict[str, str], said: str):
    assert said in refused(declaring.put(2, **written), 422, "declaration-invalid")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"{", 400, "not-json"),
        (b"[]", 422, "malformed"),
        (
            b'{"skills": 1, "availability": "", "zone": "", "declaredAt": 1, "signature": ""}',
            422,
            "malformed",
        ),
        (b"x" * 16_385, 413, "body-too-large"),
    ],
)
def test_a_body_that_is_no_declaration_is_refused(api, body: bytes, status: int, kind: str):
    refused(api.request("PUT", "/v1/members/2/skills", content=body), status, kind)


# The plan


def test_the_plan_knows_what_is_open_and_what_people_carry(settings):
    with closing(Reader.open(settings.database)) as reader:
        given = plan_input(Moment(reader, NOW), [Declaration(1, "cooking", "never", "UTC", NOW)])
    dinner, cleaning = given.work[1], given.work[2]
    assert (dinner.kind, dinner.minutes, dinner.starts, dinner.open, dinner.trial) == (
        (Kind(FOOD, 4), 180, EVENING, 2, 1)
    )
    assert (cleaning.kind, cleaning.minutes, cleaning.starts) == (Kind(HOUSING), UNSAID, None)
    assert [(s.id, s.trial, s.unpopular) for s in given.seats] == [
        ((1, 1), True, 0),
        ((1, 2), False, 0),
        ((2, 1), False, 1),
    ]
    people = {person.member_id: person for person in given.people}
    assert set(people) == {1, 2, 3, 4, 5}
    # One volunteered for three hours and did something long ago, which counts no more.
    assert (people[1].carried, people[1].room, people[1].busy) == (180, 1, ((EVENING, EVENING + 3 * HOUR),))
    assert (people[1].skills, people[1].not_these) == ({"cooking"}, {1})
    # Two took part lately in what they did not finish, and did three hours ten days ago.
    assert (people[2].carried, people[2].lately, people[2].not_these) == (180, {Kind(HOUSING): 1}, {2, 4})
    # With three strikes the third task is out of reach once one was missed.
    assert (people[1].task_room, people[2].task_room, people[3].task_room) == (3, 2, 0)
    assert (people[3].barred, people[3].points) == ("strikes", {FOOD: 7})
    assert (people[4].busy, people[4].room) == (((EVENING, EVENING + 3 * HOUR),), 1)
    assert [person.member_id for person in given.people if person.newcomer] == [NEWCOMER]


def test_the_plan_suggests_and_says_why(api, session, declaring):
    shown = plan(api, session)
    assert shown["notice"].startswith("Suggestions")
    by_seat = {(one["assignmentId"], one["place"]): one for one in shown["suggestions"]}
    trial = by_seat[1, 1]
    assert (trial["memberId"], trial["trial"], trial["title"], trial["seriesId"]) == (
        NEWCOMER,
        True,
        "Cook dinner",
        4,
    )
    assert trial["skills"] == ["cooking"]
    assert "has not said whether they can do cooking" in [one["words"] for one in trial["why"]]
    assert by_seat[1, 2]["memberId"] == 2
    assert by_seat[2, 1]["memberId"] in (1, 4)
    assert shown["unfilled"] == []
    # Two takes their evening back: nobody else can cook then.
    assert declaring.put(2, skills="cooking", availability="never", zone="UTC").status_code == 200
    after = plan(api, session)
    (without,) = after["unfilled"]
    assert (without["assignmentId"], without["trial"]) == (1, False)
    assert {one["code"]: one["values"]["people"] for one in without["why"]} == {
        "barred": 1,
        "not-this": 1,
        "busy": 1,
        "away": 1,
        "elsewhere": 1,
    }


def test_the_plan_can_be_about_one_member(api, session):
    shown = plan(api, session, memberId=NEWCOMER)
    assert [one["assignmentId"] for one in shown["suggestions"]] == [1]
    assert shown["unfilled"] == []
    assert plan(api, session, memberId=99)["suggestions"] == []
    assert api.get("/v1/plan", headers=session, params={"member": 1}).status_code == 400
