/** What a person set on this device: language, colours, and which node to ask. Kept in localStorage. */
import { effect, signal, type Signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
export const LANGUAGES = { en: "English", es: "Español" } as const;
export type Language = keyof typeof LANGUAGES;

/** The chosen node's address without a trailing slash; "" is the one that served this page. */
export const nodeAddress = kept<string>("node", "", isAddress);
export const theme = kept<Theme>("theme", "system", (text) => ["system", "light", "dark"].includes(text));
export const language = kept<Language>("language", spoken(), (text) => text in LANGUAGES);

/** The address that a person typed, as it is kept; null if it is none that a page may ask. */
export function nodeFrom(typed: string): string | null {
  const text = typed.trim().replace(/\/+$/, "");
  if (text === "" || text === location.origin) return "";
  try {
    const url = new URL(text.includes("://") ? text : `https://${text}`);
    const local = ["localhost", "127.0.0.1"].includes(url.hostname);
    if (url.protocol !== "https:" && !(url.protocol === "http:" && local)) return null;
    if (url.username || url.search || url.hash) return null;
    return (url.origin + url.pathname).replace(/\/+$/, "");
  } catch {
    return null;
  }
}

function isAddress(text: string): boolean {
  return nodeFrom(text) === text;
}

function spoken(): Language {
  const found = navigator.languages.map((tag) => tag.slice(0, 2)).find((code) => code in LANGUAGES);
  return (found as Language | undefined) ?? "en";
}

function kept<T extends string>(name: string, otherwise: T, isGood: (text: string) => boolean): Signal<T> {
  const key = `dualpower.${name}`;
  const stored = remembered(key);
  const value = signal<T>(stored !== null && isGood(stored) ? (stored as T) : otherwise);
  effect(() => {
    try {
      if (value.value === otherwise) localStorage.removeItem(key);
      else localStorage.setItem(key, value.value);
    } catch {
      // A full or closed storage: it holds until the page is closed.
    }
  });
  return value;
}

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
