/** What a person sets on this device. */
import { useState } from "preact/hooks";
import {
  LANGUAGES,
  language,
  nodeAddress,
  nodeFrom,
  theme,
  type Language,
  type Theme,
} from "@/app/preferences";
import { Button, Field, Page, Section } from "@/parts/basics";
import { t } from "@/words";

const THEMES: Theme[] = ["system", "light", "dark"];

export default function Settings() {
  return (
    <Page title={t("settings.title")}>
      <Section title={t("settings.language")}>
        <Choice
          name="language"
          legend={t("settings.language")}
          chosen={language.value}
          options={Object.entries(LANGUAGES) as [Language, string][]}
          onChoose={(code) => (language.value = code)}
        />
      </Section>
      <Section title={t("settings.theme")}>
        <Choice
          name="theme"
          legend={t("settings.theme")}
          chosen={theme.value}
          options={THEMES.map((each) => [each, t(`settings.theme.${each}`)])}
          onChoose={(each) => (theme.value = each)}
        />
      </Section>
      <Section title={t("settings.node")}>
        <NodeAddress />
      </Section>
    </Page>
  );
}

function Choice<T extends string>(props: {
  name: string;
  legend: string;
  chosen: T;
  options: [T, string][];
  onChoose: (value: T) => void;
}) {
  return (
    <fieldset class="choice">
      <legend class="unseen">{props.legend}</legend>
      {props.options.map(([value, label]) => (
        <label key={value}>
          <input
            type="radio"
            name={props.name}
            value={value}
            checked={props.chosen === value}
            onChange={() => props.onChoose(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function NodeAddress() {
  const [typed, setTyped] = useState(nodeAddress.value);
  const address = nodeFrom(typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (address !== null) nodeAddress.value = address;
      }}
    >
      <Field
        label={t("settings.node")}
        hint={t("settings.node.hint")}
        error={address === null && t("settings.node.bad")}
      >
        {(attributes) => (
          <input
            {...attributes}
            type="url"
            inputMode="url"
            autocomplete="off"
            placeholder={t("settings.node.same")}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <Button type="submit" kind="primary" disabled={address === null || address === nodeAddress.value}>
        {t("settings.node.save")}
      </Button>
    </form>
  );
}
