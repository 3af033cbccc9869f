"""Two years of a small commune on a real chain: all that can happen, and both ways it can end.

`live` tells when something has happened, so that whoever follows can compare as they go.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from eth_abi import encode

from backend.polls import compose
from tests.backend.commune import (
    ABSTAIN,
    AGAINST,
    DAY,
    FOOD,
    FOR,
    GENERAL,
    POINT,
    Commune,
    Reverted,
    text_hash,
)
from tests.backend.conflicts import settle_conflicts
from tests.backend.consenting import consent
from tests.backend.drawing import draw_lots
from tests.backend.offices import hold_offices
from tests.backend.polling import Polling, ballot, identity, open_call
from tests.backend.treasury import keep_the_till
from tests.backend.working import work

FOUNDERS = 5
# So few can hold a secret poll, reveal secrets in few blocks, and call for a recall.
SMALL = {"polls__minListed": 4, "draw__reveal": 10, "recall__petition": 2}
BANNER = compose("Which colour is our banner?", ["Red", "Black", "Green"])
SONG = compose("Which song opens the feast?", ["The old one", "The new one"])
FEAST = compose("What do we eat?", ["Soup", "Bread", "Cake"])
Happened = Callable[[str], None]


def live(c: Commune, happened: Happened) -> None:
    happened("the commune is founded")
    _join(c, happened)
    _decide(c, happened)
    _ask(c, happened)
    _fail(c, happened)
    _follow(c, happened)
    _recover(c, happened)
    _expel(c, happened)
    _change_the_law(c, happened)
    _go_and_come_back(c, happened)
    _sleep(c, happened)
    _decide_later(c, happened)
    keep_the_till(c, happened)
    draw_lots(c, happened)
    consent(c, happened)
    hold_offices(c, happened)
    work(c, happened)
    settle_conflicts(c, happened)


def _join(c: Commune, happened: Happened) -> None:
    p = c.people
    contested = c.apply(p[6], "I am Six")
    c.send(p[1], "admission", "vouch", contested)
    c.send(p[2], "admission", "vouch", contested)
    happened("six has vouches")
    c.send(p[3], "admission", "object", contested, text_hash("Six has never come to a meeting"))
    happened("six is voted on")
    vote = c.call("admission", "application", contested)[6]
    c.wait(60)
    for voter, support in ((p[1], FOR), (p[2], FOR), (p[3], AGAINST), (p[4], FOR)):
        c.send(voter, "assembly", "castBallot", vote, support, 1)
    c.to_end(vote)
    happened("six has won")
    action = c.data("admission", "admitByVote", contested)
    description = (
        f"Admission of applicant {contested}: text:0x{text_hash('I am Six').hex()}"
        f"#nonce={contested}#proposer={c.addresses['admission'].lower()}"
    )
    c.send(p[1], "assembly", "execute", [c.addresses["admission"]], [0], [action], text_hash(description))
    happened("six is a member")
    c.join(p[7], (p[3], p[4]))
    happened("seven joined without a vote")
    polling = Polling(c)
    for number in (*range(1, 6), 7):
        polling.register(p[number], number)
    happened("all but six have registered a key")
    withdrawn = c.apply(p[8], "I am Eight")
    c.send(p[8], "admission", "withdraw", withdrawn)
    lapsing = c.apply(p[9], "I am Nine")
    c.send(p[5], "admission", "vouch", lapsing)
    happened("eight withdrew, nine lacks a vouch")


def _decide(c: Commune, happened: Happened) -> None:
    p = c.people
    awards = [
        ("reputation", c.data("reputation", "award", who, FOOD, amount * POINT, 0, text_hash("work"), 0))
        for who, amount in ((3, 120), (4, 60))
    ]
    adopted = ("constitution", c.data("constitution", "adopt", text_hash("We cook on Fridays")))
    text = f"Thank the cooks\n\ntext:0x{text_hash('Why we thank the cooks').hex()}"
    draft = c.draft(p[1], *awards, adopted, text=text)
    proposal = c.sponsor(draft, (p[1], p[2]), FOOD)
    happened("a draft has sponsors")
    c.send(p[1], "assembly", "propose", *draft.arguments, draft.description)
    happened("a proposal is pending")
    c.to_voting(proposal)
    happened("voting began")
    c.send(p[1], "assembly", "castBallot", proposal, FOR, 5)
    c.send(p[2], "assembly", "castVoteWithReason", proposal, FOR, "They earned it")
    c.wait(3 * 3600 + 17)
    params = encode(["uint8"], [3])
    c.send(p[4], "assembly", "castVoteWithReasonAndParams", proposal, AGAINST, "Too much", params)
    good = c.signed_ballot(p[5], proposal, ABSTAIN, 2)
    bad = (*c.signed_ballot(p[3], proposal, FOR, 2)[:3], 9, good[4])
    c.send(p[0], "assembly", "castBallots", [good, bad])
    request = c.signed_request(
        p[3],
        "assembly",
        c.data("assembly", "castBallot", proposal, FOR, 2),
        nonce=2**255 + 7,
        deadline=c.now + DAY,
    )
    failing = c.signed_request(
        p[6], "docket", c.data("docket", "sponsor", 1, FOOD), nonce=3, deadline=c.now + DAY
    )
    c.send(p[0], "forwarder", "executeBatch", [request[0], failing[0]], [request[1], failing[1]])
    c.send(p[3], "forwarder", "cancel", 99)
    happened("ballots came by transaction, by signature and through the forwarder")
    c.to_end(proposal)
    happened("the proposal passed")
    c.send(p[5], "assembly", "queue", *draft.arguments, draft.text_hash)
    happened("it is queued")
    c.wait_until(c.call("assembly", "proposalEta", proposal) + 1)
    c.send(p[5], "assembly", "execute", *draft.arguments, draft.text_hash)
    happened("it is executed")


def _ask(c: Commune, happened: Happened) -> None:
    """Three polls, which go on while other things happen."""
    p, polling = c.people, Polling(c)
    oven, song = polling.open(), polling.open(SONG, 2, GENERAL, secret=True)
    banner = polling.open(BANNER, 3, GENERAL, secret=True, hidden=True)
    leaves = polling.leaves
    polling.register(p[6], 6)
    happened("an open and two secret polls opened, and six came too late for these")
    c.send(p[1], "polls", "cast", oven, ballot(3, 1))
    c.send(p[3], "polls", "cast", oven, 0)
    vote = c.data("polls", "cast", oven, ballot(0, 2, 2))
    request = c.signed_request(p[4], "polls", vote, nonce=404, deadline=c.now + DAY)
    c.send(p[0], "forwarder", "executeBatch", [request[0]], [request[1]])
    happened("three voted by name")
    for number, word in ((1, ballot(10)), (4, ballot(5, 5)), (7, 0)):
        proof = polling.proved(song, number, word, leaves)
        polling.cast_secret(p[20], song, proof, word)
    again = polling.proved(song, 4, ballot(0, 10), leaves)
    polling.cast_secret(p[20], song, again, ballot(0, 10))
    happened("three voted in secret, and one of them twice")
    for number, word in ((2, ballot(9, 1)), (5, ballot(0, 3, 4))):
        seal = polling.sealed(banner, number, word, bytes([number]) * 32)
        polling.cast_secret(p[20], banner, polling.proved(banner, number, seal, leaves), seal)
    happened("two sealed their ballots")


def _fail(c: Commune, happened: Happened) -> None:
    p = c.people
    music = ("constitution", c.data("constitution", "addTopic", "music"))
    ask = ("polls", open_call(c, "Which songs?", 2, GENERAL, secret=True, hidden=False))
    lost = c.draft(p[2], music, ask, text="Music")
    late = c.draft(p[3], ("constitution", c.data("constitution", "addTopic", "housing")), text="Housing")
    dropped = c.draft(p[4], ("constitution", c.data("constitution", "addTopic", "sport")), text="Sport")
    ids = [c.propose(lost, p[2], (p[2], p[3])), c.propose(late, p[3], (p[3], p[4]), FOOD)]
    ids.append(c.propose(dropped, p[4], (p[4], p[5])))
    forgotten = c.draft(p[5], ("constitution", c.data("constitution", "addTopic", "zoo")), text="A zoo")
    c.sponsor(forgotten, (p[1],))
    c.send(p[4], "assembly", "cancel", *dropped.arguments, dropped.text_hash)
    happened("one proposal is canceled, a draft waits for a second sponsor")
    c.to_voting(ids[0])
    c.send(p[1], "assembly", "castBallot", ids[0], AGAINST, 2)
    c.send(p[2], "assembly", "castVote", ids[0], FOR)
    c.send(p[3], "assembly", "castBallot", ids[0], AGAINST, 1)
    c.send(p[1], "assembly", "castBallot", ids[1], FOR, 1)
    c.send(p[2], "assembly", "castBallot", ids[1], FOR, 4)
    c.wait_until(c.call("assembly", "proposalDeadline", ids[1]) - 3_600)
    c.send(p[5], "assembly", "castBallot", ids[1], FOR, 1)
    happened("a late quorum extended a vote, another vote is lost")
    banner, polling = 3, Polling(c)
    nullifier = identity(5).nullifier(polling.scope(banner))
    c.send(p[20], "polls", "reveal", banner, nullifier, ballot(0, 3, 4), b"\5" * 32)
    happened("one of two sealed ballots is revealed, the other never")
    c.to_end(ids[1])
    happened("the extension is over")
    c.wait(31 * DAY)
    happened("nobody carried it out in time")


def _follow(c: Commune, happened: Happened) -> None:
    """In a proposal on food and a poll of general interest; members are people of the same numbers."""
    p, polling = c.people, Polling(c)
    for member_id, topic, to, *caps in (
        (3, FOOD, 1, 2, 30), (2, FOOD, 1, 2, 3), (5, FOOD, 2, 31, 500), (6, FOOD, 7, 1, 0),
        (7, FOOD, 6, 1, 0), (5, GENERAL, 4, 15, 100), (2, GENERAL, 4, 15, 1),
    ):  # fmt: skip
        c.send(p[member_id], "delegation", "delegate", topic, to, *caps)
    c.send(p[3], "delegation", "revoke", FOOD)
    c.wait(60)
    happened("five members delegate, and one has thought better of it")
    song = ("constitution", c.data("constitution", "adopt", text_hash("We sing on Fridays")))
    proposal = c.propose(c.draft(p[6], song, text="Songs"), p[6], (p[1], p[2]), FOOD)
    c.to_voting(proposal)
    c.send(p[1], "assembly", "castBallot", proposal, FOR, 4)
    feast = polling.open(FEAST, 3, GENERAL)
    c.send(p[4], "polls", "cast", feast, ballot(1, 2, 1))
    c.send(p[2], "delegation", "delegate", FOOD, 4, 1, 0)
    c.wait_until(c.call("assembly", "proposalDeadline", proposal) - DAY // 2)
    c.send(p[4], "assembly", "castBallot", proposal, AGAINST, 1)
    happened("one votes early, another on the last day, and two changes her mind too late for this vote")
    c.wait_until(polling.poll(feast)["votingEnd"] + 1)
    happened("direct voting is over in both")
    c.send(p[20], "delegation", "follow", proposal, [2, 5, 6, 3, 4, 2])
    c.send(p[20], "delegation", "followPoll", feast, [2, 5, 3])
    happened("two are followed for, and two in the poll were tried")
    c.to_end(proposal)
    happened("following is over, and followed ballots made no quorum")


def _recover(c: Commune, happened: Happened) -> None:
    p = c.people
    c.send(p[1], "recovery", "setGuardians", [2, 3, 4], 2)
    happened("one names guardians")
    c.wait(7 * DAY)
    happened("they are in force")
    c.send(p[2], "recovery", "support", 1, p[10].address)
    happened("one guardian supports")
    c.send(p[3], "recovery", "support", 1, p[10].address)
    happened("a recovery is scheduled")
    c.send(p[1], "recovery", "veto")
    happened("it is vetoed")
    for guardian in (p[2], p[3], p[4]):
        c.send(guardian, "recovery", "support", 1, p[11].address)
    happened("all three guardians insist")
    c.wait(7 * DAY)
    c.send(p[0], "recovery", "recover", 1)
    p[1] = p[11]
    happened("the membership moved")
    Polling(c).register(p[1], 1, key=2)
    happened("and has another key")
    c.send(p[4], "recovery", "setGuardians", [2, 3], 2)
    c.wait(8 * DAY)
    c.send(p[4], "recovery", "setGuardians", [], 0)
    c.send(p[2], "recovery", "support", 4, p[12].address)
    happened("support for another, whose guardians are to change")
    c.wait(10 * DAY)
    happened("the change of guardians took effect by itself")
    c.send(p[5], "recovery", "setGuardians", [1, 2, 3], 3)
    c.wait(8 * DAY)
    c.send(p[2], "recovery", "support", 5, p[12].address)
    c.wait(31 * DAY)
    happened("support lapsed")
    draft = c.draft(p[2], ("recovery", c.data("recovery", "recoverByVote", 5, p[13].address)))
    proposal = c.propose(draft, p[2], (p[2], p[3]))
    happened("a person vote opened")
    c.wait(60)
    for voter in (p[1], p[2], p[3], p[4]):
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    c.send(p[2], "assembly", "execute", *draft.arguments, draft.text_hash)
    p[5] = p[13]
    happened("a membership moved by vote")


def _expel(c: Commune, happened: Happened) -> None:
    p = c.people
    c.send(p[0], "credits", "open", [1, 3, 4])
    happened("the second season's budgets are opened, with a bonus for two")
    c.send(p[3], "docket", "requestHearing", 7, text_hash("Seven took the till"))
    happened("a hearing is asked for")
    c.send(p[5], "docket", "joinHearing", 1)
    happened("the hearing began")
    c.wait(7 * DAY)
    c.send(p[2], "docket", "openExpulsion", 1)
    proposal = c.call("docket", "hearing", 1)[5]
    happened("the vote on expulsion opened")
    c.wait(60)
    for voter in (p[1], p[2], p[3], p[4], p[5]):
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    grounds = text_hash("Seven took the till").hex()
    description = f"Expulsion of member 7: text:0x{grounds}#nonce=1#proposer={c.addresses['docket'].lower()}"
    action = c.data("membership", "expel", 7)
    c.send(p[1], "assembly", "execute", [c.addresses["membership"]], [0], [action], text_hash(description))
    happened("seven is expelled, and who vouched pays")
    c.send(p[1], "docket", "requestHearing", 6, text_hash("Six snores"))
    happened("another hearing is asked for")


def _change_the_law(c: Commune, happened: Happened) -> None:
    p = c.people
    changes = [
        ("constitution", c.data("constitution", "setParameter", b"season.length".ljust(32, b"\0"), 60 * DAY)),
        ("constitution", c.data("constitution", "setParameter", b"credits.base".ljust(32, b"\0"), 150)),
        ("constitution", c.data("constitution", "setDaoURI", "https://node.example/v1/dao")),
        ("constitution", c.data("constitution", "setCodeHashRefusal", text_hash("code"), True)),
        ("assembly", c.data("assembly", "setFollower", p[20].address)),
        ("assembly", c.data("assembly", "setOpener", p[21].address, True)),
        ("powers", c.data("powers", "grantRole", 6, p[22].address, 3_600)),
    ]
    draft = c.draft(p[3], *changes, text="Shorter seasons")
    proposal = c.propose(draft, p[3], (p[3], p[4]))
    c.to_voting(proposal)
    for voter in (p[1], p[2], p[3], p[4], p[5]):
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    c.carry_out(draft)
    happened("the constitution changed")
    undo = [
        ("assembly", c.data("assembly", "setFollower", "0x" + "00" * 20)),
        ("assembly", c.data("assembly", "setOpener", p[21].address, False)),
        ("powers", c.data("powers", "revokeRole", 6, p[22].address)),
    ]
    draft = c.draft(p[3], *undo, text="Nobody follows yet")
    proposal = c.propose(draft, p[3], (p[3], p[4]))
    c.to_voting(proposal)
    for voter in (p[1], p[2], p[3], p[4], p[5]):
        c.send(voter, "assembly", "castBallot", proposal, FOR, 1)
    c.to_end(proposal)
    c.carry_out(draft)
    happened("and powers were withdrawn again")


def _go_and_come_back(c: Commune, happened: Happened) -> None:
    p = c.people
    c.send(p[6], "membership", "leave")
    happened("six left")
    c.join(p[6], (p[2], p[3]))
    happened("six is back")
    Polling(c).register(p[6], 6)
    Polling(c).register(p[2], 2, key=2)
    happened("six has the old key again, two a new one")
    again = c.apply(p[7], "I am Seven, and sorry")
    for voucher in (p[1], p[4]):
        c.send(voucher, "admission", "vouch", again)
    happened("seven, once expelled, is voted on at once")
    c.wait(4 * DAY)
    happened("and nobody came to the vote")


def _sleep(c: Commune, happened: Happened) -> None:
    p = c.people
    c.wait(340 * DAY)
    for voter in (p[1], p[2], p[3]):
        attester = p[4]
        member = c.member_id(voter)
        deadline = c.now + DAY
        signature = c.attestation(member, attester, deadline)
        c.send(voter, "presence", "checkIn", c.member_id(attester), deadline, signature)
    happened("three checked in")
    c.wait(20 * DAY)
    c.send(p[2], "presence", "giveNotice", 5)
    happened("notice is given about five")
    c.wait(14 * DAY)
    c.send(p[2], "presence", "markDormant", 5)
    happened("five is dormant")
    deadline = c.now + DAY
    signature = c.attestation(5, p[2], deadline)
    c.send(p[5], "presence", "checkIn", 2, deadline, signature)
    happened("five is awake again")
    c.send(p[2], "presence", "giveNotice", 4)
    c.wait(15 * DAY)
    c.send(p[2], "presence", "markDormant", 4)
    happened("four is dormant")


def _decide_later(c: Commune, happened: Happened) -> None:
    """A year on, with what reputation is left, in a later season."""
    p = c.people
    award = ("reputation", c.data("reputation", "award", 2, GENERAL, 190 * POINT, 0, text_hash("care"), 3))
    draft = c.draft(p[1], award, text="For care")
    proposal = c.propose(draft, p[1], (p[1], p[2]))
    c.to_voting(proposal)
    c.send(p[1], "assembly", "castBallot", proposal, FOR, 7)
    c.send(p[2], "assembly", "castBallot", proposal, ABSTAIN, 1)
    with pytest.raises(Reverted):
        c.send(p[3], "assembly", "castBallot", proposal, FOR, 31)
    c.send(p[3], "assembly", "castBallot", proposal, FOR, 3)
    c.send(p[0], "credits", "open", [1, 2, 5])
    happened("a later season's budgets are opened")
    c.to_end(proposal)
    c.carry_out(draft)
    happened("reputation by confirmation")
    c.wait(100 * DAY)
    happened("and it faded")
