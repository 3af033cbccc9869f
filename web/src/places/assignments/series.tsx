/** One series: when it comes again, what was opened, and what comes. */
import { useReading } from "@/api/live";
import type { Place } from "@/app/routes";
import { AsOf, Badge, Bdi, Empty, Facts, Page, Section, Shown, When } from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { length, when } from "@/words/format";
import { t } from "@/words";
import { inPoints } from "./frame";
import { bodyOf, useTopics } from "./brief";

export default function Series({ params }: Place) {
  const series = useReading("/v1/series/{seriesId}", { seriesId: params["id"] });
  const topic = useTopics();
  const name = t("assignments.series.number", { id: String(params["id"]) });
  return (
    <Page
      title={series.data?.title ? <Bdi>{series.data.title}</Bdi> : name}
      lead={<a href="#/assignments/series">{t("assignments.view.series")}</a>}
    >
      <Shown of={series}>
        {(found) => (
          <>
            <div class="badges gapped">
              <Badge tone={found.state === "Running" ? "good" : "calm"}>
                {t(`assignments.series.state.${found.state}`)}
              </Badge>
              <Badge>
                <Bdi>{topic(found.topic)}</Bdi>
              </Badge>
              <Badge>{t(`assignments.kind.${found.kind}`)}</Badge>
            </div>
            {found.text !== null && <Markdown text={bodyOf(found.text)} />}
            <Section title={t("assignments.terms")}>
              <Facts
                rows={[
                  [t("assignments.reward"), inPoints(found.reward)],
                  [t("assignments.seats"), String(found.seats)],
                  [t("assignments.takes"), length(found.length)],
                  [
                    t("assignments.series.opens"),
                    t("assignments.series.before", { length: length(found.lead) }),
                  ],
                  ...(found.rule === null
                    ? []
                    : [
                        [t("assignments.series.rule"), <pre class="plain">{found.rule}</pre>] as [
                          string,
                          preact.ComponentChildren,
                        ],
                      ]),
                ]}
              />
            </Section>
            <div class="halves">
              <Section title={t("assignments.series.coming")}>
                {found.coming.length === 0 && <Empty />}
                <ul class="list">
                  {found.coming.map((one) => (
                    <li key={one.number} class="row">
                      <div class="main">
                        {when(one.start)}
                        <small>
                          {t("assignments.series.opens")} <When at={one.opensAt} />
                        </small>
                      </div>
                    </li>
                  ))}
                </ul>
              </Section>
              <Section title={t("assignments.series.past")}>
                {found.openedOnes.length === 0 && <Empty />}
                <ul class="list">
                  {[...found.openedOnes].reverse().map((one) => (
                    <li key={one.number} class="row">
                      <a href={`#/assignments/${one.assignmentId}`}>{when(one.start)}</a>
                    </li>
                  ))}
                </ul>
              </Section>
            </div>
          </>
        )}
      </Shown>
      {series.block && !series.stale && <AsOf block={series.block} />}
    </Page>
  );
}
