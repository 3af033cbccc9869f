/**
 * A draw worked out again: the formulas of `contracts/draws/IDraws.sol` and `Shuffle.sol`, written from their
 * descriptions and sharing nothing with the contracts or the node, so that each checks the others.
 */
import { encodeAbiParameters, hexToBigInt, keccak256, type Address, type Hex } from "viem";
import { hashOf } from "@/api/keccak";

const DRAW = hashOf("dualpower.draw");
const SECRET = hashOf("dualpower.secret");
export const NO_SECRETS: Hex = `0x${"00".repeat(32)}`;
const ROUNDS = 10;

/** The pool of a draw among people. */
export function poolOfMembers(memberIds: readonly number[]): Hex {
  return keccak256(encodeAbiParameters([{ type: "uint32[]" }], [memberIds]));
}

export function commitmentOf(memberId: number, secret: Hex): Hex {
  return hashed(SECRET, memberId, secret);
}

/** The mix once one more secret is revealed; it begins with `NO_SECRETS`. */
export function mixAfter(mix: Hex, memberId: number, secret: Hex): Hex {
  return hashed(mix, memberId, secret);
}

function hashed(first: Hex, memberId: number, secret: Hex): Hex {
  const types = [{ type: "bytes32" }, { type: "uint32" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(types, [first, memberId, secret]));
}

export function numberOf(given: {
  chainId: number;
  draws: Address;
  drawId: number;
  pool: Hex;
  blockHash: Hex;
  mix: Hex;
}): bigint {
  const types = [
    { type: "bytes32" },
    { type: "uint256" },
    { type: "address" },
    { type: "uint32" },
    { type: "bytes32" },
    { type: "bytes32" },
    { type: "bytes32" },
  ] as const;
  const { chainId, draws, drawId, pool, blockHash, mix } = given;
  const values = [DRAW, BigInt(chainId), draws, drawId, pool, blockHash, mix] as const;
  return hexToBigInt(keccak256(encodeAbiParameters(types, values)));
}

function word(...numbers: bigint[]): bigint {
  return hexToBigInt(
    keccak256(
      encodeAbiParameters(
        numbers.map(() => ({ type: "uint256" })),
        numbers,
      ),
    ),
  );
}

/** Which `k` of 0 to n-1 the number takes, in order. Fewer are the beginning of more. */
export function pick(drawn: bigint, n: number, k: number): number[] {
  const moved = new Map<number, number>();
  const taken: number[] = [];
  for (let i = 0; i < k; i++) {
    const j = i + Number(word(drawn, BigInt(i)) % BigInt(n - i));
    taken.push(moved.get(j) ?? j);
    moved.set(j, moved.get(i) ?? i);
  }
  return taken;
}

/** What stands at place `i` of the shuffle of 0 to n-1 that the number fixes. */
export function shuffledAt(drawn: bigint, i: number, n: number): number {
  const half = BigInt(Math.max(1, Math.floor(((n - 1).toString(2).length * (n > 1 ? 1 : 0) + 1) / 2)));
  const mask = (1n << half) - 1n;
  let x = BigInt(i);
  do {
    let [left, right] = [x >> half, x & mask];
    for (let round = 0n; round < ROUNDS; round++) {
      [left, right] = [right, left ^ (word(drawn, round, right) & mask)];
    }
    x = (left << half) | right;
  } while (x >= n);
  return Number(x);
}
