/** Asks another source whether what the node says is true, and shows figure by figure where it is not. */
import { useState } from "preact/hooks";
import type { Refusal } from "@/chain/refusal";
import { connected } from "@/chain/wallets";
import type { Comparison, Source } from "@/chain/verify";
import { t } from "@/words";
import { Button, Field, Notice, Table } from "./basics";
import { Dialog } from "./dialog";

type Of = { proposal: string } | { member: number } | { contracts: true } | { event: string };

/** `brief` says it in a word, where there is one beside each of many. */
export function Verify(props: { of: Of; brief?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        kind="quiet"
        class={props.brief ? "small" : ""}
        aria-label={props.brief ? `${t("chain.verify.go")}: ${t("chain.verify.open")}` : undefined}
        onClick={() => setOpen(true)}
      >
        {t(props.brief ? "chain.verify.go" : "chain.verify.open")}
      </Button>
      {open && (
        <Dialog title={t("chain.verify.title")} onClose={() => setOpen(false)}>
          <Check of={props.of} />
        </Dialog>
      )}
    </>
  );
}

function Check({ of }: { of: Of }) {
  const [kind, setKind] = useState<Source["kind"]>(connected.value ? "wallet" : "node");
  const [address, setAddress] = useState("");
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Error | null>(null);
  const [found, setFound] = useState<Comparison | null>(null);

  const check = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    setFound(null);
    try {
      setFound(await ask(of, kind === "wallet" ? { kind } : { kind, address: address.trim() }));
    } catch (error) {
      setRefusal(error as Refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={check}>
      <p>{t("chain.verify.lead")}</p>
      <Field label={t("chain.verify.source")}>
        {(attributes) => (
          <select
            {...attributes}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as Source["kind"])}
          >
            <option value="node">{t("chain.verify.node")}</option>
            <option value="chain">{t("chain.verify.chain")}</option>
            {connected.value && <option value="wallet">{t("chain.verify.wallet")}</option>}
          </select>
        )}
      </Field>
      {kind !== "wallet" && (
        <Field label={t("chain.verify.address")} hint={t("chain.verify.address.hint")}>
          {(attributes) => (
            <input
              {...attributes}
              type="url"
              required
              value={address}
              onInput={(event) => setAddress(event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Button type="submit" kind="primary" busy={busy}>
        {t("chain.verify.go")}
      </Button>
      {refusal && <Notice tone="warn">{refusal.message}</Notice>}
      {found && <Told found={found} />}
    </form>
  );
}

async function ask(of: Of, source: Source): Promise<Comparison> {
  const { verifyContracts, verifyEvent, verifyMember, verifyProposal } = await import("@/chain/verify");
  if ("proposal" in of) return verifyProposal(of.proposal, source);
  if ("event" in of) return verifyEvent(of.event, source);
  return "member" in of ? verifyMember(of.member, source) : verifyContracts(source);
}

function Told({ found }: { found: Comparison }) {
  const { at, sameBlock, checked, differences } = found;
  const blocks = {
    here: String(at.here.number),
    there: String(at.there.number),
    block: String(at.here.number),
  };
  const table = differences.length > 0 && (
    <Table
      caption={t("chain.verify.differs")}
      head={[t("chain.verify.field"), t("chain.verify.here"), t("chain.verify.there")]}
      rows={differences.map(({ field, here, there }) => [<code>{field}</code>, here, there])}
    />
  );
  if (differences.length === 0)
    return (
      <Notice tone="good" title={t("chain.verify.same")}>
        {t("chain.verify.same.words", { count: checked.length, ...blocks })}
      </Notice>
    );
  return (
    <>
      <Notice
        tone={sameBlock ? "bad" : "warn"}
        title={t(sameBlock ? "chain.verify.differs" : "chain.verify.later")}
      >
        {t(sameBlock ? "chain.verify.differs.words" : "chain.verify.later.words", blocks)}
      </Notice>
      {table}
    </>
  );
}
