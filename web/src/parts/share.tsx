/** A link to this page for somebody else: shown as a code for their camera, shared, or copied. */
import { useState } from "preact/hooks";
import { t } from "@/words";
import { Button } from "./basics";
import { Qr } from "./qr";

/** `path` is a route of this page with what belongs to it, such as `/checkin?member=7`. */
export function Share(props: { path: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const link = `${location.origin}${location.pathname}#${props.path}`;
  const copy = async () => {
    await navigator.clipboard?.writeText(link);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div class="share">
      <Qr text={link} label={props.label} />
      <div>
        <p>
          <a class="link-itself" href={`#${props.path}`}>
            {link}
          </a>
        </p>
        <div class="actions">
          {"share" in navigator && (
            <Button
              onClick={() => void navigator.share({ url: link, title: props.label }).catch(() => undefined)}
            >
              {t("parts.share")}
            </Button>
          )}
          <Button onClick={copy}>
            <span aria-live="polite">{t(copied ? "parts.copied" : "parts.copy.link")}</span>
          </Button>
        </div>
      </div>
    </div>
  );
}
