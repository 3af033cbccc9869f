/** A member's word on what was put to consent: it can be changed until the end. */
import { textHash } from "@/api/texts";
import { useState } from "preact/hooks";
import type { Data, Item } from "@/api/client";
import { member, memberId } from "@/app/me";
import { Act } from "@/parts/act";
import { Field, Section } from "@/parts/basics";
import { wasActiveAt } from "@/places/proposals/mine";
import { t } from "@/words";
import { when } from "@/words/format";
import type { ConsentPhase } from "./phase";

type Detail = Data<"/v1/consent/{proposalId}">;
type Response = Item<"/v1/consent/{proposalId}/responses">;

const RESPONSES = ["Acknowledge", "Block", "StandAside"] as const;
type Choice = (typeof RESPONSES)[number];
const NUMBERS: Record<Choice, number> = { Acknowledge: 1, Block: 2, StandAside: 3 };
const NO_REASON = `0x${"0".repeat(64)}`;

export function Respond(props: { consent: Detail; phase: ConsentPhase; responses: Response[] | undefined }) {
  const { consent, phase } = props;
  const [choice, choose] = useState<Choice | null>(null);
  const [reason, setReason] = useState("");
  const mine = props.responses?.find((response) => response.memberId === memberId.value);
  if (phase !== "Open" && choice === null) return null;
  const over = t("proposals.vote.over", { when: when(consent.windowEnd) });
  const cannot =
    phase !== "Open"
      ? over
      : member.value && !wasActiveAt(member.value, consent.electorateAt)
        ? t("proposals.vote.electorate", { when: when(consent.electorateAt) })
        : choice === null
          ? t("consent.choose")
          : choice === mine?.response
            ? t("consent.same")
            : choice !== "Acknowledge" && reason.trim() === ""
              ? t("consent.reason.needed")
              : undefined;
  const action = async () => {
    const { requireItsId } = await import("@/chain/proposal-id");
    requireItsId(consent);
    const said = reason.trim() === "" ? null : reason;
    const answer = choice as Choice;
    return {
      module: "consent" as const,
      name: "respond",
      args: [consent.proposalId, NUMBERS[answer], said === null ? NO_REASON : await textHash(said)],
      title: t(`consent.signed.${answer}`, { title: consent.title }),
      texts: said === null ? [] : [said],
    };
  };
  return (
    <Section title={t("consent.respond")} class="ballot">
      {mine && <p data-response={mine.response}>{t(`consent.mine.${mine.response}`)}</p>}
      <fieldset disabled={phase !== "Open"}>
        <legend class="unseen">{t("consent.respond")}</legend>
        <div class="support">
          {RESPONSES.map((one) => (
            <label
              key={one}
              class={`vote ${{ Acknowledge: "For", Block: "Against", StandAside: "Abstain" }[one]}`}
            >
              <input
                type="radio"
                name={`response-${consent.proposalId}`}
                checked={choice === one}
                onChange={() => choose(one)}
              />
              <span class="mark" aria-hidden="true" />
              {t(`consent.say.${one}`)}
            </label>
          ))}
        </div>
        <Field
          label={t("consent.reason")}
          hint={t(choice && choice !== "Acknowledge" ? "consent.reason.needed" : "consent.reason.hint")}
        >
          {(attributes) => (
            <textarea
              {...attributes}
              dir="auto"
              value={reason}
              onInput={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
      </fieldset>
      <p class="hint">{t("consent.last")}</p>
      <Act action={action} cannot={cannot}>
        {choice ? t(`consent.say.${choice}`) : t("consent.respond")}
      </Act>
    </Section>
  );
}

/** Carrying out what passed, and putting to the vote what was blocked: anyone may. */
export function ConsentDeeds({ consent, phase }: { consent: Detail; phase: ConsentPhase }) {
  const name = phase === "Passed" ? "execute" : phase === "Blocked" ? "escalate" : null;
  if (name === null) return null;
  return (
    <Section title={t(`consent.deed.${name}.title`)}>
      <Act
        action={{
          module: "consent",
          name,
          args: [
            consent.actions.map(({ target }) => target),
            consent.actions.map(({ calldata }) => calldata),
            name === "execute" ? consent.descriptionHash : consent.description,
          ],
          title: t(`consent.deed.${name}.signed`, { title: consent.title }),
        }}
        anyone
      >
        {t(`consent.deed.${name}`)}
      </Act>
    </Section>
  );
}
