import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { Actor, Outcome } from '../../../kernel/index.ts';
import { openWriting, testHospital, type TestHospital } from '../../../kernel/server/index.ts';
import { registry } from '../../../registry.ts';
import { contentHash, contentOf } from '../content.ts';
import { addendumHash } from '../decide.ts';
import {
	attending,
	chief,
	headNurse,
	nurse,
	patient,
	person,
	pharmacist,
	potassium,
	radiologist,
	resident,
	stay,
	ward,
	writeParagraph,
	writtenDoc
} from '../fixtures.ts';
import type { AddendumId, NoteType } from '../note.ts';
import type { NoteDoors } from './doors.ts';
import { noteView, versionContent } from './queries.ts';
import { noteLive, serveNotes } from './serve.ts';

const LOWER = new Set(['organization', 'patient', 'clinical-record', 'nursing', 'inpatient']);
const lower = registry.filter((served) => LOWER.has(served.id.split('.')[0] ?? ''));

/** The ward of this test: one stay, one doctor to consult, one potassium value. */
const doors: NoteDoors = {
	stayOf: async (_handle, id) => (id === stay ? { patient, ward, endedAt: null } : null),
	askOpinion: () => Promise.resolve(),
	endOpinion: () => Promise.resolve(),
	isDoctor: async (_handle, user) => user === chief.user,
	chipHolds: async (_handle, _note, chip) => chip.observation === potassium.observation && chip.value === potassium.value
};

describe('notes on disk', () => {
	let house: TestHospital;
	beforeEach(async () => {
		house = await testHospital([...lower, serveNotes(doors)]);
	});
	afterEach(async () => {
		await house.close();
	});

	const handle = () => house.hospital.reader;
	const room = (id: string) => `note/${id}`;
	const write = async (id: string, doc: Y.Doc, by: Actor, generation = 0) =>
		house.hospital.writer.append([{ doc: room(id), generation, update: Y.encodeStateAsUpdate(doc), user: by.user, session: by.session }]);
	const open = async (type: NoteType = 'daily-progress', by: Actor = resident): Promise<string> => {
		const outcome = await house.execute('clinical-document.note.open', { patient, stay, type }, by);
		if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
		return (outcome.events[0] as unknown as { note: string }).note;
	};
	const sign = (note: string, doc: Y.Doc, by: Actor, type: NoteType = 'daily-progress'): Promise<Outcome> =>
		house.execute('clinical-document.note.sign', { note, patient, hash: contentHash(contentOf(doc, type)) }, { ...by, steppedUpAt: Date.now() });
	const refusal = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);

	it('opens one note a stay, type and day, for those who write in it', async () => {
		const id = await open();
		expect(await open('daily-progress', attending)).toBe(id);
		expect(await open('nursing-record', nurse)).not.toBe(id);
		expect((await house.execute('clinical-document.note.open', { patient, stay, type: 'daily-progress' }, nurse)).kind).toBe('forbidden');
		expect((await house.execute('clinical-document.note.open', { patient, stay: stay.replace('s', 'z'), type: 'daily-progress' }, resident)).kind).toBe(
			'forbidden'
		);
	});

	it('signs in order, ends rights step by step, seals with the last signature in one commit', async () => {
		const id = await open();
		const doc = writtenDoc();
		await write(id, doc, resident);
		expect(refusal(await sign(id, doc, attending))).toBe('other-turn');
		expect((await sign(id, doc, resident)).kind).toBe('done');
		expect((await noteLive.admit(handle(), resident, id))?.writes).toEqual([]);
		expect((await noteLive.admit(handle(), attending, id))?.writes).toContain('plan');
		expect(await write(id, doc, resident)).toMatchObject([{ ok: false, reason: 'generation' }]);
		expect(refusal(await sign(id, doc, resident))).toBe('already-signed');

		writeParagraph(doc, 'plan', [{ text: '先减量', insertion: { user: attending.user, name: attending.name, role: 'attending', at: 1 } }]);
		await write(id, doc, attending, 1);
		expect((await sign(id, doc, attending)).kind).toBe('done');
		expect(await write(id, doc, attending, 2)).toMatchObject([{ ok: false, reason: 'sealed' }]);
		expect(await noteLive.admit(handle(), attending, id)).toMatchObject({ sealed: true, writes: [] });
		expect(refusal(await sign(id, doc, attending))).toBe('note-sealed');

		const view = await noteView(handle(), resident, id);
		expect(view?.signatures.map((s) => [s.version, s.by, s.holds, s.traceComplete])).toEqual([
			[1, '李晨', true, true],
			[2, '陈书遥', true, true]
		]);
		expect((await versionContent(handle(), id))?.version).toBe(2);
	});

	it('signs exactly what stood on the screen, and asks for the password first', async () => {
		const id = await open();
		const doc = writtenDoc();
		await write(id, doc, resident);
		writeParagraph(doc, 'plan', [{ text: '还没有送达' }]);
		expect(refusal(await sign(id, doc, resident))).toBe('text-changed');
		const stale = await house.execute('clinical-document.note.sign', { note: id, patient, hash: '0'.repeat(64) }, { ...resident, steppedUpAt: 0 });
		expect(refusal(stale)).toBe('step-up-needed');
	});

	it('refuses empty sections, foreign nodes and values the record does not hold', async () => {
		const empty = await open('first-progress');
		expect(refusal(await sign(empty, new Y.Doc(), resident, 'first-progress'))).toBe('section-empty');
		const id = await open();
		const doc = writtenDoc();
		writeParagraph(doc, 'objective', [{ ...potassium, value: '2.1' }]);
		await write(id, doc, resident);
		expect(await sign(id, doc, resident)).toMatchObject({ refusal: { code: 'chip-not-in-record', facts: { value: '2.1' } } });
		doc.getXmlFragment('plan').push([new Y.XmlElement('iframe')]);
		await write(id, doc, resident);
		expect(
			refusal(await house.execute('clinical-document.note.sign', { note: id, patient, hash: '0'.repeat(64) }, { ...resident, steppedUpAt: Date.now() }))
		).toBe('content-not-allowed');
	});

	it('says in the version when words went without a trace', async () => {
		const id = await open();
		const doc = writtenDoc();
		await write(id, doc, resident);
		await sign(id, doc, resident);
		doc.getXmlFragment('assessment').delete(0, 1);
		writeParagraph(doc, 'assessment', [{ text: '换了一句话' }]);
		await write(id, doc, attending, 1);
		expect((await sign(id, doc, attending)).kind).toBe('done');
		expect((await noteView(handle(), attending, id))?.signatures[1]?.traceComplete).toBe(false);
	});

	it('admits each role to its sections, and looks the same to those outside as no note at all', async () => {
		const id = await open();
		const writes = async (actor: Actor) => (await noteLive.admit(handle(), actor, id))?.writes ?? null;
		expect(await writes(resident)).toEqual(['subjective', 'objective', 'assessment', 'plan']);
		expect(await writes(attending)).toEqual(['subjective', 'objective', 'assessment', 'plan', 'pharmacy', 'consult']);
		expect(await writes(pharmacist)).toEqual(['pharmacy']);
		expect(await writes(nurse)).toEqual([]);
		expect(await writes(radiologist)).toEqual([]);
		const outsider = { ...person('chief', '外院', []), user: 'other' as Actor['user'] };
		expect(await writes(outsider)).toBeNull();
		expect(await noteLive.admit(handle(), resident, 'unknown')).toBeNull();
		expect(await writes({ ...resident, organization: 'elsewhere' as Actor['organization'] })).toBeNull();
		const guest = { ...chief, wards: [] };
		expect(await writes(guest)).toBeNull();
		await house.execute('clinical-document.note.invite-consultant', { note: id, patient, user: chief.user, reason: '低钾，请指导补钾' }, attending);
		expect(await writes(guest)).toEqual(['consult']);
		const record = await open('nursing-record', nurse);
		expect((await noteLive.admit(handle(), nurse, record))?.writes).toEqual(['observation', 'measures']);
		expect((await noteLive.admit(handle(), attending, record))?.writes).toEqual([]);
		expect((await noteLive.admit(handle(), headNurse, record))?.writes).toEqual(['observation', 'measures']);
	});

	it('asks a doctor once, never oneself, a nurse or a document without such a part; the part stays theirs after the first signature', async () => {
		const id = await open();
		const invite = (input: object, by: Actor = attending): Promise<Outcome> =>
			house.execute('clinical-document.note.invite-consultant', { note: id, patient, user: chief.user, reason: '请会诊', ...input }, by);
		expect((await invite({ reason: ' ' })).kind).toBe('invalid');
		expect((await invite({}, nurse)).kind).toBe('forbidden');
		expect((await invite({}, { ...attending, wards: [] })).kind).toBe('forbidden');
		expect(refusal(await invite({ user: nurse.user }))).toBe('not-a-doctor');
		expect(refusal(await invite({}, chief))).toBe('invites-oneself');
		expect(refusal(await invite({ note: await open('first-progress') }))).toBe('no-consultation-here');
		const first = await invite({ urgent: true });
		expect(first).toMatchObject({ kind: 'done', events: [{ user: chief.user, urgent: true, reason: '请会诊' }] });
		expect(await invite({ reason: '再请一次' })).toEqual({ kind: 'done', events: [] });
		const doc = writtenDoc();
		await write(id, doc, resident, 1);
		expect((await sign(id, doc, resident)).kind).toBe('done');
		const guest = { ...chief, role: 'resident' as const, wards: [] };
		expect((await noteLive.admit(handle(), guest, id))?.writes).toEqual(['consult']);
		expect((await noteLive.admit(handle(), resident, id))?.writes).toEqual([]);
	});

	it('keeps late words as an addendum of their author, signed by itself', async () => {
		const id = await open();
		const doc = writtenDoc();
		const late = { note: id, patient, root: 'plan', text: '离线时写的话', origin: 'late' };
		expect(refusal(await house.execute('clinical-document.note.propose-addendum', late, resident))).toBe('note-still-open');
		await write(id, doc, resident);
		await sign(id, doc, resident);
		const proposed = await house.execute('clinical-document.note.propose-addendum', late, resident);
		const addendum = (proposed.kind === 'done' ? (proposed.events[0] as unknown as { addendum: string }).addendum : '') as AddendumId;
		const input = { note: id, patient, addendum, hash: addendumHash({ id: addendum, root: 'plan', text: late.text }) };
		expect(refusal(await house.execute('clinical-document.note.sign-addendum', input, { ...attending, steppedUpAt: Date.now() }))).toBe('addendum-of-another');
		expect((await house.execute('clinical-document.note.sign-addendum', input, { ...resident, steppedUpAt: Date.now() })).kind).toBe('done');
		expect(refusal(await house.execute('clinical-document.note.sign-addendum', input, { ...resident, steppedUpAt: Date.now() }))).toBe('addendum-signed');
		expect((await noteView(handle(), resident, id))?.addenda).toMatchObject([{ state: 'signed', text: late.text }]);
	});

	it('never changes a signed row, whoever asks', async () => {
		const id = await open();
		const doc = writtenDoc();
		await write(id, doc, resident);
		await sign(id, doc, resident);
		const { raw } = openWriting(`${house.dataDir}/tongping.db`);
		try {
			for (const sql of [
				`update note_version set content = '{}'`,
				'delete from note_version',
				`update note_signature set author = 'x'`,
				'delete from note_signature'
			])
				expect(() => raw.prepare(sql).run([]), sql).toThrow(/a signed row is never/);
		} finally {
			raw.close();
		}
	});
});
