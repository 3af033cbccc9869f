// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Reviews: work is confirmed by members who were drawn
/// @notice A delivery is reviewed by two members drawn from all who are active and out of probation, and neither hold nor
/// delivered a seat of the assignment, have a share in the delivery, nor vouched for one of those. Both must accept it, each
/// with a mark; the award is the mean of their marks. If one asks for rework, the work goes back, at most
/// `work.reworkRounds` times, to the same reviewers; after that such a verdict means that it failed, and the seat is open
/// again. Reviewers earn a little for answering in time; who does not is replaced by a new draw and gets a small penalty,
/// which waits (see `IPenalties`). If nobody can be drawn, a vote decides, or a later draw.
///
/// Each accepting reviewer confirms half of the award: their season's budget, the cap of the one who worked and the discount
/// for repeated pairs hold (see `IReputation`). Of a budget that is used up only the rest is given.
///
/// A shift is confirmed by one member out of probation who was there: not a voucher of who worked, and not who confirmed
/// their last one. What a member can confirm in this way rests on what they have earned: in a season, the larger of
/// `work.confirmBase` points and their own total score when it began.
///
/// What was concluded can be overturned by a panel (see `ICasePanels`), if a case names it within `work.challenge`.
/// @dev Who is drawn: `Shuffle.at(number, i, pool)` for i = 0, 1, ... gives each memberId - 1 of 0..pool-1 once, in an order
/// that the draw's number fixes; those who cannot review are passed over.
interface IReviews {
    /// @notice Where a review stands. `Drawing`: reviewers are missing; `Stuck`: the draw found nobody else.
    enum ReviewState {
        Unknown,
        Drawing,
        Reviewing,
        Rework,
        Stuck,
        Accepted,
        Failed,
        Abandoned,
        Overturned
    }

    enum Verdict {
        None,
        Accept,
        Rework
    }

    /// @notice A part of a delivery's award. Parts add up to 10,000.
    struct Share {
        uint32 memberId;
        uint16 bps;
    }

    /// @param memberId who delivered
    /// @param round from 1; one more for each delivery after rework
    /// @param evidence keccak256 of the UTF-8 text that shows the work, of this round
    /// @param pool memberIds 1 to this one are drawn from
    /// @param cursor how many places of the shuffle were looked at
    /// @param until the last second in which the reviewers answer
    /// @param concludedAt when it was accepted or failed, or 0
    /// @param shareBps how much of the reward was given
    struct Review {
        uint32 assignmentId;
        uint8 seat;
        uint32 memberId;
        uint8 round;
        ReviewState state;
        uint32 drawId;
        uint32 pool;
        uint32 cursor;
        uint48 until;
        uint48 concludedAt;
        uint16 shareBps;
        bytes32 evidence;
    }

    /// @param mark percent of the reward, 1 to 100, of an accepting verdict
    struct Reviewer {
        uint32 memberId;
        Verdict verdict;
        uint8 mark;
    }

    error ReviewsUnknown(uint32 reviewId);
    error ReviewsEmptyEvidence();
    error ReviewsShares(uint256 shares, uint256 limit);
    error ReviewsSharesSum(uint256 bps);
    error ReviewsShareTwice(uint32 memberId);
    error ReviewsShareOfNoMember(uint32 memberId);
    error ReviewsNotATask(uint32 assignmentId);
    error ReviewsNotAShift(uint32 assignmentId);
    error ReviewsWrongState(uint32 reviewId, ReviewState state);
    error ReviewsNotDrawn(uint32 reviewId, address account);
    error ReviewsTwice(uint32 reviewId, uint32 memberId);
    error ReviewsLate(uint32 reviewId, uint48 until);
    error ReviewsBadVerdict(Verdict verdict, uint8 mark);
    error ReviewsEmptyText();
    error ReviewsAnswersDue(uint32 reviewId, uint48 until);
    error ReviewsShare(uint256 shareBps);
    error ReviewsOwnShift(uint32 memberId);
    error ReviewsByVoucher(uint32 memberId, uint32 voucher);
    error ReviewsSameConfirmerTwice(uint32 memberId, uint32 confirmer);
    error ReviewsConfirmWindow(uint48 from, uint48 until);
    error ReviewsNothingToConfirmWith(uint32 confirmer, uint256 amount, uint256 left);
    error ReviewsNotConcluded(uint32 reviewId);

    event Delivered(
        uint32 indexed reviewId,
        uint32 indexed assignmentId,
        uint32 indexed memberId,
        uint8 seat,
        uint8 round,
        bytes32 evidence,
        Share[] shares
    );
    /// @notice Reviewers are to be drawn from memberIds 1 to `pool`.
    event ReviewersWanted(uint32 indexed reviewId, uint32 indexed drawId, uint32 pool);
    /// @notice Somebody was drawn, or is asked again after rework.
    event ReviewerAsked(uint32 indexed reviewId, uint32 indexed memberId, uint48 until);
    event ReviewStuck(uint32 indexed reviewId);
    event Reviewed(
        uint32 indexed reviewId,
        uint32 indexed memberId,
        uint8 round,
        Verdict verdict,
        uint8 mark,
        bytes32 text
    );
    /// @param penaltyId what they may lose, or 0 for who is no active member any more
    event ReviewerReplaced(uint32 indexed reviewId, uint32 indexed memberId, uint32 penaltyId);
    event ReworkAsked(uint32 indexed reviewId, uint8 round);
    /// @param state Accepted, Failed or Abandoned (the seat was reopened while in rework)
    event ReviewConcluded(uint32 indexed reviewId, ReviewState state, uint16 shareBps, bool byVote);
    event ReviewOverturned(uint32 indexed reviewId);
    event ShiftConfirmed(
        uint32 indexed assignmentId,
        uint8 indexed seat,
        uint32 indexed memberId,
        uint32 confirmer,
        uint64 amount
    );

    /// @notice Delivers the work of a seat. Who holds it. After rework the same review goes on.
    /// @param evidence keccak256 of the UTF-8 text that shows the work
    /// @param shares who else worked on it, at most 4, adding up to 10,000; empty where the holder gets all
    function deliver(
        uint32 assignmentId,
        uint8 seat,
        bytes32 evidence,
        Share[] calldata shares
    ) external returns (uint32 reviewId);

    /// @notice Asks the reviewers that the captured draw gives. Anyone; goes on where it stopped if it has to pass over many.
    function seatReviewers(uint32 reviewId) external;

    /// @notice Gives one's verdict. A member who was drawn, in time, once a round; out of their hands from then on.
    /// @param mark 1 to 100 (percent of the reward) to accept, 0 to ask for rework
    /// @param text keccak256 of the UTF-8 text that says why
    function review(uint32 reviewId, Verdict verdict, uint8 mark, bytes32 text) external;

    /// @notice Replaces reviewers who did not answer in time, or are no active members any more; draws again where nobody was
    /// found. Anyone.
    function redraw(uint32 reviewId) external;

    /// @notice Closes a review whose seat was taken from its holder while in rework. Anyone.
    function abandon(uint32 reviewId) external;

    /// @notice Concludes a review by vote. Restricted (ordinary).
    /// @param shareBps how much of the reward, 0 where the work is not accepted
    function decide(uint32 reviewId, uint16 shareBps) external;

    /// @notice Overturns what was concluded. Restricted (a case's panel). Accepted work: takes back what was awarded; failed
    /// work: awards the reward to who delivered it. The reviewers whose verdict it was lose `review.overturned` points.
    function overturn(uint32 reviewId) external;

    /// @notice Confirms that a member did their shift, from its start until `work.confirmWindow` after its end.
    function confirmShift(uint32 assignmentId, uint8 seat) external;

    function reviewCount() external view returns (uint32);
    function reviewOf(uint32 reviewId) external view returns (Review memory);
    function reviewersOf(uint32 reviewId) external view returns (Reviewer[] memory);
    function sharesOf(uint32 reviewId) external view returns (Share[] memory);
    /// @notice The review of a seat's last delivery, or 0.
    function lastReviewOf(uint32 assignmentId, uint8 seat) external view returns (uint32 reviewId);
    /// @notice Until when a case can be opened about what was concluded; reverts before it is.
    function challengeableUntil(uint32 reviewId) external view returns (uint48);
    /// @notice What a member can still confirm of shifts this season, micro-points.
    function shiftConfirmationLeft(uint32 memberId) external view returns (uint256);
}
