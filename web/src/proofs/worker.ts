/**
 * The prover: whatever needs a member's secret or takes seconds. It has one task, answers, and is ended by the page,
 * so that no secret stays in it. It runs under a Content-Security-Policy of its own, which lets it compile WebAssembly
 * and start no worker.
 */
import { Identity } from "@semaphore-protocol/identity";
import { poseidon2 } from "poseidon-lite/poseidon2";
import { ProofRefused, type Answer, type Proof, type Results, type Step, type Task } from "./protocol";
import { signalOf } from "./purposes";

const page = globalThis as unknown as {
  postMessage(answer: Answer): void;
  onmessage: ((event: MessageEvent<Task>) => void) | null;
};

page.onmessage = async ({ data: task }) => {
  try {
    page.postMessage({ is: "done", result: await work(task) });
  } catch (error) {
    const { kind, values } =
      error instanceof ProofRefused
        ? error
        : new ProofRefused("failed", { reason: (error as Error).message });
    page.postMessage({ is: "refused", kind, values });
  }
};

const told = (step: Step, done: number, all: number) =>
  page.postMessage({ is: "progress", progress: { step, done, all } });

async function work(task: Task): Promise<Results[keyof Results]> {
  if (task.do === "stretch") {
    const { scrypt } = await import("@noble/hashes/scrypt");
    // As `zk/keystore.py`: 128 MiB and, in JavaScript, a second or more for each guess.
    return new Uint8Array(scrypt(task.password, task.salt, { N: 1 << 17, r: 8, p: 1, dkLen: 32 }));
  }
  const identity = identityOf(task.secret);
  switch (task.do) {
    case "identify": {
      const [x, y] = identity.publicKey;
      return { commitment: String(identity.commitment), publicKey: [String(x), String(y)] };
    }
    case "nullify":
      return String(poseidon2([signalOf(BigInt(task.scope)), identity.secretScalar]));
    case "sign": {
      const { R8, S } = identity.signMessage(BigInt(task.message));
      return [String(R8[0]), String(R8[1]), String(S)];
    }
    case "prove":
      return prove(identity, task);
  }
}

function identityOf(secret: string): Identity {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(secret)) throw new ProofRefused("secret");
  try {
    return Identity.import(secret);
  } catch {
    throw new ProofRefused("secret");
  }
}

type Prove = Extract<Task, { do: "prove" }>;

async function prove(identity: Identity, task: Prove): Promise<Proof> {
  const group = await electorate(task);
  if (group.indexOf(identity.commitment) < 0) {
    throw new ProofRefused("not-in-group", { commitment: String(identity.commitment) });
  }
  const { artifactsOf } = await import("./artifacts");
  const { wasm, zkey } = await artifactsOf(task.artifacts, task.depth, (progress) =>
    page.postMessage({ is: "progress", progress }),
  );
  // Without it the prover works in this thread. It would start others from blobs, which no policy here allows.
  Reflect.deleteProperty(globalThis, "Worker");
  const { generateProof } = await import("@semaphore-protocol/proof");
  told("witness", 0, 1);
  let proving = false;
  const key = {
    type: "mem",
    // The key is first read when the witness is there, and then many times.
    get data() {
      if (!proving) told("proof", 0, 1);
      proving = true;
      return zkey;
    },
  };
  const proof = await generateProof(
    identity,
    group,
    BigInt(task.message),
    BigInt(task.scope),
    task.depth,
    // The types know addresses only; snarkjs takes bytes as well.
    { wasm: wasm as unknown as string, zkey: key as unknown as string },
  );
  told("proof", 1, 1);
  return { ...proof, points: proof.points.map(String) };
}

const RUN = 512;

/** The group with empty leaves up to a power of two, as the contract has it, if its root is the one that is expected. */
async function electorate(task: Prove) {
  const { Group } = await import("@semaphore-protocol/group");
  const leaves = task.leaves.map(leafOf);
  while (leaves.length & (leaves.length - 1)) leaves.push(0n);
  const group = new Group();
  told("group", 0, leaves.length);
  for (let at = 0; at < leaves.length; at += RUN) {
    // `addMembers` refuses empty leaves, of which the contract's tree has some.
    group.leanIMT.insertMany(leaves.slice(at, at + RUN));
    told("group", Math.min(at + RUN, leaves.length), leaves.length);
  }
  if (String(group.root) !== task.root) {
    throw new ProofRefused("root", {
      leaves: task.leaves.length,
      found: String(group.root),
      expected: task.root,
    });
  }
  return group;
}

const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

function leafOf(leaf: string, index: number): bigint {
  const value = /^(0|[1-9][0-9]{0,77})$/.test(leaf) ? BigInt(leaf) : FIELD;
  if (value >= FIELD) throw new ProofRefused("leaves", { index });
  return value;
}
