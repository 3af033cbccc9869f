// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Draws: verifiable lotteries
/// @notice The pool is committed first; the number comes from the hash of a block that is fixed in that same moment:
/// `draw.delay` blocks later, or, with reveals, that many after the reveals close. Anyone captures it within 256 blocks;
/// if nobody did, anyone sets a new block, in public, again before its hash exists: the next one at least `delay` blocks
/// ahead of all those that are a whole number of (257 + delay) blocks after the missed one. No caller ever picks a block.
///
///     number = uint256(keccak256(abi.encode(
///         keccak256("dualpower.draw"), chainId, draws, drawId, pool, blockHash, mix)))
///
/// With high stakes everybody in the pool has committed to a secret before the pool was, and reveals it before the block's
/// hash can be known, so that nobody can arrange for a number before reveals are over:
///
///     commitment = keccak256(abi.encode(keccak256("dualpower.secret"), memberId, secret))
///     mix = keccak256(abi.encode(mix, memberId, secret))    for each reveal, from 0
///
/// Who does not reveal loses the place: at the time of revealing nobody knows what that would change. What is left, with
/// reveals and without: who makes the target block can try several, and publish the one whose number they like.
///
/// Taking k of n (indices from 0), by a partial Fisher-Yates shuffle of 0..n-1:
///
///     for i in 0..k-1:  j = i + uint256(keccak256(abi.encode(number, i))) % (n - i);  swap(i, j)
interface IDraws {
    enum DrawState {
        Unknown,
        Revealing,
        Waiting,
        Capturable,
        Missed,
        Captured
    }

    /// @param opener the contract that opened it
    /// @param pool hash of what is drawn from: for people keccak256(abi.encode(uint32[] memberIds)); for a published
    /// distribution of panels the keccak256 of its document
    /// @param size how many things are in the pool
    /// @param withReveals whether those in the pool reveal secrets
    /// @param revealEnd last block of revealing; the opening block without reveals
    /// @param targetBlock whose hash counts
    /// @param retargets how often the block was missed
    /// @param delay blocks from the end of revealing to the first target
    /// @param reveals how many secrets are in the mix
    /// @param blockHash of the target block; 0 until captured
    /// @param number 0 until captured
    struct Draw {
        address opener;
        bytes32 pool;
        uint32 size;
        bool withReveals;
        uint48 revealEnd;
        uint48 targetBlock;
        uint16 retargets;
        uint16 delay;
        uint32 reveals;
        bytes32 mix;
        bytes32 blockHash;
        uint256 number;
    }

    error DrawsNoBlockHashes();
    error DrawsUnknown(uint32 drawId);
    error DrawsEmptyPool();
    error DrawsLengthMismatch(uint256 memberIds, uint256 commitments);
    error DrawsDuplicateMember(uint32 memberId);
    error DrawsEmptyCommitment(uint32 memberId);
    error DrawsWrongState(uint32 drawId, DrawState state, DrawState required);
    error DrawsNoCommitment(uint32 drawId, uint32 memberId);
    error DrawsWrongSecret(uint32 drawId, uint32 memberId);
    error DrawsAlreadyRevealed(uint32 drawId, uint32 memberId);
    error DrawsTooMany(uint256 k, uint256 n);

    event DrawOpened(
        uint32 indexed drawId,
        address indexed opener,
        bytes32 indexed pool,
        uint32 size,
        bytes32 text,
        bool withReveals,
        uint48 revealEnd,
        uint48 targetBlock
    );
    /// @notice The people of a pool, where the draw knows them.
    event PoolCommitted(uint32 indexed drawId, uint32[] memberIds, bytes32[] commitments);
    event SecretRevealed(uint32 indexed drawId, uint32 indexed memberId, bytes32 secret, bytes32 mix);
    event DrawRetargeted(uint32 indexed drawId, uint48 targetBlock, uint16 retargets);
    event DrawCaptured(uint32 indexed drawId, bytes32 blockHash, uint256 number);

    /// @notice Opens a draw from a published pool. Restricted (an executed proposal, elections).
    /// @param text keccak256 of the text that says what is drawn and from what
    function open(bytes32 pool, uint32 size, bytes32 text) external returns (uint32 drawId);

    /// @notice Opens a draw among people; `commitments` are empty for one without reveals. Restricted (elections).
    function openAmong(
        uint32[] calldata memberIds,
        bytes32[] calldata commitments,
        bytes32 text
    ) external returns (uint32 drawId);

    /// @notice Reveals a member's secret. Anyone who has it.
    function reveal(uint32 drawId, uint32 memberId, bytes32 secret) external;

    /// @notice Takes the hash of the fixed block, within 256 blocks of it. Anyone.
    function capture(uint32 drawId) external;

    /// @notice Sets a new block where the last one was missed. Anyone.
    function retarget(uint32 drawId) external;

    function drawCount() external view returns (uint32);
    function draw(uint32 drawId) external view returns (Draw memory);
    function state(uint32 drawId) external view returns (DrawState);
    function hasRevealed(uint32 drawId, uint32 memberId) external view returns (bool);
    /// @notice Which `k` of `n` the number takes, in order. Captured draws.
    function pick(uint32 drawId, uint256 n, uint256 k) external view returns (uint256[] memory indices);
}
