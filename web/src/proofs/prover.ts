/**
 * Proofs, and what else a member's secret is needed for. All of it happens in a worker that is started for one task and
 * ended with it: the page's own code carries no cryptography of proofs, stays responsive, and can call the task off.
 */
import {
  ProofRefused,
  type Answer,
  type Progress,
  type Proof,
  type PublicIdentity,
  type Results,
  type Task,
} from "./protocol";
import { scriptUrl } from "./trusted";

export { ProofRefused, type Progress, type Proof, type PublicIdentity };

/** The worker's script, from the page's folder on; set by the build. */
declare const PROOFS_WORKER: string;

export interface Proving {
  /** A private key as `identity.ts` gives it. */
  identitySecret: string;
  /** All leaves of the group, in order, as a node serves them. */
  leaves: readonly string[];
  /** What the leaves have to make; a poll's frozen root. */
  root: string;
  /** The poll's, whatever the length of the member's own path: any other would set them apart. */
  depth: number;
  message: bigint;
  scope: bigint;
  /** Where the chosen node serves the keys: its address and `/artifacts`. */
  artifacts: string;
}

/** Raises `ProofRefused`; `cancelled` when `signal` is. */
export function prove(
  { identitySecret, message, scope, ...electorate }: Proving,
  onProgress: (progress: Progress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Proof> {
  const numbers = { message: String(message), scope: String(scope) };
  return ask({ do: "prove", secret: identitySecret, ...electorate, ...numbers }, onProgress, signal);
}

/** What everyone may know of the identity with this private key. */
export const identify = (secret: string): Promise<PublicIdentity> => ask({ do: "identify", secret });

/** The identity's only nullifier in a scope. */
export const nullify = async (secret: string, scope: bigint): Promise<bigint> =>
  BigInt(await ask({ do: "nullify", secret, scope: String(scope) }));

/** The identity's signature of a field element: R8.x, R8.y, s. */
export const sign = async (secret: string, message: bigint): Promise<[bigint, bigint, bigint]> => {
  const [x, y, s] = await ask({ do: "sign", secret, message: String(message) });
  return [BigInt(x), BigInt(y), BigInt(s)];
};

/** scrypt of a password, as keystores have it. A second or more of work, and 128 MiB. */
export const stretch = (password: string, salt: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  ask({ do: "stretch", password, salt });

function ask<T extends Task>(
  task: T,
  onProgress: (progress: Progress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Results[T["do"]]> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new ProofRefused("cancelled"));
    let worker: Worker;
    try {
      worker = new Worker(scriptUrl(PROOFS_WORKER), { type: "module", name: "prover" });
    } catch (error) {
      return reject(new ProofRefused("failed", { reason: (error as Error).message }));
    }
    const end = (outcome: () => void) => {
      worker.terminate();
      signal?.removeEventListener("abort", cancel);
      outcome();
    };
    const cancel = () => end(() => reject(new ProofRefused("cancelled")));
    signal?.addEventListener("abort", cancel);
    worker.onerror = (event) => {
      event.preventDefault();
      end(() => reject(new ProofRefused("failed", { reason: event.message || "the worker did not start" })));
    };
    worker.onmessage = ({ data: answer }: MessageEvent<Answer>) => {
      if (answer.is === "progress") onProgress(answer.progress);
      else if (answer.is === "done") end(() => resolve(answer.result as Results[T["do"]]));
      else end(() => reject(new ProofRefused(answer.kind, answer.values)));
    };
    worker.postMessage(task);
  });
}
