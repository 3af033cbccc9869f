/** How topics, rules and states are called. */
import { useAll } from "@/api/live";
import { known, t } from "@/words";

/** The name of a topic by its number; its number where it is not known yet. */
export function useTopics(): {
  topics: { topic: number; name: string }[];
  nameOf: (topic: number) => string;
} {
  const topics = useAll("/v1/topics").data ?? [];
  return {
    topics,
    nameOf: (number) => topics.find(({ topic }) => topic === number)?.name ?? `#${number}`,
  };
}

/** A word that the chain's enumerations use, such as a rule: the page's own word where it has one. */
export function named(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return known(key) ? t(key) : value;
}
