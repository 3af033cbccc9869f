/** One application: what the applicant says, who vouched, who objected, and what anybody can do about it. */
import type { Place } from "@/app/routes";
import { Bdi, Empty, Facts, Hex, isPast, Notice, Page, Person, Section, When } from "@/parts/basics";
import { Text } from "@/parts/text";
import { t } from "@/words";
import { ApplicationBadge, WayIn, WithApplication, type Application } from "./applications";
import { Deciding } from "./deciding";

export default function Place({ params }: Place) {
  const id = Number(params["id"]);
  if (!Number.isSafeInteger(id) || id < 1) return <Unknown />;
  return <WithApplication id={id}>{(application) => <Shown application={application} />}</WithApplication>;
}

function Unknown() {
  return <Notice tone="warn" title={t("members.application.unknown")} />;
}

function Shown({ application }: { application: Application }) {
  const id = String(application.applicationId);
  return (
    <Page
      title={t("members.application", { id })}
      lead={application.introduction && <Bdi>{application.introduction}</Bdi>}
      actions={<ApplicationBadge application={application} />}
    >
      <Admitted application={application} />
      <Section title={t("members.application.text")}>
        <Text hash={application.profile} />
      </Section>
      <Section title={t("members.way")}>
        <WayIn application={application} />
        {application.proposalId !== null && (
          <p>
            <a class="button" href={`#/proposals/${application.proposalId}`}>
              {t("members.application.vote")}
            </a>
          </p>
        )}
      </Section>
      <Deciding application={application} />
      <Section title={t("members.vouchers")}>
        {application.vouchers.length === 0 ? (
          <Empty>{t("members.vouchers.none")}</Empty>
        ) : (
          <ul class="list">
            {application.vouchers.map((one) => (
              <li key={one.memberId} class="row">
                <Person id={one.memberId} />
                <small>
                  <When at={one.vouchedAt} />
                </small>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {application.objectors.length > 0 && (
        <Section title={t("members.objections")}>
          {application.objectors.map((one) => (
            <article key={one.memberId} class="said">
              <header>
                <Person id={one.memberId} />{" "}
                <small>
                  <When at={one.objectedAt} />
                </small>
              </header>
              <Text hash={one.reason} />
            </article>
          ))}
        </Section>
      )}
      <Section title={t("members.application.facts")}>
        <Facts rows={factsOf(application)} />
      </Section>
    </Page>
  );
}

function Admitted({ application }: { application: Application }) {
  if (application.memberId === null) return null;
  return (
    <Notice tone="good" title={t("members.application.admitted")}>
      <Person id={application.memberId} />
    </Notice>
  );
}

function factsOf(one: Application): Parameters<typeof Facts>[0]["rows"] {
  return [
    [t("members.account"), <Hex key="account" value={one.applicant} />],
    [t("members.application.at"), <When key="at" at={one.appliedAt} />],
    ...(one.closesAt !== null
      ? ([
          [
            isPast(one.closesAt)
              ? t("members.application.objectionsEnded")
              : t("members.application.fact.objectionsEnd"),
            <When key="closes" at={one.closesAt} />,
          ],
        ] as Parameters<typeof Facts>[0]["rows"])
      : []),
    ...(one.expiresAt !== null && one.memberId === null
      ? ([[t("members.application.expires"), <When key="expires" at={one.expiresAt} />]] as Parameters<
          typeof Facts
        >[0]["rows"])
      : []),
  ];
}
