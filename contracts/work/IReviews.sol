// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Reviews: work is confirmed by members who were drawn
/// @notice A delivery is reviewed by two members drawn from all who are active and out of probation, and neither hold nor
/// did a seat of the assignment, have a share in the delivery, nor vouched for one of those. Both must accept it, each with
/// a mark; the award is the mean of their marks. If one asks for rework, the work goes back, at most `work.reworkRounds`
/// times, to the same reviewers. After that, if they disagree, a third is drawn, and two of three decide; the award is then
/// the mean of the marks of those who accept. Work that is not accepted has failed, and the seat is open again. Reviewers
/// earn a little for answering in time, once in a review; who does not is replaced by a new draw and gets a small penalty,
/// which waits (see `IPenalties`). If nobody can be drawn, a vote decides, or a later draw; if only one can, one decides,
/// except where others have a share: they must not be named in order to be out of the way.
///
/// Each accepting reviewer confirms an equal part of the award: their season's budget, the cap of the one who worked and the
/// discount for repeated pairs hold (see `IReputation`). Of a budget that is used up only the rest is given. A reviewer who
/// is no active member any more confirms nothing; their part is the commune's.
///
/// A shift is confirmed by one member out of probation who was there: not a voucher of who worked, and not who confirmed
/// their last one. What a member can confirm in this way rests on what they have earned: in a season, the larger of
/// `work.confirmBase` points and a quarter of their own total score when it began.
///
/// What was concluded by reviewers can be overturned by a panel (see `ICasePanels`), if a case names it within
/// `work.challenge`; what a vote concluded cannot.
/// @dev Who is drawn: `Shuffle.at(number, i, pool)` for i = 0, 1, ... gives each memberId - 1 of 0..pool-1 once, in an order
/// that the draw's number fixes; those who cannot review are passed over. Pool and text of the draw are both keccak256 of
/// the UTF-8 text "Reviewers of review 7: members 1 to 40".
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
    /// @param until the last second in which the reviewers answer, or in which a stuck review waits
    /// @param wanted how many reviewers are asked: 2, or 3 once those of the last round disagreed
    /// @param concludedAt when it was accepted or failed, or 0
    /// @param shareBps how much of the reward was given
    /// @param byVote whether a vote concluded it
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
        uint8 wanted;
        uint48 concludedAt;
        uint16 shareBps;
        bool byVote;
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
    /// @notice Who reviews it, or is vouched for by who does, has no part in what is delivered again.
    error ReviewsShareOfReviewer(uint32 memberId, uint32 reviewer);
    error ReviewsNotATask(uint32 assignmentId);
    error ReviewsNotAShift(uint32 assignmentId);
    error ReviewsWrongState(uint32 reviewId, ReviewState state);
    error ReviewsNotCaptured(uint32 reviewId, uint32 drawId);
    error ReviewsNotDrawn(uint32 reviewId, address account);
    error ReviewsByAssignee(uint32 reviewId, uint32 memberId);
    error ReviewsTwice(uint32 reviewId, uint32 memberId);
    error ReviewsLate(uint32 reviewId, uint48 until);
    error ReviewsBadVerdict(Verdict verdict, uint8 mark);
    error ReviewsEmptyText();
    error ReviewsAnswersDue(uint32 reviewId, uint48 until);
    error ReviewsStillInRework(uint32 reviewId);
    error ReviewsShare(uint256 shareBps, uint256 least, uint256 most);
    error ReviewsOwnShift(uint32 memberId);
    error ReviewsByVoucher(uint32 memberId, uint32 voucher);
    error ReviewsSameConfirmerTwice(uint32 memberId, uint32 confirmer);
    error ReviewsConfirmWindow(uint48 from, uint48 until);
    error ReviewsNothingToConfirmWith(uint32 confirmer, uint256 amount, uint256 left);
    error ReviewsNotConcluded(uint32 reviewId, ReviewState state);

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
    /// @param shares the parts of all who worked on it, at most 4 active members, at least 500 each, adding up to 10,000;
    /// empty where the holder gets all
    function deliver(
        uint32 assignmentId,
        uint8 seat,
        bytes32 evidence,
        Share[] calldata shares
    ) external returns (uint32 reviewId);

    /// @notice Asks the reviewers that the captured draw gives. Anyone; goes on where it stopped if it has to pass over many.
    function seatReviewers(uint32 reviewId) external;

    /// @notice Gives one's verdict. A member who was drawn, and took no seat of the assignment since; in time, once a round.
    /// @param mark 1 to 100 (percent of the reward) to accept, 0 to ask for rework
    /// @param text keccak256 of the UTF-8 text that says why
    function review(uint32 reviewId, Verdict verdict, uint8 mark, bytes32 text) external;

    /// @notice Replaces reviewers who did not answer in time, or are no active members out of probation any more; draws again
    /// where nobody was found, `review.window` after that. Anyone.
    function redraw(uint32 reviewId) external;

    /// @notice Closes a review whose seat was taken from its holder while in rework. Anyone.
    function abandon(uint32 reviewId) external;

    /// @notice Concludes a review that waits for reviewers, or for their answers, by vote. Restricted (ordinary).
    /// @param shareBps how much of the reward, 0 where the work is not accepted
    function decide(uint32 reviewId, uint16 shareBps) external;

    /// @notice Overturns what was concluded. Restricted (a case's panel). Accepted work: takes what was awarded, as far as it is
    /// there; failed work: awards the whole reward to who delivered it. The reviewers whose verdict it was lose
    /// `review.overturned` points.
    function overturn(uint32 reviewId) external;

    /// @notice Confirms that a member did their shift, from its start until `work.confirmWindow` after its end.
    function confirmShift(uint32 assignmentId, uint8 seat) external;

    function reviewCount() external view returns (uint32);
    function reviewOf(uint32 reviewId) external view returns (Review memory);
    /// @notice Who was drawn and not replaced, with their verdicts of this round.
    function reviewersOf(uint32 reviewId) external view returns (Reviewer[] memory);
    /// @notice The parts of the last delivery; the holder's alone where none were named.
    function sharesOf(uint32 reviewId) external view returns (Share[] memory);
    /// @notice The review of a seat's last delivery, or 0.
    function lastReviewOf(uint32 assignmentId, uint8 seat) external view returns (uint32 reviewId);
    /// @notice Until when a case can be opened about what was concluded; 0 where a vote concluded it. Reverts before it is
    /// concluded, and once it is overturned.
    function challengeableUntil(uint32 reviewId) external view returns (uint48);
    /// @notice What a member can still confirm of shifts this season, micro-points.
    function shiftConfirmationLeft(uint32 memberId) external view returns (uint256);
}
