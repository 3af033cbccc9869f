// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {exp2} from "@prb/math/src/Common.sol";
import {IConstitution} from "../constitution/IConstitution.sol";
import {Parameters} from "../constitution/Parameters.sol";
import {IMembership, Status} from "../membership/IMembership.sol";
import {IReputation, Reason} from "./IReputation.sol";

/// @title Reputation
/// @notice See `IReputation`, which has the formula.
/// @dev Bounds. A member gains at most 2^32 points in a topic and season (the cap is a uint32 of points), so under 2^52
/// micro-points, and under 2^60 in all 255 topics. With fading, and seasons no shorter than a thousandth of the
/// half-life, no score ever reaches 2^60 * (1 + 1000 / ln 2) < 2^71. A mantissa is at most score * E << 60, and
/// E < 2e18 < 2^61, so it stays under 2^(71 + 61 + 60) = 2^192; should it not, SafeCast stops the award. A step is at
/// most 2^40 * 2^61 << 60 for an award (2^40 > AWARD_LIMIT) and no more than the mantissa for a penalty: neither
/// shift loses a bit. k fits its 16 bits for 65,535 half-lives, at least 179 years.
contract Reputation is IReputation, AccessManaged {
    using Checkpoints for Checkpoints.Trace208;

    /// @notice What was gained, or confirmed, in the season it was last changed in.
    struct SeasonSum {
        uint32 season;
        uint64 amount;
    }

    /// @notice An accumulator (mantissa in the upper 192 bits, base in the lower 16) since it was last changed.
    struct Entry {
        uint48 at;
        uint208 accumulator;
    }

    /// @notice What an accumulator is and was. The latest entry stands apart, since it is what nearly every read wants,
    /// and voting members pay for one at the start of a season.
    struct History {
        Entry latest;
        Checkpoints.Trace208 past;
    }

    uint48 private constant HALF_LIFE_FLOOR = 1 days;
    uint48 private constant HALF_LIFE_CEILING = 3650 days;

    /// @dev Micro-points in a point.
    uint256 private constant POINT = 1e6;

    /// @dev The largest award, in micro-points: more is a mistake in the unit.
    uint256 private constant AWARD_LIMIT = 1e12;

    /// @dev After how many half-lives an accumulator is expressed in newer units.
    uint256 private constant REBASE_AFTER = 60;

    IConstitution private immutable _constitution;
    IMembership private immutable _membership;

    /// @inheritdoc IReputation
    uint48 public immutable halfLife;
    /// @inheritdoc IReputation
    uint48 public immutable origin;

    mapping(uint32 memberId => mapping(uint16 topic => History)) private _scores;
    mapping(uint32 memberId => History) private _totals;

    /// @dev Bit `topic` is set if the member ever gained in it; the constitution has at most 255 topics, from 1.
    mapping(uint32 memberId => uint256 topics) private _topicsOf;

    mapping(uint32 memberId => mapping(uint16 topic => SeasonSum)) private _gained;
    mapping(uint32 confirmer => SeasonSum) private _confirmed;

    /// @inheritdoc IReputation
    mapping(uint32 confirmer => mapping(uint32 memberId => uint32 times)) public confirmations;

    constructor(
        address powers,
        IConstitution constitution,
        IMembership membership,
        uint48 halfLife_
    ) AccessManaged(powers) {
        if (halfLife_ < HALF_LIFE_FLOOR || halfLife_ > HALF_LIFE_CEILING) {
            revert ReputationHalfLifeOutOfBounds(halfLife_, HALF_LIFE_FLOOR, HALF_LIFE_CEILING);
        }
        _constitution = constitution;
        _membership = membership;
        halfLife = halfLife_;
        origin = _clock();
        emit HalfLifeFixed(halfLife_, _clock());
    }

    // ------------------------------------------------------------------ restricted to modules

    /// @inheritdoc IReputation
    function award(
        uint32 memberId,
        uint16 topic,
        uint64 amount,
        Reason reason,
        bytes32 evidence,
        uint32 confirmer
    ) external restricted returns (uint64 awarded) {
        Status status = _requireRecord(memberId, amount, evidence);
        _requireTopic(topic);
        if (amount > AWARD_LIMIT) revert ReputationAmountTooLarge(amount, AWARD_LIMIT);

        if (status == Status.Active || status == Status.Dormant) {
            uint256 counted = amount;
            if (confirmer != 0) counted /= _confirm(confirmer, memberId, amount);
            // At most `counted`, which is at most `amount`.
            awarded = uint64(Math.min(counted, awardRoom(memberId, topic)));
        }
        if (awarded != 0) {
            // Under 2^52, like the cap.
            _gained[memberId][topic] = SeasonSum({
                season: _constitution.currentSeason(),
                amount: uint64(_sumIn(_gained[memberId][topic]) + awarded)
            });
            _topicsOf[memberId] |= 1 << SafeCast.toUint8(topic);
            _change(_scores[memberId][topic], awarded, true);
            _change(_totals[memberId], awarded, true);
        }
        emit Awarded(memberId, topic, confirmer, amount, awarded, reason, evidence, msg.sender);
    }

    /// @inheritdoc IReputation
    function penalise(
        uint32 memberId,
        uint16 topic,
        uint64 amount,
        Reason reason,
        bytes32 evidence
    ) external restricted returns (uint64 taken) {
        _requireRecord(memberId, amount, evidence);
        _requireTopic(topic);
        taken = _take(memberId, topic, amount);
        emit Penalised(memberId, topic, amount, taken, reason, evidence, msg.sender);
    }

    /// @inheritdoc IReputation
    function penaliseAcross(
        uint32 memberId,
        uint64 amount,
        Reason reason,
        bytes32 evidence
    ) external restricted returns (uint64 taken) {
        _requireRecord(memberId, amount, evidence);
        uint256 topics = _topicsOf[memberId];
        for (uint16 topic = 1; topics >> topic != 0 && taken < amount; ++topic) {
            if ((topics >> topic) & 1 == 0) continue;
            uint64 rest = amount - taken;
            uint64 lost = _take(memberId, topic, rest);
            if (lost == 0) continue;
            taken += lost;
            emit Penalised(memberId, topic, rest, lost, reason, evidence, msg.sender);
        }
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IReputation
    function score(uint32 memberId, uint16 topic) public view returns (uint256) {
        return _scoreOf(_scores[memberId][topic].latest.accumulator, _clock());
    }

    /// @inheritdoc IReputation
    function scoreAt(uint32 memberId, uint16 topic, uint48 t) external view returns (uint256) {
        return _pastScore(_scores[memberId][topic], t);
    }

    /// @inheritdoc IReputation
    function totalScore(uint32 memberId) external view returns (uint256) {
        return _scoreOf(_totals[memberId].latest.accumulator, _clock());
    }

    /// @inheritdoc IReputation
    function totalScoreAt(uint32 memberId, uint48 t) external view returns (uint256) {
        return _pastScore(_totals[memberId], t);
    }

    /// @inheritdoc IReputation
    function awardRoom(uint32 memberId, uint16 topic) public view returns (uint256) {
        uint256 cap = _parameter(Parameters.REPUTATION_SEASON_CAP) * POINT;
        return Math.saturatingSub(cap, _sumIn(_gained[memberId][topic]));
    }

    /// @inheritdoc IReputation
    function confirmationLeft(uint32 memberId) public view returns (uint256) {
        uint256 budget = _parameter(Parameters.CONFIRMATION_BUDGET) * POINT;
        return Math.saturatingSub(budget, _sumIn(_confirmed[memberId]));
    }

    // ------------------------------------------------------------------ guards

    /// @dev What every entry of the ledger needs: a member, an amount and what shows it.
    function _requireRecord(uint32 memberId, uint64 amount, bytes32 evidence) private view returns (Status status) {
        status = _membership.statusOf(memberId);
        if (status == Status.None) revert ReputationUnknownMember(memberId);
        if (amount == 0) revert ReputationZeroAmount();
        if (evidence == bytes32(0)) revert ReputationEmptyEvidence();
    }

    function _requireTopic(uint16 topic) private view {
        if (!_constitution.topicExists(topic)) revert ReputationUnknownTopic(topic);
    }

    // ------------------------------------------------------------------ caps

    /// @dev Charges a confirmer's budget and counts the confirmation.
    /// @return times how often they have now confirmed this member
    function _confirm(uint32 confirmer, uint32 memberId, uint64 amount) private returns (uint32 times) {
        if (confirmer == memberId) revert ReputationSelfConfirmation(memberId);
        if (_membership.statusOf(confirmer) != Status.Active) revert ReputationConfirmerNotActive(confirmer);
        uint256 left = confirmationLeft(confirmer);
        if (amount > left) revert ReputationConfirmationBudgetExceeded(confirmer, amount, left);

        // At most the budget, under 2^52.
        _confirmed[confirmer] = SeasonSum({
            season: _constitution.currentSeason(),
            amount: uint64(_sumIn(_confirmed[confirmer]) + amount)
        });
        times = ++confirmations[confirmer][memberId];
    }

    /// @dev A sum of an earlier season counts as 0 now.
    function _sumIn(SeasonSum storage sum) private view returns (uint256) {
        return sum.season == _constitution.currentSeason() ? sum.amount : 0;
    }

    function _parameter(uint256 field) private view returns (uint256) {
        return Parameters.at(_constitution.word(Parameters.REPUTATION), field);
    }

    // ------------------------------------------------------------------ accumulators

    function _take(uint32 memberId, uint16 topic, uint64 amount) private returns (uint64 taken) {
        // At most `amount`.
        taken = uint64(Math.min(amount, score(memberId, topic)));
        if (taken == 0) return 0;
        _change(_scores[memberId][topic], taken, false);
        _change(_totals[memberId], taken, false);
    }

    function _change(History storage history, uint256 amount, bool gain) private {
        Entry memory latest = history.latest;
        uint48 clock = _clock();
        (uint256 halfLives, uint256 factor) = _position(clock);
        (uint256 mantissa, uint256 base) = _unpack(latest.accumulator);
        if (mantissa == 0) {
            base = halfLives;
        } else if (halfLives - base > REBASE_AFTER) {
            mantissa >>= halfLives - base;
            base = halfLives;
        }
        uint256 step = (amount * factor) << (halfLives - base);
        mantissa = gain ? mantissa + step : Math.saturatingSub(mantissa, step);
        if (latest.at != 0 && latest.at != clock) history.past.push(latest.at, latest.accumulator);
        history.latest = Entry({at: clock, accumulator: _pack(mantissa, base)});
    }

    function _pastScore(History storage history, uint48 t) private view returns (uint256) {
        if (t > _clock()) revert ReputationFutureLookup(t, _clock());
        Entry memory latest = history.latest;
        return _scoreOf(latest.at <= t ? latest.accumulator : history.past.upperLookupRecent(t), t);
    }

    /// @dev Shifting first and dividing then rounds down only once: the quotient of the quotient is the quotient by the
    /// product. It falls as `t` grows, since factor << halfLives does: a second multiplies it by at least
    /// 2^(1 / 3650 days), more than 1 + 2^-29, while `exp2` is good to 2^-57.
    function _scoreOf(uint208 accumulator, uint48 t) private view returns (uint256) {
        (uint256 mantissa, uint256 base) = _unpack(accumulator);
        if (mantissa == 0) return 0;
        (uint256 halfLives, uint256 factor) = _position(t);
        return (mantissa >> (halfLives - base)) / factor;
    }

    /// @dev Where `t` (not before the origin) lies: whole half-lives since the origin, and 2^(the rest) in 1e-18.
    function _position(uint48 t) private view returns (uint256 halfLives, uint256 factor) {
        uint256 elapsed = t - origin;
        halfLives = elapsed / halfLife;
        // The exponent is below 1, in 64 binary places, so the result is at least 1e18 and below 2e18.
        factor = exp2(((elapsed % halfLife) << 64) / halfLife);
    }

    function _pack(uint256 mantissa, uint256 base) private pure returns (uint208) {
        return (uint208(SafeCast.toUint192(mantissa)) << 16) | SafeCast.toUint16(base);
    }

    function _unpack(uint208 accumulator) private pure returns (uint256 mantissa, uint256 base) {
        return (accumulator >> 16, uint16(accumulator));
    }

    /// @dev Unix seconds fit 48 bits for nine million years.
    function _clock() private view returns (uint48) {
        return uint48(block.timestamp);
    }
}
