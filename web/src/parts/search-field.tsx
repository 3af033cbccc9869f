/** A field to look for something among what is listed. */
import type { ComponentChildren } from "preact";
import { Field } from "./basics";

export function SearchField(props: {
  label: ComponentChildren;
  value: string;
  onInput: (sought: string) => void;
}) {
  return (
    <Field label={props.label}>
      {(attributes) => (
        <input
          {...attributes}
          type="search"
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
