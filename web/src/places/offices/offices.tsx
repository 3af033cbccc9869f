/** Tasks held by named people, for a time, with listed powers. */
import type { Item } from "@/api/client";
import { useAll, useReading } from "@/api/live";
import { AsOf, Badge, Bdi, Empty, Page, Person, Section, Shown, When } from "@/parts/basics";
import { length } from "@/words/format";
import { t } from "@/words";
import { useTopics } from "@/places/assignments/brief";
import { DrawRow } from "./draws";

type Office = Item<"/v1/offices">;

export default function Offices() {
  const offices = useAll("/v1/offices");
  const draws = useReading("/v1/draws", { limit: 10 });
  return (
    <Page title={t("offices.title")} lead={t("offices.lead")}>
      <Shown of={offices}>
        {(found) => {
          const standing = found.filter((office) => office.abolishedAt === null);
          const gone = found.filter((office) => office.abolishedAt !== null);
          return (
            <>
              {standing.length === 0 && <Empty>{t("offices.none")}</Empty>}
              <div class="cards">
                {standing.map((office) => (
                  <OfficeCard key={office.officeId} office={office} />
                ))}
              </div>
              {gone.length > 0 && (
                <details class="apart">
                  <summary>{t("offices.gone", { count: gone.length })}</summary>
                  <ul>
                    {gone.map((office) => (
                      <li key={office.officeId}>
                        <a href={`#/offices/${office.officeId}`}>
                          <Bdi>{titleOf(office)}</Bdi>
                        </a>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </>
          );
        }}
      </Shown>
      <Section title={t("offices.draws")} class="apart">
        <p class="hint">{t("offices.draws.lead")}</p>
        <Shown of={draws}>
          {(found) =>
            found.length === 0 ? (
              <Empty>{t("offices.draws.none")}</Empty>
            ) : (
              <ul class="list">
                {found.map((draw) => (
                  <li key={draw.drawId}>
                    <DrawRow draw={draw} />
                  </li>
                ))}
              </ul>
            )
          }
        </Shown>
      </Section>
      {offices.block && !offices.stale && <AsOf block={offices.block} />}
    </Page>
  );
}

export function titleOf(office: { officeId: number; title: string | null }): string {
  return office.title ?? t("offices.untitled", { id: String(office.officeId) });
}

function OfficeCard({ office }: { office: Office }) {
  const topic = useTopics();
  return (
    <article class="card" aria-labelledby={`office-${office.officeId}`}>
      <h2 id={`office-${office.officeId}`}>
        <a href={`#/offices/${office.officeId}`}>
          <Bdi>{titleOf(office)}</Bdi>
        </a>
      </h2>
      <div class="badges gapped">
        <Badge>
          <Bdi>{topic(office.topic)}</Bdi>
        </Badge>
        {office.vacant > 0 && <Badge tone="warn">{t("offices.vacant", { count: office.vacant })}</Badge>}
        {office.electionId !== null && <Badge tone="good">{t("offices.electing")}</Badge>}
      </div>
      {office.holders.length > 0 ? (
        <ul class="plain-list" aria-label={t("offices.holders")}>
          {office.holders.map((member) => (
            <li key={member}>
              <Person id={member} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="hint">{t("offices.nobody")}</p>
      )}
      <p class="hint">
        {t("offices.seats", { count: office.seats })} ·{" "}
        {t("offices.term.of", { length: length(office.term) })} ·{" "}
        {t("offices.filledBy", { way: t(`offices.filling.${office.filling}`) })}
        {office.vacant === 0 && office.nextVacancy !== null && (
          <>
            {" "}
            · {t("offices.nextVacancy")} <When at={office.nextVacancy} />
          </>
        )}
      </p>
    </article>
  );
}
