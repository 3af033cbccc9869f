/**
 * That a ballot is in a block, shown so that no node has to be believed.
 *
 * A block's hash covers its header; the header has the root of the trie of its receipts (Ethereum's Yellow Paper, section
 * 4.3.2, appendix D); the nodes of that trie from the root to one receipt show that the receipt, with the event that the
 * ballot left, is in the block. So whoever knows the block's hash from anywhere can check the rest with nothing but
 * Keccak-256. Which transaction it was is not covered, only its place in the block.
 */
import { concatHex, decodeEventLog, fromRlp, keccak256, parseAbi, size, toRlp, type Hex } from "viem";
import type { Eip1193 } from "@/chain/eip1193";

export interface Inclusion {
  format: "dualpower.inclusion";
  version: 1;
  chainId: number;
  block: { number: number; hash: Hex; header: Hex };
  transaction: Hex;
  /** The transaction's place in the block, and the event's among the receipt's. */
  position: number;
  event: number;
  /** The trie's nodes from the root down, as they are hashed. */
  nodes: Hex[];
}

export interface Ballot {
  contract: Hex;
  proposalId: string;
  memberId: number;
  support: number;
  votes: number;
  cost: number;
  followed: boolean;
}

export type InclusionProblem =
  | "unreadable"
  | "header"
  | "path"
  | "receipt"
  | "no-ballot"
  | "no-block"
  | "unknown-header"
  | "other-receipts";

/** Why nothing is shown. The words are `kiosk.inclusion.<kind>`. */
export class InclusionRefused extends Error {
  constructor(readonly kind: InclusionProblem) {
    super(kind);
    this.name = "InclusionRefused";
  }
}

type Json = Record<string, unknown>;
type Nested = Hex | Nested[];

const BALLOT_RECORDED = parseAbi([
  "event BallotRecorded(uint256 indexed proposalId, uint32 indexed memberId, uint8 support, uint8 votes, uint8 kind, uint16 cost, bool followed)",
]);

// In the header's order; those from baseFeePerGas on came with later forks (EIP-1559, 4895, 4844, 4788, 7685).
const HEADER = [
  ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom"],
  ...["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce"],
  ...[
    "baseFeePerGas",
    "withdrawalsRoot",
    "blobGasUsed",
    "excessBlobGas",
    "parentBeaconBlockRoot",
    "requestsHash",
  ],
];
const QUANTITIES = new Set([
  ...[
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "baseFeePerGas",
    "blobGasUsed",
    "excessBlobGas",
  ],
]);
const RECEIPTS_ROOT = 5;
const NUMBER = 8;

/** The proof for a member's ballot, from a chain's node; what that node says is checked on the way. */
export async function proveInclusion(
  chain: Eip1193,
  about: {
    chainId: number;
    transaction: Hex;
    contract: Hex;
    proposalId: string;
    memberId: number;
    block: number;
  },
): Promise<Inclusion> {
  const number = `0x${about.block.toString(16)}`;
  const block = (await chain.request({
    method: "eth_getBlockByNumber",
    params: [number, false],
  })) as Json | null;
  const receipts = (await chain.request({ method: "eth_getBlockReceipts", params: [number] })) as
    Json[] | null;
  if (!block || !receipts) throw new InclusionRefused("no-block");
  const header = headerOf(block);
  if (keccak256(header) !== block["hash"]) throw new InclusionRefused("unknown-header");
  const position = receipts.findIndex((receipt) => receipt["transactionHash"] === about.transaction);
  const found = receipts[position];
  if (!found) throw new InclusionRefused("no-ballot");
  const logs = found["logs"] as { address: Hex; topics: Hex[]; data: Hex }[];
  const event = logs.findIndex((log) => {
    const ballot = ballotIn(log);
    return (
      ballot?.contract === about.contract.toLowerCase() &&
      ballot.proposalId === about.proposalId &&
      ballot.memberId === about.memberId
    );
  });
  if (event < 0) throw new InclusionRefused("no-ballot");
  const { root, nodes } = pathTo(position, receipts.map(receiptBytes));
  if (root !== block["receiptsRoot"]) throw new InclusionRefused("other-receipts");
  return {
    format: "dualpower.inclusion",
    version: 1,
    chainId: about.chainId,
    block: { number: about.block, hash: block["hash"] as Hex, header },
    transaction: about.transaction,
    position,
    event,
    nodes,
  };
}

/** What a proof shows, once everything in it follows from the block's hash. Raises `InclusionRefused`. */
export function checkInclusion(proof: Inclusion): Ballot {
  if (keccak256(proof.block.header) !== proof.block.hash) throw new InclusionRefused("header");
  const header = fromRlp(proof.block.header, "hex") as Hex[];
  if (Number(header[NUMBER]) !== proof.block.number) throw new InclusionRefused("header");
  const receipt = valueAt(header[RECEIPTS_ROOT] as Hex, keyOf(proof.position), proof.nodes);
  const typed = Number.parseInt(receipt.slice(2, 4), 16) < 0x80;
  const [, , , logs] = fromRlp(
    typed ? (`0x${receipt.slice(4)}` as Hex) : receipt,
    "hex",
  ) as unknown as Nested[];
  const log = (logs as Nested[] | undefined)?.[proof.event] as [Hex, Hex[], Hex] | undefined;
  if (!log) throw new InclusionRefused("receipt");
  const ballot = ballotIn({ address: log[0], topics: log[1], data: log[2] });
  if (!ballot) throw new InclusionRefused("no-ballot");
  return ballot;
}

/** A proof in a file. Raises `InclusionRefused`. */
export function inclusionIn(text: string): Inclusion {
  try {
    const found = JSON.parse(text) as Inclusion;
    const hexes = [found.block.hash, found.block.header, found.transaction, ...found.nodes];
    const numbers = [found.chainId, found.block.number, found.position, found.event];
    const well =
      found.format === "dualpower.inclusion" &&
      found.version === 1 &&
      hexes.every((text) => /^0x([0-9a-f]{2})+$/i.test(text)) &&
      numbers.every((value) => Number.isSafeInteger(value) && value >= 0);
    if (well) return found;
  } catch {
    // Refused below.
  }
  throw new InclusionRefused("unreadable");
}

function ballotIn(log: { address: Hex; topics: Hex[]; data: Hex }): Ballot | null {
  try {
    const { args } = decodeEventLog({
      abi: BALLOT_RECORDED,
      topics: log.topics as [Hex, ...Hex[]],
      data: log.data,
    });
    const { proposalId, memberId, support, votes, cost, followed } = args;
    return {
      contract: log.address.toLowerCase() as Hex,
      proposalId: String(proposalId),
      ...{ memberId, support, votes, cost, followed },
    };
  } catch {
    return null;
  }
}

function headerOf(block: Json): Hex {
  const fields = HEADER.filter((name) => block[name] !== undefined && block[name] !== null);
  return toRlp(fields.map((name) => (QUANTITIES.has(name) ? quantity(block[name]) : (block[name] as Hex))));
}

/** RLP knows whole numbers without leading zeros, and zero as nothing. */
function quantity(value: unknown): Hex {
  const number = BigInt(value as Hex);
  if (number === 0n) return "0x";
  const digits = number.toString(16);
  return `0x${digits.length % 2 ? "0" : ""}${digits}`;
}

/** EIP-2718: the type's byte in front, but for the oldest kind. */
function receiptBytes(receipt: Json): Hex {
  const logs = (receipt["logs"] as { address: Hex; topics: Hex[]; data: Hex }[]).map(
    ({ address, topics, data }) => [address, topics, data] as Nested,
  );
  const outcome = receipt["status"] !== undefined ? quantity(receipt["status"]) : (receipt["root"] as Hex);
  const body = toRlp([
    outcome,
    quantity(receipt["cumulativeGasUsed"]),
    receipt["logsBloom"] as Hex,
    logs,
  ] as Nested);
  const type = quantity(receipt["type"] ?? "0x0");
  return type === "0x" ? body : concatHex([type, body]);
}

// ------------------------------------------------------------------ the trie

type Entry = { key: number[]; value: Hex };

/** A receipt's key: the RLP of its place, half byte by half byte. */
const keyOf = (place: number): number[] => nibbles(toRlp(quantity(place)));

const nibbles = (bytes: Hex): number[] => Array.from(bytes.slice(2), (digit) => Number.parseInt(digit, 16));

/** Half bytes as a node has them, with a mark of whether it is a leaf. */
function packed(path: number[], leaf: boolean): Hex {
  const mark = (leaf ? 2 : 0) + (path.length % 2);
  const digits = [mark, ...(path.length % 2 ? [] : [0]), ...path];
  return `0x${digits.map((digit) => digit.toString(16)).join("")}`;
}

function built(entries: Entry[], depth: number): Nested {
  const [first] = entries;
  if (!first) return "0x";
  if (entries.length === 1) return [packed(first.key.slice(depth), true), first.value];
  let shared = depth;
  while (entries.every(({ key }) => shared < key.length && key[shared] === first.key[shared])) shared++;
  if (shared > depth)
    return [packed(first.key.slice(depth, shared), false), referenced(built(entries, shared))];
  // No key of a receipt is the beginning of another's, so that branches have no value of their own.
  const children = Array.from({ length: 16 }, (_, digit) =>
    entries.filter(({ key }) => key[depth] === digit),
  );
  return [
    ...children.map((below) => (below.length ? referenced(built(below, depth + 1)) : "0x")),
    "0x",
  ] as Nested[];
}

/** Nodes of 32 bytes and more are named by their hash; smaller ones stand there themselves. */
function referenced(node: Nested): Nested {
  const bytes = toRlp(node);
  return size(bytes) < 32 ? node : keccak256(bytes);
}

function pathTo(place: number, values: Hex[]): { root: Hex; nodes: Hex[] } {
  const entries = values.map((value, index) => ({ key: keyOf(index), value }));
  const key = keyOf(place);
  const root = toRlp(built(entries, 0));
  const nodes: Hex[] = [root];
  let [below, depth] = [entries, 0];
  // The same steps down again: whatever has a hash of its own is part of the proof.
  for (;;) {
    const node = built(below, depth);
    if (depth > 0 || below !== entries) {
      const bytes = toRlp(node);
      if (size(bytes) >= 32) nodes.push(bytes);
    }
    if (below.length === 1) return { root: keccak256(root), nodes };
    if ((node as Nested[]).length === 2) depth += unpacked((node as Hex[])[0] as Hex).path.length;
    else {
      below = below.filter((entry) => entry.key[depth] === key[depth]);
      depth += 1;
    }
  }
}

function unpacked(bytes: Hex): { path: number[]; leaf: boolean } {
  const [mark = 0, ...rest] = nibbles(bytes);
  return { path: mark % 2 ? rest : rest.slice(1), leaf: mark >= 2 };
}

function valueAt(root: Hex, key: number[], nodes: Hex[]): Hex {
  const left = [...nodes];
  let wanted: Nested = root;
  let depth = 0;
  for (let step = 0; step <= 2 * key.length + 2; step++) {
    let node: Nested = wanted;
    if (typeof wanted === "string") {
      const bytes = left.shift();
      if (!bytes || keccak256(bytes) !== wanted) throw new InclusionRefused("path");
      node = fromRlp(bytes, "hex") as Nested;
    }
    if (!Array.isArray(node)) break;
    if (node.length === 17) {
      wanted = node[key[depth] ?? 16] as Nested;
      depth += 1;
      continue;
    }
    const [packedPath, value] = node as [Hex, Nested];
    const { path, leaf } = unpacked(packedPath);
    if (path.some((digit, place) => digit !== key[depth + place])) break;
    depth += path.length;
    if (leaf) {
      if (depth === key.length && typeof value === "string") return value;
      break;
    }
    wanted = value;
  }
  throw new InclusionRefused("path");
}
