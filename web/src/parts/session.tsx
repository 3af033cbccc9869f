/** What members show only to each other: it takes a session, which is offered here. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { hindrance } from "@/app/me";
import { chainNow } from "@/api/live";
import type { Refusal } from "@/chain/refusal";
import { session, signInWithWallet, signOut } from "@/chain/session";
import { signingIn } from "@/chain/signin";
import { t } from "@/words";
import { Refused } from "./act";
import { Button, Notice } from "./basics";

export function ForMembers(props: { children: ComponentChildren }) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  if (session.value)
    return (
      <>
        {props.children}
        <p class="hint">
          {t("chain.session.open")}{" "}
          <Button kind="quiet" class="small" onClick={() => void signOut()}>
            {t("chain.session.end")}
          </Button>
        </p>
      </>
    );
  const hindered = hindrance(chainNow());
  const begin = async () => {
    if (hindered === "wallet") {
      signingIn.value = true;
      return;
    }
    setBusy(true);
    setRefusal(null);
    await signInWithWallet().catch((error: unknown) => setRefusal(error as Refusal));
    setBusy(false);
  };
  const cannot = hindered === "member" || hindered === "dormant";
  return (
    <Notice title={t("chain.session.title")}>
      <p>{t("chain.session.words")}</p>
      {refusal && <Refused refusal={refusal} />}
      {cannot && <p>{t(`parts.cannot.${hindered}`)}</p>}
      <Button kind="primary" busy={busy} disabled={cannot} onClick={begin}>
        {t("chain.session.begin")}
      </Button>
    </Notice>
  );
}
