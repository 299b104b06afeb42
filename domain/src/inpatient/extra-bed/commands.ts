import { command } from '../../kernel/index.ts';
import type { BoardState } from '../bed-assignment/bed-assignment.ts';
import { decideAddExtra, decideRemoveExtra } from './decide.ts';
import { addExtraSchema, removeExtraSchema, type AddExtra, type ExtraBedAdded, type ExtraBedRemoved, type RemoveExtra } from './extra-bed.ts';
import { mayKeepExtraBeds } from './policy.ts';

export const addExtraBed = command<AddExtra, BoardState, ExtraBedAdded>()({
	name: 'inpatient.bed.add-extra',
	schema: addExtraSchema,
	patient: () => null,
	patientOf: () => null,
	policy: (actor, _, state) => mayKeepExtraBeds(actor, state),
	decide: decideAddExtra
});
export const removeExtraBed = command<RemoveExtra, BoardState, ExtraBedRemoved>()({
	name: 'inpatient.bed.remove-extra',
	schema: removeExtraSchema,
	patient: () => null,
	patientOf: () => null,
	policy: (actor, _, state) => mayKeepExtraBeds(actor, state),
	decide: decideRemoveExtra
});
