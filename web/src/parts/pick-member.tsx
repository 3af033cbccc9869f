/** Choosing members among thousands: by number, by account, or by what they said of themselves. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { readAll, type Item } from "@/api/client";
import { t } from "@/words";
import { Button, Field, Person } from "./basics";

export type Listed = Item<"/v1/members">;

const SHOWN = 6;

/** All members as they were when it was asked for; undefined until they are there. */
export function useMembers(): Listed[] | undefined {
  const [members, setMembers] = useState<Listed[]>();
  useEffect(() => {
    let wanted = true;
    readAll("/v1/members").then(
      (reading) => wanted && setMembers(reading.data),
      () => wanted && setMembers([]),
    );
    return () => {
      wanted = false;
    };
  }, []);
  return members;
}

/** Those that a text finds: the one with that number first. */
export function findMembers(members: readonly Listed[], sought: string): Listed[] {
  const text = sought.trim().toLowerCase();
  const matching = members.filter((one) =>
    `${one.memberId} ${one.account} ${one.introduction ?? ""}`.toLowerCase().includes(text),
  );
  return matching.sort((a, b) => Number(String(b.memberId) === text) - Number(String(a.memberId) === text));
}

/** One member. `allowed` says who can be chosen: active members unless told otherwise. */
export function PickMember(props: {
  label: string;
  hint?: string;
  value: number | null;
  onPick: (memberId: number | null) => void;
  allowed?: (member: Listed) => boolean;
}) {
  const members = useMembers();
  const chosen = members?.find((one) => one.memberId === props.value);
  if (props.value !== null) {
    return (
      <div class="field">
        <span class="label">{props.label}</span>
        <div class="picked">
          <Person id={props.value} introduction={chosen?.introduction ?? null} plain />
          <Button kind="quiet" onClick={() => props.onPick(null)}>
            {t("parts.change")}
          </Button>
        </div>
      </div>
    );
  }
  return <Search {...props} members={members} onPick={props.onPick} />;
}

/** Several members, in the order in which they were chosen. */
export function PickMembers(props: {
  label: string;
  hint?: string;
  most: number;
  values: readonly number[];
  onChange: (memberIds: number[]) => void;
  allowed?: (member: Listed) => boolean;
}) {
  const members = useMembers();
  const allowed = props.allowed ?? isActive;
  return (
    <>
      {props.values.length > 0 && (
        <ul class="list" aria-label={props.label}>
          {props.values.map((id) => (
            <li key={id} class="picked">
              <Person
                id={id}
                introduction={members?.find((one) => one.memberId === id)?.introduction ?? null}
                plain
              />
              <Button
                kind="quiet"
                aria-label={t("parts.remove.member", { id: String(id) })}
                onClick={() => props.onChange(props.values.filter((one) => one !== id))}
              >
                {t("parts.remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {props.values.length < props.most && (
        <Search
          label={props.label}
          {...(props.hint === undefined ? {} : { hint: props.hint })}
          members={members}
          allowed={(one) => allowed(one) && !props.values.includes(one.memberId)}
          onPick={(id) => props.onChange([...props.values, id])}
        />
      )}
    </>
  );
}

function isActive(member: Listed): boolean {
  return member.status === "Active";
}

function Search(props: {
  label: string;
  hint?: string;
  members: Listed[] | undefined;
  allowed?: (member: Listed) => boolean;
  onPick: (memberId: number) => void;
}) {
  const [sought, setSought] = useState("");
  const allowed = props.allowed ?? isActive;
  const found = useMemo(
    () => (sought.trim() === "" ? [] : findMembers(props.members ?? [], sought).filter(allowed)),
    [props.members, sought],
  );
  return (
    <>
      <Field label={props.label} hint={props.hint ?? t("parts.pick.hint")}>
        {(attributes) => (
          <input
            {...attributes}
            type="search"
            autocomplete="off"
            value={sought}
            onInput={(event) => setSought(event.currentTarget.value)}
          />
        )}
      </Field>
      {sought.trim() !== "" && (
        <>
          <p class="hint" role="status">
            {found.length > SHOWN
              ? t("parts.pick.more", { count: found.length })
              : t("parts.pick.found", { count: found.length })}
          </p>
          <ul class="list picks">
            {found.slice(0, SHOWN).map((one) => (
              <li key={one.memberId}>
                <button
                  type="button"
                  onClick={() => {
                    setSought("");
                    props.onPick(one.memberId);
                  }}
                >
                  <Person id={one.memberId} introduction={one.introduction} plain />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
