/** Members who together can move a membership to a new account: who they are, and naming them. */
import { useState } from "preact/hooks";
import { type Member } from "@/app/me";
import { chainNow } from "@/api/live";
import { Act } from "@/parts/act";
import { Button, Empty, Facts, Field, Notice, Section, When } from "@/parts/basics";
import { PickMembers } from "@/parts/pick-member";
import { number, t } from "@/words";
import { length } from "@/words/format";
import { People } from "./people";
import { useRules } from "./rules";

export function Guardians({ member }: { member: Member }) {
  const { guardians, pending, request } = member.recovery;
  const [changing, setChanging] = useState(false);
  const named = guardians.guardians.length > 0;
  return (
    <Section title={t("members.guardians")}>
      <p>{t("members.guardians.words")}</p>
      {named ? (
        <Facts
          rows={[
            [t("members.guardians"), <People key="guardians" ids={guardians.guardians} />],
            [t("members.guardians.takes"), number(guardians.threshold)],
          ]}
        />
      ) : (
        <Empty>{t("members.guardians.none")}</Empty>
      )}
      {pending && <Pending member={member} />}
      {request?.executableAt != null ? (
        <p class="hint">{t("members.guardians.locked")}</p>
      ) : changing ? (
        <Change member={member} onEnd={() => setChanging(false)} />
      ) : (
        <Button onClick={() => setChanging(true)}>
          {t(named ? "members.guardians.change" : "members.guardians.name")}
        </Button>
      )}
    </Section>
  );
}

/** A change that waits, and the way to leave all as it is. */
function Pending({ member }: { member: Member }) {
  const { guardians, pending } = member.recovery;
  if (!pending) return null;
  const same =
    pending.threshold === guardians.threshold && pending.guardians.join() === guardians.guardians.join();
  return (
    <Notice tone="warn" title={t(same ? "members.guardians.kept" : "members.guardians.pending")}>
      {pending.guardians.length > 0 ? (
        <p>
          <People ids={pending.guardians} /> {t("members.guardians.takes")}: {number(pending.threshold)}
        </p>
      ) : (
        <p>{t("members.guardians.pending.none")}</p>
      )}
      {pending.effectiveAt !== null && (
        <p>
          {t("members.guardians.effective")} <When at={pending.effectiveAt} />
        </p>
      )}
      {!same && (
        <Act
          kind="plain"
          action={{
            module: "recovery",
            name: "setGuardians",
            args: [guardians.guardians, guardians.threshold],
            title: t("members.guardians.keep.title"),
          }}
        >
          {t("members.guardians.keep")}
        </Act>
      )}
    </Notice>
  );
}

function Change({ member, onEnd }: { member: Member; onEnd: () => void }) {
  const rules = useRules();
  const most = rules?.["recovery.maxGuardians"] ?? 7;
  const [chosen, setChosen] = useState<number[]>([...member.recovery.guardians.guardians]);
  const [asked, setAsked] = useState<number | null>(member.recovery.guardians.threshold || null);
  const usual = chosen.length === 0 ? 0 : Math.max(2, Math.floor(chosen.length / 2) + 1);
  const takes = chosen.length === 0 ? 0 : Math.min(Math.max(2, asked ?? usual), Math.max(2, chosen.length));
  return (
    <div class="change">
      <PickMembers
        label={t("members.guardians.who")}
        hint={t("members.guardians.who.hint", { count: most })}
        most={most}
        values={chosen}
        onChange={setChosen}
        allowed={(one) =>
          one.status === "Active" && one.probationUntil <= chainNow() && one.memberId !== member.memberId
        }
      />
      {chosen.length > 1 && (
        <Field label={t("members.guardians.takes")} hint={t("members.guardians.takes.hint")}>
          {(attributes) => (
            <select
              {...attributes}
              value={takes}
              onChange={(event) => setAsked(Number(event.currentTarget.value))}
            >
              {chosen.slice(1).map((_, place) => (
                <option key={place} value={place + 2}>
                  {t("members.guardians.of", { some: place + 2, all: chosen.length })}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {rules && (
        <p class="hint">
          {t("members.guardians.delay", { time: length(rules["recovery.guardianDelay"] ?? 0) })}
        </p>
      )}
      <div class="actions">
        <Act
          cannot={chosen.length === 1 ? t("members.guardians.alone") : undefined}
          action={{
            module: "recovery",
            name: "setGuardians",
            args: [chosen, takes],
            title: t("members.guardians.title"),
          }}
        >
          {t(chosen.length === 0 ? "members.guardians.remove" : "members.guardians.set")}
        </Act>
        <Button kind="quiet" onClick={onEnd}>
          {t("app.close")}
        </Button>
      </div>
    </div>
  );
}
