"""Skills by their names, which are those that a commune's own texts use: `cooking, driving, first aid`.

Names are compared in lower case with single blanks, so that `First  Aid` is `first aid`. There is no list of
skills: what briefs ask for and what members declare is the list.
"""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 40
MOST = 20


class SkillsInvalid(ValueError):
    """A list of skills that cannot be one; the message says which part."""


def parse(text: str) -> tuple[str, ...]:
    """The skills in a list with commas, sorted, each once; none of an empty text. Raises `SkillsInvalid`."""
    if not text.strip():
        return ()
    names = {" ".join(part.lower().split()) for part in text.split(",")}
    for name in sorted(names):
        if not name:
            raise SkillsInvalid("there is no skill between two commas")
        if len(name) > LONGEST or not name.isprintable():
            raise SkillsInvalid(f"a skill has 1 to {LONGEST} letters; got {name[:60]!r}")
    if len(names) > MOST:
        raise SkillsInvalid(f"at most {MOST} skills are listed; got {len(names)}")
    return tuple(sorted(names))


def written(skills: Iterable[str]) -> str:
    return ", ".join(sorted(skills))
