"""What several runs of one test suite share: a folder with the modules claimed and the tests that have ended.

The runs write it (tools/sharing.py), the driver reads it. Standard library only, as the driver is.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Share:
    """The folder: what there is to run, which modules are claimed, and which tests have ended."""

    folder: Path

    def clear(self) -> None:
        """Begin anew, with nothing claimed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "claims").mkdir(parents=True)

    def announce(self, tests: list[str]) -> None:
        """Say which tests there are; every run says the same."""
        draft = self.folder / f"tests.{os.getpid()}"
        draft.write_text("".join(f"{test}\n" for test in tests))
        draft.replace(self.folder / "tests")

    def claim(self, module: str) -> bool:
        """Whether the module is the caller's: nobody was here before."""
        try:
            (self.folder / "claims" / module.replace("/", ".")).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def end(self, test: str, failed: bool) -> None:
        """Note that a test has ended; one write, so that runs do not mix their lines."""
        with open(self.folder / "ended", "a") as file:
            file.write(f"{'failed' if failed else 'ran'} {test}\n")

    @property
    def tests(self) -> list[str]:
        """The tests there are; none before a run has collected them."""
        return self._lines("tests")

    @property
    def ended(self) -> list[str]:
        return [line.partition(" ")[2] for line in self._lines("ended")]

    @property
    def failed(self) -> list[str]:
        return [line.partition(" ")[2] for line in self._lines("ended") if line.startswith("failed ")]

    @property
    def is_handed_out(self) -> bool:
        """Whether every module is somebody's."""
        modules = {module_of(test) for test in self.tests}
        return bool(modules) and len(list((self.folder / "claims").iterdir())) == len(modules)

    def _lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.is_file() else []


def module_of(test: str) -> str:
    """The file of a test, by its node id."""
    return test.partition("::")[0]
