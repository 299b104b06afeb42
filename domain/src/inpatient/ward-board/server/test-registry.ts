import type { Served } from '../../../kernel/server/module.ts';
import { registry as house } from '../../../registry.ts';

// The accounts of the demo people are sown as well; nobody signs in with them here.
process.env['TONGPING_DEMO_PASSWORD'] ??= 'ward-tests-2026';
const CONTEXTS = new Set(['organization', 'identity-access', 'patient', 'clinical-record', 'nursing', 'inpatient']);
/** The contexts a ward stands on, for tests of its stores. */
export const registry: readonly Served[] = house.filter((served) => CONTEXTS.has(served.id.split(/[./]/u)[0] ?? ''));
