/**
 * A button that acts in somebody's name: it says why it cannot be used, asks the wallet, tells in words what
 * was refused, and shows how far what was signed has come.
 */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { chainNow, head } from "@/api/live";
import { hindrance, member } from "@/app/me";
import type { Action, Options } from "@/chain/actions";
import type { Outcome } from "@/chain/follow";
import type { Refusal } from "@/chain/refusal";
import { signingIn } from "@/chain/signin";
import { told } from "@/chain/tray";
import { switchChain, wrongChain } from "@/chain/wallets";
import { when } from "@/words/format";
import { t } from "@/words";
import { Button, Notice, type Tone } from "./basics";

export interface ActProps {
  /** What is done; a function where its arguments are only known when it is done. */
  action?: Action | (() => Action | Promise<Action>);
  /** Instead of `action`: whatever ends in an outcome, such as a ballot. */
  run?: (options: Options) => Promise<Outcome>;
  /** Whether it takes a member out of probation. */
  full?: boolean;
  /** Whether people may do it who are no members. */
  anyone?: boolean;
  /** Whether dormant members may do it. */
  dormant?: boolean;
  way?: Options["way"];
  kind?: "primary" | "plain" | "quiet" | "danger";
  /** Why it cannot be done now, in words. */
  cannot?: ComponentChildren;
  /** Once it is signed and on its way. */
  onDone?: (outcome: Outcome) => void;
  children: ComponentChildren;
}

export function Act(props: ActProps) {
  void head.value;
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const running = useRef(false);
  const hindered = hindranceOf(props);
  const because = hindered && hindered !== "wallet" ? reason(hindered) : (props.cannot ?? null);

  const act = async (way?: Options["way"]) => {
    if (hindered === "wallet") {
      signingIn.value = true;
      return;
    }
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setRefusal(null);
    try {
      const made = await start(props, way ? { way } : props.way ? { way: props.way } : {});
      setOutcome(made);
      props.onDone?.(made);
    } catch (error) {
      setRefusal(error as Refusal);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };

  return (
    <div class="act">
      <Button
        kind={props.kind ?? "primary"}
        disabled={because !== null}
        busy={busy}
        aria-disabled={busy || undefined}
        onClick={() => act()}
      >
        {props.children}
      </Button>
      {because !== null && <p class="hint">{because}</p>}
      {busy && (
        <p class="hint" role="status">
          {t("chain.act.signing")}
        </p>
      )}
      {refusal && <Refused refusal={refusal} onTransaction={() => act("transaction")} />}
      {outcome && !busy && !refusal && <Progress outcome={outcome} />}
    </div>
  );
}

async function start({ action, run }: ActProps, options: Options): Promise<Outcome> {
  if (run) return run(options);
  const { perform } = await import("@/chain/actions");
  const wanted = typeof action === "function" ? await action() : action;
  return perform(wanted as Action, options);
}

function hindranceOf({ anyone, dormant, full }: ActProps): ReturnType<typeof hindrance> {
  const found = hindrance(chainNow(), full);
  if (found === "member" && (anyone || member.value === undefined)) return null;
  return found === "dormant" && (dormant || anyone) ? null : found;
}

function reason(found: "member" | "dormant" | "probation"): string {
  return t(`parts.cannot.${found}`, { when: when(member.value?.probationUntil ?? 0) });
}

/** Why it was not done, with what helps. */
export function Refused(props: { refusal: Refusal; onTransaction?: () => void }) {
  const { kind, message } = props.refusal;
  const calm = kind === "rejected" || kind === "already";
  const wanted = wrongChain.value?.wanted;
  return (
    <Notice tone={calm ? "calm" : "warn"}>
      <p data-refusal={kind}>{message}</p>
      {kind === "wrong-chain" && wanted !== undefined && (
        <Button onClick={() => void switchChain().catch(() => undefined)}>
          {t("chain.signin.switch", { wanted: String(wanted) })}
        </Button>
      )}
      {kind === "no-wallet" && <Button onClick={() => (signingIn.value = true)}>{t("chain.signin")}</Button>}
      {(kind === "not-relayed" || kind === "busy") && props.onTransaction && (
        <>
          <p class="hint">{t("chain.act.transaction.words")}</p>
          <Button onClick={props.onTransaction}>{t("chain.act.transaction")}</Button>
        </>
      )}
    </Notice>
  );
}

/** How far what was signed has come. */
export function Progress({ outcome }: { outcome: Outcome }) {
  const state = outcome.state.value;
  const tone: Tone =
    state === "refused"
      ? "bad"
      : state === "undone" || state === "queued"
        ? "warn"
        : state === "sent"
          ? "calm"
          : "good";
  return (
    <Notice tone={tone}>
      <span data-outcome={state}>{told(outcome)}</span>
    </Notice>
  );
}
