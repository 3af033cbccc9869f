/** Where a decision stands by the chain's clock, which may be later than the block that the node answered at. */
import { useEffect, useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { chainNow, head } from "@/api/live";
import type { Tone } from "@/parts/basics";

export type Proposal = Item<"/v1/proposals">;

export type Phase =
  | "deliberation"
  | "voting"
  | "following"
  | "passed"
  | "queued"
  | "ready"
  | "executed"
  | "defeated"
  | "canceled"
  | "expired";

/** A vote on a person is carried out without a delay. */
export function hasDelay(proposal: Pick<Proposal, "rule">): boolean {
  return proposal.rule === "Ordinary" || proposal.rule === "Constitutional";
}

export function phaseOf(proposal: Proposal, now: number): Phase {
  switch (proposal.state) {
    case "Executed":
      return "executed";
    case "Canceled":
      return "canceled";
    case "Defeated":
      return "defeated";
    case "Expired":
      return "expired";
    case "Queued":
      if (now > proposal.expiresAt) return "expired";
      return now >= (proposal.queuedUntil ?? 0) ? "ready" : "queued";
    default:
      if (now <= proposal.voteStart) return "deliberation";
      if (now <= proposal.deadline) return "voting";
      if (now <= proposal.followEnd) return "following";
      if (!proposal.tally.passing || !proposal.tally.quorumReached) return "defeated";
      if (now > proposal.expiresAt) return "expired";
      return hasDelay(proposal) ? "passed" : "ready";
  }
}

export const UNDECIDED: readonly Phase[] = ["deliberation", "voting", "following"];
/** Decided, and waiting for somebody to carry it out. */
export const TO_DO: readonly Phase[] = ["passed", "queued", "ready"];

export const PHASE_TONES: Record<Phase, Tone> = {
  deliberation: "calm",
  voting: "warn",
  following: "warn",
  passed: "good",
  queued: "good",
  ready: "good",
  executed: "good",
  defeated: "bad",
  canceled: "calm",
  expired: "calm",
};

/** The chain's time in whole seconds; what uses it is drawn anew as it passes. */
export function useNow(): number {
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  void head.value;
  return Math.floor(chainNow());
}
