/** A text of which the chain has the hash. */
import { useEffect, useState } from "preact/hooks";
import { head } from "@/api/live";
import { readText, type Kept } from "@/api/texts";
import { t } from "@/words";
import { short } from "@/words/format";
import { Loading, Notice } from "./basics";
import { Markdown } from "./markdown";

/** Until a missing text is asked for again, in milliseconds; longer each time. Whoever wrote it may be handing it in. */
const AGAIN = 2_000;
const MOST_DOUBLED = 5;

/** Null reads nothing. */
export function useText(hash: string | null): Kept | { state: "loading" } {
  const [kept, setKept] = useState<{ hash: string | null; found: Kept } | null>(null);
  const there = kept?.hash === hash && kept.found.state === "here";
  const at = there ? null : head.value?.hash;
  useEffect(() => {
    if (hash === null || there) return;
    let wanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (tries: number): void =>
      void readText(hash).then((found) => {
        if (!wanted) return;
        setKept({ hash, found });
        if (found.state === "missing")
          timer = setTimeout(() => ask(tries + 1), AGAIN * 2 ** Math.min(tries, MOST_DOUBLED));
      });
    ask(0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [hash, at]);
  return kept?.hash === hash ? kept.found : { state: "loading" };
}

export function Text(props: { hash: string }) {
  const kept = useText(props.hash);
  if (kept.state === "here") return <Markdown text={kept.text} />;
  if (kept.state === "loading") return <Loading />;
  if (kept.state === "false") {
    return (
      <Notice tone="bad" title={t("parts.falseText")}>
        {t("parts.falseText.words", { hash: short(props.hash) })}
      </Notice>
    );
  }
  if (kept.state === "unreachable") return <p class="hint">{t("parts.unreachable")}</p>;
  return <p class="hint">{t("parts.missingText", { hash: short(props.hash) })}</p>;
}
