/** The page's beginning. */
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/parts.css";
import "../styles/layout.css";
import "../styles/icons.css";
import "../styles/chain.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { follow } from "@/api/live";
import { Layout } from "@/app/layout";
import { followMe } from "@/app/me";
import { theme } from "@/app/preferences";
import { followAll } from "@/chain/follow";
import { discover } from "@/chain/wallets";
import { keepForOffline } from "@/offline/register";
import { learn } from "@/words";

effect(() => {
  if (theme.value === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme.value;
});
follow();
followMe();
await learn();
discover();
followAll();
const page = document.getElementById("page") as HTMLElement;
// What index.html shows until here is none of the layout's, which would leave it standing.
page.replaceChildren();
render(<Layout />, page);
keepForOffline();
