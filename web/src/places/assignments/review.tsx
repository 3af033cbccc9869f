/** One review: what was delivered, and what those who were drawn said of it. */
import type { Data, Item } from "@/api/client";
import { useReading } from "@/api/live";
import type { Place } from "@/app/routes";
import { AsOf, Badge, Empty, Facts, Page, Person, Section, Shown, When, type Tone } from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { share } from "@/words/format";
import { t } from "@/words";
import { BringOn, Verdict } from "./verdict";

type Review = Data<"/v1/reviews/{reviewId}">;
type Reviewer = Review["reviewers"][number];

const REVIEW_TONES: Record<Review["state"], Tone> = {
  Drawing: "warn",
  Reviewing: "warn",
  Rework: "warn",
  Stuck: "bad",
  Accepted: "good",
  Failed: "bad",
  Abandoned: "calm",
  Overturned: "bad",
};

export default function ReviewPlace({ params }: Place) {
  const review = useReading("/v1/reviews/{reviewId}", { reviewId: params["id"] });
  return (
    <Page
      title={t("assignments.review.number", { id: String(params["id"]) })}
      lead={
        review.data && (
          <a href={`#/assignments/${review.data.assignmentId}`}>
            {t("assignments.review.of", {
              seat: String(review.data.seat),
              id: String(review.data.assignmentId),
            })}
          </a>
        )
      }
    >
      <Shown of={review}>{(found) => <Whole review={found} />}</Shown>
      {review.block && !review.stale && <AsOf block={review.block} />}
    </Page>
  );
}

function Whole({ review }: { review: Review }) {
  return (
    <>
      <div class="badges gapped">
        <Badge tone={REVIEW_TONES[review.state]}>{t(`assignments.review.state.${review.state}`)}</Badge>
        {review.byVote && <Badge>{t("assignments.review.byVote")}</Badge>}
      </div>
      <Facts rows={facts(review)} />
      <BringOn review={review} />
      {[...review.deliveries].reverse().map((delivery) => (
        <Section
          key={delivery.round}
          title={t("assignments.review.round", { round: String(delivery.round) })}
        >
          <p class="hint">
            <Person id={review.memberId} /> {t("assignments.review.delivered")}{" "}
            <When at={delivery.deliveredAt} />
          </p>
          {delivery.text === null ? (
            <p class="hint">{t("parts.missingText", { hash: delivery.evidence })}</p>
          ) : (
            <Markdown text={delivery.text} />
          )}
          <h3>{t("assignments.review.verdicts")}</h3>
          <Verdicts reviewers={review.reviewers.filter((one) => one.round === delivery.round)} />
        </Section>
      ))}
      <Verdict review={review} />
      <Cases review={review} />
    </>
  );
}

function facts(review: Review): [preact.ComponentChildren, preact.ComponentChildren][] {
  const rows: [preact.ComponentChildren, preact.ComponentChildren][] = [
    [t("assignments.review.by"), <Person id={review.memberId} />],
  ];
  const shared = review.shares.filter((one) => one.memberId !== review.memberId);
  if (shared.length > 0) {
    rows.push([
      t("assignments.review.shares"),
      review.shares.map((one) => (
        <div key={one.memberId}>
          <Person id={one.memberId} />: {share(one.bps)}
        </div>
      )),
    ]);
  }
  if (review.drawId !== null) {
    rows.push([
      t("assignments.review.drawn"),
      <a href={`#/draws/${review.drawId}`}>{t("assignments.draw", { id: String(review.drawId) })}</a>,
    ]);
  }
  if (review.state === "Reviewing" && review.answerUntil !== null) {
    rows.push([t("assignments.answerUntil"), <When at={review.answerUntil} />]);
  }
  if (review.shareBps > 0) rows.push([t("assignments.review.earned"), share(review.shareBps)]);
  if (review.challengeableUntil) {
    rows.push([t("assignments.review.challengeable"), <When at={review.challengeableUntil} />]);
  }
  if (review.overturnedAt !== null) {
    rows.push([t("assignments.review.overturned"), <When at={review.overturnedAt} />]);
  }
  return rows;
}

function Verdicts({ reviewers }: { reviewers: Reviewer[] }) {
  if (reviewers.length === 0) return <Empty>{t("assignments.review.nobody")}</Empty>;
  return (
    <ul class="list">
      {reviewers.map((one) => (
        <li key={one.memberId} class="stack">
          <div class="row flat">
            <div class="main">
              <Person id={one.memberId} />
              <small>{one.givenAt !== null ? <When at={one.givenAt} /> : <Waiting reviewer={one} />}</small>
            </div>
            <div class="badges">
              {one.mark ? <Badge>{t("assignments.review.mark", { mark: String(one.mark) })}</Badge> : null}
              <Badge tone={one.verdict === "Accept" ? "good" : one.verdict === "Rework" ? "warn" : "calm"}>
                {verdictWords(one)}
              </Badge>
            </div>
          </div>
          {one.text !== null && <Markdown text={one.text} />}
          {one.text === null && one.textHash !== null && (
            <p class="hint">{t("parts.missingText", { hash: one.textHash })}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

function Waiting({ reviewer }: { reviewer: Reviewer }) {
  if (reviewer.replacedAt !== null) return <When at={reviewer.replacedAt} />;
  return (
    <>
      {t("assignments.answerUntil")} <When at={reviewer.answerUntil} />
    </>
  );
}

function verdictWords(reviewer: Reviewer): string {
  if (reviewer.verdict !== null) return t(`assignments.verdict.${reviewer.verdict}`);
  return t(reviewer.replacedAt !== null ? "assignments.verdict.silent" : "assignments.verdict.none");
}

/** Cases that contest what this review concluded. */
function Cases({ review }: { review: Review }) {
  const cases = useReading(review.concludedAt === null ? null : "/v1/cases", { limit: 100 });
  const about: Item<"/v1/cases">[] = cases.data?.filter((one) => one.reviewId === review.reviewId) ?? [];
  if (about.length === 0) return null;
  return (
    <Section title={t("assignments.cases")}>
      <ul class="plain-list">
        {about.map((one) => (
          <li key={one.caseId}>
            {t("assignments.case", { id: String(one.caseId) })} <Person id={one.claimant} />{" "}
            <Badge>{t(`assignments.case.state.${one.panelState ?? one.state}`)}</Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}
