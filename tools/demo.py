"""`make demo`: a commune on a chain of its own, lived through once, and left running to be looked at."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from scripts import scenario as scenarios
from tools.processes import Interrupted, Programs, http_answers, rpc_answers
from tools.suites import require_free_port
from tools.web import web
from tools.workspace import (
    ACCOUNTS,
    BUILD,
    CHAIN_ID,
    MNEMONIC,
    ROOT,
    Command,
    brownie_env,
    fail,
    network,
    port,
    project_env,
    say,
)

DEPLOYMENT = ROOT / "deployments" / f"{CHAIN_ID}.json"
BLOCK_GAS_LIMIT = 30_000_000


def demo(args: list[str], then: Callable[[str], int] | None = None) -> int:
    """Start a chain, found a commune, start its node, play the scenario, and stay up until Ctrl-C.

    `args`: the name of a scenario in scripts/scenarios, and `--play-once` to stop when the story ends.
    `then` is called with the node's address when the story has ended, and is the last thing that happens.
    """
    once = "--play-once" in args
    names = [word for word in args if word != "--play-once"]
    if len(names) > 1 or any(name.startswith("-") for name in names):
        fail(f"`demo` takes a scenario and --play-once, not {' '.join(args)!r}")
    [scenario] = names or ["food-coop"]
    check_scenario(scenario)
    chain_port, api_port = port("DEMO_PORT", 8545), port("API_PORT", 8000)
    require_free_port(chain_port, "DEMO_PORT")
    require_free_port(api_port, "API_PORT")
    chain, node = f"http://127.0.0.1:{chain_port}", f"http://127.0.0.1:{api_port}"
    deployment = Path(os.environ.get("DUALPOWER_DEPLOYMENT", DEPLOYMENT))
    state = BUILD / "demo" / str(chain_port)
    database = _fresh_database(state)
    started = time.monotonic()
    web()
    try:
        with Programs() as programs:
            say(f"starting a local chain ({network()}) on {chain}")
            programs.start(
                "the chain", *chain_command(chain_port), env=project_env(), log=state / "chain.log"
            )
            programs.wait_until(lambda: rpc_answers(chain), "the chain", 60)

            say("founding the commune")
            # Brownie expects an empty chain of its own, and would warn that this one has blocks.
            brownie = brownie_env() | {"PYTHONWARNINGS": "ignore:Development network has a block height"}
            script = ("brownie", "run", "demo")
            found = (*script, "found", scenario, "--network", "demo")
            programs.run("the founding", *found, env=brownie, log=state / "founding.log")

            say(f"starting the node on {node}")
            programs.start(
                "the node",
                *("dualpower", "node", "run", "--deployment", deployment, "--rpc", chain),
                *("--database", database, "--port", api_port, "--poll", "0.2"),
                # An account that nobody in the story has: its nonces are the relay's alone.
                *("--relay-test-account", ACCOUNTS - 1),
                # A story does not wait for others' ballots to hide among.
                *("--relay-interval", 0),
                env=project_env(),
                log=state / "node.log",
            )
            programs.wait_until(lambda: http_answers(f"{node}/ready"), "the node", 60)

            say("playing the commune's life")
            play = (*script, "main", scenario, "--network", "demo")
            programs.run("the story", *play, env=brownie | {"DUALPOWER_NODE": node})

            say("rebuilding everything from the chain, to compare it with what the node says")
            verify = ("dualpower", "verify", "--node", node, "--rpc", chain, "--deployment", deployment)
            programs.run("the comparison", *verify, env=project_env())

            seconds = time.monotonic() - started
            if then is not None:
                return then(node)
            if once:
                say(f"the story ended after {seconds:.0f} s")
                return 0
            say(f"the commune is up after {seconds:.0f} s: {node}/ (Ctrl-C stops everything)")
            programs.wait_for_ever()
    except Interrupted:
        say("stopped")
    return 0


def check_scenario(name: str) -> None:
    """End the driver with what is wrong with a scenario, before anything is started."""
    try:
        scenarios.read(scenarios.SCENARIOS / f"{name}.toml")
    except scenarios.BadScenario as error:
        there = ", ".join(sorted(path.stem for path in scenarios.SCENARIOS.glob("*.toml")))
        fail(f"{error}\nnothing was started; the scenarios are: {there}")


def chain_command(chain_port: int) -> list[Command]:
    """The command of an empty local chain: Shanghai, funded accounts, a block for each transaction."""
    if network() == "anvil":
        return [
            *("anvil", "--silent", "--port", chain_port, "--chain-id", CHAIN_ID, "--hardfork", "shanghai"),
            *(
                "--accounts",
                ACCOUNTS,
                "--balance",
                1_000_000,
                "--gas-limit",
                BLOCK_GAS_LIMIT,
                "--mnemonic",
                MNEMONIC,
            ),
        ]
    return [
        *("ganache", "--logging.quiet", "--server.host", "127.0.0.1", "--server.port", chain_port),
        *("--chain.chainId", CHAIN_ID, "--chain.networkId", CHAIN_ID, "--chain.hardfork", "shanghai"),
        *("--chain.vmErrorsOnRPCResponse", "true", "--miner.blockGasLimit", BLOCK_GAS_LIMIT),
        *(
            "--wallet.totalAccounts",
            ACCOUNTS,
            "--wallet.defaultBalance",
            1_000_000,
            "--wallet.mnemonic",
            MNEMONIC,
        ),
    ]


def _fresh_database(state: Path) -> Path:
    """The path of the node's database, with what an earlier demo's chain left there removed."""
    state.mkdir(parents=True, exist_ok=True)
    database = state / "node.sqlite"
    for leftover in state.glob("node.sqlite*"):
        leftover.unlink()
    return database
