/** Acting with a text: it is written here, its hash goes on the chain, and the node is given the text itself. */
import { textHash } from "@/api/texts";
import { useState } from "preact/hooks";
import { Act, type ActProps } from "@/parts/act";
import { Field } from "@/parts/basics";
import type { Action } from "@/chain/actions";
import { t } from "@/words";

const NOTHING = `0x${"00".repeat(32)}`;

/** `act` is told the hash of what was written; of nothing it is zero. */
export function Say(
  props: Omit<ActProps, "action" | "run"> & {
    label: string;
    hint?: string;
    required?: boolean;
    rows?: number;
    act: (hash: string) => Action | Promise<Action>;
  },
) {
  const { label, hint, required, rows = 4, act, ...rest } = props;
  const [text, setText] = useState("");
  const written = text.trim();
  const empty = Boolean(required) && written === "";
  return (
    <>
      <Field label={label} hint={hint}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={rows}
            required={required}
            value={text}
            dir="auto"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <Act
        {...rest}
        cannot={props.cannot ?? (empty ? t("assignments.say.empty") : undefined)}
        action={async () => {
          const wanted = await act(written === "" ? NOTHING : await textHash(written));
          return written === "" ? wanted : { ...wanted, texts: [written] };
        }}
        onDone={(outcome) => {
          setText("");
          props.onDone?.(outcome);
        }}
      />
    </>
  );
}
