import { t } from "@/words";

/** An option's name of the poll's text; its number where the text names none. */
export function optionName(names: readonly string[] | null, option: number): string {
  return names?.[option] ?? t("polls.option", { number: String(option + 1) });
}

/** Votes by option, in words: "3 on A bread oven, 1 on Nothing". */
export function inWords(names: readonly string[] | null, votes: readonly number[]): string {
  const given = votes.flatMap((count, option) =>
    count > 0 ? [t("polls.gave", { count, option: optionName(names, option) })] : [],
  );
  return given.length > 0 ? given.join(", ") : t("polls.blank");
}
