"""What zk/ pins of Semaphore's artifacts: the verification keys, and the hash and size of every file.

`./dev pins` writes zk/pins.json from the installed npm package; a test compares the two. It is run again only
when a new release of the artifacts has been read and found good (docs/adr/0013).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from tools import workspace

PACKAGE = "@zk-kit/semaphore-artifacts"
PINS = workspace.ROOT / "zk" / "pins.json"
DEPTHS = range(1, 33)


def pins() -> int:
    """Write zk/pins.json; returns the exit status."""
    PINS.write_text(render(workspace.ROOT / "node_modules" / PACKAGE), encoding="utf-8")
    workspace.say(f"pins of {len(DEPTHS)} depths written to {PINS.relative_to(workspace.ROOT)}")
    return 0


def render(folder: Path) -> str:
    """The pins of the artifacts in `folder`, as JSON. All depths must share alpha, beta and gamma."""
    keys = {depth: json.loads((folder / f"semaphore-{depth}.json").read_text()) for depth in DEPTHS}
    common = {name: _distinct(keys.values(), f"vk_{name}") for name in ("alpha_1", "beta_2", "gamma_2")}
    pinned = {
        "generated": "by ./dev pins, not by hand",
        "package": PACKAGE,
        "version": json.loads((folder / "package.json").read_text())["version"],
        "alpha": _words(common["alpha_1"][:2]),
        "beta": _words([word for pair in common["beta_2"][:2] for word in pair]),
        "gamma": _words([word for pair in common["gamma_2"][:2] for word in pair]),
        "depths": {
            str(depth): {
                **{kind: _file(folder / f"semaphore-{depth}.{kind}") for kind in ("zkey", "wasm", "json")},
                "delta": _words([word for pair in key["vk_delta_2"][:2] for word in pair]),
                "ic": [_words(point[:2]) for point in key["IC"]],
            }
            for depth, key in keys.items()
        },
    }
    return json.dumps(pinned, indent=1) + "\n"


def _distinct(keys: Any, name: str) -> Any:
    values = {json.dumps(key[name]) for key in keys}
    if len(values) != 1:
        raise ValueError(f"{name} differs between depths")
    return json.loads(values.pop())


def _file(path: Path) -> list[str | int]:
    data = path.read_bytes()
    return [hashlib.sha256(data).hexdigest(), len(data)]


def _words(words: list[str]) -> list[str]:
    return [f"0x{int(word):064x}" for word in words]
