/** What a node refuses, as RFC 9457 describes it, and what keeps it from being asked at all. */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 where no answer came. */
    readonly status: number,
    /** The last part of the problem's `type`, or "unreachable", "too-slow", "not-a-node". */
    readonly kind: string,
    readonly title: string,
    readonly detail: string | null = null,
    /** The whole document, with what the problem's kind adds to it. */
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail ? `${title}: ${detail}` : title);
    this.name = "Problem";
  }

  /** Whether asking again later may help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text().catch(() => "");
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    const kind =
      String(body["type"] ?? "")
        .split(/[/:#]/)
        .pop() || "refused";
    const detail = body["detail"] == null ? null : String(body["detail"]);
    return new Problem(response.status, kind, String(body["title"] ?? response.statusText), detail, body);
  } catch {
    return new Problem(response.status, "not-a-node", response.statusText || `HTTP ${response.status}`);
  }
}
