/** Spreading votes over a poll's options: n votes on an option cost n x n credits, added up over all of them. */
import { useId } from "preact/hooks";
import { number, t } from "@/words";
import { optionName } from "./names";

export const MOST_VOTES = 15;

/** In credits, before what a poll brings along is taken off. */
export function sumOfSquares(votes: readonly number[]): number {
  return votes.reduce((sum, given) => sum + given * given, 0);
}

export function Spread(props: {
  names: readonly string[] | null;
  votes: readonly number[];
  /** Of which the votes may take the squares. */
  budget: number | undefined;
  disabled: boolean;
  onChange: (votes: number[]) => void;
}) {
  const { names, votes, budget } = props;
  return (
    <fieldset class="spread" disabled={props.disabled}>
      <legend class="unseen">{t("polls.spread")}</legend>
      {votes.map((given, option) => (
        <Option
          key={option}
          name={optionName(names, option)}
          given={given}
          left={budget === undefined ? undefined : budget - sumOfSquares(votes)}
          onChange={(value) => props.onChange(votes.map((one, place) => (place === option ? value : one)))}
        />
      ))}
    </fieldset>
  );
}

function Option(props: {
  name: string;
  given: number;
  left: number | undefined;
  onChange: (votes: number) => void;
}) {
  const { name, given, left } = props;
  const id = useId();
  const cost = given * given;
  return (
    <div class="option">
      <label for={id}>
        <bdi class="theirs">{name}</bdi>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={MOST_VOTES}
        step={1}
        value={given}
        aria-valuetext={
          left === undefined
            ? t("polls.option.cost", { count: given, cost })
            : t("polls.option.cost.left", { count: given, cost, left })
        }
        onInput={(event) => props.onChange(Number(event.currentTarget.value))}
      />
      <span class="figure">
        {t("proposals.tally.votes", { count: given })}
        <small>
          {number(given)}² = {number(cost)}
        </small>
      </span>
    </div>
  );
}
