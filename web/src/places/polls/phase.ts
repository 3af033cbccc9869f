/** Where a poll stands by the chain's clock. */
import type { Item } from "@/api/client";
import type { Tone } from "@/parts/basics";

export type Poll = Item<"/v1/polls">;
export type PollPhase = Poll["state"];

export function pollPhase(poll: Poll, now: number): PollPhase {
  if (now <= poll.votingEnd) return "Voting";
  if (poll.secret) return poll.hidden && now <= poll.revealEnd ? "Revealing" : "Closed";
  return now <= poll.followEnd ? "Following" : "Closed";
}

export const POLL_TONES: Record<PollPhase, Tone> = {
  Voting: "warn",
  Revealing: "warn",
  Following: "warn",
  Closed: "calm",
};
