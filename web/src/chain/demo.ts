/**
 * Being any of a demo's members: their keys come from the mnemonic that every local test chain publishes.
 *
 * Whoever knows a key can take what it owns, and everybody knows these: they are for chains and nodes of this
 * very machine and are refused anywhere else.
 */
import { toHex } from "viem";
import { mnemonicToAccount, privateKeyToAccount, type PrivateKeyAccount } from "viem/accounts";
import { readAll, type Item } from "@/api/client";
import { t } from "@/words";
import { commune, isDemo, type Commune } from "./commune";
import type { Address } from "./eip1193";
import { localWallet } from "./local";
import { refuse } from "./refusal";
import { USUAL } from "./rpc";
import { connect } from "./wallets";

const MNEMONIC = "test test test test test test test test test test test junk";
/** As many as a demo's chain funds at most, and a few beyond for people who are no members yet. */
const MOST = 1_000;
const STRANGERS = 5;
/** Accounts are derived some at a time, so that the page stays awake. */
const STEP = 10;

export interface Persona {
  account: Address;
  /** Null for somebody who is no member. */
  member: Item<"/v1/members"> | null;
}

const parent = mnemonicToAccount(MNEMONIC, { path: "m/44'/60'/0'/0" }).getHdKey();
const derived: PrivateKeyAccount[] = [];

/** Every member whose key is published, and a few people who are no members, by their number on the chain. */
export async function personas(): Promise<Persona[]> {
  await requireDemo();
  const { data } = await readAll("/v1/members");
  const members = new Map(data.map((member) => [member.account.toLowerCase(), member]));
  const found: Persona[] = [];
  let strangers = 0;
  // Account 0 deploys the commune and is nobody.
  for (let index = 1; index < MOST && (members.size > 0 || strangers < STRANGERS); index++) {
    const account = addressOf(await keyOf(index));
    const member = members.get(account) ?? null;
    members.delete(account);
    if (member || strangers < STRANGERS) found.push({ account, member });
    if (!member && ++strangers > MOST / 10) break;
  }
  return found;
}

/** Signs as this account from now on. Raises a `Refusal`. */
export async function become(account: Address): Promise<void> {
  const here = await requireDemo();
  for (let index = 0; index < MOST; index++) {
    const key = await keyOf(index);
    if (addressOf(key) !== account.toLowerCase()) continue;
    const { wallet } = localWallet(
      key,
      here,
      { id: "demo", name: t("chain.wallet.demo"), kind: "demo" },
      USUAL,
    );
    return connect(wallet);
  }
  throw refuse("not-local", {}, "unknown");
}

async function requireDemo(): Promise<Commune> {
  const here = await commune();
  if (!isDemo(here)) throw refuse("not-local");
  return here;
}

async function keyOf(index: number): Promise<PrivateKeyAccount> {
  while (derived.length <= index) {
    const { privateKey } = parent.deriveChild(derived.length);
    derived.push(privateKeyToAccount(toHex(privateKey as Uint8Array)));
    if (derived.length % STEP === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return derived[index] as PrivateKeyAccount;
}

function addressOf(key: PrivateKeyAccount): Address {
  return key.address.toLowerCase() as Address;
}
