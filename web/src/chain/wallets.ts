/**
 * The wallets of this browser (EIP-6963), and the one that was chosen.
 *
 * What a wallet says of itself is not trusted: its name is shown as text, and its icon only where it is a
 * picture within a `data:` address.
 */
import { computed, effect, signal } from "@preact/signals";
import { account as accountOfMe } from "@/app/me";
import { t } from "@/words";
import { commune, known, watch } from "./commune";
import { CODES, codeOf, type Address, type Eip1193 } from "./eip1193";
import { asRefusal, refuse, Refusal } from "./refusal";

export interface Wallet {
  /** What the wallet calls its maker (reverse domain name); `demo` and `local` are the page's own. */
  id: string;
  name: string;
  /** A picture as a `data:` address. */
  icon: string | null;
  kind: "extension" | "window" | "demo" | "local";
  provider: Eip1193;
}

export interface Connected {
  wallet: Wallet;
  /** In small letters. */
  account: Address;
  chainId: number;
}

/** Those found, in the order in which they announced themselves. */
export const wallets = signal<Wallet[]>([]);
/** The wallet that signs, and as whom. */
export const connected = signal<Connected | null>(null);
/** Set while the wallet is on another chain than the commune. */
export const wrongChain = computed(() => {
  const wanted = known.value?.chainId;
  const here = connected.value?.chainId;
  return wanted !== undefined && here !== undefined && here !== wanted ? { here, wanted } : null;
});

const REMEMBERED = "dualpower.wallet";
const LONGEST_NAME = 60;
const LONGEST_ICON = 200_000;
/** How long wallets that speak only the old way are waited for, in milliseconds. */
const SILENCE = 300;

const announced = new Map<string, Wallet>();
let deaf: () => void = () => undefined;
let started = false;

/** Looks for wallets from now on, and takes up the one of last time where it still lets us. */
export function discover(): void {
  if (started) return;
  started = true;
  watch();
  effect(() => {
    accountOfMe.value = connected.value?.account ?? null;
  });
  addEventListener("eip6963:announceProvider", (event) =>
    announcedBy((event as CustomEvent<unknown>).detail),
  );
  dispatchEvent(new Event("eip6963:requestProvider"));
  setTimeout(() => {
    const found = (globalThis as { ethereum?: Eip1193 }).ethereum;
    if (announced.size === 0 && typeof found?.request === "function")
      add("window", {
        id: "window",
        name: t("chain.wallet.browser"),
        icon: null,
        kind: "window",
        provider: found,
      });
  }, SILENCE);
  const [kind, account] = (recall() ?? "").split(" ");
  if (kind === "demo" && account)
    void import("./demo")
      .then(({ become }) => become(account as Address))
      .catch((error: unknown) => error instanceof Refusal && error.kind === "not-local" && forget());
}

function announcedBy(detail: unknown): void {
  const { info, provider } = (detail ?? {}) as { info?: Record<string, unknown>; provider?: Eip1193 };
  if (typeof info?.["uuid"] !== "string" || typeof provider?.request !== "function") return;
  const name = shortened(info["name"]) || t("chain.wallet.browser");
  add(info["uuid"], {
    id: shortened(info["rdns"]),
    name,
    icon: pictureOf(info["icon"]),
    kind: "extension",
    provider,
  });
}

function add(uuid: string, wallet: Wallet): void {
  if (announced.has(uuid)) return;
  announced.set(uuid, wallet);
  wallets.value = [...announced.values()];
  if (!connected.value && wallet.id && recall() === wallet.id) void resume(wallet);
}

function shortened(value: unknown): string {
  // Directions and control characters could make one name look like another.
  const plain = typeof value === "string" ? value.replace(/[\p{Cc}\p{Cf}]/gu, "").trim() : "";
  return plain.slice(0, LONGEST_NAME);
}

function pictureOf(value: unknown): string | null {
  if (typeof value !== "string" || value.length > LONGEST_ICON) return null;
  return /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/.test(value) ? value : null;
}

/** Connects without a question, where the wallet remembers having been asked. */
async function resume(wallet: Wallet): Promise<void> {
  try {
    const [account] = (await wallet.provider.request({ method: "eth_accounts" })) as Address[];
    if (account && !connected.value) await take(wallet, account);
  } catch {
    // Nobody asked for anything: the wallet is there to be chosen again.
  }
}

/** Asks the wallet for an account. Raises a `Refusal`. */
export async function connect(wallet: Wallet): Promise<void> {
  try {
    const [account] = (await wallet.provider.request({ method: "eth_requestAccounts" })) as Address[];
    if (!account) throw refuse("no-wallet", {}, "closed");
    await take(wallet, account);
    remember(wallet.kind === "demo" ? `demo ${account.toLowerCase()}` : wallet.id);
  } catch (error) {
    throw await asRefusal(error);
  }
}

/** The page forgets the wallet; what the wallet remembers of the page is the wallet's. */
export function disconnect(): void {
  deaf();
  connected.value = null;
  forget();
}

async function take(wallet: Wallet, account: Address): Promise<void> {
  const chainId = Number(await wallet.provider.request({ method: "eth_chainId" }));
  deaf();
  connected.value = { wallet, account: account.toLowerCase() as Address, chainId };
  listen(wallet);
}

function listen(wallet: Wallet): void {
  const { provider } = wallet;
  const change = (changed: Partial<Connected>) => {
    if (connected.value?.wallet === wallet) connected.value = { ...connected.value, ...changed };
  };
  const onAccounts = (accounts: Address[]) => {
    if (connected.value?.wallet !== wallet) return;
    const [account] = accounts;
    if (account) change({ account: account.toLowerCase() as Address });
    else disconnect();
  };
  const onChain = (chainId: string) => change({ chainId: Number(chainId) });
  provider.on?.("accountsChanged", onAccounts);
  provider.on?.("chainChanged", onChain);
  deaf = () => {
    provider.removeListener?.("accountsChanged", onAccounts);
    provider.removeListener?.("chainChanged", onChain);
    deaf = () => undefined;
  };
}

/**
 * Asks the wallet to go to the commune's chain. Chains that it does not know are not described to it here: a
 * page could describe a false one. Raises a `Refusal`.
 */
export async function switchChain(): Promise<void> {
  const now = connected.value;
  if (!now) throw refuse("no-wallet");
  try {
    const { chainId } = await commune();
    const params = [{ chainId: `0x${chainId.toString(16)}` }];
    await now.wallet.provider.request({ method: "wallet_switchEthereumChain", params });
    const here = Number(await now.wallet.provider.request({ method: "eth_chainId" }));
    if (connected.value?.wallet === now.wallet) connected.value = { ...connected.value, chainId: here };
    if (here !== chainId) throw refuse("wrong-chain", { here: String(here), wanted: String(chainId) });
  } catch (error) {
    if (codeOf(error) === CODES.unknownChain)
      throw refuse("wrong-chain", { wanted: String(known.value?.chainId ?? "") }, "unknown");
    throw await asRefusal(error);
  }
}

function recall(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(what: string): void {
  try {
    localStorage.setItem(REMEMBERED, what);
  } catch {
    // A full or closed storage: the wallet is chosen again next time.
  }
}

function forget(): void {
  try {
    localStorage.removeItem(REMEMBERED);
  } catch {
    // There is nothing to forget.
  }
}
