"""A scenario file is checked as a whole, with the line of every mistake, before anything is sent."""

import pytest

from scripts import scenario, steps
from scripts.scenario import BadScenario

HEAD = """title = "T"
topics = ["general", "food"]
charter = "We."
[[person]]
name = "Ann"
profile = "P"
founder = true
[[person]]
name = "Bea"
profile = "P"
founder = true
[[person]]
name = "Cem"
profile = "P"
founder = true
[[person]]
name = "Dan"
profile = "P"
"""
FIRST_STEP = HEAD.count("\n") + 1
DRAFT = """[[step]]
do = "draft"
vote = "van"
by = "Ann"
title = "A van"
topic = "food"
actions = [{ do = "adopt", text = "We buy it." }]
"""


def read(tmp_path, text):
    path = tmp_path / "story.toml"
    path.write_text(text, encoding="utf-8")
    return scenario.read(path)


def problems(tmp_path, text):
    """What is said about a file, without the folder it happens to lie in."""
    with pytest.raises(BadScenario) as refused:
        read(tmp_path, text)
    return [line.removeprefix(f"{tmp_path}/") for line in str(refused.value).splitlines()]


@pytest.mark.parametrize("path", sorted(scenario.SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_scenario_of_ours_is_sound(path):
    found = scenario.read(path)
    assert found.founders
    assert found.steps


def test_a_sound_file_is_read_with_its_people_and_steps(tmp_path):
    vote = '[[step]]\ndo = "vote"\nvote = "van"\nfor = { Ann = 3 }\nagainst = ["Bea", "Cem"]\n'
    found = read(tmp_path, HEAD + DRAFT + vote)
    assert [p.name for p in found.founders] == ["Ann", "Bea", "Cem"]
    assert found.people[3].number == 4
    draft, cast = found.steps
    assert draft.actions == (steps.Adopt("We buy it."),)
    assert (cast.for_, cast.against, cast.abstain) == ({"Ann": 3}, {"Bea": 1, "Cem": 1}, None)
    assert draft.line == FIRST_STEP


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        ('do = "vuch"', "1: unknown step `vuch` (did you mean `vouch`?)"),
        ('by = ["Ann"]', "0: a step without `do`"),
        ('do = "vouch"\nby = ["Ann"]', "0: step `vouch`: `whom` is missing"),
        (
            'do = "vouch"\nby = ["Ann"]\nwhom = "Dann"',
            "3: step `vouch`: `whom` names 'Dann', who is not in the scenario (did you mean `Dan`?)",
        ),
        ('do = "vouch"\nby = ["Ann", "Ann"]\nwhom = "Dan"', "2: step `vouch`: `by` names Ann twice"),
        (
            'do = "vouch"\nby = ["Ann"]\nwhom = "Dan"\nhwo = 1',
            "4: step `vouch`: unknown field `hwo`; it takes `by`, `do`, `gasless`, `refused`, `say`, `whom`",
        ),
        ('do = "apply"\nwho = 7', "2: step `apply`: `who` has to be a list of people, not 7"),
        ('do = "wait"', "0: step `wait` takes either `days` or `season`"),
        ('do = "wait"\ndays = -1', "2: step `wait`: `days` has to be a number of days above 0, not -1"),
        ('do = "wait"\nseason = 0', "2: step `wait`: `season` has to be a whole number from 1, not 0"),
        (
            'do = "propose"\nvote = "vam"',
            "2: step `propose`: `vote` is 'vam', which no earlier step has named (did you mean `van`?)",
        ),
        ('do = "vote"\nvote = "van"', "0: step `vote` takes at least one of `for`, `against`, `abstain`"),
        (
            'do = "vote"\nvote = "van"\nfor = { Ann = 32 }',
            "3: step `vote`: `for` gives Ann 32 votes; a ballot has 1 to 31",
        ),
        (
            'do = "vote"\nvote = "van"\nfor = ["Ann"]\nhow = "mail"',
            "4: step `vote`: `how` is 'mail', not one of: direct, signed, relayed",
        ),
        (
            'do = "vote"\nvote = "van"\nfor = ["Ann"]\nhow = "signed"\ngasless = true',
            "0: signed ballots are sent by somebody else already: leave out `gasless`",
        ),
        (
            'do = "close"\nvote = "van"\nresult = "won"',
            "3: step `close`: `result` is 'won', not one of: passed, defeated",
        ),
        ('do = "tell"\ngasless = "no"', "2: step `tell`: `gasless` has to be true or false, not 'no'"),
        (
            'do = "guardians"\nof = "Ann"\nwho = ["Bea", "Cem"]\nthreshold = 3',
            "0: 2 guardians cannot reach a threshold of 3",
        ),
        (
            'do = "hearing"\non = "Ann"\nby = ["Bea"]\ngrounds = "G"',
            "0: a hearing is opened by two members, not 1",
        ),
        (
            'do = "respond"\nvote = "van"',
            "0: step `respond` takes at least one of `acknowledge`, `block`, `aside`",
        ),
        (
            'do = "respond"\nvote = "van"\nblock = ["Ann"]',
            "3: step `respond`: `block` has to be a table of people with their reasons, not ['Ann']",
        ),
        (
            'do = "give"\nby = "Ann"\namount = -1',
            "3: step `give`: `amount` has to be an amount of ETH above 0, not -1",
        ),
        (
            'do = "give"\nby = "Ann"\namount = 1e-19',
            "3: step `give`: `amount` is 1e-19 ETH, which is no whole number of wei",
        ),
        (
            'do = "open_election"\noffice = "cook"\nby = "Ann"',
            "2: step `open_election`: `office` is 'cook', which no earlier draft creates",
        ),
        (
            'do = "pay_from_purse"\npurse = "food"\nby = "Ann"\nto = "Bea"\namount = 1\nreason = "R"',
            "2: step `pay_from_purse`: `purse` is 'food', which no earlier draft opens",
        ),
    ],
)
def test_a_wrong_step_is_named_with_its_line_and_what_would_be_right(tmp_path, step, complaint):
    offset, _, message = complaint.partition(": ")
    first = FIRST_STEP + DRAFT.count("\n")
    [found] = problems(tmp_path, f"{HEAD}{DRAFT}[[step]]\n{step}\n")
    assert found.startswith(f"story.toml:{first + int(offset)}: {message}")


ASKED = DRAFT.replace(
    '{ do = "adopt", text = "We buy it." }',
    '{ do = "open_poll", poll = "what", question = "What?", topic = "food", options = ["Oven", "Van"],'
    " secret = true }",
)


def test_a_poll_is_voted_in_by_the_names_of_its_options(tmp_path):
    step = (
        '[[step]]\ndo = "poll_vote"\npoll = "what"\n[step.ballots]\nAnn = { Oven = 3, Van = 1 }\nBea = {}\n'
    )
    draft, cast = read(tmp_path, HEAD + ASKED + step).steps
    assert draft.actions == (steps.OpenPoll("what", "What?", ("Oven", "Van"), "food", secret=True),)
    assert cast.ballots == {"Ann": {"Oven": 3, "Van": 1}, "Bea": {}}


CREATED = DRAFT.replace(
    '{ do = "adopt", text = "We buy it." }',
    '{ do = "create_office", office = "cook", text = "Cook.", topic = "food", seats = 1, filling = "draw",'
    ' term = 30, may = { adopt = 2 } }, { do = "open_purse", purse = "pots", office = "cook", cap = 0.05,'
    ' reason = "Pots" }',
)


def test_an_office_is_lent_actions_and_a_purse(tmp_path):
    exercise = (
        '[[step]]\ndo = "exercise"\noffice = "cook"\nby = "Ann"\n'
        'actions = [{ do = "adopt", text = "We eat at one." }]\n'
    )
    paying = (
        '[[step]]\ndo = "pay_from_purse"\npurse = "pots"\nby = "Ann"\nto = "Bea"\namount = 0.04\n'
        'reason = "A pot"\n'
    )
    draft, exercised, paid = read(tmp_path, HEAD + CREATED + exercise + paying).steps
    assert draft.actions == (
        steps.CreateOffice("cook", "Cook.", "food", 1, "draw", 30, {"adopt": 2}),
        steps.OpenPurse("pots", "cook", 5 * 10**16, "Pots"),
    )
    assert exercised.actions == (steps.Adopt("We eat at one."),)
    assert paid.amount == 4 * 10**16


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (
            'do = "exercise"\noffice = "cook"\nby = "Ann"\nactions = [{ do = "describe", uri = "U" }]',
            "0: office 'cook' may not `describe`, and `refused` does not say so",
        ),
        (
            'do = "exercise"\noffice = "cook"\nby = "Ann"\n'
            'actions = [{ do = "adopt", text = "A" }, { do = "adopt", text = "B" }]',
            "0: a holder does one thing at a time, not 2",
        ),
        (
            'do = "elect"\noffice = "cook"\n[step.ballots]\nAnn = { Zoe = 1 }',
            "0: 'Zoe' gets votes and is not in the scenario",
        ),
    ],
)
def test_a_wrong_step_of_an_office_is_named_before_it_exists(tmp_path, step, complaint):
    line, _, message = complaint.partition(": ")
    start = (HEAD + CREATED).count("\n") + 1
    found = problems(tmp_path, f"{HEAD}{CREATED}[[step]]\n{step}\n")
    assert found == [f"story.toml:{start + int(line)}: {message}"]


WORK = DRAFT.replace(
    "actions = [",
    'actions = [{ do = "assign", work = "jam", text = "Cook it.", topic = "food", points = 5, days = 7 }, ',
)


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (
            'do = "volunteer"\nwork = "jame"\nwho = ["Ann"]',
            "2: step `volunteer`: `work` is 'jame', which no earlier draft creates (did you mean `jam`?)",
        ),
        (
            'do = "select"\nworks = ["jam", "bread"]\nby = "Ann"',
            "2: step `select`: `works` is 'bread', which no earlier draft creates",
        ),
        (
            'do = "review"\nwork = "jam"\nof = "Ann"\nby = "Bea"\nverdict = "accept"\ntext = "Good."',
            "0: step `review` takes a `mark` to accept, and none to ask for rework",
        ),
        (
            'do = "settle"\ncase = "spoon"\noutcome = "Two spoons."',
            "2: step `settle`: `case` is 'spoon', which no earlier step has opened",
        ),
    ],
)
def test_a_wrong_step_of_work_is_named_before_it_exists(tmp_path, step, complaint):
    line, _, message = complaint.partition(": ")
    start = (HEAD + WORK).count("\n") + 1
    found = problems(tmp_path, f"{HEAD}{WORK}[[step]]\n{step}\n")
    assert found == [f"story.toml:{start + int(line)}: {message}"]


def test_a_panel_grants_whole_quarters(tmp_path):
    opened = (
        '[[step]]\ndo = "open_case"\ncase = "spoon"\nby = "Ann"\non = "Bea"\ntopic = "food"\npoints = 2\n'
        'evidence = "It was mine."\n'
    )
    votes = '[[step]]\ndo = "panel_votes"\ncase = "spoon"\nby = "Cem"\nextents = [1, 5]\n'
    line = (HEAD + opened).count("\n") + 5
    assert problems(tmp_path, HEAD + opened + votes) == [
        f"story.toml:{line}: step `panel_votes`: `extents` has 5; a panel grants 0 to 4 quarters"
    ]


@pytest.mark.parametrize(
    ("may", "complaint"),
    [
        ("{ pay = 1 }", "names 'pay'; an office can be lent: adopt, describe"),
        ("{ adopt = 0 }", "has to be a whole number from 1, not 0"),
        ("{}", "has to be a table such as { adopt = 2 }, not {}"),
    ],
)
def test_an_office_is_lent_what_can_be_lent(tmp_path, may, complaint):
    """And what such an office would own is not there either."""
    found = problems(tmp_path, HEAD + CREATED.replace("{ adopt = 2 }", may))
    assert [complaint in line for line in found] == [True, False]


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (
            'do = "poll_vote"\npoll = "waht"\n[step.ballots]\nAnn = { Oven = 1 }',
            "2: step `poll_vote`: `poll` is 'waht', which no earlier draft opens (did you mean `what`?)",
        ),
        (
            'do = "poll_vote"\npoll = "what"\n[step.ballots]\nAnn = { Ovn = 1 }',
            "0: poll 'what' has no option 'Ovn' (did you mean `Oven`?); it has: Oven, Van",
        ),
        (
            'do = "poll_vote"\npoll = "what"\n[step.ballots]\nAnn = { Oven = 16 }',
            "3: step `poll_vote`: `ballots` gives Ann 16 votes on Oven; it takes 1 to 15",
        ),
        (
            'do = "poll_vote"\npoll = "what"\n[step.ballots]\nZoe = { Oven = 1 }',
            "3: step `poll_vote`: `ballots` names 'Zoe', who is not in the scenario",
        ),
        (
            'do = "poll_vote"\npoll = "what"\ngasless = true\n[step.ballots]\nAnn = { Oven = 1 }',
            "0: secret ballots are sent by somebody else already: leave out `gasless`",
        ),
        (
            'do = "poll_vote"\npoll = "what"\nballots = ["Ann"]',
            "3: step `poll_vote`: `ballots` has to be a table of people",
        ),
        ('do = "close_poll"\npoll = "what"\nahead = "Bus"', "0: poll 'what' has no option 'Bus'"),
        ('do = "register"\nwho = []', "2: step `register`: `who` has to be a list of people, not []"),
    ],
)
def test_a_wrong_step_of_a_poll_is_named_with_its_line(tmp_path, step, complaint):
    offset, _, message = complaint.partition(": ")
    first = FIRST_STEP + ASKED.count("\n")
    [found] = problems(tmp_path, f"{HEAD}{ASKED}[[step]]\n{step}\n")
    assert found.startswith(f"story.toml:{first + int(offset)}: {message}")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ('["Oven"]', "`options` has 1 options; a poll has 2 to 60"),
        ('["Oven", "Oven"]', "`options` has Oven twice"),
        ('"Oven"', "`options` has to be a list of texts"),
        ('["Oven", "2. Van\\n3. Bus"]', "`actions` asks what cannot be written"),
    ],
)
def test_a_poll_that_nobody_could_read_is_named(tmp_path, options, complaint):
    [found] = problems(tmp_path, HEAD + ASKED.replace('["Oven", "Van"]', options))
    assert complaint in found


@pytest.mark.parametrize(
    ("action", "complaint"),
    [
        ('{ do = "hum" }', "`actions` has no action `hum`; there are: adopt, award, set_parameter"),
        ('{ do = "adopt" }', "action `adopt`: `text` is missing"),
        (
            '{ do = "set_parameter", name = "presence.perod", value = 1 }',
            "`actions` sets 'presence.perod', which is no parameter (did you mean `presence.period`?)",
        ),
        (
            '{ do = "set_parameter", name = "assembly.sponsors", value = 9 }',
            "`actions` sets assembly.sponsors to 9; the constitution allows 1 to 5",
        ),
        (
            '{ do = "award", to = "Ann", points = 1, topic = "care", evidence = "E" }',
            "action `award`: `topic` is 'care', which is no topic so far; topics are: general, food",
        ),
    ],
)
def test_a_wrong_action_is_named_before_anyone_votes_on_it(tmp_path, action, complaint):
    [found] = problems(tmp_path, HEAD + DRAFT.replace('{ do = "adopt", text = "We buy it." }', action))
    assert complaint in found


def test_a_topic_can_be_used_once_a_draft_adds_it(tmp_path):
    adding = DRAFT.replace('{ do = "adopt", text = "We buy it." }', '{ do = "add_topic", name = "tools" }')
    later = DRAFT.replace('"van"', '"later"').replace('"food"', '"tools"')
    assert read(tmp_path, HEAD + adding + later).steps[1].topic == "tools"
    assert "no topic so far" in problems(tmp_path, HEAD + later)[0]


def test_all_mistakes_are_reported_together(tmp_path):
    steps = '[[step]]\ndo = "vuch"\n[[step]]\ndo = "apply"\nwho = ["Zoe"]\n'
    found = problems(tmp_path, HEAD + steps)
    assert [line.split(":")[1] for line in found] == [str(FIRST_STEP + 1), str(FIRST_STEP + 4)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("title = ", "not TOML: Invalid value"),
        (HEAD.replace('charter = "We."\n', "") + DRAFT, "story.toml:1: `charter` is missing"),
        ('titel = "T"\n' + HEAD + DRAFT, "story.toml:1: unknown entry `titel` (did you mean `title`?)"),
        (HEAD.replace("founder = true\n", "", 1) + DRAFT, "takes at least 3 people with `founder = true`"),
        (HEAD.replace('"Bea"', '"Ann"') + DRAFT, "story.toml:8: a second person called Ann"),
        (HEAD.replace('profile = "P"', "profile = 3", 1) + DRAFT, "story.toml:6: `profile` has to be a text"),
        ('constitution = "none"\n' + HEAD + DRAFT, "no constitution none; there are: default"),
    ],
)
def test_a_file_that_is_no_scenario_says_why(tmp_path, text, complaint):
    assert complaint in problems(tmp_path, text)[0]


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(BadScenario, match="cannot be read: No such file"):
        scenario.read(tmp_path / "none.toml")
