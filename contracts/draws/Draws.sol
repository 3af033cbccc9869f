// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IDraws} from "./IDraws.sol";

/// @title Draws
/// @dev Time is counted in blocks throughout; 48 bits of them last longer than the chain.
contract Draws is IDraws, AccessManaged {
    bytes32 private constant DRAW_DOMAIN = keccak256("dualpower.draw");
    bytes32 private constant SECRET_DOMAIN = keccak256("dualpower.secret");

    /// @dev How many blocks back the chain still knows a block's hash.
    uint256 private constant REACH = 256;

    IConstitution private immutable _constitution;

    /// @inheritdoc IDraws
    uint32 public drawCount;
    mapping(uint32 drawId => Draw) private _draws;
    mapping(uint32 drawId => mapping(uint32 memberId => bytes32)) private _commitments;
    mapping(uint32 drawId => mapping(uint32 memberId => bool)) private _revealed;

    /// @dev Some chains answer BLOCKHASH with nothing, or always with the same.
    constructor(address powers, IConstitution constitution) AccessManaged(powers) {
        if (block.number < 2) revert DrawsNoBlockHashes();
        bytes32 last = blockhash(block.number - 1);
        bytes32 before = blockhash(block.number - 2);
        if (last == 0 || before == 0 || last == before) revert DrawsNoBlockHashes();
        _constitution = constitution;
    }

    // ------------------------------------------------------------------ opening

    /// @inheritdoc IDraws
    function open(bytes32 pool, uint32 size, bytes32 text) external restricted returns (uint32 drawId) {
        if (pool == 0 || size == 0) revert DrawsEmptyPool();
        drawId = _open(pool, size, text, false);
    }

    /// @inheritdoc IDraws
    function openAmong(
        uint32[] calldata memberIds,
        bytes32[] calldata commitments,
        bytes32 text
    ) external restricted returns (uint32 drawId) {
        uint256 size = memberIds.length;
        bool withReveals = commitments.length != 0;
        if (size == 0) revert DrawsEmptyPool();
        if (withReveals && commitments.length != size) revert DrawsLengthMismatch(size, commitments.length);
        // Who opens a draw bounds its pool.
        for (uint256 i; i < size; ++i) {
            for (uint256 j; j < i; ++j) {
                if (memberIds[j] == memberIds[i]) revert DrawsDuplicateMember(memberIds[i]);
            }
        }

        // A transaction holds fewer than 2^32 members.
        drawId = _open(keccak256(abi.encode(memberIds)), uint32(size), text, withReveals);
        for (uint256 i; i < commitments.length; ++i) {
            if (commitments[i] == 0) revert DrawsEmptyCommitment(memberIds[i]);
            _commitments[drawId][memberIds[i]] = commitments[i];
        }
        emit PoolCommitted(drawId, memberIds, commitments);
    }

    function _open(bytes32 pool, uint32 size, bytes32 text, bool withReveals) private returns (uint32 drawId) {
        drawId = ++drawCount;
        Draw storage d = _draws[drawId];
        d.opener = msg.sender;
        d.pool = pool;
        d.size = size;
        d.withReveals = withReveals;
        // Parameters have 32 bits; the delay's ceiling is 64.
        uint48 revealEnd = uint48(block.number);
        if (withReveals) {
            revealEnd += uint48(Parameters.at(_constitution.word(Parameters.CONSENT), Parameters.DRAW_REVEAL));
        }
        uint16 delay = uint16(Parameters.at(_constitution.word(Parameters.REPUTATION), Parameters.DRAW_DELAY));
        d.revealEnd = revealEnd;
        d.targetBlock = revealEnd + delay;
        d.delay = delay;
        emit DrawOpened(drawId, msg.sender, pool, size, text, withReveals, revealEnd, revealEnd + delay);
    }

    // ------------------------------------------------------------------ reveals

    /// @inheritdoc IDraws
    function reveal(uint32 drawId, uint32 memberId, bytes32 secret) external {
        Draw storage d = _in(drawId, DrawState.Revealing);
        bytes32 commitment = _commitments[drawId][memberId];
        if (commitment == 0) revert DrawsNoCommitment(drawId, memberId);
        if (_revealed[drawId][memberId]) revert DrawsAlreadyRevealed(drawId, memberId);
        if (keccak256(abi.encode(SECRET_DOMAIN, memberId, secret)) != commitment) {
            revert DrawsWrongSecret(drawId, memberId);
        }

        bytes32 mix = keccak256(abi.encode(d.mix, memberId, secret));
        _revealed[drawId][memberId] = true;
        ++d.reveals;
        d.mix = mix;
        emit SecretRevealed(drawId, memberId, secret, mix);
    }

    // ------------------------------------------------------------------ the block

    /// @inheritdoc IDraws
    function capture(uint32 drawId) external {
        Draw storage d = _in(drawId, DrawState.Capturable);
        bytes32 blockHash = blockhash(d.targetBlock);
        if (blockHash == 0) revert DrawsNoBlockHashes();

        uint256 number = uint256(
            keccak256(abi.encode(DRAW_DOMAIN, block.chainid, address(this), drawId, d.pool, blockHash, d.mix))
        );
        d.blockHash = blockHash;
        d.number = number;
        emit DrawCaptured(drawId, blockHash, number);
    }

    /// @inheritdoc IDraws
    function retarget(uint32 drawId) external {
        Draw storage d = _in(drawId, DrawState.Missed);
        uint256 step = REACH + 1 + d.delay;
        uint256 steps = (block.number + d.delay - d.targetBlock + step - 1) / step;
        uint48 targetBlock = uint48(d.targetBlock + steps * step);
        uint16 retargets = d.retargets + 1;
        d.targetBlock = targetBlock;
        d.retargets = retargets;
        emit DrawRetargeted(drawId, targetBlock, retargets);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IDraws
    function draw(uint32 drawId) external view returns (Draw memory) {
        _known(drawId);
        return _draws[drawId];
    }

    /// @inheritdoc IDraws
    function state(uint32 drawId) public view returns (DrawState) {
        Draw storage d = _draws[drawId];
        if (d.size == 0) return DrawState.Unknown;
        if (d.blockHash != 0) return DrawState.Captured;
        if (d.withReveals && block.number <= d.revealEnd) return DrawState.Revealing;
        if (block.number <= d.targetBlock) return DrawState.Waiting;
        return block.number <= d.targetBlock + REACH ? DrawState.Capturable : DrawState.Missed;
    }

    /// @inheritdoc IDraws
    function hasRevealed(uint32 drawId, uint32 memberId) external view returns (bool) {
        return _revealed[drawId][memberId];
    }

    /// @inheritdoc IDraws
    function pick(uint32 drawId, uint256 n, uint256 k) external view returns (uint256[] memory indices) {
        uint256 number = _in(drawId, DrawState.Captured).number;
        if (k > n) revert DrawsTooMany(k, n);
        uint256[] memory order = new uint256[](n);
        for (uint256 i; i < n; ++i) order[i] = i;
        indices = new uint256[](k);
        for (uint256 i; i < k; ++i) {
            uint256 j = i + (uint256(keccak256(abi.encode(number, i))) % (n - i));
            indices[i] = order[j];
            order[j] = order[i];
        }
    }

    function _known(uint32 drawId) private view {
        if (_draws[drawId].size == 0) revert DrawsUnknown(drawId);
    }

    function _in(uint32 drawId, DrawState required) private view returns (Draw storage) {
        _known(drawId);
        DrawState current = state(drawId);
        if (current != required) revert DrawsWrongState(drawId, current, required);
        return _draws[drawId];
    }
}
