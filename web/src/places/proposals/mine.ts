/** What the person who signs here has to do with decisions: their ballots, and what happens on their behalf. */
import { useMemo } from "preact/hooks";
import type { Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import { memberId, type Member } from "@/app/me";

export type Mine = Item<"/v1/members/{memberId}/ballots">;
export type Notified = Item<"/v1/members/{memberId}/notices">;

/** My ballots by the proposal's id; undefined until they are known. */
export function useMyBallots(): Map<string, Mine> | undefined {
  const id = memberId.value;
  const found = useAll(id === null ? null : "/v1/members/{memberId}/ballots", { memberId: id }).data;
  return useMemo(() => found && new Map(found.map((ballot) => [ballot.proposalId, ballot])), [found]);
}

/** Ballots that are about to be cast on my behalf. */
export function useMyNotices(): Notified[] {
  const id = memberId.value;
  const values = { memberId: id, pending: true };
  return useReading(id === null ? null : "/v1/members/{memberId}/notices", values).data ?? [];
}

/** Whether a member was active at a second, which is what lets them vote on what opened then. */
export function wasActiveAt(who: Member, second: number): boolean {
  const last = [...who.history]
    .sort((a, b) => a.changedAt - b.changedAt || a.block - b.block)
    .filter(({ changedAt }) => changedAt <= second)
    .pop();
  return last?.toStatus === "Active";
}
