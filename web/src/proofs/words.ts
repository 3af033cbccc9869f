/** Why a proof, a key or a secret ballot came to nothing, in words. */
import { Problem } from "@/api/client";
import { t } from "@/words";
import { BallotRefused } from "./ballots";
import { IdentityRefused, LEAST_PASSWORD } from "./identity";
import { Locked } from "./locked";
import { ProofRefused } from "./protocol";
import { RelayRefused } from "./relayed";

export async function said(error: unknown): Promise<string> {
  if (error instanceof ProofRefused) return t(`proofs.refused.${error.kind}`, error.values);
  if (error instanceof Locked) return t(`proofs.locked.${error.kind}`);
  if (error instanceof IdentityRefused) return t(`proofs.identity.${error.kind}`, { least: LEAST_PASSWORD });
  if (error instanceof BallotRefused) return t(`proofs.ballot.${error.kind}`, error.values);
  if (error instanceof Problem || error instanceof RelayRefused) {
    const { asRefusal, ofError } = await import("@/chain/refusal");
    const refusal = error instanceof Problem ? asRefusal(error) : ofError(error.error, error.values);
    return (await refusal).message;
  }
  return t("proofs.unknown", { reason: error instanceof Error ? error.message : String(error) });
}
