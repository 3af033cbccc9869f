// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title Where each parameter of the constitution lives
/// @notice A parameter is a uint32 at (word, field): eight fields share one storage word, so that a whole rule, or all
/// numbers of one module, are read with a single SLOAD. Words 0 to 3 are rules and share their field numbers.
/// @dev Times are in seconds, shares in basis points (bps, 1/10,000), approval in parts per million (ppm), reputation
/// in whole points. Field 0 is the least significant 32 bits of the word.
library Parameters {
    uint256 internal constant FIELDS = 8;

    uint256 internal constant CONSTITUTIONAL = 0;
    uint256 internal constant ORDINARY = 1;
    uint256 internal constant PERSON = 2;
    uint256 internal constant EXPULSION = 3;
    uint256 internal constant ASSEMBLY = 4;
    uint256 internal constant ADMISSION = 5;
    uint256 internal constant MEMBERSHIP = 6;
    uint256 internal constant RECOVERY = 7;
    uint256 internal constant REPUTATION = 8;
    uint256 internal constant CONSENT = 9;
    uint256 internal constant OFFICES = 10;
    uint256 internal constant WORK = 11;
    uint256 internal constant REVIEW = 12;
    uint256 internal constant PANEL = 13;

    // Words 0 to 3: a rule.
    uint256 internal constant APPROVAL_PPM = 0;
    uint256 internal constant QUORUM_BPS = 1;
    uint256 internal constant FOR_HEADS_BPS = 2;
    uint256 internal constant DELIBERATION = 3;
    uint256 internal constant VOTING = 4;
    uint256 internal constant FOLLOW = 5;
    uint256 internal constant QUEUE = 6;
    uint256 internal constant LATE_EXTENSION = 7;

    // Word 4: the assembly and its docket.
    uint256 internal constant SPONSORS = 0;
    uint256 internal constant EXPIRY = 1;
    uint256 internal constant MAX_ACTIONS = 2;
    uint256 internal constant QUORUM_FLOOR = 3;
    uint256 internal constant SIGNATURE_GAS = 4;
    uint256 internal constant SPONSORSHIP_EXPIRY = 5;
    uint256 internal constant HEARING = 6;
    uint256 internal constant HEARING_EXPIRY = 7;

    // Word 5: admission.
    uint256 internal constant VOUCHES = 0;
    uint256 internal constant VOUCHES_PER_SEASON = 1;
    uint256 internal constant OBJECTION_WINDOW = 2;
    uint256 internal constant OBJECTIONS = 3;
    uint256 internal constant OBJECTIONS_SMALL = 4;
    uint256 internal constant SMALL_COMMUNE = 5;
    uint256 internal constant OBJECTIONS_PER_SEASON = 6;
    uint256 internal constant PROBATION = 7;

    // Word 6: admission's limits, presence.
    uint256 internal constant ADMISSIONS_MIN = 0;
    uint256 internal constant ADMISSIONS_SHARE_BPS = 1;
    uint256 internal constant APPLICATION_EXPIRY = 2;
    uint256 internal constant LIABILITY = 3;
    uint256 internal constant VOUCHER_PENALTY = 4;
    uint256 internal constant CHECK_IN_PERIOD = 5;
    uint256 internal constant DORMANCY_NOTICE = 6;
    uint256 internal constant MIN_ATTESTERS = 7;

    // Word 7: waking, expulsion, recovery, seasons.
    uint256 internal constant WAKE_BELOW = 0;
    uint256 internal constant EXPULSIONS_SHARE_BPS = 1;
    uint256 internal constant GUARDIAN_DELAY = 2;
    uint256 internal constant RECOVERY_DELAY = 3;
    uint256 internal constant MAX_GUARDIANS = 4;
    uint256 internal constant SEASON_LENGTH = 5;
    uint256 internal constant CREDITS_BASE = 6;
    uint256 internal constant CREDITS_BONUS_CAP = 7;

    // Word 8: reputation, polls, draws.
    uint256 internal constant POINTS_PER_CREDIT = 0;
    uint256 internal constant REPUTATION_SEASON_CAP = 1;
    uint256 internal constant CONFIRMATION_BUDGET = 2;
    uint256 internal constant POLL_VOTING = 3;
    uint256 internal constant POLL_REVEAL = 4;
    uint256 internal constant POLL_CREDITS = 5;
    uint256 internal constant POLL_MIN_LISTED = 6;
    uint256 internal constant DRAW_DELAY = 7;

    // Word 9: consent, draws, elections.
    uint256 internal constant CONSENT_WINDOW = 0;
    uint256 internal constant CONSENT_ACK_BPS = 1;
    uint256 internal constant CONSENT_BLOCKS = 2;
    uint256 internal constant CONSENT_BLOCK_BPS = 3;
    uint256 internal constant CONSENT_EXPIRY = 4;
    uint256 internal constant DRAW_REVEAL = 5;
    uint256 internal constant OFFICE_STANDING = 6;
    uint256 internal constant OFFICE_LEAD = 7;

    // Word 10: offices, recall, commons.
    uint256 internal constant TERM_LIMIT = 0;
    uint256 internal constant RECALL_PETITION = 1;
    uint256 internal constant RECALL_PETITION_BPS = 2;
    uint256 internal constant RECALL_EXPIRY = 3;
    uint256 internal constant RECALL_COOLDOWN = 4;
    uint256 internal constant COMMONS_PERIOD = 5;
    uint256 internal constant COMMONS_BRAKE_BPS = 6;
    uint256 internal constant WORKER_PAY = 7;

    // Word 11: assignments, shifts.
    uint256 internal constant WORK_VOLUNTEERING = 0;
    uint256 internal constant WORK_MAX_SEATS = 1;
    uint256 internal constant WORK_STRIKES = 2;
    uint256 internal constant WORK_REWORK = 3;
    uint256 internal constant WORK_REWORK_ROUNDS = 4;
    uint256 internal constant WORK_CONFIRM_BASE = 5;
    uint256 internal constant WORK_CONFIRM_WINDOW = 6;
    uint256 internal constant WORK_CHALLENGE = 7;

    // Word 12: reviews, penalties, mediation.
    uint256 internal constant REVIEW_WINDOW = 0;
    uint256 internal constant REVIEW_REWARD = 1;
    uint256 internal constant REVIEW_SILENCE = 2;
    uint256 internal constant REVIEW_OVERTURNED = 3;
    uint256 internal constant PENALTY_WINDOW = 4;
    uint256 internal constant PENALTY_APPEAL = 5;
    uint256 internal constant MEDIATION_ANSWER = 6;
    uint256 internal constant MEDIATION_TIME = 7;

    // Word 13: mediation, panels.
    uint256 internal constant MEDIATION_REWARD = 0;
    uint256 internal constant MEDIATION_CASES = 1;
    uint256 internal constant PANEL_COMMIT = 2;
    uint256 internal constant PANEL_REVEAL = 3;
    uint256 internal constant PANEL_APPEAL = 4;
    uint256 internal constant PANEL_REWARD = 5;
    uint256 internal constant PANEL_SILENCE = 6;
    uint256 internal constant PANEL_MOST = 7;

    /// @notice The field of a word.
    function at(uint256 word, uint256 field) internal pure returns (uint256) {
        return (word >> (field * 32)) & type(uint32).max;
    }
}
