import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { newId } from '@tongping/domain/kernel';
import { openReading } from '@tongping/domain/kernel/server';
import { demoPatient, patientTopic } from '@tongping/domain/patient';
import { demoBed, demoWards } from '@tongping/domain/organization';
import { expect, test } from '@playwright/test';
import { registry } from '../../domain/src/registry.ts';
import { concat, elementHeader, fileMeta, writeDataset } from '../../domain/src/imaging/study/dicom/write.ts';
import { smallImage } from '../../domain/src/imaging/study/fixtures.ts';
import { origin } from '../actors/index.ts';
import { ask, bearerOf, knock, listen, order, postJson, tokenOf, type Reply } from '../actors/wire.ts';

const dataDir = (): string => process.env.TONGPING_E2E_DATA ?? '';
type Row = Readonly<Record<string, string | number | null>>;
function stored(sql: string, values: readonly string[] = []): readonly Row[] {
	const { raw } = openReading(join(dataDir(), 'tongping.db'));
	try {
		return raw.prepare(sql).all([...values]) as Row[];
	} finally {
		raw.close();
	}
}
const studiesHaveCome = () => expect.poll(() => existsSync(join(dataDir(), 'demo-studies')), { timeout: 60_000 }).toBe(true);

/** Of the kind every list of naughty strings begins with, and what means something to a database, a pattern, a path, a header or a log. */
const NAUGHTY: readonly unknown[] = [
	'',
	"' or '1'='1",
	"'; drop table patient; --",
	'") union select username, password_hash from account --',
	'%',
	'\\',
	'_%\\%_',
	'*'.repeat(200),
	'__proto__',
	'constructor',
	'\u0000',
	'a\r\nset-cookie: x=1',
	'\u202e\u200b\ufeff',
	'\ud800',
	'../../../../etc/passwd',
	'${7*7}{{7*7}}',
	'<script>alert(1)</script>',
	'9'.repeat(400),
	'x'.repeat(20_000),
	null,
	-1,
	1e308,
	[],
	{ $ne: null },
	[['__proto__', 1]]
];
const sound = (reply: Reply, told: string): void => {
	expect.soft(reply.status, `${told} ${reply.text.slice(0, 200)}`).toBeLessThan(500);
	// Nothing of the machine inside: no file, no frame of a stack, no statement.
	expect.soft(reply.text, told).not.toMatch(/\bat [\w.<>]+ \(|file:\/\/|node_modules|SQLITE|LibsqlError|\/web\/build/iu);
};

test('no order takes a word for more than a word', async () => {
	test.setTimeout(240_000);
	const tokens = [await tokenOf('chief1'), await tokenOf('radiologist1')];
	const man = demoPatient('male/05');
	const plausible: Readonly<Record<string, unknown>> = {
		patient: man.id,
		stay: man.stay,
		ward: demoWards.male,
		from: demoBed('male', '05'),
		to: demoBed('male', '04')
	};
	const before = stored("select count(*) as tables from sqlite_master where type = 'table'");
	let asked = 0;
	for (const { command } of registry.flatMap(({ handlers = [] }) => handlers)) {
		const shape = (command.schema as unknown as { readonly shape?: Readonly<Record<string, unknown>> }).shape;
		expect(shape, `${command.name} has a schema whose fields are known`).toBeDefined();
		const keys = Object.keys(shape ?? {});
		const whole = Object.fromEntries(keys.map((key) => [key, plausible[key] ?? newId()]));
		const token = tokens[command.name.startsWith('imaging') ? 1 : 0] ?? '';
		const inputs = keys.flatMap((key, at) => NAUGHTY.filter((_, index) => index % 5 === (at + asked) % 5).map((value) => ({ ...whole, [key]: value })));
		for (const input of [...inputs, ...NAUGHTY, Object.fromEntries(keys.map((key) => [key, NAUGHTY[2]]))]) {
			sound(await order(token, command.name, input), `${command.name} ${JSON.stringify(input)?.slice(0, 200)}`);
			asked++;
		}
	}
	expect(asked).toBeGreaterThan(1500);
	// Whatever a name may be, it is stored as it came or not at all.
	let kept = 0;
	for (const [index, name] of NAUGHTY.filter((value): value is string => typeof value === 'string').entries()) {
		const reply = await order(tokens[0] ?? '', 'patient.registry.register', { mrn: `NAUGHTY-${index}`, name, sex: 'male', birthDate: '1980-01-01' });
		sound(reply, JSON.stringify(name).slice(0, 60));
		expect([200, 400, 409]).toContain(reply.status);
		if (reply.status !== 200) continue;
		expect(stored('select name from patient where mrn = ?', [`NAUGHTY-${index}`])[0]?.['name']).toBe(name.trim());
		kept++;
	}
	expect(kept).toBeGreaterThan(4);
	expect(stored("select count(*) as tables from sqlite_master where type = 'table'")).toEqual(before);
});

test('no address, search or query does either', async () => {
	test.setTimeout(240_000);
	const [chief, radiologist] = [bearerOf(await tokenOf('chief1')), bearerOf(await tokenOf('radiologist1'))];
	await studiesHaveCome();
	const uid = String(stored('select uid from imaging_study limit 1')[0]?.['uid']);
	const words = NAUGHTY.filter((value): value is string => typeof value === 'string' && value.length < 2000);
	const encode = (word: string): string => encodeURIComponent(word.toWellFormed());
	const fields = [
		'PatientID',
		'PatientName',
		'StudyDate',
		'AccessionNumber',
		'ModalitiesInStudy',
		'StudyInstanceUID',
		'StudyID',
		'SeriesInstanceUID',
		'Modality',
		'SOPInstanceUID'
	];
	for (const [index, word] of words.entries()) {
		for (const query of [...fields, 'limit', 'offset', 'includefield', '__proto__'])
			sound(
				await ask('GET', `/dicomweb/${['studies', 'series', 'instances'][index % 3]}?${query}=${encode(word)}`, { headers: radiologist }),
				`QIDO ${query}=${word}`
			);
		for (const path of [
			`/dicomweb/studies/${encode(word)}`,
			`/dicomweb/studies/${uid}/series/${encode(word)}/instances/${encode(word)}/frames/${encode(word)}`,
			`/dicomweb/studies/${uid}/rendered?viewport=${encode(word)}`,
			`/imaging/${encode(word)}`,
			`/api/imaging/studies/${encode(word)}`
		])
			sound(await ask('GET', path, { headers: radiologist }), path);
		for (const path of [
			`/patients/${encode(word)}`,
			`/wards/${encode(word)}`,
			`/notes/${encode(word)}`,
			`/notes/${encode(word)}/pdf?view=${encode(word)}`,
			`/notes/${encode(word)}/__data.json?x-sveltekit-invalidated=${encode(word)}`,
			`/api/live/note/${encode(word)}/at?time=${encode(word)}`,
			`/api/live/${encode(word)}/${newId()}/authors?position=${encode(word)}`,
			`/${encode(word)}`
		])
			sound(await ask('GET', path, { headers: chief }), path);
		for (const [path, body] of [
			['/api/patients', { text: word }],
			['/api/imaging/worklist', { text: word, patient: word }],
			['/imaging/candidates', { text: word }],
			['/imaging/readers', { text: word }],
			['/api/terminology/search', { system: 'icd-10', text: word }]
		] as const)
			sound(await postJson(path, body, index % 2 === 0 ? chief : radiologist), `${path} ${word}`);
	}
	// A percent sign finds a percent sign, not everybody.
	expect((JSON.parse((await postJson('/api/patients', { text: '%%' }, chief)).text) as { patients: unknown[] }).patients.length).toBe(0);
	// Many stars against a long name end at once.
	const start = performance.now();
	sound(await ask('GET', `/dicomweb/studies?PatientName=${'*a'.repeat(200)}b`, { headers: radiologist }), 'stars');
	expect(performance.now() - start).toBeLessThan(3000);
});

test('bodies of the wrong kind, depth and size are refused, and the page that says so tells nothing', async () => {
	test.setTimeout(120_000);
	const token = await tokenOf('admin1');
	const deep = (open: string, shut: string, levels: number): string => open.repeat(levels) + shut.repeat(levels);
	const posts = [
		'/api/commands',
		'/api/patients',
		'/api/imaging/worklist',
		'/api/terminology/search',
		'/api/terminology/import',
		'/api/interoperability/fhir',
		'/api/session/step-up'
	];
	for (const path of posts) {
		for (const body of [
			deep('[', ']', 100_000),
			deep('{"a":', '}', 20_000).replace(':}', ':1}'),
			`{"commandId":"${newId()}","command":"nursing.level.set","input":${deep('[', ']', 50_000)}}`
		]) {
			const reply = await ask('POST', path, { headers: bearerOf(token), body });
			sound(reply, `${path} deep`);
			expect.soft([400, 401, 403, 409, 413, 422], `${path} ${reply.status}`).toContain(reply.status);
		}
		for (const type of ['text/xml', 'multipart/form-data; boundary=x', 'application/json; charset=utf-7', 'application/json; charset=utf-16', 'garbage', '']) {
			const reply = await ask('POST', path, {
				headers: { ...bearerOf(token), 'content-type': type },
				body: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
			});
			sound(reply, `${path} as ${type}`);
			expect.soft([400, 403, 409, 413, 415, 422], `${path} as ${type}: ${reply.status}`).toContain(reply.status);
			expect.soft(reply.text).not.toContain('root:');
		}
		sound(await ask('POST', path, { headers: bearerOf(token), body: Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x80]) }), `${path} no text`);
	}
	for (const method of ['TRACE', 'PROPFIND', 'PUT', 'DELETE', 'PATCH'])
		for (const path of ['/', '/api/commands', '/dicomweb/studies', '/nowhere']) {
			const reply = await ask(method, path, { headers: bearerOf(token) });
			sound(reply, `${method} ${path}`);
			expect.soft(reply.status, `${method} ${path}`).toBeGreaterThan(300);
		}
});

test('every route there is says how it may be used, signed in or not', async () => {
	test.setTimeout(120_000);
	const manifest = readFileSync(fileURLToPath(new URL('../../web/build/server/manifest.js', import.meta.url)), 'utf8');
	const routes = [...manifest.matchAll(/id: "(\/[^"]*)"/gu)].map(([, id = '']) => id);
	expect(routes.length).toBeGreaterThan(25);
	const [chief, admin] = [bearerOf(await tokenOf('chief1')), bearerOf(await tokenOf('admin1'))];
	const script = /href="\.\/(_app\/[^"]+\.js)"/u.exec((await ask('GET', '/sign-in')).text)?.[1] ?? '';
	const addresses = routes.map(
		(id) =>
			id
				.replaceAll(/\/\([^)]+\)/gu, '')
				.replaceAll(/\[\.\.\.[^\]]+\]/gu, 'studies')
				.replaceAll(/\[[^\]]+\]/gu, () => newId()) || '/'
	);
	const real = [`/patients/${demoPatient('male/05').id}`, `/patients/${demoPatient('male/05').id}/round`, `/wards/${demoWards.male}`];
	for (const [path, clinical] of [
		...[...new Set([...addresses, ...real])].map((each) => [each, true] as const),
		[`/${script}`, false] as const,
		['/favicon.svg', false] as const,
		['/io/?EIO=4&transport=polling', false] as const,
		['/metrics', true] as const
	])
		for (const headers of [{}, chief, admin]) {
			const reply = await ask('GET', path, { headers });
			const told = `${path} ${reply.status}`;
			expect.soft(reply.headers['x-content-type-options'], told).toBe('nosniff');
			expect.soft(reply.headers['referrer-policy'], told).toBe('same-origin');
			expect.soft(reply.headers['cross-origin-opener-policy'], told).toBe('same-origin');
			expect.soft(reply.headers['cross-origin-resource-policy'], told).toBe('same-origin');
			expect.soft(reply.headers['permissions-policy'], told).toContain('camera=()');
			expect.soft(reply.headers['x-frame-options'], told).toBe('DENY');
			if (clinical) expect.soft(reply.headers['cache-control'], told).toBe('no-store');
			expect.soft(reply.headers['x-powered-by'], told).toBeUndefined();
			expect.soft(reply.headers['server'], told).toBeUndefined();
		}
});

test('the same verdict for a stranger to the patient on every way in, also after others have warmed it', async () => {
	test.setTimeout(120_000);
	await studiesHaveCome();
	// A study of nobody's ward, or of another: no nurse of the men's ward has a patient in it.
	const [study] = stored('select id, uid from imaging_study s where not exists (select 1 from patient_care c where c.patient = s.patient and c.ward = ?)', [
		demoWards.male
	]);
	if (study === undefined) throw new Error('the demo has no study of another ward');
	const woman = demoPatient('female/06');
	const [instance] = stored(
		'select i.uid as sop, s.uid as series from imaging_instance i join imaging_series s on s.id = i.series where i.study = ? and i.frames > 0',
		[String(study['id'])]
	);
	const [nurse, radiologist, doctor] = [await tokenOf('nurse1'), await tokenOf('radiologist1'), await tokenOf('resident2')];
	const opened = await order(doctor, 'clinical-document.note.open', { patient: woman.id, stay: woman.stay, type: 'daily-progress' });
	expect(opened.status, opened.text).toBe(200);
	const noteId = (JSON.parse(opened.text) as { events: { note: string }[] }).events[0]?.note ?? '';
	const picture = `/dicomweb/studies/${study['uid']}/series/${instance?.['series']}/instances/${instance?.['sop']}`;
	const open = async (path: string, token: string): Promise<number> => (await ask('POST', path, { headers: bearerOf(token), body: '' })).status;
	const get = async (path: string, token: string): Promise<number> => (await ask('GET', path, { headers: bearerOf(token) })).status;
	const watch = async (topic: string, token: string): Promise<number> => {
		const { socket } = await listen({}, token);
		const dropped = new Promise<number>((resolve) => {
			socket.on('dropped', () => {
				resolve(404);
			});
			setTimeout(() => {
				resolve(200);
			}, 1500);
		});
		socket.emit('watch', [topic]);
		const verdict = await dropped;
		socket.close();
		return verdict;
	};
	const ways: readonly (readonly [string, string, string, (token: string) => Promise<number>])[] = [
		...['', '/metadata', '/rendered', '/thumbnail', '/frames/1', '/frames/1,1', '/frames/1/rendered', '/frames/1/thumbnail'].map(
			(tail) => [`picture${tail}`, radiologist, nurse, (token: string) => get(picture + tail, token)] as const
		),
		...['', '/metadata', '/instances', '/rendered', '/thumbnail'].map(
			(tail) =>
				[`series${tail}`, radiologist, nurse, (token: string) => get(`/dicomweb/studies/${study['uid']}/series/${instance?.['series']}${tail}`, token)] as const
		),
		...['', '/metadata', '/series', '/instances', '/rendered', '/thumbnail'].map(
			(tail) => [`study${tail}`, radiologist, nurse, (token: string) => get(`/dicomweb/studies/${study['uid']}${tail}`, token)] as const
		),
		['QIDO', radiologist, nurse, async (token) => ((await get(`/dicomweb/studies?StudyInstanceUID=${study['uid']}`, token)) === 204 ? 404 : 200)],
		[
			'QIDO instances',
			radiologist,
			nurse,
			async (token) => ((await get(`/dicomweb/instances?SOPInstanceUID=${instance?.['sop']}&StudyInstanceUID=${study['uid']}`, token)) === 204 ? 404 : 200)
		],
		['study page', radiologist, nurse, (token) => get(`/imaging/${study['id']}`, token)],
		['study API', radiologist, nurse, (token) => get(`/api/imaging/studies/${study['id']}`, token)],
		['study topic', radiologist, nurse, (token) => watch(`imaging-study:${study['id']}`, token)],
		['note page', doctor, nurse, async (token) => ((await get(`/notes/${noteId}`, token)) === 404 ? 404 : 200)],
		['note print', doctor, nurse, (token) => get(`/notes/${noteId}/print`, token)],
		['note PDF', doctor, nurse, (token) => get(`/notes/${noteId}/pdf`, token)],
		['note /sync', doctor, nurse, (token) => knock(`/sync/note/${noteId}?v=1`, bearerOf(token))],
		['note /sync-http', doctor, nurse, (token) => open(`/sync-http/note/${noteId}?v=1`, token)],
		['note at a moment', doctor, nurse, (token) => get(`/api/live/note/${noteId}/at?time=${Date.now()}`, token)],
		['note authors', doctor, nurse, (token) => get(`/api/live/note/${noteId}/authors`, token)],
		['patient topic', doctor, nurse, (token) => watch(patientTopic(woman.id), token)],
		['patient page', doctor, nurse, (token) => get(`/patients/${woman.id}`, token)]
	];
	for (const [name, mine, foreign, ask_] of ways) {
		expect.soft([101, 200], `${name} for those in charge`).toContain(await ask_(mine));
		expect.soft(await ask_(foreign), `${name} for a stranger to the patient`).toBe(404);
	}
	// A stranger to the house, without a token or with one that nobody was given, has not even that.
	const series = `/dicomweb/studies/${study['uid']}/series/${instance?.['series']}`;
	for (const path of [picture, `${picture}/frames/1`, `${picture}/rendered`, `${picture}/metadata`, `${series}/thumbnail`, `${series}/metadata`, series])
		for (const headers of [{}, bearerOf('a'.repeat(32)), { cookie: `__Host-tongping=${'a'.repeat(32)}` }]) {
			const reply = await ask('GET', path, { headers });
			expect.soft([reply.status, reply.headers['cache-control']], path).toEqual([401, 'no-store']);
		}
	// What the right person's answer carried as a tag opens nothing.
	const { etag = '' } = (await ask('GET', `${picture}/frames/1`, { headers: bearerOf(radiologist) })).headers;
	expect(etag).not.toBe('');
	expect((await ask('GET', `${picture}/frames/1`, { headers: { ...bearerOf(nurse), 'if-none-match': etag } })).status).toBe(404);
	expect((await ask('GET', `${picture}/frames/1`, { headers: { ...bearerOf(radiologist), 'if-none-match': etag } })).status).toBe(304);
});

const related = 'multipart/related; type="application/dicom"; boundary=b0undary';
const send = async (token: string, body: Buffer, type: string = related): Promise<Reply> =>
	ask('POST', '/dicomweb/studies', { headers: { authorization: `Bearer ${token}`, 'content-type': type, accept: 'application/json' }, body });
const part = (file: Uint8Array, headers = 'Content-Type: application/dicom\r\nContent-Location: x.dcm'): Buffer =>
	Buffer.concat([Buffer.from(`--b0undary\r\n${headers}\r\n\r\n`), file, Buffer.from('\r\n')]);
const whole = (...parts: readonly Buffer[]): Buffer => Buffer.concat([...parts, Buffer.from('--b0undary--\r\n')]);

test('pictures made to break a reader are refused one by one, and everybody else is served meanwhile', async () => {
	test.setTimeout(180_000);
	const token = await tokenOf('radiologist1');
	const admin = bearerOf(await tokenOf('admin1'));
	const resident = async (): Promise<number> => Number(/^tongping_resident_bytes (\S+)/mu.exec((await ask('GET', '/metrics', { headers: admin })).text)?.[1]);
	const deflated = (dataset: Uint8Array): Uint8Array => concat([fileMeta('1.2.3', '1.2.3', '1.2.840.10008.1.2.1.99'), deflateRawSync(dataset, { level: 9 })]);
	const uids = ([0x00080016, 0x00080018, 0x0020000d, 0x0020000e] as const).map((tag) => ({ tag, vr: 'UI', value: '1.2.3' }));
	const good = (sop: string): Uint8Array => smallImage({ patientId: 'TEMP-99', study: '2.25.77001', series: '2.25.77002', sop });
	const nested = (): Uint8Array => {
		let inner = writeDataset([{ tag: 0x00080100, vr: 'SH', value: 'X' }]);
		for (let level = 0; level < 200; level++)
			inner = concat([
				elementHeader(0x00081110, 'SQ', inner.length + 8),
				Uint8Array.of(0xfe, 0xff, 0, 0xe0),
				new Uint8Array(Uint32Array.of(inner.length).buffer),
				inner
			]);
		return concat([fileMeta('1.2', '1.3', '1.2.840.10008.1.2.1'), inner]);
	};
	const items = new Uint8Array(8 * 1_000_000);
	for (let at = 0; at < items.length; at += 8) items.set([0xfe, 0xff, 0x00, 0xe0], at);
	const files: readonly (readonly [string, Uint8Array])[] = [
		['stored', good('2.25.77003')],
		['bomb', deflated(new Uint8Array(256 * 1024 * 1024))],
		['too-many-elements', deflated(writeDataset([...uids, { tag: 0x00204000, vr: 'UT', value: new Uint8Array(7 * 1024 * 1024).fill(1) }]))],
		['pixel-data-short', smallImage({ rows: 65_535, columns: 65_535, pixelBytes: 512 })],
		['too-many-elements', concat([fileMeta('1.2', '1.3', '1.2.840.10008.1.2.1'), elementHeader(0x00081110, 'SQ', items.length), items])],
		['too-deep', nested()],
		['truncated', good('2.25.77004').slice(0, 700)],
		['uid-invalid', smallImage({ sop: '../../../../tmp/x' })],
		['uid-invalid', smallImage({ sop: '1.2\u0000.3' })],
		['uid-invalid', smallImage({ study: `1.${'2'.repeat(64)}` })],
		['uid-invalid', smallImage({ series: '1.2/../3' })],
		['not-dicom', Buffer.from('%PDF-1.7 not a picture')],
		['not-dicom', new Uint8Array(2000)],
		['empty', new Uint8Array(0)],
		['stored', good('2.25.77005')]
	];
	const before = await resident();
	let slowest = 0;
	let busy = true;
	const health = (async () => {
		for (let at = 0; busy && at < 10_000; at++) {
			const start = performance.now();
			expect((await ask('GET', '/api/health')).status).toBe(200);
			slowest = Math.max(slowest, performance.now() - start);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	})();
	const reply = await send(token, whole(...files.map(([, file]) => part(file)), part(good('2.25.77006'), 'Content-Type: image/jpeg')));
	busy = false;
	await health;
	expect(reply.status, reply.text.slice(0, 300)).toBe(202);
	const { files: told } = JSON.parse(reply.text) as { files: { outcome: { kind: string; reason?: string } }[] };
	expect(told.map(({ outcome }) => outcome.reason ?? outcome.kind).toSorted()).toEqual([...files.map(([reason]) => reason), 'not-dicom'].toSorted());
	expect((await resident()) - before).toBeLessThan(400 * 1024 * 1024);
	expect(slowest).toBeLessThan(3000);
	// What lies in the store is what was accepted, and nothing has climbed out of it.
	expect(stored("select count(*) as n from imaging_instance where uid like '2.25.7700%'")[0]?.['n']).toBe(2);
	expect(existsSync('/tmp/x')).toBe(false);
});

test('envelopes made to confuse are refused with what is wrong, and what came whole before is told', async () => {
	const token = await tokenOf('radiologist1');
	const file = smallImage({ patientId: 'TEMP-98', study: '2.25.77101', series: '2.25.77102', sop: '2.25.77103' });
	const attacks: readonly (readonly [string, number, Buffer, string?])[] = [
		['cut-short', 400, Buffer.concat([part(file)])],
		['cut-short', 400, Buffer.concat([part(file), Buffer.from('--b0undary\r\nContent-Type: application/dicom\r\n\r\nDICM')])],
		['headers', 400, whole(part(file, `Content-Type: application/dicom\r\nX-Long: ${'x'.repeat(20_000)}`))],
		['headers', 400, whole(part(file, 'no colon here'))],
		['boundary', 400, whole(part(file)), 'multipart/related; type="application/dicom"; boundary='],
		['boundary', 400, whole(part(file)), `multipart/related; type="application/dicom"; boundary=${'x'.repeat(71)}`],
		['boundary', 400, whole(part(file)), 'multipart/related; type="application/dicom"; boundary="a;b\t"'],
		['not-multipart', 415, whole(part(file)), 'application/dicom'],

		['too-many-parts', 413, whole(Buffer.concat(Array.from({ length: 5100 }, () => part(new Uint8Array(0), 'Content-Type: text/plain'))))],
		['boundary', 400, Buffer.concat([Buffer.alloc(100_000, 0x61), whole(part(file))])]
	];
	for (const [code, status, body, type] of attacks) {
		const reply = await send(token, body, type).catch((error: Error) => ({ status: 0, headers: {}, text: JSON.stringify({ error: { code: error.message } }) }));
		expect.soft([reply.status, (JSON.parse(reply.text) as { error?: { code: string } }).error?.code], `${code} ${type ?? ''}`).toEqual([status, code]);
		sound(reply, code);
	}
	// Beyond what the server reads at all: said before anything is sent, in the reader's language.
	for (const [language, words] of [
		['zh', '内容太大'],
		['en', 'too large']
	] as const) {
		const headers = { authorization: `Bearer ${token}`, 'content-type': related, 'content-length': String(3 * 2 ** 30), cookie: `locale=${language}` };
		const reply = await ask('POST', '/dicomweb/studies', { headers: { ...headers, connection: 'close' }, body: Buffer.from('--b0undary\r\n') });
		expect(reply.status, reply.text.slice(0, 200)).toBe(413);
		const { error } = JSON.parse(reply.text) as { error: { code: string; message: string } };
		expect([error.code, error.message]).toEqual(['too-large', expect.stringContaining(words)]);
	}
	// A boundary that looks like the end of another, inside a picture, is a part of the picture.
	const inside = smallImage({
		patientId: 'TEMP-98',
		study: '2.25.77101',
		series: '2.25.77102',
		sop: '2.25.77104',
		extra: [{ tag: 0x00204000, vr: 'LT', value: '\n--b0undary--\r--b0undary' }]
	});
	expect((await send(token, whole(part(inside)))).status).toBe(200);
	const named = await send(
		token,
		whole(part(Buffer.from('x'), 'Content-Type: application/dicom\r\nContent-Disposition: attachment; filename="../../%0d%0aset-cookie: a=b"'))
	);
	expect(named.headers['set-cookie']).toBeUndefined();
	expect(named.text).not.toMatch(/[\r\n]set-cookie/u);
});

test('a signed note on paper names who, when, as what and which text', async () => {
	const [signed] = stored(
		'select note, patient, author_name, role, meaning, hash, content_hash, at from note_signature where addendum is null order by version'
	);
	const token = await tokenOf('chief1');
	const reply = await new Promise<Buffer>((resolve, reject) => {
		fetch(`${origin()}/notes/${signed?.['note']}/pdf`, { headers: bearerOf(token) }).then(async (response) => {
			expect(response.status).toBe(200);
			expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="note-[\d-]+\.pdf"$/u);
			expect(response.headers.get('cache-control')).toBe('no-store');
			resolve(Buffer.from(await response.arrayBuffer()));
		}, reject);
	});
	const folder = mkdtempSync(join(tmpdir(), 'tongping-paper-'));
	try {
		writeFileSync(join(folder, 'note.pdf'), reply);
		const text = execFileSync('pdftotext', ['-layout', join(folder, 'note.pdf'), '-'], { encoding: 'utf8' });
		const plain = text.replaceAll(/\s/gu, '');
		const at = new Date(Number(signed?.['at']) + 8 * 3_600_000).toISOString();
		expect(plain).toContain(String(signed?.['author_name']));
		expect(plain).toContain(at.slice(11, 16));
		expect(plain, plain.slice(-900)).toContain(String(signed?.['content_hash']).slice(0, 16));
		expect(plain).toMatch(/书写|记录|作者|签名|审核/u);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
