"""Deploy and found a commune.

On a local test chain, with the chain's published keys as deployer and founders:

    ./dev brownie run deploy --network demo

On any other chain in two steps, the founders signing in between with their own wallets:

    ./dev brownie run deploy prepare my-commune.toml --network NAME
    ./dev brownie run deploy constitute my-commune.toml signatures.json --network NAME

`my-commune.toml` holds `deployer` (a Brownie account id), `founders` (addresses) and optionally
`constitution` (path); `signatures.json` maps each founder's address to the signature over the typed data
that `prepare` wrote.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from brownie import accounts

from scripts import audit, commune, local_chain

ROOT = commune.ROOT
LOCAL_FOUNDERS = 5


def main() -> commune.Commune:
    """Found a commune on a local test chain with its first accounts as founders, and audit it."""
    constitution = commune.Constitution.load()
    deployed = found_locally(constitution, range(1, LOCAL_FOUNDERS + 1))
    print(f"deployed and founded; recorded in {commune.record_path()}")
    audit.require_clean(deployed)
    print("audit: no externally owned account holds any power")
    return deployed


def found_locally(constitution: commune.Constitution, founder_indices: Any) -> commune.Commune:
    """Deploy with the local chain's account 0 and found with the published keys at `founder_indices`."""
    local_chain.require_local()
    deployer = accounts[0]
    founders = [local_chain.key(i).address for i in founder_indices]
    deployed = commune.deploy(deployer, constitution)
    commune.announce(deployed, founders, deployer)
    message = commune.founding_message(deployed, founders)
    signatures = [local_chain.sign(i, message) for i in founder_indices]
    commune.found(deployed, founders, signatures, deployer)
    commune.record(deployed, constitution, commune.record_path())
    return deployed


def prepare(plan_path: str) -> None:
    """Deploy everything, fix the founders, and write what they sign."""
    plan = _plan(plan_path)
    deployer = accounts.load(plan["deployer"])
    constitution = _constitution(plan)
    deployed = commune.deploy(deployer, constitution)
    commune.announce(deployed, plan["founders"], deployer)
    commune.record(deployed, constitution, commune.record_path())
    message = commune.founding_message(deployed, plan["founders"])
    message["message"] = {name: "0x" + value.hex() for name, value in message["message"].items()}
    out = Path(plan_path).with_suffix(".sign.json")
    out.write_text(json.dumps(message, indent=2) + "\n", encoding="utf-8")
    print(f"deployed; every founder signs the typed data in {out}")


def constitute(plan_path: str, signatures_path: str) -> None:
    """Renounce, hand in the founders' signatures, start the commune, and audit it."""
    plan = _plan(plan_path)
    given = json.loads(Path(signatures_path).read_text(encoding="utf-8"))
    if missing := [f for f in plan["founders"] if f not in given]:
        raise ValueError(f"{signatures_path} lacks the signatures of {missing}")
    deployed = commune.recorded(commune.record_path())
    signatures = [bytes.fromhex(given[f].removeprefix("0x")) for f in plan["founders"]]
    commune.found(deployed, plan["founders"], signatures, accounts.load(plan["deployer"]))
    audit.require_clean(deployed)
    print("the commune is constituted; no externally owned account holds any power")


def _plan(path: str) -> dict[str, Any]:
    plan = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    for name in ("deployer", "founders"):
        if name not in plan:
            raise ValueError(f"{path} lacks `{name}`")
    return plan


def _constitution(plan: dict[str, Any]) -> commune.Constitution:
    return commune.Constitution.load(Path(plan.get("constitution", commune.DEFAULT_CONSTITUTION)))
