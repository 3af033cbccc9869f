/** Where something put to consent stands by the chain's clock. */
import type { Item } from "@/api/client";
import type { Tone } from "@/parts/basics";

export type Consent = Item<"/v1/consent">;
export type ConsentPhase = Consent["state"];

export function consentPhase(consent: Consent, now: number): ConsentPhase {
  if (consent.state === "Open" && now > consent.windowEnd) {
    if (consent.blocks >= consent.blockLimit) return "Blocked";
    return consent.acknowledged >= consent.needed ? "Passed" : "Lapsed";
  }
  const waiting = consent.state === "Passed" || consent.state === "Blocked";
  return waiting && now > consent.expiresAt ? "Expired" : consent.state;
}

export const CONSENT_TONES: Record<ConsentPhase, Tone> = {
  Open: "warn",
  Passed: "good",
  Blocked: "bad",
  Lapsed: "calm",
  Executed: "good",
  Escalated: "calm",
  Expired: "calm",
};
