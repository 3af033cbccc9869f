// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {IOffices} from "./IOffices.sol";

/// @title Elections: how seats are filled
/// @notice From `office.lead` (30 days) before a seat falls vacant, so that the next holders take over in the very
/// second in which the last ones' tenures end, and whenever one is vacant: anyone opens an election; for
/// `office.standing` (7 days) members stand; then the office's own way decides among them: an open poll (quadratic, with
/// following), of which the most voted take the seats, ties at the last seat by draw; or a draw. No more candidates
/// than seats: they take them, without a vote. A poll without quorum, and a candidate without any vote, fill nothing.
///
/// The text of an election's poll or draw, by whose hash they know it, is a poll's text, with the candidates in the order
/// of the options or of the pool: "Election <electionId> for office <officeId>", an empty line, and for each a line
/// "<number from 1>. Member <memberId>". Every line ends in a line feed.
interface IElections {
    enum Stage {
        None,
        Standing,
        Polling,
        Drawing,
        Filled,
        Failed
    }

    /// @param standUntil last second of standing
    /// @param from when the seats fall vacant; who is elected later starts at once
    /// @param pollId or 0
    /// @param drawId or 0: that of the filling, or of a tie
    /// @param seats to fill, known once standing is over; no more than were to be vacant then when it opened; in a draw
    /// among the equally voted, those drawn
    struct Election {
        uint32 officeId;
        Stage stage;
        IOffices.Filling filling;
        uint48 standUntil;
        uint48 from;
        uint32 pollId;
        uint32 drawId;
        uint8 seats;
    }

    error ElectionsUnknown(uint32 electionId);
    error ElectionsRunning(uint32 officeId, uint32 electionId);
    error ElectionsNoVacancy(uint32 officeId);
    error ElectionsWrongStage(uint32 electionId, Stage stage, Stage required);
    error ElectionsStandingOver(uint32 electionId, uint48 standUntil);
    error ElectionsStandingNotOver(uint32 electionId, uint48 standUntil);
    error ElectionsStandsTwice(uint32 electionId, uint32 memberId);
    error ElectionsNotStanding(uint32 electionId, uint32 memberId);
    error ElectionsNotEligible(uint32 electionId, uint32 memberId);
    error ElectionsFull(uint32 electionId, uint256 limit);
    error ElectionsCommitment(uint32 electionId, bool needed);
    error ElectionsPollOpen(uint32 electionId, uint32 pollId);
    error ElectionsNotDrawn(uint32 electionId, uint32 drawId);

    event ElectionOpened(uint32 indexed electionId, uint32 indexed officeId, uint48 from, uint48 standUntil);
    event CandidateStood(uint32 indexed electionId, uint32 indexed memberId, bytes32 statement, bytes32 commitment);
    event CandidateWithdrew(uint32 indexed electionId, uint32 indexed memberId);
    /// @notice The poll's options are the candidates in this order.
    event ElectionPolled(uint32 indexed electionId, uint32 indexed pollId, uint32[] candidates, uint8 seats);
    /// @notice `candidates` are the pool, `seats` how many are drawn from it; `certain` have theirs already (a tie's).
    event ElectionDrawn(
        uint32 indexed electionId,
        uint32 indexed drawId,
        uint32[] candidates,
        uint32[] certain,
        uint8 seats
    );
    /// @notice `seated` took seats; who of the elected could not take theirs any more is left out.
    event ElectionFilled(uint32 indexed electionId, uint32[] seated);
    event ElectionFailed(uint32 indexed electionId);

    /// @notice Opens an election for an office with a vacancy, now or within the lead, that is there after standing, too.
    /// Active members.
    function open(uint32 officeId) external returns (uint32 electionId);

    /// @notice Stands. Members out of probation who may hold the office.
    /// @param statement keccak256 of the UTF-8 text in which the candidate says why, or 0
    /// @param commitment to a secret where the office is filled by a draw with reveals (see `IDraws`), else 0
    function stand(uint32 electionId, bytes32 statement, bytes32 commitment) external;

    /// @notice Withdraws, while standing lasts. The candidate.
    function withdraw(uint32 electionId) external;

    /// @notice Goes on from standing to the poll or draw, or seats the candidates where they are no more than seats. Anyone.
    function start(uint32 electionId) external;

    /// @notice Seats who was elected or drawn; opens the draw of a tie first. Anyone.
    function fill(uint32 electionId) external;

    function electionCount() external view returns (uint32);
    function election(uint32 electionId) external view returns (Election memory);
    function candidatesOf(uint32 electionId) external view returns (uint32[] memory);
    /// @notice An office's election that is not over, or 0.
    function runningOf(uint32 officeId) external view returns (uint32);
}
