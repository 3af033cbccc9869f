/** A member's identity for secret ballots on this device: made, brought, registered, saved, removed. */
import { save } from "@/parts/save";
import { useEffect, useRef, useState } from "preact/hooks";
import { account, member } from "@/app/me";
import { addressOf } from "@/chain/abis";
import { perform } from "@/chain/actions";
import { commune } from "@/chain/commune";
import { reached } from "@/chain/follow";
import { session } from "@/chain/session";
import { signingIn } from "@/chain/signin";
import { Badge, Button, Facts, Field, Hex, Loading, Notice, Page, Section } from "@/parts/basics";
import { Dialog } from "@/parts/dialog";
import {
  createIdentity,
  forgetIdentity,
  importKeystore,
  importSecret,
  isListed,
  keptIdentity,
  keystoreFile,
  LEAST_PASSWORD,
  registration,
  unlockIdentity,
  type Holder,
  type KeptIdentity,
} from "@/proofs/identity";
import { PasswordForm, Proving } from "@/proofs/parts";
import type { Progress } from "@/proofs/protocol";
import { signInByProof } from "@/proofs/sign-in";
import { InWords, said } from "@/proofs/words";
import { t } from "@/words";
import { when } from "@/words/format";

export default function IdentityPlace() {
  const who = account.value;
  return (
    <Page title={t("proofs.title")} lead={t("proofs.lead")}>
      {who === null ? (
        <Notice>
          <p>{t("parts.cannot.wallet")}</p>
          <Button kind="primary" onClick={() => (signingIn.value = true)}>
            {t("app.signin")}
          </Button>
        </Notice>
      ) : (
        <Of key={who} who={who} />
      )}
    </Page>
  );
}

function Of({ who }: { who: `0x${string}` }) {
  const [holder, setHolder] = useState<Holder>();
  const [kept, setKept] = useState<KeptIdentity | null>();
  const [wrong, setWrong] = useState("");
  const look = async () => {
    try {
      const here = await commune();
      const found = { chainId: here.chainId, group: await addressOf(here, "group"), account: who };
      setKept((await keptIdentity(found)) ?? null);
      setHolder(found);
    } catch (error) {
      setWrong(await said(error));
    }
  };
  useEffect(() => void look(), []);
  if (wrong) return <Notice tone="bad">{wrong}</Notice>;
  if (!holder || kept === undefined) return <Loading />;
  return kept ? (
    <Kept holder={holder} kept={kept} onChange={look} />
  ) : (
    <>
      <p>{t("proofs.none")}</p>
      <div class="cards">
        <Section title={t("proofs.make")}>
          <PasswordForm
            label={t("proofs.password.new")}
            action={t("proofs.make")}
            least={LEAST_PASSWORD}
            onPassword={async (password) => {
              await createIdentity(holder, password);
              await look();
            }}
          />
        </Section>
        <Bring holder={holder} onChange={look} />
      </div>
    </>
  );
}

/** Takes over a keystore file, or a secret as another client exported it. */
function Bring({ holder, onChange }: { holder: Holder; onChange: () => Promise<void> }) {
  const [file, setFile] = useState<File | null>(null);
  const [secret, setSecret] = useState("");
  return (
    <Section title={t("proofs.import")}>
      <Field label={t("proofs.import.file")} hint={t("proofs.import.file.hint")}>
        {(attributes) => (
          <input
            {...attributes}
            type="file"
            accept=".json,application/json"
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        )}
      </Field>
      <Field label={t("proofs.import.text")} hint={t("proofs.import.text.hint")}>
        {(attributes) => (
          <input
            {...attributes}
            type="password"
            autocomplete="off"
            value={secret}
            onInput={(event) => setSecret(event.currentTarget.value)}
          />
        )}
      </Field>
      <PasswordForm
        label={t("proofs.import.password")}
        action={t("proofs.import.go")}
        onPassword={async (password) => {
          if (file) await importKeystore(holder, await file.text(), password);
          else await importSecret(holder, secret, password);
          await onChange();
        }}
      />
    </Section>
  );
}

function Kept(props: { holder: Holder; kept: KeptIdentity; onChange: () => Promise<void> }) {
  const { holder, kept, onChange } = props;
  const [listed, setListed] = useState<boolean>();
  const [leaving, setLeaving] = useState(false);
  const look = () => isListed(kept.commitment).then(setListed, () => undefined);
  useEffect(() => void look(), [kept.commitment]);
  const register = async (password: string) => {
    const memberId = member.peek()?.memberId;
    if (memberId === undefined) throw new InWords(t("parts.cannot.member"));
    const unlocked = await unlockIdentity(holder, password);
    const { args, possession } = await registration(unlocked, holder, memberId);
    const title = t("proofs.register.title");
    const outcome = await perform({ module: "group", name: "register", args, title, possession });
    await reached(outcome);
    setListed(true);
  };
  return (
    <>
      <Section
        title={t("proofs.kept", { when: when(Math.floor(kept.madeAt / 1000)) })}
        actions={
          listed !== undefined && (
            <Badge tone={listed ? "good" : "warn"}>{t(listed ? "proofs.listed" : "proofs.unlisted")}</Badge>
          )
        }
      >
        <Facts
          rows={[
            [
              t("proofs.commitment"),
              <Hex key="commitment" value={`0x${BigInt(kept.commitment).toString(16).padStart(64, "0")}`} />,
            ],
          ]}
        />
        <p>{t("proofs.save.why")}</p>
        <div class="actions">
          <Button onClick={() => save(keystoreFile(kept), "identity.json")}>{t("proofs.save")}</Button>
          <a class="button" href="#/kiosk/card">
            {t("proofs.card")}
          </a>
          <Button kind="danger" onClick={() => setLeaving(true)}>
            {t("proofs.forget")}
          </Button>
        </div>
      </Section>
      {listed === false && (
        <Section title={t("proofs.register")}>
          <p>{t("proofs.register.why")}</p>
          <PasswordForm label={t("proofs.password")} action={t("proofs.register")} onPassword={register} />
        </Section>
      )}
      {listed && <SigningIn holder={holder} />}
      {leaving && (
        <Dialog title={t("proofs.forget")} onClose={() => setLeaving(false)}>
          <p>{t("proofs.forget.sure")}</p>
          <Button
            kind="danger"
            onClick={async () => {
              await forgetIdentity(holder);
              await onChange();
            }}
          >
            {t("proofs.forget.yes")}
          </Button>
        </Dialog>
      )}
    </>
  );
}

/** A session as "a member": the node learns no more than that. */
function SigningIn({ holder }: { holder: Holder }) {
  const [progress, setProgress] = useState<Progress | null>();
  const called = useRef<AbortController | null>(null);
  const open = session.value;
  useEffect(() => () => called.current?.abort(), []);
  const begin = async (password: string) => {
    const { secret } = await unlockIdentity(holder, password);
    setProgress(null);
    called.current = new AbortController();
    try {
      await signInByProof(secret, setProgress, called.current.signal);
    } finally {
      setProgress(undefined);
    }
  };
  return (
    <Section title={t("proofs.session")}>
      <p>{open ? t("proofs.session.done", { when: when(open.expiresAt) }) : t("proofs.session.words")}</p>
      {progress !== undefined && <Proving progress={progress} onCancel={() => called.current?.abort()} />}
      {!open && (
        <PasswordForm label={t("proofs.password")} action={t("proofs.session.begin")} onPassword={begin} />
      )}
    </Section>
  );
}
