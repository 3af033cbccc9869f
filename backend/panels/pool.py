"""Who a panel is drawn from, and how many of each kind it has.

People come as CSV with a column `id` and one for each attribute; quotas with the columns attribute, value,
min and max, whatever the first two are called. What has no quota is not looked at, and not published either.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.panels.errors import PanelError, PeopleInvalid, QuotasInvalid, TooFewPeople

MOST_PEOPLE = 100_000
_LONGEST = 100


@dataclass(frozen=True)
class Person:
    """`values` are in the order of the attributes of the people they belong to."""

    id: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """Sorted by id, each once."""

    attributes: tuple[str, ...]
    people: tuple[Person, ...]

    def __len__(self) -> int:
        return len(self.people)


@dataclass(frozen=True)
class Quota:
    """A panel has from `least` to `most` people with this value."""

    attribute: str
    value: str
    least: int
    most: int


def read_people(text: str) -> People:
    """The people in a CSV file. Raises `PeopleInvalid`, which names the line."""
    header, rows = _table(text, PeopleInvalid)
    if header.count("id") != 1:
        raise PeopleInvalid(f"the people need one column named id; there are {', '.join(header)}")
    if len(set(header)) < len(header) or len(header) < 2 or "" in header:
        raise PeopleInvalid("the people need at least one attribute, each in a column of its own name")
    place = header.index("id")
    found: dict[str, Person] = {}
    lines: dict[str, int] = {}
    for line, row in rows:
        person = Person(row[place], tuple(row[:place] + row[place + 1 :]))
        if person.id in found:
            raise PeopleInvalid(f"line {line}: {person.id} is on line {lines[person.id]} already")
        for name, value in zip(header, row, strict=True):
            if not 0 < len(value) <= _LONGEST:
                raise PeopleInvalid(f"line {line}: {name} takes 1 to {_LONGEST} letters; it has {len(value)}")
        found[person.id], lines[person.id] = person, line
    if len(found) > MOST_PEOPLE:
        raise PeopleInvalid(f"{len(found)} people are more than {MOST_PEOPLE}")
    attributes = tuple(name for name in header if name != "id")
    return People(attributes, tuple(found[id_] for id_ in sorted(found)))


def read_quotas(text: str) -> tuple[Quota, ...]:
    """The quotas in a CSV file. Raises `QuotasInvalid`, which names the line."""
    header, rows = _table(text, QuotasInvalid)
    if len(header) != 4 or [name.lower() for name in header[2:]] != ["min", "max"]:
        raise QuotasInvalid(f"the columns are attribute, value, min, max; there are {', '.join(header)}")
    quotas = []
    for line, (attribute, value, least, most) in rows:
        for name, number in (("min", least), ("max", most)):
            if not (number.isascii() and number.isdecimal() and len(number) <= 9):
                raise QuotasInvalid(f"line {line}: {name} takes a whole number; got {number!r}")
        quotas.append(Quota(attribute, value, int(least), int(most)))
    return tuple(quotas)


def mirror(people: People, size: int) -> tuple[Quota, ...]:
    """Quotas by which a panel has of each value its share of the people, rounded down or up."""
    quotas = []
    for place, attribute in enumerate(people.attributes):
        counts = Counter(person.values[place] for person in people.people)
        for value in sorted(counts):
            seats = counts[value] * size
            quotas.append(Quota(attribute, value, seats // len(people), -(-seats // len(people))))
    return tuple(quotas)


def narrowed(people: People, quotas: Sequence[Quota]) -> People:
    """The people with those attributes only that have quotas, in the order of the quotas."""
    wanted = tuple(dict.fromkeys(quota.attribute for quota in quotas))
    if unknown := [name for name in wanted if name not in people.attributes]:
        raise QuotasInvalid(
            f"there are quotas for {', '.join(unknown)}, and the people's attributes are"
            f" {', '.join(people.attributes)}"
        )
    places = [people.attributes.index(name) for name in wanted]
    return People(
        wanted,
        tuple(Person(person.id, tuple(person.values[place] for place in places)) for person in people.people),
    )


def check(people: People, quotas: Sequence[Quota], size: int) -> None:
    """Raises a `PanelError` for what can be seen without looking for a panel."""
    if size < 1:
        raise QuotasInvalid(f"a panel has at least one seat; got {size}")
    if len(people) < size:
        raise TooFewPeople(len(people), size)
    if not quotas:
        raise QuotasInvalid("there are no quotas")
    by_value = {(quota.attribute, quota.value): quota for quota in quotas}
    if len(by_value) < len(quotas):
        twice = next(key for key, n in Counter((q.attribute, q.value) for q in quotas).items() if n > 1)
        raise QuotasInvalid(f"{twice[0]} {twice[1]} has two quotas")
    for quota in quotas:
        if quota.least > quota.most:
            raise QuotasInvalid(
                f"{quota.attribute} {quota.value} asks for at least {quota.least} and at most {quota.most}"
            )
    for person in people.people:
        for attribute, value in zip(people.attributes, person.values, strict=True):
            if (attribute, value) not in by_value:
                raise QuotasInvalid(f"{person.id} has the {attribute} {value}, for which there is no quota")
    for attribute in people.attributes:
        least, most = (
            sum(amount(quota) for quota in quotas if quota.attribute == attribute)
            for amount in (_least, _most)
        )
        if not least <= size <= most:
            raise QuotasInvalid(
                f"the quotas of {attribute} add up to {least} to {most} seats, the panel has {size}"
            )


def groups(people: People, quotas: Sequence[Quota]) -> Iterator[tuple[Quota, list[int]]]:
    """Each quota with the places of the people whom it counts."""
    having: dict[tuple[str, str], list[int]] = {(quota.attribute, quota.value): [] for quota in quotas}
    for place, person in enumerate(people.people):
        for key in zip(people.attributes, person.values, strict=True):
            having[key].append(place)
    for quota in quotas:
        yield quota, having[quota.attribute, quota.value]


def _least(quota: Quota) -> int:
    return quota.least


def _most(quota: Quota) -> int:
    return quota.most


def _table(text: str, error: type[PanelError]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and the rows with their lines; cells without the blanks around them."""
    reader = csv.reader(text.removeprefix("\ufeff").splitlines(), strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except csv.Error as problem:
        raise error(f"line {reader.line_num}: {problem}") from None
    if len(rows) < 2:
        raise error("the file needs a header and at least one line")
    (_, header), *rest = rows
    for line, row in rest:
        if len(row) != len(header):
            raise error(f"line {line} has {len(row)} cells, the header {len(header)}")
    return header, rest
