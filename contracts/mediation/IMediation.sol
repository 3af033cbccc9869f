// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Mediation: two sides and somebody who helps
/// @notice A case names its parties, what is asked for (the remedy) and, by hash, what shows it. Whoever may help or decide
/// in it is fixed when it opens: members who were active then and have been members since, drawn by lot, out of probation and
/// active when drawn; never a party, nor anyone who vouched for one. A mediator is drawn; once all parties and the mediator
/// accept, they have `mediation.time` to find an outcome, which every party signs. If a mediator is declined, stays silent or
/// is gone another is drawn, two at most; if that fails, a party stays silent, or time runs out, anyone puts the case to a
/// panel (see `ICasePanels`). Cases go on when a party leaves or is expelled: those who left still act in theirs.
///
/// A case about a review (see `IReviews`) asks for it to be overturned; its parties are who opened it, who delivered the work
/// or had a share in it, and the reviewers whose verdict it was.
///
/// Who is drawn: `Shuffle.at(number, i, pool)` for i = 0, 1, ... gives each memberId - 1 of 0..pool-1 once, in an order that
/// the draw's number fixes; those who may not help are passed over. The draw's pool is
/// `keccak256(abi.encode(electorateAt, pool, parties, vouchers))`, its text "Mediator <n> for case <caseId>".
interface IMediation {
    /// @notice Where a case stands. `Drawing`: a mediator is to be drawn; `Accepting`: parties and mediator answer;
    /// `Failed`: a panel can be convened.
    enum CaseState {
        Unknown,
        Drawing,
        Accepting,
        Mediating,
        Settled,
        Withdrawn,
        Failed,
        Convened
    }

    enum RemedyKind {
        Penalty,
        Award,
        Expulsion,
        Overturn
    }

    /// @notice What is asked for: that a respondent loses reputation (`Penalty`), that what they lose goes to the claimant
    /// (`Award`: nothing is created, so that friends gain nothing by cases among them), an expulsion, or that what was said of
    /// delivered work is overturned.
    /// @param memberId which respondent; 0 for `Overturn`
    /// @param amount micro-points of the case's topic, at most `panel.most` points; 0 for `Expulsion` and `Overturn`
    struct Remedy {
        RemedyKind kind;
        uint32 memberId;
        uint64 amount;
    }

    /// @param claimant who opened it
    /// @param reviewId what is to be overturned, or 0
    /// @param until the last second to accept, or to find an outcome
    /// @param electorateAt the second before it opened
    /// @param pool memberIds 1 to this one are drawn from
    /// @param cursor how many places of the shuffle were looked at
    /// @param mediators how many were drawn
    /// @param mediator who was drawn last, or 0
    /// @param outcome keccak256 of the text proposed last by the mediator, or 0
    struct Case {
        uint32 claimant;
        uint32 reviewId;
        uint16 topic;
        CaseState state;
        uint48 until;
        Remedy remedy;
        uint48 openedAt;
        uint48 electorateAt;
        uint32 pool;
        uint32 cursor;
        uint32 drawId;
        uint8 mediators;
        uint32 mediator;
        bytes32 evidence;
        bytes32 outcome;
    }

    error MediationUnknown(uint32 caseId);
    error MediationEmptyHash();
    error MediationUnknownTopic(uint16 topic);
    error MediationAgainstSelf(uint32 memberId);
    error MediationParties(uint256 parties, uint256 limit);
    error MediationPartyTwice(uint32 memberId);
    error MediationPartyGone(uint32 memberId);
    error MediationRemedy(RemedyKind kind, uint32 memberId, uint64 amount);
    error MediationCasesExhausted(uint32 memberId, uint32 season, uint256 limit);
    error MediationReviewTooLate(uint32 reviewId, uint48 until);
    error MediationReviewChallenged(uint32 reviewId, uint32 caseId);
    error MediationReviewNotTheirs(uint32 reviewId, uint32 memberId);
    error MediationWrongState(uint32 caseId, CaseState state);
    error MediationNotDrawn(uint32 caseId, uint32 drawId);
    error MediationTooEarly(uint32 caseId, uint48 until);
    error MediationNotParty(uint32 caseId, address account);
    error MediationNotMediator(uint32 caseId, address account);
    error MediationAnsweredTwice(uint32 caseId, uint32 memberId);
    error MediationTooLate(uint32 caseId, uint48 until);
    error MediationOtherOutcome(uint32 caseId, bytes32 outcome);
    error MediationEvidenceFull(uint32 caseId, uint32 memberId, uint256 limit);
    error MediationNotClaimant(uint32 caseId, address account);

    event CaseOpened(
        uint32 indexed caseId,
        uint32 indexed claimant,
        uint32 indexed reviewId,
        Case opened,
        uint32[] parties
    );
    event EvidenceGiven(uint32 indexed caseId, uint32 indexed memberId, bytes32 evidence);
    event MediatorWanted(uint32 indexed caseId, uint32 indexed drawId);
    event MediatorDrawn(uint32 indexed caseId, uint32 indexed mediator, uint48 until);
    event MediatorAccepted(uint32 indexed caseId, uint32 indexed memberId);
    /// @param memberId a party, or the mediator
    event MediatorDeclined(uint32 indexed caseId, uint32 indexed memberId);
    event MediationBegan(uint32 indexed caseId, uint32 indexed mediator, uint48 until);
    event OutcomeProposed(uint32 indexed caseId, uint32 indexed mediator, bytes32 outcome);
    event OutcomeSigned(uint32 indexed caseId, uint32 indexed memberId, bytes32 outcome);
    event CaseSettled(uint32 indexed caseId, bytes32 outcome);
    event CaseWithdrawn(uint32 indexed caseId);
    event MediationFailed(uint32 indexed caseId);
    event PanelConvened(uint32 indexed caseId);

    /// @notice Opens a case. Active members, at most `mediation.cases` a season.
    /// @param respondents 1 to 7 other members, none of whom has left or been expelled
    /// @param evidence keccak256 of the UTF-8 text that says what happened
    function open(
        uint32[] calldata respondents,
        uint16 topic,
        Remedy calldata remedy,
        bytes32 evidence
    ) external returns (uint32 caseId);

    /// @notice Opens a case about a concluded review, while it can be challenged, as one of the member's cases of the season:
    /// about failed work who delivered it, once; about accepted work any member out of probation with no part in it. Where a
    /// case about accepted work was taken back or settled, nothing has been decided: another one can be opened, for as much
    /// longer as it ran.
    function challenge(uint32 reviewId, bytes32 evidence) external returns (uint32 caseId);

    /// @notice Adds evidence by hash, also while a panel decides; 8 times each at most. Parties.
    function giveEvidence(uint32 caseId, bytes32 evidence) external;

    /// @notice Asks the mediator whom the captured draw gives. Anyone.
    function seatMediator(uint32 caseId) external;

    /// @notice Accepts the mediator, or, as the mediator, the task.
    function accept(uint32 caseId) external;

    /// @notice Declines the mediator, or the task: another one is drawn, or mediation has failed. Once all had accepted it has.
    function decline(uint32 caseId) external;

    /// @notice Moves on where somebody did not answer in time, no outcome was signed in time, or the mediator is gone. Anyone.
    function moveOn(uint32 caseId) external;

    /// @notice Proposes an outcome; earlier signatures count no more. The mediator.
    function propose(uint32 caseId, bytes32 outcome) external;

    /// @notice Signs the proposed outcome. Parties; the last signature settles the case and awards the mediator
    /// `mediation.reward` points in its topic: each party confirms a part, as far as their season's budget goes. The part of
    /// who is no active member is not given.
    function sign(uint32 caseId, bytes32 outcome) external;

    /// @notice Takes the case back before a panel is convened. Its claimant.
    function withdraw(uint32 caseId) external;

    /// @notice Notes that a panel has taken over a case whose mediation failed. Restricted (panels).
    function convene(uint32 caseId) external;

    function caseCount() external view returns (uint32);
    function caseOf(uint32 caseId) external view returns (Case memory);
    /// @notice The claimant first.
    function partiesOf(uint32 caseId) external view returns (uint32[] memory memberIds);
    function isParty(uint32 caseId, uint32 memberId) external view returns (bool);
    /// @notice Whether a member may help or decide in a case: active when it opened, active and out of probation now, no party
    /// and no voucher of one.
    function isEligible(uint32 caseId, uint32 memberId) external view returns (bool);
    /// @notice How many members were active when it opened, without its parties and their vouchers; some may be on probation.
    function eligibleCount(uint32 caseId) external view returns (uint256);
    /// @notice Whether a party, or the mediator, has accepted; once all had, whether a party has signed the outcome.
    function hasAnswered(uint32 caseId, uint32 memberId) external view returns (bool);
    function casesLeft(uint32 memberId) external view returns (uint256);
    /// @notice Who had vouched for a party when the case opened, without the parties.
    function vouchersOf(uint32 caseId) external view returns (uint32[] memory memberIds);
    /// @notice The last case about a review, or 0.
    function caseOfReview(uint32 reviewId) external view returns (uint32 caseId);
}
