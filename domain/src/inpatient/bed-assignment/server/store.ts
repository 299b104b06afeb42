import { newId, type BedId, type PatientId, type StayId, type WardId } from '../../../kernel/index.ts';
import { tables, type Handle, type WriteContext } from '../../../kernel/server/module.ts';
import type { Isolation } from '../../../nursing/index.ts';
import { isolationsOf } from '../../../nursing/server.ts';
import { setBedStatus, type WardTables } from '../../../organization/server.ts';
import { patientById, type PatientTables } from '../../../patient/server.ts';
import type { StayTables } from '../../stay/server/tables.ts';
import type { BedEvent } from '../bed-assignment.ts';
import type { BedAssignmentTables } from './tables.ts';

type Tables = BedAssignmentTables & StayTables & WardTables & PatientTables;

/** Who may lie together, in one word. Those of an unknown organism and the protected are a cohort of one. */
const cohortOf = (stay: string, isolation: Isolation | null): string =>
	isolation === null ? 'none' : isolation.kind === 'protective' || isolation.organism === null ? `alone:${stay}` : `${isolation.kind}:${isolation.organism}`;

/** Brings the room's locks up to what is true of those who lie there now: isolation may have been found after they came. */
async function refreshLocks(trx: Handle, room: string): Promise<void> {
	const db = tables<Tables>(trx);
	const mates = await db
		.selectFrom('bed_assignment')
		.select(['stay', 'patient', 'active_sex', 'lock_sex'])
		.where('room', '=', room)
		.where('ended_at', 'is', null)
		.execute();
	if (!mates.some((mate) => mate.lock_sex !== null)) await db.deleteFrom('bed_room_sex').where('room', '=', room).execute();
	if (mates.length === 0) {
		await db.deleteFrom('bed_room_cohort').where('room', '=', room).execute();
		return;
	}
	const isolations = await isolationsOf(
		trx,
		mates.map((mate) => mate.patient as PatientId)
	);
	const cohorts = new Set(mates.map((mate) => cohortOf(mate.stay, isolations.get(mate.patient as PatientId) ?? null)));
	const [cohort] = cohorts;
	if (cohorts.size === 1 && cohort !== undefined) await db.updateTable('bed_room_cohort').set({ cohort }).where('room', '=', room).execute();
	const sexes = new Set(mates.flatMap((mate) => (mate.active_sex === 'male' || mate.active_sex === 'female' ? [mate.active_sex] : [])));
	const [sex] = sexes;
	if (sexes.size === 1 && sex !== undefined) await db.updateTable('bed_room_sex').set({ sex }).where('room', '=', room).execute();
}

export interface Assigning {
	readonly organization: string;
	readonly stay: StayId;
	readonly patient: PatientId;
	readonly ward: WardId;
	readonly bed: BedId;
	readonly override: string | null;
	readonly at: number;
	readonly by: { readonly user: string; readonly name: string };
	readonly commandId: string | null;
}

/** Writes the assignment with everything the database checks it by. Throws where `decide` should have refused. */
export async function assignBed(trx: Handle, to: Assigning): Promise<void> {
	const db = tables<Tables>(trx);
	const place = await db
		.selectFrom('ward_bed')
		.innerJoin('ward_room', 'ward_room.id', 'ward_bed.room')
		.innerJoin('ward', 'ward.id', 'ward_bed.ward')
		.select(['ward_bed.room as room', 'ward_room.sex_rule as room_rule', 'ward.sex_rule as ward_rule'])
		.where('ward_bed.id', '=', to.bed)
		.executeTakeFirstOrThrow();
	const sex = (await patientById(trx, to.patient))?.sex ?? 'unknown';
	const cohort = cohortOf(to.stay, (await isolationsOf(trx, [to.patient])).get(to.patient) ?? null);
	await refreshLocks(trx, place.room);
	await db
		.insertInto('bed_room_cohort')
		.values({ room: place.room, cohort })
		.onConflict((c) => c.column('room').doNothing())
		.execute();
	const lockSex = place.room_rule === 'same-sex' && sex !== 'unknown' ? sex : null;
	if (lockSex !== null)
		await db
			.insertInto('bed_room_sex')
			.values({ room: place.room, sex: lockSex })
			.onConflict((c) => c.column('room').doNothing())
			.execute();
	await db
		.insertInto('bed_assignment')
		.values({
			id: newId(),
			organization: to.organization,
			stay: to.stay,
			patient: to.patient,
			ward: to.ward,
			ward_rule: place.ward_rule,
			room: place.room,
			room_rule: place.room_rule,
			bed: to.bed,
			started_at: to.at,
			started_by: to.by.user,
			started_by_name: to.by.name,
			command_id: to.commandId,
			override_reason: to.override,
			ended_at: null,
			ended_by_name: null,
			active_sex: sex,
			lock_sex: lockSex,
			lock_cohort: cohort
		})
		.execute();
	await db.updateTable('inpatient_stay').set({ waiting_since: null, command_id: to.commandId, changed_by: to.by.name }).where('id', '=', to.stay).execute();
	await setBedStatus(trx, to.bed, { status: 'free', note: null, reservedFor: null, commandId: to.commandId, by: to.by.name, at: to.at });
}

export async function releaseBed(trx: Handle, stay: StayId, at: number, by: string): Promise<void> {
	await tables<Tables>(trx)
		.updateTable('bed_assignment')
		.set({ ended_at: at, ended_by_name: by, active_sex: null, lock_sex: null, lock_cohort: null })
		.where('stay', '=', stay)
		.where('ended_at', 'is', null)
		.execute();
}

export async function saveBedEvents(trx: Handle, events: readonly BedEvent[], { actor, commandId }: WriteContext): Promise<void> {
	for (const event of events) {
		switch (event.type) {
			case 'inpatient.bed-assignment.bed-released':
				await releaseBed(trx, event.stay, event.at, event.by);
				await setBedStatus(trx, event.bed, { status: event.status, note: null, reservedFor: event.reservedFor, commandId, by: event.by, at: event.at });
				if (event.to === 'waiting')
					await tables<StayTables>(trx)
						.updateTable('inpatient_stay')
						.set({ waiting_since: event.at, command_id: commandId, changed_by: event.by })
						.where('id', '=', event.stay)
						.execute();
				break;
			case 'inpatient.bed-assignment.bed-assigned':
				await assignBed(trx, {
					organization: actor.organization,
					stay: event.stay,
					patient: event.patient,
					ward: event.ward,
					bed: event.bed,
					override: event.override?.reason ?? null,
					at: event.at,
					by: { user: actor.user, name: actor.name },
					commandId
				});
				break;
		}
	}
}
