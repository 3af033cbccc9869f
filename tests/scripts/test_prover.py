"""People of a story prove what they mean, in a process beside it."""

import pytest

from scripts.prover import Prover, ProverFailed

POLLS = "0x" + "5f" * 20


@pytest.fixture
def prover():
    started = Prover()
    yield started
    started.close()


def test_somebodys_ballot_is_proved_against_the_leaves_of_all(prover):
    keys = {who: prover.identity(who) for who in ("Ann", "Bea")}
    assert len(set(keys.values())) == 2
    with pytest.raises(ProverFailed, match="Ann's ballot could not be made: NotAMember"):
        prover.ballot("Ann", 31337, POLLS, 1, 1, [1, 2], 5)
    with pytest.raises(ProverFailed, match="Zoe's ballot could not be made: KeyError"):
        prover.ballot("Zoe", 31337, POLLS, 1, 1, [1, 2], 5)


def test_a_process_that_dies_is_an_error_and_not_a_wait(prover):
    prover.identity("Ann")
    prover._process.kill()
    with pytest.raises(ProverFailed, match="ended with status -9"):
        prover.identity("Bea")


def test_without_the_projects_environment_it_says_what_makes_it(monkeypatch, tmp_path):
    monkeypatch.setattr("scripts.prover.ROOT", tmp_path)
    with pytest.raises(ProverFailed, match=r"cannot be started: .*setup makes it"):
        Prover().identity("Ann")


def test_the_process_ends_with_its_input(prover):
    prover.identity("Ann")
    process = prover._process
    prover.close()
    assert process.returncode == 0
