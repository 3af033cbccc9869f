// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICommons, IPurseController} from "../commons/ICommons.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Module} from "../constitution/Module.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IOffices} from "./IOffices.sol";
import {IRecall} from "./IRecall.sol";

/// @title Offices
/// @dev Over 400 lines: who holds a seat decides at once what may be called, paid and claimed, and whom an election may
/// seat. A member's tenures in an office never overlap and are kept in the order of time; a seat is given at most one term
/// ahead, so that at most twice as many tenures as seats run or wait at any time. That bounds every loop here.
contract Offices is IOffices, IPurseController, Module {
    uint256 private constant MOST_SEATS = 15;
    uint256 private constant LEAST_TERM = 7 days;
    uint256 private constant MOST_TERM = 730 days;
    uint256 private constant MANDATE_LIMIT = 20;

    /// @dev One slot. `givenAt` tells a holder from someone who left and came back since.
    struct Record {
        uint32 officeId;
        uint32 memberId;
        uint48 from;
        uint48 until;
        uint32 stipend;
        uint48 givenAt;
    }

    /// @dev A call of a mandate, and the hash of its target's code when it was listed.
    struct Listing {
        Mandate call;
        bytes32 pin;
    }

    /// @dev One slot: what was used of a call in the period that ends at `periodEnd`.
    struct Used {
        uint48 periodEnd;
        uint16 calls;
        uint128 amount;
    }

    /// @dev Why someone may not take a seat.
    enum Obstacle {
        None,
        Inactive,
        Barred,
        Holds,
        TermLimit
    }

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    ICommons private immutable _commons;
    IRecall private immutable _recall;

    /// @inheritdoc IOffices
    uint32 public officeCount;
    /// @inheritdoc IOffices
    uint32 public tenureCount;

    mapping(uint32 officeId => Office) private _offices;
    mapping(uint32 officeId => Listing[]) private _mandates;
    /// @dev A listing's place in the office's mandate, counted from 1.
    mapping(uint32 officeId => mapping(address target => mapping(bytes4 selector => uint256 place))) private _places;
    /// @dev Outlives the mandate: one that is set again in the middle of a period gives no second helping.
    mapping(uint32 officeId => mapping(address target => mapping(bytes4 selector => Used))) private _used;
    mapping(uint32 tenureId => Record) private _tenures;
    /// @dev Tenures that run or are to come; those that have run out stay until the next one is given.
    mapping(uint32 officeId => uint32[] tenureIds) private _current;
    mapping(uint32 officeId => mapping(uint32 memberId => uint32[] tenureIds)) private _histories;
    mapping(uint32 officeId => mapping(uint32 memberId => uint48 until)) private _bars;
    mapping(uint32 tenureId => mapping(uint48 periodStart => bool)) private _claimed;
    /// @dev Seconds of a tenure that were paid for.
    mapping(uint32 tenureId => uint256) private _paidSeconds;

    constructor(
        address powers,
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        ICommons commons,
        IRecall recall_
    ) Module(powers, forwarder) {
        _constitution = constitution;
        _membership = membership;
        _commons = commons;
        _recall = recall_;
    }

    // ------------------------------------------------------------------ offices, by decision

    /// @inheritdoc IOffices
    function create(Office calldata office_, Mandate[] calldata mandate) external restricted returns (uint32 officeId) {
        if (office_.text == 0) revert OfficesEmptyText();
        if (!_constitution.topicExists(office_.topic)) revert OfficesUnknownTopic(office_.topic);
        if (office_.seats == 0 || office_.seats > MOST_SEATS) revert OfficesSeats(office_.seats, 1, MOST_SEATS);
        if (office_.term < LEAST_TERM || office_.term > MOST_TERM) {
            revert OfficesTerm(office_.term, LEAST_TERM, MOST_TERM);
        }
        _requireWithinWorkersPay(office_.stipend);

        officeId = ++officeCount;
        Office memory created = office_;
        created.abolished = false;
        _offices[officeId] = created;
        emit OfficeCreated(officeId, created);
        _setMandate(officeId, mandate);
    }

    /// @inheritdoc IOffices
    function setMandate(uint32 officeId, Mandate[] calldata mandate) external restricted {
        _requireStanding(officeId);
        _setMandate(officeId, mandate);
    }

    /// @inheritdoc IOffices
    function setStipend(uint32 officeId, uint32 stipend) external restricted {
        _requireStanding(officeId);
        _requireWithinWorkersPay(stipend);
        _offices[officeId].stipend = stipend;
        emit StipendSet(officeId, stipend);
    }

    /// @inheritdoc IOffices
    function abolish(uint32 officeId) external restricted {
        _requireStanding(officeId);
        _offices[officeId].abolished = true;
        emit OfficeAbolished(officeId);
        uint32[] storage current = _current[officeId];
        _dropPast(current);
        // What is left has not run out, so that each round ends at least the last of it.
        while (current.length > 0) {
            uint32 memberId = _tenures[current[current.length - 1]].memberId;
            _endAll(officeId, memberId, uint48(block.timestamp), Ending.Abolished);
        }
    }

    function _setMandate(uint32 officeId, Mandate[] calldata mandate) private {
        if (mandate.length > MANDATE_LIMIT) revert OfficesMandateTooLong(mandate.length, MANDATE_LIMIT);
        Listing[] storage listings = _mandates[officeId];
        mapping(address => mapping(bytes4 => uint256)) storage places = _places[officeId];
        while (listings.length > 0) {
            Mandate storage old = listings[listings.length - 1].call;
            delete places[old.target][old.selector];
            listings.pop();
        }
        for (uint256 i; i < mandate.length; ++i) {
            Mandate calldata m = mandate[i];
            _requireGoodMandate(m);
            if (places[m.target][m.selector] != 0) revert OfficesMandateTwice(m.target, m.selector);
            listings.push(Listing(m, _pinOfCall(m.target, m.selector)));
            places[m.target][m.selector] = listings.length;
        }
        emit MandateSet(officeId, mandate);
    }

    /// @dev Money leaves the commons from a purse only, and the powers of this contract itself (stipends among them) are no
    /// holder's; nobody who holds an office may move powers. A cap without an amount, or an address without code, which
    /// would take any call, is a mistake.
    function _requireGoodMandate(Mandate calldata m) private view {
        if (
            m.target == address(this) ||
            m.target == address(_commons) ||
            m.target == authority() ||
            m.target.code.length == 0 ||
            m.calls == 0 ||
            (m.argument == 0 && m.cap != 0)
        ) revert OfficesBadMandate(m.target, m.selector);
    }

    function _requireWithinWorkersPay(uint32 stipend) private view {
        uint256 workerPay = Parameters.at(_numbers(), Parameters.WORKER_PAY);
        if (stipend > workerPay) revert OfficesStipendAboveWorkersPay(stipend, workerPay);
    }

    // ------------------------------------------------------------------ seats

    /// @inheritdoc IOffices
    function appoint(uint32 officeId, uint32 memberId, uint48 from) external restricted returns (uint32 tenureId) {
        _requireStanding(officeId);
        Office storage o = _offices[officeId];
        uint48 now_ = uint48(block.timestamp);
        uint48 latest = now_ + o.term;
        if (from < now_ || from > latest) revert OfficesFrom(officeId, from, now_, latest);
        _requireMayHold(officeId, memberId, from);
        uint32[] storage current = _current[officeId];
        _dropPast(current);
        uint48 until = _freeUntil(officeId, from);
        if (until == from) revert OfficesNoSeat(officeId, from);

        tenureId = ++tenureCount;
        _tenures[tenureId] = Record(officeId, memberId, from, until, o.stipend, now_);
        current.push(tenureId);
        _histories[officeId][memberId].push(tenureId);
        emit TenureGiven(tenureId, officeId, memberId, from, until, o.stipend);
    }

    /// @inheritdoc IOffices
    function recall(uint32 officeId, uint32 memberId) external restricted {
        Office storage o = _known(officeId);
        if (msg.sender != address(_recall) && _recall.recalledByPetition(officeId, memberId)) return;
        uint48 until = uint48(block.timestamp) + o.term;
        _bars[officeId][memberId] = until;
        emit Barred(officeId, memberId, until);
        _endAll(officeId, memberId, uint48(block.timestamp), Ending.Recalled);
    }

    /// @inheritdoc IOffices
    function resign(uint32 officeId) external {
        address account = _msgSender();
        uint32 memberId = _membership.memberIdOf(account);
        if (!_endAll(officeId, memberId, uint48(block.timestamp), Ending.Resigned)) {
            revert OfficesNotHolder(officeId, account);
        }
    }

    /// @inheritdoc IOffices
    function vacate(uint32 officeId, uint32 memberId) external {
        uint32 last = lastTenureOf(officeId, memberId);
        if (last == 0 || _stands(_tenures[last])) revert OfficesStillHeld(officeId, memberId);
        IMembership.Member memory m = _membership.member(memberId);
        uint48 end = m.status == Status.Active ? uint48(block.timestamp) : m.since;
        if (!_endAll(officeId, memberId, end, Ending.Vacated)) revert OfficesStillHeld(officeId, memberId);
    }

    /// @dev Ends all of a member's tenures in an office that have not run out, as of `end`, which is not ahead; those that
    /// begin later are undone. Returns whether there was one.
    function _endAll(uint32 officeId, uint32 memberId, uint48 end, Ending ending) private returns (bool any) {
        uint32[] storage history = _histories[officeId][memberId];
        for (uint256 i = history.length; i > 0; --i) {
            uint32 tenureId = history[i - 1];
            Record storage t = _tenures[tenureId];
            if (t.until <= block.timestamp) break;
            uint48 until = t.from < end ? end : t.from;
            t.until = until;
            // Only tenures that begin later come after this one, and they are undone already.
            if (until == t.from) history.pop();
            _remove(_current[officeId], tenureId);
            emit TenureEnded(tenureId, officeId, memberId, until, ending);
            any = true;
        }
    }

    /// @dev Until when a tenure from `from` on could last: a term, or the first second in which all seats are taken.
    function _freeUntil(uint32 officeId, uint48 from) private view returns (uint48 until) {
        Office storage o = _offices[officeId];
        uint32[] storage current = _current[officeId];
        if (_countAt(current, from) >= o.seats) return from;
        until = from + o.term;
        for (uint256 i; i < current.length; ++i) {
            uint48 start = _tenures[current[i]].from;
            if (start > from && start < until && _countAt(current, start) >= o.seats) until = start;
        }
    }

    function _countAt(uint32[] storage current, uint48 t) private view returns (uint256 count) {
        for (uint256 i; i < current.length; ++i) {
            if (_runsAt(_tenures[current[i]], t)) ++count;
        }
    }

    function _dropPast(uint32[] storage current) private {
        for (uint256 i = current.length; i > 0; --i) {
            if (_tenures[current[i - 1]].until > block.timestamp) continue;
            current[i - 1] = current[current.length - 1];
            current.pop();
        }
    }

    function _remove(uint32[] storage list, uint32 tenureId) private {
        uint256 i;
        while (list[i] != tenureId) ++i;
        list[i] = list[list.length - 1];
        list.pop();
    }

    // ------------------------------------------------------------------ holders

    /// @inheritdoc IOffices
    function exercise(uint32 officeId, address target, bytes calldata data) external returns (bytes memory) {
        uint32 memberId = _requireHolder(officeId, _msgSender());
        // Fewer than four bytes are padded with zeros; no call of a mandate is that short.
        bytes4 selector = bytes4(data);
        uint256 place = _places[officeId][target][selector];
        if (data.length < 4 || place == 0) revert OfficesOutsideMandate(officeId, target, selector);
        Listing storage listing = _mandates[officeId][place - 1];
        bytes32 found = _pinOf(target);
        if (found != listing.pin) revert OfficesCodeChanged(target, listing.pin, found);

        uint256 amount = _use(officeId, listing.call, data);
        emit Exercised(officeId, memberId, target, selector, amount, data);
        (bool success, bytes memory result) = target.call(data);
        if (!success) revert OfficesExerciseFailed(result);
        return result;
    }

    /// @dev Counts a call against the period's caps; returns its amount.
    function _use(uint32 officeId, Mandate memory m, bytes calldata data) private returns (uint256 amount) {
        Used memory used = _usedNow(officeId, m);
        if (used.calls >= m.calls) revert OfficesCallsExceeded(officeId, m.selector, m.calls);
        if (m.argument != 0) {
            uint256 needed = 4 + 32 * uint256(m.argument);
            if (data.length < needed) revert OfficesShortCall(data.length, needed);
            amount = uint256(bytes32(data[needed - 32:needed]));
            // A mandate that was set again may have a lower cap than what is used.
            uint256 left = Math.saturatingSub(m.cap, used.amount);
            if (amount > left) revert OfficesAmountExceeded(officeId, m.selector, amount, left);
        }
        ++used.calls;
        used.amount += uint128(amount); // at most the cap, 128 bits
        _used[officeId][m.target][m.selector] = used;
    }

    /// @dev What is used of the current period. Another length of periods frees nothing of one that is not over.
    function _usedNow(uint32 officeId, Mandate memory m) private view returns (Used memory used) {
        used = _used[officeId][m.target][m.selector];
        uint48 start = _commons.periodOf(uint48(block.timestamp));
        if (used.periodEnd > start) return used;
        return Used({periodEnd: start + _periodLength(), calls: 0, amount: 0});
    }

    /// @inheritdoc IOffices
    function claimStipend(uint32 tenureId, uint48 periodStart) external {
        Record memory t = _tenures[tenureId];
        if (t.officeId == 0) revert OfficesUnknownTenure(tenureId);
        uint48 length = _periodLength();
        if (_commons.periodOf(periodStart) != periodStart) revert OfficesNotAPeriod(periodStart);
        uint48 periodEnd = periodStart + length;
        if (block.timestamp < periodEnd) revert OfficesPeriodNotOver(periodStart);
        if (_claimed[tenureId][periodStart]) revert OfficesStipendClaimed(tenureId, periodStart);

        uint256 end = _servedUntil(t);
        // Periods of another length may overlap those that were claimed: never more seconds in all than were served.
        uint256 unpaid = Math.saturatingSub(end - t.from, _paidSeconds[tenureId]);
        uint256 within = Math.saturatingSub(Math.min(end, periodEnd), Math.max(t.from, periodStart));
        uint256 served = Math.min(within, unpaid);
        uint256 units = Math.min((t.stipend * served) / length, _commons.payLeft(t.memberId, periodStart));
        if (units == 0) revert OfficesNothingEarned(tenureId, periodStart);

        _claimed[tenureId][periodStart] = true;
        _paidSeconds[tenureId] += served;
        // At most the stipend, 32 bits.
        emit StipendClaimed(tenureId, periodStart, uint32(units));
        _commons.payStipend(t.memberId, periodStart, uint32(units), _offices[t.officeId].text);
    }

    /// @dev The second before which a tenure was served, not before `from`. Who went while nobody vacated the seat served until they went,
    /// where their record still tells when that was; else nothing is known, and nothing paid.
    function _servedUntil(Record memory t) private view returns (uint256 end) {
        IMembership.Member memory m = _membership.member(t.memberId);
        if (block.timestamp <= t.from) return t.from;
        end = Math.min(t.until, block.timestamp);
        if (m.status != Status.Active) end = Math.min(end, m.since);
        if (end <= t.from || (m.joinedAt > t.givenAt && end > m.joinedAt)) return t.from;
        if (!_membership.activeAt(t.memberId, uint48(end - 1))) return t.from;
    }

    // ------------------------------------------------------------------ purses

    /// @inheritdoc IPurseController
    /// @dev An account that a recovery took a membership from still is its holder's.
    function requirePayer(uint256 key, address account, address to) external view returns (uint32 memberId) {
        uint32 officeId = uint32(Math.min(key, type(uint32).max));
        _known(officeId);
        memberId = _requireHolder(officeId, account);
        if (_recall.isFrozen(officeId, memberId)) revert OfficesFrozen(officeId, memberId);
        uint32 receiver = _membership.lastMemberIdOf(to);
        if (_running(officeId, receiver) != 0) revert OfficesPaysHolder(officeId, to);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IOffices
    function office(uint32 officeId) external view returns (Office memory) {
        return _known(officeId);
    }

    /// @inheritdoc IOffices
    function mandateOf(uint32 officeId) external view returns (Mandate[] memory mandate) {
        Listing[] storage listings = _mandates[officeId];
        mandate = new Mandate[](listings.length);
        for (uint256 i; i < mandate.length; ++i) mandate[i] = listings[i].call;
    }

    /// @inheritdoc IOffices
    function tenure(uint32 tenureId) external view returns (Tenure memory) {
        Record memory t = _tenures[tenureId];
        if (t.officeId == 0) revert OfficesUnknownTenure(tenureId);
        return Tenure(t.officeId, t.memberId, t.from, t.until, t.stipend);
    }

    /// @inheritdoc IOffices
    function lastTenureOf(uint32 officeId, uint32 memberId) public view returns (uint32) {
        uint32[] storage history = _histories[officeId][memberId];
        return history.length == 0 ? 0 : history[history.length - 1];
    }

    /// @inheritdoc IOffices
    function tenuresAt(uint32 officeId, uint48 t) external view returns (uint32[] memory tenureIds) {
        uint32[] storage current = _current[officeId];
        tenureIds = new uint32[](_countAt(current, t));
        uint256 found;
        for (uint256 i; found < tenureIds.length; ++i) {
            if (!_runsAt(_tenures[current[i]], t)) continue;
            tenureIds[found] = current[i];
            ++found;
        }
    }

    /// @inheritdoc IOffices
    function holdersOf(uint32 officeId) external view returns (uint32[] memory memberIds) {
        uint32[] storage current = _current[officeId];
        memberIds = new uint32[](current.length);
        uint256 found;
        for (uint256 i; i < current.length; ++i) {
            Record memory t = _tenures[current[i]];
            if (!_runsAt(t, uint48(block.timestamp)) || !_stands(t)) continue;
            memberIds[found] = t.memberId;
            ++found;
        }
        assembly ("memory-safe") {
            mstore(memberIds, found) // not more than it was made for
        }
    }

    /// @inheritdoc IOffices
    function isHolder(uint32 officeId, uint32 memberId) public view returns (bool) {
        uint32 tenureId = _running(officeId, memberId);
        return tenureId != 0 && _stands(_tenures[tenureId]);
    }

    /// @inheritdoc IOffices
    function vacantAt(uint32 officeId, uint48 t) public view returns (uint256) {
        Office storage o = _known(officeId);
        return o.abolished ? 0 : o.seats - _countAt(_current[officeId], t);
    }

    /// @inheritdoc IOffices
    function nextVacancy(uint32 officeId, uint48 horizon) external view returns (uint48 first) {
        uint48 now_ = uint48(block.timestamp);
        if (vacantAt(officeId, now_) != 0) return now_;
        uint32[] storage current = _current[officeId];
        for (uint256 i; i < current.length; ++i) {
            uint48 end = _tenures[current[i]].until;
            if (end <= now_ || end > now_ + horizon || (first != 0 && end >= first)) continue;
            if (vacantAt(officeId, end) != 0) first = end;
        }
    }

    /// @inheritdoc IOffices
    function barredUntil(uint32 officeId, uint32 memberId) external view returns (uint48) {
        return _bars[officeId][memberId];
    }

    /// @inheritdoc IOffices
    function mayHold(uint32 officeId, uint32 memberId, uint48 from) external view returns (bool) {
        return !_known(officeId).abolished && _obstacleOf(officeId, memberId, from) == Obstacle.None;
    }

    /// @inheritdoc IOffices
    function mandateLeft(
        uint32 officeId,
        address target,
        bytes4 selector
    ) external view returns (uint256 calls, uint256 amount) {
        uint256 place = _places[officeId][target][selector];
        if (place == 0) return (0, 0);
        Mandate memory m = _mandates[officeId][place - 1].call;
        Used memory used = _usedNow(officeId, m);
        return (Math.saturatingSub(m.calls, used.calls), Math.saturatingSub(m.cap, used.amount));
    }

    // ------------------------------------------------------------------ checks

    function _known(uint32 officeId) private view returns (Office storage o) {
        if (officeId == 0 || officeId > officeCount) revert OfficesUnknown(officeId);
        return _offices[officeId];
    }

    function _requireStanding(uint32 officeId) private view {
        if (_known(officeId).abolished) revert OfficesAbolished(officeId);
    }

    function _requireHolder(uint32 officeId, address account) private view returns (uint32 memberId) {
        memberId = _membership.memberIdOf(account);
        if (!isHolder(officeId, memberId)) revert OfficesNotHolder(officeId, account);
    }

    function _requireMayHold(uint32 officeId, uint32 memberId, uint48 from) private view {
        Obstacle obstacle = _obstacleOf(officeId, memberId, from);
        if (obstacle == Obstacle.None) return;
        if (obstacle == Obstacle.Inactive) {
            revert IMembership.MembershipNotActive(memberId, _membership.statusOf(memberId));
        }
        if (obstacle == Obstacle.Barred) revert OfficesBarred(officeId, memberId, _bars[officeId][memberId]);
        if (obstacle == Obstacle.Holds) revert OfficesHolds(officeId, memberId);
        revert OfficesTermLimit(officeId, memberId, _termLimit());
    }

    /// @dev A bar counts as long as it lasts, also against seats that fall vacant after it.
    function _obstacleOf(uint32 officeId, uint32 memberId, uint48 from) private view returns (Obstacle) {
        if (_membership.statusOf(memberId) != Status.Active) return Obstacle.Inactive;
        if (_bars[officeId][memberId] > block.timestamp) return Obstacle.Barred;
        uint32 last = lastTenureOf(officeId, memberId);
        if (last != 0) {
            Record memory t = _tenures[last];
            // Who left and came back has a seat that anyone may vacate, and cannot have another one before.
            if (t.until > from || (t.until > block.timestamp && !_stands(t))) return Obstacle.Holds;
        }
        return _termsInARow(officeId, memberId, from) >= _termLimit() ? Obstacle.TermLimit : Obstacle.None;
    }

    /// @dev How many tenures a new one from `from` on would follow with less than a term between any two, up to the limit;
    /// however short they were.
    function _termsInARow(uint32 officeId, uint32 memberId, uint48 from) private view returns (uint256 count) {
        uint32[] storage history = _histories[officeId][memberId];
        uint48 term = _offices[officeId].term;
        uint256 limit = _termLimit();
        for (uint256 i = history.length; i > 0 && count < limit; --i) {
            Record memory t = _tenures[history[i - 1]];
            if (from >= t.until + term) break;
            from = t.from;
            ++count;
        }
    }

    /// @dev The member's tenure that runs now, whether or not they can use it, or 0.
    function _running(uint32 officeId, uint32 memberId) private view returns (uint32) {
        uint32[] storage history = _histories[officeId][memberId];
        for (uint256 i = history.length; i > 0; --i) {
            Record memory t = _tenures[history[i - 1]];
            if (t.from <= block.timestamp) return t.until > block.timestamp ? history[i - 1] : 0;
        }
        return 0;
    }

    function _runsAt(Record memory t, uint48 at) private pure returns (bool) {
        return t.from <= at && at < t.until;
    }

    /// @dev Whether the member of a tenure is active, and has not left or been expelled since it was given.
    function _stands(Record memory t) private view returns (bool) {
        IMembership.Member memory m = _membership.member(t.memberId);
        return m.status == Status.Active && m.joinedAt <= t.givenAt;
    }

    /// @dev What holds for a proposal's actions holds for a mandate's: reverts for calls that wrap other calls, for code that
    /// would run other code, and for code that the constitution refuses.
    function _pinOfCall(address target, bytes4 selector) private view returns (bytes32 pin) {
        address[] memory targets = new address[](1);
        bytes[] memory calldatas = new bytes[](1);
        targets[0] = target;
        calldatas[0] = abi.encodePacked(selector);
        (, , , pin) = _constitution.classify(targets, new uint256[](1), calldatas);
    }

    function _pinOf(address target) private view returns (bytes32) {
        address[] memory targets = new address[](1);
        targets[0] = target;
        return _constitution.pinOf(targets);
    }

    function _termLimit() private view returns (uint256) {
        return Parameters.at(_numbers(), Parameters.TERM_LIMIT);
    }

    /// @dev Parameters have 32 bits.
    function _periodLength() private view returns (uint48) {
        return uint48(Parameters.at(_numbers(), Parameters.COMMONS_PERIOD));
    }

    function _numbers() private view returns (uint256) {
        return _constitution.word(Parameters.OFFICES);
    }
}
