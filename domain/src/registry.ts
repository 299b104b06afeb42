// Generated from the folders by `npm run registries`. Do not edit.
import type { Served } from './kernel/server/module.ts';
import { served as identityAccessSession } from './identity-access/session/server/index.ts';

/** Every module's share of the servers, lower contexts first: the order of migrations and of demo data. */
export const registry: readonly Served[] = [identityAccessSession];
