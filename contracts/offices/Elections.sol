// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IDraws} from "../draws/IDraws.sol";
import {IMembership} from "../membership/IMembership.sol";
import {IPolls} from "../polls/IPolls.sol";
import {IElections} from "./IElections.sol";
import {IOffices} from "./IOffices.sol";

/// @title Elections
/// @dev Whom Offices would refuse is left out before votes are compared, since the next in votes then takes the seat; and
/// after a draw, whose pool cannot change any more: there the seat stays vacant for the next election.
contract Elections is IElections, ERC2771Context {
    /// @dev As many as a poll has options.
    uint256 private constant MOST_CANDIDATES = 60;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IOffices private immutable _offices;
    IPolls private immutable _polls;
    IDraws private immutable _draws;

    /// @inheritdoc IElections
    uint32 public electionCount;

    mapping(uint32 electionId => Election) private _elections;
    /// @dev Seats that were to be vacant after standing when members were asked to stand.
    mapping(uint32 electionId => uint256) private _offered;
    /// @dev While members stand: all who do; from then on the options of the poll, or the pool of the draw.
    mapping(uint32 electionId => uint32[] memberIds) private _candidates;
    mapping(uint32 electionId => mapping(uint32 memberId => bytes32)) private _commitments;
    /// @dev In a draw among the equally voted: them, and who has a seat already.
    mapping(uint32 electionId => uint32[] memberIds) private _tied;
    mapping(uint32 electionId => uint32[] memberIds) private _certain;
    mapping(uint32 officeId => uint32 electionId) private _running;

    constructor(
        address forwarder,
        IConstitution constitution,
        IMembership membership,
        IOffices offices,
        IPolls polls,
        IDraws draws
    ) ERC2771Context(forwarder) {
        _constitution = constitution;
        _membership = membership;
        _offices = offices;
        _polls = polls;
        _draws = draws;
    }

    // ------------------------------------------------------------------ standing

    /// @inheritdoc IElections
    function open(uint32 officeId) external returns (uint32 electionId) {
        _membership.requireActive(_msgSender());
        if (_running[officeId] != 0) revert ElectionsRunning(officeId, _running[officeId]);
        IOffices.Office memory office = _offices.office(officeId);
        uint256 numbers = _constitution.word(Parameters.CONSENT);
        // Nobody is elected for the tenure after next. Parameters have 32 bits.
        uint48 lead = uint48(Math.min(Parameters.at(numbers, Parameters.OFFICE_LEAD), office.term));
        uint48 from = _offices.nextVacancy(officeId, lead);
        uint48 standUntil = uint48(block.timestamp + Parameters.at(numbers, Parameters.OFFICE_STANDING));
        uint256 offered = _offices.vacantAt(officeId, uint48(Math.max(from, standUntil + 1)));
        // A gap that somebody who was elected before closes by then must not keep others from opening in time.
        if (from == 0 || offered == 0) revert ElectionsNoVacancy(officeId);

        electionId = ++electionCount;
        Election storage e = _elections[electionId];
        e.officeId = officeId;
        e.stage = Stage.Standing;
        e.filling = office.filling;
        e.standUntil = standUntil;
        e.from = from;
        _offered[electionId] = offered;
        _running[officeId] = electionId;
        emit ElectionOpened(electionId, officeId, from, standUntil);
    }

    /// @inheritdoc IElections
    function stand(uint32 electionId, bytes32 statement, bytes32 commitment) external {
        Election memory e = _requireStanding(electionId);
        uint32 memberId = _membership.requireFull(_msgSender());
        if (!_mayTake(e, memberId)) revert ElectionsNotEligible(electionId, memberId);
        bool needed = e.filling == IOffices.Filling.DrawWithReveals;
        if (needed != (commitment != 0)) revert ElectionsCommitment(electionId, needed);
        uint32[] storage candidates = _candidates[electionId];
        uint256 count = candidates.length;
        if (count == MOST_CANDIDATES) revert ElectionsFull(electionId, count);
        if (_placeOf(candidates, memberId) < count) revert ElectionsStandsTwice(electionId, memberId);

        candidates.push(memberId);
        if (needed) _commitments[electionId][memberId] = commitment;
        emit CandidateStood(electionId, memberId, statement, commitment);
    }

    /// @inheritdoc IElections
    function withdraw(uint32 electionId) external {
        _requireStanding(electionId);
        uint32 memberId = _membership.memberIdOf(_msgSender());
        uint32[] storage candidates = _candidates[electionId];
        uint256 last = candidates.length;
        uint256 place = _placeOf(candidates, memberId);
        if (place == last) revert ElectionsNotStanding(electionId, memberId);
        candidates[place] = candidates[last - 1];
        candidates.pop();
        emit CandidateWithdrew(electionId, memberId);
    }

    function _placeOf(uint32[] storage candidates, uint32 memberId) private view returns (uint256 place) {
        uint256 count = candidates.length;
        while (place < count && candidates[place] != memberId) ++place;
    }

    // ------------------------------------------------------------------ from standing to a choice

    /// @inheritdoc IElections
    function start(uint32 electionId) external {
        Election memory e = _known(electionId);
        if (e.stage != Stage.Standing) revert ElectionsWrongStage(electionId, e.stage, Stage.Standing);
        if (block.timestamp <= e.standUntil) revert ElectionsStandingNotOver(electionId, e.standUntil);
        uint32[] memory candidates = _eligible(e, _candidates[electionId]);
        // At most 15.
        e.seats = uint8(Math.min(_offered[electionId], _vacant(e)));
        _elections[electionId].seats = e.seats;
        if (candidates.length <= e.seats || e.seats == 0) {
            _seat(electionId, e, candidates, new uint32[](0));
            return;
        }
        _candidates[electionId] = candidates;
        if (e.filling == IOffices.Filling.Poll) _startPoll(electionId, e, candidates);
        else _startDraw(electionId, e, candidates, new uint32[](0));
    }

    /// @dev More candidates than seats, of which there is one: two options at least, and 60 at most.
    function _startPoll(uint32 electionId, Election memory e, uint32[] memory candidates) private {
        _elections[electionId].stage = Stage.Polling;
        uint32 pollId = _polls.open(
            _textOf(electionId, e.officeId, candidates),
            uint8(candidates.length),
            _offices.office(e.officeId).topic,
            false,
            false
        );
        _elections[electionId].pollId = pollId;
        emit ElectionPolled(electionId, pollId, candidates, e.seats);
    }

    /// @dev Draws `e.seats` of the pool.
    function _startDraw(uint32 electionId, Election memory e, uint32[] memory pool, uint32[] memory certain) private {
        _elections[electionId].stage = Stage.Drawing;
        bytes32[] memory commitments = new bytes32[](_withReveals(e) ? pool.length : 0);
        for (uint256 i; i < commitments.length; ++i) commitments[i] = _commitments[electionId][pool[i]];
        uint32 drawId = _draws.openAmong(pool, commitments, _textOf(electionId, e.officeId, pool));
        _elections[electionId].drawId = drawId;
        emit ElectionDrawn(electionId, drawId, pool, certain, e.seats);
    }

    // ------------------------------------------------------------------ filling

    /// @inheritdoc IElections
    function fill(uint32 electionId) external {
        Election memory e = _known(electionId);
        if (e.stage == Stage.Polling) _fillByPoll(electionId, e);
        else if (e.stage == Stage.Drawing) _fillByDraw(electionId, e);
        else revert ElectionsWrongStage(electionId, e.stage, Stage.Polling);
    }

    function _fillByPoll(uint32 electionId, Election memory e) private {
        if (_polls.state(e.pollId) != IPolls.PollState.Closed) revert ElectionsPollOpen(electionId, e.pollId);
        uint32[] memory none = new uint32[](0);
        uint256 seats = Math.min(e.seats, _vacant(e));
        if (seats == 0 || _polls.ballotCount(e.pollId) < _polls.poll(e.pollId).quorum) {
            _seat(electionId, e, none, none);
            return;
        }
        (uint32[] memory ranked, uint256[] memory votes) = _ranked(electionId, e);
        if (ranked.length <= seats || votes[seats] < votes[seats - 1]) {
            _seat(electionId, e, _slice(ranked, 0, Math.min(ranked.length, seats)), none);
            return;
        }
        uint256 tie = votes[seats];
        uint256 start_ = seats - 1;
        while (start_ > 0 && votes[start_ - 1] == tie) --start_;
        uint256 end = seats + 1;
        while (end < ranked.length && votes[end] == tie) ++end;
        uint32[] memory tied = _slice(ranked, start_, end);
        uint32[] memory certain = _slice(ranked, 0, start_);
        // At most 15.
        e.seats = uint8(seats - start_);
        _elections[electionId].seats = e.seats;
        _tied[electionId] = tied;
        _certain[electionId] = certain;
        _startDraw(electionId, e, tied, certain);
    }

    function _fillByDraw(uint32 electionId, Election memory e) private {
        if (_draws.state(e.drawId) != IDraws.DrawState.Captured) revert ElectionsNotDrawn(electionId, e.drawId);
        uint32[] memory pool = e.pollId != 0 ? _tied[electionId] : _candidates[electionId];
        if (_withReveals(e)) pool = _revealed(e.drawId, pool);
        uint256 count = Math.min(pool.length, e.seats);
        uint32[] memory drawn = new uint32[](count);
        if (count != 0) {
            uint256[] memory places = _draws.pick(e.drawId, pool.length, count);
            for (uint256 i; i < count; ++i) drawn[i] = pool[places[i]];
        }
        _seat(electionId, e, _certain[electionId], drawn);
    }

    /// @dev Ends the election: those who may still take a seat take it, in this order, as long as there is one.
    function _seat(uint32 electionId, Election memory e, uint32[] memory first, uint32[] memory then_) private {
        uint48 from = _startOf(e);
        uint32[] memory seated = new uint32[](first.length + then_.length);
        uint256 count;
        _running[e.officeId] = 0;
        for (uint256 i; i < seated.length; ++i) {
            uint32 memberId = i < first.length ? first[i] : then_[i - first.length];
            if (!_mayTake(e, memberId) || _vacant(e) == 0) continue;
            seated[count] = memberId;
            ++count;
            _offices.appoint(e.officeId, memberId, from);
        }
        _elections[electionId].stage = count == 0 ? Stage.Failed : Stage.Filled;
        if (count == 0) emit ElectionFailed(electionId);
        else emit ElectionFilled(electionId, _slice(seated, 0, count));
    }

    /// @dev The candidates with votes who may still take a seat, the most voted first, and their votes.
    function _ranked(
        uint32 electionId,
        Election memory e
    ) private view returns (uint32[] memory ranked, uint256[] memory votes) {
        uint32[] memory candidates = _candidates[electionId];
        uint256[] memory tally = _polls.tally(e.pollId);
        uint256 count;
        ranked = new uint32[](candidates.length);
        votes = new uint256[](candidates.length);
        for (uint256 i; i < candidates.length; ++i) {
            if (tally[i] == 0 || !_mayTake(e, candidates[i])) continue;
            uint256 place = count;
            ++count;
            for (; place > 0 && votes[place - 1] < tally[i]; --place) {
                (ranked[place], votes[place]) = (ranked[place - 1], votes[place - 1]);
            }
            (ranked[place], votes[place]) = (candidates[i], tally[i]);
        }
        ranked = _slice(ranked, 0, count);
    }

    /// @dev In a draw with reveals: who of the pool revealed. The others have lost their place.
    function _revealed(uint32 drawId, uint32[] memory pool) private view returns (uint32[] memory revealed) {
        revealed = new uint32[](pool.length);
        uint256 count;
        for (uint256 i; i < pool.length; ++i) {
            if (!_draws.hasRevealed(drawId, pool[i])) continue;
            revealed[count] = pool[i];
            ++count;
        }
        return _slice(revealed, 0, count);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IElections
    function election(uint32 electionId) external view returns (Election memory) {
        return _known(electionId);
    }

    /// @inheritdoc IElections
    function candidatesOf(uint32 electionId) external view returns (uint32[] memory) {
        return _candidates[electionId];
    }

    /// @inheritdoc IElections
    function runningOf(uint32 officeId) external view returns (uint32) {
        return _running[officeId];
    }

    // ------------------------------------------------------------------ checks

    function _known(uint32 electionId) private view returns (Election memory e) {
        e = _elections[electionId];
        if (e.officeId == 0) revert ElectionsUnknown(electionId);
    }

    function _requireStanding(uint32 electionId) private view returns (Election memory e) {
        e = _known(electionId);
        if (e.stage != Stage.Standing) revert ElectionsWrongStage(electionId, e.stage, Stage.Standing);
        if (block.timestamp > e.standUntil) revert ElectionsStandingOver(electionId, e.standUntil);
    }

    function _eligible(Election memory e, uint32[] memory candidates) private view returns (uint32[] memory eligible) {
        eligible = new uint32[](candidates.length);
        uint256 count;
        for (uint256 i; i < candidates.length; ++i) {
            if (!_mayTake(e, candidates[i])) continue;
            eligible[count] = candidates[i];
            ++count;
        }
        return _slice(eligible, 0, count);
    }

    /// @dev Who left and came back is on probation, and has to stand again.
    function _mayTake(Election memory e, uint32 memberId) private view returns (bool) {
        return _membership.isFull(memberId) && _offices.mayHold(e.officeId, memberId, _startOf(e));
    }

    /// @dev Seats that can be taken; none in an office that was abolished.
    function _vacant(Election memory e) private view returns (uint256) {
        return _offices.vacantAt(e.officeId, _startOf(e));
    }

    /// @dev When who is seated now would begin.
    function _startOf(Election memory e) private view returns (uint48) {
        return uint48(Math.max(e.from, block.timestamp));
    }

    /// @dev The draw of a tie has none.
    function _withReveals(Election memory e) private pure returns (bool) {
        return e.filling == IOffices.Filling.DrawWithReveals;
    }

    /// @dev keccak256 of the text that says what is voted on or drawn; see `IElections`.
    function _textOf(uint32 electionId, uint32 officeId, uint32[] memory memberIds) private pure returns (bytes32) {
        bytes memory text = bytes.concat(
            "Election ",
            bytes(Strings.toString(electionId)),
            " for office ",
            bytes(Strings.toString(officeId)),
            "\n\n"
        );
        for (uint256 i; i < memberIds.length; ++i) {
            text = bytes.concat(
                text,
                bytes(Strings.toString(i + 1)),
                ". Member ",
                bytes(Strings.toString(memberIds[i])),
                "\n"
            );
        }
        return keccak256(text);
    }

    function _slice(uint32[] memory list, uint256 from, uint256 to) private pure returns (uint32[] memory part) {
        part = new uint32[](to - from);
        for (uint256 i; i < part.length; ++i) part[i] = list[from + i];
    }
}
