// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Delegation: liquid democracy
/// @notice A member names, topic by topic, whose ballot counts for theirs too when they do not vote themselves, with caps
/// of their own; it holds for votes that open later, and is revoked at once.
///
/// After direct voting there is a follow period (one day in ordinary proposals and open polls, none in others). In it
/// anyone may have the ballots of those who did not vote filled in, in pages and in any order. Whose ballot a member
/// follows is decided by the chain of delegations as it stood at the vote's `electorateAt`:
///
///     the first member on it, at most `MAX_HOPS` hops away, who voted directly, decides;
///     if that ballot came in the last `LATE` seconds of voting (to the hour in which it was cast), there is none;
///     a cycle, a longer chain, or one that ends, gives none.
///
/// The follower gets the same choice and as many votes, but at most their own cap, and what their season's credits and
/// their cap on credits afford: votes are lowered one by one until they do (in polls each option's). Whose ballot it is
/// does not depend on who calls what in which order: a chain, its caps and the ballots it may lead to are all fixed
/// before the follow period starts; nor does a vote's tally on the order of its own followers. Credits alone are as
/// they stand when the ballot is recorded: votes that are followed on the same days, and what a member spends
/// meanwhile, share them. A member who left meanwhile, or voted, is not followed for; a delegate who left keeps the
/// ballot they cast, and passes on what their delegation said.
///
/// Followed ballots count for the tally and not for the quorum.
interface IDelegation {
    /// @notice A member's delegation in a topic.
    /// @param delegate memberId; 0 where there is none
    /// @param maxVotes votes on one thing at most, 1 to 31
    /// @param maxCredits voice credits of a season that following in this topic may cost at most
    /// @param since when it was made, Unix seconds
    struct Delegate {
        uint32 delegate;
        uint8 maxVotes;
        uint16 maxCredits;
        uint48 since;
    }

    /// @notice Why there is no followed ballot.
    enum FollowProblem {
        None,
        NotInElectorate,
        HasBallot,
        NoDelegate,
        Cycle,
        ChainTooLong,
        LateBallot,
        NotAffordable
    }

    error DelegationToSelf(uint32 memberId);
    error DelegationUnknownTopic(uint16 topic);
    /// @dev `memberId` 0 stands for one that was never given.
    error DelegationDelegateNotActive(uint32 memberId);
    error DelegationVotesOutOfRange(uint8 votes, uint8 maximum);
    error DelegationNone(uint32 memberId, uint16 topic);
    error DelegationNoFollowing(uint256 voteId);
    error DelegationNotFollowPeriod(uint256 voteId, uint256 from, uint256 until);
    error DelegationFutureLookup(uint48 t, uint48 clock);

    /// @notice A delegation was made, changed, or revoked (`delegate` 0).
    event Delegated(
        uint32 indexed memberId,
        uint16 indexed topic,
        uint32 indexed delegate,
        uint8 maxVotes,
        uint16 maxCredits
    );
    /// @notice A ballot was recorded because of a delegation; complements the assembly's `BallotRecorded`.
    /// @param voter whose direct ballot decided
    event Followed(uint256 indexed proposalId, uint32 indexed memberId, uint32 indexed voter);
    /// @notice The same in a poll; complements `PollBallotFollowed`.
    event PollFollowed(uint32 indexed pollId, uint32 indexed memberId, uint32 indexed voter);
    /// @notice A member of a page was passed over.
    event FollowSkipped(uint256 indexed proposalId, uint32 indexed memberId, FollowProblem problem);
    event PollFollowSkipped(uint32 indexed pollId, uint32 indexed memberId, FollowProblem problem);

    /// @notice Names a delegate in a topic, instead of any before. Active members; the delegate is another active member.
    function delegate(uint16 topic, uint32 to, uint8 maxVotes, uint16 maxCredits) external;

    /// @notice Ends one's delegation in a topic. Members, also dormant and former ones: what those who left had delegated
    /// still passes on what others delegate to them.
    function revoke(uint16 topic) external;

    /// @notice Records the followed ballots of a page of members in an ordinary proposal's follow period. Anyone. Members
    /// who get none are passed over and logged.
    /// @return followed how many ballots were recorded
    function follow(uint256 proposalId, uint32[] calldata memberIds) external returns (uint256 followed);

    /// @notice The same in an open poll.
    function followPoll(uint32 pollId, uint32[] calldata memberIds) external returns (uint256 followed);

    /// @notice Hops of a chain at most.
    // solhint-disable-next-line func-name-mixedcase
    function MAX_HOPS() external view returns (uint256);

    /// @notice How long before the end of voting a ballot must have been cast to bind followers, seconds.
    // solhint-disable-next-line func-name-mixedcase
    function LATE() external view returns (uint256);

    /// @notice A member's delegation now.
    function delegationOf(uint32 memberId, uint16 topic) external view returns (Delegate memory);

    /// @notice A member's delegation at `t`, strictly before now.
    function delegationAt(uint32 memberId, uint16 topic, uint48 t) external view returns (Delegate memory);

    /// @notice What a member's delegations lead to in a proposal, as ballots stand now.
    /// @return problem why there would be no followed ballot, or None
    /// @return voter whose direct ballot decides, or 0
    function outcomeOf(
        uint256 proposalId,
        uint32 memberId
    ) external view returns (FollowProblem problem, uint32 voter, uint8 support, uint8 votes);

    /// @notice The same in a poll.
    function pollOutcomeOf(
        uint32 pollId,
        uint32 memberId
    ) external view returns (FollowProblem problem, uint32 voter, uint256 ballot);

    /// @notice Credits that following in a topic has cost a member in a season.
    function followSpent(uint32 memberId, uint16 topic, uint32 season) external view returns (uint256);
}
