import { createHash, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { db, hospital } from '../../../kernel/server/index.ts';
import { blobPath } from './ingest/blobs.ts';
import type { FrameTable } from './ingest/pixels.ts';
import { EXPLICIT_LE, IMPLICIT_LE } from './ingest/reader.ts';
import { frameCount, frameLength, readFrame } from './frames.ts';
import { metadataOf, metadataText } from './metadata.ts';
import { RENDER_MAX, renderNative } from './rendered.ts';
import type { InstanceTable, StudyTable, StudyTables } from './tables.ts';

/** WADO-RS (PS3.18 10.4): instances, metadata, frames, small pictures. The caller has asked for the right already. */
const deflated = promisify(gzip);
const inflated = promisify(gunzip);
export class NotFound extends Error {}
export class NotAcceptable extends Error {}
export class TooMuch extends Error {}

/** A tag serves programs that keep copies of their own; the door writes `no-store` on every answer, so a browser keeps none. */
export const VARY = { vary: 'Cookie, Authorization, Accept' } as const;

export interface Scope {
	readonly study: StudyTable;
	readonly series: string | null;
	readonly instance: string | null;
}

export function instancesQuery({ study, series, instance }: Scope) {
	let query = db<StudyTables>()
		.selectFrom('imaging_instance')
		.innerJoin('imaging_series', 'imaging_series.id', 'imaging_instance.series')
		.where('imaging_instance.study', '=', study.id);
	if (series !== null) query = query.where('imaging_series.uid', '=', series);
	if (instance !== null) query = query.where('imaging_instance.uid', '=', instance);
	return query;
}

export type InstanceRow = Pick<InstanceTable, 'id' | 'uid' | 'served' | 'frames' | 'transfer_syntax' | 'frame_table'>;
const rowCache = new Map<string, InstanceRow>();
const KEPT_ROWS = 4000;

/** A stored instance never changes; the right to see its study was asked before this is. */
async function oneInstance(scope: Scope): Promise<InstanceRow> {
	const key = `${scope.study.id}/${scope.series ?? ''}/${scope.instance ?? ''}`;
	const known = rowCache.get(key);
	if (known !== undefined) return known;
	const row = await findInstance(scope);
	if (rowCache.size >= KEPT_ROWS) rowCache.clear();
	rowCache.set(key, row);
	return row;
}

async function findInstance(scope: Scope): Promise<InstanceRow> {
	const row = await instancesQuery(scope)
		.select([
			'imaging_instance.id',
			'imaging_instance.uid',
			'imaging_instance.served',
			'imaging_instance.frames',
			'imaging_instance.transfer_syntax',
			'imaging_instance.frame_table'
		])
		.orderBy('imaging_instance.number')
		.limit(1)
		.executeTakeFirst();
	if (row === undefined) throw new NotFound();
	return row;
}

const tables = new Map<string, FrameTable>();
function tableOf(row: InstanceRow): FrameTable {
	const known = tables.get(row.id);
	if (known !== undefined) return known;
	if (row.frame_table === null) throw new NotFound();
	const table = JSON.parse(row.frame_table) as FrameTable;
	if (tables.size > 2000) tables.clear();
	tables.set(row.id, table);
	return table;
}

const MEDIA: Readonly<Record<string, string>> = {
	'1.2.840.10008.1.2.5': 'image/dicom-rle',
	'1.2.840.10008.1.2.4.50': 'image/jpeg',
	'1.2.840.10008.1.2.4.51': 'image/jpeg',
	'1.2.840.10008.1.2.4.57': 'image/jpeg',
	'1.2.840.10008.1.2.4.70': 'image/jpeg',
	'1.2.840.10008.1.2.4.80': 'image/jls',
	'1.2.840.10008.1.2.4.81': 'image/jls',
	'1.2.840.10008.1.2.4.90': 'image/jp2',
	'1.2.840.10008.1.2.4.91': 'image/jp2',
	'1.2.840.10008.1.2.4.201': 'image/jphc',
	'1.2.840.10008.1.2.4.202': 'image/jphc',
	'1.2.840.10008.1.2.4.203': 'image/jphc',
	'1.2.840.10008.1.2.4.110': 'image/jxl',
	'1.2.840.10008.1.2.4.111': 'image/jxl',
	'1.2.840.10008.1.2.4.112': 'image/jxl'
};

/** The type of each part, or `NotAcceptable`: this server sends pixels as they are stored and never decodes them. */
function frameType(accept: string, transferSyntax: string): { readonly type: string; readonly part: string } {
	const wire = transferSyntax === IMPLICIT_LE ? EXPLICIT_LE : transferSyntax;
	const ranges = accept.trim() === '' ? ['*/*'] : (accept.match(/(?:[^",]|"[^"]*"?)+/gu) ?? []);
	const media = MEDIA[wire];
	for (const range of ranges) {
		const main = (range.split(';')[0] ?? '').trim().toLowerCase();
		const parameter = (name: string): string | null => new RegExp(`;\\s*${name}\\s*=\\s*"?([^";\\s]+)`, 'iu').exec(range)?.[1] ?? null;
		const wanted = main === 'multipart/related' ? (parameter('type') ?? '*/*').toLowerCase() : main;
		const syntax = parameter('transfer-syntax');
		if (syntax !== null && syntax !== '*' && syntax !== wire) continue;
		if (!['*/*', 'multipart/related', 'application/octet-stream', 'multipart/*', media].includes(wanted)) continue;
		const type = media !== undefined && wanted === media ? media : 'application/octet-stream';
		return { type, part: `${type}; transfer-syntax=${wire}` };
	}
	throw new NotAcceptable();
}

const tagOf = (...parts: readonly (string | number)[]): string => `"${createHash('sha256').update(parts.join('/')).digest('base64url').slice(0, 27)}"`;
const unchanged = (request: Request, etag: string): boolean =>
	(request.headers.get('if-none-match') ?? '').split(',').some((each) => each.trim().replace(/^W\//u, '') === etag);

export async function frames(request: Request, scope: Scope, list: string): Promise<Response> {
	const row = await oneInstance(scope);
	const table = tableOf(row);
	const wanted = list.split(',').map(Number);
	const count = frameCount(table);
	if (wanted.length > 256 || wanted.some((frame) => !Number.isInteger(frame) || frame < 1 || frame > count)) throw new NotFound();
	const { type, part } = frameType(request.headers.get('accept') ?? '', row.transfer_syntax);
	const etag = tagOf(row.served, wanted.join(','), type);
	if (unchanged(request, etag)) return new Response(null, { status: 304, headers: { ...VARY, etag } });
	const boundary = `tongping-${randomUUID()}`;
	const path = blobPath(hospital().dataDir, row.served);
	const headOf = (frame: number): string => `--${boundary}\r\nContent-Type: ${part}\r\nContent-Length: ${frameLength(table, frame)}\r\n\r\n`;
	const end = `\r\n--${boundary}--\r\n`;
	// One buffer a frame, filled from the disk and sent as it is: copies of half a megabyte were most of the cost of a frame.
	const partOf = async (index: number): Promise<Uint8Array> => {
		const frame = wanted[index] as number;
		const head = headOf(frame);
		const tail = index === wanted.length - 1 ? end : '\r\n';
		const length = frameLength(table, frame);
		const buffer = Buffer.allocUnsafeSlow(head.length + length + tail.length);
		buffer.write(head, 0, 'latin1');
		await readFrame(path, table, frame, buffer.subarray(head.length, head.length + length));
		buffer.write(tail, head.length + length, 'latin1');
		return buffer;
	};
	const total = wanted.reduce((sum, frame) => sum + headOf(frame).length + frameLength(table, frame) + 2, end.length - 2);
	let next = 1;
	let ready: Uint8Array | null = await partOf(0);
	const body = new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				controller.enqueue(ready ?? (await partOf(next++)));
				ready = null;
				if (next >= wanted.length) controller.close();
			}
		},
		{ highWaterMark: 0 }
	);
	return new Response(body, {
		headers: { ...VARY, etag, 'content-type': `multipart/related; type="${type}"; boundary=${boundary}`, 'content-length': String(total) }
	});
}

interface Cached {
	readonly etag: string;
	readonly packed: Buffer;
}
const metadataCache = new Map<string, Cached>();
const CACHED = 24;
/** One answer's metadata, unpacked. A CT of five thousand pictures has a fifth of it; more is to be asked for series by series. */
export const METADATA_BYTES = 192 * 1024 * 1024;
const YIELD_EVERY = 40;

async function metadataOfScope(scope: Scope, most: number): Promise<Cached> {
	const facts = await instancesQuery(scope)
		.select((e) => [e.fn.countAll().as('count'), e.fn.max('imaging_instance.received_at').as('latest')])
		.executeTakeFirstOrThrow();
	if (Number(facts.count) === 0) throw new NotFound();
	const key = [scope.study.id, scope.series ?? '', scope.instance ?? ''].join('/');
	const etag = tagOf(key, Number(facts.count), Number(facts.latest));
	const known = metadataCache.get(key);
	if (known?.etag === etag) return known;
	const rows = await instancesQuery(scope).select('imaging_instance.metadata').orderBy('imaging_instance.number').orderBy('imaging_instance.uid').execute();
	const texts: string[] = [];
	let length = 0;
	for (const [index, row] of rows.entries()) {
		// A series of a thousand pictures must not hold up everybody else.
		if (index % YIELD_EVERY === YIELD_EVERY - 1) await new Promise((resolve) => setImmediate(resolve));
		const text = metadataText(row.metadata);
		length += text.length;
		if (length > most) throw new TooMuch();
		texts.push(text);
	}
	const plain = Buffer.from(`[${texts.join(',')}]`);
	const entry: Cached = { etag, packed: await deflated(plain, { level: 4 }) };
	if (metadataCache.size >= CACHED) metadataCache.delete(metadataCache.keys().next().value as string);
	metadataCache.set(key, entry);
	return entry;
}

export async function metadata(request: Request, scope: Scope, most: number): Promise<Response> {
	const { etag, packed } = await metadataOfScope(scope, most);
	const headers = { vary: 'Cookie, Authorization, Accept-Encoding', etag, 'content-type': 'application/dicom+json' };
	if (unchanged(request, etag)) return new Response(null, { status: 304, headers });
	const zipped = /\bgzip\b/u.test(request.headers.get('accept-encoding') ?? '');
	const plain = zipped ? null : await inflated(packed);
	return plain === null
		? new Response(new Uint8Array(packed), { headers: { ...headers, 'content-encoding': 'gzip', 'content-length': String(packed.length) } })
		: new Response(new Uint8Array(plain), { headers: { ...headers, 'content-length': String(plain.length) } });
}

/** A picture for lists: the middle instance of a series, the middle frame of a cine. JPEG stored as such is passed through. */
export async function rendered(request: Request, scope: Scope, frame: number | null): Promise<Response> {
	const candidates = await instancesQuery(scope)
		.where('imaging_instance.frames', '>', 0)
		.select([
			'imaging_instance.id',
			'imaging_instance.uid',
			'imaging_instance.served',
			'imaging_instance.frames',
			'imaging_instance.transfer_syntax',
			'imaging_instance.frame_table',
			'imaging_instance.number'
		])
		.orderBy('imaging_instance.number')
		.execute();
	const row = candidates[Math.floor(candidates.length / 2)];
	if (row === undefined) throw new NotFound();
	const table = tableOf(row);
	const number = frame ?? Math.ceil(frameCount(table) / 2);
	if (!Number.isInteger(number) || number < 1 || number > frameCount(table)) throw new NotFound();
	const [width = 128, height = 128] = (new URL(request.url).searchParams.get('viewport') ?? '')
		.split(',')
		.map(Number)
		.filter((side) => Number.isInteger(side) && side >= 1);
	const box = { width: Math.min(RENDER_MAX, width), height: Math.min(RENDER_MAX, height) };
	const etag = tagOf(row.served, number, box.width, box.height, 'rendered');
	if (unchanged(request, etag)) return new Response(null, { status: 304, headers: { ...VARY, etag } });
	const pixels = Buffer.allocUnsafeSlow(frameLength(table, number));
	await readFrame(blobPath(hospital().dataDir, row.served), table, number, pixels);
	if (row.transfer_syntax === '1.2.840.10008.1.2.4.50')
		return new Response(new Uint8Array(pixels), { headers: { ...VARY, etag, 'content-type': 'image/jpeg' } });
	const stored = await db<StudyTables>().selectFrom('imaging_instance').select('metadata').where('id', '=', row.id).executeTakeFirstOrThrow();
	const picture = table.kind === 'native' ? renderNative(metadataOf(stored.metadata), pixels, box) : null;
	if (picture === null) throw new NotAcceptable();
	return new Response(new Uint8Array(picture), { headers: { ...VARY, etag, 'content-type': 'image/png' } });
}
