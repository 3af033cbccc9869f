"""What people do over and over in these tests about reviews: deliver, draw, review, fall silent."""

from brownie import accounts, web3

from backend.draws import shuffle
from scripts import commune as communes
from tests.contracts.clock import mine_at, now
from tests.contracts.membership.steps import acting_as, admit_directly
from tests.contracts.people import DAY, member_id, person, wait
from tests.contracts.work.steps import Brief, capture, opened, taken

EVIDENCE = "0x" + communes.text_hash("The hall, painted: pictures 1 to 4")
MORE_EVIDENCE = "0x" + communes.text_hash("The second coat: pictures 5 and 6")
REMARK = "0x" + communes.text_hash("Well done.")
NOTHING = b"\0" * 32
# IReviews.ReviewState
UNKNOWN, DRAWING, REVIEWING, IN_REWORK, STUCK, ACCEPTED, NOT_ACCEPTED, ABANDONED, OVERTURNED = range(9)
# IReviews.Verdict
NONE, ACCEPT, ASK_REWORK = range(3)
# Reason in contracts/reputation/IReputation.sol
ASSIGNMENT, REVIEW = 2, 3
# review.window, review.reward, review.silence, review.overturned, work.reworkRounds, work.challenge
WINDOW, CHALLENGE = 3 * DAY, 30 * DAY
REWARD, SILENCE, OVERTURNED_LOSS = 10**6, 10**6, 10 * 10**6
REWORK_ROUNDS = 2


def anyone():
    return {"from": accounts[0]}


def grown(commune, *indices):
    """People admitted without vouchers, and out of probation by now."""
    people = [person(index) for index in indices]
    admit_directly(commune, *people)
    wait(91 * DAY)
    return people


def person_of(commune, member):
    """Who holds a membership."""
    addresses = [str(account) for account in accounts]
    return person(addresses.index(str(commune.membership.accountOf(member))))


def state_of(commune, review):
    return commune.reviews.reviewOf(review)["state"]


def delivers(commune, assignment, who, seat=1, shares=(), evidence=EVIDENCE):
    """Deliver; returns the review's id."""
    tx = commune.reviews.deliver(assignment, seat, evidence, list(shares), who.tx)
    return tx.events["Delivered"]["reviewId"]


def drawn(commune, review):
    """Wait for the draw and seat reviewers, as often as it takes; returns the last transaction."""
    draw = commune.reviews.reviewOf(review)["drawId"]
    capture(commune, draw)
    tx = commune.reviews.seatReviewers(review, anyone())
    while state_of(commune, review) == DRAWING and commune.reviews.reviewOf(review)["drawId"] == draw:
        tx = commune.reviews.seatReviewers(review, anyone())
    return tx


def reviewers(commune, review):
    """Who is drawn, as people."""
    return [person_of(commune, r["memberId"]) for r in commune.reviews.reviewersOf(review)]


def under_review(commune, who, brief=None, shares=()):
    """Work that `who` has delivered and that reviewers were drawn for: the assignment, the review, them."""
    assignment = opened(commune, brief or Brief())
    seat = taken(commune, assignment, who)
    review = delivers(commune, assignment, who, seat, shares)
    drawn(commune, review)
    return assignment, review, reviewers(commune, review)


def says(commune, review, who, verdict=ACCEPT, mark=None):
    """Review; a mark of 100 where it is accepted."""
    mark = (100 if verdict == ACCEPT else 0) if mark is None else mark
    return commune.reviews.review(review, verdict, mark, REMARK, who.tx)


def all_say(commune, review, *verdicts):
    """The verdicts of those who were drawn, in their order; returns the last transaction."""
    for who, verdict in zip(reviewers(commune, review), verdicts, strict=True):
        tx = says(commune, review, who, verdict)
    return tx


def window_over(commune, review):
    """Go to the first second in which answers are late."""
    mine_at(max(now(), commune.reviews.reviewOf(review)["until"]) + 1)


def sent_back(commune, assignment, review, who, seat=1):
    """Both ask for rework, and `who` delivers again."""
    all_say(commune, review, ASK_REWORK, ASK_REWORK)
    delivers(commune, assignment, who, seat, evidence=MORE_EVIDENCE)


def to_last_round(commune, assignment, review, who):
    for _ in range(REWORK_ROUNDS):
        sent_back(commune, assignment, review, who)


def order_of(commune, review):
    """The memberIds in the order of the review's draw, worked out from its number."""
    r = commune.reviews.reviewOf(review)
    number = commune.draws.draw(r["drawId"])["number"]
    return [x + 1 for x in shuffle.order(number, r["pool"])]


def draw_text(review, pool):
    return "0x" + bytes(web3.keccak(text=f"Reviewers of review {review}: members 1 to {pool}")).hex()


def set_parameter(commune, name, value):
    """Set a number of the constitution, as a decision does."""
    commune.constitution.setParameter(communes.bytes32(name), value, acting_as(commune.timelock))


def score(commune, who, topic):
    return commune.reputation.score(member_id(commune, who), topic)
