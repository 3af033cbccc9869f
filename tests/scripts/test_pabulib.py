"""A Pabulib file is read as it was published, and refused where a poll could not hold it."""

from pathlib import Path

import pytest

from scripts import pabulib

VILLAGE = Path(__file__).resolve().parents[1] / "contracts" / "scripts" / "village.pb"
TEXT = VILLAGE.read_text(encoding="utf-8")


@pytest.fixture
def election(tmp_path):
    """Reads an election from text."""

    def read(text):
        path = tmp_path / "election.pb"
        path.write_text(text, encoding="utf-8")
        return pabulib.read(path)

    return read


def test_points_are_votes_in_the_order_of_the_projects():
    village = pabulib.read(VILLAGE)
    assert village.title == "What the village buys"
    assert village.projects == ("well", "bus", "oak", "sign")
    assert village.scores == (13, 5, 1, 0)
    assert village.ballots[:4] == ((6, 0, 0, 0), (3, 3, 0, 0), (0, 1, 0, 0), (0, 1, 1, 0))
    assert len(village.ballots) == 7


def test_who_named_nothing_has_a_blank_ballot():
    assert pabulib.read(VILLAGE).ballots[-1] == (0, 0, 0, 0)


def test_a_named_project_has_one_point_where_there_are_no_points(election):
    approvals = election(
        "META\nkey;value\nvote_type;approval\n"
        "PROJECTS\nproject_id;cost;votes\na;1;2\nb;1;1\n"
        "VOTES\nvoter_id;vote\n1;a,b\n2;a\n"
    )
    assert approvals.ballots == ((1, 1), (1, 0))
    assert approvals.scores == (2, 1)


def test_a_ballot_is_packed_as_the_contract_reads_it():
    assert pabulib.word((6, 0, 15)) == 0xF06


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("VOTES\n", "BALLOTS\n", "no VOTES section"),
        ("project_id;cost", "project;cost", "PROJECTS has no column project_id"),
        ("1;well;6", "1;well;16", "voter 1 gives 16 points"),
        ("1;well;6", "1;well;-1", "voter 1 gives -1 points"),
        ("1;well;6", "1;mill;6", "voter 1 names the unknown project mill"),
        ("2;well,bus;3,3", "2;well,well;3,3", "voter 2 names well twice"),
        ("2;well,bus;3,3", "2;well,bus;3", "voter 2 names 2 projects and gives 1 points"),
        ("cumulative", "ordinal", "rankings"),
        ("sign;20;0;0", "well;20;0;0", "a project is there twice"),
        ("sign;20;0;0", "sign;20;0;none", "project sign has the score 'none'"),
    ],
)
def test_what_a_poll_cannot_hold_is_refused(election, was, becomes, complaint):
    assert was in TEXT
    with pytest.raises(pabulib.BadElection, match=complaint):
        election(TEXT.replace(was, becomes))


@pytest.mark.parametrize("count", [1, 61])
def test_a_poll_has_room_for_two_to_sixty_projects(election, count):
    projects = "".join(f"p{i};1;0\n" for i in range(count))
    with pytest.raises(pabulib.BadElection, match=f"{count} projects"):
        election(
            f"META\nkey;value\na;b\nPROJECTS\nproject_id;cost;votes\n{projects}VOTES\nvoter_id;vote\n1;p0\n"
        )


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(pabulib.BadElection, match=r"nowhere\.pb"):
        pabulib.read(tmp_path / "nowhere.pb")
