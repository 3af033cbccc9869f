/**
 * Making a card: a key on paper, for people without a device of their own, or an identity that was made on this one.
 *
 * What is printed is encrypted under the PIN. Who finds a card can try PINs at home, each for some tenths of a second of
 * work, so a PIN is eight characters or more, and a lost card is replaced.
 */
import { useState } from "preact/hooks";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { account } from "@/app/me";
import { addressOf } from "@/chain/abis";
import { commune } from "@/chain/commune";
import { Button, Facts, Hex, Notice, Page, Section } from "@/parts/basics";
import { Qr } from "@/parts/qr";
import { newSecret, randomName, unlockIdentity } from "@/proofs/identity";
import { lockCard, type CardSecrets } from "@/proofs/locked";
import { PasswordForm } from "@/proofs/parts";
import { t } from "@/words";
import { keepWithPasskey, PasskeyRefused, passkeysThere } from "./passkey";

const LEAST_PIN = 8;

interface Made {
  name: string;
  line: string;
  secrets: CardSecrets;
}

export default function CardPlace() {
  const [secrets, setSecrets] = useState<CardSecrets | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const forget = () => {
    setSecrets(null);
    setMade(null);
  };
  return (
    <Page title={t("kiosk.card.title")} lead={t("kiosk.card.lead")}>
      {made ? (
        <Printed made={made} onDone={forget} />
      ) : secrets ? (
        <Section title={t("kiosk.card.pin")}>
          <p>{t("kiosk.card.pin.words")}</p>
          <PasswordForm
            label={t("kiosk.card.pin.new")}
            action={t("kiosk.card.make")}
            least={LEAST_PIN}
            secretive
            onPassword={async (pin) =>
              setMade({ name: randomName(), line: await lockCard(secrets, pin), secrets })
            }
          />
        </Section>
      ) : (
        <Choice onSecrets={setSecrets} />
      )}
    </Page>
  );
}

function Choice({ onSecrets }: { onSecrets: (secrets: CardSecrets) => void }) {
  const who = account.value;
  const fromHere = async (password: string) => {
    const here = await commune();
    const holder = {
      chainId: here.chainId,
      group: await addressOf(here, "group"),
      account: who as `0x${string}`,
    };
    onSecrets({ identity: (await unlockIdentity(holder, password)).secret });
  };
  return (
    <div class="cards">
      <Section title={t("kiosk.card.new")}>
        <p>{t("kiosk.card.new.words")}</p>
        <Button
          kind="primary"
          onClick={() => onSecrets({ accountKey: generatePrivateKey(), identity: newSecret() })}
        >
          {t("kiosk.card.new.go")}
        </Button>
      </Section>
      <Section title={t("kiosk.card.mine")}>
        <p>{t("kiosk.card.mine.words")}</p>
        {who ? (
          <PasswordForm label={t("proofs.password")} action={t("proofs.unlock.go")} onPassword={fromHere} />
        ) : (
          <p class="hint">{t("parts.cannot.wallet")}</p>
        )}
      </Section>
    </div>
  );
}

function Printed({ made, onDone }: { made: Made; onDone: () => void }) {
  const { name, line, secrets } = made;
  const [passkey, setPasskey] = useState<{ kept: boolean; words: string } | null>(null);
  const address = secrets.accountKey && privateKeyToAccount(secrets.accountKey).address;
  const keep = async () => {
    try {
      await keepWithPasskey(secrets, t("kiosk.card.name", { name }));
      setPasskey({ kept: true, words: t("kiosk.card.passkey.kept") });
    } catch (error) {
      const kind = error instanceof PasskeyRefused ? error.kind : "unsupported";
      setPasskey({ kept: false, words: t(`kiosk.passkey.${kind}`) });
    }
  };
  return (
    <>
      <article class="paper card-sized">
        <h2>{t("kiosk.card.name", { name })}</h2>
        <Qr text={line} label={t("kiosk.card.qr")} />
        <p>{t("kiosk.card.use")}</p>
        <p>{t(secrets.accountKey ? "kiosk.card.holds.both" : "kiosk.card.holds.identity")}</p>
        <p class="digits">{line}</p>
      </article>
      <div class="actions unprinted">
        <Button kind="primary" onClick={() => print()}>
          {t("kiosk.print")}
        </Button>
        {passkeysThere() && !passkey?.kept && <Button onClick={keep}>{t("kiosk.card.passkey")}</Button>}
        <Button onClick={onDone}>{t("kiosk.card.done")}</Button>
      </div>
      {passkey && <Notice tone={passkey.kept ? "good" : "warn"}>{passkey.words}</Notice>}
      {address && (
        <Section title={t("kiosk.card.account")} class="unprinted">
          <p>{t("kiosk.card.account.words")}</p>
          <Facts rows={[[t("kiosk.card.account"), <Hex key="account" value={address} />]]} />
        </Section>
      )}
    </>
  );
}
