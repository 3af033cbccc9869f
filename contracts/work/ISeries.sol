// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IAssignments} from "./IAssignments.sol";

/// @title Series: work that comes again
/// @notice A weekly shift, say. The rule is a text (RFC 5545: DTSTART and RRULE), known here by its hash; what it comes to,
/// the start of each occurrence, is decided with it, as the root of a Merkle tree, so that anyone can open each occurrence's
/// assignment when it is due, and nobody can open another.
/// @dev The tree is OpenZeppelin's StandardMerkleTree of (uint32 index, uint48 start), index from 0:
/// leaf = keccak256(bytes.concat(keccak256(abi.encode(index, start)))), pairs hashed in the order of their values.
interface ISeries {
    /// @param rule keccak256 of the RFC 5545 text
    /// @param root of the tree of starts
    /// @param occurrences how many starts there are, 1 to 1,000
    /// @param lead how many seconds before its start an occurrence can be opened, up to 90 days
    /// @param length seconds from an occurrence's start to its end, up to 90 days
    /// @param brief what each occurrence asks for; its `start` and `deadline` are 0, and set when one is opened
    struct Plan {
        bytes32 rule;
        bytes32 root;
        uint32 occurrences;
        uint32 lead;
        uint32 length;
        IAssignments.Brief brief;
    }

    error SeriesUnknown(uint32 seriesId);
    error SeriesEmptyRule();
    error SeriesEmptyReason();
    error SeriesOccurrences(uint256 occurrences, uint256 limit);
    error SeriesTimes(uint32 lead, uint32 length);
    error SeriesBriefHasTimes(uint48 start, uint48 deadline);
    error SeriesEnded(uint32 seriesId);
    error SeriesOpened(uint32 seriesId, uint32 index, uint32 assignmentId);
    error SeriesNotInRule(uint32 seriesId, uint32 index, uint48 start);
    error SeriesTooEarly(uint32 seriesId, uint48 opensAt);
    error SeriesOver(uint32 seriesId, uint48 endedAt);

    event SeriesCreated(uint32 indexed seriesId, address indexed creator, Plan plan);
    event OccurrenceOpened(uint32 indexed seriesId, uint32 indexed index, uint32 indexed assignmentId, uint48 start);
    event SeriesStopped(uint32 indexed seriesId, bytes32 reason);

    /// @notice Creates a series. Restricted (an executed proposal by the ordinary rule, a mandate: without a stipend).
    function create(Plan calldata plan) external returns (uint32 seriesId);

    /// @notice Ends a series: no further occurrence is opened. Restricted (ordinary).
    function stop(uint32 seriesId, bytes32 reason) external;

    /// @notice Opens the assignment of an occurrence, from `lead` before its start until its end. Anyone.
    function openOccurrence(
        uint32 seriesId,
        uint32 index,
        uint48 start,
        bytes32[] calldata proof
    ) external returns (uint32 assignmentId);

    function seriesCount() external view returns (uint32);
    function planOf(uint32 seriesId) external view returns (Plan memory);
    function isStopped(uint32 seriesId) external view returns (bool);
    /// @notice The assignment of an occurrence; 0 while it is not opened.
    function assignmentOf(uint32 seriesId, uint32 index) external view returns (uint32 assignmentId);
}
