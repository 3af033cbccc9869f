/**
 * Secrets that only a password opens: scrypt makes a key of it, AES-256-GCM does the rest, as in `zk/keystore.py`.
 *
 * A keystore is the file that the command line writes and reads, so that an identity can move between the two. A card is
 * the same for paper: one line of digits and capitals, for a QR code or a hand-held scanner.
 */
import { bytesOf, fromBase64, hex, joined, random, sha256, toBase64, utf8, type Bytes } from "./bytes";
import type { Keystore } from "./protocol";
import { stretch } from "./prover";

export type LockedKind =
  "insecure" | "password-empty" | "password-wrong" | "unreadable" | "too-new" | "misread";

/** Why something stays locked. The words are `proofs.locked.<kind>`. */
export class Locked extends Error {
  constructor(readonly kind: LockedKind) {
    super(kind);
    this.name = "Locked";
  }
}

const SALT = 16;
const NONCE = 12;
const TAG = 16;
const FORMAT = "dualpower.identity";
const MOST = 1 << 20;

/** A new keystore of an identity, under a password. */
export async function lockKeystore(secret: string, password: string): Promise<Keystore> {
  const [salt, nonce] = [random(SALT), random(NONCE)];
  const header = { format: FORMAT, version: 1, salt: hex(salt), nonce: hex(nonce) } as const;
  const encrypted = await encrypt(utf8(secret), password, salt, nonce, coveredBy(header));
  return { ...header, encrypted: hex(encrypted) };
}

/** The identity's secret, as base64. Raises `Locked`. */
export async function unlockKeystore({ encrypted, ...header }: Keystore, password: string): Promise<string> {
  const [salt, nonce] = [bytesOf(header.salt), bytesOf(header.nonce)];
  return new TextDecoder().decode(
    await decrypt(bytesOf(encrypted), password, salt, nonce, coveredBy(header)),
  );
}

/** A keystore in a file's text. Raises `Locked`. */
export function keystoreIn(text: string): Keystore {
  let found: Partial<Keystore> | null = null;
  try {
    if (text.length <= MOST) found = JSON.parse(text) as Partial<Keystore> | null;
  } catch {
    // Refused below.
  }
  if (typeof found !== "object" || found?.format !== FORMAT) throw new Locked("unreadable");
  const { format, version, salt, nonce, encrypted, ...surplus } = found;
  if (version !== 1)
    throw new Locked(Number.isInteger(version) && Number(version) > 1 ? "too-new" : "unreadable");
  const well =
    isHex(salt, SALT, SALT) &&
    isHex(nonce, NONCE, NONCE) &&
    isHex(encrypted, TAG + 1, MOST) &&
    Object.keys(surplus).length === 0;
  if (!well) throw new Locked("unreadable");
  return { format, version, salt, nonce, encrypted };
}

export const keystoreText = (keystore: Keystore): string => `${JSON.stringify(keystore, null, 2)}\n`;

/** Python's json.dumps(header, sort_keys=True, separators=(",", ":")), which the file's writers agree on. */
const coveredBy = ({ format, nonce, salt, version }: Omit<Keystore, "encrypted">): Bytes =>
  utf8(JSON.stringify({ format, nonce, salt, version }));

/** What a card carries: the key of an account, an identity for secret ballots, or both. */
export interface CardSecrets {
  /** 32 bytes as 0x and hexadecimal digits. */
  accountKey?: `0x${string}`;
  /** As `Identity.export()` writes it. */
  identity?: string;
}

const CARD = "DPC1";
const ACCOUNT = 1;
const IDENTITY = 2;
const CHECK = 4;

/** The line on a card: what it is, what is on it, salt, nonce, what is encrypted, and a checksum. */
export async function lockCard({ accountKey, identity }: CardSecrets, pin: string): Promise<string> {
  const content = (accountKey ? ACCOUNT : 0) | (identity ? IDENTITY : 0);
  const secret = joined(bytesOf(accountKey?.slice(2) ?? ""), fromBase64(identity ?? ""));
  const [salt, nonce] = [random(SALT), random(NONCE)];
  const encrypted = await encrypt(secret, pin, salt, nonce, utf8(`${CARD}${content}`));
  secret.fill(0);
  const card = joined(Uint8Array.of(content), salt, nonce, encrypted);
  return CARD + hex(joined(card, (await sha256(card)).subarray(0, CHECK))).toUpperCase();
}

/** Whether a line is a card's, as far as one sees before it is read. */
export const looksLikeCard = (text: string): boolean => plain(text).startsWith(CARD);

/** What is on a card. Raises `Locked`: `misread` where the line is not what was printed. */
export async function unlockCard(line: string, pin: string): Promise<CardSecrets> {
  const text = plain(line);
  if (!text.startsWith(CARD)) throw new Locked("unreadable");
  const digits = text.slice(CARD.length);
  const least = 1 + SALT + NONCE + TAG + 1 + CHECK;
  if (!isHex(digits, least, MOST)) throw new Locked("misread");
  const all = bytesOf(digits);
  const card = all.slice(0, -CHECK);
  if (hex((await sha256(card)).subarray(0, CHECK)) !== hex(all.subarray(-CHECK))) throw new Locked("misread");
  const content = card[0] as number;
  const salt = card.slice(1, 1 + SALT);
  const nonce = card.slice(1 + SALT, 1 + SALT + NONCE);
  const secret = await decrypt(card.slice(1 + SALT + NONCE), pin, salt, nonce, utf8(`${CARD}${content}`));
  const found: CardSecrets = {};
  if (content & ACCOUNT) found.accountKey = `0x${hex(secret.subarray(0, 32))}`;
  if (content & IDENTITY) found.identity = toBase64(secret.subarray(content & ACCOUNT ? 32 : 0));
  secret.fill(0);
  return found;
}

/** Scanners and people add spaces, and change capitals. */
const plain = (line: string): string => line.replace(/\s/g, "").toUpperCase();

async function encrypt(
  secret: Bytes,
  password: string,
  salt: Bytes,
  nonce: Bytes,
  covered: Bytes,
): Promise<Bytes> {
  const key = await keyOf(password, salt, "encrypt");
  const gcm = { name: "AES-GCM", iv: nonce, additionalData: covered };
  return new Uint8Array(await crypto.subtle.encrypt(gcm, key, secret));
}

async function decrypt(
  secret: Bytes,
  password: string,
  salt: Bytes,
  nonce: Bytes,
  covered: Bytes,
): Promise<Bytes> {
  const key = await keyOf(password, salt, "decrypt");
  const gcm = { name: "AES-GCM", iv: nonce, additionalData: covered };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(gcm, key, secret));
  } catch {
    throw new Locked("password-wrong");
  }
}

async function keyOf(password: string, salt: Bytes, use: KeyUsage): Promise<CryptoKey> {
  if (!password) throw new Locked("password-empty");
  if (!globalThis.crypto?.subtle) throw new Locked("insecure");
  // Keyboards write the same letter in different ways.
  const key = await stretch(password.normalize("NFKC"), salt);
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]);
}

function isHex(text: unknown, least: number, most: number): text is string {
  return (
    typeof text === "string" &&
    text.length % 2 === 0 &&
    text.length >= 2 * least &&
    text.length <= 2 * most &&
    /^[0-9a-fA-F]*$/.test(text)
  );
}
