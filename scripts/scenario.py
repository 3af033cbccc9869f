"""Scenarios: a commune's life as data, checked as a whole before anything is sent to a chain.

A scenario is a TOML file (scripts/scenarios/*.toml): the people, and steps in the order in which they
happen. Each `[[step]]` names what is done in `do`; the classes of scripts/steps.py are the vocabulary, their
fields the step's fields (`for_` is written `for`). Every step may also have

- `say`: what the storyteller says before it;
- `gasless = true`: what it sends is signed by the member and sent by somebody else through the forwarder;
- `refused = "ErrorName"`: the chain must refuse it with this error.

`read` reports everything that is wrong with a file at once, each with its line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_type_hints

from backend.polls import MOST_OPTIONS, MOST_VOTES, PollTextInvalid, compose
from scripts.steps import (
    ACTIONS,
    LENT,
    STEPS,
    Actions,
    AddTopic,
    Amount,
    Assign,
    AssignSeries,
    Ballots,
    CaseName,
    Cast,
    CastInPoll,
    ClosePoll,
    ConsentResult,
    Count,
    CreateOffice,
    Days,
    Elect,
    Exercise,
    Extents,
    Filling,
    GiveReviews,
    Guardians,
    Hearing,
    May,
    Means,
    Name,
    Names,
    NewCase,
    NewOffice,
    NewPoll,
    NewPurse,
    NewVote,
    NewWork,
    OfficeName,
    OpenPoll,
    OpenPurse,
    Options,
    PollBallots,
    PollName,
    PurseName,
    Reasons,
    Respond,
    Result,
    ReviewVerdict,
    SetParameter,
    Step,
    Text,
    Topic,
    Vote,
    Wait,
    WorkName,
    Works,
)

SCENARIOS = Path(__file__).resolve().parent / "scenarios"
CONSTITUTIONS = Path(__file__).resolve().parent / "constitutions"
MAX_VOTES = 31
MIN_FOUNDERS = 3
LEAST_OPTIONS = 2
WEI = 10**18
# In which a panel grants a remedy.
QUARTERS = 4


class BadScenario(Exception):
    """A scenario file cannot be played; the message lists every problem with its line."""


class Wrong(Exception):
    """One value of a scenario is not what it has to be."""


@dataclass(frozen=True)
class Person:
    """Somebody in the scenario; `number` from 1 in the order of the file."""

    number: int
    name: str
    profile: str
    founder: bool


@dataclass(frozen=True)
class Scenario:
    """A checked scenario."""

    path: Path
    title: str
    constitution: Path
    topics: tuple[str, ...]
    charter: str
    people: tuple[Person, ...]
    steps: tuple[Step, ...]

    @property
    def founders(self) -> list[Person]:
        return [person for person in self.people if person.founder]


# ---------------------------------------------------------------------------------------------- reading


@dataclass
class _Book:
    """What values may refer to while a file is read from top to bottom."""

    people: set[str]
    topics: list[str]
    parameters: Mapping[str, tuple[int, int]]
    votes: set[str] = field(default_factory=set)
    polls: dict[str, OpenPoll] = field(default_factory=dict)
    offices: dict[str, CreateOffice] = field(default_factory=dict)
    purses: set[str] = field(default_factory=set)
    works: dict[str, Assign | AssignSeries] = field(default_factory=dict)
    cases: set[str] = field(default_factory=set)


def read(path: Path) -> Scenario:
    """The scenario at `path`; raises `BadScenario` with everything that is wrong with it."""
    try:
        source = path.read_text(encoding="utf-8")
        data = tomllib.loads(source)
    except OSError as error:
        raise BadScenario(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadScenario(f"{path}: not TOML: {error}") from error
    return _Reader(path, source).scenario(data)


class _Reader:
    def __init__(self, path: Path, source: str) -> None:
        self._path = path
        self._lines = source.splitlines()
        self._problems: list[tuple[int, str]] = []

    def scenario(self, data: dict[str, Any]) -> Scenario:
        known = {"title", "constitution", "topics", "charter", "person", "step"}
        for name in sorted(set(data) - known):
            self._problem(self._line_of(name), f"unknown entry `{name}`{_perhaps(name, known)}")
        for name in sorted(known - {"constitution"} - set(data)):
            self._problem(1, f"`{name}` is missing")
        self._stop_if_wrong()

        title = self._checked("title", lambda: _text(data["title"], None))
        charter = self._checked("charter", lambda: _text(data["charter"], None))
        topics = self._checked("topics", lambda: _list_of_text(data["topics"]))
        constitution = CONSTITUTIONS / f"{data.get('constitution', 'default')}.toml"
        if not constitution.is_file():
            there = ", ".join(sorted(p.stem for p in CONSTITUTIONS.glob("*.toml")))
            self._problem(
                self._line_of("constitution"), f"no constitution {constitution.stem}; there are: {there}"
            )
        self._stop_if_wrong()

        people = self._people(data["person"])
        if sum(p.founder for p in people) < MIN_FOUNDERS:
            self._problem(1, f"a commune takes at least {MIN_FOUNDERS} people with `founder = true`")
        book = _Book({p.name for p in people}, list(topics), _parameter_bounds(constitution))
        steps = self._steps(data["step"], book)
        self._stop_if_wrong()
        return Scenario(self._path, title, constitution, tuple(topics), charter, tuple(people), tuple(steps))

    def _people(self, entries: Any) -> list[Person]:
        people: list[Person] = []
        lines = self._headers("person", entries)
        for number, (entry, line) in enumerate(zip(entries, lines, strict=True), 1):
            self._expect_fields(entry, line, {"name", "profile"}, {"founder"}, "a person")
            name, profile = entry.get("name"), entry.get("profile")
            for label, value in (("name", name), ("profile", profile)):
                if value is not None and (not isinstance(value, str) or not value.strip()):
                    self._problem(self._line_of(label, line), f"`{label}` has to be a text, not {value!r}")
            if name in {p.name for p in people}:
                self._problem(line, f"a second person called {name}")
            founder = entry.get("founder", False)
            if not isinstance(founder, bool):
                self._problem(
                    self._line_of("founder", line), f"`founder` has to be true or false, not {founder!r}"
                )
            people.append(Person(number, str(name), str(profile), bool(founder)))
        return people

    def _steps(self, entries: Any, book: _Book) -> list[Step]:
        steps = []
        for entry, line in zip(entries, self._headers("step", entries), strict=True):
            kind = STEPS.get(verb := entry.get("do", ""))
            if kind is None:
                what = f"unknown step `{verb}`{_perhaps(verb, STEPS)}" if verb else "a step without `do`"
                self._problem(self._line_of("do", line), f"{what}; the steps are: {', '.join(STEPS)}")
                continue
            values = self._values(entry, kind, line, book, f"step `{verb}`")
            if values is not None:
                steps.append(kind(line=line, **values))
                self._check_together(steps[-1], line, book)
        return steps

    def _check_together(self, step: Step, line: int, book: _Book) -> None:
        if isinstance(step, Wait) and (step.days is None) == (step.season is None):
            self._problem(line, "step `wait` takes either `days` or `season`")
        if isinstance(step, Cast) and not (step.for_ or step.against or step.abstain):
            self._problem(line, "step `vote` takes at least one of `for`, `against`, `abstain`")
        if isinstance(step, Cast) and step.how in ("signed", "relayed") and step.gasless:
            self._problem(line, "signed ballots are sent by somebody else already: leave out `gasless`")
        if isinstance(step, Respond) and not (step.acknowledge or step.block or step.aside):
            self._problem(line, "step `respond` takes at least one of `acknowledge`, `block`, `aside`")
        if isinstance(step, Exercise):
            self._check_exercise(step, line, book)
        if isinstance(step, Elect):
            named = {name for ballot in step.ballots.values() for name in ballot}
            for name in sorted(named - book.people):
                near = _perhaps(name, book.people)
                self._problem(line, f"{name!r} gets votes and is not in the scenario{near}")
        if isinstance(step, Guardians) and step.threshold > len(step.who):
            self._problem(line, f"{len(step.who)} guardians cannot reach a threshold of {step.threshold}")
        if isinstance(step, GiveReviews) and (step.mark is None) == (step.verdict == "accept"):
            self._problem(line, "step `review` takes a `mark` to accept, and none to ask for rework")
        if isinstance(step, Hearing) and len(step.by) != 2:
            self._problem(line, f"a hearing is opened by two members, not {len(step.by)}")
        if isinstance(step, CastInPoll | ClosePoll):
            options = book.polls[step.poll].options
            chosen = (
                [step.ahead] if isinstance(step, ClosePoll) else [o for b in step.ballots.values() for o in b]
            )
            for option in dict.fromkeys(o for o in chosen if o not in options):
                near = _perhaps(option, options)
                self._problem(
                    line, f"poll {step.poll!r} has no option {option!r}{near}; it has: {', '.join(options)}"
                )
        if isinstance(step, CastInPoll) and step.gasless and book.polls[step.poll].secret:
            self._problem(line, "secret ballots are sent by somebody else already: leave out `gasless`")

    def _check_exercise(self, step: Exercise, line: int, book: _Book) -> None:
        """What is outside the mandate is refused by the chain: `refused` says so in the file."""
        words = [next(word for word, kind in ACTIONS.items() if kind is type(a)) for a in step.actions]
        if len(words) != 1:
            self._problem(line, f"a holder does one thing at a time, not {len(words)}")
        elif words[0] not in book.offices[step.office].may and not step.refused:
            self._problem(line, f"office {step.office!r} may not `{words[0]}`, and `refused` does not say so")

    def _values(
        self, entry: dict[str, Any], kind: type, line: int, book: _Book, what: str
    ) -> dict[str, Any] | None:
        """The values of a step's or an action's fields, or None where one is wrong."""
        before = len(self._problems)
        hints = get_type_hints(kind)
        own = {f.name.rstrip("_"): f for f in fields(kind) if f.name != "line"}
        required = {n for n, f in own.items() if f.default is MISSING and f.default_factory is MISSING}
        self._expect_fields(entry, line, required, set(own) - required | {"do"}, what)
        values: dict[str, Any] = {}
        for name, value in entry.items():
            if name == "do" or name not in own:
                continue
            try:
                hint = hints[own[name].name]
                if hint == Actions:
                    values["actions"] = self._actions(value, line, book)
                else:
                    values[own[name].name] = _READERS[_bare(hint)](value, book)
            except Wrong as wrong:
                self._problem(self._line_of(name, line), f"{what}: `{name}` {wrong}")
        return values if len(self._problems) == before else None

    def _actions(self, value: Any, line: int, book: _Book) -> Actions:
        if not isinstance(value, list) or not value or not all(isinstance(v, dict) for v in value):
            raise Wrong("has to be a list of tables, each with `do`")
        actions = []
        for entry in value:
            kind = ACTIONS.get(verb := entry.get("do", ""))
            if kind is None:
                raise Wrong(
                    f"has no action `{verb}`{_perhaps(verb, ACTIONS)}; there are: {', '.join(ACTIONS)}"
                )
            values = self._values(entry, kind, line, book, f"action `{verb}`")
            if values is None:
                continue
            if kind is SetParameter:
                _expect_parameter(values["name"], values["value"], book)
            if kind is AddTopic:
                book.topics.append(values["name"])
            action = kind(**values)
            if isinstance(action, OpenPoll):
                _expect_readable(action)
                book.polls[action.poll] = action
            if isinstance(action, CreateOffice):
                book.offices[action.office] = action
            if isinstance(action, OpenPurse):
                book.purses.add(action.purse)
            if isinstance(action, Assign | AssignSeries):
                book.works[action.work] = action
            actions.append(action)
        return Actions(actions)

    def _expect_fields(
        self, entry: Any, line: int, required: set[str], optional: set[str], what: str
    ) -> None:
        for name in sorted(required - set(entry)):
            self._problem(line, f"{what}: `{name}` is missing")
        for name in [n for n in entry if n not in required | optional]:
            there = ", ".join(f"`{n}`" for n in sorted(required | optional))
            near = _perhaps(name, required | optional)
            self._problem(
                self._line_of(name, line), f"{what}: unknown field `{name}`{near}; it takes {there}"
            )

    def _headers(self, table: str, entries: Any) -> list[int]:
        """The lines of `[[table]]`, one for each entry."""
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self._problem(self._line_of(table), f"`{table}` has to be written as [[{table}]] tables")
            self._stop_if_wrong()
        header = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
        lines = [number for number, text in enumerate(self._lines, 1) if header.match(text)]
        return lines if len(lines) == len(entries) else [1] * len(entries)

    def _line_of(self, name: str, start: int = 0) -> int:
        """The line that sets `name` in the table whose header is line `start` (0: the head), or `start`."""
        for number, text in enumerate(self._lines[start:], start + 1):
            if text.lstrip().startswith("[["):
                break
            if re.match(rf"\s*({re.escape(name)}\s*=|\[step\.{re.escape(name)}\])", text):
                return number
        return max(start, 1)

    def _checked(self, name: str, read_value: Callable[[], Any]) -> Any:
        try:
            return read_value()
        except Wrong as wrong:
            self._problem(self._line_of(name), f"`{name}` {wrong}")
            return None

    def _problem(self, line: int, message: str) -> None:
        self._problems.append((line, message))

    def _stop_if_wrong(self) -> None:
        if self._problems:
            lines = [f"{self._path}:{line}: {message}" for line, message in sorted(self._problems)]
            raise BadScenario("\n".join(lines))


# -------------------------------------------------------------------------------------- reading values


def _text(value: Any, book: _Book | None) -> Text:
    if not isinstance(value, str) or not value.strip():
        raise Wrong(f"has to be a text, not {value!r}")
    return Text(value.strip())


def _list_of_text(value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        raise Wrong(f"has to be a list of texts, not {value!r}")
    return [_text(v, None) for v in value]


def _name(value: Any, book: _Book) -> Name:
    if value not in book.people:
        raise Wrong(f"names {value!r}, who is not in the scenario{_perhaps(value, book.people)}")
    return Name(value)


def _names(value: Any, book: _Book) -> Names:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not given:
        raise Wrong(f"has to be a list of people, not {value!r}")
    if twice := sorted({n for n in given if given.count(n) > 1}):
        raise Wrong(f"names {', '.join(twice)} twice")
    return Names(_name(v, book) for v in given)


def _topic(value: Any, book: _Book) -> Topic:
    if value not in book.topics:
        raise Wrong(f"is {value!r}, which is no topic so far; topics are: {', '.join(book.topics)}")
    return Topic(value)


def _new(
    kind: type[str], taken: Callable[[_Book], Collection[str]], where: str
) -> Callable[[Any, _Book], str]:
    """Reads a name that nothing in `taken` has yet."""

    def read_value(value: Any, book: _Book) -> str:
        name = _text(value, book)
        if name in taken(book):
            raise Wrong(f"is {name!r}, which an earlier {where} already uses")
        return kind(name)

    return read_value


def _known(
    kind: type[str], known: Callable[[_Book], Collection[str]], how: str
) -> Callable[[Any, _Book], str]:
    """Reads a name that something earlier was given."""

    def read_value(value: Any, book: _Book) -> str:
        if value not in known(book):
            raise Wrong(f"is {value!r}, which no earlier {how}{_perhaps(value, known(book))}")
        return kind(value)

    return read_value


def _new_vote(value: Any, book: _Book) -> str:
    name = _new(NewVote, lambda b: b.votes, "step")(value, book)
    book.votes.add(name)
    return name


def _options(value: Any, book: _Book) -> Options:
    options = _list_of_text(value)
    if twice := sorted({o for o in options if options.count(o) > 1}):
        raise Wrong(f"has {', '.join(twice)} twice")
    if not LEAST_OPTIONS <= len(options) <= MOST_OPTIONS:
        raise Wrong(f"has {len(options)} options; a poll has {LEAST_OPTIONS} to {MOST_OPTIONS}")
    return Options(options)


def _poll_ballots(value: Any, book: _Book) -> PollBallots:
    if not isinstance(value, dict) or not value:
        raise Wrong(f"has to be a table of people, each with a table such as {{ Oven = 2 }}, not {value!r}")
    for name, votes in value.items():
        _name(name, book)
        if not isinstance(votes, dict):
            raise Wrong(f"gives {name} {votes!r}, which is no table such as {{ Oven = 2 }}")
        for option, given in votes.items():
            if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= MOST_VOTES:
                raise Wrong(f"gives {name} {given!r} votes on {option}; it takes 1 to {MOST_VOTES}")
    return PollBallots(value)


def _may(value: Any, book: _Book) -> May:
    if not isinstance(value, dict) or not value:
        raise Wrong(f"has to be a table such as {{ adopt = 2 }}, not {value!r}")
    for action, times in value.items():
        if action not in LENT:
            raise Wrong(f"names {action!r}; an office can be lent: {', '.join(LENT)}")
        _count(times, book)
    return May(value)


def _amount(value: Any, book: _Book) -> Amount:
    if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
        raise Wrong(f"has to be an amount of ETH above 0, not {value!r}")
    wei = Decimal(str(value)) * WEI
    if wei != int(wei):
        raise Wrong(f"is {value!r} ETH, which is no whole number of wei")
    return Amount(wei)


def _reasons(value: Any, book: _Book) -> Reasons:
    if not isinstance(value, dict) or not value:
        raise Wrong(f"has to be a table of people with their reasons, not {value!r}")
    return Reasons({_name(name, book): _text(reason, book) for name, reason in value.items()})


def _count(value: Any, book: _Book) -> Count:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Wrong(f"has to be a whole number from 1, not {value!r}")
    return Count(value)


def _days(value: Any, book: _Book) -> Days:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 3_650:
        raise Wrong(f"has to be a number of days above 0, not {value!r}")
    return Days(value)


def _ballots(value: Any, book: _Book) -> Ballots:
    given = dict.fromkeys(_names(value, book), 1) if isinstance(value, list) else value
    if not isinstance(given, dict) or not given:
        raise Wrong(f"has to be a list of people or a table such as {{ Ann = 2 }}, not {value!r}")
    for name, votes in given.items():
        _name(name, book)
        if not isinstance(votes, int) or isinstance(votes, bool) or not 1 <= votes <= MAX_VOTES:
            raise Wrong(f"gives {name} {votes!r} votes; a ballot has 1 to {MAX_VOTES}")
    return Ballots(given)


def _works(value: Any, book: _Book) -> Works:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not given:
        raise Wrong(f"has to be a list of assignments, not {value!r}")
    return Works(_WORK(v, book) for v in given)


def _new_case(value: Any, book: _Book) -> str:
    name = _new(NewCase, lambda b: b.cases, "step")(value, book)
    book.cases.add(name)
    return name


def _extents(value: Any, book: _Book) -> Extents:
    if not isinstance(value, list) or not value:
        raise Wrong(f"has to be a list of numbers from 0 to {QUARTERS}, not {value!r}")
    for extent in value:
        if not isinstance(extent, int) or isinstance(extent, bool) or not 0 <= extent <= QUARTERS:
            raise Wrong(f"has {extent!r}; a panel grants 0 to {QUARTERS} quarters")
    return Extents(value)


def _one_of(*choices: str) -> Callable[[Any, _Book], str]:
    def read_value(value: Any, book: _Book) -> str:
        if value not in choices:
            raise Wrong(f"is {value!r}, not one of: {', '.join(choices)}")
        return str(value)

    return read_value


def _flag(value: Any, book: _Book) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"has to be true or false, not {value!r}")
    return value


_WORK = _known(WorkName, lambda b: b.works, "draft creates")

_READERS: dict[type, Callable[[Any, _Book], Any]] = {
    str: _text,
    bool: _flag,
    Name: _name,
    Names: _names,
    Text: _text,
    Topic: _topic,
    NewVote: _new_vote,
    Vote: _known(Vote, lambda b: b.votes, "step has named"),
    Count: _count,
    Days: _days,
    Ballots: _ballots,
    NewPoll: _new(NewPoll, lambda b: b.polls, "draft"),
    PollName: _known(PollName, lambda b: b.polls, "draft opens"),
    Options: _options,
    PollBallots: _poll_ballots,
    NewOffice: _new(NewOffice, lambda b: b.offices, "draft"),
    OfficeName: _known(OfficeName, lambda b: b.offices, "draft creates"),
    Filling: _one_of("poll", "draw"),
    May: _may,
    NewPurse: _new(NewPurse, lambda b: b.purses, "draft"),
    PurseName: _known(PurseName, lambda b: b.purses, "draft opens"),
    Amount: _amount,
    Reasons: _reasons,
    NewWork: _new(NewWork, lambda b: b.works, "draft"),
    WorkName: _WORK,
    Works: _works,
    NewCase: _new_case,
    CaseName: _known(CaseName, lambda b: b.cases, "step has opened"),
    ReviewVerdict: _one_of("accept", "rework"),
    Extents: _extents,
    Result: _one_of("passed", "defeated"),
    ConsentResult: _one_of("passed", "blocked", "lapsed"),
    Means: _one_of("direct", "signed", "relayed"),
}


def _bare(hint: Any) -> type:
    """The kind of a field, without the None that an optional one may be."""
    [kind] = [k for k in get_args(hint) or (hint,) if isinstance(k, type) and k is not type(None)]
    return kind


def _expect_readable(action: OpenPoll) -> None:
    try:
        compose(action.question, action.options)
    except PollTextInvalid as error:
        raise Wrong(f"asks what cannot be written: {error}") from error


def _expect_parameter(name: str, value: int, book: _Book) -> None:
    if name not in book.parameters:
        raise Wrong(f"sets {name!r}, which is no parameter{_perhaps(name, book.parameters)}")
    floor, ceiling = book.parameters[name]
    if not floor <= value <= ceiling:
        raise Wrong(f"sets {name} to {value}; the constitution allows {floor} to {ceiling}")


def _parameter_bounds(path: Path) -> dict[str, tuple[int, int]]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {entry["name"]: (entry["floor"], entry["ceiling"]) for entry in data["parameter"]}


def _perhaps(word: Any, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), list(known), 1)
    return f" (did you mean `{near[0]}`?)" if near else ""
