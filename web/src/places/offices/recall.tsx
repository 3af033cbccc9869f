/** Taking an office back from whoever holds it: petitions, their signatures, and the votes they lead to. */
import type { Data, Item } from "@/api/client";
import { useReading } from "@/api/live";
import { Badge, Bdi, Empty, Person, Section, Shown, When, type Tone } from "@/parts/basics";
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
          </>
        )}
      </Shown>
    </Section>
  );
}

function OnePetition({ petition }: { petition: Petition }) {
  const detail = useReading("/v1/petitions/{petitionId}", { petitionId: petition.petitionId });
  const open = petition.state === "Open" || petition.state === "Voting";
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
      <span class="gauge" aria-hidden="true">
        <span style={{ inlineSize: `${(100 * petition.signatures) / of}%` }} />
        <i style={{ insetInlineStart: `${(100 * petition.needed) / of}%` }} />
      </span>
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
      {petition.proposalId !== null && (
        <p class="links">
          <a href={`#/proposals/${petition.proposalId}`}>{t("offices.recall.vote")}</a>
        </p>
      )}
    </article>
  );
}
