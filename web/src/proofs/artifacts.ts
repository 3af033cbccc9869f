/**
 * The files that a proof is made with, from the chosen node: a circuit and a proving key for the depth. No byte is used
 * before its SHA-256 is the one pinned in this release: a key of somebody else's making may give the secret away.
 */
import pins from "../../../zk/pins.json";
import { hex, sha256, type Bytes } from "./bytes";
import { ProofRefused, type Progress } from "./protocol";

const KEPT = "dualpower-artifacts";

interface Pin {
  name: string;
  sha256: string;
  size: number;
}

export interface Artifacts {
  wasm: Bytes;
  zkey: Bytes;
}

/** The circuit and the proving key for trees of `depth`; `place` is where a node serves them, without a slash at the end. */
export async function artifactsOf(
  place: string,
  depth: number,
  told: (progress: Progress) => void,
): Promise<Artifacts> {
  const circuit = pinOf(depth, "wasm");
  const key = pinOf(depth, "zkey");
  const progress: Progress = { step: "keys", done: 0, all: circuit.size + key.size };
  const seen = (bytes: number) => {
    progress.done += bytes;
    told({ ...progress });
  };
  seen(0);
  const wasm = await load(place, circuit, seen);
  const zkey = await load(place, key, seen);
  const unkept = [wasm.unkept, zkey.unkept].some(Boolean);
  told({ ...progress, done: progress.all, unkept });
  return { wasm: wasm.bytes, zkey: zkey.bytes };
}

function pinOf(depth: number, kind: "wasm" | "zkey"): Pin {
  const found = (pins.depths as Record<string, Record<string, unknown>>)[String(depth)]?.[kind] as
    [string, number] | undefined;
  if (!found) throw new ProofRefused("depth", { depth });
  return { name: `semaphore-${depth}.${kind}`, sha256: found[0], size: found[1] };
}

async function load(
  place: string,
  pin: Pin,
  seen: (bytes: number) => void,
): Promise<{ bytes: Bytes; unkept: boolean }> {
  const kept = await open();
  // By its hash, whichever node it came from; nothing is ever fetched from this address.
  const address = new URL(`/artifacts/${pin.sha256}`, location.origin).href;
  const before = await kept?.match(address).catch(() => undefined);
  if (before) {
    const bytes = new Uint8Array(await before.arrayBuffer());
    if (hex(await sha256(bytes)) === pin.sha256) {
      seen(bytes.length);
      return { bytes, unkept: false };
    }
  }
  const bytes = await download(`${place}/${pin.name}`, pin, seen);
  const found = hex(await sha256(bytes));
  if (found !== pin.sha256) {
    throw new ProofRefused("artifact-altered", { file: pin.name, expected: pin.sha256, found });
  }
  try {
    if (!kept) return { bytes, unkept: true };
    await kept.put(address, new Response(bytes));
    return { bytes, unkept: false };
  } catch {
    // Storage is full. The proof can be made all the same.
    return { bytes, unkept: true };
  }
}

/** Undefined in private windows of some browsers, and where the page is not served securely. */
async function open(): Promise<Cache | undefined> {
  try {
    return await caches.open(KEPT);
  } catch {
    return undefined;
  }
}

async function download(url: string, pin: Pin, seen: (bytes: number) => void): Promise<Bytes> {
  const bytes = new Uint8Array(pin.size);
  let at = 0;
  let response: Response;
  try {
    response = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    throw new ProofRefused("artifact-unreachable", { file: pin.name });
  }
  if (!response.ok || !response.body) {
    throw new ProofRefused("artifact-missing", { file: pin.name, status: response.status });
  }
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new ProofRefused("artifact-unreachable", { file: pin.name });
    });
    if (done) return bytes.subarray(0, at);
    if (at + value.length > pin.size) {
      await reader.cancel();
      throw new ProofRefused("artifact-altered", { file: pin.name, expected: pin.sha256, found: "?" });
    }
    bytes.set(value, at);
    at += value.length;
    seen(value.length);
  }
}
