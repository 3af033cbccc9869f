"""The official JavaScript packages, asked in one process for many cases."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ROOT / "node_modules"

_PROGRAM = """
const path = require("path");
const modules = %s;
const { createRequire } = require("module");
const load = createRequire(path.join(modules, "index.js"));
const { Identity } = load("@semaphore-protocol/identity");
const { Group } = load("@semaphore-protocol/group");
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
const plain = (_, value) => (typeof value === "bigint" ? value.toString() : value);
(async () => { %s })().then(
  // Proving leaves threads behind that keep Node.js from ending by itself.
  (answer) => process.stdout.write(JSON.stringify(answer, plain), () => process.exit(0)),
  (error) => { console.error(error); process.exit(1); },
);
"""


def javascript(body: str, given: Any = None) -> Any:
    """What the body of an async function returns, with big integers as text. It sees `given` as `input`,
    `Identity`, `Group`, `path`, and `modules`, the folder of the packages."""
    node = shutil.which("node")
    assert node, "the interoperability tests need Node.js"
    program = _PROGRAM % (json.dumps(str(MODULES)), body)
    run = subprocess.run(
        [node, "-e", program], input=json.dumps(given), capture_output=True, text=True, timeout=300, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
