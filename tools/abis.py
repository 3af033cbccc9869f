"""The contracts' ABIs as the node, the command line and the page carry them, and the events' classes made
from them.

`backend/abi/<Contract>.json` comes from Brownie's build, so that the node needs neither compiler nor Brownie;
`backend/events.py` and `web/src/chain/{functions,errors}.json` from those files. All are committed; tests
compare them with what they are made from.
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
# What the page has done in a member's name or puts into proposals, by the modules' names, and what it asks
# the chain to check a node.
PAGE_MODULES = {
    "admission": "Admission",
    "assembly": "Assembly",
    "assignments": "Assignments",
    "commons": "Commons",
    "consent": "Consent",
    "constitution": "Constitution",
    "credits": "VoiceCredits",
    "delegation": "Delegation",
    "docket": "Docket",
    "draws": "Draws",
    "elections": "Elections",
    "group": "MemberGroup",
    "mediation": "Mediation",
    "membership": "Membership",
    "offices": "Offices",
    "panels": "CasePanels",
    "penalties": "Penalties",
    "polls": "Polls",
    "presence": "Presence",
    "recall": "Recall",
    "recovery": "Recovery",
    "reputation": "Reputation",
    "reviews": "Reviews",
    "series": "Series",
}
PAGE_VIEWS = {
    "assembly": ("state", "tallyOf", "proposalDeadline", "termsOf"),
    "constitution": ("currentSeason", "moduleAt"),
    "credits": ("creditsLeft", "spentBy"),
    "membership": ("member", "memberIdOf", "probationUntil"),
}
FOLDER = workspace.ROOT / "backend" / "abi"
PAGE = workspace.ROOT / "web" / "src" / "chain"
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
    for name, content in page_abis().items():
        workspace.replace_text(PAGE / name, content)
    workspace.say(f"what the page calls written to {PAGE.relative_to(workspace.ROOT)}")
    return 0


def page_abis() -> dict[str, str]:
    """What the page carries of the ABIs, by the file's name.

    Functions by module, events by contract, and every error once.
    """
    functions: list[str] = []
    events: list[str] = []
    errors: dict[str, dict[str, Any]] = {}
    for name in CONTRACTS:
        entries = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        for entry in entries:
            if entry["type"] == "error":
                errors[json.dumps(_plain(entry))] = _plain(entry)
        if told := [_plain(entry) for entry in entries if entry["type"] == "event"]:
            events.append(f'"{name}": {render(told).rstrip()}')
    for module, contract in PAGE_MODULES.items():
        entries = json.loads((FOLDER / f"{contract}.json").read_text(encoding="utf-8"))
        called = [entry for entry in entries if entry["type"] == "function" and _called(module, entry)]
        abi = render([_plain(entry) for entry in called]).rstrip()
        functions.append(f'"{module}": {{"contract": "{contract}", "abi": {abi}}}')
    return {
        "functions.json": "{\n" + ",\n".join(functions) + "\n}\n",
        "events.json": "{\n" + ",\n".join(events) + "\n}\n",
        "errors.json": render(list(errors.values())),
    }


def _called(module: str, entry: dict[str, Any]) -> bool:
    writes = entry["stateMutability"] in ("nonpayable", "payable")
    return writes or entry["name"] in PAGE_VIEWS.get(module, ())


# Of an entry or a part of it; an event's parts are elsewhere in a log if they are indexed.
KEPT = ("type", "name", "stateMutability", "indexed")


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    """Without what only compilers and explorers read."""
    kept: dict[str, Any] = {key: entry[key] for key in KEPT if key in entry}
    for key in ("inputs", "outputs", "components"):
        if key in entry:
            kept[key] = [_plain(part) for part in entry[key]]
    return kept


def render(abi: list[dict[str, Any]]) -> str:
    """An ABI as JSON with an entry a line, in an order that does not depend on the compiler."""
    # Brownie names a constructor in the ABIs it has loaded, but not in those it writes.
    plain = [{k: v for k, v in e.items() if not (e["type"] == "constructor" and k == "name")} for e in abi]
    entries = sorted(json.dumps(entry, sort_keys=True) for entry in plain)
    return "[\n" + ",\n".join(entries) + "\n]\n"
