import type { Served } from '../../../kernel/server/module.ts';
import { registry as house } from '../../../registry.ts';

const CONTEXTS = new Set(['organization', 'patient', 'clinical-record', 'nursing', 'inpatient']);
/** The contexts a ward stands on, for tests of its stores. */
export const registry: readonly Served[] = house.filter((served) => CONTEXTS.has(served.id.split('.')[0] ?? ''));
