/**
 * Signing in at a node as "a member", and as nobody else: the proof is for one node and one day, so that two nodes
 * cannot tell that the same person was there, nor one node from one day to the next.
 */
import { read, send } from "@/api/client";
import { nodeAddress } from "@/app/preferences";
import { keep } from "@/chain/session";
import { t } from "@/words";
import { prove, type Progress } from "./prover";
import { signInMessage, signInScope } from "./purposes";
import { InWords } from "./words";

interface Challenge {
  challenge: `0x${string}`;
  message: string;
  origin: string;
  root: string;
  depth: number;
}

const DAY = 86_400;

/** Proves that whoever has the secret is a member. Raises `ProofRefused`, `Problem` and `InWords`. */
export async function signInWithProof(
  secret: string,
  onProgress?: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<void> {
  const node = nodeAddress.peek();
  const place = node || location.origin;
  const asked = (await send("POST", "/v1/session/challenge")).data as Challenge;
  const about = await read("/v1/node");
  const group = about.data.contracts["MemberGroup"] as `0x${string}`;
  const day = Math.floor(about.block.timestamp / DAY);
  const scope = signInScope(about.data.chainId, group, day, new URL(place).origin);
  const message = signInMessage(scope, asked.challenge);
  // A proof of something else could be used elsewhere by whoever asked for it.
  if (String(message) !== asked.message)
    throw new InWords(t("proofs.session.elsewhere", { origin: asked.origin }));
  const { leaves } = (await read("/v1/session/group")).data;
  const { root, depth } = asked;
  const artifacts = `${place}/artifacts`;
  const proving = { identitySecret: secret, leaves, root, depth, message, scope, artifacts };
  const proof = await prove(proving, onProgress, signal);
  const begun = (await send("POST", "/v1/session", { challenge: asked.challenge, proof })).data;
  keep({ node, token: begun.token as string, expiresAt: begun.expiresAt as number });
}
