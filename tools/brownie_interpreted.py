"""Make Brownie run as plain Python.

The eth-brownie 1.22.2 wheel is compiled with mypyc, which enforces type hints that are wrong in places:
`networks.default`, `networks.development.cmd_settings`, `--coverage` and stateful tests die with TypeError.
The sources lie beside the compiled modules, so removing the compiled ones is enough. Run by `.venv-chain`'s
own interpreter after every install.
"""

import importlib.util
from pathlib import Path

spec = importlib.util.find_spec("brownie")
if spec is None or spec.submodule_search_locations is None:
    raise SystemExit("brownie is not installed in this environment")
root = Path(spec.submodule_search_locations[0])
compiled = [
    path for path in root.rglob("*.so") if path.with_name(path.name.split(".", 1)[0] + ".py").exists()
]
for path in compiled:
    path.unlink()
print(f"brownie: {len(compiled)} compiled modules removed, their sources run instead")
