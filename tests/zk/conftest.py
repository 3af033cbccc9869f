"""A cache of compiled circuits for the whole run, which leaves the user's alone."""

from __future__ import annotations

import sys
from importlib import import_module

import pytest

from zk._wasm import CACHE_VARIABLE

# py-ecc raises the limit when it is first imported; other tests are about input that is nested too deep.
_limit = sys.getrecursionlimit()
import_module("py_ecc")
sys.setrecursionlimit(_limit)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
