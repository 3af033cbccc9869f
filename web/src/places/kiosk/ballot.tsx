/** A cast ballot on paper, with a proof that it is on the chain which can be checked without believing this node. */
import { save } from "@/parts/save";
import { useEffect, useState } from "preact/hooks";
import { read, readAll, type Item } from "@/api/client";
import { useReading } from "@/api/live";
import { addressOf } from "@/chain/abis";
import { commune } from "@/chain/commune";
import { anyChain } from "@/chain/here";
import { Bdi, Button, Empty, Facts, Field, Loading, Notice, Page, Section, Shown } from "@/parts/basics";
import { Qr } from "@/parts/qr";
import { known, number, t, type Key } from "@/words";
import { memberName, when } from "@/words/format";
import { checkInclusion, inclusionIn, InclusionRefused, proveInclusion, type Inclusion } from "./inclusion";

type Row = Item<"/v1/proposals/{proposalId}/ballots">;

export default function BallotPlace({ params }: { params: Record<string, string> }) {
  const proposalId = params["proposal"] ?? "";
  const memberId = Number(params["member"]);
  const proposal = useReading("/v1/proposals/{proposalId}", { proposalId });
  const [row, setRow] = useState<Row | null>();
  useEffect(() => {
    void readAll("/v1/proposals/{proposalId}/ballots", { proposalId }).then(
      ({ data }) => setRow(data.find((one) => one.memberId === memberId) ?? null),
      () => setRow(null),
    );
  }, [proposalId, memberId]);
  return (
    <Shown of={proposal}>
      {({ title }) =>
        row === undefined ? (
          <Loading />
        ) : row === null ? (
          <Page title={t("kiosk.paper.title")}>
            <Empty>{t("kiosk.paper.none", { member: memberName(memberId) })}</Empty>
          </Page>
        ) : (
          <Cast row={row} title={title} />
        )
      }
    </Shown>
  );
}

type Evidence = { proof: Inclusion } | { problem: string } | undefined;

function Cast({ row, title }: { row: Row; title: string }) {
  const [shown, setShown] = useState<Evidence>();
  const [stateHash, setStateHash] = useState<string | null>(null);
  useEffect(() => {
    void prove(row).then(setShown);
  }, [row.transaction]);
  useEffect(() => {
    if (shown && "problem" in shown) {
      void readState().then(setStateHash, () => undefined);
    }
  }, [shown]);
  const proof = shown && "proof" in shown ? shown.proof : null;
  return (
    <Page
      title={t("kiosk.paper.title")}
      actions={
        <Button kind="primary" onClick={() => print()} disabled={!shown}>
          {t("kiosk.print")}
        </Button>
      }
    >
      <article class="paper">
        <h2>
          <Bdi>{title}</Bdi>
        </h2>
        <Facts
          rows={[
            [t("kiosk.paper.member"), memberName(row.memberId)],
            [t("kiosk.paper.choice"), choiceOf(row)],
            [t("kiosk.paper.votes"), number(row.votes)],
            [t("kiosk.paper.cost"), number(row.cost)],
            [t("kiosk.paper.cast"), when(row.castAt)],
            [t("kiosk.paper.proposal"), <code key="proposal">{row.proposalId}</code>],
            [t("kiosk.paper.transaction"), <code key="transaction">{row.transaction}</code>],
            [t("kiosk.paper.block"), proof ? <BlockOf key="block" proof={proof} /> : number(row.block)],
          ]}
        />
        {!shown && <Loading />}
        {proof && <Proof proof={proof} />}
        {shown && "problem" in shown && (
          <>
            <h3>{t("kiosk.paper.unproved")}</h3>
            <p>{shown.problem}</p>
            <p>{t("kiosk.paper.unproved.words")}</p>
            {stateHash && <Facts rows={[[t("kiosk.paper.state"), <code key="state">{stateHash}</code>]]} />}
          </>
        )}
      </article>
      <Check />
    </Page>
  );
}

function BlockOf({ proof }: { proof: Inclusion }) {
  return (
    <>
      {number(proof.block.number)} <code>{proof.block.hash}</code>
    </>
  );
}

function Proof({ proof }: { proof: Inclusion }) {
  const text = JSON.stringify(proof);
  return (
    <>
      <h3>{t("kiosk.paper.proof")}</h3>
      <p>{t("kiosk.paper.proof.words", { position: String(proof.position), event: String(proof.event) })}</p>
      <div class="proof">
        <Qr text={proof.block.hash} label={t("kiosk.paper.qr")} />
        <p class="digits">{text}</p>
      </div>
      <Button class="unprinted" onClick={() => saveProof(text, proof)}>
        {t("kiosk.paper.save")}
      </Button>
    </>
  );
}

function saveProof(text: string, proof: Inclusion): void {
  save(
    new Blob([`${text}\n`], { type: "application/json" }),
    `ballot-${proof.transaction.slice(2, 10)}.json`,
  );
}

/** Checks a proof that somebody saved or typed, on this device alone. */
function Check() {
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState<{ good: boolean; words: string } | null>(null);
  const check = () => {
    try {
      const proof = inclusionIn(text);
      const { memberId, support, votes, proposalId } = checkInclusion(proof);
      const choice = t(`kiosk.ballot.${(["against", "for", "abstain"] as const)[support] ?? "abstain"}`);
      const values = { member: memberName(memberId), choice, votes, proposal: proposalId };
      setOutcome({ good: true, words: t("kiosk.check.holds", { ...values, block: proof.block.hash }) });
    } catch (error) {
      const kind = error instanceof InclusionRefused ? error.kind : "unreadable";
      setOutcome({ good: false, words: t(`kiosk.inclusion.${kind}`) });
    }
  };
  return (
    <Section title={t("kiosk.check")} class="unprinted">
      <Field label={t("kiosk.check.label")} hint={t("kiosk.check.hint")}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={4}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <Button onClick={check} disabled={text === ""}>
        {t("kiosk.check.go")}
      </Button>
      {outcome && <Notice tone={outcome.good ? "good" : "bad"}>{outcome.words}</Notice>}
    </Section>
  );
}

function choiceOf(row: Row): string {
  const key = `kiosk.ballot.${row.choice.toLowerCase()}`;
  return known(key) ? t(key as Key) : row.choice;
}

async function prove(row: Row): Promise<Evidence> {
  try {
    const here = await commune();
    const contract = await addressOf(here, "assembly");
    const chain = anyChain(here);
    if (!chain) return { problem: t("kiosk.paper.no-chain") };
    const { transaction, proposalId, memberId, block } = row;
    const about = { chainId: here.chainId, contract, proposalId, memberId, block };
    const proof = await proveInclusion(chain, { ...about, transaction: transaction as `0x${string}` });
    checkInclusion(proof);
    return { proof };
  } catch (error) {
    if (error instanceof InclusionRefused) return { problem: t(`kiosk.inclusion.${error.kind}`) };
    return { problem: t("kiosk.paper.no-chain") };
  }
}

async function readState(): Promise<string> {
  return (await read("/v1/state")).data.stateHash;
}
