/** Attesting that another member lives: what they asked for is signed here, and given back to them. */
import { useState } from "preact/hooks";
import { useReading } from "@/api/live";
import { account, hindrance, memberId as mine, type Member } from "@/app/me";
import type { Place } from "@/app/routes";
import { here } from "@/app/router";
import { chainNow } from "@/api/live";
import type { Attestation } from "@/chain/actions";
import { Refusal } from "@/chain/refusal";
import { signingIn } from "@/chain/signin";
import { Refused } from "@/parts/act";
import { Bdi, Button, Notice, Page, Section, Shown, When } from "@/parts/basics";
import { PickMember } from "@/parts/pick-member";
import { Share } from "@/parts/share";
import { t } from "@/words";
import { memberName } from "@/words/format";
import { inLink } from "./attestation";

/** How long an attestation is good for, in days. */
const DAYS = 7;

export default function CheckIn(_: Place) {
  const asked = Number(here.value.query.get("member"));
  const [picked, setPicked] = useState<number | null>(
    Number.isSafeInteger(asked) && asked > 0 ? asked : null,
  );
  return (
    <Page title={t("members.attest")} lead={t("members.attest.lead")}>
      <Section title={t("members.attest.who")}>
        <PickMember
          label={t("members.attest.member")}
          value={picked}
          onPick={setPicked}
          allowed={(one) => ["Active", "Dormant"].includes(one.status) && one.memberId !== mine.value}
        />
        {picked !== null && <One key={picked} id={picked} />}
      </Section>
    </Page>
  );
}

function One({ id }: { id: number }) {
  const found = useReading("/v1/members/{memberId}", { memberId: id });
  if (found.error?.status === 404) return <Notice tone="warn" title={t("members.unknown")} />;
  return <Shown of={found}>{(member) => <Attest member={member} />}</Shown>;
}

/** Why this person cannot attest for that member, in words, or null. */
export function whyNotAttest(member: Member): string | null {
  const hindered = hindrance(chainNow(), true);
  if (member.memberId === mine.value) return t("members.attest.self");
  if (hindered === "member") return t("parts.cannot.member");
  if (hindered === "probation") return t("members.attest.probation");
  return null;
}

function Attest({ member }: { member: Member }) {
  const [made, setMade] = useState<Attestation | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [busy, setBusy] = useState(false);
  const name = memberName(member.memberId);
  const because = whyNotAttest(member);
  const few = member.vouchers.includes(mine.value ?? 0) || member.presence.lastAttester === mine.value;
  const sign = async () => {
    if (account.value === null) {
      signingIn.value = true;
      return;
    }
    setBusy(true);
    setRefusal(null);
    try {
      const { attest } = await import("@/chain/actions");
      setMade(await attest(member.memberId, DAYS));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  if (made) {
    return (
      <>
        <Notice tone="good" title={t("members.attest.made", { member: name })}>
          {t("members.attest.until")} <When at={made.deadline} />
        </Notice>
        <p>{t("members.attest.give", { member: name })}</p>
        <Share
          path={`/membership?attestation=${inLink(made)}`}
          label={t("members.attest.code", { member: name })}
        />
      </>
    );
  }
  return (
    <>
      {member.introduction && (
        <p>
          <Bdi>{member.introduction}</Bdi>
        </p>
      )}
      <p>
        {t("members.signs.last")} <When at={member.presence.lastSign} />
      </p>
      <p>{t("members.attest.words", { member: name })}</p>
      {few && <Notice tone="warn">{t("members.attest.rather", { member: name })}</Notice>}
      <Button kind="primary" disabled={because !== null} busy={busy} onClick={sign}>
        {t("members.attest.sign", { member: name })}
      </Button>
      {because !== null && <p class="hint">{because}</p>}
      {refusal && <Refused refusal={refusal} />}
    </>
  );
}
