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
import {IReputation, Reason} from "../reputation/IReputation.sol";
import {IAssignments} from "../work/IAssignments.sol";
import {IReviews} from "../work/IReviews.sol";
import {IMediation} from "./IMediation.sol";

/// @title Mediation
/// @dev Over 400 lines: opening, both ways, and what follows until it ends or a panel takes over are one state machine.
/// Parties are known by memberId, so that recoveries change nothing, and by accounts that left.
contract Mediation is IMediation, Module {
    uint256 private constant MOST_RESPONDENTS = 7;
    uint256 private constant MOST_MEDIATORS = 2;
    uint256 private constant MOST_EVIDENCE = 8;
    /// @dev How many places of a shuffle one call looks at.
    uint256 private constant PLACES = 64;
    /// @dev Parameters hold whole points, reputation counts in micro-points.
    uint64 private constant MICRO_POINTS = 1_000_000;

    /// @dev One slot: how many cases a member has opened in a season.
    struct Opened {
        uint32 season;
        uint32 cases;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IAdmission private immutable _admission;
    IReputation private immutable _reputation;
    IDraws private immutable _draws;
    IAssignments private immutable _assignments;
    IReviews private immutable _reviews;

    /// @inheritdoc IMediation
    uint32 public caseCount;
    mapping(uint32 caseId => Case) private _cases;
    /// @dev The claimant first.
    mapping(uint32 caseId => uint32[] memberIds) private _parties;
    /// @dev As they were when it opened.
    mapping(uint32 caseId => uint32[] memberIds) private _vouchers;
    /// @dev Bit i is the party at place i, the bit above theirs the mediator. Who accepted; from then on who signed.
    mapping(uint32 caseId => uint256 bits) private _answers;
    mapping(uint32 caseId => mapping(uint32 memberId => uint256)) private _evidenceCount;
    mapping(uint32 memberId => Opened) private _opened;
    /// @inheritdoc IMediation
    mapping(uint32 reviewId => uint32 caseId) public caseOfReview;
    /// @dev For how long cases about a review ran that ended without a decision, seconds.
    mapping(uint32 reviewId => uint48) private _undecided;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IAdmission admission,
        IReputation reputation,
        IDraws draws,
        IAssignments assignments,
        IReviews reviews
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _admission = admission;
        _reputation = reputation;
        _draws = draws;
        _assignments = assignments;
        _reviews = reviews;
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc IMediation
    function open(
        uint32[] calldata respondents,
        uint16 topic,
        Remedy calldata remedy,
        bytes32 evidence
    ) external returns (uint32 caseId) {
        uint32 claimant = _membership.requireActive(_msgSender());
        uint256 count = respondents.length;
        if (count == 0 || count > MOST_RESPONDENTS) revert MediationParties(count, MOST_RESPONDENTS);
        if (!_constitution.topicExists(topic)) revert MediationUnknownTopic(topic);
        bool named;
        for (uint256 i; i < count; ++i) {
            uint32 respondent = respondents[i];
            if (respondent == claimant) revert MediationAgainstSelf(claimant);
            for (uint256 j; j < i; ++j) {
                if (respondents[j] == respondent) revert MediationPartyTwice(respondent);
            }
            Status status = _membership.statusOf(respondent);
            if (status != Status.Active && status != Status.Dormant) revert MediationPartyGone(respondent);
            if (respondent == remedy.memberId) named = true;
        }
        if (!named || !_isAmount(remedy)) revert MediationRemedy(remedy.kind, remedy.memberId, remedy.amount);

        _countCase(claimant);
        caseId = _open(claimant, respondents, topic, remedy, 0, evidence);
    }

    /// @inheritdoc IMediation
    function challenge(uint32 reviewId, bytes32 evidence) external returns (uint32 caseId) {
        IReviews.Review memory r = _reviews.reviewOf(reviewId);
        uint48 until = _reviews.challengeableUntil(reviewId) + _undecided[reviewId];
        if (block.timestamp > until) revert MediationReviewTooLate(reviewId, until);
        bool accepted = r.state == IReviews.ReviewState.Accepted;
        uint32 claimant = accepted ? _membership.requireFull(_msgSender()) : _membership.requireActive(_msgSender());
        if (!accepted && claimant != r.memberId) revert MediationReviewNotTheirs(reviewId, claimant);
        uint32 last = caseOfReview[reviewId];
        if (last != 0 && !(accepted && _endedUndecided(last))) revert MediationReviewChallenged(reviewId, last);
        uint32[] memory respondents = _respondentsAbout(reviewId, r.memberId, accepted, claimant);
        if (respondents.length == 0) revert MediationParties(0, MOST_RESPONDENTS);

        _countCase(claimant);
        caseOfReview[reviewId] = caseCount + 1;
        uint16 topic = _assignments.assignment(r.assignmentId).topic;
        caseId = _open(claimant, respondents, topic, Remedy(RemedyKind.Overturn, 0, 0), reviewId, evidence);
    }

    /// @dev Who worked, and whose verdict it was. Who challenges accepted work that they worked on, or accepted themselves, has
    /// a case against themselves.
    function _respondentsAbout(
        uint32 reviewId,
        uint32 worker,
        bool accepted,
        uint32 claimant
    ) private view returns (uint32[] memory respondents) {
        IReviews.Share[] memory shares = _reviews.sharesOf(reviewId);
        IReviews.Reviewer[] memory reviewers = _reviews.reviewersOf(reviewId);
        IReviews.Verdict verdict = accepted ? IReviews.Verdict.Accept : IReviews.Verdict.Rework;
        respondents = new uint32[](1 + shares.length + reviewers.length);
        uint256 count = _addTo(respondents, 0, worker);
        for (uint256 i; i < shares.length; ++i) count = _addTo(respondents, count, shares[i].memberId);
        for (uint256 i; i < reviewers.length; ++i) {
            if (reviewers[i].verdict == verdict) count = _addTo(respondents, count, reviewers[i].memberId);
        }
        if (accepted && _placeOf(respondents, claimant) != respondents.length) revert MediationAgainstSelf(claimant);
        // Who challenges what failed delivered it, and is the first.
        respondents = _part(respondents, accepted ? 0 : 1, count);
    }

    function _open(
        uint32 claimant,
        uint32[] memory respondents,
        uint16 topic,
        Remedy memory remedy,
        uint32 reviewId,
        bytes32 evidence
    ) private returns (uint32 caseId) {
        if (evidence == 0) revert MediationEmptyHash();
        caseId = ++caseCount;
        uint32[] storage parties = _parties[caseId];
        parties.push(claimant);
        for (uint256 i; i < respondents.length; ++i) parties.push(respondents[i]);
        _noteVouchers(caseId);
        Case storage c = _cases[caseId];
        c.claimant = claimant;
        c.reviewId = reviewId;
        c.topic = topic;
        c.state = CaseState.Drawing;
        c.remedy = remedy;
        c.openedAt = uint48(block.timestamp);
        c.electorateAt = uint48(block.timestamp) - 1;
        c.pool = _membership.memberCount();
        c.evidence = evidence;
        emit CaseOpened(caseId, claimant, reviewId, c, partiesOf(caseId));
        _draw(caseId, c);
    }

    function _noteVouchers(uint32 caseId) private {
        uint32[] memory parties = partiesOf(caseId);
        uint32[] storage vouchers = _vouchers[caseId];
        for (uint256 i; i < parties.length; ++i) {
            uint32[] memory ofParty = _admission.vouchersOfMember(parties[i]);
            for (uint256 j; j < ofParty.length; ++j) {
                if (_placeOf(parties, ofParty[j]) != parties.length) continue;
                if (_placeOf(vouchersOf(caseId), ofParty[j]) == vouchers.length) vouchers.push(ofParty[j]);
            }
        }
    }

    /// @dev `amount` of points where the remedy is one of points.
    function _isAmount(Remedy calldata remedy) private view returns (bool) {
        if (remedy.kind == RemedyKind.Overturn) return false;
        if (remedy.kind == RemedyKind.Expulsion) return remedy.amount == 0;
        return remedy.amount != 0 && remedy.amount <= _number(Parameters.PANEL_MOST) * MICRO_POINTS;
    }

    function _countCase(uint32 memberId) private {
        uint32 season = _constitution.currentSeason();
        uint256 limit = _number(Parameters.MEDIATION_CASES);
        if (casesLeft(memberId) == 0) revert MediationCasesExhausted(memberId, season, limit);
        uint32 before = _opened[memberId].season == season ? _opened[memberId].cases : 0;
        _opened[memberId] = Opened({season: season, cases: before + 1});
    }

    function _endedUndecided(uint32 caseId) private view returns (bool) {
        CaseState state = _cases[caseId].state;
        return state == CaseState.Withdrawn || state == CaseState.Settled;
    }

    // ------------------------------------------------------------------ evidence

    /// @inheritdoc IMediation
    function giveEvidence(uint32 caseId, bytes32 evidence) external {
        Case storage c = _known(caseId);
        if (_endedUndecided(caseId)) revert MediationWrongState(caseId, c.state);
        uint32 memberId = _requireParty(caseId);
        if (evidence == 0) revert MediationEmptyHash();
        uint256 given = _evidenceCount[caseId][memberId];
        if (given == MOST_EVIDENCE) revert MediationEvidenceFull(caseId, memberId, MOST_EVIDENCE);
        _evidenceCount[caseId][memberId] = given + 1;
        emit EvidenceGiven(caseId, memberId, evidence);
    }

    // ------------------------------------------------------------------ finding a mediator

    function _draw(uint32 caseId, Case storage c) private {
        c.state = CaseState.Drawing;
        c.cursor = 0;
        bytes32 pool = keccak256(abi.encode(c.electorateAt, c.pool, partiesOf(caseId), vouchersOf(caseId)));
        string memory text = string.concat(
            "Mediator ",
            Strings.toString(c.mediators + 1),
            " for case ",
            Strings.toString(caseId)
        );
        uint32 drawId = _draws.open(pool, c.pool, keccak256(bytes(text)));
        c.drawId = drawId;
        emit MediatorWanted(caseId, drawId);
    }

    /// @inheritdoc IMediation
    function seatMediator(uint32 caseId) external {
        Case storage c = _in(caseId, CaseState.Drawing);
        IDraws.Draw memory draw = _draws.draw(c.drawId);
        if (draw.blockHash == 0) revert MediationNotDrawn(caseId, c.drawId);

        uint256 pool = c.pool;
        uint256 cursor = c.cursor;
        uint256 end = Math.min(cursor + PLACES, pool);
        uint32 found;
        while (found == 0 && cursor < end) {
            // Below the pool, which has 32 bits.
            uint32 candidate = uint32(Shuffle.at(draw.number, cursor, pool)) + 1;
            ++cursor;
            if (candidate != c.mediator && isEligible(caseId, candidate)) found = candidate;
        }
        // At most the pool.
        c.cursor = uint32(cursor);
        if (found != 0) _ask(caseId, c, found);
        else if (cursor == pool) _fail(caseId, c);
    }

    function _ask(uint32 caseId, Case storage c, uint32 mediator) private {
        uint48 until = _after(Parameters.MEDIATION_ANSWER);
        c.state = CaseState.Accepting;
        c.mediator = mediator;
        ++c.mediators;
        c.until = until;
        emit MediatorDrawn(caseId, mediator, until);
    }

    /// @inheritdoc IMediation
    function accept(uint32 caseId) external {
        Case storage c = _in(caseId, CaseState.Accepting);
        _requireInTime(caseId, c);
        (uint32 memberId, uint256 place) = _answering(caseId, c);
        bool isMediator = memberId == c.mediator;
        if (isMediator && !isEligible(caseId, memberId)) revert MediationNotMediator(caseId, _msgSender());
        uint256 answers = _answer(caseId, memberId, place);
        emit MediatorAccepted(caseId, memberId);
        if (!_areAll(answers, _parties[caseId].length + 1)) return;

        uint48 until = _after(Parameters.MEDIATION_TIME);
        c.state = CaseState.Mediating;
        c.until = until;
        _answers[caseId] = 0;
        emit MediationBegan(caseId, c.mediator, until);
    }

    /// @inheritdoc IMediation
    function decline(uint32 caseId) external {
        Case storage c = _known(caseId);
        _requireMediator(caseId, c);
        (uint32 memberId, ) = _answering(caseId, c);
        emit MediatorDeclined(caseId, memberId);
        _another(caseId, c);
    }

    /// @inheritdoc IMediation
    function moveOn(uint32 caseId) external {
        Case storage c = _known(caseId);
        _requireMediator(caseId, c);
        bool gone = !isEligible(caseId, c.mediator);
        if (!gone && block.timestamp <= c.until) revert MediationTooEarly(caseId, c.until);
        // Where the mediator accepted and a party is silent, another mediator would wait for them in vain.
        if (!gone && _hasAnswered(caseId, _parties[caseId].length)) _fail(caseId, c);
        else _another(caseId, c);
    }

    /// @dev Once all had accepted a mediator, there is no other.
    function _another(uint32 caseId, Case storage c) private {
        _answers[caseId] = 0;
        if (c.state == CaseState.Accepting && c.mediators < MOST_MEDIATORS) _draw(caseId, c);
        else _fail(caseId, c);
    }

    function _fail(uint32 caseId, Case storage c) private {
        c.state = CaseState.Failed;
        emit MediationFailed(caseId);
    }

    // ------------------------------------------------------------------ finding an outcome

    /// @inheritdoc IMediation
    function propose(uint32 caseId, bytes32 outcome) external {
        Case storage c = _in(caseId, CaseState.Mediating);
        _requireInTime(caseId, c);
        address account = _msgSender();
        if (_membership.memberIdOf(account) != c.mediator || !isEligible(caseId, c.mediator)) {
            revert MediationNotMediator(caseId, account);
        }
        if (outcome == 0) revert MediationEmptyHash();
        c.outcome = outcome;
        _answers[caseId] = 0;
        emit OutcomeProposed(caseId, c.mediator, outcome);
    }

    /// @inheritdoc IMediation
    function sign(uint32 caseId, bytes32 outcome) external {
        Case storage c = _in(caseId, CaseState.Mediating);
        _requireInTime(caseId, c);
        uint32 memberId = _requireParty(caseId);
        if (outcome == 0 || outcome != c.outcome) revert MediationOtherOutcome(caseId, c.outcome);
        uint256 answers = _answer(caseId, memberId, _placeOf(partiesOf(caseId), memberId));
        emit OutcomeSigned(caseId, memberId, outcome);
        if (!_areAll(answers, _parties[caseId].length)) return;

        c.state = CaseState.Settled;
        _noteUndecided(c);
        emit CaseSettled(caseId, outcome);
        _reward(caseId, c);
    }

    /// @dev A part without a confirmer would be given out of nothing: who cannot confirm gives none.
    function _reward(uint32 caseId, Case storage c) private {
        uint32[] memory parties = partiesOf(caseId);
        uint256 part = (_number(Parameters.MEDIATION_REWARD) * MICRO_POINTS) / parties.length;
        for (uint256 i; i < parties.length; ++i) {
            if (_membership.statusOf(parties[i]) != Status.Active) continue;
            // At most 2^32 points.
            uint64 amount = uint64(Math.min(part, _reputation.confirmationLeft(parties[i])));
            if (amount == 0) continue;
            _reputation.award(c.mediator, c.topic, amount, Reason.Mediation, c.outcome, parties[i]);
        }
    }

    // ------------------------------------------------------------------ ending otherwise

    /// @inheritdoc IMediation
    function withdraw(uint32 caseId) external {
        Case storage c = _known(caseId);
        if (c.state == CaseState.Convened || _endedUndecided(caseId)) revert MediationWrongState(caseId, c.state);
        address account = _msgSender();
        if (_membership.memberIdOf(account) != c.claimant) revert MediationNotClaimant(caseId, account);
        c.state = CaseState.Withdrawn;
        _noteUndecided(c);
        emit CaseWithdrawn(caseId);
    }

    /// @inheritdoc IMediation
    function convene(uint32 caseId) external restricted {
        Case storage c = _in(caseId, CaseState.Failed);
        c.state = CaseState.Convened;
        emit PanelConvened(caseId);
    }

    function _noteUndecided(Case storage c) private {
        if (c.reviewId != 0) _undecided[c.reviewId] += uint48(block.timestamp) - c.openedAt;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IMediation
    function caseOf(uint32 caseId) external view returns (Case memory) {
        return _known(caseId);
    }

    /// @inheritdoc IMediation
    function partiesOf(uint32 caseId) public view returns (uint32[] memory) {
        return _parties[caseId];
    }

    /// @inheritdoc IMediation
    function vouchersOf(uint32 caseId) public view returns (uint32[] memory) {
        return _vouchers[caseId];
    }

    /// @inheritdoc IMediation
    function isParty(uint32 caseId, uint32 memberId) public view returns (bool) {
        uint32[] memory parties = partiesOf(caseId);
        return _placeOf(parties, memberId) != parties.length;
    }

    /// @inheritdoc IMediation
    /// @dev Also who came to vouch for a party later, for one that left and returned, is none of them.
    function isEligible(uint32 caseId, uint32 memberId) public view returns (bool) {
        uint48 electorateAt = _cases[caseId].electorateAt;
        if (electorateAt == 0 || !_membership.isFull(memberId)) return false;
        if (_membership.ballotAccount(memberId, electorateAt) == address(0)) return false;
        uint32[] memory vouchers = vouchersOf(caseId);
        if (_placeOf(vouchers, memberId) != vouchers.length) return false;
        uint32[] memory parties = partiesOf(caseId);
        for (uint256 i; i < parties.length; ++i) {
            if (parties[i] == memberId || _admission.isVoucherOf(memberId, parties[i])) return false;
        }
        return true;
    }

    /// @inheritdoc IMediation
    function eligibleCount(uint32 caseId) external view returns (uint256) {
        uint48 electorateAt = _known(caseId).electorateAt;
        return
            _membership.activeCountAt(electorateAt) -
            _activeAmong(partiesOf(caseId), electorateAt) -
            _activeAmong(vouchersOf(caseId), electorateAt);
    }

    /// @inheritdoc IMediation
    function hasAnswered(uint32 caseId, uint32 memberId) external view returns (bool) {
        uint32[] memory parties = partiesOf(caseId);
        uint256 place = _placeOf(parties, memberId);
        if (place == parties.length && memberId != _cases[caseId].mediator) return false;
        return _hasAnswered(caseId, place);
    }

    /// @inheritdoc IMediation
    function casesLeft(uint32 memberId) public view returns (uint256) {
        Opened memory opened = _opened[memberId];
        if (opened.season != _constitution.currentSeason()) opened.cases = 0;
        return Math.saturatingSub(_number(Parameters.MEDIATION_CASES), opened.cases);
    }

    // ------------------------------------------------------------------ checks

    function _known(uint32 caseId) private view returns (Case storage c) {
        c = _cases[caseId];
        if (c.state == CaseState.Unknown) revert MediationUnknown(caseId);
    }

    function _in(uint32 caseId, CaseState required) private view returns (Case storage c) {
        c = _known(caseId);
        if (c.state != required) revert MediationWrongState(caseId, c.state);
    }

    /// @dev That one was drawn, and is asked or at work.
    function _requireMediator(uint32 caseId, Case storage c) private view {
        if (c.state != CaseState.Accepting && c.state != CaseState.Mediating) {
            revert MediationWrongState(caseId, c.state);
        }
    }

    function _requireInTime(uint32 caseId, Case storage c) private view {
        if (block.timestamp > c.until) revert MediationTooLate(caseId, c.until);
    }

    /// @dev Also who has left or was expelled.
    function _requireParty(uint32 caseId) private view returns (uint32 memberId) {
        address account = _msgSender();
        memberId = _membership.memberIdOf(account);
        if (!isParty(caseId, memberId)) revert MediationNotParty(caseId, account);
    }

    /// @dev A party at their place, or the mediator above them.
    function _answering(uint32 caseId, Case storage c) private view returns (uint32 memberId, uint256 place) {
        address account = _msgSender();
        memberId = _membership.memberIdOf(account);
        uint32[] memory parties = partiesOf(caseId);
        place = _placeOf(parties, memberId);
        if (place == parties.length && memberId != c.mediator) revert MediationNotParty(caseId, account);
    }

    function _answer(uint32 caseId, uint32 memberId, uint256 place) private returns (uint256 answers) {
        if (_hasAnswered(caseId, place)) revert MediationAnsweredTwice(caseId, memberId);
        answers = _answers[caseId] | (1 << place);
        _answers[caseId] = answers;
    }

    function _hasAnswered(uint32 caseId, uint256 place) private view returns (bool) {
        return (_answers[caseId] >> place) & 1 == 1;
    }

    function _areAll(uint256 answers, uint256 count) private pure returns (bool) {
        return answers == (1 << count) - 1;
    }

    function _activeAmong(uint32[] memory memberIds, uint48 t) private view returns (uint256 count) {
        for (uint256 i; i < memberIds.length; ++i) {
            if (_membership.activeAt(memberIds[i], t)) ++count;
        }
    }

    function _number(uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(Parameters.PANEL), field);
    }

    /// @dev Parameters have 32 bits.
    function _after(uint256 field) private view returns (uint48) {
        return uint48(block.timestamp + Parameters.at(_constitution.word(Parameters.REVIEW), field));
    }

    /// @dev Where a member stands in a list, or its length.
    function _placeOf(uint32[] memory memberIds, uint32 memberId) private pure returns (uint256 place) {
        while (place < memberIds.length && memberIds[place] != memberId) ++place;
    }

    /// @dev Adds a member who is not in the list yet.
    function _addTo(uint32[] memory list, uint256 count, uint32 memberId) private pure returns (uint256) {
        if (_placeOf(list, memberId) != list.length) return count;
        list[count] = memberId;
        return count + 1;
    }

    function _part(uint32[] memory list, uint256 from, uint256 to) private pure returns (uint32[] memory part) {
        part = new uint32[](to - from);
        for (uint256 i; i < part.length; ++i) part[i] = list[from + i];
    }
}
