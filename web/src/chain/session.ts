/**
 * Signing in at a node as a member, for what members show only to each other.
 *
 * With the wallet, by a message of EIP-4361: the node then learns whose account it is. With a proof it learns
 * only that it is some member's. Either gives the same kind of session, which says "a member" and ends by
 * itself within the hour; it is kept in this tab alone.
 */
import { computed, signal } from "@preact/signals";
import { address, send, type Data, type Path, type Values } from "@/api/client";
import { Problem, problemOf } from "@/api/problem";
import { nodeAddress } from "@/app/preferences";
import { t } from "@/words";
import { commune } from "./commune";
import type { Hex } from "./eip1193";
import { asRefusal, refuse } from "./refusal";
import { connected } from "./wallets";

export interface Session {
  node: string;
  token: string;
  /** Seconds since 1970, by the node's clock. */
  expiresAt: number;
}

const KEY = "dualpower.session";
const kept = signal<Session | null>(remembered());

/** The session at the chosen node. */
export const session = computed(() => (kept.value?.node === nodeAddress.value ? kept.value : null));

/** Signs in with the wallet that is connected. Raises a `Refusal`. */
export async function signInWithWallet(): Promise<Session> {
  try {
    const who = connected.peek();
    if (!who) throw refuse("no-wallet");
    const here = await commune();
    const { data: asked } = await send("POST", "/v1/session/wallet/challenge");
    // A message for another place could be used there by who had it signed here.
    const place = here.node === "" ? location.origin : new URL(here.node).origin;
    if (place !== location.origin || asked.uri !== place || asked.domain !== location.host)
      throw refuse("elsewhere", { here: location.origin, wanted: String(asked.uri) });
    if (asked.chainId !== here.chainId)
      throw refuse("wrong-chain", { here: String(here.chainId), wanted: String(asked.chainId) });
    const { getAddress, stringToHex } = await import("viem");
    const message = messageOf(getAddress(who.account), asked);
    const params = [stringToHex(message), who.account];
    const signature = (await who.wallet.provider.request({ method: "personal_sign", params })) as Hex;
    const { data: begun } = await send("POST", "/v1/session/wallet", { message, signature });
    return keep({ node: here.node, token: begun.token, expiresAt: begun.expiresAt });
  } catch (error) {
    throw await asRefusal(error);
  }
}

/** Takes up a session that a proof gave. */
export function keep(begun: Session): Session {
  kept.value = begun;
  store(JSON.stringify(begun));
  return begun;
}

export async function signOut(): Promise<void> {
  const now = session.peek();
  kept.value = null;
  store(null);
  if (now) await send("DELETE", "/v1/session", undefined, bearer(now)).catch(() => undefined);
}

/** Reads what only members see. Raises a `Refusal` where the session is over, a `Problem` otherwise. */
export async function readAsMember<P extends Path>(path: P, values: Values = {}): Promise<Data<P>> {
  const now = session.peek();
  if (!now) throw refuse("signed-out");
  let response: Response;
  try {
    response = await fetch(address(path, values), {
      headers: bearer(now),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    throw new Problem(0, "unreachable", "The node cannot be reached");
  }
  if (response.status === 401) {
    kept.value = null;
    store(null);
    throw refuse("signed-out");
  }
  if (!response.ok) throw await problemOf(response);
  return ((await response.json()) as { data: Data<P> }).data;
}

interface Asked {
  domain: string;
  uri: string;
  chainId: number;
  nonce: string;
  issuedAt: string;
  expirationTime: string;
}

/** As EIP-4361 has it, letter by letter; times are the node's, since the device's clock may be wrong. */
function messageOf(account: string, asked: Asked): string {
  const scheme = new URL(asked.uri).protocol.replace(":", "");
  return [
    `${scheme}://${asked.domain} wants you to sign in with your Ethereum account:`,
    account,
    "",
    t("chain.session.statement"),
    "",
    `URI: ${asked.uri}`,
    "Version: 1",
    `Chain ID: ${asked.chainId}`,
    `Nonce: ${asked.nonce}`,
    `Issued At: ${asked.issuedAt}`,
    `Expiration Time: ${asked.expirationTime}`,
  ].join("\n");
}

function bearer({ token }: Session): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function store(text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, text);
  } catch {
    // It holds until the page is closed.
  }
}

function remembered(): Session | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Session | null;
    return found && typeof found.token === "string" ? found : null;
  } catch {
    return null;
  }
}
