"""`./dev web`: the members' page, built into build/web unless what is there was built from the same.

A build looks at no types; `./dev check` does, with those of the API.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tools.workspace import BUILD, ROOT, must, project_env, say

PAGE = BUILD / "web"
SOURCES = ("web", "backend/abi", "zk/pins.json", "package-lock.json")


def web() -> int:
    """Build the page where its sources have changed; the driver ends if it cannot be built."""
    stamp, digest = PAGE / ".dualpower-stamp", _digest()
    if stamp.is_file() and stamp.read_text() == digest:
        return 0
    say("building the members' page")
    must("node", "web/build.mjs", env=project_env())
    stamp.write_text(digest)
    return 0


def types() -> None:
    """Write what the page's type check knows of the API: build/openapi.d.ts, from the node's own description.

    Written only where it changes, so that what depends on its age stays fresh.
    """
    BUILD.mkdir(exist_ok=True)
    description, declared = BUILD / "openapi.json", BUILD / "openapi.d.ts"
    draft = description.with_suffix(".draft")
    must("python", "-m", "tools.openapi", draft, env=project_env())
    if declared.is_file() and description.is_file() and description.read_bytes() == draft.read_bytes():
        draft.unlink()
        return
    env = project_env() | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    must("openapi-typescript", draft, "--output", declared, env=env)
    draft.replace(description)


def _digest() -> str:
    """A hash of the names and contents of everything that the page is made of."""
    digest = hashlib.sha256()
    for path in sorted(found for source in SOURCES for found in _files(ROOT / source)):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [found for found in path.rglob("*") if found.is_file()]
