"""The files that proofs are made with: for each depth a proving key, a circuit and a verification key.

They are Semaphore's, from the npm package @zk-kit/semaphore-artifacts, 164 MB for depths 1 to 32; nothing is
downloaded here. Every file is compared with its pinned hash (`zk.keys`) before a byte of it is used: a
proving key of someone else's making may give the witness away or make proofs that nobody accepts, and an
older circuit admits what this one excludes.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from zk._zkey import ZKey
from zk.errors import ArtifactAltered, ArtifactMissing, ArtifactsMissing, ArtifactsOutdated, ArtifactTruncated
from zk.keys import artifacts_package, pin

FOLDER_VARIABLE = "DUALPOWER_ZK_ARTIFACTS"


@dataclass(frozen=True)
class Artifacts:
    """A folder of artifacts. Its files are read and compared when they are asked for."""

    folder: Path

    @classmethod
    def locate(cls, folder: Path | str | None = None) -> Artifacts:
        """The artifacts in `folder`, in the folder that $DUALPOWER_ZK_ARTIFACTS names, or in a node_modules
        of the working directory, of this package's folder or of one above either, in that order.

        `ArtifactsMissing` says where it looked; `ArtifactsOutdated` if the package is another version's.
        """
        package, _ = artifacts_package()
        if named := folder or os.environ.get(FOLDER_VARIABLE):
            candidates = [Path(named), Path(named) / package]
        else:
            starts = [Path.cwd(), Path(__file__).resolve().parent]
            above = dict.fromkeys(up for start in starts for up in (start, *start.parents))
            candidates = [up / "node_modules" / package for up in above]
        for candidate in candidates:
            if any(candidate.glob("semaphore-*.zkey")):
                artifacts = cls(candidate)
                artifacts.require_version()
                return artifacts
        raise ArtifactsMissing(package, candidates)

    def path(self, depth: int, kind: str) -> Path:
        return self.folder / f"semaphore-{depth}.{kind}"

    def read(self, depth: int, kind: str) -> bytes:
        """The bytes of `semaphore-<depth>.<kind>`, kind one of `zk.keys.KINDS`, if they are the pinned ones.

        `ArtifactMissing`, `ArtifactTruncated` or `ArtifactAltered` if they are not.
        """
        pinned = pin(depth, kind)
        path = self.path(depth, kind)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise ArtifactMissing(path) from error
        found = hashlib.sha256(data).hexdigest()
        if found != pinned.sha256:
            if len(data) < pinned.size:
                raise ArtifactTruncated(path, pinned.size, len(data))
            raise ArtifactAltered(path, pinned.sha256, found)
        return data

    def zkey(self, depth: int) -> ZKey:
        """The proving key for trees of `depth`, compared and taken apart."""
        return ZKey.parse(self.path(depth, "zkey"), self.read(depth, "zkey"))

    def require_version(self) -> None:
        description = self.folder / "package.json"
        if description.is_file():
            found = json.loads(description.read_text(encoding="utf-8")).get("version")
            package, version = artifacts_package()
            if found != version:
                raise ArtifactsOutdated(self.folder, package, version, found)
