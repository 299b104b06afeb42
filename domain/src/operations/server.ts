export * from './watch/server/index.ts';
export { epochOf, type RaiseEpoch } from './quarantine/server/epoch.ts';
export type { OfferToQuarantine, Quarantined } from './quarantine/server/offer.ts';
export { quarantineItems } from './quarantine/server/items.ts';
export { RECOVERED } from './quarantine/server/index.ts';
