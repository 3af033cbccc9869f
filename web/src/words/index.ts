/**
 * What the page says, in the language that was chosen.
 *
 * A key is `<place>.<thing>`; `words/en/<place>.json` and `words/es/<place>.json` hold the same keys with the same
 * `{values}`. A key that counts has `.one` and `.other` (and what other forms the language knows), chosen by `count`.
 */
import { effect, signal } from "@preact/signals";
import { language, type Language } from "@/app/preferences";
import type english from "./en";

type Written = keyof typeof english;
type Counted<K> = K extends `${infer Stem}.other` ? Stem : never;

/** Every key there is; of those that count, the part before `.one` and `.other`. */
export type Key = Written | Counted<Written>;

/** The language whose words are loaded; the screen is drawn anew when it changes. */
export const spoken = signal<Language>("en");
let words: Record<string, string> = {};
let plural = new Intl.PluralRules("en");

const LOADED: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import("./en"),
  es: () => import("./es"),
};

/** Loads the chosen language's words, now and whenever another is chosen; resolves with the first. */
export function learn(): Promise<void> {
  return new Promise((resolve, reject) => {
    effect(() => {
      const chosen = language.value;
      LOADED[chosen]().then((loaded) => {
        if (language.value !== chosen) return;
        words = loaded.default;
        plural = new Intl.PluralRules(chosen);
        document.documentElement.lang = chosen;
        spoken.value = chosen;
        resolve();
      }, reject);
    });
  });
}

/** A text of the page, with its values filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  void spoken.value;
  const found =
    typeof values["count"] === "number" ? words[`${key}.${plural.select(values["count"])}`] : undefined;
  const text = found ?? words[key] ?? words[`${key}.other`] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** Whether there is such a text: for words that come from the chain, such as a state or a reason. */
export function known(key: string): key is Key {
  return key in words;
}

/** A number as the language writes it. */
export function number(value: number | bigint, digits = 0): string {
  return new Intl.NumberFormat(spoken.value, { maximumFractionDigits: digits }).format(value);
}
