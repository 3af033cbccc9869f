/** One draw: all that its number is made of, and the same worked out again before the reader's eyes. */
import { useEffect, useState } from "preact/hooks";
import { useReading } from "@/api/live";
import { Problem } from "@/api/problem";
import { memberId } from "@/app/me";
import type { Place } from "@/app/routes";
import { connected } from "@/chain/wallets";
import { Act } from "@/parts/act";
import {
  AsOf,
  Badge,
  Bdi,
  Button,
  Facts,
  Hex,
  Notice,
  Page,
  Person,
  Section,
  Shown,
  When,
  type Tone,
} from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { t } from "@/words";
import { bodyOf } from "@/places/assignments/brief";
import { DRAW_TONES, drawTitle } from "./draws";
import type { Draw as Detail, Result, Step } from "./recompute";

export default function Draw({ params }: Place) {
  const draw = useReading("/v1/draws/{drawId}", { drawId: params["id"] });
  const title = draw.data ? (
    <Bdi>{drawTitle(draw.data)}</Bdi>
  ) : (
    t("offices.draw.untitled", { id: String(params["id"]) })
  );
  return (
    <Page title={title} lead={t("offices.draw.lead")}>
      <Shown of={draw}>
        {(found) => (
          <>
            <Made draw={found} />
            <GoOn draw={found} />
            <Again key={`${found.drawId} ${found.number}`} draw={found} />
          </>
        )}
      </Shown>
      {draw.block && !draw.stale && <AsOf block={draw.block} />}
    </Page>
  );
}

function Made({ draw }: { draw: Detail }) {
  const body = bodyOf(draw.text ?? "");
  const revealed = draw.members.filter((member) => member.secret !== null);
  return (
    <Section title={t("offices.draw.made")}>
      {body && draw.members.length === 0 && <Markdown text={body} />}
      <Facts
        rows={[
          [
            t("offices.draw.state"),
            <>
              <Badge tone={DRAW_TONES[draw.state] ?? "calm"}>{t(`offices.draw.state.${draw.state}`)}</Badge>{" "}
              <When at={draw.capturedAt ?? draw.openedAt} />
            </>,
          ],
          ...about(draw),
          [t("offices.draw.pool"), <Pool draw={draw} />],
          [t("offices.draw.poolHash"), <Hex value={draw.pool} />],
          ...(draw.withReveals
            ? ([
                [t("offices.draw.revealEnd"), t("offices.draw.block", { number: String(draw.revealEnd) })],
                [
                  t("offices.draw.revealed"),
                  revealed.length === 0
                    ? t("offices.draw.nobodyYet")
                    : revealed.map((member) => (
                        <div key={member.memberId}>
                          <Person id={member.memberId} /> <Hex value={member.secret as string} />
                        </div>
                      )),
                ],
                [t("offices.draw.mix"), <Hex value={draw.mix} />],
              ] as const)
            : []),
          [t("offices.draw.target"), deciding(draw)],
          [
            t("offices.draw.blockHash"),
            draw.blockHash ? <Hex value={draw.blockHash} /> : t("offices.draw.notYet"),
          ],
          [
            t("offices.draw.number"),
            draw.number ? <code class="long-number">{draw.number}</code> : t("offices.draw.notYet"),
          ],
        ].map(([name, value]) => [name, value] as [string, string])}
      />
    </Section>
  );
}

function about(draw: Detail): [string, preact.ComponentChildren][] {
  if (draw.electionId === null) return [];
  return [[t("offices.draw.for"), t("offices.election.number", { id: String(draw.electionId) })]];
}

function Pool({ draw }: { draw: Detail }) {
  if (draw.members.length === 0) return <>{t("offices.draw.size", { count: draw.size })}</>;
  return (
    <>
      {draw.members.map((member, place) => (
        <>
          {place > 0 && ", "}
          <Person key={member.memberId} id={member.memberId} />
        </>
      ))}
    </>
  );
}

function deciding(draw: Detail): string {
  const block = t("offices.draw.block", { number: String(draw.targetBlock) });
  if (draw.state === "Capturable")
    return `${block}; ${t("offices.draw.captureBy", { number: String(draw.captureBy) })}`;
  return draw.retargets > 0 ? `${block}; ${t("offices.draw.missed", { count: draw.retargets })}` : block;
}

/** What brings a draw on: revealing one's secret, taking the block's hash, or setting another block. */
function GoOn({ draw }: { draw: Detail }) {
  const [secret, setSecret] = useState<string | null>(null);
  const mine = draw.members.find((one) => one.memberId === memberId.value && one.secret === null);
  const commitment = draw.state === "Revealing" ? mine?.commitment : null;
  useEffect(() => {
    if (commitment)
      void import("./secrets").then(async ({ secretOf }) => setSecret(await secretOf(commitment)));
  }, [commitment]);
  const id = String(draw.drawId);
  if (mine && commitment) {
    return (
      <Section title={t("offices.do.reveal")}>
        <p class="hint">{t("offices.do.reveal.hint")}</p>
        <Act
          cannot={secret === null ? t("offices.cannot.noSecret") : undefined}
          action={{
            module: "draws",
            name: "reveal",
            args: [draw.drawId, mine.memberId, secret],
            title: t("offices.do.reveal.title", { id }),
          }}
        >
          {t("offices.do.reveal")}
        </Act>
      </Section>
    );
  }
  if (draw.state !== "Capturable" && draw.state !== "Missed") return null;
  const name = draw.state === "Capturable" ? "capture" : "retarget";
  return (
    <Act
      kind="plain"
      anyone
      action={{ module: "draws", name, args: [draw.drawId], title: t(`offices.do.${name}.title`, { id }) }}
    >
      {t(`offices.do.${name}`)}
    </Act>
  );
}

const TONES: Record<Result, Tone> = { agrees: "good", differs: "bad", worked: "calm", unasked: "warn" };

/** The draw repeated on this device. */
function Again({ draw }: { draw: Detail }) {
  const [steps, setSteps] = useState<Step[]>([]);
  const [state, setState] = useState<"idle" | "busy" | "done">("idle");
  const [failure, setFailure] = useState<string | null>(null);
  const run = async () => {
    setSteps([]);
    setFailure(null);
    setState("busy");
    try {
      const { recompute } = await import("./recompute");
      const wallet = connected.peek()?.wallet.provider;
      const ask = wallet ? (method: string, params: unknown[]) => wallet.request({ method, params }) : null;
      await recompute(draw, ask, (step) => setSteps((before) => [...before, step]));
    } catch (error) {
      setFailure(error instanceof Problem ? (error.detail ?? error.title) : String(error));
    }
    setState("done");
  };
  const differs = steps.some((step) => step.result === "differs");
  return (
    <Section title={t("offices.verify")}>
      <p class="hint">{t("offices.verify.lead")}</p>
      <Button kind="primary" busy={state === "busy"} disabled={state === "busy"} onClick={run}>
        {t("offices.verify.run")}
      </Button>
      <ol class="checks" aria-label={t("offices.verify.steps")}>
        {steps.map((step, index) => (
          <Check key={index} step={step} />
        ))}
      </ol>
      {failure !== null && <Notice tone="warn">{failure}</Notice>}
      {state === "done" && failure === null && (
        <Notice
          tone={differs ? "bad" : "good"}
          title={t(differs ? "offices.verify.forged" : "offices.verify.holds")}
        />
      )}
    </Section>
  );
}

function Check({ step }: { step: Step }) {
  return (
    <li data-step={step.name} data-result={step.result}>
      <Badge tone={TONES[step.result]}>{t(`offices.verify.result.${step.result}`)}</Badge>{" "}
      {t(`offices.verify.step.${step.name}`, step.values)}
      {step.computed !== undefined && (
        <small>
          {t("offices.verify.computed")}{" "}
          <code class="long-number">{step.computed || t("offices.verify.nothing")}</code>
        </small>
      )}
      {(step.result === "differs" || step.name === "asked") && step.told !== undefined && (
        <small>
          {t("offices.verify.told")}{" "}
          <code class="long-number">{step.told || t("offices.verify.nothing")}</code>
        </small>
      )}
    </li>
  );
}
