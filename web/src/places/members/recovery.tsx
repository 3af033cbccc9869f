/** Moving a membership to a new account, by the guardians whom its member named. */
import { useState } from "preact/hooks";
import { account, memberId as mine, type Member } from "@/app/me";
import { here } from "@/app/router";
import { Act } from "@/parts/act";
import { Facts, Field, isPast, Notice, Person, Section, When } from "@/parts/basics";
import { PickMember } from "@/parts/pick-member";
import { Share } from "@/parts/share";
import { t } from "@/words";
import { memberName } from "@/words/format";
import { People } from "./people";

type Request = NonNullable<Member["recovery"]["request"]>;

/** What is under way for a member, and what their guardians can do. Nothing where there is neither. */
export function Recovery({ member }: { member: Member }) {
  const { recovery } = member;
  const guards = mine.value !== null && recovery.guardians.guardians.includes(mine.value);
  if (!recovery.request && !guards) return null;
  return (
    <Section title={t("members.recovery")}>
      {recovery.request ? <UnderWay member={member} request={recovery.request} /> : null}
      {guards && <Support key={here.value.query.get("recover")} member={member} />}
    </Section>
  );
}

/** The request, with what ends or completes it. */
export function UnderWay({ member, request }: { member: Member; request: Request }) {
  const { recovery, memberId } = member;
  const due = request.executableAt !== null && isPast(request.executableAt);
  const outsider = mine.value === null;
  return (
    <>
      <Notice tone="warn" title={t("members.recovery.under", { member: memberName(memberId) })}>
        {request.executableAt === null
          ? t("members.recovery.needs", {
              count: request.supporters.length,
              needed: recovery.requiredSupport,
            })
          : t("members.recovery.agreed")}
      </Notice>
      <Facts
        rows={[
          [t("members.recovery.to"), <Whole key="to" account={request.newAccount} />],
          [t("members.recovery.supporters"), <People key="by" ids={request.supporters} />],
          ...(request.executableAt === null
            ? []
            : [
                [t("members.recovery.from"), <When key="from" at={request.executableAt} />] as [
                  string,
                  preact.JSX.Element,
                ],
              ]),
        ]}
      />
      {due && (
        <Act
          anyone
          {...(outsider && { way: "transaction" as const })}
          action={{
            module: "recovery",
            name: "recover",
            args: [memberId],
            title: t("members.recovery.complete.title", { member: memberName(memberId) }),
          }}
        >
          {t("members.recovery.complete")}
        </Act>
      )}
    </>
  );
}

/** An account that is compared with another one: never shortened, in groups of four digits. */
function Whole({ account: shown }: { account: string }) {
  return (
    <code class="whole">
      {(shown.match(/^0x|.{1,4}/g) ?? []).map((group, place) => (
        <span key={place}>{group}</span>
      ))}
    </code>
  );
}

function isAccount(text: string): boolean {
  return /^0x[0-9a-fA-F]{40}$/.test(text.trim()) && !/^0x0+$/.test(text.trim());
}

/** A guardian's support for an account, which the member has to have told them themselves. */
function Support({ member }: { member: Member }) {
  const { request } = member.recovery;
  const [typed, setTyped] = useState(here.value.query.get("recover") ?? request?.newAccount ?? "");
  const wanted = typed.trim();
  const supported =
    request?.newAccount.toLowerCase() === wanted.toLowerCase() &&
    request.supporters.includes(mine.value ?? 0);
  const name = memberName(member.memberId);
  return (
    <>
      <h3>{t("members.recovery.support.head", { member: name })}</h3>
      <p>{t("members.recovery.support.words", { member: name })}</p>
      <Field
        label={t("members.recovery.account")}
        hint={t("members.recovery.account.hint")}
        error={wanted !== "" && !isAccount(wanted) && t("members.recovery.account.bad")}
      >
        {(attributes) => (
          <input
            {...attributes}
            class="mono"
            autocomplete="off"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      {isAccount(wanted) && (
        <p>
          <Whole account={wanted} />
        </p>
      )}
      <Act
        full
        cannot={
          supported
            ? t("members.recovery.supported")
            : !isAccount(wanted)
              ? t("members.recovery.account.missing")
              : undefined
        }
        action={{
          module: "recovery",
          name: "support",
          args: [member.memberId, wanted],
          title: t("members.recovery.support.title", { member: name }),
        }}
      >
        {t("members.recovery.support")}
      </Act>
    </>
  );
}

/** For somebody who lost their key and signs with a new account: what they give to their guardians. */
export function Lost() {
  const [picked, setPicked] = useState<number | null>(null);
  const who = account.value;
  return (
    <Section title={t("members.lost")}>
      <p>{t("members.lost.words")}</p>
      <PickMember
        label={t("members.lost.which")}
        value={picked}
        onPick={setPicked}
        allowed={(one) => ["Active", "Dormant"].includes(one.status)}
      />
      {picked !== null && who !== null && (
        <>
          <p>
            {t("members.lost.give")} <Person id={picked} />
          </p>
          <Share
            path={`/members/${picked}?recover=${who}`}
            label={t("members.lost.code", { member: memberName(picked) })}
          />
        </>
      )}
    </Section>
  );
}
