// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IConstitution} from "../constitution/IConstitution.sol";

/// @title Assembly: the commune decides
/// @notice An OpenZeppelin Governor whose votes belong to members, not to tokens. Ordinary proposals are quadratic
/// (n votes cost n^2 voice credits, the first being the decision's own); constitutional and person votes are one member
/// one vote. Quorum counts heads: members who voted themselves, every choice included. Rule, quorum, timings,
/// electorate, season and every target's code hash are frozen when a proposal opens; execution checks the code again.
/// Direct ballots are final. A passed proposal expires 30 days after voting.
/// @dev COUNTING_MODE `support=bravo&quorum=heads&params=votes`: `castVoteWithReasonAndParams` takes
/// `abi.encode(uint8 votes)`. Not `is IGovernor` only because the contract inherits both.
interface IAssembly {
    /// @notice What a proposal froze when it opened.
    /// @param kind the rule
    /// @param topic the area of life its sponsors named; 0 for votes opened by a module
    /// @param season whose voice credits pay for its ballots
    /// @param quorum heads it takes
    /// @param forHeads heads in favour it takes
    /// @param electorateAt one second before opening, Unix seconds: who was active then may vote
    /// @param approvalPpm share of For among For and Against, parts per million; always more For than Against too
    /// @param follow length of the follow period after direct voting, seconds
    /// @param queue delay between queueing and execution, seconds
    /// @param lateExtension how much time voting has at least once the quorum is reached, seconds
    /// @param expiryHours hours after voting in which a passed proposal can be executed
    struct Terms {
        IConstitution.RuleKind kind;
        uint16 topic;
        uint16 season;
        uint32 quorum;
        uint32 forHeads;
        uint40 electorateAt;
        uint24 approvalPpm;
        uint24 follow;
        uint24 queue;
        uint24 lateExtension;
        uint16 expiryHours;
    }

    /// @notice Sums of a proposal's ballots. Votes count followed ballots too, heads only direct ones.
    /// @param extendedDeadline end of direct voting if a late quorum moved it, else 0
    struct Tally {
        uint40 againstVotes;
        uint40 forVotes;
        uint40 abstainVotes;
        uint32 forHeads;
        uint32 heads;
        uint48 extendedDeadline;
    }

    /// @notice One member's recorded choice.
    /// @param cast whether there is one
    /// @param support 0 Against, 1 For, 2 Abstain (Bravo)
    /// @param votes how many, 1 to 31
    /// @param followed whether it was cast because of a delegation
    /// @param castAt Unix seconds, to the hour, counted from the start of voting
    struct Ballot {
        bool cast;
        uint8 support;
        uint8 votes;
        bool followed;
        uint48 castAt;
    }

    /// @notice A ballot signed by EIP-712 as
    /// `MemberBallot(uint256 proposalId,uint32 memberId,uint8 support,uint8 votes)`.
    struct SignedBallot {
        uint256 proposalId;
        uint32 memberId;
        uint8 support;
        uint8 votes;
        bytes signature;
    }

    error AssemblyNotInElectorate(uint256 proposalId, address account, uint32 memberId);
    error AssemblyAlreadyVoted(uint256 proposalId, uint32 memberId);
    error AssemblyUnknownSupport(uint8 support);
    error AssemblyVotesOutOfRange(uint8 votes, uint8 maximum);
    error AssemblyBadSignature(uint256 proposalId, uint32 memberId);
    error AssemblyBadParams(uint256 length);
    error AssemblyVotingClosed(uint256 proposalId, uint256 deadline);
    error AssemblyNotFollowPeriod(uint256 proposalId, uint256 from, uint256 until);
    error AssemblyOnlyFollower(address caller);
    error AssemblyOnlyOpener(address caller);
    error AssemblyLiveProposal(uint32 memberId, uint256 proposalId);
    error AssemblyAlreadyOpened(uint256 proposalId);
    error AssemblyNoQueue(uint256 proposalId);
    error AssemblyUseMemberBallot();
    error AssemblyDisabled(bytes4 selector);

    /// @notice A ballot was recorded; complements `VoteCast`.
    /// @param kind the proposal's rule: quadratic for `Ordinary`, one member one vote otherwise
    /// @param cost voice credits taken from the season's budget (n^2 - 1, or 0)
    event BallotRecorded(
        uint256 indexed proposalId,
        uint32 indexed memberId,
        uint8 support,
        uint8 votes,
        IConstitution.RuleKind kind,
        uint16 cost,
        bool followed
    );
    /// @notice A ballot of a batch was skipped; `reason` is the error's data.
    event BallotSkipped(uint256 indexed proposalId, uint32 indexed memberId, bytes reason);
    /// @notice A late quorum moved the end of direct voting; once at most. As OpenZeppelin's GovernorPreventLateQuorum.
    event ProposalExtended(uint256 indexed proposalId, uint64 extendedDeadline);
    event OpenerSet(address indexed module, bool allowed);
    event FollowerSet(address indexed follower);

    /// @notice Casts one's own ballot with a number of votes.
    function castBallot(uint256 proposalId, uint8 support, uint8 votes) external;

    /// @notice Casts a member's signed ballot; anyone may send it. Contract wallets sign by ERC-1271, with capped gas.
    function castBallotBySig(SignedBallot calldata ballot) external;

    /// @notice Casts many signed ballots; a bad one is skipped and logged.
    /// @return recorded how many were recorded
    function castBallots(SignedBallot[] calldata ballots) external returns (uint256 recorded);

    /// @notice Records a ballot cast because of a delegation, in the follow period. The follower only; its caller
    /// answers for the choice. Counts for the tally, not for quorum.
    function castFollowed(uint256 proposalId, uint32 memberId, uint8 support, uint8 votes) external;

    /// @notice Opens a vote as a module: no sponsors, no limit of live proposals. Registered openers only.
    function openFor(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) external returns (uint256 proposalId);

    /// @notice Registers a module that may open votes, or removes it. Restricted (constitutional).
    function setOpener(address module, bool allowed) external;

    /// @notice Sets the module that may record followed ballots. Restricted (constitutional).
    function setFollower(address follower) external;

    function isOpener(address module) external view returns (bool);

    function follower() external view returns (address);

    function termsOf(uint256 proposalId) external view returns (Terms memory);

    function tallyOf(uint256 proposalId) external view returns (Tally memory);

    function ballotOf(uint256 proposalId, uint32 memberId) external view returns (Ballot memory);

    /// @notice One second before the proposal opened: eligibility, quorum base and delegations are as of then.
    function electorateAt(uint256 proposalId) external view returns (uint48);

    /// @notice The end of the follow period; equal to `proposalDeadline` where there is none.
    function followEnd(uint256 proposalId) external view returns (uint256);

    /// @notice An author's proposal that is still live, or 0.
    function liveProposalOf(uint32 memberId) external view returns (uint256);

    /// @notice What a member signs to cast a ballot.
    function ballotDigest(
        uint256 proposalId,
        uint32 memberId,
        uint8 support,
        uint8 votes
    ) external view returns (bytes32);
}
