/** Who could take which open seat, and why: a node's suggestion, for members alone, which binds nobody. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Data } from "@/api/client";
import { head } from "@/api/live";
import { account, memberId } from "@/app/me";
import { commune } from "@/chain/commune";
import { readAsMember, session } from "@/chain/session";
import { Badge, Bdi, Empty, Loading, Notice, Person, Section } from "@/parts/basics";
import { ForMembers } from "@/parts/session";
import { keptIdentity, unlockIdentity, type Holder } from "@/proofs/identity";
import { PasswordForm, Proving } from "@/proofs/parts";
import type { Progress } from "@/proofs/prover";
import { signInByProof } from "@/proofs/sign-in";
import { said } from "@/proofs/words";
import { when } from "@/words/format";
import { known, number, spoken, t } from "@/words";
import { workTitle } from "./frame";
import { Skills } from "./skills";

type Plan = Data<"/v1/plan">;
type Suggestion = Plan["suggestions"][number];
type Reason = Suggestion["why"][number];

export default function Suggestions() {
  return (
    <Section title={t("assignments.plan")} class="apart">
      <p class="hint">{t("assignments.plan.lead")}</p>
      <ForMembers>
        <Suggested />
        <Skills />
      </ForMembers>
      {session.value === null && account.value !== null && (
        <details class="offer">
          <summary>{t("assignments.plan.unnamed")}</summary>
          <Enter who={account.value} />
        </details>
      )}
    </Section>
  );
}

/** Proving that one is a member, without saying which. */
function Enter({ who }: { who: `0x${string}` }) {
  const [holder, setHolder] = useState<Holder | null | undefined>();
  const [progress, setProgress] = useState<Progress | null>(null);
  const [wrong, setWrong] = useState("");
  const [failed, setFailed] = useState("");
  const leaving = useRef<AbortController | null>(null);
  const [proving, setProving] = useState(false);
  useEffect(() => () => leaving.current?.abort(), []);
  useEffect(() => {
    let wanted = true;
    void held(who).then(
      (found) => wanted && setHolder(found),
      async (error: unknown) => wanted && setWrong(await said(error)),
    );
    return () => {
      wanted = false;
    };
  }, [who]);
  if (proving) return <Proving progress={progress} onCancel={() => leaving.current?.abort()} />;
  if (wrong) return <Notice tone="warn">{wrong}</Notice>;
  if (holder === undefined) return <Loading />;
  if (holder === null) {
    return (
      <p>
        {t("assignments.plan.noIdentity")} <a href="#/identity">{t("assignments.plan.identity")}</a>
      </p>
    );
  }
  return (
    <>
      {failed && <Notice tone="warn">{failed}</Notice>}
      <PasswordForm
        label={t("assignments.plan.password")}
        action={t("assignments.plan.enter")}
        hint={t("assignments.plan.hint")}
        onPassword={async (password) => {
          const { secret } = await unlockIdentity(holder, password);
          leaving.current = new AbortController();
          setProving(true);
          setFailed("");
          try {
            await signInByProof(secret, setProgress, leaving.current.signal);
          } catch (error) {
            setFailed(await said(error));
          } finally {
            setProving(false);
          }
        }}
      />
    </>
  );
}

/** Whose identity this device has; null where it has none. */
async function held(who: `0x${string}`): Promise<Holder | null> {
  const here = await commune();
  const group = here.contracts["MemberGroup"] as `0x${string}`;
  const holder = { chainId: here.chainId, group, account: who };
  return (await keptIdentity(holder)) ? holder : null;
}

function Suggested() {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [wrong, setWrong] = useState("");
  const at = head.value?.hash;
  useEffect(() => {
    let wanted = true;
    // Asking for one's own would tell the node whose session it is.
    readAsMember("/v1/plan").then(
      (found) => wanted && setPlan(found),
      async (error: unknown) => wanted && setWrong(await said(error)),
    );
    return () => {
      wanted = false;
    };
  }, [at]);
  if (wrong) return <Notice tone="warn">{wrong}</Notice>;
  if (plan === null) return <Loading />;
  const mine = plan.suggestions.filter((one) => one.memberId === memberId.value);
  const others = plan.suggestions.filter((one) => one.memberId !== memberId.value);
  return (
    <>
      {mine.length === 0 && <Empty>{t("assignments.plan.none")}</Empty>}
      <List suggestions={mine} />
      {others.length > 0 && (
        <details>
          <summary>{t("assignments.plan.others", { count: others.length })}</summary>
          <List suggestions={others} named />
        </details>
      )}
      {plan.unfilled.length > 0 && (
        <details>
          <summary>{t("assignments.plan.unfilled", { count: plan.unfilled.length })}</summary>
          <ul class="list">
            {plan.unfilled.map((one) => (
              <li key={`${one.assignmentId}-${one.place}`} class="stack">
                <a href={`#/assignments/${one.assignmentId}`}>
                  <Bdi>{workTitle(one)}</Bdi>
                </a>
                <Why reasons={one.why} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="hint">{t("assignments.plan.share", { length: hours(plan.share) })}</p>
    </>
  );
}

function List(props: { suggestions: Suggestion[]; named?: boolean }) {
  return (
    <ul class="list">
      {props.suggestions.map((one) => (
        <li key={`${one.assignmentId}-${one.place}`} class="stack">
          <div class="row flat">
            <div class="main">
              <a href={`#/assignments/${one.assignmentId}`}>
                <Bdi>{workTitle(one)}</Bdi>
              </a>
              <small>
                {hours(one.minutes)}
                {one.startsAt !== null && ` · ${when(one.startsAt)}`}
              </small>
            </div>
            {props.named && <Person id={one.memberId} />}
            {one.trial && <Badge>{t("assignments.seat.trial")}</Badge>}
          </div>
          <Why reasons={one.why} />
        </li>
      ))}
    </ul>
  );
}

/** Reasons in the reader's language; in the node's words where the page has none. */
function Why({ reasons }: { reasons: Reason[] }) {
  return (
    <ul class="why">
      {reasons.map((reason) => (
        <li key={reason.code}>{wordsOf(reason) ?? <Bdi>{reason.words}</Bdi>}</li>
      ))}
    </ul>
  );
}

function wordsOf({ code, values }: Reason): string | null {
  const given = values as Record<string, unknown>;
  const listed = (name: string) => ((given[name] as string[] | undefined) ?? []).join(", ");
  const time = (name: string) => hours(Number(given[name] ?? 0));
  const count = Number(given["people"] ?? given["times"] ?? 0);
  // Of somebody who is suggested it says that they are a newcomer, of those who are not that they are none.
  const key = `assignments.why.${code === "trial" && "people" in given ? "experienced" : code}`;
  const variant =
    code === "skills" ? `${key}.${listed("has") ? (listed("lacks") ? "part" : "has") : "lacks"}` : key;
  if (!known(variant) && !known(`${variant}.other`)) return null;
  return t(variant as "assignments.why.trial", {
    count,
    has: listed("has"),
    lacks: listed("lacks"),
    wanted: listed("wanted"),
    carried: time("carried"),
    share: time("share"),
    zone: String(given["zone"] ?? ""),
    points: number(Number(given["points"] ?? 0)),
  });
}

function hours(minutes: number): string {
  const format = { style: "unit", unit: "hour", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(spoken.value, format).format(minutes / 60);
}
