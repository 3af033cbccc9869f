/** One's own membership: signs of life, guardians, recovery, the identity for secret votes, and leaving. */
import { useState } from "preact/hooks";
import { chainNow, useReading } from "@/api/live";
import { account, member as me, type Member } from "@/app/me";
import { here } from "@/app/router";
import { signingIn } from "@/chain/signin";
import { Act } from "@/parts/act";
import {
  Badge,
  Bdi,
  Button,
  Facts,
  Field,
  isPast,
  Loading,
  Notice,
  Page,
  Person,
  Section,
  Shown,
  When,
} from "@/parts/basics";
import { Share } from "@/parts/share";
import { t } from "@/words";
import { memberName } from "@/words/format";
import { attestationIn } from "./attestation";
import { Guardians } from "./guardians";
import { Hearings } from "./hearings";
import { MemberBadges } from "./members";
import { People } from "./people";
import { signsOf } from "./profile";
import { Lost, UnderWay } from "./recovery";

/** How long before a sign of life is due it is asked for, in seconds. */
const SOON = 60 * 86_400;

export default function Membership() {
  const who = me.value;
  const there = who && (who.status === "Active" || who.status === "Dormant") ? who : null;
  return (
    <Page
      title={t("members.mine")}
      lead={there?.introduction && <Bdi>{there.introduction}</Bdi>}
      actions={
        there && (
          <div class="badges">
            <MemberBadges member={there} />
          </div>
        )
      }
    >
      {there ? <Own member={there} /> : <Nobody />}
    </Page>
  );
}

function Nobody() {
  if (account.value === null) {
    return (
      <Notice title={t("members.signin")}>
        <p>{t("members.signin.words")}</p>
        <Button kind="primary" onClick={() => (signingIn.value = true)}>
          {t("chain.signin")}
        </Button>
      </Notice>
    );
  }
  if (me.value === undefined) return <Loading />;
  return (
    <>
      <Notice title={t("members.stranger")}>
        <p>{t("members.stranger.words")}</p>
        <a class="button primary" href="#/join">
          {t("members.join")}
        </a>
      </Notice>
      <Lost />
    </>
  );
}

function Own({ member }: { member: Member }) {
  const { request, vetoSpent } = member.recovery;
  return (
    <>
      {request && (
        <Section title={t("members.recovery")}>
          <UnderWay member={member} request={request} />
          <h3>{t("members.veto.head")}</h3>
          <p>{t("members.veto.words")}</p>
          <Act
            kind="danger"
            dormant
            cannot={
              vetoSpent
                ? t("members.veto.spent")
                : request.executableAt === null
                  ? t("members.veto.early")
                  : undefined
            }
            action={{ module: "recovery", name: "veto", args: [], title: t("members.veto.title") }}
          >
            {t("members.veto")}
          </Act>
        </Section>
      )}
      <Standing member={member} />
      <Hearings member={member} />
      <CheckIn member={member} />
      <Guardians member={member} />
      {member.recovery.guardianOf.length > 0 && <Wards ids={member.recovery.guardianOf} />}
      <Section title={t("members.identity")}>
        <p>{t("members.identity.words")}</p>
        <a class="button" href="#/identity">
          {t("members.identity.go")}
        </a>
      </Section>
      <Leave member={member} />
    </>
  );
}

/** What somebody who sleeps, or is new, can and cannot do. */
function Standing({ member }: { member: Member }) {
  if (member.status === "Dormant") {
    return (
      <Notice tone="warn" title={t("members.dormant")}>
        {t("members.dormant.words")}
      </Notice>
    );
  }
  if (member.probationUntil > chainNow()) {
    return (
      <Notice title={t("members.new")}>
        <p>{t("members.new.words")}</p>
        <p>
          {t("members.new.until")} <When at={member.probationUntil} />
        </p>
      </Notice>
    );
  }
  return null;
}

function CheckIn({ member }: { member: Member }) {
  const [pasted, setPasted] = useState("");
  const given = here.value.query.get("attestation");
  const found = attestationIn(given ?? pasted);
  const { presence, status } = member;
  const wanted = status === "Dormant" || isPast(presence.dueAt - SOON);
  const [opened, setOpened] = useState(false);
  const used = found !== null && found.checkIn !== presence.checkIns;
  const others = found !== null && found.memberId !== member.memberId;
  return (
    <Section
      title={t("members.checkin")}
      actions={wanted ? <Badge tone="warn">{t("members.checkin.wanted")}</Badge> : null}
    >
      <Facts rows={signsOf(member)} />
      <p>{t("members.checkin.words")}</p>
      {found && !used && !others ? (
        <>
          <Notice tone="good" title={t("members.checkin.attested")}>
            <Person id={found.attester} /> {t("members.attest.until")} <When at={found.deadline} />
          </Notice>
          <Act
            dormant
            cannot={isPast(found.deadline) ? t("members.checkin.late") : undefined}
            action={{
              module: "presence",
              name: "checkIn",
              args: [found.attester, found.deadline, found.attestation],
              title: t("members.checkin.title"),
            }}
          >
            {t("members.checkin.send")}
          </Act>
        </>
      ) : (
        <>
          {others && (
            <Notice tone="warn">{t("members.checkin.others", { member: memberName(found.memberId) })}</Notice>
          )}
          {used && !others && <Notice tone="good">{t("members.checkin.used")}</Notice>}
          {wanted || opened ? (
            <>
              <p>{t("members.checkin.ask.words")}</p>
              {(member.vouchers.length > 0 || presence.lastAttester !== null) && (
                <p class="hint">
                  {t("members.checkin.not")}{" "}
                  <People
                    ids={[
                      ...new Set([
                        ...member.vouchers,
                        ...(presence.lastAttester ? [presence.lastAttester] : []),
                      ]),
                    ]}
                  />
                </p>
              )}
              <Share path={`/checkin?member=${member.memberId}`} label={t("members.checkin.code")} />
              <Field
                label={t("members.checkin.paste")}
                hint={t("members.checkin.paste.hint")}
                error={pasted.trim() !== "" && !found && t("members.checkin.paste.bad")}
              >
                {(attributes) => (
                  <input
                    {...attributes}
                    autocomplete="off"
                    value={pasted}
                    onInput={(event) => setPasted(event.currentTarget.value)}
                  />
                )}
              </Field>
            </>
          ) : (
            <Button onClick={() => setOpened(true)}>{t("members.checkin.ask")}</Button>
          )}
        </>
      )}
    </Section>
  );
}

/** Those whose guardian one is. */
function Wards({ ids }: { ids: readonly number[] }) {
  return (
    <Section title={t("members.wards")}>
      <p>{t("members.wards.words")}</p>
      <ul class="list">
        {ids.map((id) => (
          <li key={id}>
            <Ward id={id} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Ward({ id }: { id: number }) {
  const found = useReading("/v1/members/{memberId}", { memberId: id });
  return (
    <Shown of={found}>
      {(ward) => (
        <div class="row people">
          <div class="main">
            <Person id={id} introduction={ward.introduction} />
          </div>
          {ward.recovery.request ? (
            <Badge tone="warn">{t("members.wards.running")}</Badge>
          ) : (
            <Badge>{t("members.wards.quiet")}</Badge>
          )}
        </div>
      )}
    </Shown>
  );
}

function Leave({ member }: { member: Member }) {
  const [sure, setSure] = useState(false);
  const name = memberName(member.memberId);
  return (
    <Section title={t("members.leave")}>
      <details>
        <summary>{t("members.leave.want")}</summary>
        <Notice tone="bad" title={t("members.leave.warning")}>
          <p>{t("members.leave.words")}</p>
        </Notice>
        <label class="sure">
          <input type="checkbox" checked={sure} onChange={() => setSure(!sure)} />
          {t("members.leave.sure", { member: name })}
        </label>
        <Act
          kind="danger"
          dormant
          cannot={sure ? undefined : t("members.leave.tick")}
          action={{ module: "membership", name: "leave", args: [], title: t("members.leave.title") }}
        >
          {t("members.leave.do")}
        </Act>
      </details>
    </Section>
  );
}
