/** Drafts that were written on this device or opened from a link, until they are proposals. */

export interface KeptDraft {
  /** The proposal's id. */
  id: string;
  title: string;
  topic: number;
}

export function keptDrafts(): Map<string, KeptDraft> {
  return new Map();
}
