/** A dialog above the page: the browser's own, which keeps the focus and closes on Escape. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "@/words";
import { Button } from "./basics";

export function Dialog(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current as HTMLDialogElement;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <div class="card-head">
        <h2 id={id}>{props.title}</h2>
        <Button kind="quiet" onClick={props.onClose}>
          {t("app.close")}
        </Button>
      </div>
      {props.children}
    </dialog>
  );
}
