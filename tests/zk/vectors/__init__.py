"""What the official JavaScript packages say; see the README."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SEMAPHORE: dict[str, Any] = json.loads((Path(__file__).parent / "semaphore-v4.json").read_text())
