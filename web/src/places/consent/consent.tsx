/** Something that passes by consent: if enough members agree, and few enough block it. */
import { Single } from "@/places/proposals/single";
import type { Data, Item } from "@/api/client";
import { useAll, useReading, type Live } from "@/api/live";
import { AsTable, Badge, Bdi, Empty, Facts, Hex, Page, Person, Section, Shown, When } from "@/parts/basics";
import { LongList } from "@/parts/long-list";
import { Markdown } from "@/parts/markdown";
import { Text } from "@/parts/text";
import { useTopics } from "@/places/proposals/names";
import { useNow } from "@/places/proposals/phase";
import { Actions, bodyOf } from "@/places/proposals/proposal";
import { number, t } from "@/words";
import { when } from "@/words/format";
import { consentPhase, CONSENT_TONES, type ConsentPhase } from "./phase";
import { ConsentDeeds, Respond } from "./respond";

type Detail = Data<"/v1/consent/{proposalId}">;

export default function Place({ params }: { params: Record<string, string> }) {
  const id = params["id"] as string;
  const found = useReading("/v1/consent/{proposalId}", { proposalId: id });
  return (
    <Single of={found} kind="proposals">
      {(consent) => <One consent={consent} />}
    </Single>
  );
}

function One({ consent }: { consent: Detail }) {
  const now = useNow();
  const phase = consentPhase(consent, now);
  const { nameOf } = useTopics();
  const body = bodyOf(consent.description);
  const responses = useAll("/v1/consent/{proposalId}/responses", { proposalId: consent.proposalId });
  return (
    <Page
      title={<bdi class="theirs">{consent.title || t("proposals.untitled")}</bdi>}
      lead={
        <span class="badges">
          <Badge tone={CONSENT_TONES[phase]}>{t(`consent.state.${phase}`)}</Badge>
          <Badge>{t("consent.kind")}</Badge>
          <Badge>{nameOf(consent.topic)}</Badge>
        </span>
      }
    >
      <p>{inWords(consent, phase)}</p>
      <div class="sides">
        <div>
          <Section title={t("proposals.what")}>
            {body && <Markdown text={body} />}
            {consent.texts.map((hash) => (
              <Text key={hash} hash={hash} />
            ))}
            <h3>{t("proposals.actions")}</h3>
            <Actions actions={consent.actions} />
          </Section>
        </div>
        <div>
          <Respond consent={consent} phase={phase} responses={responses.data} />
          <ConsentDeeds consent={consent} phase={phase} />
          <Standing consent={consent} />
          <Section title={t("proposals.provenance")}>
            <Facts
              rows={[
                [t("proposals.author"), <Person key="opener" id={consent.opener} />],
                [
                  t("proposals.sponsors"),
                  <span key="sponsors" class="sponsors">
                    {consent.sponsors.map(({ memberId }) => (
                      <Person key={memberId} id={memberId} />
                    ))}
                  </span>,
                ],
                [t("consent.opened"), <When key="opened" at={consent.openedAt} />],
                [t("consent.windowEnd"), when(consent.windowEnd)],
                [t("consent.expires"), when(consent.expiresAt)],
                [t("proposals.electorate"), when(consent.electorateAt)],
                [t("proposals.id"), <Hex key="id" value={`0x${BigInt(consent.proposalId).toString(16)}`} />],
              ]}
            />
            {consent.state === "Escalated" && (
              <a href={`#/proposals/${consent.proposalId}`}>{t("consent.toVote")}</a>
            )}
          </Section>
        </div>
        <div>
          <Responses responses={responses} />
        </div>
      </div>
    </Page>
  );
}

function inWords(consent: Detail, phase: ConsentPhase): string {
  const dates: Record<ConsentPhase, number | null> = {
    Open: consent.windowEnd,
    Passed: consent.expiresAt,
    Blocked: consent.expiresAt,
    Lapsed: consent.windowEnd,
    Executed: consent.executedAt,
    Escalated: consent.escalatedAt,
    Expired: consent.expiresAt,
  };
  const date = dates[phase];
  return t(`consent.words.${phase}`, { when: date === null ? "?" : when(date) });
}

/** How many agree, and how many block, against what it takes. */
function Standing({ consent }: { consent: Detail }) {
  const bars = [
    ["for", "consent.acknowledged", consent.acknowledged, consent.needed, "consent.needs"],
    ["against", "consent.blocks", consent.blocks, consent.blockLimit, "consent.limit"],
  ] as const;
  return (
    <Section title={t("consent.standing")}>
      <div class="tally">
        <div class="bars">
          {bars.map(([pattern, name, count, line, needs]) => {
            const most = Math.max(count, line, 1);
            return (
              <div class="bar" key={name}>
                <span class="name">{t(name)}</span>
                <span class="figure">{number(count)}</span>
                <span class="room" aria-hidden="true">
                  <span class={`filled ${pattern}`} style={{ width: `${(count / most) * 100}%` }} />
                  <span
                    class="threshold"
                    style={{ insetInlineStart: `${Math.min(99.4, (line / most) * 100)}%` }}
                  />
                </span>
                <span class="needs">{t(needs, { count: line })}</span>
              </div>
            );
          })}
        </div>
      </div>
      {consent.stoodAside > 0 && <p class="hint">{t("consent.aside", { count: consent.stoodAside })}</p>}
      <AsTable
        caption={t("consent.standing")}
        head={[t("proposals.tally.what"), t("proposals.tally.now"), t("consent.line")]}
        numeric={[1, 2]}
        rows={[
          [t("consent.acknowledged"), number(consent.acknowledged), number(consent.needed)],
          [t("consent.blocks"), number(consent.blocks), number(consent.blockLimit)],
          [t("consent.stoodAside"), number(consent.stoodAside), ""],
        ]}
      />
    </Section>
  );
}

/** What members said, with their reasons. */
function Responses({ responses }: { responses: Live<Item<"/v1/consent/{proposalId}/responses">[]> }) {
  return (
    <Section title={t("consent.responses")}>
      <Shown of={responses}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{t("consent.responses.none")}</Empty>
          ) : (
            <LongList
              items={all}
              label={t("consent.responses")}
              height={64}
              keyOf={({ memberId }) => memberId}
            >
              {(response) => (
                <div class="row small">
                  <div class="main">
                    <Person id={response.memberId} />
                    {response.reason && (
                      <p class="reason">
                        <Bdi>{response.reason}</Bdi>
                      </p>
                    )}
                    <small>
                      <When at={response.respondedAt} />
                    </small>
                  </div>
                  <Badge tone={TONES[response.response]}>{t(`consent.response.${response.response}`)}</Badge>
                </div>
              )}
            </LongList>
          )
        }
      </Shown>
    </Section>
  );
}

const TONES = { Acknowledge: "good", Block: "bad", StandAside: "calm" } as const;
