/**
 * The one policy of Trusted Types: scripts come from the page's own origin and from nowhere else. The page's
 * Content-Security-Policy names it, so that no other code can make one.
 */

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): {
    createScriptURL(url: string): string;
  };
}

function ownScript(url: string): string {
  const full = new URL(url, document.baseURI);
  if (full.origin !== location.origin) throw new TypeError(`a script from ${full.origin} is not run`);
  return full.href;
}

const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const policy = types?.createPolicy("dualpower", { createScriptURL: ownScript });

/** The address of a script of this page, for workers; a plain string to the type checker. */
export const scriptUrl = (url: string): string => (policy ? policy.createScriptURL(url) : ownScript(url));
