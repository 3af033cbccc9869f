/**
 * A meeting at which several people vote on one device, and its minutes.
 *
 * The minutes say who handed over which ballot, by the hash of what they signed. Of secret ballots they only say who
 * handed one over: a hash would lead to the ballot on the chain, and a time to its place among the others.
 */
import { signal } from "@preact/signals";
import { t } from "@/words";
import { memberName, when } from "@/words/format";

export interface HandedOver {
  /** The chain's time. */
  at: number;
  memberId: number;
  /** A proposal's or a poll's title, as the minutes name it. */
  title: string;
  /** `proposal 12` or `poll 3`. */
  what: string;
  /** The EIP-712 hash of what was signed. */
  hash: string;
  transaction: string | null;
  block: number | null;
}

export interface Witness {
  memberId: number;
  account: string;
}

export interface Meeting {
  chainId: number;
  membership: string;
  openedAt: number;
  witness: Witness;
  ballots: HandedOver[];
  /** Who handed over a secret ballot, by poll. */
  secret: Record<number, { title: string; members: number[] }>;
}

const KEPT = "dualpower.meeting";

/** The meeting on this device, if one is open. It outlives a reload of the page, and ends with its tab. */
export const meeting = signal<Meeting | null>(restored());

export function open(chainId: number, membership: string, openedAt: number, witness: Witness): void {
  keep({ chainId, membership, openedAt, witness, ballots: [], secret: {} });
}

export function record(ballot: HandedOver): void {
  const now = meeting.peek();
  if (now) keep({ ...now, ballots: [...now.ballots, ballot] });
}

export function recordSecret(pollId: number, title: string, memberId: number): void {
  const now = meeting.peek();
  if (!now) return;
  const before = now.secret[pollId]?.members ?? [];
  // In the order of their numbers, which says nothing about when.
  const members = [...new Set([...before, memberId])].sort((one, other) => one - other);
  keep({ ...now, secret: { ...now.secret, [pollId]: { title, members } } });
}

export function close(): void {
  keep(null);
}

/** What the witness signs, line by line. */
export function minutes(held: Meeting, closedAt: number): string {
  const lines = [
    t("kiosk.minutes.title"),
    t("kiosk.minutes.commune", { chain: String(held.chainId), address: held.membership }),
    t("kiosk.minutes.time", { from: moment(held.openedAt), to: moment(closedAt) }),
    t("kiosk.minutes.witness", { member: memberName(held.witness.memberId), account: held.witness.account }),
    "",
    held.ballots.length
      ? t("kiosk.minutes.ballots", { count: held.ballots.length })
      : t("kiosk.minutes.none"),
    ...held.ballots.map(
      ({ at, memberId, what, title, hash, transaction, block }, place) =>
        `${place + 1}. ${moment(at)} ${memberName(memberId)}: ${what} (${title}), ${hash}` +
        (transaction ? `, ${transaction}` : "") +
        (block ? `, ${t("app.block", { number: String(block) })}` : ""),
    ),
    "",
    ...Object.entries(held.secret).map(([pollId, { title, members }]) =>
      t("kiosk.minutes.secret", { poll: pollId, title, members: members.map(memberName).join(", ") }),
    ),
  ];
  return lines.join("\n").trim() + "\n";
}

/** With the exact time, in seconds since 1970, beside the one for people. */
const moment = (at: number): string => `${when(at)} [${Math.floor(at)}]`;

function keep(held: Meeting | null): void {
  meeting.value = held;
  try {
    if (held) sessionStorage.setItem(KEPT, JSON.stringify(held));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A full or closed storage: it holds until the page is closed.
  }
}

function restored(): Meeting | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Meeting | null;
  } catch {
    return null;
  }
}
