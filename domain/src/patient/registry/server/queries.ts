import type { Actor, PatientId, WardId } from '../../../kernel/index.ts';
import { tables, type Handle } from '../../../kernel/server/module.ts';
import type { PatientInCare } from '../decide.ts';
import { mayReadChart, type Care } from '../policy.ts';
import type { Patient } from '../registry.ts';
import type { PatientTable, PatientTables } from './tables.ts';

// Letters and late results are still written after the patient left.
export const AFTERCARE_MS = 72 * 3_600_000;

export const patientOfRow = (row: PatientTable): Patient => ({
	id: row.id as PatientId,
	mrn: row.mrn,
	name: row.name,
	initials: row.initials,
	pinyin: row.pinyin,
	sex: row.sex,
	birthDate: row.birth_date
});

export async function patientById(handle: Handle, patient: PatientId): Promise<Patient | null> {
	const row = await tables<PatientTables>(handle).selectFrom('patient').selectAll().where('id', '=', patient).executeTakeFirst();
	return row === undefined ? null : patientOfRow(row);
}

export async function careOf(handle: Handle, patients: readonly PatientId[], now: number): Promise<Care> {
	if (patients.length === 0) return { wards: [] };
	const rows = await tables<PatientTables>(handle)
		.selectFrom('patient_care')
		.select(['ward', 'announced'])
		.where('patient', 'in', patients)
		.where((e) => e.or([e('until', 'is', null), e('until', '>', now - AFTERCARE_MS)]))
		.execute();
	const wards = [...new Set(rows.map((row) => row.ward as WardId))];
	const announced = wards.filter((ward) => rows.every((row) => row.ward !== ward || row.announced === 1));
	const asked = await tables<PatientTables>(handle)
		.selectFrom('patient_consultant')
		.select('user')
		.where('patient', 'in', patients)
		.where((e) => e.or([e('until', 'is', null), e('until', '>', now - AFTERCARE_MS)]))
		.execute();
	return {
		wards,
		...(announced.length === 0 ? {} : { announced }),
		...(asked.length === 0 ? {} : { asked: [...new Set(asked.map((row) => row.user))] })
	};
}

/** The wards that care for the patient this moment. */
export async function presentIn(handle: Handle, patient: PatientId): Promise<readonly WardId[]> {
	const rows = await tables<PatientTables>(handle)
		.selectFrom('patient_care')
		.select('ward')
		.where('patient', '=', patient)
		.where('until', 'is', null)
		.where('announced', '=', 0)
		.execute();
	return rows.map((row) => row.ward as WardId);
}

/** All records that are this person by links in force, the record that survives first. */
export async function recordsOf(handle: Handle, patient: PatientId): Promise<readonly PatientId[]> {
	const db = tables<PatientTables>(handle);
	const link = await db.selectFrom('patient_link').select('survivor').where('patient', '=', patient).where('ended_at', 'is', null).executeTakeFirst();
	const survivor = (link?.survivor ?? patient) as PatientId;
	const others = await db.selectFrom('patient_link').select('patient').where('survivor', '=', survivor).where('ended_at', 'is', null).execute();
	return [survivor, ...others.map((row) => row.patient as PatientId)];
}

/** What every write about a patient loads first: the record, and who cares for them now. */
export async function patientInCare(handle: Handle, patient: PatientId, now: number): Promise<PatientInCare> {
	const found = await patientById(handle, patient);
	return { patient: found, care: found === null ? { wards: [] } : await careOf(handle, [patient], now) };
}

/** One rule for pages, rooms, search, imaging and export. False for a patient of another organization or of nobody. */
export async function mayReadPatient(handle: Handle, actor: Actor, patient: PatientId, now = Date.now()): Promise<boolean> {
	const row = await tables<PatientTables>(handle).selectFrom('patient').select('organization').where('id', '=', patient).executeTakeFirst();
	if (row?.organization !== actor.organization) return false;
	return mayReadChart(actor, await careOf(handle, await recordsOf(handle, patient), now));
}

/** Inside the writer's transaction, with the stay that changes: the patient is now cared for in this ward. */
export async function beginCare(trx: Handle, organization: string, patient: PatientId, ward: WardId, at: number): Promise<void> {
	await tables<PatientTables>(trx)
		.insertInto('patient_care')
		.values({ organization, patient, ward, since: at, until: null })
		.onConflict((c) => c.columns(['patient', 'ward']).where('until', 'is', null).doNothing())
		.execute();
}
export async function endCare(trx: Handle, patient: PatientId, ward: WardId, at: number): Promise<void> {
	await tables<PatientTables>(trx)
		.updateTable('patient_care')
		.set({ until: at })
		.where('patient', '=', patient)
		.where('ward', '=', ward)
		.where('until', 'is', null)
		.execute();
	const elsewhere = await tables<PatientTables>(trx)
		.selectFrom('patient_care')
		.select('ward')
		.where('patient', '=', patient)
		.where('until', 'is', null)
		.executeTakeFirst();
	if (elsewhere === undefined) await endOpinion(trx, patient, null, at);
}

/** Inside the writer's transaction, with the request: this doctor may read the chart, its pictures and its news. */
export async function askOpinion(trx: Handle, organization: string, patient: PatientId, user: string, at: number): Promise<void> {
	await tables<PatientTables>(trx)
		.insertInto('patient_consultant')
		.values({ organization, patient, user, since: at, until: null })
		.onConflict((c) => c.columns(['patient', 'user']).where('until', 'is', null).doNothing())
		.execute();
}
/** The question is answered; `null`: the patient left, and with them every question. */
export async function endOpinion(trx: Handle, patient: PatientId, user: string | null, at: number): Promise<void> {
	let rows = tables<PatientTables>(trx).updateTable('patient_consultant').set({ until: at }).where('patient', '=', patient).where('until', 'is', null);
	if (user !== null) rows = rows.where('user', '=', user);
	await rows.execute();
}

/** The patient is expected in this ward: those who prepare for them may read from now on. */
export async function announceCare(trx: Handle, organization: string, patient: PatientId, ward: WardId, at: number): Promise<void> {
	await tables<PatientTables>(trx)
		.insertInto('patient_care')
		.values({ organization, patient, ward, since: at, until: null, announced: 1 })
		.onConflict((c) => c.columns(['patient', 'ward']).where('until', 'is', null).doNothing())
		.execute();
}
// Whoever was never treated here leaves no right behind: a request to the wrong ward must not open a chart for three days.
export async function withdrawAnnouncement(trx: Handle, patient: PatientId, ward: WardId): Promise<void> {
	await tables<PatientTables>(trx).deleteFrom('patient_care').where('patient', '=', patient).where('ward', '=', ward).where('announced', '=', 1).execute();
}
