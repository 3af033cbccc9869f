/**
 * The service worker: the page opens, and shows what this device last read, also where no node can be reached.
 *
 * What the page starts with is kept when the worker is installed, its places soon after. What nodes say is always asked for first;
 * only where nothing comes back is the last answer given, marked with when it was kept, so that the page never
 * passes it off as news. Streams, sign-ins and whatever a node does not want kept are never kept, and nothing that
 * changes anything passes through here.
 */
import { STALE } from "@/api/stale";

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}

interface Asked extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  addEventListener(name: "install" | "activate", act: (event: Lasting) => void): void;
  addEventListener(name: "message", act: (event: Lasting & { data: unknown }) => void): void;
  addEventListener(name: "fetch", act: (event: Asked) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const worker = self as unknown as Worker;

const PAGE = `page-${VERSION}`;
const READINGS = "readings";
/** Answers that are kept. The oldest go first. */
const MOST = 600;
/** How long a node may take before what is kept is shown instead, in milliseconds. */
const PATIENCE = 8_000;
/** What a proxy says whose node is down. */
const DOWN = [502, 504];
/** The answer was kept at this time, in milliseconds since 1970. */
const KEPT_AT = "x-dualpower-kept-at";
const ANYHOW: CacheQueryOptions = { ignoreVary: true };

const SHELL = new URL("./index.html", location.href).href;
const PARTS = new Set([...FIRST, ...LATER].map((path) => new URL(path, location.href).href));

worker.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldPages().then(() => worker.clients.claim()));
});

worker.addEventListener("message", (event) => {
  const read = (event.data as { read?: unknown } | null)?.read;
  if (Array.isArray(read))
    event.waitUntil(keepAll(read.filter((url) => typeof url === "string")).then(keepPlaces));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (request.mode === "navigate" && url.origin === location.origin && isShell(url))
    event.respondWith(newestPage(request));
  else if (isPart(url)) event.respondWith(part(request));
  else if (isReading(request, url)) event.respondWith(reading(event));
});

function isShell(url: URL): boolean {
  return (
    url.href.split("#")[0] === new URL("./", location.href).href || url.pathname === new URL(SHELL).pathname
  );
}

/** Whether it is of the page; what has the hash of its content in its name never changes. */
function isPart(url: URL): boolean {
  return PARTS.has(url.href) || url.href.startsWith(new URL("./assets/", location.href).href);
}

/** Whether an answer may be kept: a public reading of a node, this one's or another's. */
function isReading(request: Request, url: URL): boolean {
  if (!/\/v1\/(?!session|stream|relay|zk)/.test(url.pathname)) return false;
  if (request.headers.has("authorization")) return false;
  return !request.headers.get("accept")?.includes("text/event-stream");
}

async function keepShell(): Promise<void> {
  const cache = await caches.open(PAGE);
  await cache.addAll(FIRST);
}

/** Whatever of the page is not kept yet. What cannot be is fetched when somebody goes there. */
async function keepPlaces(): Promise<void> {
  const cache = await caches.open(PAGE);
  const kept = new Set((await cache.keys()).map((request) => request.url));
  const missing = LATER.filter((path) => !kept.has(new URL(path, location.href).href));
  await Promise.allSettled(missing.map((path) => cache.add(path)));
}

/** A tab that still runs the page before this one finds its parts; those of older ones go. */
async function forgetOldPages(): Promise<void> {
  const pages = (await caches.keys()).filter((name) => name.startsWith("page-") && name !== PAGE);
  await Promise.all(pages.slice(0, -1).map((name) => caches.delete(name)));
}

async function newestPage(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (!DOWN.includes(answer.status)) return answer;
  } catch {
    // The node is not there: the page is.
  }
  return (await caches.match(SHELL, ANYHOW)) ?? Response.error();
}

async function part(request: Request): Promise<Response> {
  const kept = await caches.match(request, ANYHOW);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) {
    const cache = await caches.open(PAGE);
    await cache.put(request, answer.clone()).catch(() => undefined);
  }
  return answer;
}

async function reading(event: Asked): Promise<Response> {
  const answer = fetch(event.request).then((response) => {
    if (DOWN.includes(response.status)) throw new Error(`the node is down (${response.status})`);
    event.waitUntil(keep(event.request, response.clone()));
    return response;
  });
  // What comes too late is kept all the same.
  event.waitUntil(answer.catch(() => undefined));
  try {
    return await Promise.race([answer, lateness()]);
  } catch {
    return (await last(event.request)) ?? answer;
  }
}

function lateness(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("the node takes too long")), PATIENCE));
}

async function last(request: Request): Promise<Response | null> {
  const cache = await caches.open(READINGS);
  const kept = await cache.match(request, ANYHOW);
  if (!kept) return null;
  const headers = new Headers(kept.headers);
  headers.set(STALE, headers.get(KEPT_AT) ?? "unknown");
  return new Response(kept.body, { status: 200, headers });
}

async function keep(request: Request, response: Response): Promise<void> {
  const wanted = response.status === 200 && !response.headers.get("cache-control")?.includes("no-store");
  if (!wanted) return;
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, String(Date.now()));
  const cache = await caches.open(READINGS);
  const body = await response.blob();
  const store = () => cache.put(request, new Response(body, { headers }));
  try {
    await store();
  } catch {
    // The storage is full. What is read can be read again, unlike what somebody signed: make room, or go without.
    await forget(cache, MOST / 2);
    await store().catch(() => undefined);
  }
  await forget(cache, MOST);
}

async function forget(cache: Cache, most: number): Promise<void> {
  const known = await cache.keys();
  await Promise.all(known.slice(0, Math.max(0, known.length - most)).map((request) => cache.delete(request)));
}

/** Keeps what was read before this worker was there. */
async function keepAll(addresses: string[]): Promise<void> {
  const requests = addresses
    .map((address) => new Request(address, { credentials: "omit", cache: "no-store" }))
    .filter((request) => isReading(request, new URL(request.url)));
  await Promise.allSettled(requests.map(async (request) => keep(request, await fetch(request))));
}
