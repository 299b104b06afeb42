import { newId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import { demoOrganization, demoPerson, demoWards } from '../../../organization/index.ts';
import { demoPatient, demoPeople } from '../../../patient/index.ts';
import { announceCare } from '../../../patient/server.ts';
import { demoAsked, demoStay, inWardSince } from '../../stay/fixtures.ts';
import type { WardTransferTable, WardTransferTables } from './tables.ts';

const MINUTE_MS = 60_000;
const ASKED_BEFORE_MS = 40 * MINUTE_MS;

const write = (trx: Handle, row: Omit<WardTransferTable, 'id' | 'organization'>): Promise<unknown> =>
	tables<WardTransferTables>(trx)
		.insertInto('inpatient_ward_transfer')
		.values({ id: newId(), organization: demoOrganization.id, ...row })
		.execute();

/** Who came from another ward, who is on the way, and who was sent back. */
export async function seedTransfers(trx: Handle, now: number): Promise<void> {
	for (const person of demoPeople) {
		const { fromWard, nurse } = demoStay(person);
		if (fromWard === null) continue;
		const at = inWardSince(person, now);
		const asker = demoPerson(fromWard.ward === 'emergency' ? 'nurse-gb' : 'nurse1');
		await write(trx, {
			stay: person.stay,
			patient: person.id,
			from_ward: demoWards[fromWard.ward],
			to_ward: demoWards[person.ward],
			reason: fromWard.reason,
			asked_at: at - ASKED_BEFORE_MS,
			asked_by: asker.id,
			asked_by_name: asker.name,
			ended_at: at,
			ended_how: 'received',
			ended_by_name: nurse.name,
			ended_reason: null
		});
	}
	for (const asked of demoAsked) {
		const person = demoPatient(asked.person);
		const asker = demoPerson(asked.by);
		const at = now - asked.minutesAgo * MINUTE_MS;
		await write(trx, {
			stay: person.stay,
			patient: person.id,
			from_ward: demoWards[person.ward],
			to_ward: demoWards[asked.to],
			reason: asked.reason,
			asked_at: at,
			asked_by: asker.id,
			asked_by_name: asker.name,
			ended_at: asked.declined === null ? null : now - asked.declined.minutesAgo * MINUTE_MS,
			ended_how: asked.declined === null ? null : 'declined',
			ended_by_name: asked.declined === null ? null : demoPerson(asked.declined.by).name,
			ended_reason: asked.declined?.reason ?? null
		});
		if (asked.declined === null) await announceCare(trx, demoOrganization.id, person.id, demoWards[asked.to], at);
	}
}
