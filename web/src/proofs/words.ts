/** Why a proof, a key or a secret ballot came to nothing, in words. */
import { Problem } from "@/api/client";
import { asRefusal, ofError, Refusal } from "@/chain/refusal";
import { t } from "@/words";
import { BallotRefused } from "./ballots";
import { IdentityRefused, LEAST_PASSWORD } from "./identity";
import { Locked } from "./locked";
import { ProofRefused } from "./protocol";
import { RelayRefused } from "./relayed";

/** An error whose message is a sentence in the page's language. */
export class InWords extends Error {}

export async function said(error: unknown): Promise<string> {
  if (error instanceof ProofRefused) return t(`proofs.refused.${error.kind}`, error.values);
  if (error instanceof Locked) return t(`proofs.locked.${error.kind}`);
  if (error instanceof IdentityRefused) return t(`proofs.identity.${error.kind}`, { least: LEAST_PASSWORD });
  if (error instanceof BallotRefused) return t(`proofs.ballot.${error.kind}`, error.values);
  if (error instanceof InWords || error instanceof Refusal) return error.message;
  if (error instanceof Problem) return (await asRefusal(error)).message;
  if (error instanceof RelayRefused) return (await ofError(error.error, error.values)).message;
  return t("proofs.unknown", { reason: error instanceof Error ? error.message : String(error) });
}
