"""`python -m tools.openapi FILE`: what any commune's node can be asked, as OpenAPI, without a chain."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from backend.deployment import MODULES
from backend.node import Settings, make_app


def openapi() -> dict[str, Any]:
    """The API's description, as a node of any commune gives it."""
    contracts = {name: f"0x{number:040x}" for number, name in enumerate(MODULES, start=1)}
    record = {"chainId": 31337, "genesis": "0x" + "0" * 64, "block": 1, "contracts": contracts}
    with tempfile.TemporaryDirectory() as folder:
        deployment = Path(folder, "deployment.json")
        deployment.write_text(json.dumps(record))
        settings = Settings(
            rpc_url="http://127.0.0.1:1",
            deployment=deployment,
            database=Path(folder, "node.sqlite"),
            application="backend.commune:COMMUNE",
        )
        return make_app(settings).openapi()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(openapi()))
