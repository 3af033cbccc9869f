"""A pytest plugin (`-p tools.sharing --share FOLDER`) by which several runs of one suite share its modules.

Every run collects the same tests and goes through the modules in the same order. A module is run by the one
that makes its file in the folder first, all its tests together and in their order, so a run that begins late
finds what is left, and the runs end at about the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.share import Share, module_of


class Sharing:
    """The loop of one run."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._claims: dict[str, bool] = {}
        self._failed: set[str] = set()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or session.config.option.collectonly:
            return None  # pytest's own loop says why nothing runs
        # Modules of the whole before those of its parts: they are the longest, and none should come last.
        ordered = sorted(session.items, key=lambda item: module_of(item.nodeid).count("/"))
        self._share.announce([item.nodeid for item in ordered])
        claimed = (item for item in ordered if self._is_claimed(module_of(item.nodeid)))
        for item, following in _with_next(claimed):
            # pytest ends by `following` the fixtures that it does not need, so it has to be one that we run.
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._share.end(nodeid, nodeid in self._failed)

    def _is_claimed(self, module: str) -> bool:
        if module not in self._claims:
            self._claims[module] = self._share.claim(module)
        return self._claims[module]


def _with_next(items: Iterator[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        yield item, following
        item = following


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--share", metavar="FOLDER", help="run the modules that no other run with FOLDER claimed"
    )


def pytest_configure(config: pytest.Config) -> None:
    if folder := config.getoption("--share"):
        config.pluginmanager.register(Sharing(Share(Path(folder))), "sharing")
