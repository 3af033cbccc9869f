/** What a person sees of proofs: a password asked for, and how far a proof is. */
import { useRef, useState } from "preact/hooks";
import { Button, Field, Notice } from "@/parts/basics";
import { number, t } from "@/words";
import type { Progress, Step } from "./protocol";
import { said } from "./words";

const STEPS: Step[] = ["group", "keys", "witness", "proof"];
const MEGABYTE = 1_000_000;

/** How far a proof is. The steps are announced, the megabytes are not. */
export function Proving({ progress, onCancel }: { progress: Progress | null; onCancel: () => void }) {
  const at = progress ? STEPS.indexOf(progress.step) : 0;
  return (
    <div class="proving">
      <p>
        <strong>{t("proofs.proving")}</strong>
      </p>
      <ol class="steps">
        {STEPS.map((step, place) => (
          <li
            key={step}
            aria-current={place === at ? "step" : undefined}
            class={place < at ? "done" : undefined}
          >
            {t(`proofs.step.${step}`)}
            {step === "keys" && progress && place === at && ` (${megabytes(progress)})`}
          </li>
        ))}
      </ol>
      <p class="unseen" role="status">
        {t(`proofs.step.${STEPS[at] as Step}`)}
      </p>
      {progress && progress.all > 1 ? (
        <progress value={progress.done} max={progress.all} aria-label={t("proofs.proving")} />
      ) : (
        <progress aria-label={t("proofs.proving")} />
      )}
      {progress?.unkept && <p class="hint">{t("proofs.unkept")}</p>}
      <Button onClick={onCancel}>{t("proofs.cancel")}</Button>
    </div>
  );
}

const megabytes = ({ done, all }: Progress) =>
  t("proofs.step.keys.of", { done: number(done / MEGABYTE, 1), all: number(all / MEGABYTE, 1) });

/** Asks for a password, and does with it what takes a second or two. What goes wrong is said under the field. */
export function PasswordForm(props: {
  label: string;
  action: string;
  hint?: string;
  /** Characters that a new password has at least: it is asked for twice. */
  least?: number;
  /** On a device of others: the browser is not to offer to keep it. */
  secretive?: boolean;
  onPassword: (password: string) => Promise<void>;
}) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const fresh = props.least !== undefined;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (fresh && password.length < (props.least as number)) {
      return setWrong(t("proofs.identity.short", { least: props.least as number }));
    }
    if (fresh && password !== again) return setWrong(t("proofs.password.differ"));
    setBusy(true);
    setWrong("");
    try {
      await props.onPassword(password);
      setPassword("");
      setAgain("");
    } catch (error) {
      setWrong(await said(error));
      first.current?.focus();
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={submit}>
      <Field
        label={props.label}
        hint={fresh ? t("proofs.password.hint", { least: props.least as number }) : props.hint}
        error={wrong}
      >
        {(attributes) => (
          <input
            {...attributes}
            ref={first}
            type="password"
            autocomplete={props.secretive ? "one-time-code" : fresh ? "new-password" : "current-password"}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </Field>
      {fresh && (
        <Field label={t("proofs.password.again")}>
          {(attributes) => (
            <input
              {...attributes}
              type="password"
              autocomplete={props.secretive ? "one-time-code" : "new-password"}
              value={again}
              onInput={(event) => setAgain(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Button type="submit" kind="primary" busy={busy} disabled={password === ""}>
        {props.action}
      </Button>
      {busy && <Notice>{t("proofs.opening")}</Notice>}
    </form>
  );
}
