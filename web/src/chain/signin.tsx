/** Who signs: the wallets of this browser, and on a demo's own machine any of its members. */
import { SearchField } from "@/parts/search-field";
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { account, member } from "@/app/me";
import { Badge, Bdi, Button, Facts, Field, Hex, Loading, Notice, Person } from "@/parts/basics";
import { Dialog } from "@/parts/dialog";
import { memberName, short } from "@/words/format";
import { t } from "@/words";
import { isDemo, known } from "./commune";
import type { Persona } from "./demo";
import { Refusal } from "./refusal";
import { chainAddress, rememberChain, USUAL } from "./rpc";
import { connect, connected, disconnect, switchChain, wallets, wrongChain, type Wallet } from "./wallets";

/** Whether the dialog is open: whatever needs somebody to sign opens it. */
export const signingIn = signal(false);

export function SignIn() {
  const who = connected.value;
  return (
    <>
      <Button class="signin" kind={who ? "plain" : "primary"} onClick={() => (signingIn.value = true)}>
        {wrongChain.value && <span class="dot warn" aria-hidden="true" />}
        <Name />
      </Button>
      {signingIn.value && (
        <Dialog title={t("chain.signin.title")} onClose={() => (signingIn.value = false)}>
          {who ? <Signed /> : <Choice />}
          <Demo />
        </Dialog>
      )}
    </>
  );
}

/** Who signs, in the top bar. */
function Name() {
  if (account.value === null) return <>{t("chain.signin")}</>;
  const who = member.value;
  const name = who ? memberName(who.memberId) : short(account.value);
  return (
    <>
      <span class="unseen">{t("chain.signin.as", { who: name })}</span>
      <span aria-hidden="true">{name}</span>
    </>
  );
}

function Signed() {
  const now = connected.value;
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  if (!now) return null;
  const wrong = wrongChain.value;
  const toChain = () => {
    setRefusal(null);
    switchChain().catch((error: unknown) => setRefusal(error as Refusal));
  };
  return (
    <div class="signed">
      {wrong && (
        <Notice tone="warn" title={t("chain.signin.wrong")}>
          <p>{t("chain.refusal.wrong-chain", { here: String(wrong.here), wanted: String(wrong.wanted) })}</p>
          <Button kind="primary" onClick={toChain}>
            {t("chain.signin.switch", { wanted: String(wrong.wanted) })}
          </Button>
        </Notice>
      )}
      {refusal && <Notice tone="warn">{refusal.message}</Notice>}
      <Facts
        rows={[
          [t("chain.signin.member"), <Me />],
          [t("chain.signin.account"), <Hex value={now.account} />],
          [t("chain.signin.wallet"), <WalletName wallet={now.wallet} />],
          [t("chain.signin.chain"), String(now.chainId)],
        ]}
      />
      {now.wallet.kind === "demo" && <ChainAddress />}
      <Button
        onClick={() => {
          disconnect();
          // Whoever comes next at this device is not to read as a member what this one may.
          void import("./session").then(({ signOut }) => signOut());
        }}
      >
        {t("chain.signin.out")}
      </Button>
    </div>
  );
}

/** Where transactions of one's own are sent: a wallet of this page has no chain of its own. */
function ChainAddress() {
  const [typed, setTyped] = useState(chainAddress.value ?? "");
  return (
    <Field label={t("chain.signin.rpc")} hint={t("chain.signin.rpc.hint", { usual: USUAL })}>
      {(attributes) => (
        <input
          {...attributes}
          type="url"
          placeholder={USUAL}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onChange={() => rememberChain(typed.trim() || null)}
        />
      )}
    </Field>
  );
}

function Me() {
  const who = member.value;
  if (who === undefined) return <Loading />;
  if (who === null) return <>{t("chain.signin.stranger")}</>;
  return <Person id={who.memberId} introduction={who.introduction} />;
}

function Choice() {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const choose = (wallet: Wallet) => {
    setRefusal(null);
    connect(wallet).then(
      () => (signingIn.value = wrongChain.value !== null),
      (error: unknown) => setRefusal(error as Refusal),
    );
  };
  return (
    <>
      <p>{t("chain.signin.lead")}</p>
      {refusal && <Notice tone={refusal.kind === "rejected" ? "calm" : "warn"}>{refusal.message}</Notice>}
      {wallets.value.length > 0 ? (
        <>
          <h3>{t("chain.signin.wallets")}</h3>
          <ul class="choices">
            {wallets.value.map((wallet) => (
              <li key={wallet.id + wallet.name}>
                <Button onClick={() => choose(wallet)}>
                  <WalletName wallet={wallet} />
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Notice>{t("chain.signin.none")}</Notice>
      )}
    </>
  );
}

/** As the wallet calls and shows itself, which says nothing about whose it is. */
function WalletName({ wallet }: { wallet: Wallet }) {
  return (
    <>
      {wallet.icon && <img class="wallet" src={wallet.icon} alt="" width={24} height={24} />}
      <Bdi>{wallet.name}</Bdi>{" "}
      {wallet.kind === "demo" && <Badge tone="warn">{t("chain.signin.public")}</Badge>}
    </>
  );
}

/** The demo's members, on the demo's own machine. */
function Demo() {
  const [people, setPeople] = useState<Persona[] | null | "asking">(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  if (!known.value || !isDemo(known.value)) return null;
  const look = async () => {
    setPeople("asking");
    const { personas } = await import("./demo");
    try {
      setPeople(await personas());
    } catch (error) {
      setPeople(null);
      setRefusal(error as Refusal);
    }
  };
  return (
    <section class="demo" aria-label={t("chain.signin.demo")}>
      <h3>{t("chain.signin.demo")}</h3>
      <Notice tone="warn">{t("chain.signin.demo.words")}</Notice>
      {refusal && <Notice tone="warn">{refusal.message}</Notice>}
      {people === null && <Button onClick={look}>{t("chain.signin.demo.find")}</Button>}
      {people === "asking" && <Loading />}
      {Array.isArray(people) && <People people={people} onRefused={setRefusal} />}
    </section>
  );
}

const SHOWN = 40;

function People(props: { people: Persona[]; onRefused: (refusal: Refusal) => void }) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const matching = props.people.filter(({ member: who, account: address }) =>
    wanted === "" || who === null
      ? true
      : String(who.memberId) === wanted ||
        (who.introduction ?? "").toLowerCase().includes(wanted) ||
        memberName(who.memberId).toLowerCase().includes(wanted) ||
        address.startsWith(wanted),
  );
  const be = async ({ account: address }: Persona) => {
    const { become } = await import("./demo");
    become(address).then(
      () => (signingIn.value = false),
      (error: unknown) => props.onRefused(error as Refusal),
    );
  };
  return (
    <>
      <SearchField label={t("chain.signin.demo.search")} value={typed} onInput={setTyped} />
      <ul class="choices">
        {matching.slice(0, SHOWN).map((persona) => (
          <li key={persona.account}>
            <Button onClick={() => be(persona)}>
              {persona.member ? (
                <Person plain id={persona.member.memberId} introduction={persona.member.introduction} />
              ) : (
                t("chain.signin.demo.someone", { account: short(persona.account) })
              )}
            </Button>
          </li>
        ))}
      </ul>
      {matching.length === 0 && <p class="empty">{t("chain.signin.demo.none")}</p>}
    </>
  );
}
