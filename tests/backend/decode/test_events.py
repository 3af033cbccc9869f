"""The event classes the node carries are those of the ABIs it carries."""

import json
from pathlib import Path

from backend import events
from backend.decode import Decoders
from backend.decode.generate import module_source
from backend.deployment import ABIS, MODULES


def carried_abis():
    return {path.stem: json.loads(path.read_text()) for path in ABIS.glob("*.json")}


def test_event_classes_are_those_of_the_abis():
    source = Path(events.__file__).read_text()
    assert source == module_source(carried_abis()), "run `./dev abis` and commit backend/events.py"


def test_every_module_of_the_commune_has_an_abi():
    assert set(MODULES.values()) == set(carried_abis())


def test_decoders_use_the_generated_classes():
    interfaces = {name: (bytes([n]) * 20, abi) for n, (name, abi) in enumerate(carried_abis().items())}
    decoders = Decoders(interfaces, events)
    assert decoders.classes["Assembly", "BallotRecorded"] is events.AssemblyBallotRecorded


def test_an_argument_called_name_does_not_hide_the_event_s_own():
    assert events.ConstitutionParameterSet.name == "ParameterSet"
    assert "name_" in events.ConstitutionParameterSet.__struct_fields__
