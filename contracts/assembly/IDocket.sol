// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IConstitution} from "../constitution/IConstitution.sol";
import {IAssembly} from "./IAssembly.sol";
import {ProposalTerms} from "./ProposalTerms.sol";

/// @title Docket: where drafts find sponsors, and hearings are held
/// @notice Two members out of probation sponsor a draft by its proposal id (which binds author, actions and text)
/// and all name the same topic; then its author can propose. Until the commune has mediation, two members also open the
/// hearing that must precede a vote on expulsion, at least 7 days.
interface IDocket {
    /// @param openers the two members who opened it; they are not liable for having vouched
    /// @param grounds keccak256 of the UTF-8 text that says why
    /// @param startedAt when the second member joined, Unix seconds; 0 while one is missing
    /// @param proposalId the vote that came of it, or 0
    struct Hearing {
        uint32 memberId;
        uint32[] openers;
        bytes32 grounds;
        uint48 requestedAt;
        uint48 startedAt;
        uint256 proposalId;
    }

    /// @notice What is proposed, as in `IGovernor.propose`.
    struct Draft {
        address proposer;
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        string description;
    }

    /// @notice What a proposal freezes when it opens.
    /// @param terms see `IAssembly.Terms`, packed
    /// @param deliberation seconds before voting starts
    /// @param voting seconds of direct voting
    struct Opening {
        ProposalTerms terms;
        uint32 deliberation;
        uint32 voting;
    }

    error DocketSponsorTwice(uint256 proposalId, uint32 memberId);
    error DocketTopicMismatch(uint256 proposalId, uint16 given, uint16 named);
    error DocketUnknownTopic(uint16 topic);
    error DocketSponsorsFull(uint256 proposalId, uint256 limit);
    error DocketNotSponsored(uint256 proposalId, uint256 sponsors, uint256 required);
    error DocketOnlyAssembly(address caller);
    error DocketOnlyOpener(address caller);
    error DocketCodeChanged(uint256 proposalId, bytes32 pinned, bytes32 found);
    error DocketDescriptionSuffix(address proposer);
    error DocketModuleOpensThis(IConstitution.RuleKind kind);
    error DocketAlreadyProposed(uint256 proposalId);
    error DocketHearingAgainstSelf(uint32 memberId);
    error DocketHearingTwice(uint256 hearingId, uint32 memberId);
    error DocketHearingRunning(uint32 memberId, uint256 hearingId);
    error DocketUnknownHearing(uint256 hearingId);
    error DocketHearingNotStarted(uint256 hearingId);
    error DocketHearingTooEarly(uint256 hearingId, uint48 votableAt);
    error DocketHearingExpired(uint256 hearingId, uint48 expiredAt);
    error DocketHearingVoted(uint256 hearingId, uint256 proposalId);
    error DocketHearingComplete(uint256 hearingId);
    error DocketEmptyGrounds();

    event Sponsored(uint256 indexed proposalId, uint32 indexed memberId, uint16 topic, uint256 sponsors);
    /// @notice A proposal opened with these terms; complements the assembly's `ProposalCreated`.
    /// @param author memberId of the author, 0 for a module
    event ProposalOpened(
        uint256 indexed proposalId,
        uint32 indexed author,
        uint16 indexed topic,
        IAssembly.Terms terms,
        bytes32 pin
    );
    event HearingRequested(uint256 indexed hearingId, uint32 indexed memberId, uint32 indexed opener, bytes32 grounds);
    event HearingStarted(uint256 indexed hearingId, uint32 indexed opener, uint48 votableAt, uint48 expiresAt);
    event HearingVoteOpened(uint256 indexed hearingId, uint256 indexed proposalId);

    /// @notice Sponsors a draft under a topic. Members out of probation; the author may be one of them. A sponsorship
    /// lasts 30 days; a sponsor who is no longer active when the draft is proposed does not count.
    function sponsor(uint256 proposalId, uint16 topic) external;

    /// @notice Asks for a hearing on a member's expulsion. Members out of probation; a second one must join.
    /// @param grounds keccak256 of the UTF-8 text that says why
    function requestHearing(uint32 memberId, bytes32 grounds) external returns (uint256 hearingId);

    /// @notice Joins a requested hearing as its second opener, which starts the 7 days.
    function joinHearing(uint256 hearingId) external;

    /// @notice Opens the vote on expulsion after the hearing, within 30 days of its end. Anyone.
    function openExpulsion(uint256 hearingId) external returns (uint256 proposalId);

    /// @notice Checks a draft that is being opened, uses up its sponsorship, pins its targets' code, and works out
    /// what it freezes. The assembly only.
    /// @param author memberId of the author, or 0 for a module: modules need no sponsors, but what they open that is no
    /// vote on a person keeps the topic it was sponsored under
    function open(uint256 proposalId, uint32 author, Draft calldata draft) external returns (Opening memory);

    /// @notice The hash of the targets' code as it was when the proposal opened; 0 for one that was not.
    function pinOf(uint256 proposalId) external view returns (bytes32);

    /// @notice Reverts if any target's code is not what it was when the proposal opened.
    function requireUnchanged(uint256 proposalId, address[] calldata targets) external view;

    /// @notice Heads that a proposal under this rule, opened right after `timepoint`, would take.
    function quorumOf(IConstitution.RuleKind kind, uint48 timepoint) external view returns (uint256);

    /// @notice Fixes the electorate of a vote that a module opens next: who was active at `electorateAt`, when what it is about
    /// began, so that nobody can join to vote on it. Modules that open proposals; the proposal's terms tell of it.
    function fixElectorate(uint256 proposalId, uint48 electorateAt) external;

    /// @notice Keeps a draft's sponsorship from expiring: a module put the draft to the members in a way of its own, and
    /// may open it later, under the same topic. Reverts unless it stands: enough sponsors who are still active, not
    /// expired, and the draft not opened yet. Modules that open proposals; what they say of the draft tells of it.
    /// @return topic under which it is sponsored
    function keepSponsorship(uint256 proposalId) external returns (uint16 topic);

    /// @notice Who sponsors a draft that is not opened yet, and under which topic (0: nobody yet).
    function sponsorsOf(uint256 proposalId) external view returns (uint32[] memory memberIds, uint16 topic);

    function hearing(uint256 hearingId) external view returns (Hearing memory);

    /// @notice The last hearing on a member that started, or 0.
    function hearingOf(uint32 memberId) external view returns (uint256);

    /// @notice Whether `opener` opened the hearing that led to the last vote on `memberId`'s expulsion.
    function openedHearing(uint32 opener, uint32 memberId) external view returns (bool);
}
