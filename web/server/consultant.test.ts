import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { contentHash, contentOf } from '@tongping/domain/clinical-document';
import type { Actor, Outcome } from '@tongping/domain/kernel';
import { hospital, type TestHospital } from '@tongping/domain/kernel/server';
import { demoPatient, mayLinkPatients, readsAsGuest } from '@tongping/domain/patient';
import { AFTERCARE_MS, careOf, mayReadPatient } from '@tongping/domain/patient/server';
import { demoPerson } from '@tongping/domain/organization';
import { writeParagraph } from '../../domain/src/clinical-document/note/fixtures.ts';
import { worklist } from '../../domain/src/imaging/study/server/views.ts';
import { get, imagingHouse, layStudies, person, row, stranger } from '../../domain/src/imaging/study/server/testing.fixtures.ts';
import { registry } from '../../domain/src/registry.ts';

const OTHER = demoPatient('male/02').id;
const FRAME = 'studies/2.25.900/series/2.25.901/instances/2.25.9010/frames/1';
const doctor = (username: Parameters<typeof demoPerson>[0]): Actor => {
	const { id, name, role, organization, wards } = demoPerson(username);
	return { user: id, name, role, organization, wards, session: `session-${username}`, steppedUpAt: Date.now() };
};
const attending = doctor('attending1');
const resident = doctor('resident1');

describe('a doctor of another ward who is asked for an opinion', () => {
	let house: TestHospital;
	let note = '';
	beforeAll(async () => {
		process.env['TONGPING_DEMO_PASSWORD'] ??= 'correct-horse-battery';
		house = await imagingHouse(registry.filter(({ id }) => !id.startsWith('imaging.') && !id.startsWith('imaging/')));
		await layStudies();
		const { events } = await done('clinical-document.note.open', { patient: person.id, stay: person.stay, type: 'daily-progress' }, resident);
		note = (events[0] as unknown as { note: string }).note;
	}, 60_000);
	afterAll(() => house.close());

	async function done(command: string, input: unknown, actor: Actor): Promise<Extract<Outcome, { kind: 'done' }>> {
		const outcome = await house.execute(command, input, actor);
		if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
		return outcome;
	}
	/** The same question through every door that leads to this patient. */
	async function doors(actor: Actor, patient: string, now = Date.now()): Promise<Record<string, boolean>> {
		const { reader, registry: served } = hospital();
		const study = await row('2.25.900');
		const watch = (name: string, id: string) =>
			served
				.flatMap(({ watched = [] }) => watched)
				.find((one) => one.name === name)!
				.may(reader, actor, id, now);
		const room = async (kind: string, id: string) =>
			(await served
				.flatMap(({ live = [] }) => live)
				.find((one) => one.kind === kind)!
				.admit(reader, actor, id)) !== null;
		return {
			chart: await mayReadPatient(reader, actor, patient as never, now),
			'topic patient': await watch('patient', patient),
			'topic notes': await watch('notes', patient),
			...(patient === person.id
				? {
						'topic study': await watch('imaging-study', study.study),
						worklist: (await worklist(actor)).some((line) => line.studyUid === '2.25.900'),
						QIDO: (await get(actor, 'studies?StudyInstanceUID=2.25.900')).status === 200,
						metadata: (await get(actor, 'studies/2.25.900/metadata')).status === 200,
						frame: (await get(actor, FRAME)).status === 200,
						'shared reading': await room('reading', study.reading),
						report: await room('report', study.report)
					}
				: {})
		};
	}
	const all = (verdicts: Record<string, boolean>, verdict: boolean) =>
		expect(verdicts).toEqual(Object.fromEntries(Object.keys(verdicts).map((door) => [door, verdict])));

	it('finds every door shut before, open after, and only those of this patient', async () => {
		all(await doors(stranger, person.id), false);
		await done('clinical-document.note.invite-consultant', { note, patient: person.id, user: stranger.user, reason: '请指导用药', urgent: false }, attending);
		const open = await doors(stranger, person.id);
		// A report that is still being written is shut to the ward too.
		expect(open).toEqual(await doors(resident, person.id));
		all({ ...open, report: true }, true);
		all(await doors(stranger, OTHER), false);
		// Another doctor of the same department was not asked.
		all(await doors({ ...stranger, user: doctor('pharmacist1').user }, person.id), false);
		// The right is a doctor's: a name in the list opens nothing for another profession.
		all(await doors({ ...stranger, role: 'nurse' }, person.id), false);
	});

	it('reads, and records or links nothing outside their part', async () => {
		const care = await careOf(hospital().reader, [person.id], Date.now());
		expect(readsAsGuest(stranger, care)).toBe(true);
		expect(mayLinkPatients({ ...stranger, role: 'chief' }, care)).toBe(false);
		const outcome = await house.execute('clinical-record.condition.record', { patient: person.id, code: 'F20.0', display: '偏执型精神分裂症' }, stranger);
		expect(outcome.kind).toBe('forbidden');
	});

	it('has answered when the note is sealed; some days later the doors are shut again', async () => {
		const doc = new Y.Doc();
		for (const root of ['subjective', 'objective', 'assessment', 'plan']) writeParagraph(doc, root, [{ text: '查房所见。' }]);
		await hospital().writer.append([
			{ doc: `note/${note}`, generation: 1, update: Y.encodeStateAsUpdate(doc), user: resident.user, session: resident.session }
		]);
		for (const signer of [resident, attending])
			await done('clinical-document.note.sign', { note, patient: person.id, hash: contentHash(contentOf(doc, 'daily-progress')) }, signer);
		expect(await mayReadPatient(hospital().reader, stranger, person.id)).toBe(true);
		expect(await mayReadPatient(hospital().reader, stranger, person.id, Date.now() + AFTERCARE_MS + 60_000)).toBe(false);
	});
});
