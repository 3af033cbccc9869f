"""A pool of made-up people whose attributes are spread as in a town, always the same for the same seed."""

from __future__ import annotations

import math
import random

SPREAD = {
    "gender": {"woman": 0.52, "man": 0.45, "other": 0.03},
    "age": {"16-29": 0.2, "30-44": 0.28, "45-59": 0.25, "60-74": 0.19, "75+": 0.08},
    "area": {"north": 0.3, "south": 0.25, "east": 0.2, "west": 0.15, "outside": 0.1},
    "home": {"rents": 0.5, "owns": 0.3, "co-operative": 0.2},
    "work": {"employed": 0.45, "self-employed": 0.15, "care": 0.1, "studies": 0.1, "retired": 0.2},
    "education": {"school": 0.3, "vocational": 0.4, "university": 0.3},
}


def people_csv(number: int, seed: int = 7) -> str:
    drawn = random.Random(seed)
    lines = [",".join(["id", *SPREAD])]
    for place in range(number):
        values = [drawn.choices(list(shares), list(shares.values()))[0] for shares in SPREAD.values()]
        lines.append(",".join([f"p{place + 1:05}", *values]))
    return "\n".join(lines) + "\n"


def quotas_csv(size: int) -> str:
    """Quotas by the shares in the town, rounded down and up: those who came forward are not quite like it."""
    lines = ["attribute,value,min,max"]
    for attribute, shares in SPREAD.items():
        lines += [
            f"{attribute},{value},{math.floor(size * share)},{math.ceil(size * share)}"
            for value, share in shares.items()
        ]
    return "\n".join(lines) + "\n"
