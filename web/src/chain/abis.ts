/**
 * Calls and errors of the commune's contracts, encoded and decoded with what the page carries of their ABIs.
 */
import {
  decodeErrorResult,
  decodeEventLog,
  decodeFunctionResult,
  encodeFunctionData,
  type Abi,
  type AbiFunction,
  type AbiParameter,
} from "viem";
import type { Commune, Module } from "./commune";
import type { Address, Hex } from "./eip1193";

interface Contract {
  contract: string;
  abi: AbiFunction[];
}

let functions: Promise<Record<string, Contract>> | undefined;
let errors: Promise<Abi> | undefined;

async function contractOf(module: string): Promise<Contract> {
  functions ??= import("./functions.json").then(
    (found) => found.default as unknown as Record<string, Contract>,
  );
  const contract = (await functions)[module];
  if (!contract) throw new Error(`${module} is no module that the page knows`);
  return contract;
}

/** Where a module is. Raises where the commune was founded before there were any. */
export async function addressOf(commune: Commune, module: Module | string): Promise<Address> {
  const name = module === "forwarder" ? "Forwarder" : (await contractOf(module)).contract;
  const address = commune.contracts[name];
  if (!address) throw new Error(`this commune has no ${module}`);
  return address;
}

/** The data of a call. Whole numbers may be text, as the API has them. */
export async function calldata(module: string, name: string, args: readonly unknown[]): Promise<Hex> {
  const { abi } = await contractOf(module);
  const entry = abi.find((one) => one.name === name && one.inputs.length === args.length);
  if (!entry) throw new Error(`${module} has no ${name} of ${args.length} arguments`);
  const given = entry.inputs.map((parameter, place) => coerced(parameter, args[place]));
  return encodeFunctionData({ abi: [entry], functionName: name, args: given });
}

/** What a view returned: an object where it returns one, else its one value. */
export async function returned(module: string, name: string, data: Hex): Promise<unknown> {
  const { abi } = await contractOf(module);
  return decodeFunctionResult({ abi: abi.filter((one) => one.name === name), functionName: name, data });
}

/** The error that a revert's data names, with its arguments by their names as JSON has them. */
export async function errorOf(data: Hex): Promise<{ name: string; args: Record<string, unknown> }> {
  errors ??= import("./errors.json").then((found) => found.default as unknown as Abi);
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: await errors, data });
    const inputs = ((abiItem as { inputs?: readonly AbiParameter[] } | undefined)?.inputs ??
      []) as readonly AbiParameter[];
    const named = inputs.map(
      (input, place) => [input.name ?? String(place), plain((args as unknown[])[place])] as const,
    );
    return { name: errorName, args: Object.fromEntries(named) };
  } catch {
    return { name: "UnknownError", args: data === "0x" ? {} : { data: data.slice(0, 74) } };
  }
}

/** What one of the commune's contracts said in a log; null where it is none's, or no event of theirs. */
export async function eventOf(
  commune: Commune,
  log: { address: Address; topics: [Hex, ...Hex[]]; data: Hex },
): Promise<{ contract: string; event: string; args: Record<string, unknown> } | null> {
  const at = log.address.toLowerCase();
  const contract = Object.keys(commune.contracts).find(
    (name) => commune.contracts[name]?.toLowerCase() === at,
  );
  const events = (await import("./events.json")).default as unknown as Record<string, Abi>;
  const abi = contract && events[contract];
  if (!abi) return null;
  try {
    const { eventName, args } = decodeEventLog({ abi, topics: log.topics, data: log.data });
    return { contract, event: eventName as unknown as string, args: (args ?? {}) as Record<string, unknown> };
  } catch {
    return null;
  }
}

function coerced(parameter: AbiParameter, value: unknown): unknown {
  const list = /^(.*)\[\d*\]$/.exec(parameter.type);
  if (list) return (value as unknown[]).map((one) => coerced({ ...parameter, type: list[1] as string }, one));
  if (parameter.type === "tuple" && "components" in parameter) {
    const given = value as Record<string, unknown>;
    const parts = parameter.components.map((part) => [part.name, coerced(part, given[part.name as string])]);
    return Object.fromEntries(parts);
  }
  return /^u?int/.test(parameter.type) ? BigInt(value as string | number | bigint) : value;
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  return Array.isArray(value) ? value.map(plain) : value;
}
