// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {ICommons, IPurseController} from "../commons/ICommons.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {Roles} from "../constitution/Roles.sol";
import {IDraws} from "../draws/IDraws.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IReputation} from "../reputation/IReputation.sol";
import {IAssignments} from "./IAssignments.sol";

/// @title Assignments
/// @dev Over 400 lines: who holds a seat decides at once who may work, be reviewed and be paid. Every loop is over the seats
/// of one assignment (16) or its volunteers (128). All calls out are to modules of the commune; the one that moves money
/// comes last, when the seat is paid already.
contract Assignments is IAssignments, IPurseController, Module {
    uint256 private constant MOST_BRIEFS = 20;
    uint256 private constant MOST_SEATS = 16;
    uint256 private constant MOST_VOLUNTEERS = 128;
    uint256 private constant MOST_VOLUNTEERING = 90 days;
    uint256 private constant MOST_AHEAD = 730 days;
    uint32 private constant LEAST_DURATION = 1 hours;
    uint32 private constant LEAST_HEARTBEAT = 1 hours;
    /// @dev A seat's reward is at most this part of a season's cap, so that a lucky draw of reviewers is worth little.
    uint256 private constant REWARDS_IN_CAP = 10;
    uint256 private constant BPS = 10_000;
    /// @dev Micro-points in a point.
    uint256 private constant POINT = 1e6;

    /// @dev One slot. Times are at most `MOST_AHEAD` from the creation.
    struct Terms {
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
    }

    /// @dev One slot.
    struct Pay {
        uint64 reward;
        uint32 purseId;
        uint128 stipend;
    }

    /// @dev One slot. `openSeats` are held, delivered or in rework.
    struct Progress {
        address creator;
        uint32 drawId;
        bool selected;
        bool cancelled;
        uint8 closedSeats;
        uint8 openSeats;
    }

    struct Work {
        bytes32 text;
        Terms terms;
        Pay pay;
        Progress progress;
    }

    /// @dev One slot. Seats that are held, delivered or in rework: who delivers rubbish everywhere waits for the reviews, and
    /// their strikes, too. Strikes are of the season that the last one was in.
    struct Conduct {
        uint32 seats;
        uint32 strikes;
        uint32 season;
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IReputation private immutable _reputation;
    ICommons private immutable _commons;
    IDraws private immutable _draws;

    /// @inheritdoc IAssignments
    uint32 public assignmentCount;

    mapping(uint32 assignmentId => Work) private _works;
    /// @dev Counted from 1.
    mapping(uint32 assignmentId => mapping(uint8 seat => Seat)) private _seats;
    mapping(uint32 assignmentId => uint32[] memberIds) private _volunteers;
    mapping(uint32 assignmentId => mapping(uint32 memberId => bool)) private _gaveUp;
    mapping(uint32 memberId => Conduct) private _conducts;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IReputation reputation,
        ICommons commons,
        IDraws draws
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _reputation = reputation;
        _commons = commons;
        _draws = draws;
    }

    // ------------------------------------------------------------------ by decision

    /// @inheritdoc IAssignments
    function create(Brief[] calldata briefs) external restricted returns (uint32 firstId) {
        uint256 count = briefs.length;
        if (count == 0 || count > MOST_BRIEFS) revert AssignmentsBriefs(count, MOST_BRIEFS);
        firstId = assignmentCount + 1;
        for (uint256 i; i < count; ++i) {
            if (briefs[i].stipend != 0) requirePaying(msg.sender);
            requireGood(briefs[i]);
            _create(briefs[i]);
        }
    }

    function _create(Brief calldata b) private {
        uint48 start = b.start;
        uint48 volunteerUntil = uint48(block.timestamp) + b.volunteering;
        if (b.kind == Kind.Shift) {
            if (start < volunteerUntil) volunteerUntil = start;
        } else if (start < volunteerUntil) {
            start = volunteerUntil;
        }

        uint32 assignmentId = ++assignmentCount;
        Work storage w = _works[assignmentId];
        w.text = b.text;
        w.terms = Terms({
            topic: b.topic,
            kind: b.kind,
            selection: b.selection,
            seats: b.seats,
            trialSeats: b.trialSeats,
            volunteerUntil: volunteerUntil,
            start: start,
            deadline: b.deadline,
            duration: b.duration,
            heartbeat: b.heartbeat
        });
        w.pay = Pay({reward: b.reward, purseId: b.purseId, stipend: b.stipend});
        w.progress.creator = msg.sender;
        emit AssignmentCreated(assignmentId, msg.sender, b.topic, _assignment(w));
    }

    /// @inheritdoc IAssignments
    function cancel(uint32 assignmentId, bytes32 reason) external restricted {
        Work storage w = _known(assignmentId);
        AssignmentState current = _stateOf(w);
        if (current == AssignmentState.Finished || current == AssignmentState.Cancelled) {
            revert AssignmentsWrongState(assignmentId, current);
        }
        if (reason == 0) revert AssignmentsEmptyText();

        w.progress.cancelled = true;
        emit AssignmentCancelled(assignmentId, reason);
        if (w.terms.kind == Kind.Shift && _hasBegun(w)) return;
        for (uint8 n = 1; n <= w.terms.seats; ++n) {
            Seat storage s = _seats[assignmentId][n];
            if (s.state == SeatState.Held) _release(assignmentId, n, w, s, Release.Cancelled);
        }
    }

    /// @inheritdoc IAssignments
    function requireGood(Brief calldata b) public view {
        if (b.text == 0) revert AssignmentsEmptyText();
        if (!_constitution.topicExists(b.topic)) revert AssignmentsUnknownTopic(b.topic);
        if (b.seats == 0 || b.seats > MOST_SEATS || b.trialSeats > b.seats) {
            revert AssignmentsSeats(b.seats, b.trialSeats, MOST_SEATS);
        }
        uint256 cap = Parameters.at(_constitution.word(Parameters.REPUTATION), Parameters.REPUTATION_SEASON_CAP);
        uint256 limit = (cap * POINT) / REWARDS_IN_CAP;
        if (b.reward == 0 || b.reward > limit) revert AssignmentsReward(b.reward, limit);
        uint256 least = Parameters.at(_numbers(), Parameters.WORK_VOLUNTEERING);
        if (b.volunteering < least || b.volunteering > MOST_VOLUNTEERING) {
            revert AssignmentsVolunteering(b.volunteering, least, MOST_VOLUNTEERING);
        }
        if (!_areGoodTimes(b)) revert AssignmentsTimes(b.start, b.deadline, b.duration);
        if (b.heartbeat != 0 && b.heartbeat < LEAST_HEARTBEAT) {
            revert AssignmentsHeartbeat(b.heartbeat, LEAST_HEARTBEAT);
        }
        if (!_isGoodPurse(b)) revert AssignmentsPurse(b.purseId, b.topic);
    }

    /// @inheritdoc IAssignments
    function requirePaying(address creator) public view {
        (bool paying, ) = IAccessManager(authority()).hasRole(Roles.PAID_WORK, creator);
        if (!paying) revert AssignmentsMayNotPay(creator);
    }

    /// @dev A task whose deadline has passed when its decision is carried out still gives everybody its duration.
    function _areGoodTimes(Brief calldata b) private view returns (bool) {
        uint256 latest = block.timestamp + MOST_AHEAD;
        if (b.start > latest || b.deadline > latest || b.duration > MOST_AHEAD) return false;
        if (b.kind == Kind.Task) return b.duration >= LEAST_DURATION && (b.deadline == 0 || b.deadline > b.start);
        return b.start != 0 && b.duration == 0 && b.deadline > b.start && b.deadline >= block.timestamp;
    }

    function _isGoodPurse(Brief calldata b) private view returns (bool) {
        if (b.purseId == 0 || b.stipend == 0) return b.purseId == 0 && b.stipend == 0;
        ICommons.Purse memory p = _commons.purse(b.purseId);
        return p.controller == address(this) && p.key == b.topic && !p.closed;
    }

    // ------------------------------------------------------------------ volunteers

    /// @inheritdoc IAssignments
    function volunteer(uint32 assignmentId) external {
        Work storage w = _known(assignmentId);
        uint32 memberId = _membership.requireActive(_msgSender());
        AssignmentState current = _stateOf(w);
        bool nobodyCame = current == AssignmentState.Selecting && _volunteers[assignmentId].length == 0;
        if (current != AssignmentState.Volunteering && current != AssignmentState.Open && !nobodyCame) {
            revert AssignmentsWrongState(assignmentId, current);
        }
        _requireEligible(memberId);
        if (current == AssignmentState.Volunteering) {
            _join(assignmentId, memberId);
            return;
        }
        if (nobodyCame) _noteSelected(assignmentId, w);
        _takeVacant(assignmentId, w, memberId);
    }

    function _join(uint32 assignmentId, uint32 memberId) private {
        uint32[] storage volunteers = _volunteers[assignmentId];
        uint256 count = volunteers.length;
        if (_placeOf(volunteers, memberId) < count) revert AssignmentsVolunteeredTwice(assignmentId, memberId);
        if (count == MOST_VOLUNTEERS) revert AssignmentsVolunteersFull(assignmentId, MOST_VOLUNTEERS);
        volunteers.push(memberId);
        emit Volunteered(assignmentId, memberId);
    }

    /// @dev The first vacant seat. Nobody holds two; a shift that a member has done is not done twice.
    function _takeVacant(uint32 assignmentId, Work storage w, uint32 memberId) private {
        Terms storage t = w.terms;
        bool isShift = t.kind == Kind.Shift;
        if (isShift && block.timestamp > t.deadline) revert AssignmentsOver(assignmentId, t.deadline);
        if (_gaveUp[assignmentId][memberId]) revert AssignmentsGaveUp(assignmentId, memberId);
        uint8 vacant;
        for (uint8 n = 1; n <= t.seats; ++n) {
            Seat storage s = _seats[assignmentId][n];
            if (s.state == SeatState.Vacant) {
                if (vacant == 0) vacant = n;
            } else if (s.memberId == memberId && (isShift || s.state != SeatState.Done)) {
                revert AssignmentsHoldsSeat(assignmentId, memberId, n);
            }
        }
        if (vacant == 0) revert AssignmentsFull(assignmentId);
        _give(assignmentId, vacant, w, memberId);
    }

    /// @inheritdoc IAssignments
    function withdraw(uint32 assignmentId) external {
        Work storage w = _known(assignmentId);
        address account = _msgSender();
        uint32 memberId = _membership.memberIdOf(account);
        AssignmentState current = _stateOf(w);
        if (current == AssignmentState.Volunteering) {
            _stepBack(assignmentId, memberId);
            return;
        }
        if (current == AssignmentState.Selecting || current == AssignmentState.Drawing) {
            revert AssignmentsWrongState(assignmentId, current);
        }
        uint8 n = seatHeldBy(assignmentId, memberId);
        if (n == 0) revert AssignmentsNotHolder(assignmentId, 0, account);
        Seat storage s = _seats[assignmentId][n];
        _requireUndelivered(assignmentId, n, s);
        _giveUp(assignmentId, n, w, s);
    }

    function _stepBack(uint32 assignmentId, uint32 memberId) private {
        uint32[] storage volunteers = _volunteers[assignmentId];
        uint256 count = volunteers.length;
        uint256 place = _placeOf(volunteers, memberId);
        if (place == count) revert AssignmentsNoVolunteer(assignmentId, memberId);
        for (; place + 1 < count; ++place) volunteers[place] = volunteers[place + 1];
        volunteers.pop();
        emit VolunteerWithdrew(assignmentId, memberId);
    }

    /// @dev Going is no way round a strike, nor round a deadline by taking the seat anew.
    function _giveUp(uint32 assignmentId, uint8 n, Work storage w, Seat storage s) private {
        (uint48 until, Release why) = _lateAfter(w, s);
        if (block.timestamp <= until) {
            bool begun = _hasBegun(w);
            if (s.state == SeatState.Rework) {
                why = Release.Failed;
            } else if (begun && w.terms.kind == Kind.Shift) {
                why = Release.MissedDeadline;
            } else {
                why = Release.Withdrew;
                if (begun) _gaveUp[assignmentId][s.memberId] = true;
            }
        }
        _release(assignmentId, n, w, s, why);
    }

    function _placeOf(uint32[] storage volunteers, uint32 memberId) private view returns (uint256 place) {
        uint256 count = volunteers.length;
        while (place < count && volunteers[place] != memberId) ++place;
    }

    // ------------------------------------------------------------------ selection

    /// @inheritdoc IAssignments
    function select(uint32 assignmentId) external {
        Work storage w = _known(assignmentId);
        AssignmentState current = _stateOf(w);
        uint32[] memory volunteers = _volunteers[assignmentId];
        if (current == AssignmentState.Drawing) {
            _seat(assignmentId, w, _inDrawnOrder(volunteers, w.progress.drawId));
        } else if (current != AssignmentState.Selecting) {
            revert AssignmentsWrongState(assignmentId, current);
        } else if (!_areTooMany(volunteers, w.terms.seats)) {
            _seat(assignmentId, w, volunteers);
        } else if (w.terms.selection == Selection.Score) {
            _seat(assignmentId, w, _byScore(volunteers, w.terms));
        } else {
            bytes memory text = bytes.concat("Seats of assignment ", bytes(Strings.toString(assignmentId)));
            uint32 drawId = _draws.openAmong(volunteers, new bytes32[](0), keccak256(text));
            w.progress.drawId = drawId;
            emit SelectionDrawn(assignmentId, drawId);
        }
    }

    /// @dev Gives the seats to those who can take one, in this order: first the reserved ones to members on probation.
    function _seat(uint32 assignmentId, Work storage w, uint32[] memory order) private {
        Terms storage t = w.terms;
        _noteSelected(assignmentId, w);
        uint8 n = 1;
        for (uint256 i; i < order.length && n <= t.trialSeats; ++i) {
            if (_membership.isFull(order[i]) || !_isEligible(order[i])) continue;
            _give(assignmentId, n, w, order[i]);
            order[i] = 0;
            ++n;
        }
        for (uint256 i; i < order.length && n <= t.seats; ++i) {
            if (order[i] == 0 || !_isEligible(order[i])) continue;
            _give(assignmentId, n, w, order[i]);
            ++n;
        }
    }

    function _noteSelected(uint32 assignmentId, Work storage w) private {
        w.progress.selected = true;
        emit Selected(assignmentId);
    }

    function _areTooMany(uint32[] memory volunteers, uint256 seats) private view returns (bool) {
        uint256 count;
        for (uint256 i; i < volunteers.length && count <= seats; ++i) {
            if (_isEligible(volunteers[i])) ++count;
        }
        return count > seats;
    }

    function _inDrawnOrder(uint32[] memory volunteers, uint32 drawId) private view returns (uint32[] memory order) {
        uint256[] memory places = _draws.pick(drawId, volunteers.length, volunteers.length);
        order = new uint32[](places.length);
        for (uint256 i; i < places.length; ++i) order[i] = volunteers[places[i]];
    }

    /// @dev Highest score first, of equal ones the lower memberId.
    function _byScore(uint32[] memory volunteers, Terms storage t) private view returns (uint32[] memory order) {
        uint256[] memory scores = new uint256[](volunteers.length);
        order = new uint32[](volunteers.length);
        for (uint256 i; i < order.length; ++i) {
            uint32 memberId = volunteers[i];
            uint256 score = _reputation.scoreAt(memberId, t.topic, t.volunteerUntil);
            uint256 place = i;
            for (; place > 0; --place) {
                uint256 before = scores[place - 1];
                if (before > score || (before == score && order[place - 1] < memberId)) break;
                (scores[place], order[place]) = (before, order[place - 1]);
            }
            (scores[place], order[place]) = (score, memberId);
        }
    }

    // ------------------------------------------------------------------ holders

    /// @inheritdoc IAssignments
    function heartbeat(uint32 assignmentId, uint8 seat, bytes32 note) external {
        (Work storage w, Seat storage s) = _seatAt(assignmentId, seat);
        uint32 memberId = _requireHolder(assignmentId, seat, s, _msgSender());
        if (s.state != SeatState.Held) revert AssignmentsWrongSeatState(assignmentId, seat, s.state);
        if (w.terms.heartbeat == 0) revert AssignmentsNoHeartbeat(assignmentId);
        _requireInTime(assignmentId, seat, w, s);
        s.signAt = uint48(block.timestamp);
        emit Heartbeat(assignmentId, seat, memberId, note);
    }

    /// @inheritdoc IAssignments
    function reopen(uint32 assignmentId, uint8 seat) external {
        (Work storage w, Seat storage s) = _seatAt(assignmentId, seat);
        _requireUndelivered(assignmentId, seat, s);
        (uint48 until, Release why) = _lateAfter(w, s);
        if (block.timestamp <= until) {
            if (_isActive(s.memberId)) revert AssignmentsNotMissed(assignmentId, seat, until);
            why = Release.Gone;
        }
        _release(assignmentId, seat, w, s, why);
    }

    /// @inheritdoc IAssignments
    function payStipend(uint32 assignmentId, uint8 seat) external {
        (Work storage w, Seat storage s) = _seatAt(assignmentId, seat);
        // 128 bits times 10,000; shares are of seats that are done.
        uint256 amount = (uint256(w.pay.stipend) * s.shareBps) / BPS;
        if (amount == 0 || s.paid) revert AssignmentsNothingToPay(assignmentId, seat);
        uint32 memberId = s.memberId;
        s.paid = true;
        emit WorkPaid(assignmentId, seat, memberId, amount);
        _commons.payForWork(w.pay.purseId, memberId, amount, w.text);
    }

    /// @inheritdoc IPurseController
    function requirePayer(uint256, address, address) external pure returns (uint32) {
        revert AssignmentsPaysByItself();
    }

    // ------------------------------------------------------------------ reviews

    /// @inheritdoc IAssignments
    function markDelivered(
        uint32 assignmentId,
        uint8 seat,
        address account
    ) external restricted returns (uint32 memberId) {
        (Work storage w, Seat storage s) = _seatAt(assignmentId, seat);
        memberId = _requireHolder(assignmentId, seat, s, account);
        _requireUndelivered(assignmentId, seat, s);
        _requireInTime(assignmentId, seat, w, s);
        s.state = SeatState.Delivered;
        emit SeatDelivered(assignmentId, seat, memberId);
    }

    /// @inheritdoc IAssignments
    function markRework(uint32 assignmentId, uint8 seat) external restricted {
        Seat storage s = _seatIn(assignmentId, seat, SeatState.Delivered);
        // A parameter has 32 bits.
        uint48 dueAt = uint48(block.timestamp + Parameters.at(_numbers(), Parameters.WORK_REWORK));
        s.state = SeatState.Rework;
        s.dueAt = dueAt;
        emit SeatInRework(assignmentId, seat, s.memberId, dueAt);
    }

    /// @inheritdoc IAssignments
    function markDone(uint32 assignmentId, uint8 seat, uint16 shareBps) external restricted {
        (Work storage w, Seat storage s) = _seatAt(assignmentId, seat);
        SeatState state = s.state;
        if (state != SeatState.Delivered && (state != SeatState.Held || w.terms.kind != Kind.Shift)) {
            revert AssignmentsWrongSeatState(assignmentId, seat, state);
        }
        if (shareBps == 0 || shareBps > BPS) revert AssignmentsShare(shareBps);

        s.state = SeatState.Done;
        s.shareBps = shareBps;
        ++w.progress.closedSeats;
        --w.progress.openSeats;
        uint32 memberId = s.memberId;
        --_conducts[memberId].seats;
        emit SeatDone(assignmentId, seat, memberId, shareBps);
    }

    /// @inheritdoc IAssignments
    function markFailed(uint32 assignmentId, uint8 seat) external restricted {
        Seat storage s = _seatIn(assignmentId, seat, SeatState.Delivered);
        _release(assignmentId, seat, _works[assignmentId], s, Release.Failed);
    }

    /// @inheritdoc IAssignments
    function markOverturned(uint32 assignmentId, uint8 seat) external restricted {
        Seat storage s = _seatIn(assignmentId, seat, SeatState.Done);
        s.shareBps = 0;
        emit SeatOverturned(assignmentId, seat, s.memberId);
    }

    // ------------------------------------------------------------------ seats

    /// @dev To someone who can take one; the seat is vacant.
    function _give(uint32 assignmentId, uint8 n, Work storage w, uint32 memberId) private {
        uint48 now_ = uint48(block.timestamp);
        uint48 dueAt = w.terms.deadline;
        if (w.terms.kind == Kind.Task) {
            uint48 start = w.terms.start;
            uint48 least = (start > now_ ? start : now_) + w.terms.duration;
            if (dueAt < least) dueAt = least;
        }
        _seats[assignmentId][n] = Seat({
            memberId: memberId,
            state: SeatState.Held,
            takenAt: now_,
            signAt: 0,
            dueAt: dueAt,
            shareBps: 0,
            paid: false
        });
        ++w.progress.openSeats;
        ++_conducts[memberId].seats;
        emit SeatTaken(assignmentId, n, memberId, dueAt);
    }

    /// @dev Takes a seat that is held, delivered or in rework from its holder.
    function _release(uint32 assignmentId, uint8 n, Work storage w, Seat storage s, Release why) private {
        uint32 memberId = s.memberId;
        Conduct memory c = _conducts[memberId];
        --c.seats;
        uint32 season = _constitution.currentSeason();
        if (c.season != season) (c.season, c.strikes) = (season, 0);
        if (why == Release.MissedHeartbeat || why == Release.MissedDeadline || why == Release.Failed) ++c.strikes;
        _conducts[memberId] = c;

        bool lapsed = w.terms.kind == Kind.Shift && block.timestamp > w.terms.deadline;
        SeatState state = lapsed ? SeatState.Lapsed : SeatState.Vacant;
        delete _seats[assignmentId][n];
        s.state = state;
        --w.progress.openSeats;
        if (lapsed) ++w.progress.closedSeats;
        emit SeatReleased(assignmentId, n, memberId, why, state, c.strikes);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IAssignments
    function assignment(uint32 assignmentId) external view returns (Assignment memory) {
        return _assignment(_known(assignmentId));
    }

    /// @inheritdoc IAssignments
    function stateOf(uint32 assignmentId) external view returns (AssignmentState) {
        return _stateOf(_works[assignmentId]);
    }

    /// @inheritdoc IAssignments
    function seatOf(uint32 assignmentId, uint8 seat) public view returns (Seat memory) {
        (, Seat storage s) = _seatAt(assignmentId, seat);
        return s;
    }

    /// @inheritdoc IAssignments
    function seatsOf(uint32 assignmentId) external view returns (Seat[] memory seats) {
        seats = new Seat[](_known(assignmentId).terms.seats);
        for (uint256 i; i < seats.length; ++i) seats[i] = seatOf(assignmentId, uint8(i + 1));
    }

    /// @inheritdoc IAssignments
    function volunteersOf(uint32 assignmentId) external view returns (uint32[] memory) {
        return _volunteers[assignmentId];
    }

    /// @inheritdoc IAssignments
    function seatHeldBy(uint32 assignmentId, uint32 memberId) public view returns (uint8 seat) {
        for (uint8 n = _works[assignmentId].terms.seats; n > 0; --n) {
            Seat storage s = _seats[assignmentId][n];
            // Nobody has number 0, and nobody's number is on a seat that is vacant or lapsed.
            if (memberId != 0 && s.memberId == memberId && s.state != SeatState.Done) return n;
        }
    }

    /// @inheritdoc IAssignments
    function seatsHeld(uint32 memberId) external view returns (uint256) {
        return _conducts[memberId].seats;
    }

    /// @inheritdoc IAssignments
    function strikesOf(uint32 memberId) public view returns (uint32) {
        Conduct storage c = _conducts[memberId];
        return c.strikes != 0 && c.season == _constitution.currentSeason() ? c.strikes : 0;
    }

    /// @inheritdoc IAssignments
    function lateAfter(uint32 assignmentId, uint8 seat) external view returns (uint48 until) {
        (Work storage w, Seat storage s) = _seatAt(assignmentId, seat);
        _requireUndelivered(assignmentId, seat, s);
        (until, ) = _lateAfter(w, s);
    }

    function _assignment(Work storage w) private view returns (Assignment memory a) {
        Terms storage t = w.terms;
        Progress storage p = w.progress;
        a.text = w.text;
        a.topic = t.topic;
        a.kind = t.kind;
        a.selection = t.selection;
        a.seats = t.seats;
        a.trialSeats = t.trialSeats;
        a.volunteerUntil = t.volunteerUntil;
        a.start = t.start;
        a.deadline = t.deadline;
        a.duration = t.duration;
        a.heartbeat = t.heartbeat;
        a.reward = w.pay.reward;
        a.purseId = w.pay.purseId;
        a.stipend = w.pay.stipend;
        a.creator = p.creator;
        a.drawId = p.drawId;
        a.selected = p.selected;
        a.cancelled = p.cancelled;
        a.closedSeats = p.closedSeats;
    }

    function _stateOf(Work storage w) private view returns (AssignmentState) {
        Progress storage p = w.progress;
        Terms storage t = w.terms;
        if (p.creator == address(0)) return AssignmentState.Unknown;
        if (p.cancelled) return AssignmentState.Cancelled;
        bool over = t.kind == Kind.Shift && block.timestamp > t.deadline;
        if (p.closedSeats == t.seats || (over && p.openSeats == 0)) return AssignmentState.Finished;
        if (p.selected) return AssignmentState.Open;
        if (block.timestamp <= t.volunteerUntil) return AssignmentState.Volunteering;
        return p.drawId == 0 ? AssignmentState.Selecting : AssignmentState.Drawing;
    }

    /// @dev Of a seat that is held or in rework: until when its holder is not late, and what they have missed afterwards.
    function _lateAfter(Work storage w, Seat storage s) private view returns (uint48 until, Release missed) {
        Terms storage t = w.terms;
        until = s.dueAt;
        missed = Release.MissedDeadline;
        if (s.state == SeatState.Held && t.heartbeat != 0) {
            uint48 last = s.signAt;
            if (last < s.takenAt) last = s.takenAt;
            if (last < t.start) last = t.start;
            if (last + t.heartbeat < until) return (last + t.heartbeat, Release.MissedHeartbeat);
        }
        // A parameter has 32 bits.
        if (t.kind == Kind.Shift) until += uint48(Parameters.at(_numbers(), Parameters.WORK_CONFIRM_WINDOW));
    }

    function _hasBegun(Work storage w) private view returns (bool) {
        return block.timestamp >= w.terms.start;
    }

    function _numbers() private view returns (uint256) {
        return _constitution.word(Parameters.WORK);
    }

    // ------------------------------------------------------------------ checks

    function _known(uint32 assignmentId) private view returns (Work storage w) {
        w = _works[assignmentId];
        if (w.progress.creator == address(0)) revert AssignmentsUnknown(assignmentId);
    }

    function _seatAt(uint32 assignmentId, uint8 n) private view returns (Work storage w, Seat storage s) {
        w = _works[assignmentId];
        uint256 seats = w.terms.seats;
        if (seats == 0) revert AssignmentsUnknown(assignmentId);
        if (n == 0 || n > seats) revert AssignmentsUnknownSeat(assignmentId, n);
        s = _seats[assignmentId][n];
    }

    function _seatIn(uint32 assignmentId, uint8 n, SeatState required) private view returns (Seat storage s) {
        (, s) = _seatAt(assignmentId, n);
        if (s.state != required) revert AssignmentsWrongSeatState(assignmentId, n, s.state);
    }

    function _requireUndelivered(uint32 assignmentId, uint8 n, Seat storage s) private view {
        SeatState state = s.state;
        if (state != SeatState.Held && state != SeatState.Rework) {
            revert AssignmentsWrongSeatState(assignmentId, n, state);
        }
    }

    /// @dev Who holds a seat is an active member; a number on it is that of a member.
    function _requireHolder(
        uint32 assignmentId,
        uint8 n,
        Seat storage s,
        address account
    ) private view returns (uint32 memberId) {
        memberId = s.memberId;
        if (memberId == 0) revert AssignmentsNotHolder(assignmentId, n, account);
        IMembership.Member memory m = _membership.member(memberId);
        if (m.account != account) revert AssignmentsNotHolder(assignmentId, n, account);
        if (m.status != Status.Active) revert IMembership.MembershipNotActive(memberId, m.status);
    }

    function _requireInTime(uint32 assignmentId, uint8 n, Work storage w, Seat storage s) private view {
        uint48 start = w.terms.start;
        uint48 dueAt = s.dueAt;
        if (block.timestamp < start) revert AssignmentsNotBegun(assignmentId, start);
        if (block.timestamp > dueAt) revert AssignmentsOverdue(assignmentId, n, dueAt);
    }

    function _requireEligible(uint32 memberId) private view {
        (bool isStruck, bool isFull) = _limitsOf(memberId);
        if (isStruck) revert AssignmentsStruck(memberId, strikesOf(memberId), _constitution.currentSeason());
        if (isFull) revert AssignmentsTooManySeats(memberId, _conducts[memberId].seats);
    }

    function _isEligible(uint32 memberId) private view returns (bool) {
        (bool isStruck, bool isFull) = _limitsOf(memberId);
        return !isStruck && !isFull && _isActive(memberId);
    }

    /// @dev Whether a member has too many strikes, and as many seats as a member may.
    function _limitsOf(uint32 memberId) private view returns (bool isStruck, bool isFull) {
        uint256 numbers = _numbers();
        isStruck = strikesOf(memberId) >= Parameters.at(numbers, Parameters.WORK_STRIKES);
        isFull = _conducts[memberId].seats >= Parameters.at(numbers, Parameters.WORK_MAX_SEATS);
    }

    function _isActive(uint32 memberId) private view returns (bool) {
        return _membership.statusOf(memberId) == Status.Active;
    }
}
