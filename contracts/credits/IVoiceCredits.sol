// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @title VoiceCredits: a season's budget of voice
/// @notice Every active member gets the same base (100) each season and a bounded bonus (at most as much again) from
/// reputation at the season's start, so that full-season budgets differ at most twofold. Who joins or wakes later gets
/// a pro-rata budget. Spent across everything in the season. Every decision brings one credit of its own: n votes cost
/// n^2, of which the first is that one, so that n votes take n^2 - 1 from the budget.
/// @dev One 32-bit cell per member and season, eight to a storage slot: bits 0-9 budget, 10-19 spent, 20-31 the day of
/// the last direct ballot, which is the member's sign of life. What the season grants is frozen at its first use; a
/// cell's budget is opened at the first cost above 0, or in pages by `open`, as
///
///     bonus = min(bonusCap, totalScoreAt(memberId, start - 1) / (pointsPerCredit * 1e6))
///     budget = (base + bonus) * (start + length - max(start, since)) / length      rounded down
///
/// where `since` is when the member became active, last time; 0 for who is not active, or only after the season. Nothing
/// here depends on when in the season, or how long after it, a budget is opened, as long as the member stays active. A
/// budget of 0 is never opened, and working it out again gives 0 until the member is active again. A cost of 0 needs no
/// budget: the one vote that each decision brings can always be cast, also by a member who went dormant meanwhile.
///
/// The day is 1 + (UTC days since 1970) % 4095, which the season's start makes unique again: seasons have at most 3,650
/// days (see the constructor), and a vote of the season ends long before the 4,095th.
interface IVoiceCredits {
    /// @notice What a season grants, frozen at its first use.
    /// @param base credits for everyone
    /// @param bonusCap the largest bonus, never more than `base`
    /// @param pointsPerCredit reputation points for one credit of bonus
    /// @param start of the season, Unix seconds
    /// @param length of the season, seconds
    struct Grant {
        uint16 base;
        uint16 bonusCap;
        uint32 pointsPerCredit;
        uint48 start;
        uint32 length;
    }

    error VoiceCreditsExceeded(uint32 memberId, uint32 season, uint256 cost, uint256 left);
    error VoiceCreditsOnlySpender(address caller);
    error VoiceCreditsSeasonNotStarted(uint32 season, uint32 current);
    error VoiceCreditsParameterTooWide(bytes32 name, uint32 floor, uint32 ceiling);

    event SpenderSet(address indexed spender, bool allowed);
    event SeasonGranted(
        uint32 indexed season,
        uint16 base,
        uint16 bonusCap,
        uint32 pointsPerCredit,
        uint48 start,
        uint32 length
    );
    event BudgetOpened(uint32 indexed memberId, uint32 indexed season, uint16 budget);
    event CreditsSpent(uint32 indexed memberId, uint32 indexed season, uint16 cost, uint16 spent);

    /// @notice Charges a member. Spenders only (the assembly and the polls), checked in this contract's own storage.
    /// @param season whose budget pays
    /// @param cost credits beyond the decision's own one; may be 0
    /// @param direct whether the member acted themselves: it then counts as their sign of life
    /// @dev Emits `CreditsSpent` only for a cost above 0.
    function spend(uint32 memberId, uint32 season, uint256 cost, bool direct) external;

    /// @notice Opens members' budgets of the current season ahead of use, in pages; anyone. Members who are not
    /// active, or whose budget is open, are passed over; an unknown memberId reverts.
    /// An empty page only freezes what the season grants.
    function open(uint32[] calldata memberIds) external;

    /// @notice Lets a module spend, or no longer. Restricted (constitutional).
    function setSpender(address spender, bool allowed) external;

    function isSpender(address spender) external view returns (bool);

    /// @notice A member's budget in a season: as opened, or what opening it now would give.
    function budgetOf(uint32 memberId, uint32 season) external view returns (uint256);

    function spentBy(uint32 memberId, uint32 season) external view returns (uint256);

    function creditsLeft(uint32 memberId, uint32 season) external view returns (uint256);

    /// @notice The start of the UTC day of a member's last direct ballot in votes of the given season (which may end in
    /// the next one), Unix seconds, or 0 if there was none. Never later than the ballot, so that a day's rounding
    /// lengthens nobody's presence; it may be up to a day before the season's start, or before a notice given that day.
    function lastBallotDay(uint32 memberId, uint32 season) external view returns (uint48);

    /// @notice What a season grants: as frozen, or as it would be now.
    function grantOf(uint32 season) external view returns (Grant memory);
}
