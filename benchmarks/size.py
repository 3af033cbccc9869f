"""The size of each contract that a commune deploys, in bytes of code on chain.

EIP-170 allows 24,576 bytes; we stay below 22,000, so that there is room to mend what an audit finds.
"""

from __future__ import annotations

import json

from benchmarks._results import ROOT, Row, publish

EIP_170 = 24_576
LIMIT = 22_000


def sizes() -> dict[str, int]:
    """Bytes of deployed code of every contract of ours that can be deployed, largest first."""
    found = {}
    for path in (ROOT / "build" / "contracts").glob("*.json"):
        artifact = json.loads(path.read_text())
        source = artifact["sourcePath"]
        ours = source.startswith("contracts/") and not source.startswith("contracts/testing/")
        if ours and artifact["type"] == "contract" and artifact["deployedBytecode"]:
            found[artifact["contractName"]] = len(artifact["deployedBytecode"].removeprefix("0x")) // 2
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def main() -> None:
    """Measure, print and write build/bench/size.json."""
    rows = [Row(name, size, "bytes", "EIP-170", EIP_170) for name, size in sizes().items()]
    publish("size", rows, {row.id: ("value", LIMIT) for row in rows})


if __name__ == "__main__":
    main()
