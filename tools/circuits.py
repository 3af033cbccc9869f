"""Whether Semaphore's proving keys are of the circuit that Semaphore publishes.

`./dev circuits` fetches the circuit's source and circom's compiler from npm into .cache/circuits (both are
needed for nothing else, so they are no dependencies), compiles the circuit for the depths asked for, and
compares the constraints with those in the installed proving keys. Some five seconds for each depth.
"""

from __future__ import annotations

from collections.abc import Sequence

from tools import workspace
from tools.workspace import CACHE, fail, must, project_env, say

FOLDER = CACHE / "circuits"
PACKAGES = ("@semaphore-protocol/circuits@4.14.2", "circom2@0.2.23")
# Optimisation as for the ceremony: other levels give other constraints for the same circuit.
FLAGS = ("--r1cs", "--O2")
_AUDIT = """
import sys
from pathlib import Path
from zk import audit
findings = audit(circuits=Path(sys.argv[1]), depths=[int(depth) for depth in sys.argv[2:]])
for finding in findings:
    depth = f"depth {finding.depth}" if finding.depth else "all depths"
    print(depth, finding.check, finding.problem or "same", sep=": ")
sys.exit(not all(finding.good for finding in findings))
"""


def circuits(args: Sequence[str]) -> int:
    """Compile and compare the depths in `args`, or all; 1 if anything is not the same."""
    if wrong := [word for word in args if not word.isdecimal() or not 1 <= int(word) <= 32]:
        fail(f"depths are numbers from 1 to 32, not {', '.join(wrong)}")
    depths = [int(word) for word in args] or list(range(1, 33))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}\n')
    npm = ("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", FOLDER)
    must(*npm, *PACKAGES, env=project_env())
    for depth in depths:
        _compile(depth)
    say("comparing")
    return workspace.run("python", "-c", _AUDIT, FOLDER, *map(str, depths), env=project_env())


def _compile(depth: int) -> None:
    name = f"semaphore-{depth}"
    say(f"compiling {name}")
    (FOLDER / f"{name}.circom").write_text(
        "pragma circom 2.1.5;\n"
        'include "node_modules/@semaphore-protocol/circuits/src/semaphore.circom";\n'
        f"component main {{public [message, scope]}} = Semaphore({depth});\n"
    )
    libraries = ("node_modules/circomlib/circuits", "node_modules/@zk-kit/binary-merkle-root.circom/src")
    links = [word for library in libraries for word in ("-l", library)]
    # The compiler is WebAssembly and sees the folder that it is started in, and nothing above.
    (FOLDER / f"{name}.r1cs").unlink(missing_ok=True)
    status = workspace.run(
        "node", "node_modules/circom2/cli.js", f"{name}.circom", *FLAGS, *links, env=project_env(), cwd=FOLDER
    )
    if status:
        fail(f"circom failed on {name} with exit status {status}")
