import { ok, type Actor, type PatientId, type Result } from '../../../kernel/index.ts';
import { Denied, hospital } from '../../../kernel/server/index.ts';
import { factOfAnother } from '../../../clinical-record/server.ts';
import { idsBySource, takenForAnother } from '../../../patient/server.ts';
import { KINDS, MAX_BUNDLE_BYTES, type Counted, type FhirImported, type FhirRefusal, type Kind } from '../fhir-import.ts';
import { mayImportRecords } from '../policy.ts';
import { readPlan } from './reader.ts';

/** Rows in one write: the writer thread is free again for the ward within 20 ms. */
const CHUNK = 100;
export type FhirProgress = (kind: Kind, done: number, total: number) => void;

/**
 * A whole bundle or nothing of it: it is read and checked to its end before the first row is written.
 * Each owner writes its own facts; a source already known changes nothing, so an import cut off half-way is simply repeated.
 */
export async function importFhir(actor: Actor, text: string, onProgress: FhirProgress = () => undefined): Promise<Result<FhirImported, FhirRefusal>> {
	if (!mayImportRecords(actor)) throw new Denied();
	if (text.length > MAX_BUNDLE_BYTES) return { ok: false, refusal: { code: 'fhir-too-large', facts: { limit: MAX_BUNDLE_BYTES / 1_048_576 } } };
	const read = await readPlan(text);
	if (!read.ok) return read;
	const plan = read.value;
	const { organization } = actor;
	const other = await takenForAnother(hospital().reader, { organization, patients: plan.patients });
	if (other !== null) return { ok: false, refusal: { code: 'fhir-other-person', facts: { source: other.source, record: other.mrn } } };
	const here = await idsBySource(hospital().reader, { organization, patients: plan.patients });
	const about = (rows: readonly { readonly source: string; readonly patient: string }[]) =>
		rows.map(({ source, patient }) => ({ source, patient: here.get(patient) ?? null }));
	const { encounters, conditions, allergies, observations, medications } = plan;
	const source = await factOfAnother(hospital().reader, organization, {
		encounter: about(encounters),
		condition: about(conditions),
		allergy: about(allergies),
		observation: about(observations),
		medication: about(medications)
	});
	if (source !== null) return { ok: false, refusal: { code: 'fhir-other-record', facts: { source } } };
	const counted = Object.fromEntries(KINDS.map((kind) => [kind, { found: 0, created: 0 }])) as Record<Kind, Counted>;
	const write = async <T>(kind: Kind, task: string, rows: readonly T[], input: (chunk: readonly T[]) => object): Promise<void> => {
		let created = 0;
		for (let from = 0; from < rows.length; from += CHUNK) {
			const done = (await hospital().writer.task(task, { organization, ...input(rows.slice(from, from + CHUNK)) })) as { readonly created: number };
			created += done.created;
			onProgress(kind, Math.min(from + CHUNK, rows.length), rows.length);
		}
		counted[kind] = { found: rows.length, created };
	};
	const ids: Record<string, PatientId> = {};
	const known = <T extends { readonly patient: string }>({ patient, ...row }: T) => ({ ...row, patient: ids[patient] });

	const patients = (await hospital().writer.task('patient.registry.import', { organization, patients: plan.patients })) as {
		readonly ids: Readonly<Record<string, PatientId>>;
		readonly created: number;
	};
	Object.assign(ids, patients.ids);
	counted.patients = { found: plan.patients.length, created: patients.created };
	await write('encounters', 'clinical-record.encounter.import', encounters, (rows) => ({ rows: rows.map(known) }));
	await write('conditions', 'clinical-record.condition.import', conditions, (rows) => ({ rows: rows.map(known) }));
	await write('allergies', 'clinical-record.allergy.import', allergies, (rows) => ({ rows: rows.map(known), noneKnown: [] }));
	if (plan.noneKnown.length > 0)
		await hospital().writer.task('clinical-record.allergy.import', { organization, rows: [], noneKnown: plan.noneKnown.map(known) });
	await write('observations', 'clinical-record.observation.import', observations, (rows) => ({ rows: rows.map(known) }));
	await write('medications', 'clinical-record.medication.import', medications, (rows) => ({ rows: rows.map(known) }));

	for (const patient of Object.values(ids)) {
		const detail = Object.fromEntries(KINDS.map((kind) => [kind, counted[kind].created]));
		await hospital().writer.task('kernel.audit', {
			organization,
			user: actor.user,
			session: actor.session,
			action: 'interoperability.fhir-import.import',
			purpose: 'operations',
			patient,
			outcome: 'done',
			detail
		});
	}
	return ok({ kinds: counted, ignored: plan.ignored });
}
