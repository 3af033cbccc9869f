/**
 * A key that a passkey opens: the authenticator's PRF (WebAuthn Level 3, section 10.1.4) gives 32 bytes that exist nowhere
 * else, and those decrypt what this device keeps. Without the authenticator what is kept is worth nothing.
 */
import { createStore, get, set } from "idb-keyval";
import { hex, random, utf8 } from "@/proofs/bytes";
import type { CardSecrets } from "@/proofs/locked";

export type PasskeyProblem = "unsupported" | "no-prf" | "unknown" | "rejected" | "not-kept";

/** Why a passkey opens nothing. The words are `kiosk.passkey.<kind>`. */
export class PasskeyRefused extends Error {
  constructor(readonly kind: PasskeyProblem) {
    super(kind);
    this.name = "PasskeyRefused";
  }
}

interface Kept {
  nonce: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}

type Prf = { enabled?: boolean; results?: { first?: ArrayBuffer } };

const store = createStore("dualpower-passkeys", "kept");
const INPUT = utf8("dualpower.passkey 1");
const PATIENCE = 120_000;

export const passkeysThere = (): boolean => typeof PublicKeyCredential === "function";

/** Makes a passkey, and keeps what it opens on this device. `name` is shown by the authenticator: it should tell nothing. */
export async function keepWithPasskey(secrets: CardSecrets, name: string): Promise<void> {
  if (!passkeysThere()) throw new PasskeyRefused("unsupported");
  const made = await asked(
    navigator.credentials.create({
      publicKey: {
        rp: { name: "Dual Power" },
        user: { id: random(16), name, displayName: name },
        challenge: random(32),
        pubKeyCredParams: [
          { type: "public-key", alg: -7 },
          { type: "public-key", alg: -257 },
        ],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        timeout: PATIENCE,
        extensions: { prf: { eval: { first: INPUT } } },
      },
    }),
  );
  const prf = made.getClientExtensionResults().prf as Prf | undefined;
  if (!prf?.enabled) throw new PasskeyRefused("no-prf");
  // Some give the bytes only when they are used, and not when they are made.
  const bytes = prf.results?.first ?? (await used(made.rawId)).bytes;
  const nonce = random(12);
  const key = await keyOf(bytes, "encrypt");
  const content = utf8(JSON.stringify(secrets));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, key, content);
  content.fill(0);
  try {
    await set(hex(new Uint8Array(made.rawId)), { nonce, sealed } satisfies Kept, store);
  } catch {
    throw new PasskeyRefused("not-kept");
  }
}

/** What a person's passkey opens on this device. */
export async function openWithPasskey(): Promise<CardSecrets> {
  if (!passkeysThere()) throw new PasskeyRefused("unsupported");
  const { id, bytes } = await used();
  const kept = await get<Kept>(hex(new Uint8Array(id)), store).catch(() => undefined);
  if (!kept) throw new PasskeyRefused("unknown");
  const key = await keyOf(bytes, "decrypt");
  try {
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.nonce }, key, kept.sealed);
    return JSON.parse(new TextDecoder().decode(opened)) as CardSecrets;
  } catch {
    throw new PasskeyRefused("unknown");
  }
}

async function used(only?: ArrayBuffer): Promise<{ id: ArrayBuffer; bytes: ArrayBuffer }> {
  const shown = await asked(
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        userVerification: "required",
        timeout: PATIENCE,
        ...(only ? { allowCredentials: [{ type: "public-key", id: only }] } : {}),
        extensions: { prf: { eval: { first: INPUT } } },
      },
    }),
  );
  const bytes = (shown.getClientExtensionResults().prf as Prf | undefined)?.results?.first;
  if (!bytes) throw new PasskeyRefused("no-prf");
  return { id: shown.rawId, bytes };
}

async function asked(answer: Promise<Credential | null>): Promise<PublicKeyCredential> {
  let found: Credential | null;
  try {
    found = await answer;
  } catch (error) {
    throw new PasskeyRefused((error as DOMException).name === "NotAllowedError" ? "rejected" : "unsupported");
  }
  if (!found) throw new PasskeyRefused("rejected");
  return found as PublicKeyCredential;
}

async function keyOf(bytes: ArrayBuffer, use: KeyUsage): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8("dualpower.passkey") };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, [use]);
}
