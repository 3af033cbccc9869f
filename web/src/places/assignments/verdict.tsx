/** A drawn reviewer's answer, and what anyone can do to bring a review on. */
import { useState } from "preact/hooks";
import type { Data } from "@/api/client";
import { memberId } from "@/app/me";
import { Act } from "@/parts/act";
import { Field, isPast, Section } from "@/parts/basics";
import { t } from "@/words";
import { Say } from "./say";

type Review = Data<"/v1/reviews/{reviewId}">;

/** IReviews.Verdict */
const ACCEPT = 1;
const REWORK = 2;

export function Verdict({ review }: { review: Review }) {
  const [accepts, setAccepts] = useState<boolean | null>(null);
  const [mark, setMark] = useState(100);
  const mine = review.reviewers.find(
    (one) => one.memberId === memberId.value && one.round === review.round && one.replacedAt === null,
  );
  if (review.state !== "Reviewing" || !mine || mine.verdict !== null) return null;
  const because =
    review.answerUntil !== null && isPast(review.answerUntil + 1)
      ? t("assignments.cannot.late")
      : accepts === null
        ? t("assignments.cannot.noVerdict")
        : undefined;
  return (
    <Section title={t("assignments.do.review.title")}>
      <p class="hint">{t("assignments.do.review.hint")}</p>
      <fieldset class="choice">
        <legend class="label">{t("assignments.do.review.what")}</legend>
        <label>
          <input type="radio" name="verdict" checked={accepts === true} onChange={() => setAccepts(true)} />
          {t("assignments.do.review.accept")}
        </label>
        <label>
          <input type="radio" name="verdict" checked={accepts === false} onChange={() => setAccepts(false)} />
          {t("assignments.do.review.rework")}
        </label>
      </fieldset>
      {accepts === true && (
        <Field
          label={t("assignments.do.review.mark", { mark: String(mark) })}
          hint={t("assignments.do.review.mark.hint")}
        >
          {(attributes) => (
            <input
              {...attributes}
              type="range"
              min={1}
              max={100}
              value={mark}
              onInput={(event) => setMark(Number(event.currentTarget.value))}
            />
          )}
        </Field>
      )}
      <Say
        required
        label={t("assignments.do.review.why")}
        hint={t("assignments.do.review.public")}
        cannot={because}
        act={(text) => ({
          module: "reviews",
          name: "review",
          args: [review.reviewId, accepts ? ACCEPT : REWORK, accepts ? mark : 0, text],
          title: t("assignments.do.review.act", { id: String(review.reviewId) }),
        })}
      >
        {t("assignments.do.review")}
      </Say>
    </Section>
  );
}

export function BringOn({ review }: { review: Review }) {
  if (review.step === null) return null;
  return (
    <Act
      kind="plain"
      action={{
        module: "reviews",
        name: review.step,
        args: [review.reviewId],
        title: t("assignments.do.review.on", { id: String(review.reviewId) }),
      }}
    >
      {t(`assignments.do.${review.step}`)}
    </Act>
  );
}
