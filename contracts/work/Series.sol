// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAssignments} from "./IAssignments.sol";
import {ISeries} from "./ISeries.sol";

/// @title Series
contract Series is ISeries, AccessManaged {
    uint256 private constant MOST_OCCURRENCES = 1_000;
    uint256 private constant MOST_LEAD = 90 days;
    uint256 private constant MOST_LENGTH = 90 days;

    IAssignments private immutable _assignments;

    /// @inheritdoc ISeries
    uint32 public seriesCount;
    mapping(uint32 seriesId => Plan) private _plans;
    /// @inheritdoc ISeries
    mapping(uint32 seriesId => bool) public isStopped;
    /// @inheritdoc ISeries
    mapping(uint32 seriesId => mapping(uint32 index => uint32)) public assignmentOf;

    constructor(address powers, IAssignments assignments) AccessManaged(powers) {
        _assignments = assignments;
    }

    /// @inheritdoc ISeries
    function create(Plan calldata plan) external restricted returns (uint32 seriesId) {
        if (plan.rule == 0) revert SeriesEmptyRule();
        if (plan.root == 0 || plan.occurrences == 0 || plan.occurrences > MOST_OCCURRENCES) {
            revert SeriesOccurrences(plan.occurrences, MOST_OCCURRENCES);
        }
        if (plan.lead > MOST_LEAD || plan.length == 0 || plan.length > MOST_LENGTH) {
            revert SeriesTimes(plan.lead, plan.length);
        }
        if (plan.brief.start != 0 || plan.brief.deadline != 0) {
            revert SeriesBriefHasTimes(plan.brief.start, plan.brief.deadline);
        }
        if (plan.brief.stipend != 0) _assignments.requirePaying(msg.sender);
        // What could not be created now is a mistake.
        _assignments.requireGood(_briefAt(plan, uint48(block.timestamp)));

        seriesId = ++seriesCount;
        _plans[seriesId] = plan;
        emit SeriesCreated(seriesId, msg.sender, plan);
    }

    /// @inheritdoc ISeries
    function stop(uint32 seriesId, bytes32 reason) external restricted {
        _requireRunning(seriesId);
        if (reason == 0) revert SeriesEmptyReason();
        isStopped[seriesId] = true;
        emit SeriesStopped(seriesId, reason);
    }

    /// @inheritdoc ISeries
    function openOccurrence(
        uint32 seriesId,
        uint32 index,
        uint48 start,
        bytes32[] calldata proof
    ) external returns (uint32 assignmentId) {
        _requireRunning(seriesId);
        Plan memory plan = _plans[seriesId];
        uint32 opened = assignmentOf[seriesId][index];
        if (opened != 0) revert SeriesOpened(seriesId, index, opened);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, start))));
        if (index >= plan.occurrences || !MerkleProof.verifyCalldata(proof, plan.root, leaf)) {
            revert SeriesNotInRule(seriesId, index, start);
        }
        if (start > block.timestamp + plan.lead) revert SeriesTooEarly(seriesId, start - plan.lead);
        // No later than `MOST_LEAD` from now, so that adding the length keeps to 48 bits.
        uint48 end = start + plan.length;
        if (block.timestamp > end) revert SeriesOver(seriesId, end);

        IAssignments.Brief[] memory briefs = new IAssignments.Brief[](1);
        briefs[0] = _briefAt(plan, start);
        assignmentId = _assignments.assignmentCount() + 1;
        assignmentOf[seriesId][index] = assignmentId;
        emit OccurrenceOpened(seriesId, index, assignmentId, start);
        _assignments.create(briefs);
    }

    /// @inheritdoc ISeries
    function planOf(uint32 seriesId) external view returns (Plan memory) {
        _requireKnown(seriesId);
        return _plans[seriesId];
    }

    function _briefAt(Plan memory plan, uint48 start) private pure returns (IAssignments.Brief memory brief) {
        brief = plan.brief;
        brief.start = start;
        brief.deadline = start + plan.length;
    }

    function _requireKnown(uint32 seriesId) private view {
        if (seriesId == 0 || seriesId > seriesCount) revert SeriesUnknown(seriesId);
    }

    function _requireRunning(uint32 seriesId) private view {
        _requireKnown(seriesId);
        if (isStopped[seriesId]) revert SeriesEnded(seriesId);
    }
}
