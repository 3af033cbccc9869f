"""The contracts' ABIs as the node and the command line carry them, and the events' classes made from them.

`backend/abi/<Contract>.json` comes from Brownie's build, so that the node needs neither compiler nor Brownie;
`backend/events.py` from those files. Both are committed; tests compare them with what they are made from.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tools import workspace

CONTRACTS = (
    "Admission",
    "Assembly",
    "AssemblyTimelock",
    "Assignments",
    "CasePanels",
    "Commons",
    "Consent",
    "Constitution",
    "Delegation",
    "Docket",
    "Draws",
    "Elections",
    "Forwarder",
    "Founding",
    "Mediation",
    "MemberGroup",
    "Membership",
    "Offices",
    "Penalties",
    "Polls",
    "PoseidonT3",
    "Powers",
    "Presence",
    "Recall",
    "Recovery",
    "Reputation",
    "Reviews",
    "Series",
    "Verifier",
    "VoiceCredits",
)
FOLDER = workspace.ROOT / "backend" / "abi"
EVENTS = workspace.ROOT / "backend" / "events.py"


def abis() -> int:
    """Compile, and write every contract's ABI; returns the exit status."""
    if status := workspace.run("brownie", "compile", env=workspace.brownie_env()):
        return status
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in CONTRACTS:
        artifact = json.loads((workspace.BUILD / "contracts" / f"{name}.json").read_text(encoding="utf-8"))
        (FOLDER / f"{name}.json").write_text(render(artifact["abi"]), encoding="utf-8")
    workspace.say(f"{len(CONTRACTS)} ABIs written to {FOLDER.relative_to(workspace.ROOT)}")
    pairs = [f"{name}={FOLDER / name}.json" for name in CONTRACTS]
    generate = "from backend.decode.generate import main; main()"
    source = subprocess.run(
        [workspace.VENV / "bin" / "python", "-c", generate, *pairs],
        env=workspace.project_env(),
        cwd=workspace.ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    workspace.replace_text(EVENTS, source)
    workspace.say(f"event classes written to {EVENTS.relative_to(workspace.ROOT)}")
    return 0


def render(abi: list[dict[str, Any]]) -> str:
    """An ABI as JSON with an entry a line, in an order that does not depend on the compiler."""
    # Brownie names a constructor in the ABIs it has loaded, but not in those it writes.
    plain = [{k: v for k, v in e.items() if not (e["type"] == "constructor" and k == "name")} for e in abi]
    entries = sorted(json.dumps(entry, sort_keys=True) for entry in plain)
    return "[\n" + ",\n".join(entries) + "\n]\n"
