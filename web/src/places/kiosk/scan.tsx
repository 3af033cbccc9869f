/** Reads a line from paper: by the camera, or by a hand-held scanner, which types into the field and presses Enter. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Field, Notice } from "@/parts/basics";
import { t, type Key } from "@/words";

const PAUSE = 150;
const WIDEST = 640;

export function Scan(props: { label: string; hint: string; wrong?: string; onText: (text: string) => void }) {
  const [typed, setTyped] = useState("");
  const [looking, setLooking] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    const text = typed.trim();
    setTyped("");
    if (text) props.onText(text);
  };
  return (
    <form onSubmit={submit} autocomplete="off">
      <Field label={props.label} hint={props.hint} error={props.wrong}>
        {(attributes) => (
          <input
            {...attributes}
            type="password"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="actions">
        <Button type="submit" disabled={typed === ""}>
          {t("kiosk.scan.read")}
        </Button>
        <Button kind="primary" aria-pressed={looking} onClick={() => setLooking(!looking)}>
          {t(looking ? "kiosk.scan.stop" : "kiosk.scan.camera")}
        </Button>
      </div>
      {looking && (
        <Camera
          onText={(text) => {
            setLooking(false);
            props.onText(text);
          }}
        />
      )}
    </form>
  );
}

function Camera({ onText }: { onText: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [problem, setProblem] = useState<"denied" | "none" | "insecure" | null>(null);
  useEffect(() => {
    const ended = new AbortController();
    void look(video.current as HTMLVideoElement, ended.signal).then(
      (text) => text !== null && onText(text),
      (error: unknown) => setProblem(kindOf(error)),
    );
    return () => ended.abort();
  }, []);
  if (problem) return <Notice tone="warn">{t(`kiosk.scan.${problem}` as Key)}</Notice>;
  return <video ref={video} class="camera" muted playsInline aria-label={t("kiosk.scan.picture")} />;
}

function kindOf(error: unknown): "denied" | "none" | "insecure" {
  if (!navigator.mediaDevices) return "insecure";
  return (error as DOMException).name === "NotAllowedError" ? "denied" : "none";
}

/** What the first readable code says; null once `ended`. No picture leaves this function. */
async function look(video: HTMLVideoElement, ended: AbortSignal): Promise<string | null> {
  const { default: read } = await import("jsqr");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    while (!ended.aborted) {
      const shrink = Math.min(1, WIDEST / (video.videoWidth || 1));
      canvas.width = Math.round(video.videoWidth * shrink);
      canvas.height = Math.round(video.videoHeight * shrink);
      if (canvas.width && canvas.height) {
        context.drawImage(video, 0, 0, canvas.width, canvas.height);
        const picture = context.getImageData(0, 0, canvas.width, canvas.height);
        const found = read(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" });
        if (found?.data) return found.data;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
