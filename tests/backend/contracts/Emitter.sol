// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Emits events of every shape the decoder knows, as many as asked for.
contract Emitter {
    struct Span {
        uint48 opens;
        uint48 closes;
        bool urgent;
    }

    event Counted(
        uint256 indexed counter,
        uint32 indexed who,
        uint8 kind,
        int128 amount,
        bytes32 tag,
        bool flag
    );
    event Spoken(address indexed speaker, string indexed topic, string text, bytes note);
    event Planned(uint64 indexed id, Span span, uint256[] weights, Span[] breaks);
    event Rang();

    /// @notice The signature of the Assembly's own event, for benchmarks.
    event BallotRecorded(
        uint256 indexed proposalId,
        uint32 indexed memberId,
        uint8 support,
        uint8 votes,
        uint8 kind,
        uint16 cost,
        bool followed
    );

    constructor() {
        emit Rang();
    }

    function count(uint256 counter, uint32 first, uint32 times, int128 amount) external {
        for (uint32 i; i < times; ++i) {
            emit Counted(counter, first + i, uint8(i % 3), amount, bytes32(counter), i % 2 == 0);
        }
    }

    function speak(string calldata topic, string calldata text, bytes calldata note) external {
        emit Spoken(msg.sender, topic, text, note);
    }

    function plan(uint64 id, Span calldata span, uint256[] calldata weights, Span[] calldata breaks) external {
        emit Planned(id, span, weights, breaks);
    }

    function ring() external {
        emit Rang();
    }

    function ballots(uint256 proposalId, uint32 first, uint32 times) external {
        for (uint32 i; i < times; ++i) {
            uint8 votes = uint8(1 + (i % 5));
            emit BallotRecorded(proposalId, first + i, uint8(i % 3), votes, 1, uint16(votes) * votes - 1, false);
        }
    }
}
