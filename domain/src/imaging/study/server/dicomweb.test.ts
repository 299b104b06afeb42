import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestHospital } from '../../../kernel/server/index.ts';
import { served as organization } from '../../../organization/organization/server/index.ts';
import { served as ward } from '../../../organization/ward/server/index.ts';
import { served as patients } from '../../../patient/registry/server/index.ts';
import { smallImage } from '../fixtures.ts';
import { dicomweb } from './dicomweb.ts';
import { stow, STOW_LIMITS } from './stow.ts';
import { admin, agreeing, BASE, get, imagingHouse, layStudies, multipart, nurse, person, resident, stranger, writer } from './testing.fixtures.ts';
import { METADATA_BYTES } from './wado.ts';

let house: TestHospital;
beforeAll(async () => {
	house = await imagingHouse([organization, ward, patients]);
	await layStudies();
});
afterAll(async () => {
	await house.close();
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
		['instances?SOPInstanceUID=2.25.9010', 1],
		['studies?PatientID=TEMP-%3F', 1],
		['studies?PatientID=T*7', 1],
		['studies?PatientID=T*8', 0],
		['studies?PatientID=TEMP_7', 0],
		['studies?AccessionNumber=a%3F', 2],
		['studies/2.25.900/series/2.25.901/instances?InstanceNumber=2', 1],
		['studies/2.25.900/series/2.25.901/instances?InstanceNumber=99', 0],
		['studies/2.25.900/series?SeriesNumber=99', 0]
	])('%s', async (query, expected) => {
		expect(await count(query)).toBe(expected);
	});

	it('refuses what it cannot read and says what it did not search by', async () => {
		expect((await get(writer, 'studies?limit=x')).status).toBe(400);
		expect((await get(writer, 'studies?StudyDate=yesterday')).status).toBe(400);
		expect((await get(writer, 'studies?PatientWeight=70')).headers.get('warning')).toContain('PatientWeight');
		expect((await get(writer, 'studies/..%2f..%2fetc')).status).toBe(404);
		expect((await get(writer, 'studies?Modality=CT')).headers.get('warning')).toContain('Modality');
		expect((await get(writer, 'studies/2.25.900/series?PatientWeight=70')).headers.get('warning')).toContain('PatientWeight');
		expect((await get(writer, 'studies?PatientName=a&fuzzymatching=true')).headers.get('warning')).toContain('fuzzymatching');
		expect((await get(writer, 'studies/2.25.900/instances?InstanceNumber=two')).status).toBe(400);
		expect((await get(writer, 'studies?limit=1')).headers.get('warning')).toContain('more results');
		expect((await get(writer, 'studies?limit=2')).headers.get('warning')).toBeNull();
	});

	it('a form it does not speak is 406, not another form', async () => {
		const file = 'studies/2.25.900/series/2.25.901/instances/2.25.9020';
		for (const path of ['studies', 'studies/2.25.900/series', 'studies/2.25.900/metadata', `${file}/metadata`]) {
			for (const accept of ['application/xml', 'multipart/related; type="application/dicom+xml"', 'application/dicom+json;q=0'])
				expect((await get(writer, path, { accept })).status).toBe(406);
			for (const accept of ['application/dicom+json', 'application/json;q=0.5', 'text/html, */*;q=0.1', ''])
				expect((await get(writer, path, { accept })).status).toBe(200);
		}
		const stored = '1.2.840.10008.1.2.1';
		for (const [accept, status, type] of [
			['application/dicom', 200, `application/dicom; transfer-syntax=${stored}`],
			[`application/dicom; transfer-syntax=${stored}`, 200, 'application/dicom;'],
			['application/dicom; transfer-syntax=1.2.840.10008.1.2.4.90, multipart/related; type="application/dicom"', 200, 'multipart/related'],
			['multipart/related; type="application/dicom"; transfer-syntax=*', 200, 'multipart/related'],
			['multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.90', 406, 'application/json'],
			['application/dicom+json', 406, 'application/json'],
			['image/png', 406, 'application/json']
		] as const) {
			const response = await get(writer, file, { accept });
			expect([accept, response.status]).toEqual([accept, status]);
			expect(response.headers.get('content-type')).toContain(type);
		}
		const alone = await get(writer, file, { accept: 'application/dicom' });
		const bytes = Buffer.from(await alone.arrayBuffer());
		expect(bytes.length).toBe(Number(alone.headers.get('content-length')));
		expect(bytes.toString('latin1', 128, 132)).toBe('DICM');
		expect((await get(writer, 'studies/2.25.900', { accept: 'application/dicom' })).status).toBe(406);
	});

	it('frames are the stored bytes, under a tag, and only in a form that was asked for', async () => {
		const path = 'studies/2.25.900/series/2.25.901/instances/2.25.9020/frames/1';
		const response = await get(writer, path, { accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*' });
		const body = Buffer.from(await response.arrayBuffer());
		const start = body.indexOf('\r\n\r\n') + 4;
		const file = Buffer.from(smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: '2.25.9020', number: 2 }));
		expect(body.subarray(start, start + 512).equals(file.subarray(file.length - 512))).toBe(true);
		expect(body.toString('latin1', 0, start)).toContain('transfer-syntax=1.2.840.10008.1.2.1');
		const etag = response.headers.get('etag') ?? '';
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

	it.skipIf(process.platform !== 'linux')('an answer nobody reads, or reads in part, holds no file open', async () => {
		const held = (): number =>
			readdirSync('/proc/self/fd').filter((fd) => {
				try {
					return readlinkSync(`/proc/self/fd/${fd}`).startsWith(house.hospital.dataDir) && !readlinkSync(`/proc/self/fd/${fd}`).includes('tongping.db');
				} catch (error) {
					if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
					throw error;
				}
			}).length;
		const before = held();
		const one = 'studies/2.25.900/series/2.25.901/instances/2.25.9020';
		const answers = [await get(writer, one, { accept: 'application/dicom' }), await get(writer, 'studies/2.25.900/series/2.25.901')];
		expect(held()).toBe(before);
		const readers = answers.map((answer) => answer.body!.getReader());
		const [bare, parts] = readers;
		await bare?.read();
		for (let i = 0; i < 2; i++) await parts?.read();
		// This test finds a file that stays open.
		expect(held()).toBeGreaterThan(before);
		await Promise.all(readers.map((reader) => reader.cancel()));
		expect(held()).toBe(before);
	});

	it('a picture for lists', async () => {
		const response = await get(writer, 'studies/2.25.900/series/2.25.901/rendered?viewport=8,8');
		expect(response.headers.get('content-type')).toBe('image/png');
		expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 1, 4)).toBe('PNG');
	});
});

/** Every form of address below `/dicomweb` that answers with something of a study. */
const OF_STUDY = ['', '/metadata', '/series', '/instances', '/rendered', '/thumbnail'].map((tail) => `studies/2.25.900${tail}`);
const OF_SERIES = ['', '/metadata', '/instances', '/rendered', '/thumbnail'].map((tail) => `studies/2.25.900/series/2.25.901${tail}`);
const OF_INSTANCE = ['', '/metadata', '/rendered', '/thumbnail', '/frames/1', '/frames/1,1', '/frames/1/rendered', '/frames/1/thumbnail'].map(
	(tail) => `studies/2.25.900/series/2.25.901/instances/2.25.9020${tail}`
);
const ADDRESSES = [...OF_STUDY, ...OF_SERIES, ...OF_INSTANCE];

describe('whose picture it is', () => {
	const body = async (response: Response): Promise<string> => `${response.status} ${await response.text()}`;
	it.each(ADDRESSES)('%s: for those in charge, not for a stranger, nor for a user without the right, nor by a tag or under another name', async (path) => {
		const known = await get(writer, path);
		expect(known.status).toBe(200);
		await known.arrayBuffer();
		expect((await get(resident, path)).status).toBe(200);
		expect((await get(null, path)).status).toBe(401);
		const missing = await body(await get(writer, path.replace('2.25.900', '2.25.911')));
		expect(missing.startsWith('404 ')).toBe(true);
		const tag = known.headers.get('etag');
		for (const [other, at] of [
			[stranger, path],
			[admin, path],
			// Nobody's yet: radiology's alone.
			[resident, path.replaceAll('2.25.900', '2.25.800').replaceAll('2.25.901', '2.25.801').replaceAll('2.25.9020', '2.25.802')],
			[stranger, path.replaceAll('2.25.900', '2.25.800').replaceAll('2.25.901', '2.25.801').replaceAll('2.25.9020', '2.25.802')]
		] as const)
			for (const headers of [{}, tag === null ? {} : { 'if-none-match': tag }])
				expect(await body(await get(other, at, headers)), `${other.user} ${at}`).toBe(missing);
	});
	it('a picture is found only under the study and series it lies in', async () => {
		for (const path of OF_INSTANCE) {
			expect((await get(writer, path.replace('2.25.900/', '2.25.800/'))).status, path).toBe(404);
			expect((await get(writer, path.replace('2.25.901/', '2.25.801/'))).status, path).toBe(404);
		}
	});
});

describe('a shared PC keeps nothing', () => {
	const kept = async (response: Response): Promise<readonly [number, string | null]> => {
		await response.arrayBuffer();
		return [response.status, response.headers.get('cache-control')];
	};
	it.each(ADDRESSES)('%s', async (path) => {
		const response = await get(writer, path);
		const tag = response.headers.get('etag');
		expect(await kept(response)).toEqual([200, 'no-store']);
		if (tag !== null) expect(await kept(await get(writer, path, { 'if-none-match': tag }))).toEqual([304, 'no-store']);
		expect(await kept(await get(stranger, path))).toEqual([404, 'no-store']);
		expect(await kept(await get(null, path))).toEqual([401, 'no-store']);
	});
	it('nor of searches, refusals and what was sent in', async () => {
		expect(await kept(await get(writer, 'studies'))).toEqual([200, 'no-store']);
		expect(await kept(await get(writer, 'studies?PatientID=nobody'))).toEqual([204, 'no-store']);
		expect(await kept(await get(writer, 'studies?limit=x'))).toEqual([400, 'no-store']);
		expect(await kept(await get(writer, `${OF_INSTANCE[4]}`, { accept: 'image/jp2' }))).toEqual([406, 'no-store']);
		const file = smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: '2.25.9020', number: 2 });
		for (const [request, actor, status] of [
			[multipart([file]), writer, 200],
			[multipart([file, Buffer.from('x')]), writer, 202],
			[multipart([Buffer.from('x')]), writer, 409],
			[multipart([file]), nurse, 403],
			[new Request(`${BASE}/studies`, { method: 'PUT' }), writer, 405],
			[new Request(`${BASE}/studies`, { method: 'POST', body: 'x' }), writer, 415]
		] as const)
			expect(await kept(await dicomweb(actor, request, ['studies'], BASE))).toEqual([status, 'no-store']);
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
	it('a connection that breaks is cut short, a body the server stops is too large', async () => {
		for (const [error, status, code] of [
			[new Error('socket hang up'), 400, 'cut-short'],
			[Object.assign(new Error('Payload Too Large'), { status: 413 }), 413, 'too-large']
		] as const) {
			const body = new ReadableStream<Uint8Array>({
				start(controller) {
					controller.enqueue(Buffer.from('--b0undary\r\nContent-Type: application/dicom\r\n\r\n'));
				},
				pull(controller) {
					controller.error(error);
				}
			});
			const headers = { 'content-type': 'multipart/related; boundary=b0undary' };
			const answered = await send(new Request(`${BASE}/studies`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit));
			expect([answered.status, ((await answered.json()) as { error: unknown }).error]).toEqual([status, { code }]);
		}
	});
	it('answers 413 to a file and to metadata beyond the bound; one picture of the same study is within it', async () => {
		const files = [1, 2, 3].map((number) => smallImage({ ...agreeing, study: '2.25.700', series: '2.25.701', sop: `2.25.70${number}0`, number }));
		expect((await send(multipart(files))).status).toBe(200);
		const ask = (path: string, metadataBytes: number): Promise<Response> =>
			dicomweb(writer, new Request(`${BASE}/${path}`), path.split('/'), BASE, { stow: STOW_LIMITS, metadataBytes });
		const one = (await (await ask('studies/2.25.700/series/2.25.701/instances/2.25.7010/metadata', METADATA_BYTES)).arrayBuffer()).byteLength;
		for (const path of ['studies/2.25.700/metadata', 'studies/2.25.700/series/2.25.701/metadata']) {
			const refused = await ask(path, 2 * one);
			expect([refused.status, await refused.json()], path).toEqual([413, { error: { code: 'too-large' } }]);
		}
		expect((await ask('studies/2.25.700/series/2.25.701/instances/2.25.7020/metadata', 2 * one)).status).toBe(200);
		const bounds = { stow: { ...STOW_LIMITS, totalBytes: 1000 }, metadataBytes: METADATA_BYTES };
		const large = await dicomweb(writer, multipart(files), ['studies'], BASE, bounds);
		expect([large.status, ((await large.json()) as { error: unknown }).error]).toEqual([413, { code: 'too-large' }]);
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
