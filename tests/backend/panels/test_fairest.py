"""The lottery is the fairest there is, whatever the pool; where there is none, it says why."""

import sys
from itertools import combinations
from pathlib import Path

import highspy
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backend.panels import (
    PersonExcluded,
    QuotasImpossible,
    SolverMissing,
    draw_up,
    mirror,
    read_people,
    read_quotas,
)
from backend.panels.fairest import fairest
from tests.backend.panels.synthetic import people_csv, quotas_csv

EXAMPLE = Path(__file__).parent / "example_small_20"


def small_20():
    """The published pool; its people have no names, so that each is called by the line."""
    header, *rows = (EXAMPLE / "respondents.csv").read_text().splitlines()
    people = "\n".join([f"id,{header}", *(f"line {line},{row}" for line, row in enumerate(rows, start=2))])
    return read_people(people), read_quotas((EXAMPLE / "categories.csv").read_text())


def test_the_published_example_reaches_the_published_optimum():
    people, quotas = small_20()
    document = draw_up(people, quotas, 20)
    assert document.optimum == 100_000
    assert document.chances == [100] * 200
    assert document.least == 0.1


def feasible(people, quotas, size):
    """All panels there are, one by one."""
    for panel in combinations(range(len(people)), size):
        counts = [
            sum(
                people.people[place].values[people.attributes.index(quota.attribute)] == quota.value
                for place in panel
            )
            for quota in quotas
        ]
        if all(quota.least <= count <= quota.most for quota, count in zip(quotas, counts, strict=True)):
            yield panel


def greatest_smallest_chance(panels, people):
    """By one linear programme over all panels."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    least = solver.addVariable(lb=0, ub=1, obj=-1)
    weights = [solver.addVariable(lb=0) for _ in panels]
    solver.addConstr(sum(weights) == 1)
    for place in range(people):
        on = [weight for weight, panel in zip(weights, panels, strict=True) if place in panel]
        solver.addConstr(sum(on) >= least)
    solver.run()
    return solver.val(least)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("mn")),
        min_size=5,
        max_size=9,
    ),
    st.integers(2, 4),
)
def test_nobody_could_have_a_greater_smallest_chance(values, size):
    rows = [f"p{place},{','.join(row)}" for place, row in enumerate(values)]
    people = read_people("\n".join(["id,first,second,third", *rows]))
    quotas = mirror(people, size)
    panels = list(feasible(people, quotas, size))
    assume(panels)
    best = greatest_smallest_chance(panels, len(people))
    if best < 1e-9:
        with pytest.raises(PersonExcluded):
            fairest(people, quotas, size)
        return
    lottery = fairest(people, quotas, size)
    assert lottery.least == pytest.approx(best, abs=2e-5)
    assert lottery.weights.sum() == pytest.approx(1)
    document = draw_up(people, quotas, size, tickets=200)
    assert {tuple(panel) for panel in document.panels} <= set(panels)


def test_after_the_smallest_chance_the_next_is_raised_too():
    # c is always there; without the second stage nothing would say how the others share.
    people = read_people("id,kind\na1,a\na2,a\na3,a\na4,a\nb1,b\nb2,b\nc1,c\n")
    quotas = read_quotas("kind,value,min,max\nkind,a,2,3\nkind,b,0,1\nkind,c,1,1\n")
    lottery = fairest(people, quotas, 4)
    chances = lottery.weights @ lottery.panels / lottery.heads
    assert np.allclose(chances, [0.5, 0.5, 1.0], atol=1e-6)


def test_impossible_quotas_say_what_would_have_to_give_way():
    people = read_people("id,gender,age\na,woman,young\nb,woman,young\nc,man,old\nd,man,old\n")
    quotas = read_quotas(
        "attribute,value,min,max\ngender,woman,2,2\ngender,man,0,0\nage,young,1,1\nage,old,1,1\n"
    )
    with pytest.raises(QuotasImpossible) as refused:
        draw_up(people, quotas, 2)
    assert len(refused.value.changes) == 2
    assert "no panel keeps all the quotas; one would with" in str(refused.value)


def test_a_quota_that_nobody_can_fill_is_named():
    people = read_people("id,gender\na,woman\nb,woman\nc,man\n")
    quotas = read_quotas("attribute,value,min,max\ngender,woman,0,1\ngender,man,0,1\ngender,other,1,1\n")
    with pytest.raises(QuotasImpossible, match=r"at least 0 of gender other \(not 1\)"):
        draw_up(people, quotas, 2)


def test_a_person_whom_no_panel_can_have_is_named():
    people = read_people("id,gender,age\nann,woman,young\nbob,man,old\ncleo,woman,old\ndan,man,young\n")
    quotas = read_quotas(
        "attribute,value,min,max\ngender,woman,2,2\ngender,man,0,0\nage,young,1,1\nage,old,1,1\n"
    )
    with pytest.raises(PersonExcluded, match="no panel that keeps the quotas has bob, dan:") as refused:
        draw_up(people, quotas, 2)
    assert refused.value.ids == ("bob", "dan")


def test_the_same_input_gives_the_same_lottery_in_any_order_of_lines():
    header, *rows = people_csv(60).splitlines()
    quotas = read_quotas(quotas_csv(10))
    first = draw_up(read_people("\n".join([header, *rows])), quotas, 10, seed=3)
    again = draw_up(read_people("\n".join([header, *reversed(rows)])), quotas, 10, seed=3)
    assert first.encode() == again.encode()
    other = draw_up(read_people("\n".join([header, *rows])), quotas, 10, seed=4)
    assert other.hash != first.hash
    assert other.optimum == first.optimum


def test_progress_ends_with_everybody():
    told = []
    draw_up(read_people(people_csv(40)), read_quotas(quotas_csv(8)), 8, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 40


def test_without_the_solver_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "backend.panels.fairest", None)
    people, quotas = small_20()
    with pytest.raises(SolverMissing, match=r"install dualpower\[panels\]"):
        draw_up(people, quotas, 20)
