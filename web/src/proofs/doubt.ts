/**
 * Whether the chain says the same as the node of what a poll froze.
 *
 * A root that a node made up for one visitor would tell that visitor's ballot from all others, and one that passed a
 * secret poll off as an open one would be told who votes for what.
 */
import { decodeFunctionResult, encodeFunctionData, parseAbi } from "viem";
import type { Data } from "@/api/client";
import type { Eip1193 } from "@/chain/eip1193";

type Poll = Data<"/v1/polls/{pollId}">;

const ABI = parseAbi([
  "struct Poll { bytes32 text; uint8 options; bool secret; bool hidden; uint16 topic; uint32 season; uint48 electorateAt; uint48 votingEnd; uint48 revealEnd; uint48 followEnd; uint16 credits; uint32 quorum; uint8 depth; uint256 root; }",
  "function poll(uint32 pollId) view returns (Poll)",
]);

/** The fields in which the two differ; null where no chain could be asked. */
export async function differing(
  chain: Eip1193 | null,
  place: { chainId: number; polls: `0x${string}` },
  poll: Poll,
): Promise<string[] | null> {
  if (!chain) return null;
  const said = await ask(chain, place, poll.pollId);
  if (!said) return null;
  const served: Record<string, unknown> = {
    text: poll.textHash,
    options: poll.options,
    secret: poll.secret,
    hidden: poll.hidden,
    votingEnd: poll.votingEnd,
    revealEnd: poll.revealEnd,
    credits: poll.credits,
    depth: poll.depth ?? 0,
    root: BigInt(poll.root ?? 0),
  };
  return Object.entries(served).flatMap(([name, value]) =>
    said[name as keyof typeof said] === value ? [] : [name],
  );
}

async function ask(chain: Eip1193, place: { chainId: number; polls: `0x${string}` }, pollId: number) {
  try {
    if (Number(await chain.request({ method: "eth_chainId" })) !== place.chainId) return null;
    const data = encodeFunctionData({ abi: ABI, functionName: "poll", args: [pollId] });
    const answer = await chain.request({ method: "eth_call", params: [{ to: place.polls, data }, "latest"] });
    return decodeFunctionResult({ abi: ABI, functionName: "poll", data: answer as `0x${string}` });
  } catch {
    return null;
  }
}
