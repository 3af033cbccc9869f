"""The compiler behind `solc-v0.8.30`: what Brownie and forge ask of it, and two at a time."""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOLC = ROOT / "tools/solcx/solc-v0.8.30"


def standard_input(source: str) -> str:
    return json.dumps(
        {
            "language": "Solidity",
            "sources": {"Given.sol": {"content": source}},
            "settings": {"evmVersion": "shanghai", "outputSelection": {"*": {"*": ["evm.bytecode.object"]}}},
        }
    )


def contract(name: str) -> str:
    return f"// SPDX-License-Identifier: AGPL-3.0-or-later\npragma solidity 0.8.30;\ncontract {name} {{}}\n"


def test_it_states_the_pinned_version():
    answer = subprocess.run([SOLC, "--version"], capture_output=True, text=True, check=True).stdout
    assert "Version: 0.8.30+commit.73712a01" in answer


def test_two_compiles_at_once_both_succeed():
    running = {
        name: subprocess.Popen(
            [SOLC, "--standard-json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("First", "Second")
    }
    for name, program in running.items():
        assert program.stdin is not None
        program.stdin.write(standard_input(contract(name)))
        program.stdin.close()
        program.stdin = None
    for name, program in running.items():
        output, errors = program.communicate(timeout=120)
        assert (program.returncode, errors) == (0, "")
        assert json.loads(output)["contracts"]["Given.sol"][name]["evm"]["bytecode"]["object"].startswith(
            "60"
        )


def test_a_mistake_in_the_source_is_reported_as_the_compiler_says_it():
    given = standard_input(contract("Given").replace("{}", "{ uint256 x = true; }"))
    answer = subprocess.run(
        [SOLC, "--standard-json"], input=given, capture_output=True, text=True, check=True
    )
    (error,) = [entry for entry in json.loads(answer.stdout)["errors"] if entry["severity"] == "error"]
    assert "Type bool is not implicitly convertible to expected type uint256" in error["message"]


def test_an_unknown_option_is_refused():
    answer = subprocess.run([SOLC, "--gas"], capture_output=True, text=True)
    assert answer.returncode == 1
    assert "unrecognised option '--gas'" in answer.stderr
