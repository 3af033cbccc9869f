// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {Roles} from "../constitution/Roles.sol";
import {IMembership} from "../membership/IMembership.sol";
import {ICommons, IPurseController} from "./ICommons.sol";

/// @title Commons
/// @dev What a payment uses up is written before the money moves; only the ledger's line comes after it, since it says
/// how balances moved. Everything that moves money, or takes it, is refused while a payment runs.
contract Commons is ICommons, Module, ReentrancyGuard {
    using SafeERC20 for IERC20;

    uint256 private constant BPS = 10_000;
    address private constant ETH = address(0);

    /// @notice What went out of an asset under the brake.
    /// @param end the first second after the period it went out in
    /// @param base the balance at that period's first outflow
    struct Outflow {
        uint48 end;
        uint128 spent;
        uint256 base;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;

    /// @inheritdoc ICommons
    uint32 public purseCount;
    mapping(uint32 purseId => Purse) private _purses;
    mapping(address asset => Outflow) private _outflows;
    /// @dev What the ledger says is there.
    mapping(address asset => uint256) private _recorded;
    mapping(uint32 memberId => mapping(uint48 periodStart => uint256 units)) private _paid;
    address private _payAsset;
    uint128 private _payUnit;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
    }

    // ------------------------------------------------------------------ income

    receive() external payable {
        _receiveEther();
    }

    /// @inheritdoc ICommons
    function deposit(address asset, uint256 amount, bytes32 reason) external nonReentrant {
        if (reason == 0) revert CommonsEmptyReason();
        if (amount == 0) revert CommonsZeroAmount();
        address from = _msgSender();
        uint256 before = _tokenBalance(asset, address(this));
        if (!IERC20(asset).trySafeTransferFrom(from, address(this), amount)) {
            revert CommonsTransferFailed(asset, address(this), amount);
        }
        uint256 received = Math.saturatingSub(_tokenBalance(asset, address(this)), before);
        if (received == 0) revert CommonsTransferFailed(asset, address(this), amount);
        _receive(asset, from, received, reason);
    }

    /// @inheritdoc ICommons
    function recordIncome(address asset) external nonReentrant returns (uint256 amount) {
        amount = _recordUpTo(asset, _balance(asset));
        if (amount == 0) revert CommonsNothingToRecord(asset);
    }

    function _recordUpTo(address asset, uint256 balance) private returns (uint256 amount) {
        amount = Math.saturatingSub(balance, _recorded[asset]);
        if (amount != 0) _receive(asset, address(0), amount, 0);
    }

    /// @dev Sets no guard, since it calls nobody, but comes through none either.
    function _receiveEther() private {
        if (_reentrancyGuardEntered()) revert ReentrancyGuardReentrantCall();
        _receive(ETH, msg.sender, msg.value, 0);
    }

    function _receive(address asset, address from, uint256 amount, bytes32 reason) private {
        _recorded[asset] += amount;
        emit Received(asset, from, amount, reason);
    }

    // ------------------------------------------------------------------ decisions

    /// @inheritdoc ICommons
    function pay(address asset, address to, uint256 amount, bytes32 reason) external restricted nonReentrant {
        _pay(asset, to, amount, Outlay.Decision, 0, 0, reason);
    }

    /// @inheritdoc ICommons
    function payBeyondBrake(
        address asset,
        address to,
        uint256 amount,
        bytes32 reason
    ) external restricted nonReentrant {
        _pay(asset, to, amount, Outlay.BeyondBrake, 0, 0, reason);
    }

    // ------------------------------------------------------------------ purses

    /// @inheritdoc ICommons
    function openPurse(
        address controller,
        uint256 key,
        address asset,
        uint128 cap,
        bytes32 reason
    ) external restricted returns (uint32 purseId) {
        if (reason == 0) revert CommonsEmptyReason();
        _requireController(controller);
        _requireAsset(asset);

        purseId = ++purseCount;
        Purse storage p = _purses[purseId];
        p.controller = controller;
        p.key = key;
        p.asset = asset;
        p.cap = cap;
        emit PurseOpened(purseId, controller, key, asset, cap, reason);
    }

    /// @inheritdoc ICommons
    function setPurseCap(uint32 purseId, uint128 cap) external restricted {
        _openPurse(purseId).cap = cap;
        emit PurseCapSet(purseId, cap);
    }

    /// @inheritdoc ICommons
    function closePurse(uint32 purseId) external restricted {
        _openPurse(purseId).closed = true;
        emit PurseClosed(purseId);
    }

    /// @inheritdoc ICommons
    function payFromPurse(uint32 purseId, address to, uint256 amount, bytes32 reason) external nonReentrant {
        address account = _msgSender();
        Purse storage p = _openPurse(purseId);
        _requireController(p.controller);
        // Whatever the controller says: who pays is an active member, and does not pay themselves.
        uint32 memberId = _membership.requireActive(account);
        if (to == account) revert CommonsBadReceiver(to);
        uint32 payer = IPurseController(p.controller).requirePayer(p.key, account, to);
        if (payer != memberId) revert CommonsNotPayer(purseId, account, payer);

        _payFrom(purseId, p, to, amount, Outlay.Purse, memberId, reason);
    }

    /// @inheritdoc ICommons
    function payForWork(uint32 purseId, uint32 memberId, uint256 amount, bytes32 reason) external nonReentrant {
        Purse storage p = _openPurse(purseId);
        if (msg.sender != p.controller) revert CommonsNotController(purseId, msg.sender);
        _requireController(p.controller);
        _payFrom(purseId, p, _membership.accountOf(memberId), amount, Outlay.Work, memberId, reason);
    }

    function _payFrom(
        uint32 purseId,
        Purse storage p,
        address to,
        uint256 amount,
        Outlay kind,
        uint32 memberId,
        bytes32 reason
    ) private {
        (uint48 start, uint48 end) = _period();
        uint256 left = _leftOf(p, start);
        if (amount > left) revert CommonsPurseExceeded(purseId, amount, left);
        // Not above the cap, which has 128 bits.
        p.spent = (p.periodEnd > start ? p.spent : 0) + uint128(amount);
        p.periodStart = start;
        if (end > p.periodEnd) p.periodEnd = end;
        _pay(p.asset, to, amount, kind, purseId, memberId, reason);
    }

    // ------------------------------------------------------------------ stipends

    /// @inheritdoc ICommons
    function payStipend(
        uint32 memberId,
        uint48 periodStart,
        uint32 units,
        bytes32 reason
    ) external restricted nonReentrant {
        if (periodOf(periodStart) != periodStart || periodStart > block.timestamp) {
            revert CommonsNotAPeriod(periodStart);
        }
        uint256 left = payLeft(memberId, periodStart);
        if (units > left) revert CommonsAboveWorkersPay(memberId, periodStart, units, left);
        if (_payUnit == 0) revert CommonsZeroUnit();

        _paid[memberId][periodStart] += units;
        // 32 and 128 bits.
        uint256 amount = uint256(units) * _payUnit;
        _pay(_payAsset, _membership.accountOf(memberId), amount, Outlay.Stipend, 0, memberId, reason);
    }

    /// @inheritdoc ICommons
    function setPayUnit(address asset, uint128 unit) external restricted {
        if (unit == 0) revert CommonsZeroUnit();
        _requireAsset(asset);
        _payAsset = asset;
        _payUnit = unit;
        emit PayUnitSet(asset, unit);
    }

    // ------------------------------------------------------------------ paying

    function _pay(
        address asset,
        address to,
        uint256 amount,
        Outlay kind,
        uint32 purseId,
        uint32 by,
        bytes32 reason
    ) private {
        if (reason == 0) revert CommonsEmptyReason();
        if (amount == 0) revert CommonsZeroAmount();
        if (to == address(0) || to == address(this)) revert CommonsBadReceiver(to);
        uint256 balance = _balance(asset);
        if (amount > balance) revert CommonsShort(asset, amount, balance);

        // What goes out has come in: the ledger says so before.
        _recordUpTo(asset, balance);
        _brake(asset, amount, balance, kind);
        (uint256 taken, uint256 arrived) = asset == ETH
            ? _sendEther(to, amount)
            : _sendToken(asset, to, amount, balance);
        _recorded[asset] = Math.saturatingSub(_recorded[asset], taken);
        emit Paid(asset, to, taken, arrived, kind, purseId, by, reason);
    }

    /// @dev The constitutional rule goes beyond the brake and leaves to the others what they had.
    function _brake(address asset, uint256 amount, uint256 balance, Outlay kind) private {
        (uint48 start, uint48 end) = _period();
        Outflow storage o = _outflows[asset];
        if (o.end <= start) {
            o.spent = 0;
            o.base = balance;
        }
        if (end > o.end) o.end = end;
        if (kind == Outlay.BeyondBrake) return;
        uint256 left = _shareLeft(o.base, o.spent);
        if (amount > left) revert CommonsBraked(asset, amount, left);
        o.spent = SafeCast.toUint128(o.spent + amount);
    }

    /// @dev Whatever the receiver returns is not looked at.
    function _sendEther(address to, uint256 amount) private returns (uint256, uint256) {
        bool success;
        assembly ("memory-safe") {
            success := call(gas(), to, amount, 0, 0, 0, 0)
        }
        if (!success) revert CommonsTransferFailed(ETH, to, amount);
        return (amount, amount);
    }

    function _sendToken(
        address asset,
        address to,
        uint256 amount,
        uint256 balance
    ) private returns (uint256 taken, uint256 arrived) {
        uint256 before = _tokenBalance(asset, to);
        if (!IERC20(asset).trySafeTransfer(to, amount)) revert CommonsTransferFailed(asset, to, amount);
        taken = Math.saturatingSub(balance, _tokenBalance(asset, address(this)));
        if (taken == 0) revert CommonsTransferFailed(asset, to, amount);
        if (taken > amount) revert CommonsTookMore(asset, amount, taken);
        arrived = Math.saturatingSub(_tokenBalance(asset, to), before);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc ICommons
    function purse(uint32 purseId) external view returns (Purse memory) {
        return _purseAt(purseId);
    }

    /// @inheritdoc ICommons
    function purseLeft(uint32 purseId) external view returns (uint256) {
        Purse storage p = _purseAt(purseId);
        (uint48 start, ) = _period();
        return p.closed ? 0 : _leftOf(p, start);
    }

    /// @inheritdoc ICommons
    function brakeLeft(address asset) external view returns (uint256) {
        Outflow storage o = _outflows[asset];
        (uint48 start, ) = _period();
        uint256 balance = _balance(asset);
        return Math.min(balance, o.end > start ? _shareLeft(o.base, o.spent) : _shareLeft(balance, 0));
    }

    /// @inheritdoc ICommons
    function payLeft(uint32 memberId, uint48 periodStart) public view returns (uint256) {
        return Math.saturatingSub(_number(Parameters.WORKER_PAY), _paid[memberId][periodStart]);
    }

    /// @inheritdoc ICommons
    function periodOf(uint48 t) public view returns (uint48) {
        return t - uint48(t % _number(Parameters.COMMONS_PERIOD));
    }

    /// @inheritdoc ICommons
    function payUnit() external view returns (address asset, uint128 unit) {
        return (_payAsset, _payUnit);
    }

    function _period() private view returns (uint48 start, uint48 end) {
        start = periodOf(uint48(block.timestamp));
        end = start + uint48(_number(Parameters.COMMONS_PERIOD));
    }

    function _leftOf(Purse storage p, uint48 start) private view returns (uint256) {
        return p.periodEnd > start ? Math.saturatingSub(p.cap, p.spent) : p.cap;
    }

    function _shareLeft(uint256 base, uint256 spent) private view returns (uint256) {
        return Math.saturatingSub(Math.mulDiv(base, _number(Parameters.COMMONS_BRAKE_BPS), BPS), spent);
    }

    function _number(uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(Parameters.OFFICES), field);
    }

    // ------------------------------------------------------------------ checks

    function _purseAt(uint32 purseId) private view returns (Purse storage p) {
        p = _purses[purseId];
        if (p.controller == address(0)) revert CommonsUnknownPurse(purseId);
    }

    function _openPurse(uint32 purseId) private view returns (Purse storage p) {
        p = _purseAt(purseId);
        if (p.closed) revert CommonsPurseClosed(purseId);
    }

    /// @dev An ordinary decision gives a purse, but no new power to spend.
    function _requireController(address controller) private view {
        (bool trusted, ) = IAccessManager(authority()).hasRole(Roles.PURSE, controller);
        if (!trusted || controller.code.length == 0) revert CommonsNoController(controller);
    }

    function _requireAsset(address asset) private view {
        if (asset != ETH && asset.code.length == 0) revert CommonsNoToken(asset);
    }

    function _balance(address asset) private view returns (uint256) {
        return asset == ETH ? address(this).balance : _tokenBalance(asset, address(this));
    }

    function _tokenBalance(address asset, address account) private view returns (uint256) {
        if (asset.code.length == 0) revert CommonsNoToken(asset);
        return IERC20(asset).balanceOf(account);
    }
}
