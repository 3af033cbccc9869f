/** What is common: how much there is, where it came from and went, and what may still leave. */
import { useMemo, useState } from "preact/hooks";
import type { Data, Item } from "@/api/client";
import { chainNow, useAll, useReading } from "@/api/live";
import { linkTo } from "@/app/links";
import {
  AsOf,
  AsTable,
  Badge,
  Bdi,
  Empty,
  Facts,
  Gauge,
  Field,
  Hex,
  Page,
  Person,
  Section,
  Shown,
  When,
} from "@/parts/basics";
import { Flow, type Part } from "@/charts/flow";
import { LongList } from "@/parts/long-list";
import { amount, day, percent, share, short } from "@/words/format";
import { t } from "@/words";

type Commons = Data<"/v1/commons">;
type Asset = Commons["assets"][number];
type Entry = Item<"/v1/commons/ledger">;
type Purse = Item<"/v1/purses">;
type Token = Entry["token"];

export default function CommonsPlace() {
  const commons = useReading("/v1/commons");
  return (
    <Page title={t("commons.title")} lead={t("commons.lead")}>
      <Shown of={commons}>
        {(data) => (
          <>
            {data.assets.length === 0 && <Empty>{t("commons.nothing")}</Empty>}
            <div class="cards">
              {data.assets.map((asset) => (
                <There key={asset.asset} asset={asset} commons={data} />
              ))}
            </div>
          </>
        )}
      </Shown>
      {commons.data && commons.data.assets.length > 0 && <Movements commons={commons.data} />}
      <Section title={t("commons.purses")}>
        <Purses />
      </Section>
      {commons.block && !commons.stale && <AsOf block={commons.block} />}
    </Page>
  );
}

/** An amount of a token; in its smallest parts where it does not say how many make one. */
function money(units: string | bigint, token: Token, asset: string): string {
  return amount(units, token?.decimals ?? 0, token?.symbol ?? short(asset));
}

function There({ asset, commons }: { asset: Asset; commons: Commons }) {
  const { pay } = commons;
  const spent = BigInt(asset.brakeSpent);
  const whole = spent + BigInt(asset.brakeLeft);
  const used = whole === 0n ? 0 : Number((spent * 1000n) / whole) / 1000;
  return (
    <Section title={asset.token?.symbol ?? short(asset.asset)}>
      <p class="score">
        <strong>{money(asset.balance, asset.token, asset.asset)}</strong>
      </p>
      <Meter
        label={t("commons.brake", { share: share(commons.brakeBps), until: day(commons.periodEnd) })}
        used={used}
        words={t("commons.brake.left", {
          left: money(asset.brakeLeft, asset.token, asset.asset),
          whole: money(whole, asset.token, asset.asset),
        })}
      />
      {pay.asset === asset.asset && BigInt(pay.unit) > 0n && (
        <Facts
          rows={[
            [t("commons.pay"), money(BigInt(pay.unit) * BigInt(pay.workersPay), asset.token, asset.asset)],
          ]}
        />
      )}
    </Section>
  );
}

/** How much of something is used, as a bar and in words. */
function Meter(props: { label: string; used: number; words: string }) {
  return (
    <div class="used">
      <p>{props.label}</p>
      <Gauge share={props.used} />
      <small>
        {t("commons.used", { share: percent(props.used) })} {props.words}
      </small>
    </div>
  );
}

const YEAR = 365 * 86_400;
const SPANS = ["all", "year", "period"] as const;
type Span = (typeof SPANS)[number];

/** The picture and the ledger of one asset. */
function Movements({ commons }: { commons: Commons }) {
  const assets = commons.assets;
  const [chosen, choose] = useState(assets[0]?.asset ?? "");
  const [span, setSpan] = useState<Span>("all");
  const asset = assets.find((one) => one.asset === chosen) ?? (assets[0] as Asset);
  const ledger = useAll("/v1/commons/ledger", { asset: asset.asset });
  return (
    <>
      <Section title={t("commons.flow")}>
        <div class="side-by-side">
          {assets.length > 1 && (
            <Field label={t("commons.asset")}>
              {(attributes) => (
                <select
                  {...attributes}
                  value={asset.asset}
                  onChange={(event) => choose(event.currentTarget.value)}
                >
                  {assets.map((one) => (
                    <option key={one.asset} value={one.asset}>
                      {one.token?.symbol ?? short(one.asset)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          <Field label={t("commons.span")}>
            {(attributes) => (
              <select
                {...attributes}
                value={span}
                onChange={(event) => setSpan(event.currentTarget.value as Span)}
              >
                {SPANS.map((one) => (
                  <option key={one} value={one}>
                    {t(`commons.span.${one}`)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <Shown of={ledger}>
          {(entries) => <Picture entries={entries} asset={asset} span={span} commons={commons} />}
        </Shown>
      </Section>
      <Section title={t("commons.ledger")}>
        <Shown of={ledger}>
          {(entries) =>
            entries.length === 0 ? (
              <Empty />
            ) : (
              <LongList items={entries} label={t("commons.ledger")} height={84} keyOf={(entry) => entry.id}>
                {(entry) => <Movement entry={entry} />}
              </LongList>
            )
          }
        </Shown>
      </Section>
    </>
  );
}

/** Givers shown by themselves; the rest are one. */
const GIVERS = 4;

function Picture(props: { entries: Entry[]; asset: Asset; span: Span; commons: Commons }) {
  const { entries, asset, span, commons } = props;
  const { from, to } = useMemo(() => {
    const begun = { all: 0, year: chainNow() - YEAR, period: commons.periodStart };
    return partsOf(entries, begun[span], asset);
  }, [entries, asset, span, commons.periodStart]);
  if (from.length === 0 && to.length === 0) return <Empty>{t("commons.still")}</Empty>;
  const decimals = asset.token?.decimals ?? 0;
  const written = (units: bigint) => money(units, asset.token, asset.asset);
  const part = ([name, units]: [string, bigint]): Part => ({
    name,
    figure: written(units),
    amount: Number(units) / 10 ** decimals,
  });
  const rows = [
    ...from.map(([name, units]) => [t("commons.in"), name, written(units)]),
    ...to.map(([name, units]) => [t("commons.out"), name, written(units)]),
  ];
  return (
    <>
      <Flow
        label={t("commons.picture", {
          from: from.map(([name, units]) => `${name} ${written(units)}`).join(", ") || t("commons.none"),
          to: to.map(([name, units]) => `${name} ${written(units)}`).join(", ") || t("commons.none"),
        })}
        from={from.map(part)}
        to={to.map(part)}
        middle={t("commons.title")}
      />
      <AsTable
        caption={t("commons.flow")}
        head={[t("commons.direction"), t("commons.what"), t("commons.amount")]}
        numeric={[2]}
        rows={rows}
      />
    </>
  );
}

/** What came in by who gave it, with what was there before; what went out by why, with what is left. */
function partsOf(
  entries: Entry[],
  since: number,
  asset: Asset,
): { from: [string, bigint][]; to: [string, bigint][] } {
  const given = new Map<string, bigint>();
  const paid = new Map<string, bigint>();
  const add = (sums: Map<string, bigint>, name: string, units: bigint) =>
    sums.set(name, (sums.get(name) ?? 0n) + units);
  let before = 0n;
  for (const entry of entries) {
    const units = BigInt(entry.amount);
    const came = entry.kind === "Income";
    if (entry.bookedAt < since) before += came ? units : -units;
    else if (came) add(given, entry.account ? short(entry.account) : t("commons.found"), units);
    else if (entry.purseId !== null) add(paid, t("commons.purse", { id: String(entry.purseId) }), units);
    else add(paid, t(`commons.kind.${entry.kind}`), units);
  }
  const largest = (sums: Map<string, bigint>) => [...sums].sort((a, b) => (a[1] < b[1] ? 1 : -1));
  const givers = largest(given);
  const others = givers.slice(GIVERS).reduce((sum, [, units]) => sum + units, 0n);
  const from: [string, bigint][] = [
    ...(before > 0n ? ([[t("commons.before"), before]] as [string, bigint][]) : []),
    ...givers.slice(0, GIVERS),
    ...(others > 0n ? ([[t("commons.others"), others]] as [string, bigint][]) : []),
  ];
  const left = BigInt(asset.balance);
  const to = [...largest(paid), ...(left > 0n ? ([[t("commons.left"), left]] as [string, bigint][]) : [])];
  return { from, to };
}

function Movement({ entry }: { entry: Entry }) {
  const came = entry.kind === "Income";
  const short = entry.arrived !== null && entry.arrived !== entry.amount;
  return (
    <div class="row">
      <div class="main">
        <p class="why">
          {entry.reason ? (
            <Bdi>{entry.reason.split("\n", 1)[0]}</Bdi>
          ) : (
            t(entry.reasonHash ? "commons.reason.missing" : `commons.kind.${entry.kind}`)
          )}
        </p>
        <small>
          <Badge>{t(`commons.kind.${entry.kind}`)}</Badge> <When at={entry.bookedAt} />
          {entry.purseId !== null && ` · ${t("commons.purse", { id: String(entry.purseId) })}`}
          {entry.memberId !== null && (
            <>
              {" · "}
              <Person id={entry.memberId} />
            </>
          )}
          {" · "}
          {came ? t("commons.given") : t("commons.paid")}{" "}
          {entry.account ? <Hex value={entry.account} /> : t("commons.found")}{" "}
          <a href={`#/records?event=${entry.id}`}>{t("commons.record")}</a>
        </small>
      </div>
      <strong class={`figure ${came ? "won" : "lost"}`}>
        {came ? "+" : "−"}
        {money(entry.amount, entry.token, entry.asset)}
        {short && (
          <small>
            {t("commons.arrived", { amount: money(entry.arrived as string, entry.token, entry.asset) })}
          </small>
        )}
      </strong>
    </div>
  );
}

function Purses() {
  const purses = useAll("/v1/purses");
  return (
    <>
      <p>{t("commons.purses.words")}</p>
      <Shown of={purses}>
        {(data) =>
          data.length === 0 ? (
            <Empty>{t("commons.purses.none")}</Empty>
          ) : (
            <LongList items={data} label={t("commons.purses")} height={110} keyOf={(purse) => purse.purseId}>
              {(purse) => <OnePurse purse={purse} />}
            </LongList>
          )
        }
      </Shown>
    </>
  );
}

function OnePurse({ purse }: { purse: Purse }) {
  const cap = BigInt(purse.cap);
  const used = cap === 0n ? 1 : Number((BigInt(purse.spent) * 1000n) / cap) / 1000;
  const office = purse.module === "offices" ? linkTo(purse.key, "/offices/:id") : null;
  const holder =
    purse.module === "offices"
      ? t("commons.office", { id: purse.key })
      : (purse.module ?? short(purse.controller));
  return (
    <div class="purse">
      <p>
        <strong>{t("commons.purse", { id: String(purse.purseId) })}</strong>{" "}
        {purse.closed && <Badge tone="warn">{t("commons.closed")}</Badge>}{" "}
        {purse.reason && <Bdi>{purse.reason.split("\n", 1)[0]}</Bdi>}
      </p>
      <small>
        {t("commons.held")} {office ? <a href={office}>{holder}</a> : holder}
      </small>
      {!purse.closed && (
        <Meter
          label={t("commons.cap", { cap: money(purse.cap, purse.token, purse.asset) })}
          used={used}
          words={t("commons.purse.left", { left: money(purse.left, purse.token, purse.asset) })}
        />
      )}
    </div>
  );
}
