/** A chain's JSON-RPC at an address that a person named. */
import { signal } from "@preact/signals";
import { ProviderError, type Eip1193 } from "./eip1193";
import { refuse } from "./refusal";

const KEY = "dualpower.chain";
export const USUAL = "http://127.0.0.1:8545";
const PATIENCE = 15_000;

/** Where the chain can be asked, if a person said so. */
export const chainAddress = signal<string | null>(remembered());

export function rememberChain(address: string | null): void {
  chainAddress.value = address;
  try {
    if (address === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, address);
  } catch {
    // It holds until the page is closed.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** A provider that only passes on. Raises a `Refusal` where nothing answers. */
export function chainAt(address: string): Eip1193 {
  let id = 0;
  return {
    async request({ method, params = [] }) {
      let answer: { result?: unknown; error?: { code: number; message: string; data?: unknown } };
      try {
        const response = await fetch(address, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ jsonrpc: "2.0", id: ++id, method, params }),
          credentials: "omit",
          signal: AbortSignal.timeout(PATIENCE),
        });
        answer = await response.json();
      } catch {
        throw refuse("no-chain", { address }, "at");
      }
      if (answer.error) throw new ProviderError(answer.error.code, answer.error.message, answer.error.data);
      return answer.result;
    },
  };
}
