/** The constitution's numbers, in words, with the bounds that no vote can move. */
import { SearchField } from "@/parts/search-field";
import { useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { useAll } from "@/api/live";
import { Badge, Shown, Table } from "@/parts/basics";
import { length, share } from "@/words/format";
import { known, number, t } from "@/words";

type Parameter = Item<"/v1/parameters">;

/** What a rule's numbers mean is the same in each of the four. */
const RULES = ["constitutional", "ordinary", "person", "expulsion"];

/** Lengths of time, in seconds, beside those that a rule has. */
const TIMES = new Set(
  `assembly.expiry assembly.sponsorshipExpiry hearing.length hearing.expiry admission.objectionWindow
  admission.probation admission.expiry admission.liability presence.period presence.notice
  recovery.guardianDelay recovery.delay season.length polls.voting polls.reveal consent.window consent.expiry
  office.standing office.lead recall.expiry recall.cooldown commons.period work.volunteering work.rework
  work.confirmWindow work.challenge review.window penalty.window penalty.appeal mediation.answer mediation.time
  panel.commit panel.reveal panel.appeal`.split(/\s+/),
);
const RULE_TIMES = ["deliberation", "voting", "follow", "queue", "lateExtension"];
const POINTS = new Set(
  `admission.voucherPenalty reputation.seasonCap reputation.confirmations work.confirmBase review.reward
  review.silence review.overturned mediation.reward panel.reward panel.silence panel.most
  credits.pointsPerCredit`.split(/\s+/),
);

/** A parameter's number as people read it. */
function valued(name: string, value: number): string {
  const [group = "", part = ""] = name.split(".");
  if (part.endsWith("Ppm")) return share(value / 100);
  if (part.endsWith("Bps")) return share(value);
  if (TIMES.has(name) || (RULES.includes(group) && RULE_TIMES.includes(part)))
    return value === 0 ? t("node.none") : length(value);
  if (POINTS.has(name)) return t("node.points", { count: value });
  return number(value);
}

/** What a parameter is about; its own name where there are no words for it. */
function meaning(name: string): string {
  const [group = "", part = ""] = name.split(".");
  const keys = [`node.p.${name}`, ...(RULES.includes(group) ? [`node.p.rule.${part}`] : [])];
  const key = keys.find(known);
  return key ? t(key) : name;
}

export function Parameters() {
  const all = useAll("/v1/parameters");
  const [sought, setSought] = useState("");
  return (
    <>
      <p>{t("node.parameters.words")}</p>
      <Shown of={all}>
        {(parameters) => {
          const wanted = sought.trim().toLowerCase();
          const found = parameters.filter(
            ({ name }) => wanted === "" || `${name} ${meaning(name)}`.toLowerCase().includes(wanted),
          );
          const groups = new Map<string, Parameter[]>();
          for (const one of found) {
            const group = one.name.split(".")[0] ?? "";
            groups.set(group, [...(groups.get(group) ?? []), one]);
          }
          return (
            <>
              <SearchField label={t("node.find")} value={sought} onInput={setSought} />
              <p class="hint" role="status">
                {t("node.found", { count: found.length })}
              </p>
              {[...groups].map(([group, listed]) => (
                <details key={`${group} ${wanted !== ""}`} class="group" open={wanted !== ""}>
                  <summary>{titled(group)}</summary>
                  <Table
                    caption={titled(group)}
                    head={[t("node.what"), t("node.now"), t("node.least"), t("node.most")]}
                    numeric={[1, 2, 3]}
                    rows={listed.map((one) => [
                      <>
                        {meaning(one.name)} <code class="quiet">{one.name}</code>
                        {one.floor === one.ceiling && <Badge>{t("node.fixed")}</Badge>}
                      </>,
                      <strong>{valued(one.name, one.value)}</strong>,
                      valued(one.name, one.floor),
                      valued(one.name, one.ceiling),
                    ])}
                  />
                </details>
              ))}
            </>
          );
        }}
      </Shown>
    </>
  );
}

function titled(group: string): string {
  const key = `node.g.${group}`;
  return known(key) ? t(key) : group;
}
