/** Reads what a member's needs come from: only what can hold any, and all at once. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { read, type Data, type Problem } from "@/api/client";
import { chainNow, head, useReading, type Live } from "@/api/live";
import type { Member } from "@/app/me";
import type { Decided } from "./home";
import {
  ofApplications,
  ofCases,
  ofConsent,
  ofDelegations,
  ofMembership,
  ofNotices,
  ofOffices,
  ofPenalties,
  ofPolls,
  ofProposals,
  ofWards,
  ofWork,
  sorted,
  type Need,
} from "./needs";

export interface Needs {
  needs: Need[];
  /** Whether something is still to be read. */
  loading: boolean;
  error: Problem | undefined;
}

const OVER = ["Settled", "Withdrawn"];
const DECIDED = ["Carried", "Dismissed", "Overruled"];

export function useNeeds(me: Member, { proposals, polls, consent }: Decided): Needs {
  const { memberId } = me;
  const some = (reading: Live<unknown[]>) => (reading.data?.length ?? 0) > 0;
  const notices = useReading("/v1/members/{memberId}/notices", { memberId, pending: true });
  const work = useReading("/v1/members/{memberId}/work", { memberId });
  const cases = useReading("/v1/cases", { memberId, limit: 50 });
  const held = useReading("/v1/offices", { heldBy: memberId });
  const penalties = useReading("/v1/penalties", { memberId, state: "Pending" });
  const delegations = useReading("/v1/members/{memberId}/delegations", { memberId });
  const applications = useReading(me.vouchesLeft > 0 ? "/v1/applications" : null, { status: "Open" });
  const ballots = useReading(some(proposals) ? "/v1/members/{memberId}/ballots" : null, {
    memberId,
    limit: 200,
  });
  const done = (kind: string, wanted: boolean) =>
    useReading(wanted ? "/v1/activity" : null, { memberId, kind, limit: 200 });
  const cast = done("PollBallotCast", some(polls));
  const answered = done("Responded", some(consent));
  const vouched = done("Vouched", some(applications));
  const seats = useReading((work.data?.holds.length ?? 0) > 0 ? "/v1/assignments" : null, {
    member: memberId,
  });
  const live = (cases.data ?? []).filter(
    (it) => !OVER.includes(it.state) && !DECIDED.includes(it.panelState ?? ""),
  );
  const casesInFull = useEach(
    "/v1/cases/{caseId}",
    "caseId",
    live.map((it) => it.caseId),
  );
  const officesInFull = useEach(
    "/v1/offices/{officeId}",
    "officeId",
    (held.data ?? []).map((it) => it.officeId),
  );
  const wards = useEach("/v1/members/{memberId}", "memberId", me.recovery.guardianOf);
  const readings = [
    proposals,
    polls,
    consent,
    notices,
    work,
    cases,
    held,
    penalties,
    delegations,
    applications,
    ballots,
    cast,
    answered,
    vouched,
    seats,
  ];
  const loading = readings.some((it) => it.loading) || casesInFull.loading || officesInFull.loading;
  const needs = useMemo(() => {
    const now = chainNow();
    // What was done is known before what is left to do is told: a need that vanishes would be a false alarm.
    const ifKnown = <T>(reading: Live<T>, of: (data: T) => Need[]) =>
      reading.data === undefined ? [] : of(reading.data);
    return sorted([
      ...ofMembership(me, now),
      ...ofWards(wards.data, me),
      ...ifKnown(notices, ofNotices),
      ...ifKnown(ballots, (cast) =>
        ofProposals(proposals.data ?? [], new Set(cast.map((one) => one.proposalId)), me, now),
      ),
      ...ifKnown(cast, (rows) =>
        ofPolls(polls.data ?? [], new Set(rows.map((row) => row.pollId ?? 0)), me, now),
      ),
      ...ifKnown(answered, (rows) =>
        ofConsent(consent.data ?? [], new Set(rows.map((row) => row.proposalId ?? "")), me, now),
      ),
      ...ifKnown(work, (data) => ofWork(data, seats.data ?? [])),
      ...ofCases(casesInFull.data, me, now),
      ...ifKnown(vouched, (rows) =>
        ofApplications(applications.data ?? [], new Set(rows.map((row) => row.applicationId ?? 0)), me, now),
      ),
      ...ofOffices(officesInFull.data, me, now),
      ...ifKnown(penalties, (data) => ofPenalties(data, now)),
      ...ifKnown(delegations, ofDelegations),
    ]);
  }, [me, ...readings.map((it) => it.data), casesInFull.data, officesInFull.data, wards.data]);
  return { needs, loading, error: readings.find((it) => it.error)?.error };
}

type Whole = "/v1/cases/{caseId}" | "/v1/offices/{officeId}" | "/v1/members/{memberId}";

/** The things of these numbers, in full; those that cannot be read are left out. */
function useEach<P extends Whole>(
  path: P,
  name: string,
  ids: number[],
): { data: Data<P>[]; loading: boolean } {
  const [found, setFound] = useState<{ key: string; data: Data<P>[] }>({ key: "", data: [] });
  const key = ids.join(",");
  const at = head.value?.hash;
  useEffect(() => {
    if (key === "") return;
    let wanted = true;
    void Promise.allSettled(key.split(",").map((id) => read(path, { [name]: id }))).then((all) => {
      if (!wanted) return;
      const data = all.flatMap((one) => (one.status === "fulfilled" ? [one.value.data] : []));
      setFound({ key, data });
    });
    return () => {
      wanted = false;
    };
  }, [key, at]);
  const data = found.key === key ? found.data : NONE;
  return { data: data as Data<P>[], loading: key !== "" && found.key !== key };
}

const NONE: never[] = [];
