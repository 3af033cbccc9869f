/** Writing a draft. What was entered is kept on this device until it is one. */
import { useEffect, useState } from "preact/hooks";
import { useAll } from "@/api/live";
import { account } from "@/app/me";
import { go } from "@/app/router";
import type { Address } from "@/chain/eip1193";
import { signingIn } from "@/chain/signin";
import { Button, Field, Notice, Page, Section } from "@/parts/basics";
import { Markdown } from "@/parts/markdown";
import { PickMember } from "@/parts/pick-member";
import { compose } from "@/places/polls/text";
import { t, type Key } from "@/words";
import { drawnUp, keepDraft, packed, type Deed, type Draft } from "./drafts";
import { useTopics } from "./names";

const KINDS = ["adopt", "pay", "award", "poll"] as const;
type Kind = (typeof KINDS)[number];
/** What may be put to consent. */
const BY_CONSENT: readonly Kind[] = ["adopt", "pay"];

interface Entered {
  kind: Kind;
  by: "vote" | "consent";
  title: string;
  body: string;
  topic: string;
  /** The text that is adopted, or what a payment or an award is for. */
  text: string;
  asset: string;
  to: string;
  amount: string;
  member: number | null;
  points: string;
  question: string;
  options: string;
  secret: boolean;
  hidden: boolean;
}

const NOTHING: Entered = {
  kind: "adopt",
  by: "vote",
  title: "",
  body: "",
  topic: "",
  text: "",
  asset: "",
  to: "",
  amount: "",
  member: null,
  points: "",
  question: "",
  options: "",
  secret: false,
  hidden: false,
};

const KEY = "dualpower.writing";
const MICRO = 6;
const MOST_OPTIONS = 60;

/** What is wrong with what was entered, by field. */
type Wrong = Partial<Record<keyof Entered, Key>>;

export default function Place() {
  const [entered, setEntered] = useState<Entered>(kept);
  const [wrong, setWrong] = useState<Wrong>({});
  const [failed, setFailed] = useState<string | null>(null);
  const { topics } = useTopics();
  const assets = useAssets();
  const enter = (change: Partial<Entered>) => setEntered((before) => ({ ...before, ...change }));
  useEffect(() => {
    try {
      localStorage.setItem(KEY, JSON.stringify(entered));
    } catch {
      // A full or closed storage: it holds until the page is left.
    }
  }, [entered]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (account.value === null) {
      signingIn.value = true;
      return;
    }
    const [made, faults] = draftOf(entered, account.value, assets, topics[0]?.topic ?? 1);
    setWrong(faults);
    setFailed(null);
    if (!made) return;
    try {
      const { id } = await drawnUp(made);
      const keeping = keepDraft(id, made);
      forgetEntered();
      go(`/proposals/draft/${id}${keeping ? "" : `?d=${await packed(made)}`}`);
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  const field = (name: keyof Entered) => ({
    error: wrong[name] && t(wrong[name]),
  });
  const { kind } = entered;
  return (
    <Page title={t("proposals.write")} lead={t("proposals.write.lead")}>
      <form onSubmit={submit} noValidate>
        <Section title={t("proposals.write.what")}>
          <fieldset class="choice kinds">
            <legend class="unseen">{t("proposals.write.what")}</legend>
            {KINDS.map((one) => (
              <label key={one}>
                <input
                  type="radio"
                  name="kind"
                  checked={kind === one}
                  onChange={() => enter({ kind: one, by: BY_CONSENT.includes(one) ? entered.by : "vote" })}
                />
                <span>
                  {t(`proposals.deeds.${one}`)}
                  <small> {t(`proposals.deeds.${one}.hint`)}</small>
                </span>
              </label>
            ))}
          </fieldset>
          {kind === "adopt" && (
            <Written
              label={t("proposals.write.adopted")}
              hint={t("proposals.write.adopted.hint")}
              value={entered.text}
              onInput={(text) => enter({ text })}
              {...field("text")}
            />
          )}
          {kind === "pay" && (
            <>
              <Field label={t("proposals.write.asset")} {...field("asset")}>
                {(attributes) => (
                  <select
                    {...attributes}
                    value={entered.asset || assets[0]?.asset || ""}
                    onChange={(event) => enter({ asset: event.currentTarget.value })}
                  >
                    {assets.map(({ asset, symbol }) => (
                      <option key={asset} value={asset}>
                        {symbol}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <Line
                label={t("proposals.write.amount")}
                value={entered.amount}
                inputMode="decimal"
                onInput={(amount) => enter({ amount })}
                {...field("amount")}
              />
              <Line
                label={t("proposals.write.to")}
                hint={t("proposals.write.to.hint")}
                value={entered.to}
                onInput={(to) => enter({ to })}
                {...field("to")}
              />
            </>
          )}
          {kind === "award" && (
            <>
              <PickMember
                label={t("proposals.write.member")}
                value={entered.member}
                onPick={(member) => enter({ member })}
              />
              {wrong.member && (
                <p class="wrong" role="alert">
                  {t(wrong.member)}
                </p>
              )}
              <Line
                label={t("proposals.write.points")}
                value={entered.points}
                inputMode="decimal"
                onInput={(points) => enter({ points })}
                {...field("points")}
              />
            </>
          )}
          {(kind === "pay" || kind === "award") && (
            <Written
              label={t("proposals.write.for")}
              hint={t("proposals.write.for.hint")}
              value={entered.text}
              onInput={(text) => enter({ text })}
              {...field("text")}
            />
          )}
          {kind === "poll" && (
            <>
              <Written
                label={t("proposals.write.question")}
                hint={t("proposals.write.question.hint")}
                value={entered.question}
                onInput={(question) => enter({ question })}
                {...field("question")}
              />
              <Field
                label={t("proposals.write.options")}
                hint={t("proposals.write.options.hint")}
                {...field("options")}
              >
                {(attributes) => (
                  <textarea
                    {...attributes}
                    dir="auto"
                    value={entered.options}
                    onInput={(event) => enter({ options: event.currentTarget.value })}
                  />
                )}
              </Field>
              <div class="choice">
                <label>
                  <input
                    type="checkbox"
                    checked={entered.secret}
                    onChange={(event) =>
                      enter({
                        secret: event.currentTarget.checked,
                        hidden: event.currentTarget.checked && entered.hidden,
                      })
                    }
                  />
                  {t("proposals.write.secret")}
                </label>
                <label>
                  <input
                    type="checkbox"
                    checked={entered.hidden}
                    disabled={!entered.secret}
                    onChange={(event) => enter({ hidden: event.currentTarget.checked })}
                  />
                  {t("proposals.write.hidden")}
                </label>
              </div>
            </>
          )}
        </Section>
        <Section title={t("proposals.write.why")}>
          <Line
            label={t("proposals.write.title")}
            hint={t("proposals.write.title.hint")}
            value={entered.title}
            onInput={(title) => enter({ title })}
            {...field("title")}
          />
          <Written
            label={t("proposals.write.body")}
            hint={t("proposals.write.body.hint")}
            value={entered.body}
            onInput={(body) => enter({ body })}
            {...field("body")}
          />
          <Field label={t("proposals.topic")} hint={t("proposals.write.topic.hint")}>
            {(attributes) => (
              <select
                {...attributes}
                value={entered.topic || String(topics[0]?.topic ?? "")}
                onChange={(event) => enter({ topic: event.currentTarget.value })}
              >
                {topics.map(({ topic, name }) => (
                  <option key={topic} value={String(topic)}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {BY_CONSENT.includes(kind) && (
            <fieldset class="choice">
              <legend class="label">{t("proposals.write.by")}</legend>
              {(["vote", "consent"] as const).map((by) => (
                <label key={by}>
                  <input type="radio" name="by" checked={entered.by === by} onChange={() => enter({ by })} />
                  {t(`proposals.write.by.${by}`)}
                </label>
              ))}
            </fieldset>
          )}
        </Section>
        {failed && <Notice tone="bad">{failed}</Notice>}
        {Object.keys(wrong).length > 0 && <Notice tone="warn">{t("proposals.write.wrong")}</Notice>}
        <Button type="submit" kind="primary">
          {t("proposals.write.make")}
        </Button>
        <p class="hint">{t("proposals.write.next")}</p>
      </form>
    </Page>
  );
}

function Line(props: {
  label: string;
  hint?: string;
  error?: string | undefined;
  value: string;
  inputMode?: "decimal";
  onInput: (text: string) => void;
}) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          dir="auto"
          inputMode={props.inputMode}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** A text in Markdown, with a look at how it is shown. */
function Written(props: {
  label: string;
  hint: string;
  error?: string | undefined;
  value: string;
  onInput: (text: string) => void;
}) {
  return (
    <>
      <Field label={props.label} hint={props.hint} error={props.error}>
        {(attributes) => (
          <textarea
            {...attributes}
            dir="auto"
            value={props.value}
            onInput={(event) => props.onInput(event.currentTarget.value)}
          />
        )}
      </Field>
      {props.value.trim() !== "" && (
        <details class="preview">
          <summary>{t("proposals.write.preview")}</summary>
          <div class="quoted">
            <Markdown text={props.value} />
          </div>
        </details>
      )}
    </>
  );
}

interface Asset {
  asset: string;
  symbol: string;
  decimals: number;
}

/** What the commons hold and the node knows the decimals of. */
function useAssets(): Asset[] {
  const held = useAll("/v1/commons/assets").data ?? [];
  const ether = { asset: `0x${"0".repeat(40)}`, symbol: "ETH", decimals: 18 };
  const tokens = held.flatMap(({ asset, token }) =>
    token?.symbol != null && token.decimals != null && asset !== ether.asset
      ? [{ asset, symbol: token.symbol, decimals: token.decimals }]
      : [],
  );
  return [ether, ...tokens];
}

/** The draft that was entered, or what is wrong with it. */
function draftOf(
  entered: Entered,
  author: Address,
  assets: Asset[],
  firstTopic: number,
): [Draft | null, Wrong] {
  const wrong: Wrong = {};
  const topic = Number(entered.topic) || firstTopic;
  const title = entered.title.trim();
  if (title === "" || title.includes("#proposer=") || title.includes("#nonce="))
    wrong.title = "proposals.wrong.title";
  const deed = deedOf(entered, topic, assets, wrong);
  if (!deed || Object.keys(wrong).length > 0) return [null, wrong];
  const by = BY_CONSENT.includes(entered.kind) ? entered.by : "vote";
  const nonce = Math.floor(Date.now() / 1000);
  return [{ version: 1, by, author, title, body: entered.body.trim(), nonce, topic, deeds: [deed] }, wrong];
}

function deedOf(entered: Entered, topic: number, assets: Asset[], wrong: Wrong): Deed | null {
  const text = entered.text.trim();
  if (entered.kind !== "poll" && text === "") wrong.text = "proposals.wrong.text";
  switch (entered.kind) {
    case "adopt":
      return { kind: "adopt", text };
    case "pay": {
      const asset = assets.find(({ asset }) => asset === entered.asset) ?? (assets[0] as Asset);
      const amount = units(entered.amount, asset.decimals);
      const to = entered.to.trim();
      if (amount === null) wrong.amount = "proposals.wrong.amount";
      if (!/^0x[0-9a-fA-F]{40}$/.test(to)) wrong.to = "proposals.wrong.to";
      if (amount === null) return null;
      const { decimals, symbol } = asset;
      return {
        kind: "pay",
        asset: asset.asset as Address,
        decimals,
        symbol,
        to: to.toLowerCase() as Address,
        amount,
        reason: text,
      };
    }
    case "award": {
      const micro = units(entered.points, MICRO);
      if (micro === null) wrong.points = "proposals.wrong.amount";
      if (entered.member === null) wrong.member = "proposals.wrong.member";
      if (micro === null || entered.member === null) return null;
      return { kind: "award", member: entered.member, topic, micro, evidence: text };
    }
    case "poll": {
      const options = entered.options
        .split("\n")
        .map((name) => name.trim())
        .filter(Boolean);
      if (entered.question.trim() === "") wrong.question = "proposals.wrong.text";
      if (options.length < 2 || options.length > MOST_OPTIONS) wrong.options = "proposals.wrong.options";
      const composed = compose(entered.question, options);
      if (composed === null) wrong.options ??= "proposals.wrong.options";
      if (composed === null) return null;
      const { secret, hidden } = entered;
      return {
        kind: "poll",
        text: composed,
        options: options.length,
        topic,
        secret,
        hidden: secret && hidden,
      };
    }
  }
}

/** An amount in smallest parts, as text; null if it is none above 0 with so many decimals. */
function units(typed: string, decimals: number): string | null {
  const found = /^(\d{1,30})(?:[.,](\d*))?$/.exec(typed.trim());
  const fraction = found?.[2] ?? "";
  if (!found || fraction.length > decimals) return null;
  const amount = BigInt((found[1] as string) + fraction.padEnd(decimals, "0"));
  return amount > 0n ? String(amount) : null;
}

function kept(): Entered {
  try {
    return { ...NOTHING, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Entered>) };
  } catch {
    return NOTHING;
  }
}

function forgetEntered(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing is kept there.
  }
}
