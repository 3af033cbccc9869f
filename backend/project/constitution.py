"""The constitution: parameters, rules, topics, modules, seasons, charter and resolutions."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend import events
from backend.project.projection import Projection
from backend.project.state import State
from backend.store import table

RULE_KINDS = ("Constitutional", "Ordinary", "Person", "Admission", "Expulsion", "Recall")


@table("parameters", key=["name"])
class Parameter(msgspec.Struct, frozen=True):
    """`position` is the place in contracts/constitution/Parameters.sol."""

    name: str
    value: int
    floor: int
    ceiling: int
    position: int
    since: int


@table("parameter_changes", key=["block", "position"], indexes=[["name"]])
class ParameterChange(msgspec.Struct, frozen=True):
    block: int
    position: int
    name: str
    old_value: int
    new_value: int
    changed_at: int


@table("rules", key=["target", "selector"])
class Rule(msgspec.Struct, frozen=True):
    target: bytes
    selector: bytes
    kind: str
    since: int


@table("topics", key=["topic"])
class Topic(msgspec.Struct, frozen=True):
    topic: int
    name: str
    added_at: int


@table("modules", key=["name"])
class Module(msgspec.Struct, frozen=True):
    name: str
    address: bytes
    since: int


@table("code_refusals", key=["code_hash"])
class CodeRefusal(msgspec.Struct, frozen=True):
    code_hash: bytes
    since: int


@table("season_eras", key=["first_season"])
class Era(msgspec.Struct, frozen=True):
    """A season length, and the season from which it holds."""

    first_season: int
    start: int
    length: int


@table("resolutions", key=["block", "position"], indexes=[["text_hash"]])
class Resolution(msgspec.Struct, frozen=True):
    block: int
    position: int
    text_hash: bytes
    adopted_at: int
    transaction_hash: bytes


@table("communes", key=["commune"])
class Commune(msgspec.Struct, frozen=True):
    """One row, keyed 1: what there is one of."""

    commune: int = 1
    charter: bytes | None = None
    dao_uri: str = ""
    constitution_hash: bytes | None = None
    founders: int = 0
    constituted_at: int | None = None


constitution = Projection(
    "constitution",
    tables=[Parameter, ParameterChange, Rule, Topic, Module, CodeRefusal, Era, Resolution, Commune],
)


def short_name(name: bytes) -> str:
    """Solidity's left-aligned bytes32 as text."""
    return name.rstrip(b"\x00").decode("utf-8", "replace").replace("\x00", "\ufffd")


def commune_of(state: State) -> Commune:
    return state.get(Commune, 1) or Commune()


def season_at(eras: Sequence[Era], t: int) -> int | None:
    """The season at `t`, counted from 1; None before the commune was constituted. `eras` in their order."""
    for era in reversed(eras):
        if era.start <= t:
            return era.first_season + (t - era.start) // era.length
    return None


def season_bounds(eras: Sequence[Era], season: int) -> tuple[int, int] | None:
    """Start and length of a season, in seconds, as things stand; None where there is no such season."""
    for era in reversed(eras):
        if era.first_season <= season:
            return era.start + (season - era.first_season) * era.length, era.length
    return None


@constitution.on(events.ConstitutionParameterSet)
def parameter_set(state: State, event: events.ConstitutionParameterSet) -> None:
    name, at = short_name(event.name_), event.at
    known = state.get(Parameter, name)
    position = known.position if known else len(state.select(Parameter))
    state.put(Parameter(name, event.new_value, event.floor, event.ceiling, position, at.timestamp))
    state.insert(ParameterChange(at.block, at.index, name, event.old_value, event.new_value, at.timestamp))


@constitution.on(events.ConstitutionRuleSet)
def rule_set(state: State, event: events.ConstitutionRuleSet) -> None:
    state.put(Rule(event.target, event.selector, RULE_KINDS[event.kind], event.at.timestamp))


@constitution.on(events.ConstitutionTopicAdded)
def topic_added(state: State, event: events.ConstitutionTopicAdded) -> None:
    state.insert(Topic(event.topic, event.name_, event.at.timestamp))


@constitution.on(events.ConstitutionModuleSet)
def module_set(state: State, event: events.ConstitutionModuleSet) -> None:
    state.put(Module(short_name(event.name_), event.module, event.at.timestamp))


@constitution.on(events.ConstitutionCodeHashRefusalSet)
def code_hash_refusal_set(state: State, event: events.ConstitutionCodeHashRefusalSet) -> None:
    if event.refused:
        state.put(CodeRefusal(event.code_hash, event.at.timestamp))
    else:
        state.delete(CodeRefusal, event.code_hash)


@constitution.on(events.ConstitutionSeasonLengthSet)
def season_length_set(state: State, event: events.ConstitutionSeasonLengthSet) -> None:
    state.put(Era(event.first_season, event.start, event.length))


@constitution.on(events.ConstitutionResolutionAdopted)
def resolution_adopted(state: State, event: events.ConstitutionResolutionAdopted) -> None:
    at = event.at
    state.insert(Resolution(at.block, at.index, event.text_hash, at.timestamp, at.transaction))


@constitution.on(events.ConstitutionCharterSet)
def charter_set(state: State, event: events.ConstitutionCharterSet) -> None:
    state.put(msgspec.structs.replace(commune_of(state), charter=event.text_hash))


@constitution.on(events.ConstitutionDAOURIUpdate)
def dao_uri_updated(state: State, event: events.ConstitutionDAOURIUpdate) -> None:
    state.put(msgspec.structs.replace(commune_of(state), dao_uri=event.dao_uri))


@constitution.on(events.ConstitutionConstituted)
def constituted(state: State, event: events.ConstitutionConstituted) -> None:
    state.put(
        msgspec.structs.replace(
            commune_of(state),
            constitution_hash=event.constitution_hash,
            founders=event.founders,
            constituted_at=event.at_,
        )
    )
