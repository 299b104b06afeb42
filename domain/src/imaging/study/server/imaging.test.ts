import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type Actor } from '../../../kernel/index.ts';
import { db, type TestHospital } from '../../../kernel/server/index.ts';
import { served as organization } from '../../../organization/organization/server/index.ts';
import { served as ward } from '../../../organization/ward/server/index.ts';
import { served as patients } from '../../../patient/registry/server/index.ts';
import { demoPatient } from '../../../patient/index.ts';
import { reportLive } from '../../report/server/index.ts';
import { readingLive } from '../../reading/server/index.ts';
import { smallImage } from '../fixtures.ts';
import { importDicom } from './ingest/receive.ts';
import { stow } from './stow.ts';
import { admin, agreeing, BASE, codeOf, get, imagingHouse, multipart, nurse, person, resident, reviewer, row, stranger, writer } from './testing.fixtures.ts';

let house: TestHospital;
let folder: string;
beforeAll(async () => {
	house = await imagingHouse([organization, ward, patients]);
	folder = mkdtempSync(join(tmpdir(), 'tongping-import-'));
});
afterAll(async () => {
	await house.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('import', () => {
	it('lists every file, follows no link, stores twice once, refuses other bytes under the same UID', async () => {
		for (const number of [1, 2, 3])
			writeFileSync(join(folder, `${number}.dcm`), smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: `2.25.90${number}0`, number }));
		writeFileSync(join(folder, 'readme.txt'), 'not an image');
		symlinkSync('/etc/passwd', join(folder, 'z-link'));
		const first = await importDicom(folder, { actor: writer });
		expect(first).toMatchObject({ stored: 3, known: 0, refused: 2 });
		expect(first.files.map(({ name, outcome }) => [name, outcome.kind === 'refused' ? outcome.reason : outcome.kind])).toEqual([
			['1.dcm', 'stored'],
			['2.dcm', 'stored'],
			['3.dcm', 'stored'],
			['readme.txt', 'not-dicom'],
			['z-link', 'link']
		]);
		expect(await importDicom(folder, { actor: writer })).toMatchObject({ stored: 0, known: 3, refused: 2 });
		writeFileSync(join(folder, '1.dcm'), smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: '2.25.9010', number: 9 }));
		const again = await importDicom(join(folder, '1.dcm'), { actor: writer });
		expect(again.files[0]?.outcome).toMatchObject({ kind: 'refused', reason: 'same-uid-other-bytes' });
	});

	it('one study is one person', async () => {
		const foreign = join(folder, 'foreign.dcm');
		writeFileSync(foreign, smallImage({ ...agreeing, patientId: 'SOMEONE', study: '2.25.900', series: '2.25.901', sop: '2.25.90999' }));
		expect((await importDicom(foreign, { actor: writer })).files[0]?.outcome).toMatchObject({ reason: 'patient-differs-in-study' });
	});
});

describe('whose picture', () => {
	it('number, birth date and sex together match by themselves', async () => {
		expect((await row('2.25.900')).matching).toMatchObject({ kind: 'matched', patient: person.id, how: 'identifiers', identity: 'agrees' });
	});

	it('a name alone never does; a person may, and has to have seen the differences', async () => {
		const response = await stow(
			writer,
			multipart([smallImage({ ...agreeing, patientId: 'TEMP-7', study: '2.25.800', series: '2.25.801', sop: '2.25.802' })]),
			null,
			BASE
		);
		expect(response.status).toBe(200);
		const waiting = await row('2.25.800');
		expect(waiting.matching).toEqual({ kind: 'unmatched' });
		const match = (differences: readonly string[], actor = writer) =>
			house.execute('imaging.study.match', { study: waiting.study, patient: person.id, differences }, actor);
		expect(codeOf(await match([]))).toBe('identity-differs');
		expect(codeOf(await match([], resident))).toBe('forbidden');
		expect(codeOf(await match(['patient-id']))).toBe('done');
		const matched = await row('2.25.800');
		expect(matched.matching).toMatchObject({ identity: 'differs' });
		expect(
			codeOf(await house.execute('imaging.report.submit', { study: matched.study, patient: person.id, report: matched.report, hash: '0'.repeat(64) }, writer))
		).toBe('identity-mismatch');
		const confirm = (actor: Actor) =>
			house.execute('imaging.study.confirm-identity', { study: matched.study, patient: person.id, differences: ['patient-id'], reason: '急诊临时号' }, actor);
		expect(codeOf(await confirm(writer))).toBe('forbidden');
		expect(codeOf(await confirm(reviewer))).toBe('done');
		expect((await row('2.25.800')).matching).toMatchObject({ identity: 'confirmed' });
		expect(codeOf(await house.execute('imaging.study.unmatch', { study: matched.study, patient: demoPatient('male/02').id, reason: '认错人' }, writer))).toBe(
			'patient-mismatch'
		);
		expect(codeOf(await house.execute('imaging.study.unmatch', { study: matched.study, patient: person.id, reason: '认错人' }, writer))).toBe('done');
	});
});

describe('who sees it', () => {
	it.each([
		['radiologist', writer, 200, 404],
		['resident of the ward', resident, 200, 404],
		['nurse of the ward', nurse, 200, 404],
		['resident of another ward', stranger, 404, 404],
		['administrator', admin, 404, 404],
		['nobody', null, 401, 401]
	] as const)('%s', async (_, actor, seen, unknown) => {
		const all = [
			'studies/2.25.900',
			'studies/2.25.900/metadata',
			'studies/2.25.900/series',
			'studies/2.25.900/series/2.25.901/instances/2.25.9010/frames/1',
			'studies/2.25.900/series/2.25.901/instances/2.25.9010/rendered'
		];
		for (const path of all) expect([path, (await get(actor, path)).status]).toEqual([path, seen]);
		expect((await get(actor, 'studies/1.2.3.4')).status).toBe(unknown);
		if (seen === 404) expect(await (await get(actor, 'studies/2.25.900')).text()).toBe(await (await get(actor, 'studies/1.2.3.4')).text());
	});

	it('an unmatched study is radiology’s alone, and lists follow', async () => {
		expect((await get(resident, 'studies/2.25.800')).status).toBe(404);
		expect((await (await get(writer, 'studies')).json()) as unknown[]).toHaveLength(2);
		expect((await (await get(resident, 'studies')).json()) as unknown[]).toHaveLength(1);
		expect((await get(stranger, 'studies')).status).toBe(204);
		expect((await get(admin, 'studies')).status).toBe(204);
	});

	it('looking at a hundred frames is one audit line', async () => {
		const lines = async () =>
			Number(
				(
					await db<{ audit: { purpose: string; user: string } }>()
						.selectFrom('audit')
						.select((e) => e.fn.countAll().as('n'))
						.where('purpose', '=', 'imaging')
						.where('user', '=', nurse.user)
						.executeTakeFirstOrThrow()
				).n
			);
		const before = await lines();
		for (let index = 0; index < 100; index++) await get({ ...nurse, session: 'another' }, 'studies/2.25.900/series/2.25.901/instances/2.25.9010/frames/1');
		expect(await lines()).toBe(before + 1);
	});

	it('the room of a reading and of a report', async () => {
		const { reading: room, report: draft } = await row('2.25.900');
		expect(await readingLive.admit(db(), resident, room)).toMatchObject({ writes: '*', mode: 'session' });
		expect(await readingLive.admit(db(), nurse, room)).toMatchObject({ writes: [] });
		expect(await readingLive.admit(db(), stranger, room)).toBeNull();
		expect(await readingLive.admit(db(), writer, newId())).toBeNull();
		expect(await reportLive.admit(db(), resident, draft)).toBeNull();
		expect(await reportLive.admit(db(), writer, draft)).toMatchObject({ writes: ['findings', 'impression'] });
	});
});
