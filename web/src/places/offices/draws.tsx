/** A draw as one line of a list. */
import type { Item } from "@/api/client";
import { Badge, Bdi, When, type Tone } from "@/parts/basics";
import { t } from "@/words";

export const DRAW_TONES: Record<string, Tone> = { Captured: "good", Missed: "bad", Capturable: "warn" };

export function drawTitle(draw: { drawId: number; title: string | null }): string {
  return draw.title ?? t("offices.draw.untitled", { id: String(draw.drawId) });
}

export function DrawRow({ draw }: { draw: Item<"/v1/draws"> }) {
  return (
    <div class="row">
      <div class="main">
        <a href={`#/draws/${draw.drawId}`}>
          <Bdi>{drawTitle(draw)}</Bdi>
        </a>
        <small>
          {t("offices.draw.opened")} <When at={draw.openedAt} />
        </small>
      </div>
      <Badge tone={DRAW_TONES[draw.state] ?? "calm"}>{t(`offices.draw.state.${draw.state}`)}</Badge>
    </div>
  );
}
