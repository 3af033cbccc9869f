/**
 * A proposal's id is the hash of what it would do and of its description (OpenZeppelin's Governor), and what members
 * sign names the id alone: a node that showed one proposal under another's id would have them vote for the other.
 */
import { encodeAbiParameters, keccak256 } from "viem";
import { hashOf } from "@/api/keccak";
import type { Data } from "@/api/client";
import type { Address, Hex } from "./eip1193";
import { refuse } from "./refusal";

const PARTS = ["address[]", "uint256[]", "bytes[]", "bytes32"].map((type) => ({ type }));

/** What stands for characters that were none: nodes cannot give such a description as it was. */
const LOST = "\ufffd";

/** The id of a proposal of these calls, as decimal text. `amounts` are wei, as text. */
export function proposalIdOf(
  targets: readonly string[],
  amounts: readonly string[],
  calldatas: readonly string[],
  descriptionHash: string,
): string {
  const values: readonly unknown[] = [
    targets as Address[],
    amounts.map(BigInt),
    calldatas as Hex[],
    descriptionHash as Hex,
  ];
  return String(BigInt(keccak256(encodeAbiParameters(PARTS, values))));
}

/** What is shown of a proposal, or of what was put to consent, whose ids are made alike. */
type Shown = Pick<
  Data<"/v1/proposals/{proposalId}">,
  "proposalId" | "description" | "descriptionHash" | "actions" | "title" | "texts"
>;

/**
 * Raises a `Refusal` where the id that a node gives with a proposal is not that of what it says and would do, or its
 * title and texts are not of its description. Where bytes of the description were no characters, its hash is the
 * node's word: whoever proposes could otherwise keep everybody from voting here.
 */
export function requireItsId(proposal: Shown): void {
  const { proposalId, description, actions, title, texts } = proposal;
  const said = description.replace(/text:0x[0-9a-fA-F]{64}/g, "");
  const id = proposalIdOf(
    actions.map(({ target }) => target),
    actions.map(({ amount }) => amount),
    actions.map(({ calldata }) => calldata),
    description.includes(LOST) ? proposal.descriptionHash : hashOf(description),
  );
  const named = texts.every((hash) => description.toLowerCase().includes(`text:${hash.toLowerCase()}`));
  if (id !== proposalId || !said.includes(title.replace(/…$/, "")) || !named) throw refuse("false-proposal");
}
