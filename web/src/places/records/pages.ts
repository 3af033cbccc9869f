/** A long list read page by page, newest first, to whose head comes what is new as the chain goes on. */
import { useEffect, useRef, useState } from "preact/hooks";
import { address, read, Problem, type Block, type Item, type Path, type Values } from "@/api/client";
import { head, reorg } from "@/api/live";

const PAGE = 100;

interface Shown<T> {
  key: string;
  items: T[];
  next: string | null;
  /** Of these, how many came since the list was opened. */
  fresh: number;
  block: Block | undefined;
  stale: boolean;
  error: Problem | undefined;
  loading: boolean;
}

export interface Pages<T> extends Omit<Shown<T>, "key"> {
  /** Reads the next page, if there is one and none is being read. */
  more: () => void;
  reload: () => void;
}

export function usePages<P extends Path, T extends Item<P> & { id: string }>(
  path: P,
  values: Values,
): Pages<T> {
  const key = address(path, values);
  const [, redraw] = useState(0);
  const [asked, again] = useState(0);
  const shown = useRef<Shown<T>>(nothing(key));
  const busy = useRef(false);
  if (shown.current.key !== key) shown.current = nothing(key);
  const show = (change: Partial<Shown<T>>) => {
    if (shown.current.key !== key) return;
    shown.current = { ...shown.current, ...change, loading: false };
    redraw((n) => n + 1);
  };
  const failed = (error: unknown) =>
    show({ error: error instanceof Problem ? error : new Problem(0, "failed", String(error)) });

  // What the chain took back may be anywhere in the list.
  const taken = reorg.value;
  useEffect(() => {
    if (taken) shown.current = nothing(key);
    again((n) => n + 1);
  }, [taken]);

  const at = head.value?.hash;
  useEffect(() => {
    read(path, { ...values, limit: PAGE }).then((reading) => {
      if (shown.current.key !== key) return;
      const { items, fresh, next } = shown.current;
      const page = reading.data as unknown as T[];
      const known = new Set(items.map((item) => item.id));
      const added = page.filter((item) => !known.has(item.id));
      const joins = items.length > 0 && added.length < page.length;
      const { block, stale } = reading;
      if (joins)
        show({
          items: [...added, ...items],
          next,
          fresh: fresh + added.length,
          block,
          stale,
          error: undefined,
        });
      else show({ items: page, next: reading.next, fresh: 0, block, stale, error: undefined });
    }, failed);
  }, [key, at, asked]);

  const more = () => {
    const { next } = shown.current;
    if (next === null || busy.current) return;
    busy.current = true;
    read(path, { ...values, limit: PAGE, cursor: next })
      .then((reading) => {
        const page = reading.data as unknown as T[];
        show({ items: [...shown.current.items, ...page], next: reading.next, error: undefined });
      }, failed)
      .finally(() => (busy.current = false));
  };
  return { ...shown.current, more, reload: () => again((n) => n + 1) };
}

function nothing(key: string) {
  return {
    key,
    items: [],
    next: null,
    fresh: 0,
    block: undefined,
    stale: false,
    error: undefined,
    loading: true,
  };
}
