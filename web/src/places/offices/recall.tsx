/** Taking an office back from whoever holds it: petitions, their signatures, and the votes they lead to. */
import type { Data, Item } from "@/api/client";
import { useState } from "preact/hooks";
import { useReading } from "@/api/live";
import { memberId } from "@/app/me";
import type { Place } from "@/app/routes";
import { Act } from "@/parts/act";
import {
  AsOf,
  Badge,
  Bdi,
  Empty,
  Field,
  Gauge,
  isPast,
  Page,
  Person,
  Section,
  Shown,
  When,
  type Tone,
} from "@/parts/basics";
import { Say } from "@/places/assignments/say";
import { Markdown } from "@/parts/markdown";
import { t } from "@/words";

type Office = Data<"/v1/offices/{officeId}">;
type Petition = Item<"/v1/petitions">;

const TONES: Record<Petition["state"], Tone> = {
  Open: "warn",
  Voting: "warn",
  Recalled: "bad",
  Failed: "calm",
  Lapsed: "calm",
};

export function Recall({ office }: { office: Office }) {
  const petitions = useReading("/v1/petitions", { officeId: office.officeId, limit: 20 });
  return (
    <Section title={t("offices.recall")}>
      <p class="hint">{t("offices.recall.lead")}</p>
      <Shown of={petitions}>
        {(found) => (
          <>
            {found.length === 0 && <Empty>{t("offices.recall.none")}</Empty>}
            {found.map((petition) => (
              <OnePetition key={petition.petitionId} petition={petition} />
            ))}
            <Open office={office} running={found.filter(isOpen).map((petition) => petition.memberId)} />
          </>
        )}
      </Shown>
    </Section>
  );
}

function isOpen(petition: Petition): boolean {
  return petition.state === "Open" || petition.state === "Voting";
}

/** A petition by itself. */
export default function PetitionPlace({ params }: Place) {
  const petition = useReading("/v1/petitions/{petitionId}", { petitionId: params["id"] });
  return (
    <Page
      title={t("offices.recall.petition", { id: String(params["id"]) })}
      lead={
        petition.data && (
          <a href={`#/offices/${petition.data.officeId}`}>
            {t("offices.untitled", { id: String(petition.data.officeId) })}
          </a>
        )
      }
    >
      <Section title={t("offices.recall")}>
        <Shown of={petition}>{(found) => <OnePetition petition={found} />}</Shown>
      </Section>
      {petition.block && !petition.stale && <AsOf block={petition.block} />}
    </Page>
  );
}

/** A new petition against who holds a seat, or will. */
function Open({ office, running }: { office: Office; running: number[] }) {
  const those = office.tenures.map((tenure) => tenure.memberId).filter((id) => !running.includes(id));
  const [chosen, choose] = useState<number | null>(null);
  const whom = chosen !== null && those.includes(chosen) ? chosen : those[0];
  if (whom === undefined || office.abolishedAt !== null) return null;
  return (
    <details class="offer">
      <summary>{t("offices.do.petition.open")}</summary>
      <Field label={t("offices.do.petition.whom")}>
        {(attributes) => (
          <select
            {...attributes}
            value={String(whom)}
            onChange={(event) => choose(Number(event.currentTarget.value))}
          >
            {those.map((id) => (
              <option key={id} value={String(id)}>
                {t("parts.member", { id: String(id) })}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Say
        full
        required
        kind="danger"
        label={t("offices.do.petition.why")}
        hint={t("offices.do.petition.hint")}
        act={(grounds) => ({
          module: "recall",
          name: "petition",
          args: [office.officeId, whom, grounds],
          title: t("offices.do.petition.title", { id: String(whom) }),
        })}
      >
        {t("offices.do.petition")}
      </Say>
    </details>
  );
}

/** Signing, which is all that a petition needs to become a vote, or a recall at once. */
function Sign({ petition, signed }: { petition: Petition; signed: boolean }) {
  const because = signed
    ? t("offices.cannot.signed")
    : isPast(petition.expiry + 1)
      ? t("offices.cannot.expired")
      : undefined;
  return (
    <Act
      cannot={because}
      action={{
        module: "recall",
        name: "sign",
        args: [petition.petitionId],
        title: t("offices.do.sign.title", { id: String(petition.petitionId) }),
      }}
    >
      {t("offices.do.sign")}
    </Act>
  );
}

function OnePetition({ petition }: { petition: Petition }) {
  const detail = useReading("/v1/petitions/{petitionId}", { petitionId: petition.petitionId });
  const open = isOpen(petition);
  const signed = detail.data?.signers.some((signer) => signer.memberId === memberId.value) ?? false;
  const of = Math.max(petition.immediate, petition.signatures);
  return (
    <article class="petition" aria-label={t("offices.recall.petition", { id: String(petition.petitionId) })}>
      <p>
        <Badge tone={TONES[petition.state]}>{t(`offices.recall.state.${petition.state}`)}</Badge>{" "}
        {t("offices.recall.on")} <Person id={petition.memberId} />, {t("offices.recall.by")}{" "}
        <Person id={petition.petitioner} />
        {open && (
          <>
            , {t("offices.recall.until")} <When at={petition.expiry} />
          </>
        )}
      </p>
      {detail.data?.text ? (
        <Markdown text={detail.data.text} />
      ) : (
        <p>
          {petition.title ? <Bdi>{petition.title}</Bdi> : t("parts.missingText", { hash: petition.grounds })}
        </p>
      )}
      <p>
        {t("offices.recall.signed", {
          count: petition.signatures,
          needed: String(petition.needed),
          immediate: String(petition.immediate),
        })}
      </p>
      <Gauge share={petition.signatures / of} mark={petition.needed / of} />
      {detail.data && (
        <details>
          <summary>{t("offices.recall.signers")}</summary>
          <ul class="plain-list">
            {detail.data.signers.map((signer) => (
              <li key={signer.memberId}>
                <Person id={signer.memberId} />{" "}
                <small class="inline">
                  <When at={signer.signedAt} />
                </small>
              </li>
            ))}
          </ul>
        </details>
      )}
      {open && <Sign petition={petition} signed={signed} />}
      {petition.proposalId !== null && (
        <p class="links">
          <a href={`#/proposals/${petition.proposalId}`}>{t("offices.recall.vote")}</a>
        </p>
      )}
    </article>
  );
}
