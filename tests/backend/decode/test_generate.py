"""Event classes as source."""

from __future__ import annotations

import importlib
import sys
import types

import pytest

from backend.decode import Decoders
from backend.decode.generate import module_source
from tests.backend.chains import compiled

ADDRESS = b"\1" * 20


@pytest.fixture
def module_of(tmp_path, monkeypatch):
    """Imports source text as a module."""

    def load(source: str) -> types.ModuleType:
        (tmp_path / "generated_events.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "generated_events", raising=False)
        return importlib.import_module("generated_events")

    return load


def test_generated_classes_are_used_where_they_fit_the_abi(module_of):
    abi = compiled("Emitter")["abi"]
    module = module_of(module_source({"Emitter": abi}))
    assert (
        Decoders({"Emitter": (ADDRESS, abi)}, module).classes["Emitter", "Counted"] is module.EmitterCounted
    )
    span = "(uint48,uint48,bool)"
    assert module.EmitterPlanned.signature == f"Planned(uint64,{span},uint256[],{span}[])"


def test_classes_of_an_older_abi_are_not_used(module_of):
    abi = compiled("Emitter")["abi"]
    older = [entry for entry in abi if entry.get("name") != "Rang"]
    module = module_of(module_source({"Emitter": older}))
    decoders = Decoders({"Emitter": (ADDRESS, abi)}, module)
    assert decoders.classes["Emitter", "Counted"] is not module.EmitterCounted


def test_the_same_abis_give_the_same_source():
    abi = compiled("Emitter")["abi"]
    assert module_source({"B": abi, "A": abi}) == module_source({"A": abi, "B": abi})
