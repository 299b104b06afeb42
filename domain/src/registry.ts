// Generated from the folders by `npm run registries`. Do not edit.
import type { Served } from './kernel/server/module.ts';
import { served as organizationOrganization } from './organization/organization/server/index.ts';
import { served as organizationWard } from './organization/ward/server/index.ts';
import { served as patientRegistry } from './patient/registry/server/index.ts';
import { served as identityAccessSession } from './identity-access/session/server/index.ts';
import { served as terminologyCodeSystem } from './terminology/code-system/server/index.ts';

/** Every module's share of the servers, lower contexts first: the order of migrations and of demo data. */
export const registry: readonly Served[] = [organizationOrganization, organizationWard, patientRegistry, identityAccessSession, terminologyCodeSystem];
