/** What was signed here and what came of it, in the corner of every place. */
import { useEffect, useState } from "preact/hooks";
import { Badge, Bdi, Button, Hex, Notice, type Tone } from "@/parts/basics";
import { t, type Key } from "@/words";
import { dismiss, keeping, outcomes, type Outcome, type State } from "./follow";

const TONES: Record<State, Tone> = {
  signing: "calm",
  queued: "warn",
  sent: "calm",
  included: "good",
  final: "good",
  refused: "bad",
  undone: "warn",
};

/** How long what is final is still shown, in milliseconds. */
const SHOWN = 60_000;

export function Tray() {
  const [open, setOpen] = useState(false);
  const [, redraw] = useState(0);
  const all = outcomes.value.filter(isNews);
  const next = Math.min(...all.map((outcome) => (outcome.now.value.finalAt ?? Infinity) + SHOWN));
  useEffect(() => {
    if (!Number.isFinite(next)) return;
    const timer = setTimeout(() => redraw((n) => n + 1), Math.max(0, next - Date.now()) + 100);
    return () => clearTimeout(timer);
  }, [next]);
  if (all.length === 0) return null;
  const waiting = all.filter((outcome) => outcome.open).length;
  return (
    <aside class="tray" aria-label={t("chain.tray")}>
      <button
        type="button"
        class="tray-head"
        aria-expanded={open}
        aria-controls="tray-list"
        onClick={() => setOpen(!open)}
      >
        <span>{t("chain.tray")}</span>
        <span role="status">
          {waiting > 0 ? t("chain.tray.open", { count: waiting }) : t("chain.tray.none")}
        </span>
      </button>
      <ol id="tray-list" hidden={!open}>
        {!keeping.value && (
          <li>
            <Notice tone="warn">{t("chain.tray.notkept")}</Notice>
          </li>
        )}
        {all.map((outcome) => (
          <li key={outcome.id}>
            <One outcome={outcome} />
          </li>
        ))}
      </ol>
    </aside>
  );
}

/** What a person may still wait for, or has to read. */
function isNews(outcome: Outcome): boolean {
  const { finalAt } = outcome.now.value;
  return outcome.state.value !== "final" || (finalAt !== null && Date.now() - finalAt < SHOWN);
}

function One({ outcome }: { outcome: Outcome }) {
  const state = outcome.state.value;
  return (
    <>
      <p class="tray-title">
        <Bdi>{outcome.title}</Bdi>
      </p>
      <p class="tray-state" data-state={state}>
        <Badge tone={TONES[state]}>{t(`chain.state.${state}` as Key)}</Badge>
        <span>{told(outcome)}</span>
      </p>
      {outcome.tx && (
        <p class="hint">
          {t("chain.tray.transaction")} <Hex value={outcome.tx} />
        </p>
      )}
      {!outcome.open && (
        <Button kind="quiet" class="small" onClick={() => dismiss(outcome)}>
          {t("app.dismiss")}
        </Button>
      )}
    </>
  );
}

/** How far it has come, in words. */
export function told(outcome: Outcome): string {
  const state = outcome.state.value;
  if (state === "refused") return outcome.reason ?? t("chain.act.refused");
  if (state === "included") return t("chain.act.included", { block: String(outcome.block?.number ?? "") });
  return t(`chain.act.${state}` as Key);
}
