/** Who somebody is: a card and its PIN, or a passkey. What it opens is handed on and not kept here. */
import { useState } from "preact/hooks";
import { Button, Notice } from "@/parts/basics";
import { looksLikeCard, unlockCard, type CardSecrets } from "@/proofs/locked";
import { PasswordForm } from "@/proofs/parts";
import { t } from "@/words";
import { openWithPasskey, PasskeyRefused, passkeysThere } from "./passkey";
import { Scan } from "./scan";

export function Identify(props: { label: string; onSecrets: (secrets: CardSecrets) => Promise<void> }) {
  const [card, setCard] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const [failed, setFailed] = useState("");
  if (card !== null) {
    return (
      <>
        <PasswordForm
          label={t("kiosk.pin")}
          hint={t("kiosk.pin.hint")}
          action={t("kiosk.pin.go")}
          secretive
          onPassword={async (pin) => props.onSecrets(await unlockCard(card, pin))}
        />
        <Button kind="quiet" onClick={() => setCard(null)}>
          {t("kiosk.pin.another")}
        </Button>
      </>
    );
  }
  const withPasskey = async () => {
    setFailed("");
    try {
      await props.onSecrets(await openWithPasskey());
    } catch (error) {
      const kind = error instanceof PasskeyRefused ? error.kind : "unsupported";
      setFailed(t(`kiosk.passkey.${kind}`));
    }
  };
  return (
    <>
      <Scan
        label={props.label}
        hint={t("kiosk.scan.hint")}
        wrong={wrong}
        onText={(text) => {
          if (!looksLikeCard(text)) return setWrong(t("proofs.locked.unreadable"));
          setWrong("");
          setCard(text);
        }}
      />
      {passkeysThere() && (
        <p class="actions">
          <Button onClick={withPasskey}>{t("kiosk.passkey")}</Button>
        </p>
      )}
      {failed && <Notice tone="warn">{failed}</Notice>}
    </>
  );
}
