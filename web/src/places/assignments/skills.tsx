/** What a member can do, and when they have time: said to members alone, signed, and taken back at will. */
import { useEffect, useState } from "preact/hooks";
import type { Data } from "@/api/client";
import { memberId } from "@/app/me";
import { readAsMember } from "@/chain/session";
import type { Refusal } from "@/chain/refusal";
import { Refused } from "@/parts/act";
import { Button, Field } from "@/parts/basics";
import { t } from "@/words";

type Declared = Data<"/v1/skills">[number];

export function Skills() {
  const me = memberId.value;
  const [before, setBefore] = useState<Declared | null>();
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let wanted = true;
    // All are asked for: who asks for one says whose session it is.
    readAsMember("/v1/skills").then(
      (all) => wanted && setBefore(all.find((one) => one.memberId === me) ?? null),
      () => wanted && setBefore(null),
    );
    return () => {
      wanted = false;
    };
  }, [me, again]);
  if (me === null || before === undefined) return null;
  return (
    <details class="offer">
      <summary>{t("assignments.skills.say")}</summary>
      <Say key={before?.declaredAt} before={before} onSaid={() => setAgain(again + 1)} />
    </details>
  );
}

function Say({ before, onSaid }: { before: Declared | null; onSaid: () => void }) {
  const [skills, setSkills] = useState(before?.skills.join(", ") ?? "");
  const [availability, setAvailability] = useState(before?.availability ?? "");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const zone = before?.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const does = async (what: "declare" | "withdraw") => {
    setBusy(true);
    setRefusal(null);
    try {
      const { declareSkills, withdrawSkills } = await import("@/chain/actions");
      const hours = availability.trim();
      if (what === "declare") await declareSkills({ skills, availability: hours, zone: hours ? zone : "" });
      else await withdrawSkills();
      onSaid();
    } catch (error) {
      setRefusal(error as Refusal);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Field label={t("assignments.skills.can")} hint={t("assignments.skills.can.hint")}>
        {(attributes) => (
          <input {...attributes} value={skills} onInput={(event) => setSkills(event.currentTarget.value)} />
        )}
      </Field>
      <Field label={t("assignments.skills.hours")} hint={t("assignments.skills.hours.hint", { zone })}>
        {(attributes) => (
          <input
            {...attributes}
            value={availability}
            onInput={(event) => setAvailability(event.currentTarget.value)}
          />
        )}
      </Field>
      {refusal && <Refused refusal={refusal} />}
      <div class="actions">
        <Button kind="primary" busy={busy} disabled={busy} onClick={() => void does("declare")}>
          {t("assignments.skills.declare")}
        </Button>
        {before && (
          <Button disabled={busy} onClick={() => void does("withdraw")}>
            {t("assignments.skills.withdraw")}
          </Button>
        )}
      </div>
    </>
  );
}
