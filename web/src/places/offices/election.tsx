/** How an office's free seats are filled: who stands, and where it is decided. */
import type { Data } from "@/api/client";
import { useReading } from "@/api/live";
import type { Place } from "@/app/routes";
import { memberId } from "@/app/me";
import { Act } from "@/parts/act";
import {
  AsOf,
  AsTable,
  Badge,
  Bdi,
  Empty,
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
import { number, t } from "@/words";

type Office = Data<"/v1/offices/{officeId}">;
type Detail = Data<"/v1/elections/{electionId}">;

const TONES: Record<Detail["stage"], Tone> = {
  Standing: "warn",
  Polling: "warn",
  Drawing: "warn",
  Filled: "good",
  Failed: "bad",
};

const NOTHING = `0x${"00".repeat(32)}`;

/** An election by itself. */
export default function ElectionPlace({ params }: Place) {
  const election = useReading("/v1/elections/{electionId}", { electionId: params["id"] });
  return (
    <Page
      title={t("offices.election.number", { id: String(params["id"]) })}
      lead={
        election.data && (
          <a href={`#/offices/${election.data.officeId}`}>
            <Bdi>{election.data.office ?? t("offices.untitled", { id: String(election.data.officeId) })}</Bdi>
          </a>
        )
      }
    >
      <Section title={t("offices.election")}>
        <Shown of={election}>{(found) => <Whole election={found} />}</Shown>
      </Section>
      {election.block && !election.stale && <AsOf block={election.block} />}
    </Page>
  );
}

export function Election({ office }: { office: Office }) {
  const past = useReading("/v1/elections", { officeId: office.officeId, limit: 20 });
  const shown = office.electionId ?? past.data?.[0]?.electionId ?? null;
  return (
    <Section title={t("offices.election")}>
      {shown === null ? (
        <Empty>{t("offices.election.none")}</Empty>
      ) : (
        <Running key={shown} electionId={shown} />
      )}
      {office.electionId === null && office.nextVacancy !== null && (
        <Act
          kind="plain"
          action={{
            module: "elections",
            name: "open",
            args: [office.officeId],
            title: t("offices.do.openElection.title", { id: String(office.officeId) }),
          }}
        >
          {t("offices.do.openElection")}
        </Act>
      )}
    </Section>
  );
}

function Running({ electionId }: { electionId: number }) {
  const election = useReading("/v1/elections/{electionId}", { electionId });
  return <Shown of={election}>{(found) => <Whole election={found} />}</Shown>;
}

function Whole({ election }: { election: Detail }) {
  return (
    <>
      <p>
        <Badge tone={TONES[election.stage]}>{t(`offices.election.stage.${election.stage}`)}</Badge>{" "}
        {election.stage === "Standing" && (
          <>
            {t("offices.election.until")} <When at={election.standUntil} />
          </>
        )}
        {election.overAt !== null && <When at={election.overAt} />}
      </p>
      <p class="links">
        {election.pollId !== null && (
          <a href={`#/polls/${election.pollId}`}>
            {t("offices.election.poll", { id: String(election.pollId) })}
          </a>
        )}
        {election.drawId !== null && (
          <a href={`#/draws/${election.drawId}`}>
            {t("offices.election.draw", { id: String(election.drawId) })}
          </a>
        )}
      </p>
      <Candidates election={election} />
      {election.stage === "Standing" && <Stand election={election} />}
      {election.step !== null && (
        <Act
          kind="plain"
          action={{
            module: "elections",
            name: election.step,
            args: [election.electionId],
            title: t("offices.do.goOn.title", { id: String(election.electionId) }),
          }}
        >
          {t(`offices.do.${election.step}`)}
        </Act>
      )}
    </>
  );
}

/** Standing, and no longer standing, while that lasts. */
function Stand({ election }: { election: Detail }) {
  const id = String(election.electionId);
  const mine = election.candidates.find((one) => one.memberId === memberId.value && one.withdrawnAt === null);
  const over = isPast(election.standUntil + 1);
  if (mine) {
    return (
      <Act
        kind="plain"
        cannot={over ? t("offices.cannot.standingOver") : undefined}
        action={{
          module: "elections",
          name: "withdraw",
          args: [election.electionId],
          title: t("offices.do.withdraw.title", { id }),
        }}
      >
        {t("offices.do.withdraw")}
      </Act>
    );
  }
  const secretly = election.filling === "DrawWithReveals";
  return (
    <Say
      full
      label={t("offices.do.stand.why")}
      hint={t(secretly ? "offices.do.stand.secret" : "offices.do.stand.hint")}
      cannot={over ? t("offices.cannot.standingOver") : undefined}
      act={async (statement) => {
        const commitment = secretly ? await (await import("./secrets")).commit(memberId.value ?? 0) : NOTHING;
        const args = [election.electionId, statement, commitment];
        return { module: "elections", name: "stand", args, title: t("offices.do.stand.title", { id }) };
      }}
    >
      {t("offices.do.stand")}
    </Say>
  );
}

function Candidates({ election }: { election: Detail }) {
  const most = Math.max(1, ...election.candidates.map((candidate) => candidate.votes ?? 0));
  const polled = election.candidates.some((candidate) => candidate.votes !== null);
  if (election.candidates.length === 0) return <Empty>{t("offices.election.nobody")}</Empty>;
  return (
    <>
      <ul class="list" aria-label={t("offices.election.candidates")}>
        {election.candidates.map((candidate) => (
          <li key={candidate.memberId} class="stack">
            <div class="row flat">
              <div class="main">
                <Person id={candidate.memberId} />
                {candidate.title && (
                  <small>
                    <Bdi>{candidate.title}</Bdi>
                  </small>
                )}
              </div>
              <div class="badges">
                {candidate.votes !== null && (
                  <span>{t("offices.election.votes", { count: candidate.votes })}</span>
                )}
                {candidate.seated && <Badge tone="good">{t("offices.election.seated")}</Badge>}
                {candidate.withdrawnAt !== null && <Badge>{t("offices.election.withdrew")}</Badge>}
              </div>
            </div>
            {candidate.votes !== null && <Gauge share={candidate.votes / most} />}
          </li>
        ))}
      </ul>
      {polled && (
        <AsTable
          caption={t("offices.election.candidates")}
          head={[t("offices.tenures.who"), t("offices.election.votes.name")]}
          numeric={[1]}
          rows={election.candidates.map((candidate) => [
            <Person id={candidate.memberId} />,
            number(candidate.votes ?? 0),
          ])}
        />
      )}
    </>
  );
}
