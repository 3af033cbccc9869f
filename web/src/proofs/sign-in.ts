/**
 * Signing in at a node as "a member", and as nobody else: the proof is for one node and one day, so that two nodes cannot
 * tell that the same person was there, nor can one node from one day to the next.
 */
import { read, readAll, send } from "@/api/client";
import { nodeAddress } from "@/app/preferences";
import { addressOf } from "@/chain/abis";
import { commune } from "@/chain/commune";
import { keep, type Session } from "@/chain/session";
import { ProofRefused, type Progress } from "./protocol";
import { prove } from "./prover";
import { signInMessage, signInScope } from "./purposes";

const DAY = 86_400;
/** Seconds within which a node's day may differ from its last block's: the head moves on while it is asked. */
const LEEWAY = 120;

/** Begins a session, which this tab keeps. Raises `ProofRefused` and `Problem`. */
export async function signInByProof(
  secret: string,
  onProgress?: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Session> {
  const here = await commune();
  const group = await addressOf(here, "group");
  const origin = new URL(nodeAddress.peek() || location.origin).origin;
  const { data: asked, block } = await send("POST", "/v1/session/challenge");
  const days = [block.timestamp - LEEWAY, block.timestamp + LEEWAY].map((time) => Math.floor(time / DAY));
  const day = days.find((one) => one === asked.day);
  const scope = day === undefined ? null : signInScope(here.chainId, group, day, origin);
  const message = scope === null ? null : signInMessage(scope, asked.challenge);
  // A proof of anything else would be good for something else.
  if (
    scope === null ||
    message === null ||
    String(scope) !== asked.scope ||
    String(message) !== asked.message
  ) {
    throw new ProofRefused("other-purpose");
  }
  const { leaves } = (await read("/v1/session/group")).data;
  const now = await readAll("/v1/group/leaves", { limit: 10_000 });
  const known = new Set(["0", ...now.data.map(({ leaf }) => leaf)]);
  // Leaves made up for one visitor would tell them apart.
  const strange = leaves.findIndex((leaf) => !known.has(leaf));
  if (strange >= 0) throw new ProofRefused("leaves", { index: strange });
  const { root, depth } = asked as { root: string; depth: number };
  const artifacts = `${nodeAddress.peek() || location.origin}/artifacts`;
  const wanted = { identitySecret: secret, leaves, root, depth, message, scope, artifacts };
  const proof = await prove(wanted, onProgress, signal);
  const { data: begun } = await send("POST", "/v1/session", { challenge: asked.challenge, proof });
  return keep({ node: nodeAddress.peek(), token: begun.token, expiresAt: begun.expiresAt });
}
