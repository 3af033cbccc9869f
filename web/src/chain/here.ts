/** Whom the page may ask about the commune's chain. */
import { isDemo, type Commune } from "./commune";
import type { Eip1193 } from "./eip1193";
import { chainAddress, chainAt, USUAL } from "./rpc";
import { connected } from "./wallets";

/** The wallet, or the address that somebody gave; null where there is neither. */
export function namedChain(here: Commune): Eip1193 | null {
  const now = connected.peek();
  if (now?.chainId === here.chainId) return now.wallet.provider;
  const address = chainAddress.peek();
  return address === null ? null : chainAt(address);
}

/** As `namedChain`; in a demo this very machine's too. */
export const anyChain = (here: Commune): Eip1193 | null =>
  namedChain(here) ?? (isDemo(here) ? chainAt(USUAL) : null);
