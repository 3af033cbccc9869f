"""Scenarios: a commune's life as data, checked as a whole before anything is sent to a chain.

A scenario is a TOML file (scripts/scenarios/*.toml): the people, and steps in the order in which they
happen. Each `[[step]]` names what is done in `do`; the classes below are the vocabulary, their fields the
step's fields (`for_` is written `for`). Every step may also have

- `say`: what the storyteller says before it;
- `gasless = true`: what it sends is signed by the member and sent by somebody else through the forwarder;
- `refused = "ErrorName"`: the chain must refuse it with this error.

`read` reports everything that is wrong with a file at once, each with its line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from backend.polls import MOST_OPTIONS, MOST_VOTES, PollTextInvalid, compose

SCENARIOS = Path(__file__).resolve().parent / "scenarios"
CONSTITUTIONS = Path(__file__).resolve().parent / "constitutions"
MAX_VOTES = 31
MIN_FOUNDERS = 3
LEAST_OPTIONS = 2


class BadScenario(Exception):
    """A scenario file cannot be played; the message lists every problem with its line."""


class Wrong(Exception):
    """One value of a scenario is not what it has to be."""


# -------------------------------------------------------------------------------------- kinds of values


class Name(str):
    """Somebody in the scenario."""


class Names(tuple[str, ...]):
    """One or more people."""


class Text(str):
    """Words, not empty."""


class Topic(str):
    """An area of life the commune has listed."""


class NewVote(str):
    """A short name that later steps call a draft or a vote by."""


class Vote(str):
    """A draft or vote that an earlier step named."""


class Count(int):
    """A whole number from 1."""


class Days(float):
    """A length of time in days, above 0."""


class Ballots(dict[str, int]):
    """How many votes each of some people give: a list (one each) or a table."""


class Result(str):
    """How a vote ends: passed or defeated."""


class NewPoll(str):
    """A short name that later steps call a poll by."""


class PollName(str):
    """A poll that an earlier draft opens."""


class Options(tuple[str, ...]):
    """What a poll is between."""


class PollBallots(dict[str, dict[str, int]]):
    """How many votes each of some people give to options of a poll; an empty table is blank."""


class Means(str):
    """How ballots reach the chain: `direct`, one by one; `signed`, in one batch that somebody else sends; or
    `relayed`, posted to a node that sends them (`signed` where no node relays)."""


# ---------------------------------------------------------------------------------------------- actions


@dataclass(frozen=True)
class Action:
    """Something a decision does when it is carried out."""


@dataclass(frozen=True)
class Adopt(Action):
    """Records a text as the commune's resolution."""

    text: Text


@dataclass(frozen=True)
class Award(Action):
    """Gives reputation points for work in a topic."""

    to: Name
    points: Count
    topic: Topic
    evidence: Text


@dataclass(frozen=True)
class SetParameter(Action):
    """Changes a number of the constitution."""

    name: Text
    value: Count


@dataclass(frozen=True)
class AddTopic(Action):
    """Lists a new area of life."""

    name: Text


@dataclass(frozen=True)
class MoveMembership(Action):
    """Moves a member without guardians to a new account."""

    whom: Name


@dataclass(frozen=True)
class OpenPoll(Action):
    """Asks the members to choose among options."""

    poll: NewPoll
    question: Text
    options: Options
    topic: Topic
    secret: bool = False


class Actions(tuple[Action, ...]):
    """What a decision does, at least one action."""


ACTIONS: dict[str, type[Action]] = {
    "adopt": Adopt,
    "award": Award,
    "set_parameter": SetParameter,
    "add_topic": AddTopic,
    "move_membership": MoveMembership,
    "open_poll": OpenPoll,
}


# ---------------------------------------------------------------------------------------------- steps


@dataclass(frozen=True, kw_only=True)
class Step:
    """What all steps have; `line` is where the step begins in the file."""

    line: int
    say: str = ""
    gasless: bool = False
    refused: str = ""


@dataclass(frozen=True, kw_only=True)
class Tell(Step):
    """Nothing happens on the chain; `say` is told."""


@dataclass(frozen=True, kw_only=True)
class Wait(Step):
    """Time passes: some days, or until a season begins."""

    days: Days | None = None
    season: Count | None = None


@dataclass(frozen=True, kw_only=True)
class Apply(Step):
    """People ask to join with their profiles."""

    who: Names


@dataclass(frozen=True, kw_only=True)
class Vouch(Step):
    """Members pledge for an applicant."""

    by: Names
    whom: Name


@dataclass(frozen=True, kw_only=True)
class Object(Step):
    """A member calls for a vote on an applicant; `vote` names that vote if this objection opens it."""

    by: Name
    whom: Name
    reason: Text
    vote: NewVote | None = None


@dataclass(frozen=True, kw_only=True)
class Admit(Step):
    """Applicants whose window has passed, or who won their vote, are admitted; waits for the window."""

    who: Names


@dataclass(frozen=True, kw_only=True)
class Draft(Step):
    """A member writes a proposal; nothing is sent yet."""

    vote: NewVote
    by: Name
    title: Text
    topic: Topic
    actions: Actions
    body: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Sponsor(Step):
    """Members put their names under a draft, for its topic."""

    vote: Vote
    by: Names


@dataclass(frozen=True, kw_only=True)
class Propose(Step):
    """The author opens the sponsored draft."""

    vote: Vote


@dataclass(frozen=True, kw_only=True)
class Cast(Step):
    """Members vote; waits until voting has begun."""

    vote: Vote
    for_: Ballots | None = None
    against: Ballots | None = None
    abstain: Ballots | None = None
    how: Means | None = None


@dataclass(frozen=True, kw_only=True)
class Close(Step):
    """Voting ends; the result has to be the one named."""

    vote: Vote
    result: Result


@dataclass(frozen=True, kw_only=True)
class Queue(Step):
    """Somebody queues a passed decision with the timelock."""

    vote: Vote
    by: Name


@dataclass(frozen=True, kw_only=True)
class Execute(Step):
    """Somebody carries a passed decision out; waits for the timelock."""

    vote: Vote
    by: Name


@dataclass(frozen=True, kw_only=True)
class Register(Step):
    """Members list the identities by which they vote in secret."""

    who: Names


@dataclass(frozen=True, kw_only=True)
class CastInPoll(Step):
    """Members vote in a poll: by name, or with a proof that somebody else sends where it is secret."""

    poll: PollName
    ballots: PollBallots


@dataclass(frozen=True, kw_only=True)
class ClosePoll(Step):
    """Voting in a poll ends; the option that is ahead has to be the one named."""

    poll: PollName
    ahead: Text


@dataclass(frozen=True, kw_only=True)
class Notice(Step):
    """Somebody gives notice that a member has shown no sign of life for the whole period."""

    whom: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class MarkDormant(Step):
    """Somebody marks a silent member dormant; waits until the notice has run."""

    whom: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class CheckIn(Step):
    """A member shows that they live, with another member's signature."""

    who: Name
    attester: Name


@dataclass(frozen=True, kw_only=True)
class Guardians(Step):
    """A member names guardians and how many of them it takes."""

    of: Name
    who: Names
    threshold: Count


@dataclass(frozen=True, kw_only=True)
class Support(Step):
    """Guardians support moving a membership to the member's new account."""

    whom: Name
    by: Names


@dataclass(frozen=True, kw_only=True)
class Recover(Step):
    """Somebody completes a recovery; waits for its delay. The member acts from the new account then."""

    whom: Name
    by: Name


@dataclass(frozen=True, kw_only=True)
class Hearing(Step):
    """Two members open the hearing that must precede a vote on a member's expulsion."""

    on: Name
    by: Names
    grounds: Text


@dataclass(frozen=True, kw_only=True)
class OpenExpulsion(Step):
    """Somebody opens the vote after the hearing; waits for its end."""

    on: Name
    by: Name
    vote: NewVote


@dataclass(frozen=True, kw_only=True)
class Leave(Step):
    """A member ends their membership."""

    who: Name


@dataclass(frozen=True, kw_only=True)
class Show(Step):
    """Credits and reputation of some people are told."""

    who: Names


STEPS: dict[str, type[Step]] = {
    "tell": Tell,
    "wait": Wait,
    "apply": Apply,
    "vouch": Vouch,
    "object": Object,
    "admit": Admit,
    "draft": Draft,
    "sponsor": Sponsor,
    "propose": Propose,
    "vote": Cast,
    "close": Close,
    "queue": Queue,
    "execute": Execute,
    "register": Register,
    "poll_vote": CastInPoll,
    "close_poll": ClosePoll,
    "notice": Notice,
    "mark_dormant": MarkDormant,
    "check_in": CheckIn,
    "guardians": Guardians,
    "support": Support,
    "recover": Recover,
    "hearing": Hearing,
    "open_expulsion": OpenExpulsion,
    "leave": Leave,
    "show": Show,
}


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
        if isinstance(step, Guardians) and step.threshold > len(step.who):
            self._problem(line, f"{len(step.who)} guardians cannot reach a threshold of {step.threshold}")
        if isinstance(step, Hearing) and len(step.by) != 2:
            self._problem(line, f"a hearing is opened by two members, not {len(step.by)}")
        if isinstance(step, CastInPoll | ClosePoll):
            options = book.polls[step.poll].options
            named = (
                [step.ahead] if isinstance(step, ClosePoll) else [o for b in step.ballots.values() for o in b]
            )
            for option in dict.fromkeys(o for o in named if o not in options):
                near = _perhaps(option, options)
                self._problem(
                    line, f"poll {step.poll!r} has no option {option!r}{near}; it has: {', '.join(options)}"
                )
        if isinstance(step, CastInPoll) and step.gasless and book.polls[step.poll].secret:
            self._problem(line, "secret ballots are sent by somebody else already: leave out `gasless`")

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


def _new_vote(value: Any, book: _Book) -> NewVote:
    name = _text(value, book)
    if name in book.votes:
        raise Wrong(f"is {name!r}, which an earlier step already uses")
    book.votes.add(name)
    return NewVote(name)


def _vote(value: Any, book: _Book) -> Vote:
    if value not in book.votes:
        raise Wrong(f"is {value!r}, which no earlier step has named{_perhaps(value, book.votes)}")
    return Vote(value)


def _new_poll(value: Any, book: _Book) -> NewPoll:
    name = _text(value, book)
    if name in book.polls:
        raise Wrong(f"is {name!r}, which an earlier draft already uses")
    return NewPoll(name)


def _poll_name(value: Any, book: _Book) -> PollName:
    if value not in book.polls:
        raise Wrong(f"is {value!r}, which no earlier draft opens{_perhaps(value, book.polls)}")
    return PollName(value)


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


_READERS: dict[type, Callable[[Any, _Book], Any]] = {
    str: _text,
    bool: _flag,
    Name: _name,
    Names: _names,
    Text: _text,
    Topic: _topic,
    NewVote: _new_vote,
    Vote: _vote,
    Count: _count,
    Days: _days,
    Ballots: _ballots,
    NewPoll: _new_poll,
    PollName: _poll_name,
    Options: _options,
    PollBallots: _poll_ballots,
    Result: _one_of("passed", "defeated"),
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
