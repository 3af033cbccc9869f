/** How the chain refers to a text: Keccak-256 of its UTF-8. A chunk of its own, since most visits need none. */
import { keccak256, stringToBytes } from "viem";

export function hashOf(text: string): `0x${string}` {
  return keccak256(stringToBytes(text));
}
