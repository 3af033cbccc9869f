/** Texts whose first lines say what they are about, and the names of topics. */
import { useAll } from "@/api/live";
import { t } from "@/words";

/** Lines after the first that the API tells in fields of their own. */
const FIELD = /^(Skills|Hours|Where):[ \t]*\S/i;

/** A text without its first line, and without what `backend/work/brief.py` reads off the lines after it. */
export function bodyOf(text: string): string {
  const lines = text.trim().split("\n").slice(1);
  const begins = lines.findIndex((line) => line.trim() !== "" && !FIELD.test(line.trim()));
  return begins < 0 ? "" : lines.slice(begins).join("\n").trim();
}

/** The names of topics, by number; the number itself where the name is not known yet. */
export function useTopics(): (topic: number) => string {
  const { data } = useAll("/v1/topics");
  return (topic) =>
    data?.find((one) => one.topic === topic)?.name ?? t("assignments.topic", { id: String(topic) });
}
