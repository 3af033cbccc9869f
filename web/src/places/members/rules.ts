/** The numbers of the constitution that membership goes by. */
import { useMemo } from "preact/hooks";
import { useAll } from "@/api/live";

/** Parameters by name, such as `admission.vouches`; undefined until they are known. */
export function useRules(): Record<string, number> | undefined {
  const { data } = useAll("/v1/parameters");
  return useMemo(() => data && Object.fromEntries(data.map(({ name, value }) => [name, value])), [data]);
}
