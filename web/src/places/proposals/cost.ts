/** What votes cost: the square of their number, less the one credit that every vote of all brings along. */
import { useReading } from "@/api/live";
import type { Data } from "@/api/client";
import { memberId } from "@/app/me";

export type Credits = Data<"/v1/members/{memberId}/credits">[number];

/** n votes cost n x n - 1 credits. */
export function costOf(votes: number): number {
  return Math.max(0, votes * votes - 1);
}

/** The most votes that so many credits pay for, up to `most`. */
export function affordable(left: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(Math.sqrt(left + 1))));
}

/** My credits of a season; undefined while nobody signs, or until they are known. */
export function useCredits(season: number): Credits | undefined {
  const id = memberId.value;
  const values = { memberId: id, last: 4 };
  const found = useReading(id === null ? null : "/v1/members/{memberId}/credits", values).data;
  return found?.find((credits) => credits.season === season);
}
