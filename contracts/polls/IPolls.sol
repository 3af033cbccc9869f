// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Polls: a choice among many
/// @notice Each ballot spreads votes over up to 60 options; v votes on an option cost v^2 credits, summed over options.
/// A poll opens by an executed proposal, at once, for `polls.voting` seconds. Two kinds:
///
/// - open: a member's ballot by name, paid from the season's voice credits (the poll brings one credit of its own);
/// - secret: a Semaphore proof of membership in the group as it stood when the poll opened; every ballot has the same
///   `polls.credits`. The chain sees a ballot and a nullifier, not a member. With `hidden` results the chain sees a seal
///   first, and the ballot when it is revealed after voting; unrevealed ballots do not count. An open poll has no
///   hidden results: its ballots are in the open.
///
/// A ballot is one word: bits 4i to 4i+3 are the votes (0 to 15) on option i, bits 240 to 255 are 0. A ballot without
/// votes is blank and counts for the quorum. Ballots are final.
///
/// In open polls members' delegations hold (see `IDelegation`): after voting there is a follow period, as long as that of
/// ordinary proposals, in which ballots are recorded for those who did not vote. They count for the tally, and not for the
/// quorum.
///
/// What a secret ballot proves, in Semaphore V4's terms (each hashed by the client and here as keccak256(x) >> 8):
///
///     scope   = keccak256(abi.encode(keccak256("dualpower.poll"), chainId, polls, pollId))
///     message = keccak256(abi.encode(keccak256("dualpower.ballot"), scope, ballot or seal))
///     seal    = keccak256(abi.encode(keccak256("dualpower.seal"), scope, nullifier, ballot, salt))
///
/// The proof is made for the tree depth that the poll froze, which is the group's: no deeper one is taken, since below a
/// leaf there is nothing to prove. Nullifiers are kept here, so that nobody can burn another's elsewhere.
interface IPolls {
    enum PollState {
        Voting,
        Revealing,
        Closed,
        Following
    }

    /// @notice Why a secret ballot was refused.
    enum SecretBallotProblem {
        None,
        NotVoting,
        NotSecret,
        NullifierOutOfRange,
        NullifierUsed,
        BallotInvalid,
        ProofInvalid
    }

    /// @notice A poll's frozen terms.
    /// @param text keccak256 of the text that says what is asked and names the options
    /// @param options how many there are, 2 to 60
    /// @param secret whether ballots are secret
    /// @param hidden whether results are hidden until the end; secret polls only
    /// @param topic the area of life it belongs to
    /// @param season whose credits pay open ballots
    /// @param electorateAt the second before it opened: who was active then may vote openly
    /// @param votingEnd the last second of voting, Unix
    /// @param revealEnd the last second of revealing; votingEnd unless hidden
    /// @param followEnd the last second of following; votingEnd in secret polls
    /// @param credits of each secret ballot
    /// @param quorum ballots that make the result count, by the ordinary rule's share
    /// @param depth of the group's tree, for which proofs are made; 0 in open polls
    /// @param root of the group when it opened; 0 in open polls
    struct Poll {
        bytes32 text;
        uint8 options;
        bool secret;
        bool hidden;
        uint16 topic;
        uint32 season;
        uint48 electorateAt;
        uint48 votingEnd;
        uint48 revealEnd;
        uint48 followEnd;
        uint16 credits;
        uint32 quorum;
        uint8 depth;
        uint256 root;
    }

    /// @param points the Groth16 proof: A.x, A.y, B.x.c1, B.x.c0, B.y.c1, B.y.c0, C.x, C.y, as Semaphore packs it
    /// @param ballot the ballot, or its seal where results are hidden
    struct SecretBallot {
        uint32 pollId;
        uint256 nullifier;
        uint256 ballot;
        uint256[8] points;
    }

    error PollsUnknown(uint32 pollId);
    error PollsEmptyText();
    error PollsUnknownTopic(uint16 topic);
    error PollsOptions(uint256 options, uint256 least, uint256 most);
    error PollsHiddenNeedsSecret();
    error PollsTooFewListed(uint256 listed, uint256 least);
    error PollsNotVoting(uint32 pollId, PollState state);
    error PollsNotRevealing(uint32 pollId, PollState state);
    error PollsNotFollowing(uint32 pollId, PollState state);
    error PollsOnlyFollower(address caller);
    error PollsSecret(uint32 pollId);
    error PollsNotInElectorate(uint32 pollId, address account);
    error PollsMemberNotInElectorate(uint32 pollId, uint32 memberId);
    error PollsAlreadyVoted(uint32 pollId, uint32 memberId);
    error PollsBadBallot(uint32 pollId, uint256 ballot);
    error PollsOverBudget(uint32 pollId, uint256 cost, uint256 credits);
    error PollsSecretBallotRefused(uint32 pollId, uint256 nullifier, SecretBallotProblem problem);
    error PollsGasStarved(uint256 gas, uint256 needed);
    error PollsAlreadyRevealed(uint32 pollId, uint256 nullifier);
    error PollsWrongOpening(uint32 pollId, uint256 nullifier);

    event PollOpened(uint32 indexed pollId, Poll poll);
    event PollBallotCast(uint32 indexed pollId, uint32 indexed memberId, uint256 ballot, uint256 cost);
    /// @notice A ballot was recorded because of a delegation.
    event PollBallotFollowed(uint32 indexed pollId, uint32 indexed memberId, uint256 ballot, uint256 cost);
    event FollowerSet(address indexed follower);
    /// @notice `ballot` is the seal where results are hidden.
    event SecretBallotCast(uint32 indexed pollId, uint256 indexed nullifier, uint256 ballot);
    event SecretBallotRefused(uint32 indexed pollId, uint256 indexed nullifier, SecretBallotProblem problem);
    event SecretBallotRevealed(uint32 indexed pollId, uint256 indexed nullifier, uint256 ballot);

    /// @notice Opens a poll. Restricted (an executed proposal, by the ordinary rule).
    function open(bytes32 text, uint8 options, uint16 topic, bool secret, bool hidden) external returns (uint32 pollId);

    /// @notice Casts the caller's ballot in an open poll; directly or through the forwarder.
    function cast(uint32 pollId, uint256 ballot) external;

    /// @notice Records a ballot cast because of a delegation, in the follow period of an open poll. The follower only; its
    /// caller answers for the choice. Counts for the tally, not for the quorum.
    function castFollowed(uint32 pollId, uint32 memberId, uint256 ballot) external;

    /// @notice Casts a secret ballot; anyone may send it.
    function castSecret(SecretBallot calldata ballot) external;

    /// @notice Casts many secret ballots; a bad one is skipped and logged. Reverts as a whole when gas would not suffice
    /// for checking the next, so that a sender cannot have good ballots refused by starving the check.
    function castSecretBatch(SecretBallot[] calldata ballots) external;

    /// @notice Reveals a sealed ballot after voting; anyone who has its opening may send it.
    function reveal(uint32 pollId, uint256 nullifier, uint256 ballot, bytes32 salt) external;

    /// @notice Sets the module that may record followed ballots. Restricted (constitutional).
    function setFollower(address follower) external;

    function follower() external view returns (address);
    function pollCount() external view returns (uint32);
    function poll(uint32 pollId) external view returns (Poll memory);
    function state(uint32 pollId) external view returns (PollState);
    /// @notice Ballots that count for the quorum so far: sealed ones once revealed, followed ones never.
    function ballotCount(uint32 pollId) external view returns (uint32);
    function sealedCount(uint32 pollId) external view returns (uint32);
    function followedCount(uint32 pollId) external view returns (uint32);
    /// @notice Votes for each option.
    function tally(uint32 pollId) external view returns (uint256[] memory);
    /// @notice A member's ballot in an open poll.
    /// @return voted whether there is one
    /// @return ballot its votes
    /// @return followed whether it was cast because of a delegation
    /// @return castAt Unix seconds, to the hour, counted from the opening
    function ballotOf(
        uint32 pollId,
        uint32 memberId
    ) external view returns (bool voted, uint256 ballot, bool followed, uint48 castAt);
    function nullifierUsed(uint32 pollId, uint256 nullifier) external view returns (bool);
    function scopeOf(uint32 pollId) external view returns (uint256);
    function messageOf(uint32 pollId, uint256 ballot) external view returns (uint256);
    function sealOf(uint32 pollId, uint256 nullifier, uint256 ballot, bytes32 salt) external view returns (uint256);
}
