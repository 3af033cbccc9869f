/** A draft: what it would do, who sponsors it, and its way to members who may. */
import { Unknown } from "./single";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useReading } from "@/api/live";
import { account, memberId } from "@/app/me";
import { go, here } from "@/app/router";
import { Act } from "@/parts/act";
import {
  Badge,
  Button,
  Empty,
  Facts,
  Field,
  Hex,
  Loading,
  Notice,
  Page,
  Person,
  Section,
  When,
} from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { t } from "@/words";
import { short } from "@/words/format";
import {
  deedInWords,
  drawnUp,
  forgetDraft,
  keepDraft,
  keptDrafts,
  packed,
  textOf,
  unpacked,
  type Draft,
  type DrawnUp,
} from "./drafts";
import { useTopics } from "./names";

/** What is known here of a draft: its content, once its id was worked out again. */
type Known = { draft: Draft; drawn: DrawnUp } | "loading" | "unknown" | "altered";

export default function Place({ params }: { params: Record<string, string> }) {
  const id = params["id"] as string;
  if (/^\d{1,78}$/.test(id)) return <One id={id} />;
  return <Unknown kind="proposals" />;
}

function One({ id }: { id: string }) {
  const known = useDraft(id, here.value.query.get("d"));
  const { nameOf } = useTopics();
  const found = useReading("/v1/drafts/{proposalId}", { proposalId: id });
  const standing = found.error?.status === 404 ? undefined : found.data;
  const draft = typeof known === "object" ? known.draft : null;
  const topic = standing?.topic ?? draft?.topic;
  const consents = useReading(draft?.by === "consent" ? "/v1/consent" : null, { limit: 200 });
  const opened =
    standing?.openedAt != null || (consents.data?.some(({ proposalId }) => proposalId === id) ?? false);
  if (known === "loading") return <Loading />;
  if (known === "altered") {
    return (
      <Page title={t("proposals.draft.altered")}>
        <Notice tone="bad">{t("proposals.draft.altered.words")}</Notice>
      </Page>
    );
  }
  return (
    <Page
      title={
        draft ? (
          <bdi class="theirs">{draft.title}</bdi>
        ) : (
          t("proposals.drafts.unknown", { id: `${id.slice(0, 6)}…` })
        )
      }
      lead={
        <span class="badges">
          <Badge>{t("proposals.draft")}</Badge>
          {draft?.by === "consent" && <Badge>{t("consent.kind")}</Badge>}
          {topic !== undefined && <Badge>{nameOf(topic)}</Badge>}
        </span>
      }
    >
      {opened && (
        <Notice tone="good" title={t("proposals.draft.opened")}>
          <a href={draft?.by === "consent" ? `#/consent/${id}` : `#/proposals/${id}`}>
            {t("proposals.draft.opened.go")}
          </a>
        </Notice>
      )}
      <div class="sides">
        <div>
          {draft === null ? (
            <Section title={t("proposals.what")}>
              <Empty>{t("proposals.draft.unread")}</Empty>
            </Section>
          ) : (
            <Content draft={draft} nameOf={nameOf} />
          )}
        </div>
        <div>
          <Section title={t("proposals.sponsors")}>
            {standing && standing.members.length > 0 ? (
              <>
                <p>
                  <Badge tone={standing.sponsors >= standing.required ? "good" : "warn"}>
                    {t("proposals.drafts.sponsors", {
                      count: standing.sponsors,
                      required: standing.required,
                    })}
                  </Badge>
                </p>
                <p class="sponsors">
                  {standing.members.map((sponsor) => (
                    <Person key={sponsor.memberId} id={sponsor.memberId} />
                  ))}
                </p>
                {!opened && (
                  <p class="hint">
                    {t("proposals.drafts.expires")} <When at={standing.expiresAt} />
                  </p>
                )}
              </>
            ) : (
              <Empty>{t("proposals.draft.nobody")}</Empty>
            )}
            {!opened && topic !== undefined && (
              <SponsorIt
                id={id}
                topic={topic}
                title={draft?.title ?? short(id)}
                read={draft !== null}
                already={standing?.members.some((sponsor) => sponsor.memberId === memberId.value) ?? false}
              />
            )}
          </Section>
          {known !== "unknown" && !opened && (
            <Open known={known} ready={standing !== undefined && standing.sponsors >= standing.required} />
          )}
          {known !== "unknown" && <Share id={id} draft={known.draft} />}
          <Section title={t("proposals.provenance")}>
            <Facts
              rows={[
                ...(draft
                  ? [[t("proposals.draft.author"), <Hex key="author" value={draft.author} />] as Row]
                  : []),
                [t("proposals.id"), <Hex key="id" value={`0x${BigInt(id).toString(16)}`} />],
              ]}
            />
            {draft && (
              <Button
                kind="quiet"
                onClick={() => {
                  forgetDraft(id);
                  go("/proposals");
                }}
              >
                {t("proposals.draft.forget")}
              </Button>
            )}
          </Section>
        </div>
      </div>
    </Page>
  );
}

type Row = [ComponentChildren, ComponentChildren];

/** From this device, or from the link that was opened; what is known is kept here. */
function useDraft(id: string, link: string | null): Known {
  const [known, setKnown] = useState<Known>("loading");
  useEffect(() => {
    let wanted = true;
    void (async () => {
      const draft = link ? await unpacked(link) : keptDrafts().get(id);
      if (!draft) return link ? "altered" : "unknown";
      const drawn = await drawnUp(draft);
      if (drawn.id !== id) return "altered";
      keepDraft(id, draft);
      return { draft, drawn };
    })()
      .catch(() => "altered" as const)
      .then((found) => wanted && setKnown(found));
    return () => {
      wanted = false;
    };
  }, [id, link]);
  return known;
}

function Content({ draft, nameOf }: { draft: Draft; nameOf: (topic: number) => string }) {
  return (
    <Section title={t("proposals.what")}>
      {draft.body.trim() && <Markdown text={draft.body} />}
      <h3>{t("proposals.actions")}</h3>
      <ol class="deeds">
        {draft.deeds.map((deed, index) => (
          <li key={index}>
            {deedInWords(deed, nameOf)}
            {deed.kind === "pay" && (
              <>
                {" "}
                <Hex value={deed.to} />
              </>
            )}
            <div class="quoted">
              <Markdown text={textOf(deed)} />
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function SponsorIt(props: { id: string; topic: number; title: string; read: boolean; already: boolean }) {
  const cannot = props.already
    ? t("proposals.draft.sponsored")
    : props.read
      ? undefined
      : t("proposals.draft.unread");
  return (
    <Act
      full
      action={{
        module: "docket",
        name: "sponsor",
        args: [props.id, props.topic],
        title: t("proposals.draft.sponsor.signed", { title: props.title }),
      }}
      cannot={cannot}
    >
      {t("proposals.draft.sponsor")}
    </Act>
  );
}

/** Its author makes a proposal of it. */
function Open({ known, ready }: { known: { draft: Draft; drawn: DrawnUp }; ready: boolean }) {
  const { draft, drawn } = known;
  const author = draft.by === "consent" || account.value?.toLowerCase() === draft.author.toLowerCase();
  const cannot = !author
    ? t("proposals.draft.open.author")
    : ready
      ? undefined
      : t("proposals.draft.open.sponsors");
  const title = t("proposals.draft.open.signed", { title: draft.title });
  return (
    <Section title={t("proposals.draft.open.title")}>
      <p>{t(draft.by === "consent" ? "proposals.draft.open.consent" : "proposals.draft.open.vote")}</p>
      <Act
        action={
          draft.by === "consent"
            ? {
                module: "consent",
                name: "open",
                args: [drawn.targets, drawn.calldatas, drawn.description],
                title,
                texts: drawn.texts,
              }
            : {
                module: "assembly",
                name: "propose",
                args: [drawn.targets, drawn.targets.map(() => 0), drawn.calldatas, drawn.description],
                title,
                texts: drawn.texts,
              }
        }
        cannot={cannot}
      >
        {t("proposals.draft.open")}
      </Act>
    </Section>
  );
}

/** The link with which others read the draft and sponsor it. */
function Share({ id, draft }: { id: string; draft: Draft }) {
  const [link, setLink] = useState("");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    void packed(draft).then((text) =>
      setLink(`${location.origin}${location.pathname}#/proposals/draft/${id}?d=${text}`),
    );
  }, [id, draft]);
  return (
    <Section title={t("proposals.draft.share")}>
      <Field label={t("proposals.draft.link")} hint={t("proposals.draft.link.hint")}>
        {(attributes) => (
          <input {...attributes} readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        )}
      </Field>
      <Button
        onClick={async () => {
          await navigator.clipboard?.writeText(link);
          setCopied(true);
        }}
      >
        {t(copied ? "parts.copied" : "parts.copy")}
      </Button>
    </Section>
  );
}
