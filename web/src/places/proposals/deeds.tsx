/** What is left to do with a proposal: queue it, carry it out, or take it back. */
import type { Data } from "@/api/client";
import { memberId } from "@/app/me";
import { Act } from "@/parts/act";
import { Section } from "@/parts/basics";
import { t } from "@/words";
import type { Phase } from "./phase";

type Detail = Data<"/v1/proposals/{proposalId}">;

export function Deeds({ proposal, phase }: { proposal: Detail; phase: Phase }) {
  const name =
    phase === "passed"
      ? "queue"
      : phase === "ready"
        ? "execute"
        : phase === "deliberation" && proposal.author !== null && proposal.author === memberId.value
          ? "cancel"
          : null;
  if (name === null) return null;
  return (
    <Section title={t(`proposals.deed.${name}.title`)}>
      <p>{t(`proposals.deed.${name}.words`)}</p>
      <Act
        action={{
          module: "assembly",
          name,
          args: [
            proposal.actions.map(({ target }) => target),
            proposal.actions.map(({ amount }) => amount),
            proposal.actions.map(({ calldata }) => calldata),
            proposal.descriptionHash,
          ],
          title: t(`proposals.deed.${name}.signed`, { title: proposal.title }),
        }}
        anyone={name !== "cancel"}
        kind={name === "cancel" ? "danger" : "primary"}
      >
        {t(`proposals.deed.${name}`)}
      </Act>
    </Section>
  );
}
