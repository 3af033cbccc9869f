// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Panels: who decides a case if mediation fails
/// @notice Five members drawn by lot (three where fewer than twelve are eligible; the assembly where fewer than five are, or
/// fewer than half of those who were active when the case opened, or fewer than three can be found) say, each in secret
/// first, how far the remedy is granted: in quarters from 0 (dismissed) to 4 (in full). They commit to a hash, then reveal;
/// the decision is the median of what was revealed, the lower one of two. An expulsion, or the overturning of a review, is
/// granted by 1 or more. Where half or fewer reveal, another panel is drawn, once, and then the assembly decides. Who reveals
/// earns `panel.reward`; who was drawn and does not gets a small penalty, which waits.
///
/// Who may be drawn is who may mediate (see `IMediation`), but the case's last mediator and, for a second panel, the members
/// of the first. The draw's pool is the mediation's, its text "Panel <round> for case <caseId>".
///
/// A decision waits `panel.appeal`. In that time a party can appeal, once in a case: the assembly votes (one member one
/// vote) whether to overrule it or, where the case was dismissed, to grant the remedy in full. A motion to expel is no
/// decision yet: it opens the assembly's vote, at least `hearing.length` after the case was opened; one that was dismissed
/// leaves the hearings that two members can ask for (see `IDocket`). Whatever the assembly votes on, its electorate is the
/// case's, without who left or was expelled since.
///
///     commitment = keccak256(abi.encode(keccak256("dualpower.panel"), chainId, panels, caseId, round, memberId, extent, salt))
interface ICasePanels {
    /// @notice Where a panel stands. `Countable`: revealing is over, or all who committed have revealed. `Decided` waits for its
    /// window, or to be carried out; `Appealed` for the vote; `Assembly`: the assembly is to decide; `Carried` (also of a
    /// motion that was put to the vote), `Dismissed` and `Overruled` are ends.
    enum PanelState {
        Unknown,
        Drawing,
        Committing,
        Revealing,
        Countable,
        Decided,
        Appealed,
        Assembly,
        Carried,
        Dismissed,
        Overruled
    }

    /// @param round 1, or 2 for a second panel
    /// @param seats 5 or 3; once it is seated, how many were found
    /// @param cursor how many places of the shuffle were looked at
    /// @param extent quarters of the remedy granted
    /// @param appealUntil the last second to appeal; 0 before a decision and for an expulsion
    /// @param proposalId the vote on the appeal, on the expulsion, or of the assembly in the panel's place; 0 for none
    struct Panel {
        uint8 round;
        uint8 seats;
        uint32 drawId;
        uint32 cursor;
        uint48 commitUntil;
        uint48 revealUntil;
        uint8 extent;
        uint48 appealUntil;
        uint256 proposalId;
    }

    error CasePanelsUnknown(uint32 caseId);
    error CasePanelsWrongState(uint32 caseId, PanelState state);
    error CasePanelsNotDrawn(uint32 caseId, uint32 drawId);
    error CasePanelsNotPanelist(uint32 caseId, address account);
    error CasePanelsEmptyCommitment();
    error CasePanelsCommittedTwice(uint32 caseId, uint32 memberId);
    error CasePanelsNoCommitment(uint32 caseId, uint32 memberId);
    error CasePanelsRevealedTwice(uint32 caseId, uint32 memberId);
    error CasePanelsWrongReveal(uint32 caseId, uint32 memberId);
    error CasePanelsExtent(uint8 extent, uint8 most);
    error CasePanelsNotParty(uint32 caseId, address account);
    error CasePanelsAppealedTwice(uint32 caseId);
    error CasePanelsAppealTooLate(uint32 caseId, uint48 until);
    error CasePanelsMotionNeedsNoAppeal(uint32 caseId);
    error CasePanelsTooEarly(uint32 caseId, uint48 from);
    error CasePanelsEmptyGrounds();

    event PanelOpened(uint32 indexed caseId, uint8 indexed round, uint8 seats, uint32 drawId);
    event PanelistDrawn(uint32 indexed caseId, uint8 indexed round, uint32 indexed memberId);
    event PanelSeated(uint32 indexed caseId, uint8 indexed round, uint8 seats, uint48 commitUntil, uint48 revealUntil);
    event VoteCommitted(uint32 indexed caseId, uint8 indexed round, uint32 indexed memberId, bytes32 commitment);
    event VoteRevealed(uint32 indexed caseId, uint8 indexed round, uint32 indexed memberId, uint8 extent);
    /// @param penaltyId what they may lose, or 0 for who may not decide any more, as they have left
    event PanelistSilent(uint32 indexed caseId, uint8 indexed round, uint32 indexed memberId, uint32 penaltyId);
    /// @param appealUntil the last second to appeal, or 0 for an expulsion
    event PanelDecided(uint32 indexed caseId, uint8 extent, uint48 appealUntil);
    event DecisionAppealed(uint32 indexed caseId, uint32 indexed memberId, uint256 indexed proposalId, bytes32 grounds);
    /// @param proposalId the vote, or 0 for an expulsion, whose vote waits for the hearing's time
    event AssemblyAsked(uint32 indexed caseId, uint256 indexed proposalId);
    event DecisionOverruled(uint32 indexed caseId);
    event MotionToExpel(uint32 indexed caseId, uint32 indexed memberId, uint256 indexed proposalId);
    /// @param amount micro-points that were really lost; 0 where it was not about points
    event DecisionCarried(uint32 indexed caseId, uint8 extent, uint64 amount);
    event CaseDismissed(uint32 indexed caseId);

    /// @notice Draws a panel for a case whose mediation failed, or asks the assembly where too few are eligible. Anyone.
    function convene(uint32 caseId) external;

    /// @notice Seats those whom the captured draw gives; goes on where it stopped if it has to pass over many. Anyone.
    function seat(uint32 caseId) external;

    /// @notice Commits to one's vote, once. Panelists, as long as they may decide.
    function commit(uint32 caseId, bytes32 commitment) external;

    /// @notice Reveals a vote. Anyone who knows it.
    function reveal(uint32 caseId, uint32 memberId, uint8 extent, bytes32 salt) external;

    /// @notice Counts, and decides; or draws a second panel; or asks the assembly. Anyone.
    function count(uint32 caseId) external;

    /// @notice Puts a decision to the assembly, in its window, once. Parties, also after leaving.
    function appeal(uint32 caseId, bytes32 grounds) external;

    /// @notice Carries out a decision after its window, or after a vote on it that failed; opens the vote on an expulsion;
    /// closes a case that was dismissed. Anyone.
    function carryOut(uint32 caseId) external;

    /// @notice Voids a decision. Restricted (the assembly, by the person rule, in the vote that the appeal opened).
    function overrule(uint32 caseId) external;

    /// @notice Grants the remedy in full, in a panel's place, or where a dismissal was appealed. Restricted (the assembly, by the
    /// person rule, in the vote that this contract opened). An expulsion needs none: its vote is the decision.
    function grant(uint32 caseId) external;

    function panelOf(uint32 caseId) external view returns (Panel memory);
    function stateOf(uint32 caseId) external view returns (PanelState);
    function panelistsOf(uint32 caseId, uint8 round) external view returns (uint32[] memory memberIds);
    function commitmentOf(uint32 caseId, uint8 round, uint32 memberId) external view returns (bytes32);
    /// @notice A panelist's revealed vote.
    function voteOf(uint32 caseId, uint8 round, uint32 memberId) external view returns (bool revealed, uint8 extent);
    /// @notice Whether `claimant` opened the case that led to the last vote on `memberId`'s expulsion.
    function movedExpulsion(uint32 claimant, uint32 memberId) external view returns (bool);
}
