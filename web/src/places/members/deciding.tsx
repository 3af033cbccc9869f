/** What members can do about an application, and the applicant with their own. */
import { useState } from "preact/hooks";
import { hashOfOwn } from "@/api/texts";
import { account, member, memberId } from "@/app/me";
import { Act } from "@/parts/act";
import { Field, isPast, Section } from "@/parts/basics";
import { number, t } from "@/words";
import { isPending, type Application } from "./applications";

/** Longest text that a node takes by default, in bytes. */
const MOST = 64_000;

export function Deciding({ application }: { application: Application }) {
  if (!isPending(application)) return null;
  const own = account.value?.toLowerCase() === application.applicant.toLowerCase();
  const due =
    application.status === "Cleared" ||
    (application.status === "Vouched" && isPast(application.closesAt ?? Infinity));
  const objectable = application.status === "Vouched" && !due;
  if (application.status === "Contested") return null;
  return (
    <Section title={t("members.act")}>
      {!own && application.status === "Open" && <Vouch application={application} />}
      {!own && objectable && <Objection application={application} />}
      {due && <Admit application={application} />}
      {own && (
        <>
          <p>{t("members.withdraw.words")}</p>
          <Act
            kind="danger"
            anyone
            action={{
              module: "admission",
              name: "withdraw",
              args: [application.applicationId],
              title: t("members.withdraw.title", { id: String(application.applicationId) }),
            }}
          >
            {t("members.withdraw")}
          </Act>
        </>
      )}
    </Section>
  );
}

function Vouch({ application }: { application: Application }) {
  const left = member.value?.vouchesLeft;
  const given = application.vouchers.some((one) => one.memberId === memberId.value);
  return (
    <>
      <p>{t("members.vouch.words")}</p>
      {left !== undefined && !given && (
        <p class="hint">
          {t("members.vouchesLeft")}: {number(left)}
        </p>
      )}
      <Act
        full
        cannot={given ? t("members.vouch.given") : left === 0 ? t("members.vouch.spent") : undefined}
        action={{
          module: "admission",
          name: "vouch",
          args: [application.applicationId],
          title: t("members.vouch.title", { id: String(application.applicationId) }),
        }}
      >
        {t("members.vouch")}
      </Act>
    </>
  );
}

function Objection({ application }: { application: Application }) {
  const [reason, setReason] = useState("");
  const left = member.value?.objectionsLeft;
  const said = application.objectors.some((one) => one.memberId === memberId.value);
  const vouched = application.vouchers.some((one) => one.memberId === memberId.value);
  const cannot = said
    ? t("members.object.given")
    : vouched
      ? t("members.object.vouched")
      : left === 0
        ? t("members.object.spent")
        : undefined;
  return (
    <>
      <p>{t("members.object.words")}</p>
      {cannot === undefined && (
        <Field label={t("members.object.reason")} hint={t("members.public")}>
          {(attributes) => (
            <textarea
              {...attributes}
              dir="auto"
              maxLength={MOST / 4}
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Act
        full
        kind="danger"
        cannot={cannot ?? (reason.trim() === "" ? t("members.object.empty") : undefined)}
        action={async () => ({
          module: "admission",
          name: "object",
          args: [application.applicationId, await hashOfOwn(reason.trim())],
          title: t("members.object.title", { id: String(application.applicationId) }),
          texts: [reason.trim()],
        })}
      >
        {t("members.object")}
      </Act>
    </>
  );
}

function Admit({ application }: { application: Application }) {
  const outsider = memberId.value === null;
  return (
    <>
      <p>{t("members.admit.words")}</p>
      {outsider && account.value !== null && <p class="hint">{t("members.admit.self")}</p>}
      <Act
        anyone
        {...(outsider && { way: "transaction" as const })}
        action={{
          module: "admission",
          name: "admit",
          args: [application.applicationId],
          title: t("members.admit.title", { id: String(application.applicationId) }),
        }}
      >
        {t("members.admit")}
      </Act>
    </>
  );
}
