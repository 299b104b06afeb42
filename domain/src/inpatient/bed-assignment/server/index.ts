import type { StayId } from '../../../kernel/index.ts';
import { handle, type Handle, type Served } from '../../../kernel/server/module.ts';
import { demoBed, demoOrganization, demoPerson, demoWards, type DemoWard } from '../../../organization/index.ts';
import { setBedStatus as writeBedStatus, wardOfBed } from '../../../organization/server.ts';
import { demoPatient, demoPeople, emptyBeds } from '../../../patient/index.ts';
import { demoStay, inWardSince } from '../../stay/fixtures.ts';
import { assignFromWaiting, sendToWaiting, setBedStatus, swap, transfer } from '../commands.ts';
import { boardStateOfStay, boardStateOfWard, nowhere } from './load.ts';
import { assignBed, saveBedEvents } from './store.ts';
import { bedAssignmentMigrations } from './tables.ts';

const HOUR_MS = 3_600_000;
const ways = { load: (trx: Handle, input: { readonly stay: StayId }) => boardStateOfStay(trx, input.stay), save: saveBedEvents };

export const served: Served = {
	id: 'inpatient.bed-assignment',
	migrations: bedAssignmentMigrations,
	async seed(trx, now) {
		for (const person of demoPeople) {
			if (person.bed === null) continue;
			const { nurse } = demoStay(person);
			// A quarter of an hour from the door of the ward to the bed.
			const at = Math.min(inWardSince(person, now) + HOUR_MS / 4, now);
			await assignBed(trx, {
				organization: demoOrganization.id,
				stay: person.stay,
				patient: person.id,
				ward: demoWards[person.ward],
				bed: demoBed(person.ward, person.bed),
				override: person.sex === 'unknown' ? '身份待核，急诊单人观察' : null,
				at,
				by: { user: nurse.id, name: nurse.name },
				commandId: null
			});
		}
		for (const [ward, beds] of Object.entries(emptyBeds) as [DemoWard, (typeof emptyBeds)[DemoWard]][])
			for (const [number, status] of Object.entries(beds)) {
				const reservedFor = status === 'reserved' ? demoPatient(`${ward}/w1`).stay : null;
				const note = status === 'maintenance' ? '床头呼叫器待修' : status === 'private-room' ? '包房' : null;
				await writeBedStatus(trx, demoBed(ward, number), {
					status,
					note,
					reservedFor,
					commandId: null,
					by: demoPerson(ward === 'male' ? 'nurse1' : 'nurse-hj').name,
					at: now - 2 * HOUR_MS
				});
			}
	},
	handlers: [
		handle(transfer, ways),
		handle(swap, { ...ways, load: (trx, input) => boardStateOfStay(trx, input.stay, input.other.stay) }),
		handle(sendToWaiting, ways),
		handle(assignFromWaiting, ways),
		handle(setBedStatus, {
			async load(trx, input) {
				const ward = await wardOfBed(trx, input.bed);
				return ward === null ? nowhere : boardStateOfWard(trx, ward);
			},
			async save(trx, events, { commandId }) {
				for (const event of events)
					await writeBedStatus(trx, event.bed, {
						status: event.status,
						note: event.note === '' ? null : event.note,
						reservedFor: event.reservedFor,
						commandId,
						by: event.by,
						at: event.at
					});
			}
		})
	]
};
