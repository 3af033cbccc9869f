/** Has this device keep the page and what it reads, so that both are there without a node. */
import { scriptUrl } from "@/proofs/trusted";

const SERVICE = "./service.js";

/** Called once, after the page was drawn: keeping it is not to slow it down. */
export function keepForOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") void register();
  else addEventListener("load", () => void register(), { once: true });
}

async function register(): Promise<void> {
  const first = navigator.serviceWorker.controller === null;
  try {
    await navigator.serviceWorker.register(scriptUrl(SERVICE), { updateViaCache: "none" });
  } catch {
    // A browser that keeps nothing (in private, or out of room): the page works as long as a node is there.
    return;
  }
  if (first) navigator.serviceWorker.addEventListener("controllerchange", tellWhatWasRead, { once: true });
}

/** The worker saw nothing of what was read before it came. */
function tellWhatWasRead(): void {
  const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const read = entries.filter((entry) => entry.initiatorType === "fetch").map((entry) => entry.name);
  navigator.serviceWorker.controller?.postMessage({ read: [...new Set(read)] });
}
