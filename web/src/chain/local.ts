/**
 * A wallet whose key is in this page's memory: a demo's member, or somebody who shows a key at a meeting.
 *
 * It signs here. Transactions need a chain to be sent to; without one, what it signs goes to the node's
 * relay.
 */
import type { LocalAccount } from "viem";
import type { Commune } from "./commune";
import { CODES, ProviderError, type Address, type Eip1193, type Hex } from "./eip1193";
import { refuse } from "./refusal";
import { chainAddress, chainAt } from "./rpc";
import type { TypedData } from "./typed";
import type { Connected, Wallet } from "./wallets";

const GAS_MARGIN = 125n;
/** How long a chain that did not answer is not asked again, in milliseconds. */
const SILENCE = 30_000;

/** A connected wallet for a key; `usual` is where its chain is asked if nobody said where. */
export function localWallet(
  signer: LocalAccount,
  commune: Commune,
  about: Pick<Wallet, "id" | "name" | "kind">,
  usual: string | null = null,
): Connected {
  const account = signer.address.toLowerCase() as Address;
  const provider = providerFor(signer, commune, usual);
  return { wallet: { ...about, icon: null, provider }, account, chainId: commune.chainId };
}

function providerFor(signer: LocalAccount, commune: Commune, usual: string | null): Eip1193 {
  const account = signer.address.toLowerCase();
  let silent = { address: "", until: 0 };

  async function chain(): Promise<Eip1193> {
    const address = chainAddress.value ?? usual;
    if (address === null) throw refuse("no-chain");
    if (silent.address === address && performance.now() < silent.until)
      throw refuse("no-chain", { address }, "at");
    const found = chainAt(address);
    const here = Number(
      await found.request({ method: "eth_chainId" }).catch((error: unknown) => {
        silent = { address, until: performance.now() + SILENCE };
        throw error;
      }),
    );
    if (here !== commune.chainId)
      throw refuse("wrong-chain", { here: String(here), wanted: String(commune.chainId) });
    const membership = commune.contracts["Membership"];
    if (
      membership &&
      (await found.request({ method: "eth_getCode", params: [membership, "latest"] })) === "0x"
    )
      throw refuse("no-chain", { address }, "elsewhere");
    return found;
  }

  async function send(call: { to: Address; data: Hex; value?: Hex; gas?: Hex }): Promise<unknown> {
    const at = await chain();
    const asked = <T>(method: string, ...params: unknown[]) => at.request({ method, params }) as Promise<T>;
    const from = { from: account, to: call.to, data: call.data, value: call.value ?? "0x0" };
    const [gas, nonce, price, block] = await Promise.all([
      call.gas ?? asked<Hex>("eth_estimateGas", from),
      asked<Hex>("eth_getTransactionCount", account, "pending"),
      asked<Hex>("eth_gasPrice"),
      asked<{ baseFeePerGas?: Hex }>("eth_getBlockByNumber", "latest", false),
    ]);
    const common = {
      chainId: commune.chainId,
      to: call.to,
      data: call.data,
      value: BigInt(call.value ?? "0x0"),
      gas: call.gas ? BigInt(call.gas) : (BigInt(gas) * GAS_MARGIN) / 100n,
      nonce: Number(nonce),
    };
    const raw = block.baseFeePerGas
      ? await signer.signTransaction({
          ...common,
          type: "eip1559",
          maxFeePerGas: 2n * BigInt(price),
          maxPriorityFeePerGas:
            BigInt(price) - BigInt(block.baseFeePerGas) > 0n
              ? BigInt(price) - BigInt(block.baseFeePerGas)
              : 0n,
        })
      : await signer.signTransaction({ ...common, type: "legacy", gasPrice: BigInt(price) });
    return asked("eth_sendRawTransaction", raw);
  }

  return {
    async request({ method, params = [] }) {
      const [first, second] = params as [unknown, unknown];
      switch (method) {
        case "eth_accounts":
        case "eth_requestAccounts":
          return [account];
        case "eth_chainId":
          return `0x${commune.chainId.toString(16)}`;
        case "eth_signTypedData_v4": {
          const { types, primaryType, domain, message } = JSON.parse(second as string) as TypedData;
          const { EIP712Domain: _, ...own } = types;
          return signer.signTypedData({ types: own, primaryType, domain, message });
        }
        case "personal_sign":
          return signer.signMessage({ message: { raw: first as Hex } });
        case "eth_sendTransaction":
          return send(first as { to: Address; data: Hex });
        case "eth_call":
        case "eth_estimateGas":
        case "eth_getCode":
        case "eth_getTransactionReceipt":
        case "eth_getBlockByNumber":
          return (await chain()).request({ method, params });
        default:
          throw new ProviderError(CODES.unsupported, `${method} is not for this wallet`);
      }
    },
  };
}
