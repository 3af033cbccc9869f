/** Several members, one beside the other. */
import { Person } from "@/parts/basics";

export function People({ ids }: { ids: readonly number[] }) {
  return (
    <span class="several">
      {ids.map((id) => (
        <Person key={id} id={id} />
      ))}
    </span>
  );
}
