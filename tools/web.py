"""`./dev web`: the members' page, built into build/web unless what is there was built from the same."""

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


def _digest() -> str:
    """A hash of the names and contents of everything that the page is made of."""
    digest = hashlib.sha256()
    for path in sorted(found for source in SOURCES for found in _files(ROOT / source)):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [found for found in path.rglob("*") if found.is_file()]
