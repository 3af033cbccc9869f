/** One person's turn: what is open to them, their ballots, and the end of it. */
import { hashOf } from "@/api/keccak";
import { useEffect, useRef, useState } from "preact/hooks";
import { chainNow, useAll, useReading } from "@/api/live";
import { read, type Data, type Item } from "@/api/client";
import { requireItsId } from "@/chain/proposal-id";
import { Badge, Bdi, Button, Empty, Loading, Notice, Page, Section, Shown, When } from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { Text } from "@/parts/text";
import { Spread } from "@/places/polls/spread";
import { parse } from "@/places/polls/text";
import { Actions, bodyOf } from "@/places/proposals/proposal";
import { Proving } from "@/proofs/parts";
import type { Progress } from "@/proofs/protocol";
import { ballotCost } from "@/proofs/purposes";
import { said } from "@/proofs/words";
import { t } from "@/words";
import { memberName } from "@/words/format";
import { record, recordSecret } from "./meeting";
import {
  castBallot,
  castOpenly,
  castSecretly,
  hasVoted,
  isRegistered,
  register,
  reveal,
  type Handed,
  type Voter,
} from "./voter";

/** Seconds without a touch or a key after which a person is forgotten, and how long before that it is said. */
const IDLE = 90;
const WARNED = 20;

export function Turn({ voter, onEnd }: { voter: Voter; onEnd: () => void }) {
  const left = useIdle(onEnd);
  const proposals = useAll("/v1/proposals", { state: "Active" });
  const polls = useAll("/v1/polls");
  // Sealed ballots count once they are revealed, which takes the same card.
  const open = polls.data?.filter(
    ({ state }) => state === "Voting" || (state === "Revealing" && voter.identity),
  );
  return (
    <Page
      title={
        voter.member ? t("kiosk.turn", { member: memberName(voter.member.memberId) }) : t("kiosk.turn.nobody")
      }
      lead={t("kiosk.turn.lead")}
      actions={
        <Button kind="primary" onClick={onEnd}>
          {t("kiosk.turn.end")}
        </Button>
      }
    >
      {left <= WARNED && <Notice tone="warn">{t("kiosk.turn.idle", { count: left })}</Notice>}
      {voter.account && !voter.member && (
        <Notice tone="warn" title={t("kiosk.turn.stranger")}>
          <code>{voter.account.address}</code>
        </Notice>
      )}
      {!voter.account && <Notice>{t("kiosk.turn.unnamed")}</Notice>}
      {voter.identity && voter.member && <Registering voter={voter} />}
      <Shown of={proposals}>
        {(found) => (
          <>
            {found.map((proposal) => (
              <OnProposal key={proposal.proposalId} voter={voter} proposal={proposal} />
            ))}
            {open?.map((poll) => (
              <InPoll key={poll.pollId} voter={voter} pollId={poll.pollId} />
            ))}
            {found.length === 0 && open?.length === 0 && <Empty>{t("kiosk.turn.nothing")}</Empty>}
          </>
        )}
      </Shown>
    </Page>
  );
}

/** Calls `onIdle` when nobody has touched anything for long; how many seconds are left until then. */
function useIdle(onIdle: () => void): number {
  const [left, setLeft] = useState(IDLE);
  const end = useRef(onIdle);
  end.current = onIdle;
  useEffect(() => {
    let last = Date.now();
    const touched = () => {
      last = Date.now();
      setLeft(IDLE);
    };
    const events = ["pointerdown", "keydown", "input"] as const;
    for (const event of events) addEventListener(event, touched, { capture: true });
    const clock = setInterval(() => {
      const now = IDLE - Math.floor((Date.now() - last) / 1000);
      if (now <= 0) end.current();
      else setLeft(now);
    }, 1000);
    return () => {
      clearInterval(clock);
      for (const event of events) removeEventListener(event, touched, { capture: true });
    };
  }, []);
  return left;
}

/** What is on its way, and what came of it. */
function useHanding() {
  const [state, setState] = useState<"no" | "busy" | "done">("no");
  const [wrong, setWrong] = useState("");
  const gone = useRef(new AbortController());
  useEffect(() => () => gone.current.abort(), []);
  const hand = async (act: (signal: AbortSignal) => Promise<void>) => {
    setState("busy");
    setWrong("");
    try {
      await act(gone.current.signal);
      if (!gone.current.signal.aborted) setState("done");
    } catch (error) {
      if (gone.current.signal.aborted) return;
      setWrong(await said(error));
      setState("no");
    }
  };
  return { state, wrong, hand };
}

function useVoted(voter: Voter, what: Parameters<typeof hasVoted>[1] | null): boolean | undefined {
  const [voted, setVoted] = useState<boolean>();
  const key = what && ("proposalId" in what ? what.proposalId : what.poll.pollId);
  useEffect(() => {
    let wanted = true;
    if (what)
      void hasVoted(voter, what).then(
        (found) => wanted && setVoted(found),
        () => wanted && setVoted(false),
      );
    return () => {
      wanted = false;
    };
  }, [key]);
  return voted;
}

function Registering({ voter }: { voter: Voter }) {
  const [listed, setListed] = useState<boolean>();
  const { state, wrong, hand } = useHanding();
  useEffect(() => {
    void isRegistered(voter.identity as string).then(setListed, () => undefined);
  }, []);
  if (state === "done") return <Notice tone="good">{t("kiosk.register.done")}</Notice>;
  if (listed !== false) return null;
  return (
    <Notice title={t("kiosk.register")}>
      <p>{t("proofs.register.why")}</p>
      <Button
        busy={state === "busy"}
        onClick={() => hand(async (signal) => void (await register(voter, signal)))}
      >
        {t("proofs.register")}
      </Button>
      {wrong && <p class="wrong">{wrong}</p>}
    </Notice>
  );
}

type Detail = Data<"/v1/polls/{pollId}">;

const CHOICES = [
  ["for", 1],
  ["against", 0],
  ["abstain", 2],
] as const;

function OnProposal({ voter, proposal }: { voter: Voter; proposal: Item<"/v1/proposals"> }) {
  const { proposalId, title } = proposal;
  const detail = useReading("/v1/proposals/{proposalId}", { proposalId });
  const voted = useVoted(voter, voter.member ? { proposalId } : null);
  const [support, setSupport] = useState<number | null>(null);
  const [votes, setVotes] = useState(1);
  const { state, wrong, hand } = useHanding();
  const most = detail.data?.votesPerBallot ?? 1;
  const left = voter.member?.credits?.left ?? 0;
  const cost = votes * votes - 1;
  const submit = (event: Event) => {
    event.preventDefault();
    void hand(async (signal) => {
      const { data: shown } = await read("/v1/proposals/{proposalId}", { proposalId });
      requireItsId({ ...shown, proposalId, title });
      const handed = await castBallot(voter, proposalId, support as number, votes, signal);
      noteDown(voter, t("kiosk.minutes.proposal", { id: proposalId }), title, handed);
    });
  };
  return (
    <Section title={<Bdi>{title}</Bdi>} class="ballot">
      <p class="hint">
        {t("kiosk.ballot.until")} <When at={proposal.deadline} />
      </p>
      {detail.data && (
        <details>
          <summary>{t("kiosk.ballot.read")}</summary>
          <Markdown text={bodyOf(detail.data.description)} />
          {detail.data.texts.map((hash) => (
            <Text key={hash} hash={hash} />
          ))}
          <Actions actions={detail.data.actions} />
        </details>
      )}
      {state === "done" ? (
        <Notice tone="good">{t("kiosk.ballot.done")}</Notice>
      ) : voted ? (
        <Notice>{t("kiosk.ballot.before")}</Notice>
      ) : !voter.member ? (
        <p class="hint">{t("kiosk.ballot.members")}</p>
      ) : voted === undefined ? (
        <Loading />
      ) : (
        <form onSubmit={submit} autocomplete="off">
          <fieldset class="choice support">
            <legend>{t("kiosk.ballot.choice")}</legend>
            {CHOICES.map(([choice, value]) => (
              <label key={choice}>
                <input
                  type="radio"
                  name={`choice ${proposalId}`}
                  checked={support === value}
                  onChange={() => setSupport(value)}
                />
                {t(`kiosk.ballot.${choice}`)}
              </label>
            ))}
          </fieldset>
          {most > 1 && <Strength votes={votes} most={most} cost={cost} left={left} onVotes={setVotes} />}
          <Button
            type="submit"
            kind="primary"
            busy={state === "busy"}
            disabled={support === null || cost > left}
          >
            {t("kiosk.ballot.hand")}
          </Button>
          {wrong && (
            <p class="wrong" role="alert">
              {wrong}
            </p>
          )}
        </form>
      )}
    </Section>
  );
}

function Strength(props: {
  votes: number;
  most: number;
  cost: number;
  left: number;
  onVotes: (votes: number) => void;
}) {
  const { votes, most, cost, left, onVotes } = props;
  return (
    <label class="how-many">
      {t("kiosk.ballot.votes", { count: votes })}
      <input
        type="range"
        min={1}
        max={most}
        value={votes}
        aria-valuetext={t("kiosk.ballot.cost", { cost, left })}
        onInput={(event) => onVotes(Number(event.currentTarget.value))}
      />
      <span class={cost > left ? "wrong" : "hint"}>{t("kiosk.ballot.cost", { cost, left })}</span>
    </label>
  );
}

function InPoll({ voter, pollId }: { voter: Voter; pollId: number }) {
  const found = useReading("/v1/polls/{pollId}", { pollId });
  return (
    <Shown of={found}>
      {(poll) =>
        poll.state === "Revealing" ? <Reveal voter={voter} poll={poll} /> : <Poll voter={voter} poll={poll} />
      }
    </Shown>
  );
}

/** What a poll asks and what its options are called; nothing where the node gives another text, which could turn a
 * ballot around. */
function asked(poll: Detail) {
  const good = poll.text !== null && hashOf(poll.text) === poll.textHash;
  const text = good ? parse(poll.text as string) : null;
  return {
    text,
    names: text?.options.length === poll.options ? text.options : null,
    title: text?.title || t("kiosk.poll", { id: String(poll.pollId) }),
  };
}

const none = (poll: Detail): number[] => Array.from({ length: poll.options }, () => 0);

/** The same votes again, which nothing on this device remembers. */
function Reveal({ voter, poll }: { voter: Voter; poll: Detail }) {
  const [votes, setVotes] = useState<number[]>(() => none(poll));
  const { state, wrong, hand } = useHanding();
  const { names, title } = asked(poll);
  const submit = (event: Event) => {
    event.preventDefault();
    void hand((signal) => reveal(voter, poll, votes, signal));
  };
  return (
    <Section title={<Bdi>{title}</Bdi>} class="ballot">
      {state === "done" ? (
        <Notice tone="good">{t("kiosk.reveal.done")}</Notice>
      ) : (
        <form onSubmit={submit} autocomplete="off">
          <p>{t("kiosk.reveal.words")}</p>
          <Spread
            names={names}
            votes={votes}
            budget={poll.credits}
            disabled={state === "busy"}
            onChange={setVotes}
          />
          <Button type="submit" kind="primary" busy={state === "busy"}>
            {t("kiosk.reveal")}
          </Button>
          {wrong && (
            <p class="wrong" role="alert">
              {wrong}
            </p>
          )}
        </form>
      )}
    </Section>
  );
}

function Poll({ voter, poll }: { voter: Voter; poll: Detail }) {
  const voted = useVoted(voter, { poll });
  const [votes, setVotes] = useState<number[]>(() => none(poll));
  const [later, setLater] = useState("");
  const [progress, setProgress] = useState<Progress | null>(null);
  const called = useRef<AbortController | null>(null);
  const { state, wrong, hand } = useHanding();
  const { text, names, title } = asked(poll);
  const cost = ballotCost(votes);
  // A poll by name brings one credit of its own; in a secret one every ballot has the same.
  const budget = poll.secret ? poll.credits : (voter.member?.credits?.left ?? 0) + 1;
  const may = poll.secret ? voter.identity !== null : voter.member !== null;
  const submit = (event: Event) => {
    event.preventDefault();
    const calledOff = new AbortController();
    called.current = calledOff;
    void hand(async (gone) => {
      if (poll.secret) {
        gone.addEventListener("abort", () => calledOff.abort());
        const { carried } = await castSecretly(voter, poll, votes, setProgress, calledOff.signal);
        carried.catch(async (error) => gone.aborted || setLater(await said(error)));
        if (voter.member) recordSecret(poll.pollId, title, voter.member.memberId);
      } else {
        const handed = await castOpenly(voter, poll.pollId, votes, gone);
        noteDown(voter, t("kiosk.poll", { id: String(poll.pollId) }), title, handed);
      }
    });
  };
  return (
    <Section title={<Bdi>{title}</Bdi>} class="ballot">
      <p class="badges">
        <Badge>{t(poll.secret ? "kiosk.poll.secret" : "kiosk.poll.open")}</Badge>
        {poll.hidden && <Badge>{t("kiosk.poll.sealed")}</Badge>}
      </p>
      {text && (
        <details>
          <summary>{t("kiosk.ballot.read")}</summary>
          <Markdown text={text.question} />
        </details>
      )}
      {later ? (
        <Notice tone="bad">{later}</Notice>
      ) : state === "done" ? (
        <Notice tone="good">
          {t(poll.hidden ? "kiosk.poll.done.sealed" : poll.secret ? "kiosk.poll.done" : "kiosk.ballot.done")}
        </Notice>
      ) : voted ? (
        <Notice>{t("kiosk.ballot.before")}</Notice>
      ) : !may ? (
        <p class="hint">{t(poll.secret ? "kiosk.poll.identity" : "kiosk.ballot.members")}</p>
      ) : voted === undefined ? (
        <Loading />
      ) : state === "busy" && poll.secret ? (
        <Proving progress={progress} onCancel={() => called.current?.abort()} />
      ) : (
        <form onSubmit={submit} autocomplete="off">
          <Spread
            names={names}
            votes={votes}
            budget={budget}
            disabled={state === "busy"}
            onChange={setVotes}
          />
          <p class={cost > budget ? "wrong" : "hint"}>{t("kiosk.poll.cost", { cost, credits: budget })}</p>
          <Button type="submit" kind="primary" busy={state === "busy"} disabled={cost > budget}>
            {t(cost === 0 ? "kiosk.poll.blank" : "kiosk.ballot.hand")}
          </Button>
          {wrong && (
            <p class="wrong" role="alert">
              {wrong}
            </p>
          )}
        </form>
      )}
    </Section>
  );
}

function noteDown({ member }: Voter, what: string, title: string, handed: Handed): void {
  const { hash, transaction, block } = handed;
  if (member) record({ at: chainNow(), memberId: member.memberId, what, title, hash, transaction, block });
}
