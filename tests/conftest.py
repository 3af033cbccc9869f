"""Contract tests need Brownie's environment (`./dev test contracts`); elsewhere they are not collected."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("brownie") else ["contracts"]
