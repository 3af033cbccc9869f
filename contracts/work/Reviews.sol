// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IDraws} from "../draws/IDraws.sol";
import {Shuffle} from "../draws/Shuffle.sol";
import {IAdmission} from "../membership/IAdmission.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IPenalties} from "../reputation/IPenalties.sol";
import {IReputation, Reason} from "../reputation/IReputation.sol";
import {IAssignments} from "./IAssignments.sol";
import {IReviews} from "./IReviews.sol";

/// @title Reviews
/// @dev Over 400 lines: what is drawn, said and concluded is one thing, and its parts would have to trust each other.
///
/// A seat is `Delivered` exactly while its last review draws, is being reviewed or is stuck, and `Rework` only while that
/// review is: so that what the assignments are told is never refused. Nothing that a person does or is may keep a review
/// from being concluded: of a used-up budget the rest is given, and a confirmer who is gone is none.
contract Reviews is IReviews, Module {
    uint256 private constant BPS = 10_000;
    /// @dev Micro-points in a point.
    uint256 private constant POINT = 1e6;
    uint8 private constant REVIEWERS = 2;
    uint256 private constant MOST_SHARES = 4;
    /// @dev Whoever is named as having worked cannot review: it costs who names them.
    uint256 private constant LEAST_SHARE = 500;
    /// @dev How many places of the shuffle are looked at in one call.
    uint256 private constant MOST_PLACES = 64;
    /// @dev Of what a member has earned, the part that they can confirm of shifts: with more than a half, those who confirm
    /// one another would grow for ever.
    uint256 private constant CONFIRMABLE_PART = 4;

    /// @notice What was confirmed in the season it was last changed in.
    struct SeasonSum {
        uint32 season;
        uint64 amount;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IAdmission private immutable _admission;
    IReputation private immutable _reputation;
    IDraws private immutable _draws;
    IAssignments private immutable _assignments;
    IPenalties private immutable _penalties;

    /// @inheritdoc IReviews
    uint32 public reviewCount;

    mapping(uint32 reviewId => Review) private _reviews;
    /// @dev Who was drawn and not replaced.
    mapping(uint32 reviewId => Reviewer[]) private _reviewers;
    mapping(uint32 reviewId => Share[]) private _shares;
    /// @dev What each share really brought, once accepted.
    mapping(uint32 reviewId => uint64[] amounts) private _awarded;
    mapping(uint32 reviewId => mapping(uint32 memberId => bool)) private _wasSilent;
    mapping(uint32 reviewId => mapping(uint32 memberId => bool)) private _wasRewarded;

    /// @inheritdoc IReviews
    mapping(uint32 assignmentId => mapping(uint8 seat => uint32 reviewId)) public lastReviewOf;

    mapping(uint32 memberId => uint32 confirmer) private _lastConfirmer;
    mapping(uint32 confirmer => SeasonSum) private _shiftsConfirmed;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IAdmission admission,
        IReputation reputation,
        IDraws draws,
        IAssignments assignments,
        IPenalties penalties
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _admission = admission;
        _reputation = reputation;
        _draws = draws;
        _assignments = assignments;
        _penalties = penalties;
    }

    // ------------------------------------------------------------------ delivering

    /// @inheritdoc IReviews
    function deliver(
        uint32 assignmentId,
        uint8 seat,
        bytes32 evidence,
        Share[] calldata shares
    ) external returns (uint32 reviewId) {
        if (evidence == 0) revert ReviewsEmptyEvidence();
        if (_work(assignmentId).kind != IAssignments.Kind.Task) revert ReviewsNotATask(assignmentId);
        bool again = _isInRework(assignmentId, seat);
        uint32 memberId = _assignments.markDelivered(assignmentId, seat, _msgSender());
        reviewId = lastReviewOf[assignmentId][seat];
        if (!again) {
            if (_reviews[reviewId].state == ReviewState.Rework) _abandon(reviewId);
            reviewId = _open(assignmentId, seat, memberId);
        }

        Review storage r = _reviews[reviewId];
        // A round more for each rework, of which a parameter allows a few.
        uint8 round = ++r.round;
        r.evidence = evidence;
        _setShares(reviewId, memberId, shares);
        emit Delivered(reviewId, assignmentId, memberId, seat, round, evidence, _shares[reviewId]);
        if (again) _askAgain(reviewId);
        else _draw(reviewId);
    }

    function _open(uint32 assignmentId, uint8 seat, uint32 memberId) private returns (uint32 reviewId) {
        reviewId = ++reviewCount;
        lastReviewOf[assignmentId][seat] = reviewId;
        Review storage r = _reviews[reviewId];
        r.assignmentId = assignmentId;
        r.seat = seat;
        r.memberId = memberId;
        r.wanted = REVIEWERS;
    }

    function _setShares(uint32 reviewId, uint32 memberId, Share[] calldata shares) private {
        delete _shares[reviewId];
        Share[] storage kept = _shares[reviewId];
        uint256 count = shares.length;
        if (count == 0) {
            kept.push(Share({memberId: memberId, bps: uint16(BPS)}));
            return;
        }
        if (count > MOST_SHARES) revert ReviewsShares(count, MOST_SHARES);
        uint256 sum;
        for (uint256 i; i < count; ++i) {
            Share calldata s = shares[i];
            if (s.bps < LEAST_SHARE || s.bps > BPS) revert ReviewsShare(s.bps, LEAST_SHARE, BPS);
            for (uint256 j; j < i; ++j) {
                if (shares[j].memberId == s.memberId) revert ReviewsShareTwice(s.memberId);
            }
            if (_membership.statusOf(s.memberId) != Status.Active) revert ReviewsShareOfNoMember(s.memberId);
            _requireNoReviewers(reviewId, s.memberId);
            sum += s.bps;
            kept.push(s);
        }
        if (sum != BPS) revert ReviewsSharesSum(sum);
    }

    /// @dev Of a delivery after rework, whose reviewers are known.
    function _requireNoReviewers(uint32 reviewId, uint32 memberId) private view {
        Reviewer[] storage reviewers = _reviewers[reviewId];
        for (uint256 i; i < reviewers.length; ++i) {
            uint32 reviewer = reviewers[i].memberId;
            if (reviewer == memberId || _admission.isVoucherOf(reviewer, memberId)) {
                revert ReviewsShareOfReviewer(memberId, reviewer);
            }
        }
    }

    /// @inheritdoc IReviews
    function abandon(uint32 reviewId) external {
        Review storage r = _in(reviewId, ReviewState.Rework);
        if (_isInRework(r.assignmentId, r.seat)) revert ReviewsStillInRework(reviewId);
        _abandon(reviewId);
    }

    function _abandon(uint32 reviewId) private {
        _reviews[reviewId].state = ReviewState.Abandoned;
        emit ReviewConcluded(reviewId, ReviewState.Abandoned, 0, false);
    }

    function _isInRework(uint32 assignmentId, uint8 seat) private view returns (bool) {
        return _assignments.seatOf(assignmentId, seat).state == IAssignments.SeatState.Rework;
    }

    // ------------------------------------------------------------------ drawing reviewers

    /// @dev The pool is fixed before the block whose hash decides.
    function _draw(uint32 reviewId) private {
        uint32 pool = _membership.memberCount();
        bytes32 text = keccak256(
            bytes.concat(
                "Reviewers of review ",
                bytes(Strings.toString(reviewId)),
                ": members 1 to ",
                bytes(Strings.toString(pool))
            )
        );
        uint32 drawId = _draws.open(text, pool, text);
        Review storage r = _reviews[reviewId];
        r.state = ReviewState.Drawing;
        r.drawId = drawId;
        r.pool = pool;
        r.cursor = 0;
        emit ReviewersWanted(reviewId, drawId, pool);
    }

    /// @inheritdoc IReviews
    function seatReviewers(uint32 reviewId) external {
        Review storage r = _in(reviewId, ReviewState.Drawing);
        IDraws.Draw memory d = _draws.draw(r.drawId);
        if (d.blockHash == 0) revert ReviewsNotCaptured(reviewId, r.drawId);
        uint32[] memory workers = _workers(reviewId, r.assignmentId);
        uint32[][] memory vouchers = new uint32[][](workers.length);
        for (uint256 i; i < workers.length; ++i) vouchers[i] = _admission.vouchersOfMember(workers[i]);

        Reviewer[] storage reviewers = _reviewers[reviewId];
        (uint256 count, uint256 wanted, uint256 pool, uint256 place) = (reviewers.length, r.wanted, r.pool, r.cursor);
        uint256 end = Math.min(pool, place + MOST_PLACES);
        for (; count < wanted && place < end; ++place) {
            // Below the pool, which has 32 bits, as has the place.
            uint32 memberId = uint32(Shuffle.at(d.number, place, pool)) + 1;
            if (!_membership.isFull(memberId) || _wasSilent[reviewId][memberId]) continue;
            if (_placeOf(reviewers, memberId) < count || _isConcerned(workers, vouchers, memberId)) continue;
            reviewers.push(Reviewer({memberId: memberId, verdict: Verdict.None, mark: 0}));
            ++count;
        }
        r.cursor = uint32(place);
        if (count == wanted) _ask(reviewId);
        else if (place == pool) _settleFor(reviewId, count);
    }

    /// @dev Nobody else can be drawn. One reviewer is enough for work that nobody but its holder has a share in.
    function _settleFor(uint32 reviewId, uint256 count) private {
        Review storage r = _reviews[reviewId];
        Share[] storage shares = _shares[reviewId];
        bool alone = shares.length == 1 && shares[0].memberId == r.memberId;
        if (count == 1 && r.wanted == REVIEWERS && alone) {
            _ask(reviewId);
            return;
        }
        r.state = ReviewState.Stuck;
        r.until = _windowEnd();
        emit ReviewStuck(reviewId);
    }

    /// @dev Asks those who have not answered; there may be none where a silent one was not replaced.
    function _ask(uint32 reviewId) private {
        Review storage r = _reviews[reviewId];
        Reviewer[] storage reviewers = _reviewers[reviewId];
        uint48 until = _windowEnd();
        bool isAsked;
        r.state = ReviewState.Reviewing;
        r.until = until;
        for (uint256 i; i < reviewers.length; ++i) {
            if (reviewers[i].verdict != Verdict.None) continue;
            isAsked = true;
            emit ReviewerAsked(reviewId, reviewers[i].memberId, until);
        }
        if (!isAsked) _conclude(reviewId);
    }

    function _askAgain(uint32 reviewId) private {
        Reviewer[] storage reviewers = _reviewers[reviewId];
        for (uint256 i; i < reviewers.length; ++i) {
            (reviewers[i].verdict, reviewers[i].mark) = (Verdict.None, 0);
        }
        _ask(reviewId);
    }

    /// @inheritdoc IReviews
    function redraw(uint32 reviewId) external {
        Review storage r = _known(reviewId);
        ReviewState current = r.state;
        if (current != ReviewState.Reviewing && current != ReviewState.Stuck) {
            revert ReviewsWrongState(reviewId, current);
        }
        bool isOver = block.timestamp > r.until;
        bool changed = _replace(reviewId, r, current == ReviewState.Reviewing && isOver);
        if (!changed && (current == ReviewState.Reviewing || !isOver)) revert ReviewsAnswersDue(reviewId, r.until);
        _draw(reviewId);
    }

    /// @dev Drops reviewers without a verdict who are late, or can give none any more.
    function _replace(uint32 reviewId, Review storage r, bool isLate) private returns (bool changed) {
        Reviewer[] storage reviewers = _reviewers[reviewId];
        for (uint256 i = reviewers.length; i > 0; --i) {
            uint32 memberId = reviewers[i - 1].memberId;
            if (reviewers[i - 1].verdict != Verdict.None) continue;
            if (!isLate && _membership.isFull(memberId)) continue;
            changed = true;
            reviewers[i - 1] = reviewers[reviewers.length - 1];
            reviewers.pop();
            uint32 penaltyId;
            if (isLate) {
                _wasSilent[reviewId][memberId] = true;
                penaltyId = _impose(r, memberId);
            }
            emit ReviewerReplaced(reviewId, memberId, penaltyId);
        }
    }

    function _impose(Review storage r, uint32 memberId) private returns (uint32 penaltyId) {
        uint64 amount = _points(Parameters.REVIEW_SILENCE);
        if (amount == 0 || _membership.statusOf(memberId) != Status.Active) return 0;
        return _penalties.impose(memberId, _work(r.assignmentId).topic, amount, Reason.Review, r.evidence);
    }

    // ------------------------------------------------------------------ verdicts

    /// @inheritdoc IReviews
    function review(uint32 reviewId, Verdict verdict, uint8 mark, bytes32 text) external {
        Review storage r = _in(reviewId, ReviewState.Reviewing);
        address account = _msgSender();
        uint32 memberId = _membership.memberIdOf(account);
        Reviewer[] storage reviewers = _reviewers[reviewId];
        uint256 place = _placeOf(reviewers, memberId);
        if (place == reviewers.length) revert ReviewsNotDrawn(reviewId, account);
        _membership.requireFull(account);
        if (reviewers[place].verdict != Verdict.None) revert ReviewsTwice(reviewId, memberId);
        if (block.timestamp > r.until) revert ReviewsLate(reviewId, r.until);
        bool isGood = verdict == Verdict.Accept ? mark > 0 && mark <= 100 : verdict == Verdict.Rework && mark == 0;
        if (!isGood) revert ReviewsBadVerdict(verdict, mark);
        if (text == 0) revert ReviewsEmptyText();
        if (_isAmong(_workers(reviewId, r.assignmentId), memberId)) revert ReviewsByAssignee(reviewId, memberId);

        (reviewers[place].verdict, reviewers[place].mark) = (verdict, mark);
        emit Reviewed(reviewId, memberId, r.round, verdict, mark, text);
        _reward(reviewId, r, memberId);
        for (uint256 i; i < reviewers.length; ++i) {
            if (reviewers[i].verdict == Verdict.None) return;
        }
        _conclude(reviewId);
    }

    function _reward(uint32 reviewId, Review storage r, uint32 memberId) private {
        if (_wasRewarded[reviewId][memberId]) return;
        _wasRewarded[reviewId][memberId] = true;
        uint64 amount = _points(Parameters.REVIEW_REWARD);
        if (amount != 0) _reputation.award(memberId, _work(r.assignmentId).topic, amount, Reason.Review, r.evidence, 0);
    }

    /// @dev All who are asked have answered: one, two, or, in what was the last round, three.
    function _conclude(uint32 reviewId) private {
        Review storage r = _reviews[reviewId];
        (uint256 accepting, uint256 marks) = _accepting(reviewId);
        uint256 others = _reviewers[reviewId].length - accepting;
        uint256 rounds = _number(Parameters.WORK, Parameters.WORK_REWORK_ROUNDS);
        if (accepting > others) {
            // A percentage in basis points, at most 10,000.
            _accept(reviewId, uint16((marks * 100) / accepting), false);
        } else if (r.round <= rounds) {
            r.state = ReviewState.Rework;
            emit ReworkAsked(reviewId, r.round);
            _assignments.markRework(r.assignmentId, r.seat);
        } else if (accepting == others) {
            r.wanted = REVIEWERS + 1;
            _draw(reviewId);
        } else {
            _fail(reviewId, false);
        }
    }

    /// @inheritdoc IReviews
    function decide(uint32 reviewId, uint16 shareBps) external restricted {
        ReviewState current = _known(reviewId).state;
        if (current != ReviewState.Drawing && current != ReviewState.Reviewing && current != ReviewState.Stuck)
            revert ReviewsWrongState(reviewId, current);
        if (shareBps > BPS) revert ReviewsShare(shareBps, 0, BPS);
        if (shareBps == 0) _fail(reviewId, true);
        else _accept(reviewId, shareBps, true);
    }

    function _accept(uint32 reviewId, uint16 shareBps, bool byVote) private {
        Review storage r = _reviews[reviewId];
        r.shareBps = shareBps;
        _noteConcluded(reviewId, r, ReviewState.Accepted, byVote);
        _assignments.markDone(r.assignmentId, r.seat, shareBps);
        IAssignments.Assignment memory a = _work(r.assignmentId);
        Share[] storage shares = _shares[reviewId];
        uint256 reward = (a.reward * uint256(shareBps)) / BPS;
        for (uint256 i; i < shares.length; ++i) {
            // Parts of the reward, which has 64 bits.
            uint64 part = uint64((reward * shares[i].bps) / BPS);
            uint32 memberId = shares[i].memberId;
            _awarded[reviewId].push(
                byVote
                    ? _award(memberId, a.topic, part, r.evidence, 0)
                    : _awardConfirmed(reviewId, memberId, a.topic, part)
            );
        }
    }

    /// @dev Split evenly over those who accepted it; the last one confirms what rounding leaves.
    function _awardConfirmed(
        uint32 reviewId,
        uint32 memberId,
        uint16 topic,
        uint64 part
    ) private returns (uint64 awarded) {
        Reviewer[] storage reviewers = _reviewers[reviewId];
        (uint256 accepting, ) = _accepting(reviewId);
        bytes32 evidence = _reviews[reviewId].evidence;
        for (uint256 i; i < reviewers.length; ++i) {
            if (reviewers[i].verdict != Verdict.Accept) continue;
            uint64 amount = uint64(part / accepting);
            --accepting;
            part -= amount;
            uint32 confirmer = reviewers[i].memberId;
            if (_membership.statusOf(confirmer) == Status.Active) {
                amount = uint64(Math.min(amount, _reputation.confirmationLeft(confirmer)));
            } else {
                confirmer = 0;
            }
            awarded += _award(memberId, topic, amount, evidence, confirmer);
        }
    }

    function _award(
        uint32 memberId,
        uint16 topic,
        uint64 amount,
        bytes32 evidence,
        uint32 confirmer
    ) private returns (uint64) {
        return amount == 0 ? 0 : _reputation.award(memberId, topic, amount, Reason.Assignment, evidence, confirmer);
    }

    function _fail(uint32 reviewId, bool byVote) private {
        Review storage r = _reviews[reviewId];
        _noteConcluded(reviewId, r, ReviewState.Failed, byVote);
        _assignments.markFailed(r.assignmentId, r.seat);
    }

    function _noteConcluded(uint32 reviewId, Review storage r, ReviewState state, bool byVote) private {
        r.state = state;
        r.concludedAt = uint48(block.timestamp);
        r.byVote = byVote;
        emit ReviewConcluded(reviewId, state, r.shareBps, byVote);
    }

    // ------------------------------------------------------------------ overturning

    /// @inheritdoc IReviews
    function overturn(uint32 reviewId) external restricted {
        Review storage r = _known(reviewId);
        ReviewState concluded = r.state;
        _requireConcluded(reviewId, concluded);
        r.state = ReviewState.Overturned;
        emit ReviewOverturned(reviewId);

        bool wasAccepted = concluded == ReviewState.Accepted;
        IAssignments.Assignment memory a = _work(r.assignmentId);
        if (wasAccepted) _assignments.markOverturned(r.assignmentId, r.seat);
        Share[] storage shares = _shares[reviewId];
        for (uint256 i; i < shares.length; ++i) {
            uint32 memberId = shares[i].memberId;
            if (wasAccepted) {
                _take(memberId, a.topic, _awarded[reviewId][i], Reason.Assignment, r.evidence);
            } else {
                // A part of the reward, which has 64 bits.
                _award(memberId, a.topic, uint64((a.reward * uint256(shares[i].bps)) / BPS), r.evidence, 0);
            }
        }
        if (r.byVote) return;
        Verdict wrong = wasAccepted ? Verdict.Accept : Verdict.Rework;
        uint64 amount = _points(Parameters.REVIEW_OVERTURNED);
        Reviewer[] storage reviewers = _reviewers[reviewId];
        for (uint256 i; i < reviewers.length; ++i) {
            if (reviewers[i].verdict != wrong) continue;
            _take(reviewers[i].memberId, a.topic, amount, Reason.Review, r.evidence);
        }
    }

    function _take(uint32 memberId, uint16 topic, uint64 amount, Reason reason, bytes32 evidence) private {
        if (amount != 0) _reputation.penalise(memberId, topic, amount, reason, evidence);
    }

    // ------------------------------------------------------------------ shifts

    /// @inheritdoc IReviews
    function confirmShift(uint32 assignmentId, uint8 seat) external {
        uint32 confirmer = _membership.requireFull(_msgSender());
        IAssignments.Assignment memory a = _work(assignmentId);
        if (a.kind != IAssignments.Kind.Shift) revert ReviewsNotAShift(assignmentId);
        uint32 memberId = _assignments.seatOf(assignmentId, seat).memberId;
        if (memberId == confirmer) revert ReviewsOwnShift(memberId);
        if (_admission.isVoucherOf(confirmer, memberId)) revert ReviewsByVoucher(memberId, confirmer);
        if (_lastConfirmer[memberId] == confirmer) revert ReviewsSameConfirmerTwice(memberId, confirmer);
        // A parameter has 32 bits.
        uint48 until = a.deadline + uint48(_number(Parameters.WORK, Parameters.WORK_CONFIRM_WINDOW));
        if (block.timestamp < a.start || block.timestamp > until) revert ReviewsConfirmWindow(a.start, until);
        uint256 left = Math.min(shiftConfirmationLeft(confirmer), _reputation.confirmationLeft(confirmer));
        if (left == 0) revert ReviewsNothingToConfirmWith(confirmer, a.reward, left);

        uint64 amount = uint64(Math.min(a.reward, left));
        _lastConfirmer[memberId] = confirmer;
        // What is confirmed in a season is at most what can be, which is a score.
        _shiftsConfirmed[confirmer] = SeasonSum({
            season: _constitution.currentSeason(),
            amount: uint64(_shiftsConfirmedBy(confirmer) + amount)
        });
        emit ShiftConfirmed(assignmentId, seat, memberId, confirmer, amount);
        _assignments.markDone(assignmentId, seat, uint16(BPS));
        _award(memberId, a.topic, amount, a.text, confirmer);
    }

    /// @inheritdoc IReviews
    function shiftConfirmationLeft(uint32 memberId) public view returns (uint256) {
        uint256 base = _number(Parameters.WORK, Parameters.WORK_CONFIRM_BASE) * POINT;
        (uint48 start, ) = _constitution.seasonBounds(_constitution.currentSeason());
        uint256 earned = _reputation.totalScoreAt(memberId, start) / CONFIRMABLE_PART;
        return Math.saturatingSub(Math.max(base, earned), _shiftsConfirmedBy(memberId));
    }

    /// @dev A sum of an earlier season counts as 0 now.
    function _shiftsConfirmedBy(uint32 confirmer) private view returns (uint256) {
        SeasonSum storage sum = _shiftsConfirmed[confirmer];
        return sum.season == _constitution.currentSeason() ? sum.amount : 0;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IReviews
    function reviewOf(uint32 reviewId) external view returns (Review memory) {
        return _known(reviewId);
    }

    /// @inheritdoc IReviews
    function reviewersOf(uint32 reviewId) external view returns (Reviewer[] memory) {
        return _reviewers[reviewId];
    }

    /// @inheritdoc IReviews
    function sharesOf(uint32 reviewId) external view returns (Share[] memory) {
        return _shares[reviewId];
    }

    /// @inheritdoc IReviews
    function challengeableUntil(uint32 reviewId) external view returns (uint48) {
        Review storage r = _known(reviewId);
        _requireConcluded(reviewId, r.state);
        if (r.byVote) return 0;
        // A parameter has 32 bits.
        return r.concludedAt + uint48(_number(Parameters.WORK, Parameters.WORK_CHALLENGE));
    }

    // ------------------------------------------------------------------ who may review

    /// @dev Who holds or did a seat of the assignment, and who has a share; 0 for vacant seats.
    function _workers(uint32 reviewId, uint32 assignmentId) private view returns (uint32[] memory workers) {
        IAssignments.Seat[] memory seats = _assignments.seatsOf(assignmentId);
        Share[] storage shares = _shares[reviewId];
        workers = new uint32[](seats.length + shares.length);
        for (uint256 i; i < seats.length; ++i) workers[i] = seats[i].memberId;
        for (uint256 i; i < shares.length; ++i) workers[seats.length + i] = shares[i].memberId;
    }

    function _isConcerned(
        uint32[] memory workers,
        uint32[][] memory vouchers,
        uint32 memberId
    ) private pure returns (bool) {
        for (uint256 i; i < vouchers.length; ++i) {
            if (_isAmong(vouchers[i], memberId)) return true;
        }
        return _isAmong(workers, memberId);
    }

    function _isAmong(uint32[] memory memberIds, uint32 memberId) private pure returns (bool) {
        for (uint256 i; i < memberIds.length; ++i) {
            if (memberIds[i] == memberId) return true;
        }
        return false;
    }

    function _placeOf(Reviewer[] storage reviewers, uint32 memberId) private view returns (uint256 place) {
        uint256 count = reviewers.length;
        while (place < count && reviewers[place].memberId != memberId) ++place;
    }

    /// @dev How many reviewers accept, and the sum of their marks.
    function _accepting(uint32 reviewId) private view returns (uint256 count, uint256 marks) {
        Reviewer[] storage reviewers = _reviewers[reviewId];
        for (uint256 i; i < reviewers.length; ++i) {
            if (reviewers[i].verdict != Verdict.Accept) continue;
            ++count;
            marks += reviewers[i].mark;
        }
    }

    // ------------------------------------------------------------------ checks

    function _known(uint32 reviewId) private view returns (Review storage r) {
        r = _reviews[reviewId];
        if (r.state == ReviewState.Unknown) revert ReviewsUnknown(reviewId);
    }

    function _in(uint32 reviewId, ReviewState required) private view returns (Review storage r) {
        r = _known(reviewId);
        if (r.state != required) revert ReviewsWrongState(reviewId, r.state);
    }

    function _requireConcluded(uint32 reviewId, ReviewState state) private pure {
        if (state != ReviewState.Accepted && state != ReviewState.Failed) revert ReviewsNotConcluded(reviewId, state);
    }

    function _work(uint32 assignmentId) private view returns (IAssignments.Assignment memory) {
        return _assignments.assignment(assignmentId);
    }

    function _number(uint256 word, uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(word), field);
    }

    /// @dev A number of points as micro-points, below 2^52.
    function _points(uint256 field) private view returns (uint64) {
        return uint64(_number(Parameters.REVIEW, field) * POINT);
    }

    /// @dev A parameter has 32 bits.
    function _windowEnd() private view returns (uint48) {
        return uint48(block.timestamp + _number(Parameters.REVIEW, Parameters.REVIEW_WINDOW));
    }
}
