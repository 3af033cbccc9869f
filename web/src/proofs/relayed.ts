/**
 * Hands to the node's relay what must leave no trace on this device, and follows it in memory alone: secret ballots, and
 * what members sign on a device that is not theirs.
 */
import { Problem, read, send, type Data } from "@/api/client";

export interface Carried {
  /** Null where another one had it done before. */
  transaction: string | null;
  block: number | null;
}

/** What the relay or the contract refused; `error` and `values` as the node names them. */
export class RelayRefused extends Error {
  constructor(
    readonly error: string,
    readonly values: Readonly<Record<string, unknown>> = {},
  ) {
    super(error);
    this.name = "RelayRefused";
  }
}

type Ticket = Data<"/v1/relay/{ticket}">;

const PAUSE = 1_000;

/** Resolves once it is in a block. Raises `RelayRefused`, `Problem`, and what `signal` is aborted with. */
export async function relayed(
  path: "/v1/relay/ballots" | "/v1/relay/requests" | "/v1/relay/secret-ballots" | "/v1/relay/reveals",
  body: unknown,
  signal?: AbortSignal,
  onTaken: (ticket: string) => void = () => undefined,
): Promise<Carried> {
  const ticket = await handIn(path, body);
  onTaken(ticket);
  for (;;) {
    signal?.throwIfAborted();
    const item = (await ask(ticket))?.items[0];
    if (item?.status === "Included") return { transaction: item.transaction, block: item.block };
    if (item && ["Failed", "Skipped", "Refused"].includes(item.status)) {
      throw new RelayRefused(item.problem?.error ?? "UnknownError", item.problem?.arguments ?? {});
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function handIn(path: string, body: unknown): Promise<string> {
  try {
    return ((await send("POST", path, body)) as { data: { ticket: string } }).data.ticket;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const items = error.body["items"] as
      { problem: { error: string; arguments: Record<string, unknown> } | null }[] | undefined;
    const problem = items?.[0]?.problem;
    if (!problem) throw error;
    const ticket = problem.arguments["ticket"];
    if (problem.error === "RelayOnItsWay" && typeof ticket === "string") return ticket;
    throw new RelayRefused(problem.error, problem.arguments);
  }
}

/** Null while nobody answers. */
async function ask(ticket: string): Promise<Ticket | null> {
  try {
    return (await read("/v1/relay/{ticket}", { ticket })).data;
  } catch (error) {
    if (error instanceof Problem && error.passing) return null;
    throw error;
  }
}
