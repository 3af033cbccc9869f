/** A text that the chain refers to, as the node holds it. */
import { address, Problem } from "@/api/client";

/** Raises a `Problem`, with status 404 where the node lacks it. */
export async function textOf(hash: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(address("/v1/texts/{textHash}", { textHash: hash }), { credentials: "omit" });
  } catch {
    throw new Problem(0, "unreachable", "The node cannot be reached");
  }
  if (!response.ok) throw new Problem(response.status, "text", response.statusText);
  return response.text();
}
