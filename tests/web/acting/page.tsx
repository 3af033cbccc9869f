/** Nothing but acting: who signs, what was signed, one action, one check. Made of the page's own modules. */
import { effect } from "@preact/signals";
import { render } from "preact";
import { hashTypedData } from "viem";
import { follow, head, connection } from "@/api/live";
import { followMe, member } from "@/app/me";
import * as actions from "@/chain/actions";
import { commune } from "@/chain/commune";
import { followAll, outcomes } from "@/chain/follow";
import { textHash } from "@/api/texts";
import { countedFrom } from "@/chain/lapse";
import { SignIn } from "@/chain/signin";
import { Tray } from "@/chain/tray";
import { readAsMember } from "@/chain/session";
import * as typed from "@/chain/typed";
import { connected, discover, wallets } from "@/chain/wallets";
import { Act } from "@/parts/act";
import { ForMembers } from "@/parts/session";
import { Verify } from "@/parts/verify";
import { learn } from "@/words";

const wanted = JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}");
const states: string[] = [];

/** What came of something, as a test can read it. */
async function told(act: () => Promise<unknown>): Promise<unknown> {
  try {
    const done = await act();
    return done && typeof done === "object" && "state" in done
      ? { done: true }
      : { done };
  } catch (error) {
    const { kind, message, error: code } = error as actions.Refusal;
    return { refused: kind, message, code };
  }
}

Object.assign(window, {
  acting: {
    states,
    cast: (ballot: actions.BallotToCast, options?: actions.Options) =>
      told(() => actions.castBallot(ballot, options)),
    perform: (action: actions.Action, options?: actions.Options) =>
      told(() => actions.perform(action, options)),
    attest: (memberId: number, days: number) =>
      told(() => actions.attest(memberId, days)),
    declare: (said: { skills: string; availability: string; zone: string }) =>
      told(() => actions.declareSkills(said)),
    withdraw: () => told(() => actions.withdrawSkills()),
    async digest(kind: keyof typeof typed, message: never): Promise<string> {
      const make = typed[kind] as (
        here: unknown,
        message: never,
      ) => Promise<typed.TypedData>;
      const { types, ...document } = await make(await commune(), message);
      const { EIP712Domain: _, ...own } = types;
      return hashTypedData({ types: own, ...document } as never);
    },
    countedFrom,
    textHash,
    skills: () => told(() => readAsMember("/v1/skills")),
    become: async (account: `0x${string}`) => {
      const { become } = await import("@/chain/demo");
      return told(() => become(account));
    },
    now: () => ({
      who: connected.value?.account ?? null,
      member: member.value?.memberId ?? null,
      wallets: wallets.value.map(({ name, icon, kind }) => ({
        name,
        icon,
        kind,
      })),
      head: head.value?.number ?? null,
      connection: connection.value,
      outcomes: outcomes.value.map(({ now }) => now.value),
    }),
  },
});

follow();
followMe();
await learn();
discover();
followAll();
effect(() => {
  for (const outcome of outcomes.value) {
    const said = `${outcome.title} ${outcome.state.value}`;
    if (!states.includes(said) || states.at(-1) !== said) states.push(said);
  }
});
render(
  <main>
    <SignIn />
    {wanted.action && <Act action={wanted.action}>Do it</Act>}
    {wanted.members && <ForMembers>What members see</ForMembers>}
    {wanted.verify && <Verify of={wanted.verify} />}
    <Tray />
  </main>,
  document.getElementById("page") as HTMLElement,
);
