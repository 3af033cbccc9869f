/**
 * Voting at a meeting, on one device, by people who have a card or a passkey and no wallet.
 *
 * A member opens the meeting and signs its minutes at the end. In between each person signs in, votes and is forgotten:
 * nothing of theirs is kept but what the minutes say.
 */
import { save } from "@/parts/save";
import { useEffect, useState } from "preact/hooks";
import { stringToHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { account, member } from "@/app/me";
import { chainNow } from "@/api/live";
import { commune } from "@/chain/commune";
import { signOut } from "@/chain/session";
import { connect, connected, disconnect, wallets, type Wallet } from "@/chain/wallets";
import { Button, Notice, Page, Section } from "@/parts/basics";
import type { CardSecrets } from "@/proofs/locked";
import { InWords, said } from "@/proofs/words";
import { t } from "@/words";
import { memberName } from "@/words/format";
import { Identify } from "./identify";
import { close, meeting, minutes, open, type Meeting as Held } from "./meeting";
import { Turn } from "./turn";
import { recognised, type Voter } from "./voter";

export default function Kiosk() {
  const held = meeting.value;
  useEffect(() => {
    // While a meeting is on, the rest of the page is out of the way.
    const root = document.documentElement.dataset;
    if (held) root["kiosk"] = "on";
    return () => {
      delete root["kiosk"];
    };
  }, [held !== null]);
  return held ? <Meeting held={held} /> : <Opening />;
}

function Opening() {
  const [wrong, setWrong] = useState("");
  const begin = async (who: Voter["member"]) => {
    if (who?.status !== "Active") throw new InWords(t("kiosk.open.member"));
    const here = await commune();
    const membership = here.contracts["Membership"] ?? "";
    // The witness's wallet is not for those who come to vote.
    disconnect();
    void signOut();
    open(here.chainId, membership, chainNow(), { memberId: who.memberId, account: who.account });
  };
  return (
    <Page
      title={t("kiosk.title")}
      lead={t("kiosk.lead")}
      actions={
        <a class="button" href="#/kiosk/card">
          {t("kiosk.card.make")}
        </a>
      }
    >
      <Section title={t("kiosk.open")}>
        <p>{t("kiosk.open.words")}</p>
        {account.value !== null && member.value && (
          <>
            <Button
              kind="primary"
              onClick={() => begin(member.value ?? null).catch(async (error) => setWrong(await said(error)))}
            >
              {t("kiosk.open.as", { member: memberName(member.value.memberId) })}
            </Button>
            <p class="hint">{t("kiosk.open.or")}</p>
          </>
        )}
        {wrong && <Notice tone="bad">{wrong}</Notice>}
        <Identify
          label={t("kiosk.open.card")}
          onSecrets={async (secrets) => begin((await recognised(secrets)).member)}
        />
      </Section>
    </Page>
  );
}

function Meeting({ held }: { held: Held }) {
  const [voter, setVoter] = useState<Voter | null>(null);
  const [closing, setClosing] = useState(false);
  if (closing) return <Closing held={held} onBack={() => setClosing(false)} />;
  if (voter) return <Turn voter={voter} onEnd={() => setVoter(null)} />;
  return (
    <Page
      title={t("kiosk.next")}
      lead={t("kiosk.next.lead")}
      actions={<Button onClick={() => setClosing(true)}>{t("kiosk.close")}</Button>}
    >
      <Section title={t("kiosk.next.card")}>
        <Identify
          label={t("kiosk.card")}
          onSecrets={async (secrets) => setVoter(await recognised(secrets))}
        />
      </Section>
      <p class="hint">{t("kiosk.next.witness", { member: memberName(held.witness.memberId) })}</p>
    </Page>
  );
}

function Closing({ held, onBack }: { held: Held; onBack: () => void }) {
  const [text] = useState(() => minutes(held, chainNow()));
  const [signature, setSignature] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const byCard = async ({ accountKey }: CardSecrets) => {
    const signer = accountKey && privateKeyToAccount(accountKey);
    if (signer?.address.toLowerCase() !== held.witness.account.toLowerCase()) {
      throw new InWords(t("kiosk.close.stranger", { member: memberName(held.witness.memberId) }));
    }
    setSignature(await signer.signMessage({ message: text }));
  };
  const byWallet = async (wallet: Wallet) => {
    setWrong("");
    try {
      await connect(wallet);
      const account = connected.peek()?.account;
      if (account !== held.witness.account.toLowerCase()) {
        throw new InWords(t("kiosk.close.stranger", { member: memberName(held.witness.memberId) }));
      }
      const params = [stringToHex(text), account];
      setSignature(String(await wallet.provider.request({ method: "personal_sign", params })));
    } catch (error) {
      setWrong(await said(error));
    } finally {
      disconnect();
    }
  };
  return (
    <Page
      title={t("kiosk.minutes.title")}
      lead={signature ? t("kiosk.minutes.signed") : t("kiosk.close.words")}
    >
      <pre class="minutes" tabIndex={0} aria-label={t("kiosk.minutes.title")}>
        {text}
        {signature && `\n${t("kiosk.minutes.signature")} ${signature}\n`}
      </pre>
      {signature ? (
        <div class="actions">
          <Button kind="primary" onClick={() => print()}>
            {t("kiosk.print")}
          </Button>
          <Button onClick={() => saveMinutes(held, text, signature)}>{t("kiosk.minutes.save")}</Button>
          <Button kind="danger" onClick={close}>
            {t("kiosk.minutes.end")}
          </Button>
        </div>
      ) : (
        <>
          <Section title={t("kiosk.close.sign", { member: memberName(held.witness.memberId) })}>
            <div class="actions">
              {wallets.value.map((wallet) => (
                <Button key={wallet.id} onClick={() => byWallet(wallet)}>
                  {t("kiosk.close.wallet", { wallet: wallet.name })}
                </Button>
              ))}
            </div>
            {wrong && <Notice tone="bad">{wrong}</Notice>}
            <p class="hint">{t("kiosk.open.or")}</p>
            <Identify label={t("kiosk.card")} onSecrets={byCard} />
          </Section>
          <Button onClick={onBack}>{t("kiosk.close.back")}</Button>
        </>
      )}
    </Page>
  );
}

/** A file that whoever knows the witness's account can check: the signature is EIP-191's over the text. */
function saveMinutes(held: Held, text: string, signature: string): void {
  const content = JSON.stringify(
    { text, signature, account: held.witness.account, chainId: held.chainId },
    null,
    2,
  );
  save(new Blob([`${content}\n`], { type: "application/json" }), `minutes-${Math.floor(held.openedAt)}.json`);
}
