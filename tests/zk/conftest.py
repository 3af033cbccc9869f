"""A cache of compiled circuits for the whole run, which leaves the user's alone."""

from __future__ import annotations

import pytest

from zk._wasm import CACHE_VARIABLE


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
