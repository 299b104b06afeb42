import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorsOf } from '../../../kernel/server/live-history.ts';
import { momentsOf, storedUpdates } from '../../../kernel/server/live-history-read.ts';
import { testHospital, type TestHospital } from '../../../kernel/server/index.ts';
import { demoPerson } from '../../../organization/index.ts';
import { registry } from '../../../registry.ts';
import type { Actor } from '../../../kernel/index.ts';
import { canonical } from '../content.ts';
import type { NoteDoors } from './doors.ts';
import { noteView, versionContent } from './queries.ts';
import { noteOf, writtenOf } from './read.ts';
import { noteLive, serveNotes } from './serve.ts';
import { noteTables } from './tables.ts';

const LOWER = new Set(['organization', 'patient', 'clinical-record', 'nursing', 'inpatient']);
const lower = registry.filter((served) => LOWER.has(served.id.split('.')[0] ?? ''));
const never = (): never => {
	throw new Error('the demo asks no lower context');
};
const doors: NoteDoors = { stayOf: never, isDoctor: never, chipHolds: never, askOpinion: never, endOpinion: never };

describe('the notes the demo ward wrote before it opened', () => {
	let house: TestHospital;
	beforeAll(async () => {
		house = await testHospital([...lower, serveNotes(doors)], { seedAt: Date.now() });
	}, 60_000);
	afterAll(() => house.close());
	const handle = () => house.hospital.reader;
	const reader = (): Actor => {
		const { id, name, role, organization, wards } = demoPerson('chief1');
		return { user: id, name, role, organization, wards, session: 's', steppedUpAt: 0 };
	};
	const all = () => noteTables(handle()).selectFrom('note').select(['id', 'organization', 'type']).execute();

	it('are sealed, and every signature of them holds', async () => {
		const notes = await all();
		expect(notes.length).toBeGreaterThan(100);
		for (const { id } of notes) {
			const view = await noteView(handle(), { ...reader(), wards: '*' }, id);
			expect(view?.note.sealed).toBe(true);
			expect(view?.signatures.every(({ holds, traceComplete }) => holds && traceComplete)).toBe(true);
			expect(await noteLive.admit(handle(), { ...reader(), wards: '*' }, id)).toMatchObject({ sealed: true, writes: [] });
		}
	});

	it('stand in their live documents as they were signed, each word with its author and time', async () => {
		let revised = 0;
		for (const { id, organization } of await all()) {
			const note = await noteOf(handle(), organization, id);
			if (note === null) throw new Error(id);
			const written = await writtenOf(handle(), note);
			const version = await versionContent(handle(), id);
			expect(written.kind === 'content' && canonical(written.content)).toBe(canonical(version?.content));
			const rows = await storedUpdates(handle(), `note/${id}`);
			const roots = authorsOf(rows);
			expect(roots.length).toBeGreaterThan(0);
			expect(momentsOf(rows).length).toBeGreaterThan(1);
			const signers = new Set((await noteTables(handle()).selectFrom('note_signature').select('author').where('note', '=', id).execute()).map((s) => s.author));
			const writers = new Set(roots.flatMap(({ ranges }) => ranges.map(({ user }) => user)));
			expect(writers.isSubsetOf(signers)).toBe(true);
			if (writers.size > 1) revised++;
		}
		expect(revised).toBeGreaterThan(20);
	});
});
