/** A way in several steps, of which one is being taken. */
import type { ComponentChildren } from "preact";
import { t } from "@/words";

export interface Step {
  title: ComponentChildren;
  words?: ComponentChildren;
  state: "done" | "now" | "next" | "failed";
}

export function Steps(props: { steps: Step[] }) {
  return (
    <ol class="steps">
      {props.steps.map(({ title, words, state }, index) => (
        <li key={index} class={state} aria-current={state === "now" ? "step" : undefined}>
          <span class="mark" aria-hidden="true">
            {state === "done" ? "✓" : state === "failed" ? "✕" : index + 1}
          </span>
          <div>
            <strong>{title}</strong>
            {state !== "next" && <span class="unseen">{t(`members.step.${state}`)}</span>}
            {words && <div class="words">{words}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
