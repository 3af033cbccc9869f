// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Offices: tasks held by named people, for a time, with listed powers
/// @notice An office has seats, a term, and a mandate: a list of calls, each with caps per calendar period (see
/// `ICommons`). A holder acts only through `exercise`, which sends no value and wraps no calls; money moves only from a
/// purse. A tenure is one person's hold of one seat, from a second to a second; nothing needs to be done for it to start
/// or end. The powers that exist at any time are those of the mandates of offices with a holder: whose tenure runs and
/// who is an active member. What several holders of an office do counts against the same caps.
///
/// The calls that mandates can list are those that this contract has the power for; giving it a power, and listing a
/// call in a mandate, are constitutional.
interface IOffices {
    /// @notice How seats are filled. With `DrawWithReveals` candidates commit to secrets, for high stakes.
    enum Filling {
        Poll,
        Draw,
        DrawWithReveals
    }

    /// @param text keccak256 of the text that says what the office is for
    /// @param topic of its polls
    /// @param seats 1 to 15
    /// @param term seconds, 7 days to 2 years
    /// @param stipend units of pay per period, at most the worker's pay when it was set; see `ICommons`
    struct Office {
        bytes32 text;
        uint16 topic;
        uint8 seats;
        Filling filling;
        uint32 term;
        uint32 stipend;
        bool abolished;
    }

    /// @notice A call that holders may make.
    /// @param calls how often in a period, by all holders together; at least 1
    /// @param argument which 32-byte word of the arguments is an amount, counted from 1; 0 for none. Only a value of fixed
    /// size stands where it is expected: where an array, a text or a struct with one begins is the caller's choice
    /// @param cap what the amounts add up to in a period at most
    struct Mandate {
        address target;
        bytes4 selector;
        uint16 calls;
        uint8 argument;
        uint128 cap;
    }

    /// @param until the first second after it
    /// @param stipend units of pay per period, as it was when the tenure was given
    struct Tenure {
        uint32 officeId;
        uint32 memberId;
        uint48 from;
        uint48 until;
        uint32 stipend;
    }

    /// @notice Why a tenure ended before its time.
    enum Ending {
        Resigned,
        Recalled,
        Vacated,
        Abolished
    }

    error OfficesUnknown(uint32 officeId);
    error OfficesAbolished(uint32 officeId);
    error OfficesEmptyText();
    error OfficesUnknownTopic(uint16 topic);
    error OfficesSeats(uint256 seats, uint256 least, uint256 most);
    error OfficesTerm(uint256 term, uint256 least, uint256 most);
    error OfficesStipendAboveWorkersPay(uint256 stipend, uint256 workerPay);
    error OfficesMandateTooLong(uint256 entries, uint256 limit);
    error OfficesBadMandate(address target, bytes4 selector);
    error OfficesMandateTwice(address target, bytes4 selector);
    error OfficesNotHolder(uint32 officeId, address account);
    error OfficesOutsideMandate(uint32 officeId, address target, bytes4 selector);
    error OfficesCallsExceeded(uint32 officeId, bytes4 selector, uint256 limit);
    error OfficesAmountExceeded(uint32 officeId, bytes4 selector, uint256 amount, uint256 left);
    error OfficesShortCall(uint256 length, uint256 needed);
    error OfficesCodeChanged(address target, bytes32 pinned, bytes32 found);
    error OfficesExerciseFailed(bytes reason);
    error OfficesFrom(uint32 officeId, uint48 from, uint48 earliest, uint48 latest);
    error OfficesNoSeat(uint32 officeId, uint48 from);
    error OfficesBarred(uint32 officeId, uint32 memberId, uint48 until);
    error OfficesTermLimit(uint32 officeId, uint32 memberId, uint256 limit);
    error OfficesHolds(uint32 officeId, uint32 memberId);
    error OfficesStillHeld(uint32 officeId, uint32 memberId);
    error OfficesFrozen(uint32 officeId, uint32 memberId);
    error OfficesPaysHolder(uint32 officeId, address to);
    error OfficesPeriodNotOver(uint48 periodStart);
    error OfficesNotAPeriod(uint48 periodStart);
    error OfficesStipendClaimed(uint32 tenureId, uint48 periodStart);
    error OfficesNothingEarned(uint32 tenureId, uint48 periodStart);
    error OfficesUnknownTenure(uint32 tenureId);

    event OfficeCreated(uint32 indexed officeId, Office office);
    event MandateSet(uint32 indexed officeId, Mandate[] mandate);
    event StipendSet(uint32 indexed officeId, uint32 stipend);
    event OfficeAbolished(uint32 indexed officeId);
    event TenureGiven(
        uint32 indexed tenureId,
        uint32 indexed officeId,
        uint32 indexed memberId,
        uint48 from,
        uint48 until,
        uint32 stipend
    );
    /// @notice A tenure ended early. Its `until` is the time of this event; of one that was vacated, when the member ceased to
    /// be active; and `from`, which undoes it, if it had not begun by then.
    event TenureEnded(
        uint32 indexed tenureId,
        uint32 indexed officeId,
        uint32 indexed memberId,
        uint48 until,
        Ending ending
    );
    event Barred(uint32 indexed officeId, uint32 indexed memberId, uint48 until);
    event Exercised(
        uint32 indexed officeId,
        uint32 indexed memberId,
        address indexed target,
        bytes4 selector,
        uint256 amount,
        bytes data
    );
    event StipendClaimed(uint32 indexed tenureId, uint48 indexed periodStart, uint32 units);

    /// @notice Creates an office. Restricted (constitutional).
    function create(Office calldata office, Mandate[] calldata mandate) external returns (uint32 officeId);

    /// @notice Replaces an office's mandate, at once. Restricted (constitutional).
    function setMandate(uint32 officeId, Mandate[] calldata mandate) external;

    /// @notice Sets the stipend of tenures given from now on. Restricted (ordinary).
    function setStipend(uint32 officeId, uint32 stipend) external;

    /// @notice Ends an office and all its tenures. Restricted (ordinary).
    function abolish(uint32 officeId) external;

    /// @notice Gives a seat from a second on, at most a term ahead, for a term; for less where all seats are taken before it
    /// is over, by those who come next. Restricted (elections). Refuses who is not active, is barred, has reached the term
    /// limit, or holds or will hold a seat of the office then, and more than there are seats.
    function appoint(uint32 officeId, uint32 memberId, uint48 from) external returns (uint32 tenureId);

    /// @notice Ends a member's tenures in an office, begun or not, and bars them from it for a term. Restricted (the
    /// assembly by a person vote that Recall opened; Recall). Never fails for want of a tenure: who resigned is barred
    /// all the same. Does nothing where a petition of more than half has recalled them while the vote ran.
    function recall(uint32 officeId, uint32 memberId) external;

    /// @notice Makes a call of the mandate. Holders.
    function exercise(uint32 officeId, address target, bytes calldata data) external returns (bytes memory);

    /// @notice Gives up one's seat, and the one that was to follow it. Who holds, or will hold, a seat.
    function resign(uint32 officeId) external;

    /// @notice Ends the tenures of someone who is no longer an active member, or was away since they were given. Anyone.
    function vacate(uint32 officeId, uint32 memberId) external;

    /// @notice Pays the stipend of a tenure for a calendar period that is over, by the seconds of it that were served.
    /// Anyone; it goes to the member's account, also after the tenure, once. Less where the worker's pay for that period is
    /// used up. A tenure that nobody vacated while its holder was away pays only up to their going, if that can be told.
    function claimStipend(uint32 tenureId, uint48 periodStart) external;

    function officeCount() external view returns (uint32);
    function tenureCount() external view returns (uint32);
    function office(uint32 officeId) external view returns (Office memory);
    function mandateOf(uint32 officeId) external view returns (Mandate[] memory);
    function tenure(uint32 tenureId) external view returns (Tenure memory);
    /// @notice A member's last tenure in an office, or 0; those undone do not count.
    function lastTenureOf(uint32 officeId, uint32 memberId) external view returns (uint32 tenureId);
    /// @notice Tenures that run at `t`, now or in the future as things stand, whoever of them is active.
    function tenuresAt(uint32 officeId, uint48 t) external view returns (uint32[] memory tenureIds);
    /// @notice Who can exercise the office now.
    function holdersOf(uint32 officeId) external view returns (uint32[] memory memberIds);
    function isHolder(uint32 officeId, uint32 memberId) external view returns (bool);
    /// @notice Seats without a tenure at `t`, as things stand.
    function vacantAt(uint32 officeId, uint48 t) external view returns (uint256);
    /// @notice The first second from now within `horizon` seconds in which a seat has no tenure, or 0.
    function nextVacancy(uint32 officeId, uint48 horizon) external view returns (uint48);
    function barredUntil(uint32 officeId, uint32 memberId) external view returns (uint48);
    /// @notice Whether a member may take a seat from `from` on: active, not barred, below the term limit, neither holding
    /// one then nor later.
    function mayHold(uint32 officeId, uint32 memberId, uint48 from) external view returns (bool);
    /// @notice What holders can still do with a call of the mandate in this period.
    function mandateLeft(
        uint32 officeId,
        address target,
        bytes4 selector
    ) external view returns (uint256 calls, uint256 amount);
}
