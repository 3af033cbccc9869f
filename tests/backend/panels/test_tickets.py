"""Tickets keep everybody's chance as near as whole tickets can."""

from backend.panels import draw_up, read_people, read_quotas
from backend.panels.fairest import fairest
from tests.backend.panels.synthetic import people_csv, quotas_csv

PEOPLE = read_people(people_csv(80))
QUOTAS = read_quotas(quotas_csv(12))


def test_a_chance_is_off_by_a_few_tickets_in_a_thousand_at_most():
    document = draw_up(PEOPLE, QUOTAS, 12, tickets=1000)
    lottery = fairest(PEOPLE, QUOTAS, 12)
    chances = lottery.weights @ lottery.panels / lottery.heads
    for kind, chance in zip(lottery.kinds, chances, strict=True):
        for place in kind:
            assert abs(document.chances[place] - 1000 * chance) < 5
    assert len(document.panels) == 1000
    assert sum(document.chances) == 12_000


def test_people_who_are_alike_differ_by_one_ticket_at_most():
    people = read_people("\n".join(["id,gender", *(f"w{n},woman" for n in range(7)), "m,man"]))
    quotas = read_quotas("attribute,value,min,max\ngender,woman,2,3\ngender,man,0,1\n")
    document = draw_up(people, quotas, 3, tickets=100)
    women = [
        chance
        for person, chance in zip(document.people.people, document.chances, strict=True)
        if person.values == ("woman",)
    ]
    assert max(women) - min(women) <= 1


def test_one_ticket_is_one_panel():
    document = draw_up(PEOPLE, QUOTAS, 12, tickets=1)
    assert len(document.panels) == 1
    assert sorted(set(document.chances)) == [0, 1]
