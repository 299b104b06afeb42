import type { Served } from '../../../kernel/server/index.ts';

/** No table of its own: what comes in belongs to the contexts that own such facts. */
export const served: Served = { id: 'interoperability/fhir-import' };
