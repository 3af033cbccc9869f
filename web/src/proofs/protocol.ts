/** What the page and the prover's worker say to each other. Numbers of the chain are decimal strings. */

/** As Semaphore's clients write a proof, and as nodes take it. */
export interface Proof {
  merkleTreeDepth: number;
  merkleTreeRoot: string;
  nullifier: string;
  message: string;
  scope: string;
  points: string[];
}

/** What everyone may know of an identity. */
export interface PublicIdentity {
  commitment: string;
  publicKey: [string, string];
}

/** An identity in a file that only a password opens, as `zk/keystore.py` writes it. */
export interface Keystore {
  format: "dualpower.identity";
  version: 1;
  salt: string;
  nonce: string;
  encrypted: string;
}

/** `secret` is a private key as Semaphore's `export()` writes it: base64. */
export type Task =
  | { do: "identify"; secret: string }
  | { do: "nullify"; secret: string; scope: string }
  | { do: "sign"; secret: string; message: string }
  | { do: "stretch"; password: string; salt: Uint8Array<ArrayBuffer> }
  | {
      do: "prove";
      secret: string;
      leaves: readonly string[];
      root: string;
      depth: number;
      message: string;
      scope: string;
      artifacts: string;
    };

export interface Results {
  identify: PublicIdentity;
  nullify: string;
  /** R8.x, R8.y and s. */
  sign: [string, string, string];
  /** 32 bytes of scrypt. */
  stretch: Uint8Array<ArrayBuffer>;
  prove: Proof;
}

export type Step = "group" | "keys" | "witness" | "proof";

/** `done` and `all` in leaves while the group is built, in bytes while keys are loaded, and else 0 of 1 or 1 of 1. */
export interface Progress {
  step: Step;
  done: number;
  all: number;
  /** The keys will have to be downloaded again next time, since this device's storage is full or closed. */
  unkept?: boolean;
}

export type RefusalKind =
  | "secret"
  | "leaves"
  | "root"
  | "other-purpose"
  | "not-in-group"
  | "depth"
  | "artifact-missing"
  | "artifact-unreachable"
  | "artifact-altered"
  | "cancelled"
  | "failed";

/** Why no proof was made. The words are `proofs.refused.<kind>`, and take `values`. */
export class ProofRefused extends Error {
  constructor(
    readonly kind: RefusalKind,
    readonly values: Readonly<Record<string, string | number>> = {},
  ) {
    super(`${kind} ${JSON.stringify(values)}`);
    this.name = "ProofRefused";
  }
}

export type Answer =
  | { is: "progress"; progress: Progress }
  | { is: "done"; result: Results[keyof Results] }
  | { is: "refused"; kind: RefusalKind; values: Readonly<Record<string, string | number>> };
