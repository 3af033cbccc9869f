/**
 * How reputation fades, in the integers of contracts/reputation/IReputation.sol and backend/project/fading.py.
 *
 * An accumulator is (mantissa, base), and its score at T is `(mantissa >> (k(T) - base)) / E(T)`, where k counts whole
 * half-lives since the origin and E(T) = 2^(the rest) in 1e-18: PRBMath's `exp2` on 192.64-bit fixed point. With the
 * same integers a score worked out here equals the contract's to the last micro-point.
 */
export interface Change {
  /** Seconds since 1970. */
  at: number;
  /** Micro-points; below 0 for a loss. */
  amount: bigint;
}

interface Accumulator {
  mantissa: bigint;
  base: bigint;
}

const REBASE_AFTER = 60n;
const UNIT = 10n ** 18n;
const PLACES = 64n;
const PRECISION = 400n;

let known: bigint[] | undefined;

/** 2^(2^-i) for i from 1 to 64, rounded to 64 binary places; by repeated square roots to 400 places. */
function factors(): bigint[] {
  if (known) return known;
  let value = 2n << PRECISION;
  known = [];
  for (let i = 0; i < Number(PLACES); i++) {
    value = squareRoot(value << PRECISION);
    known.push((value + (1n << (PRECISION - PLACES - 1n))) >> (PRECISION - PLACES));
  }
  return known;
}

/** The largest whole number whose square is not above `n`, by Newton's method from above. */
function squareRoot(n: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** 2^(fraction / 2^64) in 1e-18, for 0 <= fraction < 2^64. */
function exp2(fraction: bigint): bigint {
  let result = 1n << 191n;
  factors().forEach((factor, index) => {
    if ((fraction >> (PLACES - 1n - BigInt(index))) & 1n) result = (result * factor) >> PLACES;
  });
  return (result * UNIT) >> 191n;
}

/** `halfLife` in seconds, `origin` in seconds since 1970. */
export class Fading {
  constructor(
    readonly halfLife: number,
    readonly origin: number,
  ) {}

  private position(t: number): [bigint, bigint] {
    const elapsed = BigInt(t - this.origin);
    const half = BigInt(this.halfLife);
    return [elapsed / half, exp2(((elapsed % half) << PLACES) / half)];
  }

  private changed({ mantissa, base }: Accumulator, amount: bigint, t: number): Accumulator {
    const [halfLives, factor] = this.position(t);
    if (mantissa === 0n) base = halfLives;
    else if (halfLives - base > REBASE_AFTER) {
      mantissa >>= halfLives - base;
      base = halfLives;
    }
    const step = ((amount < 0n ? -amount : amount) * factor) << (halfLives - base);
    const after = amount > 0n ? mantissa + step : mantissa - step;
    return { mantissa: after < 0n ? 0n : after, base };
  }

  private score({ mantissa, base }: Accumulator, t: number): bigint {
    if (mantissa === 0n) return 0n;
    const [halfLives, factor] = this.position(t);
    return (mantissa >> (halfLives - base)) / factor;
  }

  /** Scores in micro-points at these times, which rise, after `changes`, oldest first. What changed in a second counts
   * at its end. */
  scores(changes: Change[], times: number[]): bigint[] {
    let accumulator: Accumulator = { mantissa: 0n, base: 0n };
    let done = 0;
    return times.map((t) => {
      for (let change; (change = changes[done]) && change.at <= t; done++)
        if (change.amount !== 0n) accumulator = this.changed(accumulator, change.amount, change.at);
      return this.score(accumulator, t);
    });
  }
}
