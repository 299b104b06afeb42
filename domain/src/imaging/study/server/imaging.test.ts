import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { newId, type Actor, type Outcome, type PatientId } from '../../../kernel/index.ts';
import { db, testHospital, type TestHospital } from '../../../kernel/server/index.ts';
import { task, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization, demoWards, staff } from '../../../organization/index.ts';
import { served as organization } from '../../../organization/organization/server/index.ts';
import { served as ward } from '../../../organization/ward/server/index.ts';
import { demoPatient } from '../../../patient/index.ts';
import { beginCare } from '../../../patient/server.ts';
import { served as patients } from '../../../patient/registry/server/index.ts';
import { hashOf, readReport } from '../../report/content.ts';
import { reportLive, served as report } from '../../report/server/index.ts';
import { readingLive, served as reading } from '../../reading/server/index.ts';
import { smallImage } from '../fixtures.ts';
import type { WorklistRow } from '../views.ts';
import { dicomweb } from './dicomweb.ts';
import { served as study } from './index.ts';
import { closeIngest, importDicom } from './ingest/receive.ts';
import { stow } from './stow.ts';
import { openStudy, worklist } from './views.ts';

const person = demoPatient('male/01');
const care: Served = {
	id: 'test.care',
	tasks: [
		task<{ patient: PatientId }, void>({ name: 'test.care', run: (trx, { patient }, now) => beginCare(trx, demoOrganization.id, patient, demoWards.male, now) })
	]
};
const actorOf = (username: string): Actor => {
	const found = staff.find((each) => each.username === username);
	if (found === undefined) throw new Error(username);
	return {
		user: found.id,
		name: found.name,
		role: found.role,
		organization: demoOrganization.id,
		wards: found.wards,
		session: `session-${username}`,
		steppedUpAt: Date.now()
	};
};
const [writer, reviewer, resident, stranger, nurse, admin] = ['radiologist1', 'radiologist2', 'resident1', 'resident2', 'nurse1', 'admin1'].map(actorOf) as [
	Actor,
	Actor,
	Actor,
	Actor,
	Actor,
	Actor
];
const BASE = 'http://tongping.test/dicomweb';

let house: TestHospital;
let folder: string;
beforeAll(async () => {
	house = await testHospital([organization, ward, patients, study, reading, report, care], { seedAt: Date.now() });
	await house.hospital.writer.task('test.care', { patient: person.id });
	folder = mkdtempSync(join(tmpdir(), 'tongping-import-'));
});
afterAll(async () => {
	await closeIngest(house.dataDir);
	await house.close();
	rmSync(folder, { recursive: true, force: true });
});

const agreeing = {
	patientId: person.mrn,
	name: `=${person.name.slice(0, 1)}^${person.name.slice(1)}`,
	birthDate: (person.birthDate ?? '').replaceAll('-', ''),
	sex: 'M'
};
const codeOf = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);
const get = (actor: Actor | null, path: string, headers: Record<string, string> = {}): Promise<Response> => {
	const url = new URL(`${BASE}/${path}`);
	return dicomweb(actor, new Request(url, { headers }), url.pathname.replace('/dicomweb/', '').split('/').filter(Boolean), BASE);
};
function multipart(files: readonly Uint8Array[], boundary = 'b0undary'): Request {
	const parts = files.flatMap((file, index) => [
		Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\nContent-Location: f${index}.dcm\r\n\r\n`),
		Buffer.from(file),
		Buffer.from('\r\n')
	]);
	return new Request(`${BASE}/studies`, {
		method: 'POST',
		headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
		body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
	});
}
const row = async (studyUid: string): Promise<WorklistRow> => {
	const found = (await worklist(writer)).find((each) => each.studyUid === studyUid);
	if (found === undefined) throw new Error(`no study ${studyUid}`);
	return found;
};

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

describe('DICOMweb', () => {
	const count = async (query: string): Promise<number> => {
		const response = await get(writer, query);
		return response.status === 204 ? 0 : ((await response.json()) as unknown[]).length;
	};
	it.each([
		['studies?PatientID=TEMP-7', 1],
		['studies?00100020=TEMP-7', 1],
		['studies?PatientID=TEMP*', 1],
		[`studies?PatientName=${encodeURIComponent(person.name.slice(0, 1))}*`, 2],
		['studies?PatientName=Nobody*', 0],
		['studies?PatientName=*25_*', 0],
		['studies?StudyDate=20261101-20261130', 2],
		['studies?StudyDate=-20200101', 0],
		['studies?ModalitiesInStudy=CT&limit=1', 1],
		['studies?ModalitiesInStudy=MR', 0],
		['studies?AccessionNumber=A1', 2],
		['studies?offset=1', 1],
		['studies/2.25.900/series', 1],
		['studies/2.25.900/series/2.25.901/instances', 3],
		['instances?SOPInstanceUID=2.25.9010', 1]
	])('%s', async (query, expected) => {
		expect(await count(query)).toBe(expected);
	});

	it('refuses what it cannot read and says what it did not search by', async () => {
		expect((await get(writer, 'studies?limit=x')).status).toBe(400);
		expect((await get(writer, 'studies?StudyDate=yesterday')).status).toBe(400);
		expect((await get(writer, 'studies?PatientWeight=70')).headers.get('warning')).toContain('PatientWeight');
		expect((await get(writer, 'studies/..%2f..%2fetc')).status).toBe(404);
	});

	it('frames are the stored bytes, may be kept, and only in a form that was asked for', async () => {
		const path = 'studies/2.25.900/series/2.25.901/instances/2.25.9020/frames/1';
		const response = await get(writer, path, { accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*' });
		const body = Buffer.from(await response.arrayBuffer());
		const start = body.indexOf('\r\n\r\n') + 4;
		const file = Buffer.from(smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: '2.25.9020', number: 2 }));
		expect(body.subarray(start, start + 512).equals(file.subarray(file.length - 512))).toBe(true);
		expect(body.toString('latin1', 0, start)).toContain('transfer-syntax=1.2.840.10008.1.2.1');
		const etag = response.headers.get('etag') ?? '';
		expect(response.headers.get('cache-control')).toContain('private');
		expect((await get(writer, path, { 'if-none-match': etag })).status).toBe(304);
		expect((await get(stranger, path, { 'if-none-match': etag })).status).toBe(404);
		expect((await get(writer, path, { accept: 'multipart/related; type="image/jp2"' })).status).toBe(406);
		expect((await get(writer, path.replace('frames/1', 'frames/2'))).status).toBe(404);
	});

	it('several frames of a cine in the order asked for', async () => {
		const file = Buffer.from(smallImage({ ...agreeing, study: '2.25.900', series: '2.25.905', sop: '2.25.906', frames: 3 }));
		expect((await stow(writer, multipart([file]), null, BASE)).status).toBe(200);
		const response = await get(writer, 'studies/2.25.900/series/2.25.905/instances/2.25.906/frames/3,1');
		const body = Buffer.from(await response.arrayBuffer());
		expect(body.length).toBe(Number(response.headers.get('content-length')));
		const boundary = /boundary=(\S+)/u.exec(response.headers.get('content-type') ?? '')?.[1] ?? '';
		const parts = body
			.toString('latin1')
			.split(`--${boundary}`)
			.slice(1, -1)
			.map((part) => part.slice(part.indexOf('\r\n\r\n') + 4, -2));
		const pixels = file.subarray(file.length - 3 * 512).toString('latin1');
		expect(parts).toEqual([pixels.slice(1024), pixels.slice(0, 512)]);
		expect(body.toString('latin1').endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
	});

	it('metadata as DICOM JSON, plain and packed', async () => {
		const plain = await get(writer, 'studies/2.25.900/series/2.25.901/metadata');
		const list = (await plain.json()) as Record<string, { Value?: unknown[] }>[];
		expect(list.map((each) => each['00080018']?.Value?.[0])).toEqual(['2.25.9010', '2.25.9020', '2.25.9030']);
		expect((await get(writer, 'studies/2.25.900/metadata', { 'accept-encoding': 'gzip' })).headers.get('content-encoding')).toBe('gzip');
	});

	it('whole instances come back byte for byte', async () => {
		const body = Buffer.from(await (await get(writer, 'studies/2.25.900/series/2.25.901')).arrayBuffer());
		for (const number of [2, 3])
			expect(body.includes(Buffer.from(smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: `2.25.90${number}0`, number })))).toBe(true);
	});

	it('a picture for lists', async () => {
		const response = await get(writer, 'studies/2.25.900/series/2.25.901/rendered?viewport=8,8');
		expect(response.headers.get('content-type')).toBe('image/png');
		expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 1, 4)).toBe('PNG');
	});
});

describe('STOW-RS', () => {
	const send = (request: Request, actor = writer): Promise<Response> => dicomweb(actor, request, ['studies'], BASE);
	it('answers per instance, with a reason for each that was refused', async () => {
		const response = await send(
			multipart([smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: '2.25.9040', number: 4 }), Buffer.from('rubbish')])
		);
		expect(response.status).toBe(202);
		const body = (await response.json()) as Record<string, { Value: Record<string, { Value: unknown[] }>[] }>;
		expect(body['00081199']?.Value[0]?.['00081155']?.Value).toEqual(['2.25.9040']);
		expect(body['00081198']?.Value[0]?.['00081197']?.Value).toEqual([0xc000]);
		expect(body['00081198']?.Value[0]?.['00000902']?.Value).toEqual(['not-dicom']);
	});
	it('to one study takes no other', async () => {
		const response = await dicomweb(writer, multipart([smallImage({ sop: '2.25.31', study: '2.25.32', series: '2.25.33' })]), ['studies', '2.25.900'], BASE);
		expect(response.status).toBe(409);
		expect((await get(writer, 'studies/2.25.32')).status).toBe(404);
	});
	it.each([
		['a nurse', nurse, multipart([]), 403],
		['no multipart', writer, new Request(`${BASE}/studies`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }), 415],
		[
			'no boundary',
			writer,
			new Request(`${BASE}/studies`, { method: 'POST', headers: { 'content-type': 'multipart/related; type="application/dicom"' }, body: 'x' }),
			400
		],
		[
			'a boundary that is none',
			writer,
			new Request(`${BASE}/studies`, { method: 'POST', headers: { 'content-type': `multipart/related; boundary="${'x'.repeat(71)}"` }, body: 'x' }),
			400
		],
		[
			'cut short',
			writer,
			new Request(`${BASE}/studies`, {
				method: 'POST',
				headers: { 'content-type': 'multipart/related; boundary=b' },
				body: '--b\r\nContent-Type: application/dicom\r\n\r\nabc'
			}),
			400
		],
		[
			'headers without end',
			writer,
			new Request(`${BASE}/studies`, { method: 'POST', headers: { 'content-type': 'multipart/related; boundary=b' }, body: `--b\r\nX: ${'y'.repeat(20_000)}` }),
			400
		]
	] as const)('refuses %s', async (_, actor, request, status) => {
		expect((await send(request, actor)).status).toBe(status);
	});
	it('bounds parts and sizes', async () => {
		const limits = { parts: 2, headerBytes: 500, partBytes: 2000, totalBytes: 9000 };
		const big = smallImage({ rows: 40, columns: 40 });
		expect((await stow(writer, multipart([big]), null, BASE, limits)).status).toBe(413);
		expect((await stow(writer, multipart([Buffer.from('a'), Buffer.from('b'), Buffer.from('c')]), null, BASE, limits)).status).toBe(413);
		expect((await stow(writer, multipart([big, big, big]), null, BASE, limits)).status).toBe(413);
	});
	it('finds the parts wherever the network cuts the stream', async () => {
		const whole = Buffer.from(await multipart([smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: '2.25.9050', number: 5 })]).arrayBuffer());
		for (const size of [1, 7, 333]) {
			const body = new ReadableStream<Uint8Array>({
				start(controller) {
					for (let at = 0; at < whole.length; at += size) controller.enqueue(whole.subarray(at, at + size));
					controller.close();
				}
			});
			const request = new Request(`${BASE}/studies`, {
				method: 'POST',
				headers: { 'content-type': 'multipart/related; boundary=b0undary' },
				body,
				duplex: 'half'
			} as RequestInit);
			expect((await send(request)).status).toBe(200);
		}
	});
});

describe('from a measurement to a reviewed report', () => {
	const draft = new Y.Doc();
	const measurement = newId();
	const room = (name: string): string => `report/${name}`;
	const append = async (report: string, generation: number): Promise<boolean> => {
		const [result] = await house.hospital.writer.append([
			{ doc: room(report), generation, update: Y.encodeStateAsUpdate(draft), user: writer.user, session: writer.session }
		]);
		return result?.ok ?? false;
	};
	const paragraph = (root: string, text: string, quote?: string): void => {
		const element = new Y.XmlElement('paragraph');
		element.insert(0, [new Y.XmlText(text)]);
		if (quote !== undefined) {
			const node = new Y.XmlElement('measurement');
			node.setAttribute('measurement', quote);
			element.insert(1, [node]);
		}
		draft.getXmlFragment(root).insert(draft.getXmlFragment(root).length, [element]);
	};
	const generation = async (report: string): Promise<number> => (await reportLive.admit(db(), writer, report))?.generation ?? -1;

	it('the server measures, and refuses what it cannot', async () => {
		const { study: id } = await row('2.25.900');
		const accept = (more: object) =>
			house.execute(
				'imaging.reading.accept-measurement',
				{
					measurement,
					study: id,
					patient: person.id,
					image: { sopUid: '2.25.9020', frame: 1 },
					space: 'image',
					points: [
						[0, 0, 0],
						[8, 4, 0]
					],
					label: '血肿长径',
					...more
				},
				writer
			);
		expect(codeOf(await accept({ image: { sopUid: '2.25.802', frame: 1 } }))).toBe('foreign-image');
		expect(codeOf(await accept({ image: { sopUid: '2.25.9020', frame: 2 } }))).toBe('foreign-image');
		expect(
			codeOf(
				await accept({
					points: [
						[0, 0, 0],
						[99, 4, 0]
					]
				})
			)
		).toBe('foreign-image');
		expect(codeOf(await accept({ patient: demoPatient('male/02').id }))).toBe('patient-mismatch');
		expect(
			codeOf(
				await house.execute(
					'imaging.reading.accept-measurement',
					{
						measurement,
						study: id,
						patient: person.id,
						image: { sopUid: '2.25.9020', frame: 1 },
						space: 'image',
						points: [
							[0, 0, 0],
							[8, 4, 0]
						],
						label: ''
					},
					resident
				)
			)
		).toBe('forbidden');
		const outcome = await accept({});
		// 8 columns of 0.25 mm and 4 rows of 0.5 mm.
		expect(outcome).toMatchObject({ kind: 'done', events: [{ measurement: { value: 2.8, unit: 'mm', calibration: 'pixel-spacing' } }] });
		expect(await accept({})).toMatchObject({ kind: 'done', events: [] });
		expect((await openStudy(writer, id)).measurements).toHaveLength(1);
	});

	it('written by one, reviewed by another, sealed', async () => {
		const { study: id, report: name } = await row('2.25.900');
		paragraph('findings', '左侧颞叶血肿,长径 ', measurement);
		paragraph('impression', '左侧颞叶脑出血');
		expect(await append(name, await generation(name))).toBe(true);
		const measurements = (await openStudy(writer, id)).measurements;
		const hash = hashOf(readReport(draft, measurements).content);
		const submit = (actor: Actor, with_: string) =>
			house.execute('imaging.report.submit', { study: id, patient: person.id, report: name, hash: with_ }, { ...actor, steppedUpAt: Date.now() });
		const review = (actor: Actor, with_: string) =>
			house.execute('imaging.report.review', { study: id, patient: person.id, report: name, hash: with_ }, { ...actor, steppedUpAt: Date.now() });
		expect(codeOf(await submit(resident, hash))).toBe('forbidden');
		expect(codeOf(await house.execute('imaging.report.submit', { study: id, patient: person.id, report: name, hash }, { ...writer, steppedUpAt: 0 }))).toBe(
			'step-up-needed'
		);
		expect(codeOf(await submit(writer, '0'.repeat(64)))).toBe('text-changed');
		expect(codeOf(await review(reviewer, hash))).toBe('report-not-submitted');
		const before = await generation(name);
		expect(codeOf(await submit(writer, hash))).toBe('done');
		expect((await reportLive.admit(db(), writer, name))?.writes).toEqual([]);
		expect((await reportLive.admit(db(), reviewer, name))?.writes).toEqual(['findings', 'impression']);
		expect(await append(name, before)).toBe(false);
		expect((await openStudy(resident, id)).reportView.status).toMatchObject({ kind: 'preliminary', version: 1 });
		expect(codeOf(await review(writer, hash))).toBe('forbidden');
		expect(codeOf(await review({ ...reviewer, user: writer.user }, hash))).toBe('same-person');
		expect(codeOf(await house.execute('imaging.reading.withdraw-measurement', { measurement, study: id, patient: person.id, reason: '误测' }, writer))).toBe(
			'measurement-signed'
		);
		expect(codeOf(await review(reviewer, hash))).toBe('done');
		const view = await openStudy(resident, id);
		expect(view.reportView.versions.map((each) => [each.version, each.kind, each.byName])).toEqual([
			[1, 'preliminary', '姚行之'],
			[2, 'reviewed', '秦越']
		]);
		expect(view.reportView.versions[1]?.content?.measurements[0]).toMatchObject({ value: 2.8, unit: 'mm' });
		expect(view.reportView.versions[1]?.previous).toBe(hash);
		expect(await append(name, await generation(name))).toBe(false);
		expect(await reportLive.admit(db(), reviewer, name)).toMatchObject({ sealed: true, writes: [] });
		expect(codeOf(await review(reviewer, hash))).toBe('report-sealed');
		expect(codeOf(await house.execute('imaging.study.unmatch', { study: id, patient: person.id, reason: '认错人' }, writer))).toBe('report-signed');
		expect(codeOf(await house.execute('imaging.report.add-addendum', { study: id, patient: person.id, report: name, text: '补充:建议复查。' }, reviewer))).toBe(
			'done'
		);
		expect((await openStudy(writer, id)).reportView.versions).toHaveLength(3);
	});
});
