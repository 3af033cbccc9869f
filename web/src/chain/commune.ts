/** Which commune the chosen node serves: on which chain, and where its contracts are. */
import { computed, effect, signal } from "@preact/signals";
import { read } from "@/api/client";
import { nodeAddress } from "@/app/preferences";
import type { Address } from "./eip1193";
import type functions from "./functions.json";

/** The commune's modules, as `functions.json` names them, and the forwarder. */
export type Module = keyof typeof functions | "forwarder";

export interface Commune {
  node: string;
  chainId: number;
  /** By the contracts' names. */
  contracts: Readonly<Record<string, Address>>;
}

const found = signal<Commune | null>(null);

/** The commune of the chosen node, once the node has said it. */
export const known = computed(() => (found.value?.node === nodeAddress.value ? found.value : null));

/** Asks the node, once. Raises a `Problem` where no node answers. */
export async function commune(): Promise<Commune> {
  if (known.value) return known.value;
  const node = nodeAddress.value;
  const { data } = await read("/v1/node");
  found.value = { node, chainId: data.chainId, contracts: data.contracts as Record<string, Address> };
  return found.value;
}

/** Keeps `known` true to the node that is chosen. */
export function watch(): void {
  effect(() => {
    void nodeAddress.value;
    void commune().catch(() => undefined);
  });
}

/** Chains that are of one machine: their keys are public and nobody's money is on them. */
export const LOCAL_CHAINS: readonly number[] = [1337, 31337];

/** Whether a commune is of this machine, so that its keys may be public. */
export function isDemo(here: Commune): boolean {
  return LOCAL_CHAINS.includes(here.chainId) && isLoopback(here.node);
}

/** Whether an address (of a node or of a chain) is of this very machine. */
function isLoopback(address: string): boolean {
  try {
    const host = address === "" ? location.hostname : new URL(address).hostname;
    return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
  } catch {
    return false;
  }
}
