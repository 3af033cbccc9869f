"""When a test suite counts as passed, and what stops one from starting."""

import socket

import pytest

from tools import suites
from tools.workspace import project_env

PASSING = "def test_it():\n    assert True is not None\n"


@pytest.fixture
def run_suite(tmp_path):
    def run(source: str) -> suites.Outcome:
        test_file = tmp_path / "test_given.py"
        test_file.write_text(source)
        command = ["python", "-m", "pytest", "-q", "--rootdir", tmp_path, "-c", "/dev/null", test_file]
        return suites.run_suite("given", tmp_path / "results.xml", command, project_env())

    return run


def test_a_suite_whose_tests_pass_has_passed(run_suite):
    outcome = run_suite(PASSING)
    assert outcome.passed
    assert "given: passed: 1 passed, 0 failed, 0 skipped" in str(outcome)


def test_a_suite_with_a_failing_test_has_failed(run_suite):
    outcome = run_suite(PASSING + "def test_that():\n    assert 1 == 2\n")
    assert not outcome.passed
    assert "given: FAILED: 1 passed, 1 failed, 0 skipped" in str(outcome)


def test_a_suite_without_tests_has_failed(run_suite):
    assert not run_suite("").passed


def test_a_suite_in_which_every_test_was_skipped_has_failed(run_suite):
    outcome = run_suite("import pytest\n\n@pytest.mark.skip\ndef test_it():\n    assert True\n")
    assert outcome.status == 0
    assert not outcome.passed
    assert "(exit status 0, 0 tests ran)" in str(outcome)


def test_a_suite_that_cannot_be_read_has_failed(run_suite):
    assert not run_suite("import no_such_module_anywhere\n").passed


def test_a_port_in_use_stops_the_driver_with_the_way_out():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(SystemExit, match=f"port {port} is in use; .* set CHAIN_PORT"):
            suites.require_free_port(port, "CHAIN_PORT")
    suites.require_free_port(port, "CHAIN_PORT")
