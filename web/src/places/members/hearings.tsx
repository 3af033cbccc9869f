/** Hearings on a member: the way to a vote on their expulsion, which begins with listening to them. */
import { useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { useReading } from "@/api/live";
import { hashOfOwn } from "@/api/texts";
import { memberId as mine, type Member } from "@/app/me";
import { Act } from "@/parts/act";
import { Field, isPast, Notice, Section, When } from "@/parts/basics";
import { Text } from "@/parts/text";
import { t } from "@/words";
import { memberName } from "@/words/format";
import { People } from "./people";

type Hearing = Item<"/v1/hearings">;

/** Longest grounds, in characters. */
const MOST = 12_000;

export function Hearings({ member }: { member: Member }) {
  const found = useReading("/v1/hearings", { memberId: member.memberId });
  const present = member.status === "Active" || member.status === "Dormant";
  const running = found.data?.some((one) => one.startedAt !== null && !isOver(one)) ?? false;
  const own = member.memberId === mine.value;
  if (!found.data || (found.data.length === 0 && (own || !present))) return null;
  return (
    <Section title={t("members.hearings")}>
      {found.data.map((one) => (
        <One key={one.hearingId} hearing={one} own={own} />
      ))}
      {present && !own && !running && <Ask member={member} />}
    </Section>
  );
}

function isOver(hearing: Hearing): boolean {
  return hearing.proposalId !== null || (hearing.expiresAt !== null && isPast(hearing.expiresAt));
}

function One({ hearing, own }: { hearing: Hearing; own: boolean }) {
  const { hearingId, openers, startedAt, votableAt, expiresAt, proposalId } = hearing;
  const id = String(hearingId);
  const over = isOver(hearing);
  return (
    <article class="said">
      <h3>{t("members.hearing", { id })}</h3>
      <p>
        {t("members.hearing.by")} <People ids={openers} /> <When at={hearing.requestedAt} />
      </p>
      <Text hash={hearing.grounds} />
      {own && !over && <Notice tone="warn">{t("members.hearing.own")}</Notice>}
      {proposalId !== null ? (
        <a class="button" href={`#/proposals/${proposalId}`}>
          {t("members.application.vote")}
        </a>
      ) : over ? (
        <p class="hint">{t("members.hearing.lapsed")}</p>
      ) : startedAt === null ? (
        !own && (
          <Act
            full
            cannot={openers.includes(mine.value ?? 0) ? t("members.hearing.second") : undefined}
            action={{
              module: "docket",
              name: "joinHearing",
              args: [hearingId],
              title: t("members.hearing.join.title", { id }),
            }}
          >
            {t("members.hearing.join")}
          </Act>
        )
      ) : (
        <>
          {votableAt !== null && !isPast(votableAt) && (
            <p>
              {t("members.hearing.heard")} <When at={votableAt} />
            </p>
          )}
          {!own && (
            <Act
              kind="danger"
              cannot={votableAt !== null && isPast(votableAt) ? undefined : t("members.hearing.wait")}
              action={{
                module: "docket",
                name: "openExpulsion",
                args: [hearingId],
                title: t("members.hearing.vote.title", { id }),
              }}
            >
              {t("members.hearing.vote")}
            </Act>
          )}
        </>
      )}
      {!over && expiresAt !== null && (
        <p class="hint">
          {t("members.application.expires")} <When at={expiresAt} />
        </p>
      )}
    </article>
  );
}

function Ask({ member }: { member: Member }) {
  const [grounds, setGrounds] = useState("");
  const written = grounds.trim();
  const name = memberName(member.memberId);
  return (
    <details>
      <summary>{t("members.hearing.ask", { member: name })}</summary>
      <p>{t("members.hearing.words")}</p>
      <Field label={t("members.hearing.grounds")} hint={t("members.public")}>
        {(attributes) => (
          <textarea
            {...attributes}
            dir="auto"
            maxLength={MOST}
            value={grounds}
            onInput={(event) => setGrounds(event.currentTarget.value)}
          />
        )}
      </Field>
      <Act
        full
        kind="danger"
        cannot={written === "" ? t("members.object.empty") : undefined}
        action={async () => ({
          module: "docket",
          name: "requestHearing",
          args: [member.memberId, await hashOfOwn(written)],
          title: t("members.hearing.title", { member: name }),
          texts: [written],
        })}
      >
        {t("members.hearing.request")}
      </Act>
    </details>
  );
}
