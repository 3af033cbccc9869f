(() => {
  const listeners = new Map();
  const provider = Object.freeze({
    async request({ method, params }) {
      const { result, error } = await window.walletRequest(method, params ?? []);
      if (error) throw Object.assign(new Error(error.message), { code: error.code, data: error.data ?? undefined });
      if (method === "wallet_switchEthereumChain") window.walletTells("chainChanged", params[0].chainId);
      return result ?? null;
    },
    on(event, listener) {
      listeners.set(event, [...(listeners.get(event) ?? []), listener]);
      return this;
    },
    removeListener(event, listener) {
      const left = (listeners.get(event) ?? []).filter((known) => known !== listener);
      listeners.set(event, left);
      return this;
    },
  });
  window.walletTells = (event, value) => (listeners.get(event) ?? []).forEach((listener) => listener(value));
  const icon = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><path d='M0 0h8v8H0z'/></svg>";
  const info = Object.freeze({
    uuid: "350670db-19fa-4704-a166-e52e178b59d2",
    name: WALLET_NAME,
    icon,
    rdns: "example.wallet",
  });
  const announce = () =>
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
})();
