/** A text of which the chain has the hash. */
import { useEffect, useState } from "preact/hooks";
import { head } from "@/api/live";
import { readText, type Kept } from "@/api/texts";
import { t } from "@/words";
import { short } from "@/words/format";
import { Loading, Notice } from "./basics";
import { Markdown } from "./markdown";

/** Null reads nothing. */
export function useText(hash: string | null): Kept | { state: "loading" } {
  const [kept, setKept] = useState<{ hash: string | null; found: Kept } | null>(null);
  const there = kept?.hash === hash && kept.found.state === "here";
  const at = there ? null : head.value?.hash;
  useEffect(() => {
    if (hash === null || there) return;
    let wanted = true;
    void readText(hash).then((found) => wanted && setKept({ hash, found }));
    return () => {
      wanted = false;
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
