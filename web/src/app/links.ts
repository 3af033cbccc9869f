/** Addresses of this page's places, as far as it has them. */
import { ROUTES } from "./routes";

/** Where the first of these routes leads that the page has (`/cases/:id`), with `id` put in; null if it has none. */
export function linkTo(id: string | number | null, ...routes: string[]): string | null {
  const found = routes.find((path) => ROUTES.some((route) => route.path === path));
  if (found === undefined) return null;
  return `#${found.replace(/:\w+/, id === null ? "" : encodeURIComponent(id))}`;
}
