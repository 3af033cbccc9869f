/** A wallet as pages talk to it (EIP-1193), and what its errors look like. */
export type Address = `0x${string}`;
export type Hex = `0x${string}`;

export interface Eip1193 {
  request(asked: { method: string; params?: unknown }): Promise<unknown>;
  on?(event: string, listener: (value: never) => void): unknown;
  removeListener?(event: string, listener: (value: never) => void): unknown;
}

/** An error as EIP-1193 and JSON-RPC have it. */
export class ProviderError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
    this.name = "ProviderError";
  }
}

/** Of EIP-1193, EIP-3326 and EIP-1474. */
export const CODES = {
  rejected: 4001,
  unauthorised: 4100,
  unsupported: 4200,
  disconnected: 4900,
  chainDisconnected: 4901,
  unknownChain: 4902,
  alreadyAsking: -32002,
} as const;

/** The code of a wallet's error, also where a wallet wraps the error of the chain's node in its own. */
export function codeOf(error: unknown): number | null {
  for (const one of layers(error)) if (typeof one["code"] === "number") return one["code"];
  return null;
}

export function isRejected(error: unknown): boolean {
  return layers(error).some(
    (one) =>
      one["code"] === CODES.rejected ||
      one["code"] === "ACTION_REJECTED" ||
      one["name"] === "UserRejectedRequestError",
  );
}

export function messageOf(error: unknown): string {
  for (const one of layers(error))
    if (typeof one["message"] === "string" && one["message"]) return one["message"];
  return String(error);
}

/**
 * The data that a call reverted with, wherever the wallet or the chain's node puts it; null if it did not
 * revert.
 */
export function revertData(error: unknown): Hex | null {
  for (const one of layers(error)) {
    for (const name of ["data", "result", "reason"]) {
      const found = one[name];
      if (typeof found === "string" && /^0x([0-9a-fA-F]{2})*$/.test(found)) return found as Hex;
    }
  }
  return layers(error).some((one) => /revert/i.test(String(one["message"] ?? ""))) ? "0x" : null;
}

/** An error and what it holds of others, from the outside in. */
function layers(error: unknown, found: Record<string, unknown>[] = []): Record<string, unknown>[] {
  if (typeof error !== "object" || error === null || found.length > 8) return found;
  const one = error as Record<string, unknown>;
  if (found.includes(one)) return found;
  found.push(one);
  for (const name of ["data", "error", "originalError", "cause", "info"]) layers(one[name], found);
  return found;
}
