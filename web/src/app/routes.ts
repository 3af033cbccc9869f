/**
 * Where a part of the page is: its address, and the entry of the navigation that it belongs to. What is loaded there
 * stands in places.ts, so that places can link to one another without knowing one another.
 */

export interface Place {
  params: Record<string, string>;
}

export interface Route {
  path: Path;
  name: PlaceName;
}

export type Path = (typeof LISTED)[number]["path"];
export type PlaceName = (typeof LISTED)[number]["name"];

const LISTED = [
  { path: "/", name: "home" },
  { path: "/delegation", name: "delegation" },
  { path: "/join", name: "members" },
  { path: "/membership", name: "members" },
  { path: "/checkin", name: "members" },
  { path: "/members", name: "members" },
  { path: "/members/:id", name: "members" },
  { path: "/applications/:id", name: "members" },
  { path: "/offices", name: "offices" },
  { path: "/offices/:id", name: "offices" },
  { path: "/elections/:id", name: "offices" },
  { path: "/petitions/:id", name: "offices" },
  { path: "/draws/:id", name: "offices" },
  { path: "/proposals", name: "proposals" },
  { path: "/proposals/new", name: "proposals" },
  { path: "/proposals/draft/:id", name: "proposals" },
  { path: "/proposals/:id", name: "proposals" },
  { path: "/polls/:id", name: "proposals" },
  { path: "/consent/:id", name: "proposals" },
  { path: "/reputation", name: "reputation" },
  { path: "/reputation/:id", name: "reputation" },
  { path: "/commons", name: "commons" },
  { path: "/records", name: "records" },
  { path: "/node", name: "node" },
  { path: "/assignments", name: "assignments" },
  { path: "/assignments/mine", name: "assignments" },
  { path: "/assignments/calendar", name: "assignments" },
  { path: "/assignments/series", name: "assignments" },
  { path: "/assignments/:id", name: "assignments" },
  { path: "/reviews/:id", name: "assignments" },
  { path: "/series/:id", name: "assignments" },
  { path: "/identity", name: "members" },
  { path: "/kiosk", name: "kiosk" },
  { path: "/kiosk/card", name: "kiosk" },
  { path: "/kiosk/ballot/:proposal/:member", name: "kiosk" },
  { path: "/kiosk/blank/:proposal", name: "kiosk" },
  { path: "/settings", name: "settings" },
] as const;

export const ROUTES: readonly Route[] = LISTED;

/** The navigation, group by group. */
export const NAVIGATION = [
  { group: "decide", places: ["proposals", "delegation", "offices"] },
  { group: "work", places: ["assignments", "reputation", "commons"] },
  { group: "commune", places: ["members", "records", "node"] },
] as const;

/** What a phone shows at its foot; all else is under "more". */
export const AT_HAND: PlaceName[] = ["home", "proposals", "assignments", "members"];
