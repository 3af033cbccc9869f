/**
 * A ballot in a secret poll: proved on this device, and sent by nobody's name.
 *
 * The account that is signed in says which identity of this device is used; nothing that is sent has it, and what was
 * voted is forgotten when the page is left, but for what this device keeps encrypted under the identity.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Data } from "@/api/client";
import { account } from "@/app/me";
import { commune, type Commune } from "@/chain/commune";
import { signingIn } from "@/chain/signin";
import { Button, Notice, Section } from "@/parts/basics";
import { Dialog } from "@/parts/dialog";
import type { BallotProblem } from "@/proofs/ballots";
import { keptIdentity, unlockIdentity, type Holder } from "@/proofs/identity";
import { PasswordForm, Proving } from "@/proofs/parts";
import type { Progress } from "@/proofs/protocol";
import { t } from "@/words";
import { when } from "@/words/format";
import { inWords } from "./names";
import type { PollPhase } from "./phase";
import { Spread, sumOfSquares } from "./spread";

type Detail = Data<"/v1/polls/{pollId}">;

/** How far the ballot is. */
type Step =
  | { at: "choosing" }
  | { at: "password"; instead: boolean }
  | { at: "proving"; progress: Progress | null }
  | { at: "sending"; taken: boolean }
  | { at: "done"; votes: readonly number[] | null; before: boolean }
  | { at: "failed"; why: string; problem: BallotProblem | null };

interface Props {
  poll: Detail;
  names: readonly string[] | null;
  phase: PollPhase;
}

export function CastSecret({ poll, names, phase }: Props) {
  const voting = phase === "Voting";
  const [votes, setVotes] = useState<number[]>(() => Array<number>(poll.options).fill(0));
  const [step, go] = useState<Step>({ at: "choosing" });
  const identity = useIdentity();
  const leaving = useLeaving();
  const sum = sumOfSquares(votes);
  const done = step.at === "done";
  if (!voting && sum === 0 && !done && step.at === "choosing") return null;

  const run = async (here: Commune, holder: Holder, password: string, instead: boolean) => {
    const { secret } = await unlockIdentity(holder, password);
    go({ at: "proving", progress: null });
    const signal = leaving.begin();
    try {
      const ballots = await import("@/proofs/ballots");
      const place = { chainId: here.chainId, polls: here.contracts["Polls"] as `0x${string}` };
      const before = (await ballots.standing(place, poll, secret)).find(({ onChain }) => onChain);
      if (before) return go({ at: "done", votes: before.votes, before: true });
      const wanted = { place, poll, votes, secret, instead };
      const opening = await ballots.prepare(wanted, (progress) => go({ at: "proving", progress }), signal);
      go({ at: "sending", taken: false });
      await ballots.cast(opening, signal, () => go({ at: "sending", taken: true }));
      go({ at: "done", votes: [...votes], before: false });
    } catch (error) {
      go({ at: "failed", ...(await failure(error)) });
    }
  };

  if (step.at === "done") {
    return (
      <Section title={t("polls.secret.title")}>
        <div data-ballot="secret">
          <p>
            <strong>{t(step.before ? "polls.secret.before" : "polls.secret.done")}</strong>
          </p>
          {step.votes && <bdi class="theirs">{inWords(names, step.votes)}</bdi>}
          {poll.hidden && (
            <Notice tone="warn" title={t("polls.secret.sealed")}>
              {t("polls.secret.sealed.words", { from: when(poll.votingEnd), until: when(poll.revealEnd) })}
            </Notice>
          )}
        </div>
      </Section>
    );
  }
  const cannot = !voting
    ? t("proposals.vote.over", { when: when(poll.votingEnd) })
    : sum > poll.credits
      ? t("polls.tooDear", { cost: sum, left: poll.credits })
      : null;
  const busy = step.at === "proving" || step.at === "sending";
  return (
    <Section title={t("polls.secret.title")} class="ballot">
      <p class="hint">{t("polls.secret.how")}</p>
      {!voting && <Notice tone="warn">{cannot}</Notice>}
      <Spread
        names={names}
        votes={votes}
        budget={poll.credits}
        disabled={!voting || busy}
        onChange={setVotes}
      />
      <p class="price">
        <strong>{t("polls.sum", { count: sum })}</strong>
        <span class="hint">
          {t("polls.secret.left", { left: Math.max(0, poll.credits - sum), all: poll.credits })}
        </span>
      </p>
      {sum === 0 && <p class="hint">{t("polls.blank.hint")}</p>}
      <p class="final">{t("proposals.vote.final")}</p>
      {step.at === "proving" && <Proving progress={step.progress} onCancel={leaving.end} />}
      {step.at === "sending" && (
        <Notice title={t(step.taken ? "polls.secret.taken" : "polls.secret.sending")}>
          {t("polls.secret.waits")}
        </Notice>
      )}
      {step.at === "failed" && (
        <Notice tone="warn">
          <p>{step.why}</p>
          {step.problem === "prepared-other" && (
            <Button onClick={() => go({ at: "password", instead: true })}>{t("polls.secret.instead")}</Button>
          )}
        </Notice>
      )}
      {!busy && (
        <Begin identity={identity} cannot={cannot} onBegin={() => go({ at: "password", instead: false })} />
      )}
      {step.at === "password" && identity.holder && (
        <Unlock
          onClose={() => go({ at: "choosing" })}
          onPassword={(password) =>
            run(identity.here as Commune, identity.holder as Holder, password, step.instead)
          }
        />
      )}
    </Section>
  );
}

/** Shows what a sealed ballot says, so that it counts. */
export function Reveal({ poll, names }: Omit<Props, "phase">) {
  const identity = useIdentity();
  const leaving = useLeaving();
  const [votes, setVotes] = useState<number[]>(() => Array<number>(poll.options).fill(0));
  const [open, setOpen] = useState<"here" | "again" | null>(null);
  const [said, say] = useState<{ tone: "good" | "warn" | "calm"; words: string } | null>(null);
  const reveal = async (password: string) => {
    const here = identity.here as Commune;
    const { secret } = await unlockIdentity(identity.holder as Holder, password);
    const signal = leaving.begin();
    const how = open;
    setOpen(null);
    say({ tone: "calm", words: t("polls.secret.sending") });
    try {
      const ballots = await import("@/proofs/ballots");
      const place = { chainId: here.chainId, polls: here.contracts["Polls"] as `0x${string}` };
      const carried =
        how === "again"
          ? await ballots.revealAgain(place, poll, votes, secret, signal)
          : await ballots.reveal(place, poll, secret, signal);
      say({ tone: "good", words: t(carried ? "polls.reveal.done" : "polls.reveal.before") });
    } catch (error) {
      say({ tone: "warn", words: (await failure(error)).why });
    }
  };
  return (
    <Section title={t("polls.reveal.title")}>
      <p>{t("polls.reveal.words", { until: when(poll.revealEnd) })}</p>
      {said && (
        <Notice tone={said.tone}>
          <span data-reveal={said.tone}>{said.words}</span>
        </Notice>
      )}
      <Begin identity={identity} cannot={null} label={t("polls.reveal")} onBegin={() => setOpen("here")} />
      <details class="ways">
        <summary>{t("polls.reveal.elsewhere")}</summary>
        <p class="hint">{t("polls.reveal.elsewhere.words")}</p>
        <Spread names={names} votes={votes} budget={poll.credits} disabled={false} onChange={setVotes} />
        <Begin
          identity={identity}
          cannot={null}
          label={t("polls.reveal.again")}
          onBegin={() => setOpen("again")}
        />
      </details>
      {open && <Unlock onClose={() => setOpen(null)} onPassword={reveal} />}
    </Section>
  );
}

function Unlock(props: { onClose: () => void; onPassword: (password: string) => Promise<void> }) {
  return (
    <Dialog title={t("proofs.unlock")} onClose={props.onClose}>
      <PasswordForm
        label={t("proofs.password")}
        hint={t("proofs.unlock.why")}
        action={t("proofs.unlock.go")}
        onPassword={props.onPassword}
      />
    </Dialog>
  );
}

interface Identity {
  here: Commune | null;
  holder: Holder | null;
  kept: boolean | undefined;
}

function Begin(props: { identity: Identity; cannot: string | null; label?: string; onBegin: () => void }) {
  const { identity, cannot } = props;
  const label = props.label ?? t("polls.secret.cast");
  if (account.value === null) {
    return (
      <>
        <Button kind="primary" onClick={() => (signingIn.value = true)}>
          {label}
        </Button>
        <p class="hint">{t("polls.secret.signin")}</p>
      </>
    );
  }
  if (identity.kept === false) {
    return (
      <Notice>
        <p>{t("polls.secret.none")}</p>
        <a href="#/identity">{t("polls.secret.make")}</a>
      </Notice>
    );
  }
  return (
    <>
      <Button
        kind="primary"
        disabled={cannot !== null || identity.kept === undefined}
        onClick={props.onBegin}
      >
        {label}
      </Button>
      {cannot && <p class="hint">{cannot}</p>}
    </>
  );
}

/** Whether this device has an identity for the account that is signed in. */
function useIdentity(): Identity {
  const [found, setFound] = useState<Identity>({ here: null, holder: null, kept: undefined });
  const who = account.value;
  useEffect(() => {
    let wanted = true;
    setFound({ here: null, holder: null, kept: undefined });
    if (who === null) return;
    void commune()
      .then(async (here) => {
        const holder = {
          chainId: here.chainId,
          group: here.contracts["MemberGroup"] as `0x${string}`,
          account: who,
        };
        const kept = await keptIdentity(holder).catch(() => undefined);
        if (wanted) setFound({ here, holder, kept: kept !== undefined });
      })
      .catch(() => undefined);
    return () => {
      wanted = false;
    };
  }, [who]);
  return found;
}

/** Something that is called off when the place is left. */
function useLeaving(): { begin: () => AbortSignal; end: () => void } {
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  return {
    begin: () => {
      current.current = new AbortController();
      return current.current.signal;
    },
    end: () => current.current?.abort(),
  };
}

async function failure(error: unknown): Promise<{ why: string; problem: BallotProblem | null }> {
  const [{ said }, { BallotRefused }] = await Promise.all([
    import("@/proofs/words"),
    import("@/proofs/ballots"),
  ]);
  return { why: await said(error), problem: error instanceof BallotRefused ? error.kind : null };
}
