/** A list of any length, of which only what is on the screen is drawn. */
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";

/** Items from which a list scrolls by itself rather than with the page. */
const LONG = 60;

export function LongList<T>(props: {
  items: readonly T[];
  label: string;
  /** Pixels, about. */
  height: number;
  keyOf: (item: T) => string | number;
  /** The last item has come into sight: there may be more to read. */
  onEnd?: () => void;
  children: (item: T) => ComponentChildren;
}) {
  if (props.items.length <= LONG) {
    return (
      <ul class="list" aria-label={props.label}>
        {props.items.map((item) => (
          <li key={props.keyOf(item)}>{props.children(item)}</li>
        ))}
      </ul>
    );
  }
  return <Windowed {...props} />;
}

function Windowed<T>(props: Parameters<typeof LongList<T>>[0]) {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useState(0);
  const made = useRef<Virtualizer<HTMLDivElement, HTMLLIElement> | null>(null);
  // Given another function, the virtualizer works out the places of all items anew.
  const getItemKey = useMemo(
    () => (index: number) => props.keyOf(props.items[index] as T),
    [props.items, props.items.length],
  );
  const options = {
    count: props.items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => props.height,
    getItemKey,
    overscan: 8,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw((n) => n + 1),
  };
  made.current ??= new Virtualizer<HTMLDivElement, HTMLLIElement>(options);
  const virtual = made.current;
  virtual.setOptions(options);
  useEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  // A row that stays in sight while others come and go is the same node, which is not looked into again.
  const drawn = useMemo(() => new Map<T, ComponentChildren>(), [props.children]);
  const rowOf = (item: T) => {
    if (!drawn.has(item)) drawn.set(item, props.children(item));
    return drawn.get(item);
  };
  const last = virtual.getVirtualItems().at(-1)?.index ?? -1;
  useEffect(() => {
    if (last === props.items.length - 1) props.onEnd?.();
  }, [last, props.items.length]);
  return (
    <div class="long" ref={scroller} tabIndex={0} role="group" aria-label={props.label}>
      <ul class="list" style={{ height: `${virtual.getTotalSize()}px` }}>
        {virtual.getVirtualItems().map((row) => (
          <li
            key={row.key as string}
            data-index={row.index}
            ref={virtual.measureElement}
            aria-setsize={props.items.length}
            aria-posinset={row.index + 1}
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {rowOf(props.items[row.index] as T)}
          </li>
        ))}
      </ul>
    </div>
  );
}
