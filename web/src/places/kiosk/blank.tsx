/** Blank ballots on paper, for a vote at a meeting whose outcome somebody carries over by hand. */
import { useState } from "preact/hooks";
import { useReading } from "@/api/live";
import { Bdi, Button, Field, Page, Shown } from "@/parts/basics";
import { Qr } from "@/parts/qr";
import { t } from "@/words";
import { when } from "@/words/format";

const MOST = 40;
const CHOICES = ["for", "against", "abstain"] as const;

export default function BlankPlace({ params }: { params: Record<string, string> }) {
  const proposalId = params["proposal"] ?? "";
  const proposal = useReading("/v1/proposals/{proposalId}", { proposalId });
  const [count, setCount] = useState(4);
  const address = new URL(`#/proposals/${proposalId}`, location.href).href;
  return (
    <Page
      title={t("kiosk.blank.title")}
      lead={t("kiosk.blank.lead")}
      actions={
        <Button kind="primary" onClick={() => print()}>
          {t("kiosk.print")}
        </Button>
      }
    >
      <div class="unprinted">
        <Field label={t("kiosk.blank.count")}>
          {(attributes) => (
            <input
              {...attributes}
              type="number"
              min={1}
              max={MOST}
              value={count}
              onInput={(event) =>
                setCount(Math.max(1, Math.min(MOST, Number(event.currentTarget.value) || 1)))
              }
            />
          )}
        </Field>
      </div>
      <Shown of={proposal}>
        {({ title, deadline, votesPerBallot }) => (
          <div class="papers">
            {Array.from({ length: count }, (_, place) => (
              <article class="paper blank" key={place}>
                <Qr text={address} label={t("kiosk.blank.qr")} />
                <div>
                  <h2>
                    <Bdi>{title}</Bdi>
                  </h2>
                  <p class="hint">{t("kiosk.blank.until", { when: when(deadline) })}</p>
                  <ul class="boxes">
                    {CHOICES.map((choice) => (
                      <li key={choice}>
                        <span class="box" aria-hidden="true" /> {t(`kiosk.ballot.${choice}`)}
                      </li>
                    ))}
                  </ul>
                  {votesPerBallot > 1 && <p>{t("kiosk.blank.votes", { most: votesPerBallot })}</p>}
                  <p class="rule">{t("kiosk.blank.member")}</p>
                  <p class="rule">{t("kiosk.blank.signature")}</p>
                </div>
              </article>
            ))}
          </div>
        )}
      </Shown>
    </Page>
  );
}
