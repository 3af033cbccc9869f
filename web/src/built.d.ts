/** Address of the prover's worker, put in by build.mjs; empty in a build without one. */
declare const PROOFS_WORKER: string;
/** Of the service worker: a digest of the page that it keeps, what the page starts with, and its other files. */
declare const VERSION: string;
declare const FIRST: readonly string[];
declare const LATER: readonly string[];
