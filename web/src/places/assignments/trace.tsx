/** The unbroken chain: the decision and its ballots, who took the work, its reviews, and what the ledger gained. */
import type { ComponentChildren } from "preact";
import type { Data } from "@/api/client";
import { useReading } from "@/api/live";
import { Bdi, Hex, Person, Section, Shown, When } from "@/parts/basics";
import { points } from "@/words/format";
import { known, t } from "@/words";

type Whole = Data<"/v1/assignments/{assignmentId}/trace">;
type Step = Whole["created"];

interface Entry {
  /** block-logIndex */
  id: string;
  /** Whether the records have an event of that id. */
  told: boolean;
  at: number;
  words: ComponentChildren;
  transaction: string;
  href: string | null;
}

export function Trace({ assignmentId }: { assignmentId: number }) {
  const trace = useReading("/v1/assignments/{assignmentId}/trace", { assignmentId });
  return (
    <Section title={t("assignments.trace")}>
      <p class="hint">{t("assignments.trace.lead")}</p>
      <Shown of={trace}>
        {(found) => (
          <ol class="trail">
            {entriesOf(found).map((entry) => (
              <li key={`${entry.id}${entry.transaction}`}>
                <div class="row flat">
                  <div class="main">
                    {entry.words}
                    <small>
                      {entry.told ? (
                        <a href={`#/records?event=${entry.id}`}>
                          <When at={entry.at} />
                        </a>
                      ) : (
                        <When at={entry.at} />
                      )}
                      {entry.href && (
                        <>
                          {" "}
                          · <a href={entry.href}>{t("assignments.trace.more")}</a>
                        </>
                      )}
                    </small>
                  </div>
                  <Hex value={entry.transaction} />
                </div>
              </li>
            ))}
          </ol>
        )}
      </Shown>
    </Section>
  );
}

/** All steps in the order in which they happened. A proposal's ballots are one entry. */
function entriesOf(found: Whole): Entry[] {
  const steps: Step[] = [found.created, ...found.volunteers];
  const entries: Entry[] = [];
  const { decision, mandate, series } = found;
  if (decision) {
    steps.push(...decision.opened, ...decision.executed);
    entries.push(...ballotsOf(decision));
  }
  if (mandate) steps.push(mandate.exercised);
  if (series) steps.push(series.created, series.opened);
  for (const seat of found.seats) {
    steps.push(...seat.steps, ...seat.awards);
    for (const step of [seat.confirmed, seat.paid]) if (step) steps.push(step);
    for (const review of seat.reviews) {
      steps.push(
        ...review.delivered,
        ...review.reviewers,
        ...review.verdicts,
        ...review.concluded,
        ...review.awards,
      );
    }
  }
  if (found.cancelled) steps.push(found.cancelled);
  const told = steps.map((step) => ({
    id: step.id,
    at: step.happenedAt,
    words: <Words step={step} />,
    transaction: step.transaction,
    href: hrefOf(step),
    told: true,
  }));
  return [...entries, ...told].sort((a, b) => placeOf(a.id) - placeOf(b.id));
}

function ballotsOf(decision: NonNullable<Whole["decision"]>): Entry[] {
  const { first, tally } = decision.ballots;
  const last = first[first.length - 1];
  if (!last) return [];
  const words = (
    <>
      {t("assignments.trace.ballots", {
        count: tally.heads,
        for: String(tally.forVotes),
        against: String(tally.againstVotes),
        abstain: String(tally.abstainVotes),
      })}
      <details>
        <summary>{t("assignments.trace.each")}</summary>
        <ul class="plain-list">
          {first.map((ballot) => (
            <li key={ballot.memberId}>
              <Person id={ballot.memberId} />:{" "}
              {t(`assignments.choice.${ballot.choice}`, { count: ballot.votes })}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
  const href = `#/proposals/${decision.proposalId}`;
  return [
    { id: `${last.block}-99999`, at: last.castAt, words, transaction: last.transaction, href, told: false },
  ];
}

/** What happened, in the reader's language; in the node's words where the page has none. */
function Words({ step }: { step: Step }) {
  const given = step.arguments as Record<string, unknown>;
  const variants = ["why", "verdict", "state"].flatMap((name) =>
    typeof given[name] === "number" ? [`assignments.trace.${step.kind}.${String(given[name])}`] : [],
  );
  const key = [...variants, `assignments.trace.${step.kind}`].find(
    (one) => known(one) || known(`${one}.other`),
  );
  if (key === undefined) return <Bdi>{step.words}</Bdi>;
  const member = Number(given["memberId"] ?? given["author"] ?? 0);
  return (
    <>
      {member > 0 && <Person id={member} />}{" "}
      {t(key as never, {
        seat: String(given["seat"] ?? ""),
        round: String(given["round"] ?? ""),
        mark: String(given["mark"] ?? ""),
        id: String(given["drawId"] ?? given["reviewId"] ?? ""),
        count: Number(given["amount"] ?? 0) / 1e6,
        points: points(String(given["amount"] ?? 0)),
        share: String(Number(given["shareBps"] ?? 0) / 100),
      })}
    </>
  );
}

function hrefOf(step: Step): string | null {
  if (step.kind.startsWith("Draw") || step.kind === "SelectionDrawn" || step.kind === "ReviewersWanted") {
    return `#/draws/${String(step.arguments["drawId"])}`;
  }
  if (step.kind === "Awarded" || step.kind === "Penalised") {
    return `#/reputation/${String(step.arguments["memberId"])}`;
  }
  const found = /^\/v1\/(proposals|offices|series|reviews)\/(\d+)/.exec(step.link);
  return found ? `#/${found[1]}/${found[2]}` : null;
}

function placeOf(id: string): number {
  const [block = 0, log = 0] = id.split("-").map(Number);
  return block * 100_000 + log;
}
