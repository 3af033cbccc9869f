/** How wide an element is, so that a picture in it is drawn with letters of one size on every screen. */
import { useEffect, useRef, useState } from "preact/hooks";

const AT_FIRST = 320;

export function useWidth<E extends HTMLElement>(): [{ current: E | null }, number] {
  const element = useRef<E>(null);
  const [width, setWidth] = useState(AT_FIRST);
  useEffect(() => {
    const found = element.current;
    if (!found) return;
    const watch = new ResizeObserver(() => setWidth(Math.max(AT_FIRST / 2, Math.floor(found.clientWidth))));
    watch.observe(found);
    return () => watch.disconnect();
  }, []);
  return [element, width];
}
