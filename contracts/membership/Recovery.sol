// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership, IMembershipObserver, Status} from "./IMembership.sol";
import {IRecovery} from "./IRecovery.sol";

/// @title Recovery
contract Recovery is IRecovery, IMembershipObserver, Module {
    struct Guardians {
        uint32[] members;
        uint8 threshold;
        uint48 effectiveAt;
    }

    /// @dev Two slots. Support belongs to a round; whatever ends a request starts the next round.
    /// @param startedAt first support of the round, Unix seconds, or 0
    /// @param executableAt 0 while support is missing
    struct Progress {
        address newAccount;
        uint48 startedAt;
        uint48 executableAt;
        uint32 round;
        bool vetoSpent;
    }

    /// @dev How long guardians have to agree on an account, and then anyone to complete the recovery. Without an end,
    /// a scheduled recovery that lost its supporters would keep the member from ever changing guardians.
    uint48 private constant LIFETIME = 30 days;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;

    mapping(uint32 memberId => Guardians) private _guardians;
    mapping(uint32 memberId => Guardians) private _pending;
    mapping(uint32 memberId => Progress) private _progress;
    mapping(uint32 memberId => mapping(uint32 round => mapping(uint32 guardian => address))) private _supported;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
    }

    // ------------------------------------------------------------------ the member

    /// @inheritdoc IRecovery
    function setGuardians(uint32[] calldata guardians, uint8 threshold) external {
        uint32 memberId = _membership.requireActive(_msgSender());
        _settle(memberId);
        if (_progress[memberId].executableAt != 0) revert RecoveryRequestRunning(memberId);
        uint256 limits = _constitution.word(Parameters.RECOVERY);
        uint256 maximum = Parameters.at(limits, Parameters.MAX_GUARDIANS);
        bool removal = guardians.length == 0 && threshold == 0;
        if (!removal && (guardians.length > maximum || threshold < 2 || threshold > guardians.length)) {
            revert RecoveryBadGuardians(guardians.length, threshold, maximum);
        }
        // At most `maximum` guardians.
        for (uint256 i = 0; i < guardians.length; ++i) {
            uint32 guardian = guardians[i];
            if (guardian == memberId || !_membership.isFull(guardian)) revert RecoveryGuardianIneligible(guardian);
            for (uint256 j = 0; j < i; ++j) {
                if (guardians[j] == guardian) revert RecoveryDuplicateGuardian(guardian);
            }
        }

        // 32 bits beside a timestamp stay below 2^48; so below.
        uint48 effectiveAt = uint48(block.timestamp) + uint48(Parameters.at(limits, Parameters.GUARDIAN_DELAY));
        _pending[memberId] = Guardians(guardians, threshold, effectiveAt);
        emit GuardiansChangeScheduled(memberId, guardians, threshold, effectiveAt);
    }

    /// @inheritdoc IRecovery
    function veto() external {
        uint32 memberId = _membership.memberIdOf(_msgSender());
        _requireMember(memberId);
        _settle(memberId);
        Progress storage progress = _progress[memberId];
        if (progress.executableAt == 0) revert RecoveryNothingToVeto(memberId);
        if (progress.vetoSpent) revert RecoveryVetoSpent(memberId);

        address newAccount = progress.newAccount;
        progress.vetoSpent = true;
        _endRound(progress);
        emit RecoveryVetoed(memberId, newAccount);

        Guardians storage pending = _pending[memberId];
        if (pending.effectiveAt == 0) return;
        uint256 delay = Parameters.at(_constitution.word(Parameters.RECOVERY), Parameters.GUARDIAN_DELAY);
        pending.effectiveAt = uint48(block.timestamp + delay);
        emit GuardiansChangeScheduled(memberId, pending.members, pending.threshold, pending.effectiveAt);
    }

    // ------------------------------------------------------------------ guardians

    /// @inheritdoc IRecovery
    function support(uint32 memberId, address newAccount) external {
        uint32 guardian = _membership.requireFull(_msgSender());
        _requireMember(memberId);
        _settle(memberId);
        if (!_contains(_guardians[memberId].members, guardian)) revert RecoveryNotGuardian(memberId, guardian);
        _requireFree(newAccount);
        Progress storage progress = _progress[memberId];
        bool scheduled = progress.executableAt != 0;
        if (scheduled && progress.newAccount != newAccount) {
            revert RecoveryOtherAccountRunning(memberId, progress.newAccount);
        }
        bool repeated = _supported[memberId][progress.round][guardian] == newAccount;

        _supported[memberId][progress.round][guardian] = newAccount;
        progress.newAccount = newAccount;
        if (progress.startedAt == 0) progress.startedAt = uint48(block.timestamp);
        uint256 supporters = _supporters(memberId).length;
        uint256 required = requiredSupport(memberId);
        bool decides = !scheduled && supporters >= required;
        // Saying it again helps only where a guardian did not count when the others spoke, and does now.
        if (repeated && !decides) revert RecoverySupportTwice(memberId, guardian);
        emit RecoverySupported(memberId, guardian, newAccount, supporters, required);

        if (!decides) return;
        uint256 delay = Parameters.at(_constitution.word(Parameters.RECOVERY), Parameters.RECOVERY_DELAY);
        progress.executableAt = uint48(block.timestamp + delay);
        emit RecoveryScheduled(memberId, newAccount, progress.executableAt);
    }

    /// @inheritdoc IRecovery
    function recover(uint32 memberId) external {
        _requireMember(memberId);
        _settle(memberId);
        Progress storage progress = _progress[memberId];
        uint48 executableAt = progress.executableAt;
        if (executableAt == 0) revert RecoveryNoRequest(memberId);
        if (block.timestamp < executableAt) revert RecoveryTooEarly(memberId, executableAt);
        uint256 supporters = _supporters(memberId).length;
        uint256 required = requiredSupport(memberId);
        if (supporters < required) revert RecoveryTooFewSupporters(memberId, supporters, required);
        address newAccount = progress.newAccount;
        _requireFree(newAccount);

        _move(memberId, newAccount, false);
    }

    // ------------------------------------------------------------------ the assembly

    /// @inheritdoc IRecovery
    function recoverByVote(uint32 memberId, address newAccount) external restricted {
        _requireMember(memberId);
        _requireFree(newAccount);
        delete _guardians[memberId];
        _move(memberId, newAccount, true);
    }

    // ------------------------------------------------------------------ the registry

    /// @inheritdoc IMembershipObserver
    /// @notice Leaving or expulsion ends what is under way; guardians are kept for a return.
    function onStatusChange(uint32 memberId, Status, Status to) external {
        if (msg.sender != address(_membership)) revert RecoveryOnlyRegistry(msg.sender);
        if (to == Status.Left || to == Status.Expelled) _cancel(memberId);
    }

    /// @inheritdoc IMembershipObserver
    /// @notice A move by any way ends what is under way: the holder of the old account may have started it.
    function onAccountMoved(uint32 memberId, address, address) external {
        if (msg.sender != address(_membership)) revert RecoveryOnlyRegistry(msg.sender);
        _cancel(memberId);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IRecovery
    function guardiansOf(uint32 memberId) external view returns (uint32[] memory guardians, uint8 threshold) {
        Guardians storage g = _isChangeDue(memberId) ? _pending[memberId] : _guardians[memberId];
        return (g.members, g.threshold);
    }

    /// @inheritdoc IRecovery
    function pendingGuardiansOf(
        uint32 memberId
    ) external view returns (uint32[] memory guardians, uint8 threshold, uint48 effectiveAt) {
        if (_isChangeDue(memberId)) return (guardians, 0, 0);
        Guardians storage g = _pending[memberId];
        return (g.members, g.threshold, g.effectiveAt);
    }

    /// @inheritdoc IRecovery
    function requestOf(uint32 memberId) external view returns (Request memory request) {
        Progress storage progress = _progress[memberId];
        if (progress.startedAt == 0 || _isLapsed(progress) || _isChangeDue(memberId)) return request;
        return Request(progress.newAccount, _supporters(memberId), progress.executableAt);
    }

    /// @inheritdoc IRecovery
    function requiredSupport(uint32 memberId) public view returns (uint256 required) {
        if (_isChangeDue(memberId)) return _pending[memberId].threshold;
        Guardians storage g = _guardians[memberId];
        required = g.threshold;
        if (_progress[memberId].vetoSpent && required < g.members.length) ++required;
    }

    /// @inheritdoc IRecovery
    function vetoSpent(uint32 memberId) external view returns (bool) {
        return _progress[memberId].vetoSpent && !_isChangeDue(memberId);
    }

    // ------------------------------------------------------------------ effects

    /// @dev Brings a member's state up to now: lapsed support ends, and a due change of guardians takes effect, which
    /// ends the request that the former guardians had begun.
    function _settle(uint32 memberId) private {
        Progress storage progress = _progress[memberId];
        bool changeDue = _isChangeDue(memberId);
        if (_isLapsed(progress)) _endRound(progress);
        if (!changeDue) return;
        if (progress.startedAt != 0) _endRound(progress);
        progress.vetoSpent = false;
        _guardians[memberId] = _pending[memberId];
        delete _pending[memberId];
    }

    function _endRound(Progress storage progress) private {
        progress.newAccount = address(0);
        progress.startedAt = 0;
        progress.executableAt = 0;
        ++progress.round;
    }

    /// @dev A pending change of guardians is the old account's, so that it goes as well.
    function _move(uint32 memberId, address to, bool byVote) private {
        address from = _membership.accountOf(memberId);
        Progress storage progress = _progress[memberId];
        _endRound(progress);
        progress.vetoSpent = false;
        delete _pending[memberId];
        emit Recovered(memberId, from, to, byVote);
        _membership.moveAccount(memberId, to);
    }

    function _cancel(uint32 memberId) private {
        _settle(memberId);
        Progress storage progress = _progress[memberId];
        if (progress.startedAt == 0 && _pending[memberId].effectiveAt == 0) return;
        _endRound(progress);
        delete _pending[memberId];
        emit RecoveryCancelled(memberId);
    }

    // ------------------------------------------------------------------ checks

    function _requireMember(uint32 memberId) private view {
        Status status = _membership.statusOf(memberId);
        if (status != Status.Active && status != Status.Dormant) revert RecoveryNotMember(memberId);
    }

    function _requireFree(address account) private view {
        if (account == address(0)) revert RecoveryZeroAccount();
        if (_membership.lastMemberIdOf(account) != 0) revert RecoveryAccountTaken(account);
    }

    function _isLapsed(Progress storage progress) private view returns (bool) {
        if (progress.startedAt == 0) return false;
        uint48 from = progress.executableAt == 0 ? progress.startedAt : progress.executableAt;
        return block.timestamp >= from + LIFETIME;
    }

    /// @dev A change never takes effect while a recovery is scheduled.
    function _isChangeDue(uint32 memberId) private view returns (bool) {
        uint48 effectiveAt = _pending[memberId].effectiveAt;
        if (effectiveAt == 0 || block.timestamp < effectiveAt) return false;
        Progress storage progress = _progress[memberId];
        return progress.executableAt == 0 || _isLapsed(progress);
    }

    /// @dev The guardians who support the request's account and count now.
    function _supporters(uint32 memberId) private view returns (uint32[] memory supporters) {
        Progress storage progress = _progress[memberId];
        address newAccount = progress.newAccount;
        uint32[] memory guardians = _guardians[memberId].members;
        supporters = new uint32[](guardians.length);
        uint256 count;
        for (uint256 i = 0; i < guardians.length; ++i) {
            if (_supported[memberId][progress.round][guardians[i]] != newAccount) continue;
            if (!_membership.isFull(guardians[i])) continue;
            supporters[count] = guardians[i];
            ++count;
        }
        assembly ("memory-safe") {
            mstore(supporters, count) // shortens the list: count is at most its length
        }
    }

    function _contains(uint32[] storage list, uint32 memberId) private view returns (bool) {
        uint256 length = list.length;
        for (uint256 i = 0; i < length; ++i) {
            if (list[i] == memberId) return true;
        }
        return false;
    }
}
