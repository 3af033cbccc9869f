/** Who delegates to whom in a topic: all of it, page by page. */
import { read, type Data, type Path, type Reading, type Values } from "@/api/client";
import { useLive, type Live } from "@/api/live";

export type Told = Data<"/v1/delegations">;
export type Edge = Told["delegations"][number];
export type Topic = Told["topics"][number];

/** Pages of 200 that are read at most; a picture of more would show nothing. */
const PAGES = 15;

export function useDelegations(topic: number | null): Live<Told> {
  return useLive("/v1/delegations", topic === null ? { limit: 1 } : { topic }, topic === null ? read : allOf);
}

async function allOf<P extends Path>(path: P, values: Values = {}): Promise<Reading<Data<P>>> {
  let reading = (await read(path, { limit: 200, ...values })) as Reading<Told>;
  const found = [...reading.data.delegations];
  for (let page = 1; reading.next && page < PAGES; page++) {
    const cursor = reading.next;
    reading = (await read(path, { limit: 200, ...values, cursor })) as Reading<Told>;
    found.push(...reading.data.delegations);
  }
  return { ...reading, data: { ...reading.data, delegations: found } } as Reading<Data<P>>;
}
