/** What all views of work share: their heading, the way between them, and how an assignment is named. */
import type { ComponentChildren } from "preact";
import { here } from "@/app/router";
import { Page } from "@/parts/basics";
import { points } from "@/words/format";
import { t } from "@/words";

const VIEWS = ["", "/mine", "/calendar", "/series"] as const;
const NAMES = { "": "board", "/mine": "mine", "/calendar": "calendar", "/series": "series" } as const;

export function WorkPage(props: { children: ComponentChildren }) {
  return (
    <Page title={t("assignments.title")} lead={t("assignments.lead")}>
      <nav class="tabs" aria-label={t("assignments.views")}>
        <ul>
          {VIEWS.map((view) => (
            <li key={view}>
              <a
                href={`#/assignments${view}`}
                aria-current={here.value.path === `/assignments${view}` ? "page" : undefined}
              >
                {t(`assignments.view.${NAMES[view]}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {props.children}
    </Page>
  );
}

export function workTitle(work: { assignmentId: number; title: string | null }): string {
  return work.title ?? t("assignments.untitled", { id: String(work.assignmentId) });
}

/** Micro-points, in words. */
export function inPoints(micro: string): string {
  return t("assignments.points", { count: Number(BigInt(micro)) / 1e6, points: points(micro) });
}
