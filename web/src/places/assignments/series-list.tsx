/** Work that comes again and again. */
import { useAll } from "@/api/live";
import { AsOf, Badge, Bdi, Empty, Shown, When } from "@/parts/basics";

import { t } from "@/words";
import { inPoints, WorkPage } from "./frame";

export default function SeriesList() {
  const series = useAll("/v1/series");
  return (
    <WorkPage>
      <Shown of={series}>
        {(found) => (
          <>
            {found.length === 0 && <Empty>{t("assignments.series.none")}</Empty>}
            <ul class="list">
              {found.map((one) => (
                <li key={one.seriesId} class="row">
                  <div class="main">
                    <a href={`#/series/${one.seriesId}`}>
                      <Bdi>{one.title ?? t("assignments.series.number", { id: String(one.seriesId) })}</Bdi>
                    </a>
                    <small>
                      {inPoints(one.reward)}
                      {one.nextStart !== null && (
                        <>
                          {" "}
                          · {t("assignments.series.next")} <When at={one.nextStart} />
                        </>
                      )}
                    </small>
                  </div>
                  <div class="badges">
                    <span>
                      {t("assignments.series.opened", { count: one.opened, of: String(one.occurrences) })}
                    </span>
                    <Badge tone={one.state === "Running" ? "good" : one.state === "Stopped" ? "bad" : "calm"}>
                      {t(`assignments.series.state.${one.state}`)}
                    </Badge>
                  </div>
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
      {series.block && !series.stale && <AsOf block={series.block} />}
    </WorkPage>
  );
}
