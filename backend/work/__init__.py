"""Work as its texts tell of it: what an assignment's brief asks for."""

from backend.work.brief import Brief, BriefInvalid, compose, parse
from backend.work.skills import SkillsInvalid

__all__ = ["Brief", "BriefInvalid", "SkillsInvalid", "compose", "parse"]
