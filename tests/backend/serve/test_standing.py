"""The report and the rankings over HTTP, of a commune with a ring in it."""

from __future__ import annotations

import msgspec
import pytest

from backend.project.admission import Admission, Vouch
from backend.project.membership import Member
from backend.project.reputation import Entry, FadingRow
from backend.serve.standing import NOTICE, RankingModel, ReportModel
from backend.standing import WALKS
from tests.backend.rows import Api
from tests.backend.standing.graphs import POINT, everybody_each_other, honest

NOW = 1_795_392_000
HALF_LIFE = 90 * 86_400
RING = range(31, 41)
GONE = 40


def rows() -> list[msgspec.Struct]:
    given = [*honest(30, 500, 1), *everybody_each_other(RING), *everybody_each_other((3, GONE), 1)]
    found: list[msgspec.Struct] = [FadingRow(1, HALF_LIFE, NOW - HALF_LIFE)]
    found += [
        Member(m, m.to_bytes(20, "big"), "Left" if m == GONE else "Active", 1, 1, m <= 5, 1)
        for m in range(1, 42)
    ]
    for block, one in enumerate(given, start=10):
        found.append(_entry(block, one.member, one.amount, one.confirmer))
    # What a decision gave, and what was lost, is nobody's word.
    found += [_entry(5, 1, 50 * POINT, None), _entry(6, 2, -POINT, None)]
    for number, member in enumerate(RING, start=1):
        found.append(Admission(member, number, 1))
        vouchers = (3, 4) if number <= 2 else (member - 1, member - 2)
        found += [Vouch(number, voucher, place, 1) for place, voucher in enumerate(vouchers, start=1)]
    return found


@pytest.fixture(scope="module")
def api(tmp_path_factory) -> Api:
    return Api.over(tmp_path_factory.mktemp("standing"), rows(), NOW)


def _entry(block: int, member: int, amount: int, confirmer: int | None) -> Entry:
    return Entry(block, 0, member, 1, amount, abs(amount), "Assignment", bytes(32), confirmer, bytes(20), NOW)


def test_the_report_shows_the_ring_and_says_that_it_is_information(api: Api):
    shown = api.data("/v1/reputation/report", ReportModel.model_validate)
    assert shown["notice"] == NOTICE
    (ring,) = shown["rings"]
    assert (shown["ringCount"], ring["members"], ring["density"]) == (1, list(RING), 1.0)
    assert int(ring["inside"]) == 10 * 9 * 5 * POINT
    assert ring["share"] == round(450 / 451, 4)
    assert shown["supported"] == 40
    assert [one["effective"] for one in shown["support"]] == sorted(
        one["effective"] for one in shown["support"]
    )


def test_the_report_shows_how_many_are_here_on_one_members_word(api: Api):
    shown = api.data("/v1/reputation/report", ReportModel.model_validate, limit=1)
    (tree,) = shown["trees"]
    # One of the ten has left.
    assert (tree["memberId"], tree["direct"], tree["size"], tree["closed"]) == (3, 2, 9, 7)
    assert tree["share"] == 0.225
    assert shown["treeCount"] == 10
    assert len(shown["support"]) == 1


def test_the_report_can_be_about_one_member(api: Api):
    shown = api.data("/v1/reputation/report", ReportModel.model_validate, memberId=31)
    assert (shown["ringCount"], shown["supported"], shown["support"][0]["confirmers"]) == (1, 1, 9)
    assert shown["support"][0]["effective"] == pytest.approx(9)
    outside = api.data("/v1/reputation/report", ReportModel.model_validate, memberId=7)
    assert (outside["rings"], outside["trees"], outside["supported"]) == ([], [], 1)


def test_a_ranking_is_seen_from_one_member_and_says_how_to_repeat_it(api: Api):
    shown = api.data("/v1/members/7/ranking", RankingModel.model_validate, limit=200)
    assert (shown["viewer"], shown["seed"], shown["walks"]) == (7, 0, WALKS)
    assert [one["rank"] for one in shown["members"]] == list(range(1, shown["reached"] + 1))
    scores = [one["score"] for one in shown["members"]]
    assert scores == sorted(scores, reverse=True)
    by_member = {one["memberId"]: one for one in shown["members"]}
    assert 7 not in by_member
    # The ring is reached through the one who deals with it, and through somebody who left.
    assert GONE not in by_member
    assert all(by_member[m]["bridge"] == 3 for m in RING if m in by_member)
    assert api.data("/v1/members/7/ranking", RankingModel.model_validate, limit=200) == shown
    other = api.data("/v1/members/7/ranking", RankingModel.model_validate, limit=200, seed=1)
    assert other["members"] != shown["members"]


def test_who_confirmed_nobody_sees_nobody(api: Api):
    assert api.data("/v1/members/41/ranking", RankingModel.model_validate)["members"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/members/99/ranking", 404),
        ("/v1/members/0/ranking", 422),
        ("/v1/members/7/ranking?seed=-1", 422),
        ("/v1/members/7/ranking?seed=4294967296", 422),
        ("/v1/members/7/ranking?walks=9", 400),
        ("/v1/reputation/report?limit=201", 422),
        ("/v1/reputation/report?memberId=0", 422),
    ],
)
def test_what_cannot_be_asked_is_refused(api: Api, path: str, status: int):
    answer = api.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_commune_without_confirmations_has_an_empty_report(tmp_path):
    api = Api.over(tmp_path, [FadingRow(1, HALF_LIFE, NOW)], NOW)
    shown = api.data("/v1/reputation/report", ReportModel.model_validate)
    assert (shown["rings"], shown["trees"], shown["support"], shown["confirmed"]) == ([], [], [], "0")
