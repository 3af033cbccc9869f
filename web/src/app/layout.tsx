/** What is around every place: the navigation, who signs, whether the node is there, and what the chain took back. */
import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { connection, head, reorg } from "@/api/live";
import { SignIn } from "@/chain/signin";
import { Tray } from "@/chain/tray";
import { Button, Loading, Notice } from "@/parts/basics";
import { Dialog } from "@/parts/dialog";
import { spoken, t, type Key } from "@/words";
import { PLACES } from "./places";
import { AT_HAND, NAVIGATION, type Place, type PlaceName, type Route } from "./routes";
import { here } from "./router";

export function Layout() {
  void spoken.value;
  return (
    <>
      <a class="skip" href="#content" onClick={toContent}>
        {t("app.skip")}
      </a>
      <TopBar />
      <SideBar />
      <main id="content" tabIndex={-1}>
        <News />
        <Here />
      </main>
      <Tray />
      <FootBar />
    </>
  );
}

function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function TopBar() {
  return (
    <header class="top">
      <a class="brand" href="#/">
        <span class="mark" aria-hidden="true" />
        {t("app.name")}
      </a>
      <div class="top-end">
        <Link />
        <SignIn />
      </div>
    </header>
  );
}

/** Whether the node is there, and how far it has read. */
function Link() {
  const state = connection.value;
  return (
    <a class={`link ${state}`} href="#/node" aria-live="polite">
      <span class="dot" aria-hidden="true" />
      <span>{t(`app.${state}`)}</span>
      {head.value && <span class="wide">{t("app.block", { number: String(head.value.number) })}</span>}
    </a>
  );
}

function SideBar() {
  return (
    <nav class="side" aria-label={t("app.nav")}>
      <ul>
        <Entry name="home" />
      </ul>
      {NAVIGATION.map(({ group, places }) => (
        <Group key={group} title={t(`app.group.${group}`)}>
          {places.map((name) => (
            <Entry key={name} name={name} />
          ))}
        </Group>
      ))}
      <ul>
        <Entry name="kiosk" />
        <Entry name="settings" />
      </ul>
    </nav>
  );
}

function Group(props: { title: string; children: ComponentChildren }) {
  return (
    <>
      <p class="group">{props.title}</p>
      <ul>{props.children}</ul>
    </>
  );
}

function Entry({ name, onGo }: { name: PlaceName; onGo?: () => void }) {
  const current = here.value.route?.name === name;
  return (
    <li>
      <a
        href={name === "home" ? "#/" : `#/${name}`}
        aria-current={current ? "page" : undefined}
        onClick={onGo}
      >
        <span class={`icon ${name}`} aria-hidden="true" />
        {t(`app.place.${name}` as Key)}
      </a>
    </li>
  );
}

/** A phone's navigation, within reach of a thumb. */
function FootBar() {
  const [open, setOpen] = useState(false);
  const rest = [
    ...NAVIGATION.flatMap(({ places }) => [...places] as PlaceName[]),
    "kiosk",
    "settings",
  ] as PlaceName[];
  return (
    <nav class="foot" aria-label={t("app.nav")}>
      <ul>
        {AT_HAND.map((name) => (
          <Entry key={name} name={name} />
        ))}
        <li>
          <button type="button" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(true)}>
            <span class="icon more" aria-hidden="true" />
            {t("app.more")}
          </button>
        </li>
      </ul>
      {open && (
        <Dialog title={t("app.nav")} onClose={() => setOpen(false)}>
          <ul class="sheet">
            {rest
              .filter((name) => !AT_HAND.includes(name))
              .map((name) => (
                <Entry key={name} name={name} onGo={() => setOpen(false)} />
              ))}
          </ul>
        </Dialog>
      )}
    </nav>
  );
}

/** What every reader has to know, whatever they look at. */
function News() {
  const taken = reorg.value;
  return (
    <>
      {connection.value === "offline" && (
        <Notice tone="warn" title={t("app.offline")}>
          {t("app.offline.words")}
        </Notice>
      )}
      {taken && (
        <Notice
          tone="warn"
          title={t("app.reorg", { count: taken.dropped - taken.ancestor.number })}
          onDismiss={() => (reorg.value = null)}
        >
          {t("app.reorg.words")}
        </Notice>
      )}
    </>
  );
}

/** The place that the address names, loaded when it is first gone to. */
function Here() {
  const { route, params, path } = here.value;
  const first = useRef(true);
  useEffect(() => {
    document.title = route ? `${t(`app.place.${route.name}` as Key)} · ${t("app.name")}` : t("app.name");
    if (!first.current) {
      scrollTo(0, 0);
      document.getElementById("content")?.focus({ preventScroll: true });
    }
    first.current = false;
  }, [path]);
  if (!route) {
    return (
      <Notice tone="warn" title={t("app.nowhere")}>
        <p>{t("app.nowhere.words")}</p>
        <a href="#/">{t("app.home")}</a>
      </Notice>
    );
  }
  return (
    <Guard key={path}>
      <Loaded route={route} params={params} />
    </Guard>
  );
}

const loaded = new Map<Route, ComponentType<Place>>();

function Loaded({ route, params }: { route: Route; params: Record<string, string> }) {
  const [, redraw] = useState(0);
  const [failure, setFailure] = useState<unknown>(null);
  const Shown = loaded.get(route);
  useEffect(() => {
    if (loaded.has(route)) return;
    PLACES[route.path]().then((module) => {
      loaded.set(route, module.default);
      redraw((n) => n + 1);
    }, setFailure);
  }, [route]);
  if (failure) throw failure;
  return Shown ? <Shown params={params} /> : <Loading />;
}

/** Keeps what goes wrong in one place from taking the page with it. */
class Guard extends Component<{ children: ComponentChildren }, { failure: unknown }> {
  override state = { failure: null as unknown };

  static override getDerivedStateFromError(failure: unknown) {
    return { failure };
  }

  override componentDidCatch(failure: unknown) {
    console.error(failure);
  }

  override render() {
    if (this.state.failure === null) return this.props.children;
    return (
      <Notice tone="bad" title={t("app.failed")}>
        <p>{t("app.failed.words")}</p>
        <Button onClick={() => location.reload()}>{t("app.failed.again")}</Button>
      </Notice>
    );
  }
}
