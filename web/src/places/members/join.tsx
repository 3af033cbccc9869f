/** The way in for somebody who has an account and no membership. */
import { useState } from "preact/hooks";
import { useAll } from "@/api/live";
import { hashOfOwn } from "@/api/texts";
import { account, member } from "@/app/me";
import { Act } from "@/parts/act";
import { Bdi, Field, Loading, Notice, Page, Section, Shown } from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { t } from "@/words";
import { ApplicationBadge, isPending, WayIn, WithApplication } from "./applications";
import { Deciding } from "./deciding";

/** Characters of an introduction: about what a node takes, whatever the script. */
const MOST = 12_000;

export default function Join() {
  return (
    <Page title={t("members.join")} lead={t("members.join.lead")}>
      <Here />
    </Page>
  );
}

function Here() {
  const who = account.value;
  const mine = member.value;
  if (who === null) {
    return (
      <>
        <Section title={t("members.way")}>
          <WayIn application={null} />
        </Section>
        <Section title={t("members.join.begin")}>
          <p>{t("members.join.signin")}</p>
          <Application />
        </Section>
      </>
    );
  }
  if (mine === undefined) return <Loading />;
  if (mine && (mine.status === "Active" || mine.status === "Dormant")) {
    return (
      <Notice tone="good" title={t("members.join.already")}>
        <a href="#/membership">{t("members.mine")}</a>
      </Notice>
    );
  }
  return <Outsider account={who} />;
}

/** Somebody who asks to join, or may. */
function Outsider({ account: who }: { account: string }) {
  const all = useAll("/v1/applications", { applicant: who });
  return (
    <Shown of={all}>
      {(applications) => {
        const latest = [...applications].sort((a, b) => b.applicationId - a.applicationId)[0];
        if (latest && isPending(latest)) return <Asked id={latest.applicationId} />;
        return (
          <>
            {latest && latest.status !== "Admitted" && (
              <Notice>
                {t("members.join.ended", { id: String(latest.applicationId) })}{" "}
                <a href={`#/applications/${latest.applicationId}`}>{t("members.join.ended.look")}</a>
              </Notice>
            )}
            {member.value && <Notice>{t("members.join.again")}</Notice>}
            <Section title={t("members.way")}>
              <WayIn application={null} />
            </Section>
            <Section title={t("members.join.begin")}>
              <Application />
            </Section>
          </>
        );
      }}
    </Shown>
  );
}

/** How the application stands, and what comes next. */
function Asked({ id }: { id: number }) {
  return (
    <WithApplication id={id}>
      {(application) => (
        <>
          <Section
            title={<a href={`#/applications/${id}`}>{t("members.application", { id: String(id) })}</a>}
            actions={<ApplicationBadge application={application} />}
          >
            {application.introduction && (
              <p>
                <Bdi>{application.introduction}</Bdi>
              </p>
            )}
            <WayIn application={application} />
          </Section>
          <Deciding application={application} />
        </>
      )}
    </WithApplication>
  );
}

function Application() {
  const [text, setText] = useState("");
  const written = text.trim();
  return (
    <>
      <Field
        label={t("members.join.text")}
        hint={t("members.join.text.hint")}
        error={text.length >= MOST && t("members.join.text.long")}
      >
        {(attributes) => (
          <textarea
            {...attributes}
            dir="auto"
            rows={8}
            maxLength={MOST}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      {written !== "" && (
        <details>
          <summary>{t("members.join.preview")}</summary>
          <Markdown text={written} />
        </details>
      )}
      <Act
        anyone
        cannot={written === "" ? t("members.join.text.empty") : undefined}
        action={async () => ({
          module: "admission",
          name: "applyToJoin",
          args: [await hashOfOwn(written)],
          title: t("members.join.title"),
          texts: [written],
        })}
      >
        {t("members.join")}
      </Act>
    </>
  );
}
