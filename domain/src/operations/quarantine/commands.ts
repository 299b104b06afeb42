import { command } from '../../kernel/index.ts';
import { mayOperate } from '../watch/policy.ts';
import { decideAccept, decideReject, type QuarantineState } from './decide.ts';
import { decideItemSchema, type DecideItem, type ItemDecided } from './quarantine.ts';

/** No patient is meant by name: whoever decides here sees provenance, never the words. The event carries whose document it is. */
const common = {
	schema: decideItemSchema,
	// Words that come back into a record deserve a fresh proof of who lets them in.
	stepUp: true,
	patient: () => null,
	patientOf: () => null,
	policy: (actor: Parameters<typeof mayOperate>[0]) => mayOperate(actor)
} as const;

export const acceptItem = command<DecideItem, QuarantineState | null, ItemDecided>()({ ...common, name: 'operations.quarantine.accept', decide: decideAccept });
export const rejectItem = command<DecideItem, QuarantineState | null, ItemDecided>()({ ...common, name: 'operations.quarantine.reject', decide: decideReject });
