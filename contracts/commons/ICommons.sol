// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Who may pay from a purse
/// @notice A purse is tied to a key of a module (an office, later an assignment), which says who holds it now.
interface IPurseController {
    /// @notice Reverts unless `account` may pay `to` from the purse of `key` now. Never true where `to` belongs to a
    /// holder of it.
    /// @return memberId who pays
    function requirePayer(uint256 key, address account, address to) external view returns (uint32 memberId);
}

/// @title Commons: the common treasury
/// @notice Holds ETH (asset 0) and ERC-20 tokens. Pays on the assembly's word, from a purse, or as a stipend, and in no
/// other way. Periods are calendar periods: of `commons.period` seconds (30 days), counted from 1970, UTC; known by their
/// start.
///
/// The brake: in a period no more than `commons.brakeBps` (20 %) of what an asset's balance was when it first went out in
/// that period leaves, purses and stipends included; beyond that it takes the constitutional rule (`payBeyondBrake`).
///
/// Tokens: what counts is how balances moved. A token that returns nothing is paid as one that returns true; one that
/// returns false, or takes more from the commons than asked, is not paid. What a token keeps for itself on the way is the
/// receiver's loss and shows in the ledger. Calls back in the middle of a payment are refused.
interface ICommons {
    enum Outlay {
        Decision,
        BeyondBrake,
        Purse,
        Stipend,
        Work
    }

    /// @param controller the module that says who holds it
    /// @param key of the module, for Offices the officeId
    /// @param cap the most it pays in a period
    /// @param periodStart the last period it paid in
    /// @param periodEnd the first second after that period: until then `spent` counts
    /// @param spent in that period
    struct Purse {
        address controller;
        uint256 key;
        address asset;
        uint128 cap;
        uint48 periodStart;
        uint48 periodEnd;
        uint128 spent;
        bool closed;
    }

    error CommonsEmptyReason();
    error CommonsZeroAmount();
    error CommonsBadReceiver(address to);
    error CommonsShort(address asset, uint256 amount, uint256 balance);
    error CommonsBraked(address asset, uint256 amount, uint256 left);
    error CommonsTransferFailed(address asset, address to, uint256 amount);
    error CommonsTookMore(address asset, uint256 amount, uint256 taken);
    error CommonsUnknownPurse(uint32 purseId);
    error CommonsPurseClosed(uint32 purseId);
    error CommonsPurseExceeded(uint32 purseId, uint256 amount, uint256 left);
    error CommonsAboveWorkersPay(uint32 memberId, uint48 period, uint256 units, uint256 left);
    error CommonsNothingToRecord(address asset);
    error CommonsZeroUnit();
    error CommonsNoToken(address asset);
    error CommonsNoController(address controller);
    error CommonsNotPayer(uint32 purseId, address account, uint32 memberId);
    error CommonsNotAPeriod(uint48 periodStart);
    error CommonsNotController(uint32 purseId, address caller);

    /// @notice Income. `from` is 0 where it was found rather than announced.
    event Received(address indexed asset, address indexed from, uint256 amount, bytes32 reason);
    /// @param amount what left the commons
    /// @param arrived what the receiver's balance grew by
    /// @param purseId or 0
    /// @param by memberId of who paid (purse) or is paid (stipend, work), else 0
    event Paid(
        address indexed asset,
        address indexed to,
        uint256 amount,
        uint256 arrived,
        Outlay kind,
        uint32 indexed purseId,
        uint32 by,
        bytes32 reason
    );
    event PurseOpened(
        uint32 indexed purseId,
        address indexed controller,
        uint256 indexed key,
        address asset,
        uint128 cap,
        bytes32 reason
    );
    event PurseCapSet(uint32 indexed purseId, uint128 cap);
    event PurseClosed(uint32 indexed purseId);
    /// @notice One unit of the worker's pay and of stipends is `unit` of the asset's smallest parts.
    event PayUnitSet(address indexed asset, uint128 unit);

    /// @notice Pays, within the brake. Restricted (ordinary rule; consent within its cap). `reason` is keccak256 of the
    /// UTF-8 text that says why.
    function pay(address asset, address to, uint256 amount, bytes32 reason) external;

    /// @notice Pays beyond the brake. Restricted (constitutional).
    function payBeyondBrake(address asset, address to, uint256 amount, bytes32 reason) external;

    /// @notice Opens a purse. Restricted (ordinary); of a module that the constitutional rule gave the power to say who
    /// pays, without which it pays nobody.
    function openPurse(
        address controller,
        uint256 key,
        address asset,
        uint128 cap,
        bytes32 reason
    ) external returns (uint32 purseId);

    /// @notice Changes a purse's cap per period. Restricted (ordinary).
    function setPurseCap(uint32 purseId, uint128 cap) external;

    /// @notice Closes a purse for ever. Restricted (ordinary).
    function closePurse(uint32 purseId) external;

    /// @notice Pays from a purse. Whoever holds it, never to a holder of it.
    function payFromPurse(uint32 purseId, address to, uint256 amount, bytes32 reason) external;

    /// @notice Pays a member from a purse for work. The purse's controller only, by a rule of its own; within the purse's cap
    /// and the brake. Also who has left or was expelled: they worked.
    function payForWork(uint32 purseId, uint32 memberId, uint256 amount, bytes32 reason) external;

    /// @notice Pays a member `units` of pay for a period. Restricted (offices). All that one member gets for one period,
    /// whatever they hold, is at most `commons.workerPay` units.
    function payStipend(uint32 memberId, uint48 periodStart, uint32 units, bytes32 reason) external;

    /// @notice Sets what pay is counted in. Restricted (constitutional).
    function setPayUnit(address asset, uint128 unit) external;

    /// @notice Gives tokens to the commons with a reason. Anyone; ETH is simply sent.
    function deposit(address asset, uint256 amount, bytes32 reason) external;

    /// @notice Records tokens that came without a word. Anyone; a payment does it by itself.
    function recordIncome(address asset) external returns (uint256 amount);

    function purseCount() external view returns (uint32);
    function purse(uint32 purseId) external view returns (Purse memory);
    /// @notice What a purse can still pay in this period, as far as its cap goes.
    function purseLeft(uint32 purseId) external view returns (uint256);
    /// @notice What can still leave in this period by ordinary decisions, purses and stipends.
    function brakeLeft(address asset) external view returns (uint256);
    /// @notice Units that a member can still be paid for a period.
    function payLeft(uint32 memberId, uint48 periodStart) external view returns (uint256);
    /// @notice The start of the calendar period of `t`.
    function periodOf(uint48 t) external view returns (uint48);
    function payUnit() external view returns (address asset, uint128 unit);
}
