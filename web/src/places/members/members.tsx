/** Everybody who is or was a member. */
import { useMemo, useState } from "preact/hooks";
import type { Item } from "@/api/client";
import { chainNow, useAll } from "@/api/live";
import { AsOf, Badge, Empty, Field, Page, Person, Shown, When, type Tone } from "@/parts/basics";
import { LongList } from "@/parts/long-list";
import { t, type Key } from "@/words";

type Member = Item<"/v1/members">;

const TONES: Record<string, Tone> = { Active: "good", Dormant: "warn", Expelled: "bad" };

export default function Members() {
  const all = useAll("/v1/members");
  const [sought, setSought] = useState("");
  return (
    <Page title={t("members.title")} lead={t("members.lead")}>
      <Shown of={all}>
        {(members) => (
          <>
            <Field label={t("members.find")}>
              {(attributes) => (
                <input
                  {...attributes}
                  type="search"
                  value={sought}
                  onInput={(event) => setSought(event.currentTarget.value)}
                />
              )}
            </Field>
            <Found members={members} sought={sought} />
          </>
        )}
      </Shown>
      {all.block && !all.stale && <AsOf block={all.block} />}
    </Page>
  );
}

function Found({ members, sought }: { members: Member[]; sought: string }) {
  const found = useMemo(
    () => members.filter((member) => matches(member, sought.trim().toLowerCase())),
    [members, sought],
  );
  return (
    <>
      <p class="hint" role="status">
        {t("members.count", { count: found.length })}
      </p>
      {found.length === 0 && <Empty>{t("members.none")}</Empty>}
      <LongList items={found} label={t("members.title")} height={64} keyOf={(member) => member.memberId}>
        {(member) => <Row member={member} />}
      </LongList>
    </>
  );
}

function matches(member: Member, sought: string): boolean {
  const text = `${member.memberId} ${member.account} ${member.introduction ?? ""}`;
  return sought === "" || text.toLowerCase().includes(sought);
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
        {member.founder && <Badge>{t("members.founder")}</Badge>}
        {member.probationUntil > chainNow() && <Badge tone="warn">{t("members.probation")}</Badge>}
        <Badge tone={TONES[member.status] ?? "calm"}>{t(`members.status.${member.status}` as Key)}</Badge>
      </div>
    </div>
  );
}
