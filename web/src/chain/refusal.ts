/**
 * Why something cannot be done: a kind for the page, a sentence for people.
 *
 * Contracts refuse with errors; `refusals/<language>.json` has a sentence for each that members can meet, in
 * which the error's arguments stand by their names. They are loaded when something is refused.
 */
import { Problem } from "@/api/problem";
import { spoken, t, type Key } from "@/words";
import { when } from "@/words/format";
import { CODES, codeOf, isRejected, messageOf, revertData, type Hex } from "./eip1193";

export type Kind =
  /** There is no wallet, or none was chosen. */
  | "no-wallet"
  | "wrong-chain"
  /** The person said no in their wallet. */
  | "rejected"
  /** The wallet waits for an answer to an earlier question. */
  | "asking"
  | "no-member"
  | "dormant"
  | "probation"
  /** It was done before, or is being done in another tab. */
  | "already"
  /** A vote, poll or window of time is over. */
  | "closed"
  | "credits"
  | "expired"
  /** A contract refused for another reason. */
  | "reverted"
  | "too-long"
  /** What the node shows is not what its id stands for. */
  | "false-proposal"
  /** The node cannot be reached. */
  | "unreachable"
  /** The relay takes no more from this member for a while. */
  | "busy"
  | "not-relayed"
  /** The wallet has no chain to write to. */
  | "no-chain"
  /** Public keys are for chains of this machine. */
  | "not-local"
  /** The page and the node are at different addresses. */
  | "elsewhere"
  /** There is no session, or it is over. */
  | "signed-out"
  | "failed";

export class Refusal extends Error {
  constructor(
    readonly kind: Kind,
    message: string,
    /** The contract's or the relay's error. */
    readonly error: string | null = null,
    readonly args: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = "Refusal";
  }
}

/** A refusal that the page itself has words for. */
export function refuse(kind: Kind, values: Record<string, string | number> = {}, about = ""): Refusal {
  return new Refusal(kind, t(`chain.refusal.${kind}${about && `.${about}`}` as Key, values));
}

const KINDS: Record<string, Kind> = {
  AdmissionExpired: "closed",
  AdmissionObjectionTwice: "already",
  AdmissionObjectionWindowClosed: "closed",
  AdmissionVouchTwice: "already",
  AssemblyAlreadyVoted: "already",
  AssemblyVotingClosed: "closed",
  AssignmentsVolunteeredTwice: "already",
  ConsentNotInElectorate: "no-member",
  ConsentSameResponse: "already",
  DocketSponsorTwice: "already",
  ForwarderExpired: "expired",
  ForwarderNonceUsed: "already",
  MembershipNotMember: "no-member",
  MembershipOnProbation: "probation",
  PollsAlreadyVoted: "already",
  PollsNotVoting: "closed",
  PollsOverBudget: "credits",
  PresenceAttestationExpired: "expired",
  RecallSignedTwice: "already",
  RelayFunctionNotAllowed: "not-relayed",
  RelayOnItsWay: "already",
  RelayRateLimited: "busy",
  RelayVotingIsOver: "closed",
  VoiceCreditsExceeded: "credits",
};

// What the numbers of enums stand for, by error and argument, in the contracts' order.
const STATUS = ["None", "Active", "Dormant", "Left", "Expelled"];
const PROPOSAL = ["Pending", "Active", "Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed"];
const CONSENT = ["Unknown", "Open", "Passed", "Blocked", "Lapsed", "Executed", "Escalated", "Expired"];
const DRAW = ["Unknown", "Revealing", "Waiting", "Capturable", "Missed", "Captured"];
const STAGE = ["None", "Standing", "Polling", "Drawing", "Filled", "Failed"];
const POLL = ["Voting", "Revealing", "Closed", "Following"];
const REVIEW = [
  "Unknown",
  "Drawing",
  "Reviewing",
  "Rework",
  "Stuck",
  "Accepted",
  "Failed",
  "Abandoned",
  "Overturned",
];
export const NAMES: Record<string, Record<string, readonly string[]>> = {
  AdmissionWrongStatus: {
    status: ["None", "Open", "Vouched", "Contested", "Cleared", "Admitted", "Withdrawn"],
  },
  AssignmentsWrongState: {
    state: ["Unknown", "Volunteering", "Selecting", "Drawing", "Open", "Finished", "Cancelled"],
  },
  AssignmentsWrongSeatState: { state: ["Vacant", "Held", "Delivered", "Rework", "Done", "Lapsed"] },
  CasePanelsWrongState: {
    state: [
      ...["Unknown", "Drawing", "Committing", "Revealing", "Countable", "Decided", "Appealed", "Assembly"],
      ...["Carried", "Dismissed", "Overruled"],
    ],
  },
  ConsentWrongState: { state: CONSENT, required: CONSENT },
  DocketModuleOpensThis: {
    kind: ["Constitutional", "Ordinary", "Person", "Admission", "Expulsion", "Recall"],
  },
  DrawsWrongState: { state: DRAW, required: DRAW },
  ElectionsWrongStage: { stage: STAGE, required: STAGE },
  GovernorUnexpectedProposalState: { current: PROPOSAL },
  MediationRemedy: { kind: ["Penalty", "Award", "Expulsion", "Overturn"] },
  MediationWrongState: {
    state: ["Unknown", "Drawing", "Accepting", "Mediating", "Settled", "Withdrawn", "Failed", "Convened"],
  },
  MembershipNotActive: { status: STATUS },
  MembershipWrongStatus: { status: STATUS, required: STATUS },
  PenaltiesWrongState: { state: ["Unknown", "Pending", "Carried", "Struck"] },
  PollsNotFollowing: { state: POLL },
  PollsNotRevealing: { state: POLL },
  PollsNotVoting: { state: POLL },
  PollsSecretBallotRefused: {
    problem: [
      "None",
      "NotVoting",
      "NotSecret",
      "NullifierOutOfRange",
      "NullifierUsed",
      "BallotInvalid",
      "ProofInvalid",
    ],
  },
  RecallWrongState: { state: ["Unknown", "Open", "Voting", "Recalled", "Failed", "Lapsed"] },
  ReviewsBadVerdict: { verdict: ["None", "Accept", "Rework"] },
  ReviewsNotConcluded: { state: REVIEW },
  ReviewsWrongState: { state: REVIEW },
};
const TIMES = /^(until|at|from|start|earliest|latest|deadline|periodStart|\w+At|\w+Until)$/;
/** Errors whose reason is the error of a call within. */
const WRAPPING = new Set(["ConsentCallFailed", "OfficesExerciseFailed"]);
/** A vote that is not in its time any more, rather than not yet. */
const OVER = new Set(["Canceled", "Defeated", "Succeeded", "Queued", "Expired", "Executed"]);

type Sentences = Record<string, string>;
const SENTENCES: Record<string, () => Promise<{ default: Sentences }>> = {
  en: () => import("./refusals/en.json"),
  es: () => import("./refusals/es.json"),
};

/** What an error of a contract, or of the relay, means. */
export async function ofError(error: string, args: Readonly<Record<string, unknown>>): Promise<Refusal> {
  const sentences = (await (SENTENCES[spoken.value] ?? SENTENCES["en"]!)()).default;
  return new Refusal(kindOf(error, args), await sentence(sentences, error, args), error, args);
}

/** What the data of a revert means. */
export async function ofData(data: Hex): Promise<Refusal> {
  const { errorOf } = await import("./abis");
  const { name, args } = await errorOf(data);
  return ofError(name, args);
}

/** What a wallet's error means; `refuse("failed")` with its message where it means nothing in particular. */
export async function ofWallet(error: unknown): Promise<Refusal> {
  if (error instanceof Refusal) return error;
  if (isRejected(error)) return refuse("rejected");
  const code = codeOf(error);
  if (code === CODES.alreadyAsking) return refuse("asking");
  if (code === CODES.unauthorised) return refuse("no-wallet", {}, "closed");
  if (code === CODES.disconnected || code === CODES.chainDisconnected) return refuse("no-chain");
  const data = revertData(error);
  if (data !== null) return ofData(data);
  return refuse("failed", { reason: messageOf(error).slice(0, 300) });
}

/** What a node's problem means. */
export async function ofProblem(problem: Problem): Promise<Refusal> {
  const items = problem.body["items"] as
    { problem: { error: string; arguments: Record<string, unknown> } | null }[] | undefined;
  const said = items?.[0]?.problem;
  if (said) return ofError(said.error, said.arguments);
  if (problem.status === 429) return refuse("busy");
  if (problem.kind === "no-relay") return refuse("not-relayed");
  if (problem.passing) return refuse("unreachable");
  return new Refusal("failed", problem.message);
}

/** Of anything that was thrown. */
export function asRefusal(error: unknown): Promise<Refusal> {
  return error instanceof Problem ? ofProblem(error) : ofWallet(error);
}

function kindOf(error: string, args: Readonly<Record<string, unknown>>): Kind {
  const named = (name: string) => nameOf(error, name, args[name]);
  if (error === "MembershipNotActive") return named("status") === "Dormant" ? "dormant" : "no-member";
  if (error === "GovernorUnexpectedProposalState")
    return OVER.has(named("current") ?? "") ? "closed" : "reverted";
  if (error === "PollsSecretBallotRefused")
    return (
      { NullifierUsed: "already" as const, NotVoting: "closed" as const }[named("problem") ?? ""] ??
      "reverted"
    );
  return KINDS[error] ?? "reverted";
}

function nameOf(error: string, name: string, value: unknown): string | null {
  const names = NAMES[error]?.[name];
  if (!names) return null;
  if (typeof value === "string" && names.includes(value)) return value;
  return names[Number(value)] ?? null;
}

async function sentence(
  words: Sentences,
  error: string,
  args: Readonly<Record<string, unknown>>,
): Promise<string> {
  const said: Record<string, string> = {};
  for (const [name, value] of Object.entries(args)) said[name] = await inWords(words, error, name, value);
  const template = words[error];
  const named = Object.entries(said).map(([name, value]) => `${name} ${value}`);
  const plain = template ?? (words["unknown"] as string).replace("{error}", `${error}(${named.join(", ")})`);
  // A relay may say less than the contract would: what it leaves out is not made up.
  return plain.replace(/\{(\w+)\}/g, (_, name: string) => said[name] ?? "…");
}

async function inWords(words: Sentences, error: string, name: string, value: unknown): Promise<string> {
  const named = nameOf(error, name, value);
  if (named) return words[`state.${named}`] ?? named;
  if (name === "reason" && WRAPPING.has(error) && typeof value === "string")
    return (await ofData(value as Hex)).message;
  if (TIMES.test(name) && /^\d+$/.test(String(value))) return when(Math.min(Number(value), 8.64e12));
  if (name === "name" && typeof value === "string" && value.startsWith("0x")) return textIn(value);
  return String(value);
}

/** A bytes32 that holds a name. */
function textIn(word: string): string {
  const octets = word.slice(2).match(/../g) ?? [];
  const bytes = Uint8Array.from(octets, (pair) => parseInt(pair, 16));
  return new TextDecoder().decode(bytes).replace(/\0+$/, "");
}
