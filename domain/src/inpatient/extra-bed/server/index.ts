import type { WardId } from '../../../kernel/index.ts';
import { handle, type Handle, type Served, type WriteContext } from '../../../kernel/server/module.ts';
import { addExtraBed as writeExtraBed, removeExtraBed as writeRemoval, wardOfBed, wardRules } from '../../../organization/server.ts';
import { boardStateOfWard, nowhere } from '../../bed-assignment/server/load.ts';
import { addExtraBed, removeExtraBed } from '../commands.ts';

// `*` means every ward of the administrator's own hospital.
const wardOf = async (trx: Handle, ward: WardId, { actor }: WriteContext) =>
	(await wardRules(trx, ward))?.organization === actor.organization ? boardStateOfWard(trx, ward) : nowhere;

export const served: Served = {
	id: 'inpatient.extra-bed',
	migrations: [
		{
			// Behind `decide`: nobody is put into a bed that was taken away, and no bed is taken away from under somebody.
			id: 'inpatient/extra-bed/1',
			sql: [
				`create trigger bed_assignment_into_removed before insert on bed_assignment
					when new.ended_at is null and exists (select 1 from ward_bed where ward_bed.id = new.bed and ward_bed.removed_at is not null)
					begin select raise(abort, 'this bed was taken away'); end`,
				`create trigger ward_bed_removed_under before update of removed_at on ward_bed
					when new.removed_at is not null and exists (select 1 from bed_assignment where bed_assignment.bed = new.id and bed_assignment.ended_at is null)
					begin select raise(abort, 'somebody lies in this bed'); end`
			]
		}
	],
	handlers: [
		handle(addExtraBed, {
			load: (trx, input, context) => wardOf(trx, input.ward, context),
			async save(trx, events, { actor, commandId }) {
				for (const { bed, ward, room, bedNumber, position, by, at } of events)
					await writeExtraBed(trx, { organization: actor.organization, bed, ward, room, number: bedNumber, position, commandId, by, at });
			}
		}),
		handle(removeExtraBed, {
			async load(trx, input, context) {
				const ward = await wardOfBed(trx, input.bed);
				return ward === null ? nowhere : wardOf(trx, ward, context);
			},
			async save(trx, events, { commandId }) {
				for (const { bed, by, at } of events) await writeRemoval(trx, bed, { commandId, by, at });
			}
		})
	]
};
