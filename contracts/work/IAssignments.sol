// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Assignments: work that a decision made, and who took it
/// @notice An assignment has seats. Members volunteer; where more volunteer than there are seats, a draw or the topic's
/// scores select; from then on a vacant seat goes to who comes first. Who holds a seat of a task gives signs of progress
/// (heartbeats) and delivers, and the work is reviewed (see `IReviews`); a shift is confirmed by a member who was there.
/// A seat whose holder missed a heartbeat or the deadline, or is no longer a member, is reopened by anyone. Only a vote
/// cancels an assignment. What was delivered is reviewed all the same, and nobody loses what they earned. Who created it
/// has no power over it: it stands also when they are recalled.
///
/// Reserved seats (`trialSeats`) go to members on probation as long as volunteering lasts, to anyone after it.
///
/// A stipend is paid from a purse of the commons that is tied to this contract with the assignment's topic as its key.
///
/// The draw's pool is all volunteers in the order in which they came, frozen when volunteering ends; its text is
/// "Seats of assignment " and the assignment's number. Seats are given in the order of the whole shuffle (or of the
/// scores); whoever cannot take one is passed over, so that nobody's going changes the order of the others.
interface IAssignments {
    /// @notice A task is delivered and reviewed; a shift takes place from `start` to `deadline` and is confirmed.
    enum Kind {
        Task,
        Shift
    }

    /// @notice Who gets a seat where too many volunteer: by lot, or those with the highest topic score when volunteering
    /// ended (of equal ones the lower memberId).
    enum Selection {
        Draw,
        Score
    }

    /// @notice Where an assignment stands. In `Volunteering` members volunteer, in `Selecting` anyone calls `select`, in
    /// `Drawing` too once the draw is captured, in `Open` vacant seats go to who comes first. `Finished`: every seat is done
    /// or lapsed, or a shift is over and every seat vacant, done or lapsed.
    enum AssignmentState {
        Unknown,
        Volunteering,
        Selecting,
        Drawing,
        Open,
        Finished,
        Cancelled
    }

    /// @notice Where a seat stands. `Lapsed` is a shift that its holder missed.
    enum SeatState {
        Vacant,
        Held,
        Delivered,
        Rework,
        Done,
        Lapsed
    }

    /// @notice Why a seat lost its holder. `MissedHeartbeat`, `MissedDeadline` and `Failed` (the review) count as strikes.
    enum Release {
        Withdrew,
        MissedHeartbeat,
        MissedDeadline,
        Gone,
        Failed,
        Cancelled
    }

    /// @notice What is asked for.
    /// @param text keccak256 of the UTF-8 text that says what is to be done
    /// @param seats 1 to 16
    /// @param trialSeats how many of them are reserved for members on probation
    /// @param volunteering seconds from creation in which members volunteer, at least `work.volunteering`; a shift's
    /// volunteering ends at its start at the latest
    /// @param start when work begins, Unix seconds, at most two years ahead; of a task the end of volunteering where that is
    /// later
    /// @param deadline of a shift its end; of a task 0 where `duration` alone counts; at most two years ahead
    /// @param duration of a task: whoever takes a seat has at least so many seconds, from `start` or from then, an hour to two
    /// years; of a shift 0
    /// @param heartbeat the most seconds between two signs of progress, at least an hour; 0 where none is asked for
    /// @param reward of each seat, micro-points, at most a tenth of `reputation.seasonCap`
    /// @param purseId which purse pays a stipend, or 0
    /// @param stipend of each seat, the purse's asset's smallest parts
    struct Brief {
        bytes32 text;
        uint16 topic;
        Kind kind;
        Selection selection;
        uint8 seats;
        uint8 trialSeats;
        uint32 volunteering;
        uint48 start;
        uint48 deadline;
        uint32 duration;
        uint32 heartbeat;
        uint64 reward;
        uint32 purseId;
        uint128 stipend;
    }

    /// @param creator the contract that created it: the timelock (a decision), offices (a mandate) or series
    /// @param drawId which draw selects, or 0
    /// @param volunteerUntil the last second of volunteering
    /// @param closedSeats how many seats are done or lapsed
    struct Assignment {
        bytes32 text;
        uint16 topic;
        Kind kind;
        Selection selection;
        uint8 seats;
        uint8 trialSeats;
        uint48 volunteerUntil;
        uint48 start;
        uint48 deadline;
        uint32 duration;
        uint32 heartbeat;
        uint64 reward;
        uint32 purseId;
        uint128 stipend;
        address creator;
        uint32 drawId;
        bool selected;
        bool cancelled;
        uint8 closedSeats;
    }

    /// @param memberId who holds it, or did the work; 0 where vacant
    /// @param takenAt Unix seconds
    /// @param signAt the last heartbeat, or 0
    /// @param dueAt the last second in which it can be delivered, of a shift its end
    /// @param shareBps how much of the reward was earned, once done
    /// @param paid whether the stipend was
    struct Seat {
        uint32 memberId;
        SeatState state;
        uint48 takenAt;
        uint48 signAt;
        uint48 dueAt;
        uint16 shareBps;
        bool paid;
    }

    error AssignmentsUnknown(uint32 assignmentId);
    error AssignmentsUnknownSeat(uint32 assignmentId, uint8 seat);
    error AssignmentsEmptyText();
    error AssignmentsUnknownTopic(uint16 topic);
    error AssignmentsBriefs(uint256 given, uint256 limit);
    error AssignmentsSeats(uint256 seats, uint256 trialSeats, uint256 limit);
    error AssignmentsReward(uint256 reward, uint256 limit);
    error AssignmentsVolunteering(uint256 volunteering, uint256 least, uint256 most);
    /// @notice A task without a duration or with a deadline before its start, a shift without a start or an end after it, or
    /// one that is over already; anything too far ahead.
    error AssignmentsTimes(uint48 start, uint48 deadline, uint32 duration);
    error AssignmentsHeartbeat(uint32 heartbeat, uint32 least);
    /// @notice What a mandate creates earns reputation only: no holder of an office pays themselves.
    error AssignmentsMayNotPay(address creator);
    error AssignmentsPurse(uint32 purseId, uint16 topic);
    error AssignmentsWrongState(uint32 assignmentId, AssignmentState state);
    error AssignmentsVolunteeredTwice(uint32 assignmentId, uint32 memberId);
    error AssignmentsHoldsSeat(uint32 assignmentId, uint32 memberId, uint8 seat);
    error AssignmentsNoVolunteer(uint32 assignmentId, uint32 memberId);
    error AssignmentsVolunteersFull(uint32 assignmentId, uint256 limit);
    error AssignmentsFull(uint32 assignmentId);
    /// @notice A shift that is over has no seats to take.
    error AssignmentsOver(uint32 assignmentId, uint48 deadline);
    /// @notice Who gave up a seat once work had begun does not take one of that assignment again.
    error AssignmentsGaveUp(uint32 assignmentId, uint32 memberId);
    error AssignmentsTooManySeats(uint32 memberId, uint256 held);
    error AssignmentsStruck(uint32 memberId, uint256 strikes, uint32 season);
    error AssignmentsNotHolder(uint32 assignmentId, uint8 seat, address account);
    error AssignmentsWrongSeatState(uint32 assignmentId, uint8 seat, SeatState state);
    error AssignmentsNoHeartbeat(uint32 assignmentId);
    error AssignmentsNotBegun(uint32 assignmentId, uint48 start);
    error AssignmentsOverdue(uint32 assignmentId, uint8 seat, uint48 dueAt);
    error AssignmentsNotMissed(uint32 assignmentId, uint8 seat, uint48 until);
    error AssignmentsShare(uint256 shareBps);
    error AssignmentsNothingToPay(uint32 assignmentId, uint8 seat);
    error AssignmentsPaysByItself();

    event AssignmentCreated(
        uint32 indexed assignmentId,
        address indexed creator,
        uint16 indexed topic,
        Assignment assignment
    );
    event Volunteered(uint32 indexed assignmentId, uint32 indexed memberId);
    /// @notice A volunteer stepped back before seats were given.
    event VolunteerWithdrew(uint32 indexed assignmentId, uint32 indexed memberId);
    event SelectionDrawn(uint32 indexed assignmentId, uint32 indexed drawId);
    /// @notice Seats were given to volunteers; from now on who comes first gets one.
    event Selected(uint32 indexed assignmentId);
    event SeatTaken(uint32 indexed assignmentId, uint8 indexed seat, uint32 indexed memberId, uint48 dueAt);
    /// @param note keccak256 of a text about progress, or 0
    event Heartbeat(uint32 indexed assignmentId, uint8 indexed seat, uint32 indexed memberId, bytes32 note);
    /// @notice A seat lost its holder and is vacant again, or lapsed where nobody can take it any more.
    /// @param strikes how many the member has this season
    event SeatReleased(
        uint32 indexed assignmentId,
        uint8 indexed seat,
        uint32 indexed memberId,
        Release why,
        SeatState state,
        uint32 strikes
    );
    event SeatDelivered(uint32 indexed assignmentId, uint8 indexed seat, uint32 indexed memberId);
    event SeatInRework(uint32 indexed assignmentId, uint8 indexed seat, uint32 indexed memberId, uint48 dueAt);
    event SeatDone(uint32 indexed assignmentId, uint8 indexed seat, uint32 indexed memberId, uint16 shareBps);
    /// @notice Accepted work was found wanting after all: it earns no stipend any more.
    event SeatOverturned(uint32 indexed assignmentId, uint8 indexed seat, uint32 indexed memberId);
    event AssignmentCancelled(uint32 indexed assignmentId, bytes32 reason);
    event WorkPaid(uint32 indexed assignmentId, uint8 indexed seat, uint32 indexed memberId, uint256 amount);

    /// @notice Creates assignments, at most 20, numbered in order. Restricted (an executed proposal by the ordinary rule, a
    /// mandate, a series). Those with a stipend take a decision, made on them or on their series: no mandate creates paid work.
    /// @return firstId the first one's number
    function create(Brief[] calldata briefs) external returns (uint32 firstId);

    /// @notice Ends an assignment: nobody takes a seat any more, and seats that are held are vacant, but for those of a shift
    /// that has begun, which can be confirmed. What was delivered is still reviewed, rework included. Restricted (ordinary).
    /// `reason` is keccak256 of the UTF-8 text that says why.
    function cancel(uint32 assignmentId, bytes32 reason) external;

    /// @notice Offers to do it: joins the volunteers, or takes a vacant seat once volunteering is over and seats are given.
    /// Active members with fewer than `work.strikes` strikes this season, who hold fewer than `work.maxSeats` seats.
    function volunteer(uint32 assignmentId) external;

    /// @notice Steps back: from the volunteers, while volunteering lasts, or from a seat that is held or in rework. Counts as
    /// missed where a heartbeat or the deadline was missed, or a shift has begun, and as failed in rework. Who gives up a
    /// task's seat once work has begun takes none of that assignment again.
    function withdraw(uint32 assignmentId) external;

    /// @notice Gives seats to volunteers after volunteering, or opens the draw that does. Anyone. Whoever is not active any
    /// more, has too many strikes or seats by then gets none.
    function select(uint32 assignmentId) external;

    /// @notice Gives a sign of progress. Who holds the seat, once work began, until the deadline; a late one counts too, as
    /// long as nobody has reopened the seat. In rework none is asked for.
    function heartbeat(uint32 assignmentId, uint8 seat, bytes32 note) external;

    /// @notice Takes a seat from a holder who missed a heartbeat or the deadline (a shift: and was not confirmed within
    /// `work.confirmWindow`), or is no active member any more. Anyone.
    function reopen(uint32 assignmentId, uint8 seat) external;

    /// @notice Notes that a seat's holder delivered. Restricted (reviews). Reverts unless `account` is that of its holder, an
    /// active member, the seat is held or in rework, work has begun, and it is not overdue.
    /// @return memberId the holder
    function markDelivered(uint32 assignmentId, uint8 seat, address account) external returns (uint32 memberId);

    /// @notice Sends a delivered seat back for rework, until `work.rework` seconds from now. Restricted (reviews).
    function markRework(uint32 assignmentId, uint8 seat) external;

    /// @notice Ends a seat's work: delivered, or a shift that is held, was accepted. Restricted (reviews).
    /// @param shareBps how much of the reward it earned, 1 to 10,000
    function markDone(uint32 assignmentId, uint8 seat, uint16 shareBps) external;

    /// @notice Takes a delivered seat from a holder whose work was not accepted, and reopens it. Restricted (reviews).
    function markFailed(uint32 assignmentId, uint8 seat) external;

    /// @notice Notes that the acceptance of a seat's work was overturned: a stipend that was not paid yet never is. Restricted
    /// (reviews).
    function markOverturned(uint32 assignmentId, uint8 seat) external;

    /// @notice Pays the stipend of a seat that is done, by its share, once. Anyone; it goes to who did the work. Reverts
    /// where the purse is used up in this period: it can be called again in the next. Never once the purse is closed.
    function payStipend(uint32 assignmentId, uint8 seat) external;

    function assignmentCount() external view returns (uint32);
    function assignment(uint32 assignmentId) external view returns (Assignment memory);
    function stateOf(uint32 assignmentId) external view returns (AssignmentState);
    function seatOf(uint32 assignmentId, uint8 seat) external view returns (Seat memory);
    function seatsOf(uint32 assignmentId) external view returns (Seat[] memory);
    function volunteersOf(uint32 assignmentId) external view returns (uint32[] memory memberIds);
    /// @notice The seat of an assignment that a member holds, has delivered or reworks; 0 for none.
    function seatHeldBy(uint32 assignmentId, uint32 memberId) external view returns (uint8 seat);
    /// @notice How many seats a member holds, has delivered or reworks, in all assignments.
    function seatsHeld(uint32 memberId) external view returns (uint256);
    /// @notice How many seats a member missed or failed this season.
    function strikesOf(uint32 memberId) external view returns (uint32);
    /// @notice Reverts as `create` would with this brief now.
    function requireGood(Brief calldata brief) external view;
    /// @notice Reverts unless what `creator` creates may have a stipend.
    function requirePaying(address creator) external view;
    /// @notice Until when the holder of a seat is not late: for a sign of progress, for the delivery, or of a shift for its
    /// confirmation.
    function lateAfter(uint32 assignmentId, uint8 seat) external view returns (uint48);
}
