/**
 * A draw repeated step by step, as `dualpower draw verify` does, and compared with what the node tells of it.
 *
 * The node's word is needed for what went in (the pool, the secrets, the hash of the block that decided); the chain,
 * where it can be asked, tells the same without the node. Everything else is worked out here.
 */
import { hashOf } from "@/api/keccak";
import { decodeFunctionResult, encodeFunctionData, type Address, type Hex } from "viem";
import { read, type Data } from "@/api/client";
import { Problem } from "@/api/problem";
import { commitmentOf, mixAfter, NO_SECRETS, numberOf, pick, poolOfMembers, shuffledAt } from "./number";
import { textOf } from "./texts";

export type Draw = Data<"/v1/draws/{drawId}">;
/** `worked`: there is nothing to compare it with; `unasked`: it could not be checked here. */
export type Result = "agrees" | "differs" | "worked" | "unasked";

/** One thing that was worked out: `name` is a key under `offices.verify.`. */
export interface Step {
  name: StepName;
  values?: Record<string, string | number>;
  result: Result;
  /** What was worked out, and what was told, where they differ or are of interest. */
  computed?: string;
  told?: string;
}

export type StepName =
  | "text"
  | "pool"
  | "poolUnknown"
  | "secrets"
  | "target"
  | "chain"
  | "block"
  | "number"
  | "waiting"
  | "order"
  | "seated"
  | "asked"
  | "ticket";

/** Asks the chain itself, as EIP-1193 does. */
export type Ask = (method: string, params: unknown[]) => Promise<unknown>;

/** How many of those whom a shuffle takes are worked out, at least. */
const SHOWN = 10;
const ORDERED = 400;

const DRAW_ABI = [
  {
    type: "function",
    name: "draw",
    stateMutability: "view",
    inputs: [{ name: "drawId", type: "uint32" }],
    outputs: [
      {
        name: "",
        type: "tuple",
        components: [
          { name: "opener", type: "address" },
          { name: "pool", type: "bytes32" },
          { name: "size", type: "uint32" },
          { name: "withReveals", type: "bool" },
          { name: "revealEnd", type: "uint48" },
          { name: "targetBlock", type: "uint48" },
          { name: "retargets", type: "uint16" },
          { name: "delay", type: "uint16" },
          { name: "reveals", type: "uint32" },
          { name: "mix", type: "bytes32" },
          { name: "blockHash", type: "bytes32" },
          { name: "number", type: "uint256" },
        ],
      },
    ],
  },
] as const;

/** Repeats a draw and hands over each step as soon as it is done. Raises a `Problem` where the node does not answer. */
export async function recompute(draw: Draw, ask: Ask | null, tell: (step: Step) => void): Promise<void> {
  const { data: node } = await read("/v1/node");
  const address = node.contracts["Draws"] as Address;
  if (draw.text !== null) tell(compared("text", hashOf(draw.text), draw.textHash));
  await pool(draw, tell);
  const revealed = secrets(draw, tell);
  const first = draw.withReveals ? draw.revealEnd : draw.block;
  tell({
    name: "target",
    values: { target: String(draw.targetBlock), first: String(first) },
    result: draw.targetBlock > first ? "agrees" : "differs",
  });
  await chain(draw, address, ask, tell);
  if (draw.number === null || draw.blockHash === null) {
    tell({ name: "waiting", values: { target: String(draw.targetBlock) }, result: "unasked" });
    return;
  }
  const drawn = numberOf({
    chainId: node.chainId,
    draws: address,
    drawId: draw.drawId,
    pool: draw.pool as Hex,
    blockHash: draw.blockHash as Hex,
    mix: draw.mix as Hex,
  });
  tell(compared("number", String(drawn), draw.number));
  await taken(draw, drawn, revealed, tell);
}

function compared(name: StepName, computed: string, told: string, values?: Step["values"]): Step {
  return {
    name,
    result: computed === told ? "agrees" : "differs",
    computed,
    told,
    ...(values && { values }),
  };
}

/** What is drawn from, against the hash that was committed to before the number was. */
async function pool(draw: Draw, tell: (step: Step) => void): Promise<void> {
  const members = draw.members.map((member) => member.memberId);
  if (members.length > 0) {
    const distinct = new Set(members).size === draw.size ? poolOfMembers(members) : NO_SECRETS;
    tell(compared("pool", distinct, draw.pool, { count: members.length }));
  } else if (draw.openerModule === "reviews") {
    const told = draw.text ?? "";
    const right = told.endsWith(`: members 1 to ${draw.size}`) ? hashOf(told) : NO_SECRETS;
    tell(compared("pool", right, draw.pool, { count: draw.size }));
  } else {
    const lottery = await published(draw);
    if (lottery === null) tell({ name: "poolUnknown", result: "unasked" });
    else tell({ name: "pool", values: { count: draw.size }, ...lotteryStep(draw, lottery) });
  }
}

function lotteryStep(draw: Draw, lottery: string): { result: Result; computed: string; told: string } {
  const good = hashOf(lottery) === draw.pool && ticketsOf(lottery)?.panels.length === draw.size;
  return { result: good ? "agrees" : "differs", computed: hashOf(lottery), told: draw.pool };
}

/** The document that a lottery of panels was published as, where the node holds it. */
async function published(draw: Draw): Promise<string | null> {
  if (draw.openerModule !== "timelock") return null;
  try {
    return await textOf(draw.pool);
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

function ticketsOf(lottery: string): { people: string[][]; panels: number[][] } | null {
  try {
    const found = JSON.parse(lottery) as { people?: unknown; panels?: unknown };
    return Array.isArray(found.people) && Array.isArray(found.panels) ? (found as never) : null;
  } catch {
    return null;
  }
}

/** Who revealed a secret that opens their commitment; their mix, in the order of the chain, is the draw's. */
function secrets(draw: Draw, tell: (step: Step) => void): Set<number> {
  const open = draw.members.filter((member) => member.secret !== null);
  const revealed = new Set(open.map((member) => member.memberId));
  if (!draw.withReveals) return revealed;
  const wrong = open.find((one) => commitmentOf(one.memberId, one.secret as Hex) !== one.commitment);
  const ordered = [...open].sort((a, b) => (a.revealedAt ?? 0) - (b.revealedAt ?? 0));
  const mix = mixedTo(draw.mix as Hex, ordered);
  tell({
    name: "secrets",
    values: { count: open.length },
    result: wrong === undefined && mix === draw.mix && open.length === draw.reveals ? "agrees" : "differs",
    computed: mix,
    told: draw.mix,
  });
  return revealed;
}

interface Opened {
  memberId: number;
  secret: string | null;
  revealedAt: number | null;
}

/** The mix of the secrets. Those of one second may have come in either order: the one that leads to `told` counts. */
function mixedTo(told: Hex, ordered: readonly Opened[]): Hex {
  let last = NO_SECRETS;
  const tries = (mix: Hex, rest: readonly Opened[]): boolean => {
    last = mix;
    if (rest.length === 0) return mix === told;
    const now = rest[0]?.revealedAt;
    return rest.some(
      (one) =>
        one.revealedAt === now &&
        tries(
          mixAfter(mix, one.memberId, one.secret as Hex),
          rest.filter((other) => other !== one),
        ),
    );
  };
  return tries(NO_SECRETS, ordered) ? told : last;
}

/** What the chain itself holds: the draw as the contract has it, and the hash of the block that decided. */
async function chain(
  draw: Draw,
  address: Address,
  ask: Ask | null,
  tell: (step: Step) => void,
): Promise<void> {
  if (ask === null) {
    tell({ name: "chain", result: "unasked" });
    return;
  }
  const data = encodeFunctionData({ abi: DRAW_ABI, functionName: "draw", args: [draw.drawId] });
  const answer = (await ask("eth_call", [{ to: address, data }, "latest"])) as Hex;
  const held = decodeFunctionResult({ abi: DRAW_ABI, functionName: "draw", data: answer });
  const here = {
    opener: draw.opener,
    pool: draw.pool,
    size: draw.size,
    withReveals: draw.withReveals,
    revealEnd: draw.revealEnd,
    targetBlock: draw.targetBlock,
    reveals: draw.reveals,
    mix: draw.mix,
    blockHash: draw.blockHash ?? NO_SECRETS,
    number: draw.number ?? "0",
  };
  const wrong = Object.entries(here).find(
    ([name, value]) => String(held[name as keyof typeof held]).toLowerCase() !== String(value).toLowerCase(),
  );
  tell({
    name: "chain",
    result: wrong ? "differs" : "agrees",
    ...(wrong && { computed: String(held[wrong[0] as keyof typeof held]), told: String(wrong[1]) }),
  });
  if (draw.blockHash === null) return;
  const block = (await ask("eth_getBlockByNumber", [`0x${draw.targetBlock.toString(16)}`, false])) as {
    hash: string;
  } | null;
  tell(compared("block", block?.hash ?? "", draw.blockHash, { target: String(draw.targetBlock) }));
}

/** Whom the number takes, against who was seated, asked, or put on the ticket. */
async function taken(
  draw: Draw,
  drawn: bigint,
  revealed: Set<number>,
  tell: (step: Step) => void,
): Promise<void> {
  if (draw.members.length > 0) {
    const members = draw.members
      .map((member) => member.memberId)
      .filter((member) => !draw.withReveals || revealed.has(member));
    const order = pick(drawn, members.length, members.length).map((place) => members[place] as number);
    tell({ name: "order", result: "worked", computed: order.join(", ") });
    if (draw.electionId !== null) await seated(draw.electionId, order, tell);
  } else if (draw.openerModule === "timelock") {
    await ticket(draw, drawn, tell);
  } else {
    await askedFor(draw, drawn, tell);
  }
}

/** Who took seats in the election: those who were certain, then those whom the number takes; nobody else. */
async function seated(electionId: number, order: number[], tell: (step: Step) => void): Promise<void> {
  const { data: election } = await read("/v1/elections/{electionId}", { electionId });
  if (election.stage !== "Filled" && election.stage !== "Failed") return;
  const certain = election.candidates.filter((candidate) => candidate.certain).map((one) => one.memberId);
  const expected = [...certain, ...order.slice(0, election.seats ?? 0)];
  const there = election.candidates.filter((candidate) => candidate.seated).map((one) => one.memberId);
  tell({
    name: "seated",
    values: { id: String(electionId) },
    result: there.every((member) => expected.includes(member)) ? "agrees" : "differs",
    computed: [...expected].sort((a, b) => a - b).join(", "),
    told: [...there].sort((a, b) => a - b).join(", "),
  });
}

async function ticket(draw: Draw, drawn: bigint, tell: (step: Step) => void): Promise<void> {
  const [place = 0] = pick(drawn, draw.size, 1);
  const lottery = await published(draw);
  const found = lottery === null ? null : ticketsOf(lottery);
  const people = found?.panels[place]?.map((person) => found.people[person]?.[0] ?? "?").join(", ");
  tell({
    name: "ticket",
    values: { ticket: String(place), count: draw.size },
    result: "worked",
    ...(people && { computed: people }),
  });
}

/** A module that asks all members in a shuffled order, and passes over those who cannot be taken. */
async function askedFor(draw: Draw, drawn: bigint, tell: (step: Step) => void): Promise<void> {
  const those = await askedIn(draw);
  const order: number[] = [];
  const missing = [...those];
  for (let place = 0; place < Math.min(draw.size, ORDERED); place++) {
    if (order.length >= SHOWN && missing.length === 0) break;
    const member = shuffledAt(drawn, place, draw.size) + 1;
    order.push(member);
    if (missing[0] === member) missing.shift();
  }
  const shown = order.join(", ") + (order.length < draw.size ? ", …" : "");
  tell({ name: "order", result: "worked", computed: shown });
  tell({
    name: "asked",
    result: missing.length === 0 ? "agrees" : "differs",
    told: those.join(", "),
  });
}

/** Who was drawn with this draw, in that order, as the node tells it. */
async function askedIn(draw: Draw): Promise<number[]> {
  const subject = Number(/(?:review|case) (\d+)/.exec(draw.text ?? "")?.[1] ?? 0);
  if (draw.openerModule === "reviews") return reviewers(draw.drawId, subject);
  const { data: conflict } = await read("/v1/cases/{caseId}", { caseId: subject });
  const panel = conflict.panels.find((one) => one.drawId === draw.drawId);
  if (panel) return panel.panelists.map((panelist) => panelist.memberId);
  return conflict.asked.filter((one) => one.drawId === draw.drawId).flatMap((one) => one.memberId ?? []);
}

async function reviewers(drawId: number, reviewId: number): Promise<number[]> {
  const { data: review } = await read("/v1/reviews/{reviewId}", { reviewId });
  const { data: trace } = await read("/v1/assignments/{assignmentId}/trace", {
    assignmentId: review.assignmentId,
  });
  const steps = trace.seats
    .flatMap((seat) => seat.reviews)
    .filter((one) => one.reviewId === reviewId)
    .flatMap((one) => [...one.reviewers, ...one.concluded])
    .sort((a, b) => placeOf(a.id) - placeOf(b.id));
  const found: number[] = [];
  let mine = false;
  for (const step of steps) {
    if (step.kind === "ReviewersWanted") mine = Number(step.arguments["drawId"]) === drawId;
    else if (step.kind === "ReworkAsked") mine = false;
    else if (step.kind === "ReviewerAsked" && mine) found.push(Number(step.arguments["memberId"]));
  }
  return found;
}

/** An event's place on the chain, from its id, `block-logIndex`. */
function placeOf(id: string): number {
  const [block = 0, log = 0] = id.split("-").map(Number);
  return block * 100_000 + log;
}
