/** The header with which the service worker marks what it answers from the device's cache. */
export const STALE = "x-dualpower-stale";
