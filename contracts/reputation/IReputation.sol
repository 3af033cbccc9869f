// SPDX-License-Identifier: AGPL-3.0-or-later
pragma solidity 0.8.30;

/// @notice Why reputation was gained or lost.
enum Reason {
    Decision,
    Voucher,
    Assignment,
    Review,
    Agreement,
    Mediation
}

/// @title Reputation: earned, non-transferable, fading
/// @notice Per member and topic, in micro-points (1 point = 1,000,000). What was gained fades with a half-life fixed at
/// deployment (90 days): `score(T) = sum of amount_i * 2^-((T - t_i) / h)`. Fading is lazy: stored is the sum of
/// amount_i * 2^((t_i - origin) / h), so that a score now or at a past time is one read. Never negative, and it never
/// grows by itself. What is earned hangs on the memberId: leaving and returning keeps scores and penalties.
/// @dev The formula, in integers, with `/` rounding down. For a time t: e = t - origin; k(t) = e / h; and
/// E(t) = exp2(((e % h) << 64) / h) with PRBMath's `exp2` on 192.64-bit fixed point, 1e18 <= E < 2e18: for x < 2^64 it
/// starts from r = 2^191, goes through the bits of x from the highest (i = 1) to the lowest (i = 64), sets
/// r = (r * round(2^(2^-i) * 2^64)) >> 64 where bit i is 1, and gives (r * 1e18) >> 191. An accumulator is
/// (mantissa, base), at first (0, 0); gain and loss of `amount` at t are
///
///     if mantissa == 0:        base = k(t)
///     elif k(t) - base > 60:   mantissa >>= k(t) - base; base = k(t)
///     step = (amount * E(t)) << (k(t) - base)
///     mantissa += step         (gain)     mantissa -= min(step, mantissa)   (loss)
///
/// and its score at T is `(mantissa >> (k(T) - base)) / E(T)`, of the accumulator as it was at the end of second T.
/// There is one for each member and topic and one for each member's total; every change goes to both.
///
/// Rounding: an award raises the topic's score by exactly its amount, a penalty lowers it by exactly what it took. A
/// score differs from the real number by at most 1 micro-point and a 2^-56th part of it; a member's total and the sum
/// of their n topics differ by less than n + 1 micro-points.
interface IReputation {
    error ReputationUnknownTopic(uint16 topic);
    error ReputationUnknownMember(uint32 memberId);
    error ReputationZeroAmount();
    error ReputationEmptyEvidence();
    error ReputationSelfConfirmation(uint32 memberId);
    error ReputationConfirmationBudgetExceeded(uint32 confirmer, uint256 amount, uint256 left);
    error ReputationAmountTooLarge(uint256 amount, uint256 limit);
    error ReputationFutureLookup(uint48 t, uint48 clock);
    error ReputationConfirmerNotActive(uint32 confirmer);
    error ReputationHalfLifeOutOfBounds(uint48 halfLife, uint48 floor, uint48 ceiling);

    /// @notice What the formula's h and origin are, once, at deployment: with the two events below it gives every score.
    event HalfLifeFixed(uint48 halfLife, uint48 origin);
    /// @param requested what the module asked for
    /// @param amount what was gained after the repeat discount and the season's cap
    event Awarded(
        uint32 indexed memberId,
        uint16 indexed topic,
        uint32 indexed confirmer,
        uint64 requested,
        uint64 amount,
        Reason reason,
        bytes32 evidence,
        address source
    );
    /// @param requested what the module asked for
    /// @param amount what was lost: never more than the score
    event Penalised(
        uint32 indexed memberId,
        uint16 indexed topic,
        uint64 requested,
        uint64 amount,
        Reason reason,
        bytes32 evidence,
        address source
    );

    /// @notice Adds to a member's score in a topic. Restricted (award).
    /// @dev `amount` beyond the member's cap for topic and season is cut. With a confirmer, their season's budget is
    /// charged `amount`, and the k-th confirmation of one member by the same confirmer (ever) counts 1/k. Who has left
    /// or was expelled gains nothing: the award is recorded with 0 and charged to nobody, rather than refused, so that
    /// nobody can make a decision about others fail by leaving. Dormant members gain: it is for work they did.
    /// @param amount micro-points, at most 1e12 (a million points)
    /// @param confirmer the member who confirmed the work, or 0 where the commune decided
    /// @param evidence hash of what shows it (a text, a delivery, a proposal)
    /// @return awarded micro-points gained
    function award(
        uint32 memberId,
        uint16 topic,
        uint64 amount,
        Reason reason,
        bytes32 evidence,
        uint32 confirmer
    ) external returns (uint64 awarded);

    /// @notice Takes from a member's score in a topic, at most what there is. Restricted (penalise). Whoever was ever a
    /// member can be penalised, also after leaving or expulsion.
    /// @return taken micro-points lost
    function penalise(
        uint32 memberId,
        uint16 topic,
        uint64 amount,
        Reason reason,
        bytes32 evidence
    ) external returns (uint64 taken);

    /// @notice Takes from a member's scores, topic by topic in their order, until `amount` is reached or nothing is
    /// left. Restricted (penalise). One `Penalised` for each topic that lost something, with what was still to take as
    /// `requested`; none where nothing was lost.
    function penaliseAcross(
        uint32 memberId,
        uint64 amount,
        Reason reason,
        bytes32 evidence
    ) external returns (uint64 taken);

    /// @notice Score in a topic now, micro-points, rounded down.
    function score(uint32 memberId, uint16 topic) external view returns (uint256);

    /// @notice Score in a topic at `t` (not after now), micro-points, rounded down.
    function scoreAt(uint32 memberId, uint16 topic, uint48 t) external view returns (uint256);

    /// @notice Score over all topics now, micro-points, rounded down.
    function totalScore(uint32 memberId) external view returns (uint256);

    /// @notice Score over all topics at `t`, micro-points, rounded down.
    function totalScoreAt(uint32 memberId, uint48 t) external view returns (uint256);

    /// @notice What a member can still gain in a topic this season, micro-points.
    function awardRoom(uint32 memberId, uint16 topic) external view returns (uint256);

    /// @notice What a member can still confirm of others this season, micro-points.
    function confirmationLeft(uint32 memberId) external view returns (uint256);

    /// @notice How often `confirmer` has confirmed `memberId`.
    function confirmations(uint32 confirmer, uint32 memberId) external view returns (uint32);

    /// @notice Seconds in which a score halves.
    function halfLife() external view returns (uint48);

    /// @notice Where exponents are counted from, Unix seconds.
    function origin() external view returns (uint48);
}
