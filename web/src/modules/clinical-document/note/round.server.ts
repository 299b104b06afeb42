import { BLOOD_PRESSURE, chipsOf, CONSULT_MS, NOTE_TYPES, mayOpen, type Due, type NoteType, type NoteView } from '@tongping/domain/clinical-document';
import {
	consultationsOf,
	dayOfWard,
	duesOfStays,
	notesOfDay,
	notesToSign,
	noteView,
	versionContent,
	writtenNow
} from '@tongping/domain/clinical-document/server';
import { doctorsOf } from '@tongping/domain/identity-access/server';
import { ITEMS } from '@tongping/domain/clinical-record';
import { observationSeries, type Series } from '@tongping/domain/clinical-record/server';
import { boardOf, wardBoard, type Board, type BoardPatient } from '@tongping/domain/inpatient';
import { activeStay, severitySinceIn } from '@tongping/domain/inpatient/server';
import { isDoctor, isNurse, localDate, type Actor, type PatientId, type WardId } from '@tongping/domain/kernel';
import { Denied, hospital, read, type Handle } from '@tongping/domain/kernel/server';
import { NURSING_LEVELS } from '@tongping/domain/nursing';
import { wardRules } from '@tongping/domain/organization/server';
import { readsAsGuest } from '@tongping/domain/patient';
import { careOf, mayReadPatient, patientById, recordsOf } from '@tongping/domain/patient/server';
import type { Askable, Asked, EvidenceLine, PrintData, RoundData, RoundStop, Waiting } from './round.ts';

const VITALS: readonly string[] = [ITEMS.temperature.code, ITEMS.pulse.code, ITEMS.respiration.code, BLOOD_PRESSURE.code, ITEMS.spo2.code, ITEMS.weight.code];
const DAY_MS = 86_400_000;
const handle = (): Handle => hospital().reader;

/** Somebody asked for a note that is not there or not theirs: the attempt is written down. */
export async function turnedAway(actor: Actor, note: string): Promise<void> {
	try {
		await read(actor, { purpose: 'chart', patient: null, allow: false, detail: { note } });
	} catch (error) {
		if (!(error instanceof Denied)) throw error;
	}
}

/** Writes the reading down; false for those who may not, which from outside is the same as "there is none". */
async function mayChart(actor: Actor, patient: PatientId, allow: boolean): Promise<boolean> {
	try {
		await read(actor, { purpose: 'chart', patient, allow });
		return true;
	} catch (error) {
		if (error instanceof Denied) return false;
		throw error;
	}
}

async function boardNow(ward: WardId, now: number): Promise<Board | null> {
	const projection = hospital()
		.registry.flatMap((served) => served.projections ?? [])
		.find((found) => found.kind === wardBoard.kind);
	return projection === undefined ? null : boardOf(await projection.view(handle(), ward, '*', now));
}
interface InWard {
	readonly bed: string | null;
	readonly occupant: BoardPatient;
}
const everybody = (board: Board): readonly InWard[] => [
	...board.beds.flatMap((bed) => (bed.occupant === null ? [] : [{ bed: bed.number, occupant: bed.occupant }])),
	...board.waiting.map(({ occupant }) => ({ bed: null, occupant }))
];

/** The newest value of each item with its way there: vital signs of a day, results of a week. */
async function evidenceOf(patient: PatientId, now: number): Promise<readonly EvidenceLine[]> {
	const series = await observationSeries(handle(), await recordsOf(handle(), patient), { since: now - 7 * DAY_MS });
	const all = series.flatMap((line) => line.points);
	const newest = new Map<string, ReturnType<typeof chipsOf>[number]>();
	for (const chip of chipsOf(all)) newest.set(`${chip.code} ${chip.unit}`, chip);
	// What people look at first stands first: pressure and pulse before weight, the flagged result before the calm one.
	const rank = (line: EvidenceLine): number => (line.kind === 'vital' ? (VITALS.indexOf(line.chip.code) + 20) % 20 : line.chip.flag === '' ? 1 : 0);
	const lines = [...newest.values()].flatMap(({ category, ...chip }): EvidenceLine[] => {
		if (category === 'survey') return [];
		const line = series.find((s) => s.points.some((p) => chip.observation.startsWith(p.id)));
		return [
			{
				chip,
				kind: category === 'vital-signs' ? 'vital' : 'lab',
				history: historyOf(line, category === 'vital-signs' ? now - DAY_MS : 0),
				low: line?.points.at(-1)?.low ?? null,
				high: line?.points.at(-1)?.high ?? null
			}
		];
	});
	return lines.toSorted((a, b) => rank(a) - rank(b) || (a.chip.label < b.chip.label ? -1 : 1));
}
const historyOf = (line: Series | undefined, since: number): EvidenceLine['history'] =>
	(line?.points ?? []).flatMap((p) => (p.value === null || p.at < since ? [] : [{ at: p.at, value: p.value }])).slice(-24);

const byPreference: readonly NoteType[] = ['daily-progress', 'attending-round', 'first-progress'];

interface Asking {
	/** the type of today's note that is to be shown */
	readonly type: string | null;
	/** a note by its id: an open one of another day, or the one a consultant was asked into */
	readonly note: string | null;
}

/** Everything the ward-round page of one patient shows; null when there is no such patient in care or the reader may not see them. */
export async function loadRound(actor: Actor, patient: PatientId, { type, note }: Asking): Promise<RoundData | null> {
	const now = Date.now();
	if (!(await mayChart(actor, patient, await mayReadPatient(handle(), actor, patient, now)))) return null;
	const guest = readsAsGuest(actor, await careOf(handle(), await recordsOf(handle(), patient), now));
	// A guest reads the note they were asked into; without its id, the oldest that still asks.
	const asking = note === null && guest ? (await consultationsOf(handle(), actor)).find((one) => one.patient === patient)?.id : note;
	const named = asking == null ? null : await noteView(handle(), actor, asking);
	const view = named?.note.patient === patient ? named : null;
	if (guest && view === null) return null;
	const stay = await activeStay(handle(), patient);
	if (stay === null) return null;
	const board = await boardNow(stay.ward, now);
	const people = board === null ? [] : everybody(board);
	const here = people.find(({ occupant }) => occupant.patient === patient);
	if (board === null || here === undefined) return null;
	const date = localDate(now);
	const today = guest ? {} : await notesOfDay(handle(), actor, stay.id, date);
	const shown = byPreference.find((t) => t === type && today[t] !== undefined) ?? byPreference.find((t) => today[t] !== undefined);
	const older = view?.note.stay === stay.id ? view : null;
	const doctors =
		older !== null && older.note.type !== 'nursing-record' ? older : shown === undefined ? null : await noteView(handle(), actor, today[shown] ?? '');
	const nursing =
		older?.note.type === 'nursing-record' ? older : today['nursing-record'] === undefined ? null : await noteView(handle(), actor, today['nursing-record']);
	const list = guest ? [here] : people;
	const dues = await duesIn(actor, stay.ward, list);
	const written = await dayOfWard(handle(), actor, stay.ward, date);
	return {
		now,
		me: { user: actor.user, name: actor.name, role: actor.role },
		patient,
		stay: stay.id,
		ward: stay.ward,
		wardName: board.ward.ward.name,
		bed: here.bed,
		occupant: here.occupant,
		stops: list.map((person) => stopOf(person, written, ownDue(actor, dues.get(person.occupant.stay) ?? []))),
		today,
		doctors,
		nursing,
		mayOpen: NOTE_TYPES.filter((t) => mayOpen(actor, stay.ward, t)),
		evidence: await evidenceOf(patient, now),
		dues: dues.get(stay.id) ?? [],
		guest
	};
}

async function duesIn(actor: Actor, ward: WardId, people: readonly InWard[]): Promise<ReadonlyMap<string, readonly Due[]>> {
	const since = await severitySinceIn(handle(), ward);
	return duesOfStays(
		handle(),
		actor.organization,
		people.map(({ occupant: { stay, admittedAt, severity, level } }) => ({ stay, admittedAt, severity, severitySince: since.get(stay) ?? null, level }))
	);
}
/** The nearest of those this person writes: the ward's doctors owe one kind, its nurses another. */
const ownDue = (actor: Actor, dues: readonly Due[]): Due | null =>
	dues.find((due) => (due.type === 'nursing-record' ? isNurse(actor) : isDoctor(actor))) ?? (isDoctor(actor) || isNurse(actor) ? null : (dues[0] ?? null));

const stopOf = ({ bed, occupant }: InWard, written: ReadonlyMap<string, 'open' | 'signed'>, due: Due | null): RoundStop => ({
	patient: occupant.patient,
	bed,
	name: occupant.name,
	level: occupant.level === null ? null : NURSING_LEVELS.indexOf(occupant.level.level),
	written: written.get(occupant.stay) ?? 'none',
	due
});

/** Doctors outside the note's ward who can be asked to write their part; null when this person may not ask. */
export async function askable(actor: Actor, note: string): Promise<readonly Askable[] | null> {
	const view: NoteView | null = await noteView(handle(), actor, note);
	if (view === null || !view.mayInvite) return null;
	const names = new Map<string, string>();
	const nameOf = async (ward: WardId): Promise<string> => {
		const name = names.get(ward) ?? (await wardRules(handle(), ward))?.name ?? '';
		names.set(ward, name);
		return name;
	};
	const doctors = (await doctorsOf(handle(), actor.organization)).filter(({ wards }) => wards === '*' || !wards.includes(view.note.ward));
	return Promise.all(
		doctors.map(async ({ user, name, role, wards }) => ({ user, name, role, wards: wards === '*' ? [] : await Promise.all(wards.map(nameOf)) }))
	);
}

/** A note as paper: the frozen text of its last version, or the draft with a word that says so. */
export async function loadPrint(actor: Actor, id: string, traced: boolean): Promise<PrintData | null> {
	const view = await noteView(handle(), actor, id);
	if (view === null) {
		await turnedAway(actor, id);
		return null;
	}
	const now = Date.now();
	await read(actor, { purpose: 'print', patient: view.note.patient, allow: true, detail: { note: id } });
	const patient = await patientById(handle(), view.note.patient);
	const version = await versionContent(handle(), id);
	const content = version?.content ?? (await writtenNow(handle(), view.note));
	if (patient === null || content === null) return null;
	const stay = await activeStay(handle(), view.note.patient);
	return {
		now,
		note: id,
		date: view.note.date,
		patient,
		wardName: (await wardRules(handle(), view.note.ward))?.name ?? '',
		bed: stay?.id === view.note.stay ? (stay.bed?.number ?? null) : null,
		content,
		version: version?.version ?? null,
		traced,
		signatures: view.signatures,
		addenda: view.addenda
	};
}

async function rowOf(
	actor: Actor,
	{ id, patient, type, date }: { readonly id: string; readonly patient: string; readonly type: NoteType; readonly date: string }
) {
	const person = await patientById(handle(), patient as PatientId);
	if (person === null) return null;
	const stay = await activeStay(handle(), patient as PatientId);
	await read(actor, { purpose: 'worklist', patient, allow: true });
	return { note: id, type, date, name: person.name, mrn: person.mrn, bed: stay?.bed?.number ?? null, ward: stay?.ward ?? null };
}

/** Notes whose next signature is mine to give. */
export async function loadToSign(actor: Actor): Promise<readonly Waiting[]> {
	const rows: Waiting[] = [];
	for (const waiting of await notesToSign(handle(), actor)) {
		const row = await rowOf(actor, waiting);
		if (row !== null) rows.push(row);
	}
	return rows;
}

/** Notes I was asked to write a consultant's part in. */
export async function loadAsked(actor: Actor): Promise<readonly Asked[]> {
	const rows: Asked[] = [];
	for (const asked of await consultationsOf(handle(), actor)) {
		const row = await rowOf(actor, asked);
		if (row === null) continue;
		const { reason, urgent, invitedBy, invitedAt, written } = asked;
		const wardName = row.ward === null ? '' : ((await wardRules(handle(), row.ward))?.name ?? '');
		rows.push({ ...row, wardName, reason, urgent, invitedBy, invitedAt, written, dueAt: invitedAt + CONSULT_MS[urgent ? 'urgent' : 'routine'] });
	}
	return rows;
}
