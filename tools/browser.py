"""A Chromium for tests, benchmarks and screenshots: the machine's own, or the one in a pinned npm package."""

from __future__ import annotations

import functools
import shutil
import subprocess

from playwright.sync_api import Browser, Playwright

from tools.workspace import ROOT

INSTALLED = ("chromium", "chromium-browser", "google-chrome")
# Nothing of the browser's own leaves the machine; a container's root has no sandbox to run it in.
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
_UNPACK = "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())"


@functools.cache
def executable() -> str:
    """The path of a Chromium; the package's is unpacked into the machine's temporary folder, once."""
    for name in INSTALLED:
        if found := shutil.which(name):
            return found
    command = ["node", "--input-type=module", "--eval", _UNPACK]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
