/** The node that is asked: whether it keeps up, what it does for all, and whether another one says the same. */
import { useEffect, useState } from "preact/hooks";
import { address } from "@/api/client";
import { connection, head, useReading } from "@/api/live";
import { nodeAddress } from "@/app/preferences";
import { AsOf, Badge, Facts, Hex, Page, Section, Shown, Table, When } from "@/parts/basics";
import { day, length } from "@/words/format";
import { number, t } from "@/words";
import { Compare } from "./compare";
import { Parameters } from "./parameters";

export default function Node() {
  return (
    <Page title={t("node.title")} lead={t("node.lead")}>
      <Health />
      <Compare />
      <div class="cards">
        <Section title={t("node.relay")}>
          <Relay />
        </Section>
        <Section title={t("node.keeper")}>
          <Keeper />
        </Section>
      </div>
      <Section title={t("node.seasons")}>
        <Seasons />
      </Section>
      <Section title={t("node.parameters")}>
        <Parameters />
      </Section>
      <Section title={t("node.contracts")}>
        <Contracts />
      </Section>
      <Section title={t("node.licence")}>
        <p>{t("node.licence.words")}</p>
        <p>{t("node.licence.source")}</p>
      </Section>
      {head.value && <AsOf block={head.value} />}
    </Page>
  );
}

interface Readiness {
  ready: boolean;
  /** Why not, in the node's words. */
  reason: string | null;
  /** The chain's head as the node heard of it last, where it says so. */
  head: number | null;
}

/** What /ready says, asked whenever the head moves and every ten seconds. */
function useReadiness(): Readiness | null {
  const [found, setFound] = useState<Readiness | null>(null);
  const at = head.value?.hash;
  const node = nodeAddress.value;
  useEffect(() => {
    let wanted = true;
    const ask = async () => {
      let next: Readiness;
      try {
        const response = await fetch(address("/ready"), { cache: "no-store", credentials: "omit" });
        const body = (await response.json()) as { ready?: boolean; detail?: string; head?: number | null };
        next = { ready: body.ready === true, reason: body.detail ?? null, head: body.head ?? null };
      } catch {
        next = { ready: false, reason: t("parts.unreachable"), head: null };
      }
      if (wanted) setFound(next);
    };
    void ask();
    const again = setInterval(() => void ask(), 10_000);
    return () => {
      wanted = false;
      clearInterval(again);
    };
  }, [at, node, connection.value]);
  return found;
}

function Health() {
  const node = useReading("/v1/node");
  const state = useReading("/v1/state");
  const readiness = useReadiness();
  const block = head.value;
  const behind =
    readiness && block ? (readiness.ready ? 0 : Math.max(0, (readiness.head ?? 0) - block.number)) : null;
  return (
    <Section
      title={t("node.health")}
      actions={
        readiness && (
          <Badge tone={readiness.ready ? "good" : "bad"}>
            {t(readiness.ready ? "node.ready" : "node.notready")}
          </Badge>
        )
      }
    >
      {readiness?.reason && !readiness.ready && <p>{readiness.reason}</p>}
      <Facts
        rows={[
          [t("node.address"), nodeAddress.value || location.origin],
          [t("node.connection"), t(`app.${connection.value}`)],
          [
            t("node.block"),
            block ? (
              <>
                {number(block.number)}, <When at={block.timestamp} />
              </>
            ) : (
              "–"
            ),
          ],
          [t("node.hash"), block ? <Hex value={block.hash} /> : "–"],
          [t("node.behind"), behind === null ? "–" : t("node.blocks", { count: behind })],
          [t("node.chain"), node.data ? String(node.data.chainId) : "–"],
          [t("node.state"), state.data ? <Hex value={state.data.stateHash} /> : "–"],
        ]}
      />
    </Section>
  );
}

function Relay() {
  const relay = useReading("/v1/relay");
  return (
    <Shown of={relay}>
      {(data) => (
        <>
          <Working enabled={data.enabled} obstacle={data.obstacle} on="node.relay.on" off="node.relay.off" />
          {data.enabled && (
            <Facts
              rows={[
                [t("node.sender"), data.sender ? <Hex value={data.sender} /> : "–"],
                [t("node.queued"), number(data.queued)],
                [t("node.perMinute"), data.perMinute === null ? "–" : number(data.perMinute)],
                [t("node.secretInterval"), data.secretInterval === null ? "–" : length(data.secretInterval)],
              ]}
            />
          )}
        </>
      )}
    </Shown>
  );
}

function Keeper() {
  const keeper = useReading("/v1/keeper");
  return (
    <Shown of={keeper}>
      {(data) => (
        <>
          <Working
            enabled={data.enabled}
            obstacle={data.obstacle}
            on="node.keeper.on"
            off="node.keeper.off"
          />
          {data.enabled && (
            <Facts
              rows={[
                [t("node.sender"), data.sender ? <Hex value={data.sender} /> : "–"],
                [
                  t("node.keeps"),
                  data.votes.length === 0
                    ? t("node.keeps.nothing")
                    : t("node.keeps.votes", { count: data.votes.length }),
                ],
              ]}
            />
          )}
        </>
      )}
    </Shown>
  );
}

function Working(props: {
  enabled: boolean;
  obstacle: string | null;
  on: "node.relay.on" | "node.keeper.on";
  off: "node.relay.off" | "node.keeper.off";
}) {
  if (!props.enabled) return <p>{t(props.off)}</p>;
  return (
    <>
      <p>{t(props.on)}</p>
      {props.obstacle && (
        <p>
          <Badge tone="bad">{t("node.obstacle")}</Badge> <span lang="en">{props.obstacle}</span>
        </p>
      )}
    </>
  );
}

function Seasons() {
  const seasons = useReading("/v1/seasons", { last: 8 });
  return (
    <Shown of={seasons}>
      {(data) => (
        <Table
          caption={t("node.seasons")}
          head={[
            t("node.season"),
            t("node.from"),
            t("node.to"),
            t("node.base"),
            t("node.bonus"),
            t("node.spent"),
          ]}
          numeric={[3, 4, 5]}
          rows={[...data]
            .sort((a, b) => b.season - a.season)
            .map((season) => [
              <>
                {number(season.season)}{" "}
                {season.current && <Badge tone="good">{t("node.season.current")}</Badge>}
              </>,
              <span class="whole">{day(season.start)}</span>,
              <span class="whole">{day(season.end)}</span>,
              number(season.base),
              number(season.bonusCap),
              number(season.spent),
            ])}
        />
      )}
    </Shown>
  );
}

function Contracts() {
  const commune = useReading("/v1/commune");
  const state = useReading("/v1/state");
  return (
    <>
      <details class="group">
        <summary>{t("node.contracts.list")}</summary>
        <Shown of={commune}>
          {(data) => (
            <Facts
              rows={Object.entries(data.contracts)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([name, at]) => [name, <Hex value={at} />])}
            />
          )}
        </Shown>
      </details>
      <details class="group">
        <summary>{t("node.tables")}</summary>
        <p class="hint">{t("node.tables.words")}</p>
        <Shown of={state}>
          {(data) => (
            <Facts
              rows={Object.entries(data.tables).map(([name, hash]) => [
                <code>{name}</code>,
                <Hex value={hash} />,
              ])}
            />
          )}
        </Shown>
      </details>
    </>
  );
}
