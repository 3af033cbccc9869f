/** What stands beside the scores: information for people, which changes nothing. */
import { useState } from "preact/hooks";
import { useReading } from "@/api/live";
import { Button, Empty, Person, Section, Shown, Table } from "@/parts/basics";
import { percent, points } from "@/words/format";
import { number, t } from "@/words";

const SHOWN = 20;

/** How others rank as seen from one member, by the confirmations that lead from them. */
export function Ranking({ viewer, own }: { viewer: number; own: boolean }) {
  const [wanted, want] = useState(false);
  const ranking = useReading(wanted ? "/v1/members/{memberId}/ranking" : null, {
    memberId: viewer,
    limit: SHOWN,
  });
  return (
    <Section title={t(own ? "reputation.ranking.mine" : "reputation.ranking")}>
      <p>{t("reputation.ranking.words")}</p>
      {!wanted && <Button onClick={() => want(true)}>{t("reputation.ranking.do")}</Button>}
      {wanted && (
        <Shown of={ranking}>
          {(data) =>
            data.members.length === 0 ? (
              <Empty>{t("reputation.ranking.none")}</Empty>
            ) : (
              <>
                <Table
                  caption={t("reputation.ranking")}
                  head={[
                    t("reputation.rank"),
                    t("reputation.member"),
                    t("reputation.seen"),
                    t("reputation.bridge"),
                  ]}
                  numeric={[0, 2]}
                  rows={data.members.map((seen) => [
                    number(seen.rank),
                    <Person id={seen.memberId} />,
                    percent(seen.score),
                    seen.bridge === null ? "" : <Person id={seen.bridge} />,
                  ])}
                />
                <p class="hint">
                  {t("reputation.ranking.how", {
                    walks: data.walks,
                    seed: String(data.seed),
                    count: data.reached,
                  })}
                </p>
              </>
            )
          }
        </Shown>
      )}
    </Section>
  );
}

/** Rings, vouching trees, and on how few somebody's reputation rests: about one member, or about all. */
export function Report({ memberId }: { memberId: number | null }) {
  const [wanted, want] = useState(false);
  const report = useReading(wanted ? "/v1/reputation/report" : null, { memberId, limit: SHOWN });
  return (
    <Section title={t(memberId === null ? "reputation.report" : "reputation.report.member")}>
      <p>{t("reputation.report.words")}</p>
      {!wanted && <Button onClick={() => want(true)}>{t("reputation.report.do")}</Button>}
      {wanted && (
        <Shown of={report}>
          {(data) => (
            <>
              <h3>{t("reputation.rings", { count: data.ringCount })}</h3>
              <p class="hint">{t("reputation.rings.words")}</p>
              {data.rings.map((ring) => (
                <p key={ring.members.join()}>
                  {ring.members.map((id, index) => (
                    <>
                      {index > 0 && ", "}
                      <Person id={id} />
                    </>
                  ))}
                  :{" "}
                  {t("reputation.ring", {
                    inside: points(ring.inside),
                    confirmed: points(ring.confirmed),
                    share: percent(ring.share),
                    chance: percent(ring.byChance),
                  })}
                </p>
              ))}
              <h3>{t("reputation.trees", { count: data.treeCount })}</h3>
              <p class="hint">{t("reputation.trees.words")}</p>
              {data.trees.length > 0 && (
                <Table
                  caption={t("reputation.trees", { count: data.treeCount })}
                  head={[
                    t("reputation.member"),
                    t("reputation.tree.size"),
                    t("reputation.tree.depth"),
                    t("reputation.tree.closed"),
                  ]}
                  numeric={[1, 2, 3]}
                  rows={data.trees.map((tree) => [
                    <Person id={tree.memberId} />,
                    number(tree.size),
                    number(tree.depth),
                    number(tree.closed),
                  ])}
                />
              )}
              <h3>{t("reputation.support", { count: data.supported })}</h3>
              <p class="hint">{t("reputation.support.words")}</p>
              {data.support.length > 0 && (
                <Table
                  caption={t("reputation.support", { count: data.supported })}
                  head={[
                    t("reputation.member"),
                    t("reputation.support.points"),
                    t("reputation.support.confirmers"),
                    t("reputation.support.effective"),
                    t("reputation.support.first"),
                  ]}
                  numeric={[1, 2, 3, 4]}
                  rows={data.support.map((one) => [
                    <Person id={one.memberId} />,
                    points(one.confirmed),
                    number(one.confirmers),
                    number(one.effective, 1),
                    percent(one.first),
                  ])}
                />
              )}
            </>
          )}
        </Shown>
      )}
    </Section>
  );
}
