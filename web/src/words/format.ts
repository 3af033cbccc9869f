/** Amounts, shares and times, as people read them. */
import { chainNow } from "@/api/live";
import { number, spoken, t } from ".";

const MICRO = 1_000_000n;

/** Micro-points (1 point is 1,000,000 of them, as text) in points, with at most one decimal. */
export function points(micro: string | bigint): string {
  const tenths = Number((BigInt(micro) * 10n) / MICRO);
  return number(tenths / 10, 1);
}

/** A share of 10,000 (basis points) in per cent. */
export function share(bps: number): string {
  return new Intl.NumberFormat(spoken.value, { style: "percent", maximumFractionDigits: 1 }).format(
    bps / 10_000,
  );
}

/** A fraction (0 to 1) in per cent. */
export function percent(fraction: number): string {
  return new Intl.NumberFormat(spoken.value, { style: "percent", maximumFractionDigits: 0 }).format(fraction);
}

/** An amount in an asset's smallest units (as text), with its symbol. */
export function amount(units: string | bigint, decimals: number, symbol: string): string {
  const value = BigInt(units);
  const whole = value / 10n ** BigInt(decimals);
  const rest = (value < 0n ? -value : value) % 10n ** BigInt(decimals);
  const fraction = rest.toString().padStart(decimals, "0").slice(0, 4).replace(/0+$/, "");
  const separator = number(1.5, 1).charAt(1);
  return `${number(whole)}${fraction ? separator + fraction : ""} ${symbol}`;
}

/** A day and time, from seconds since 1970. */
export function when(seconds: number): string {
  return new Intl.DateTimeFormat(spoken.value, { dateStyle: "medium", timeStyle: "short" }).format(
    seconds * 1000,
  );
}

/** A day. */
export function day(seconds: number): string {
  return new Intl.DateTimeFormat(spoken.value, { dateStyle: "medium" }).format(seconds * 1000);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

/** How far away a time is by the chain's clock: "in 2 days", "3 hours ago". */
export function distance(seconds: number): string {
  const away = Math.round(seconds - chainNow());
  const [unit, length] = STEPS.find(([, length]) => Math.abs(away) >= length) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(spoken.value, { numeric: "auto" }).format(
    Math.trunc(away / length),
    unit,
  );
}

/** A length of time: "2 days". */
export function length(seconds: number): string {
  const [unit, step] = STEPS.find(([, step]) => seconds >= step) ?? ["second", 1];
  const format = new Intl.NumberFormat(spoken.value, {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits: 1,
  });
  return format.format(seconds / step);
}

/** 0x1234…abcd */
export function short(hex: string): string {
  return hex.length > 12 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex;
}

/** A member without a name of their own. */
export function memberName(memberId: number): string {
  return t("parts.member", { id: String(memberId) });
}
