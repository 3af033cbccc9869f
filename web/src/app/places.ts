/** Every place of the page: its route, and what is loaded when somebody goes there. */
import type { ComponentType } from "preact";

export interface Place {
  params: Record<string, string>;
}

export interface Route {
  path: string;
  /** The entry of the navigation that it belongs to. */
  name: PlaceName;
  load: () => Promise<{ default: ComponentType<Place> }>;
}

export type PlaceName = (typeof NAVIGATION)[number]["places"][number] | "home" | "settings" | "kiosk";

/** The navigation, group by group; a place is shown once it has a route. */
export const NAVIGATION = [
  { group: "decide", places: ["proposals", "delegation", "offices"] },
  { group: "work", places: ["assignments", "reputation", "commons"] },
  { group: "commune", places: ["members", "records", "node"] },
] as const;

/** What a phone shows at its foot; all else is under "more". */
export const AT_HAND: PlaceName[] = ["home", "proposals", "assignments", "members"];

export const ROUTES: Route[] = [
  { path: "/", name: "home", load: () => import("@/places/home/home") },
  { path: "/delegation", name: "delegation", load: () => import("@/places/delegation/delegation") },
  { path: "/join", name: "members", load: () => import("@/places/members/join") },
  { path: "/membership", name: "members", load: () => import("@/places/members/membership") },
  { path: "/checkin", name: "members", load: () => import("@/places/members/checkin") },
  { path: "/members", name: "members", load: () => import("@/places/members/members") },
  { path: "/members/:id", name: "members", load: () => import("@/places/members/profile") },
  { path: "/applications/:id", name: "members", load: () => import("@/places/members/application") },
  { path: "/offices", name: "offices", load: () => import("@/places/offices/offices") },
  { path: "/offices/:id", name: "offices", load: () => import("@/places/offices/office") },
  { path: "/elections/:id", name: "offices", load: () => import("@/places/offices/election") },
  { path: "/petitions/:id", name: "offices", load: () => import("@/places/offices/recall") },
  { path: "/draws/:id", name: "offices", load: () => import("@/places/offices/draw") },
  { path: "/proposals", name: "proposals", load: () => import("@/places/proposals/proposals") },
  { path: "/proposals/new", name: "proposals", load: () => import("@/places/proposals/write") },
  { path: "/proposals/draft/:id", name: "proposals", load: () => import("@/places/proposals/draft") },
  { path: "/proposals/:id", name: "proposals", load: () => import("@/places/proposals/proposal") },
  { path: "/polls/:id", name: "proposals", load: () => import("@/places/polls/poll") },
  { path: "/consent/:id", name: "proposals", load: () => import("@/places/consent/consent") },
  { path: "/reputation", name: "reputation", load: () => import("@/places/reputation/reputation") },
  { path: "/reputation/:id", name: "reputation", load: () => import("@/places/reputation/reputation") },
  { path: "/commons", name: "commons", load: () => import("@/places/commons/commons") },
  { path: "/records", name: "records", load: () => import("@/places/records/records") },
  { path: "/node", name: "node", load: () => import("@/places/node/node") },
  { path: "/assignments", name: "assignments", load: () => import("@/places/assignments/board") },
  { path: "/assignments/mine", name: "assignments", load: () => import("@/places/assignments/mine") },
  { path: "/assignments/calendar", name: "assignments", load: () => import("@/places/assignments/calendar") },
  {
    path: "/assignments/series",
    name: "assignments",
    load: () => import("@/places/assignments/series-list"),
  },
  { path: "/assignments/:id", name: "assignments", load: () => import("@/places/assignments/assignment") },
  { path: "/reviews/:id", name: "assignments", load: () => import("@/places/assignments/review") },
  { path: "/series/:id", name: "assignments", load: () => import("@/places/assignments/series") },
  { path: "/identity", name: "members", load: () => import("@/places/identity/identity") },
  { path: "/kiosk", name: "kiosk", load: () => import("@/places/kiosk/kiosk") },
  { path: "/kiosk/card", name: "kiosk", load: () => import("@/places/kiosk/card") },
  { path: "/kiosk/ballot/:proposal/:member", name: "kiosk", load: () => import("@/places/kiosk/ballot") },
  { path: "/kiosk/blank/:proposal", name: "kiosk", load: () => import("@/places/kiosk/blank") },
  { path: "/settings", name: "settings", load: () => import("@/places/settings/settings") },
];
