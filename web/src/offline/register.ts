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
  const { serviceWorker } = navigator;
  // Another worker keeps another page: it has the places of its own to fetch.
  serviceWorker.addEventListener("controllerchange", () => tellWorker([]));
  serviceWorker.addEventListener("controllerchange", tellWhatPassedBy, { once: true });
  try {
    await serviceWorker.register(scriptUrl(SERVICE), { updateViaCache: "none" });
  } catch {
    // A browser that keeps nothing (in private, or out of room): the page works as long as a node is there.
    return;
  }
  tellWorker([]);
}

function tellWorker(read: string[]): void {
  navigator.serviceWorker.controller?.postMessage({ read });
}

/** What was asked for before the worker was there did not pass through it: it is told, also of what is under way. */
function tellWhatPassedBy(): void {
  const seen = new PerformanceObserver((list) => {
    const entries = list.getEntries() as PerformanceResourceTiming[];
    const passedBy = entries.filter((entry) => entry.initiatorType === "fetch" && entry.workerStart === 0);
    if (passedBy.length > 0) tellWorker([...new Set(passedBy.map((entry) => entry.name))]);
  });
  seen.observe({ type: "resource", buffered: true });
}
