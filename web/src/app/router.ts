/** Which place is shown: the part of the address after `#`, so that any server can serve the page. */
import { computed, signal } from "@preact/signals";
import { ROUTES, type Route } from "./routes";

export interface Here {
  path: string;
  route: Route | null;
  params: Record<string, string>;
  query: URLSearchParams;
}

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

export const here = computed<Here>(() => {
  const [path = "/", query = ""] = (hash.value.slice(1) || "/").split("?");
  for (const route of ROUTES) {
    const params = matched(route.path, path);
    if (params) return { path, route, params, query: new URLSearchParams(query) };
  }
  return { path, route: null, params: {}, query: new URLSearchParams(query) };
});

/** `/proposals/:id` and `/proposals/12` give `{id: "12"}`. */
function matched(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = path.split("/").filter(Boolean);
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [place, part] of wanted.entries()) {
    const text = given[place] as string;
    if (part.startsWith(":")) {
      try {
        params[part.slice(1)] = decodeURIComponent(text);
      } catch {
        return null;
      }
    } else if (part !== text) return null;
  }
  return params;
}

export function go(path: string): void {
  location.hash = path;
}
