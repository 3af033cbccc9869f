// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IReputation} from "../reputation/IReputation.sol";
import {IVoiceCredits} from "./IVoiceCredits.sol";

/// @title VoiceCredits
/// @notice See `IVoiceCredits`, which has the formula.
/// @dev `spend` is on the path of every ballot: once a budget is open it reads who may spend and the cell, and writes
/// the cell, nothing else.
contract VoiceCredits is IVoiceCredits, AccessManaged {
    /// @dev Micro-points in a point of reputation.
    uint256 private constant POINT = 1e6;

    /// @dev base <= 511 and bonus <= base keep a budget, and what is spent of it, within 10 bits.
    uint32 private constant BASE_CEILING = 511;

    /// @dev Days are told apart for 4,095 days from a season's start, in which its votes must end.
    uint32 private constant SEASON_CEILING = 3650 days;

    uint256 private constant CELL_MASK = 0xffffffff;
    uint256 private constant AMOUNT_MASK = 0x3ff;
    uint256 private constant SPENT_SHIFT = 10;
    uint256 private constant DAY_SHIFT = 20;
    uint256 private constant DAY_MASK = 0xfff;
    uint256 private constant DAY_CYCLE = 4095;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;
    IReputation private immutable _reputation;

    /// @inheritdoc IVoiceCredits
    mapping(address spender => bool allowed) public isSpender;

    mapping(uint32 season => Grant) private _grants;

    /// @dev Eight cells to a slot, keyed by season << 32 | memberId / 8.
    mapping(uint256 key => uint256 cells) private _cells;

    /// @dev Refuses a constitution whose floors and ceilings would let a budget, or a season's days, outgrow its cell.
    constructor(
        address powers,
        IConstitution constitution,
        IMembership membership,
        IReputation reputation
    ) AccessManaged(powers) {
        _constitution = constitution;
        _membership = membership;
        _reputation = reputation;
        _requireBounds("credits.base", 0, BASE_CEILING);
        _requireBounds("credits.pointsPerCredit", 1, type(uint32).max);
        _requireBounds("season.length", 1, SEASON_CEILING);
    }

    /// @inheritdoc IVoiceCredits
    function spend(uint32 memberId, uint32 season, uint256 cost, bool direct) external {
        if (!isSpender[msg.sender]) revert VoiceCreditsOnlySpender(msg.sender);
        (uint256 key, uint256 shift) = _locate(memberId, season);
        uint256 cells = _cells[key];
        uint256 cell = (cells >> shift) & CELL_MASK;
        uint256 changed = cell;

        if (cost != 0) {
            uint256 budget = cell & AMOUNT_MASK;
            if (budget == 0) {
                budget = _budgetUnder(_freeze(season), memberId);
                changed |= budget;
                if (budget != 0) emit BudgetOpened(memberId, season, uint16(budget));
            }
            uint256 spent = (cell >> SPENT_SHIFT) & AMOUNT_MASK;
            if (cost > budget - spent) revert VoiceCreditsExceeded(memberId, season, cost, budget - spent);
            // spent + cost <= budget < 2^10: the sum stays in its bits.
            changed += cost << SPENT_SHIFT;
            emit CreditsSpent(memberId, season, uint16(cost), uint16(spent + cost));
        }
        if (direct) {
            changed = (changed & ~(DAY_MASK << DAY_SHIFT)) | (_dayOf(block.timestamp) << DAY_SHIFT);
        }
        if (changed != cell) _cells[key] = cells ^ ((cell ^ changed) << shift);
    }

    /// @inheritdoc IVoiceCredits
    function open(uint32[] calldata memberIds) external {
        uint32 season = _constitution.currentSeason();
        Grant memory grant = _freeze(season);
        for (uint256 i = 0; i < memberIds.length; ++i) {
            uint32 memberId = memberIds[i];
            if (_cellOf(memberId, season) & AMOUNT_MASK != 0) continue;
            uint256 budget = _budgetUnder(grant, memberId);
            if (budget == 0) continue;
            (uint256 key, uint256 shift) = _locate(memberId, season);
            _cells[key] |= budget << shift;
            emit BudgetOpened(memberId, season, uint16(budget));
        }
    }

    /// @inheritdoc IVoiceCredits
    function setSpender(address spender, bool allowed) external restricted {
        isSpender[spender] = allowed;
        emit SpenderSet(spender, allowed);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IVoiceCredits
    function budgetOf(uint32 memberId, uint32 season) public view returns (uint256) {
        uint256 budget = _cellOf(memberId, season) & AMOUNT_MASK;
        return budget != 0 ? budget : _budgetUnder(grantOf(season), memberId);
    }

    /// @inheritdoc IVoiceCredits
    function spentBy(uint32 memberId, uint32 season) public view returns (uint256) {
        return (_cellOf(memberId, season) >> SPENT_SHIFT) & AMOUNT_MASK;
    }

    /// @inheritdoc IVoiceCredits
    function creditsLeft(uint32 memberId, uint32 season) external view returns (uint256) {
        return budgetOf(memberId, season) - spentBy(memberId, season);
    }

    /// @inheritdoc IVoiceCredits
    function lastBallotDay(uint32 memberId, uint32 season) external view returns (uint48) {
        uint256 day = _cellOf(memberId, season) >> DAY_SHIFT;
        if (day == 0) return 0;
        (uint48 start, ) = _constitution.seasonBounds(season);
        uint256 daysIn = (day + DAY_CYCLE - _dayOf(start)) % DAY_CYCLE;
        // A date within 4,095 days of a season's start.
        return uint48((start / 1 days + daysIn) * 1 days);
    }

    /// @inheritdoc IVoiceCredits
    function grantOf(uint32 season) public view returns (Grant memory grant) {
        grant = _grants[season];
        if (grant.length != 0) return grant;
        (grant.start, grant.length) = _constitution.seasonBounds(season);
        uint256 numbers = _constitution.word(Parameters.RECOVERY);
        // At most BASE_CEILING, which fits.
        grant.base = uint16(Parameters.at(numbers, Parameters.CREDITS_BASE));
        grant.bonusCap = uint16(Math.min(grant.base, Parameters.at(numbers, Parameters.CREDITS_BONUS_CAP)));
        grant.pointsPerCredit = uint32(
            Parameters.at(_constitution.word(Parameters.REPUTATION), Parameters.POINTS_PER_CREDIT)
        );
    }

    // ------------------------------------------------------------------ budgets

    /// @dev A season's length is never 0, so it tells a frozen grant from none.
    function _freeze(uint32 season) private returns (Grant memory grant) {
        grant = _grants[season];
        if (grant.length != 0) return grant;
        grant = grantOf(season);
        uint32 current = _constitution.currentSeason();
        if (season > current) revert VoiceCreditsSeasonNotStarted(season, current);
        _grants[season] = grant;
        emit SeasonGranted(season, grant.base, grant.bonusCap, grant.pointsPerCredit, grant.start, grant.length);
    }

    /// @dev What opening a member's budget now gives. Reputation counts as of the second before the season, so that
    /// nothing done in its first block moves a budget.
    function _budgetUnder(Grant memory grant, uint32 memberId) private view returns (uint256) {
        IMembership.Member memory record = _membership.member(memberId);
        uint256 start = grant.start;
        uint256 length = grant.length;
        uint256 late = Math.saturatingSub(record.since, start);
        if (record.status != Status.Active || late >= length) return 0;
        // The season has started, so its start is neither 0 nor beyond 48 bits.
        uint256 points = _reputation.totalScoreAt(memberId, uint48(start - 1)) / POINT;
        uint256 budget = grant.base + Math.min(grant.bonusCap, points / grant.pointsPerCredit);
        return late == 0 ? budget : (budget * (length - late)) / length;
    }

    function _requireBounds(bytes32 name, uint32 lowest, uint32 highest) private view {
        (, uint32 floor, uint32 ceiling) = _constitution.parameter(name);
        if (floor < lowest || ceiling > highest) revert VoiceCreditsParameterTooWide(name, floor, ceiling);
    }

    // ------------------------------------------------------------------ cells

    function _cellOf(uint32 memberId, uint32 season) private view returns (uint256) {
        (uint256 key, uint256 shift) = _locate(memberId, season);
        return (_cells[key] >> shift) & CELL_MASK;
    }

    function _locate(uint32 memberId, uint32 season) private pure returns (uint256 key, uint256 shift) {
        return ((uint256(season) << 32) | (memberId >> 3), (memberId & 7) << 5);
    }

    /// @dev The day's number in a cell, from 1 to 4,095; 0 is none.
    function _dayOf(uint256 t) private pure returns (uint256) {
        return ((t / 1 days) % DAY_CYCLE) + 1;
    }
}
