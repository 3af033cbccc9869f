/** When what a member signs lapses. */

const LEEWAY = 2 * 86_400;

/**
 * The time from which a deadline is counted, in seconds since 1970: the chain's, since the device's clock may be wrong,
 * as the node says it. A node that says a time far ahead would get signatures that never lapse, to be used when it
 * pleases: so no more than two days after the device's clock, except on a chain of one machine, whose clock is moved.
 */
export function countedFrom(chain: number, device: number, isLocal: boolean): number {
  return isLocal ? chain : Math.min(chain, Math.floor(device) + LEEWAY);
}
