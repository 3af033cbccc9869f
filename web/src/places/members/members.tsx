/** Everybody who is or was a member, and who asks to become one. */
import { SearchField } from "@/parts/search-field";
import { useMemo, useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { chainNow, useAll } from "@/api/live";
import { account, member as me } from "@/app/me";
import { AsOf, Badge, Empty, Field, Page, Person, Section, Shown, When, type Tone } from "@/parts/basics";
import { LongList } from "@/parts/long-list";
import { findMembers } from "@/parts/pick-member";
import { t, type Key } from "@/words";
import { ApplicationRow, useWaiting } from "./applications";

type Member = Item<"/v1/members">;

const TONES: Record<string, Tone> = { Active: "good", Dormant: "warn", Expelled: "bad" };
const KINDS = ["present", "all", "Active", "Dormant", "Left", "Expelled"] as const;
type Kind = (typeof KINDS)[number];

export default function Members() {
  const all = useAll("/v1/members");
  const waiting = useWaiting();
  return (
    <Page title={t("members.title")} lead={t("members.lead")} actions={<MyOwn />}>
      {waiting.length > 0 && (
        <Section title={t("members.waiting", { count: waiting.length })} class="people">
          <LongList
            items={waiting}
            label={t("members.waiting.label")}
            height={72}
            keyOf={(one) => one.applicationId}
          >
            {(one) => <ApplicationRow application={one} />}
          </LongList>
        </Section>
      )}
      <Section title={t("members.everybody")} class="people">
        <Shown of={all}>{(members) => <Found members={members} />}</Shown>
        {all.block && !all.stale && <AsOf block={all.block} />}
      </Section>
    </Page>
  );
}

/** The way to one's own membership, or into one. */
function MyOwn() {
  const status = me.value?.status;
  const here = status === "Active" || status === "Dormant";
  if (here) {
    return (
      <a class="button" href="#/membership">
        {t("members.mine")}
      </a>
    );
  }
  if (account.value !== null && me.value === undefined) return null;
  return (
    <a class="button primary" href="#/join">
      {t("members.join")}
    </a>
  );
}

function Found({ members }: { members: Member[] }) {
  const [sought, setSought] = useState("");
  const [kind, setKind] = useState<Kind>("present");
  const found = useMemo(() => {
    const kept = members.filter((member) => isKind(member, kind));
    return sought.trim() === "" ? kept : findMembers(kept, sought);
  }, [members, sought, kind]);
  return (
    <>
      <div class="filters">
        <SearchField label={t("members.find")} value={sought} onInput={setSought} />
        <Field label={t("members.show")}>
          {(attributes) => (
            <select
              {...attributes}
              value={kind}
              onChange={(event) => setKind(event.currentTarget.value as Kind)}
            >
              {KINDS.map((each) => (
                <option key={each} value={each}>
                  {t(`members.show.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <p class="hint" role="status">
        {t("members.count", { count: found.length })}
      </p>
      {found.length === 0 && <Empty>{t("members.none")}</Empty>}
      <LongList items={found} label={t("members.title")} height={72} keyOf={(member) => member.memberId}>
        {(member) => <Row member={member} />}
      </LongList>
    </>
  );
}

function isKind(member: Member, kind: Kind): boolean {
  if (kind === "all") return true;
  if (kind === "present") return member.status === "Active" || member.status === "Dormant";
  return member.status === kind;
}

function Row({ member }: { member: Member }) {
  return (
    <div class="row">
      <div class="main">
        <Person id={member.memberId} introduction={member.introduction} />
        <small>
          {t("members.joined")} <When at={member.joinedAt} />
        </small>
      </div>
      <div class="badges">
        <MemberBadges member={member} />
      </div>
    </div>
  );
}

export function MemberBadges({ member }: { member: Member }) {
  return (
    <>
      {member.founder && <Badge>{t("members.founder")}</Badge>}
      {member.probationUntil > chainNow() && <Badge tone="warn">{t("members.probation")}</Badge>}
      <Badge tone={TONES[member.status] ?? "calm"}>{t(`members.status.${member.status}` as Key)}</Badge>
    </>
  );
}
