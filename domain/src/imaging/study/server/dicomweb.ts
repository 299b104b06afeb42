import type { Actor } from '../../../kernel/index.ts';
import { Denied, hospital } from '../../../kernel/server/index.ts';
import { mayImport } from '../policy.ts';
import type { DicomJson } from '../dicom/json.ts';
import { see, studyByUid } from './access.ts';
import { isUid } from './ingest/examine.ts';
import { BadQuery, parseQuery, searchInstances, searchSeries, searchStudies, type Level, type Query } from './qido.ts';
import type { MultipartLimits } from './multipart.ts';
import { stow, STOW_LIMITS } from './stow.ts';
import { instances } from './wado-files.ts';
import { frames, metadata, METADATA_BYTES, NotAcceptable, NotFound, rendered, TooMuch } from './wado.ts';

/** The DICOMweb service (PS3.18) as one function of a signed-in person and a request. What is unknown and what may not be seen answer alike. */
const problem = (status: number, code: string): Response => Response.json({ error: { code } }, { status });

export interface Bounds {
	readonly stow: MultipartLimits;
	readonly metadataBytes: number;
}
const BOUNDS: Bounds = { stow: STOW_LIMITS, metadataBytes: METADATA_BYTES };

/** DICOM JSON, or `NotAcceptable`: XML is not spoken here. */
function wantsJson(request: Request): void {
	const accept = request.headers.get('accept') ?? '';
	const ranges = accept.trim() === '' ? ['*/*'] : accept.toLowerCase().split(',');
	const speaks = (range: string): boolean => {
		const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
		return ['*/*', 'application/*', 'application/json', 'application/dicom+json'].includes(type) && !parameters.some((each) => /^q=0(?:\.0*)?$/u.test(each));
	};
	if (!ranges.some(speaks)) throw new NotAcceptable();
}

type Scope = Parameters<typeof frames>[1];
async function describe(request: Request, scope: Scope, metadataBytes: number): Promise<Response> {
	wantsJson(request);
	return metadata(request, scope, metadataBytes);
}

type Search = (query: Query) => Promise<readonly DicomJson[]>;
/** One more than asked for is looked for, so that a list which ends too early says so. */
async function found(request: Request, level: Level, search: Search): Promise<Response> {
	wantsJson(request);
	const { limit, ignored, ...rest } = parseQuery(new URL(request.url).searchParams, level);
	const all = await search({ ...rest, ignored, limit: limit + 1 });
	const rows = all.slice(0, limit);
	const warnings = [
		...(ignored.length > 0 ? [`299 tongping "not searched by: ${ignored.slice(0, 8).join(' ')}"`] : []),
		...(all.length > limit ? ['299 tongping "there are more results; ask with offset"'] : [])
	];
	const headers: HeadersInit = warnings.length > 0 ? { warning: warnings.join(', ') } : {};
	if (rows.length === 0) return new Response(null, { status: 204, headers });
	return new Response(JSON.stringify(rows), { headers: { ...headers, 'content-type': 'application/dicom+json' } });
}

async function get(actor: Actor, request: Request, path: readonly string[], base: string, { metadataBytes }: Bounds): Promise<Response> {
	const [top, studyUid, second, seriesUid, third, sopUid, ...rest] = path;
	if (path.length === 1) {
		if (top === 'studies') return found(request, 'study', (query) => searchStudies(actor, query, base));
		if (top === 'series') return found(request, 'series', (query) => searchSeries(actor, null, query, base));
		if (top === 'instances') return found(request, 'instance', (query) => searchInstances(actor, null, null, query, base));
	}
	if (top !== 'studies' || studyUid === undefined || !isUid(studyUid)) throw new NotFound();
	for (const uid of [seriesUid, sopUid]) if (uid !== undefined && !isUid(uid)) throw new NotFound();
	const study = await see(actor, await studyByUid(actor.organization, studyUid), 'imaging');
	const scope = { study, series: seriesUid ?? null, instance: sopUid ?? null };
	switch (path.length) {
		case 2:
			return instances(request, scope);
		case 3:
			if (second === 'metadata') return describe(request, scope, metadataBytes);
			if (second === 'rendered' || second === 'thumbnail') return rendered(request, scope, null);
			if (second === 'series') return found(request, 'series', (query) => searchSeries(actor, study, query, base));
			if (second === 'instances') return found(request, 'instance', (query) => searchInstances(actor, study, null, query, base));
			break;
		case 4:
			if (second === 'series') return instances(request, scope);
			break;
		case 5:
			if (second !== 'series') break;
			if (third === 'metadata') return describe(request, scope, metadataBytes);
			if (third === 'rendered' || third === 'thumbnail') return rendered(request, scope, null);
			if (third === 'instances') return found(request, 'instance', (query) => searchInstances(actor, study, scope.series, query, base));
			break;
		default:
			if (second === 'series' && third === 'instances') return instance(request, scope, rest, metadataBytes);
	}
	throw new NotFound();
}

async function instance(request: Request, scope: Scope, rest: readonly string[], metadataBytes: number): Promise<Response> {
	const [what, list, last] = rest;
	if (rest.length === 0) return instances(request, scope);
	if (what === 'metadata' && rest.length === 1) return describe(request, scope, metadataBytes);
	if ((what === 'rendered' || what === 'thumbnail') && rest.length === 1) return rendered(request, scope, null);
	if (what === 'frames' && list !== undefined && /^\d{1,6}(?:,\d{1,6})*$/u.test(list)) {
		if (rest.length === 2) return frames(request, scope, list);
		if (rest.length === 3 && (last === 'rendered' || last === 'thumbnail')) return rendered(request, scope, Number(list));
	}
	throw new NotFound();
}

async function answer(actor: Actor | null, request: Request, path: readonly string[], base: string, bounds: Bounds): Promise<Response> {
	if (actor === null) return problem(401, 'signed-out');
	try {
		if (request.method === 'GET' || request.method === 'HEAD') return await get(actor, request, path, base, bounds);
		if (request.method !== 'POST' || path[0] !== 'studies' || path.length > 2) return problem(405, 'method');
		if (!mayImport(actor)) return problem(403, 'forbidden');
		if (path[1] !== undefined && !isUid(path[1])) throw new NotFound();
		// A picture would take the last room, which is kept for recording who reads.
		if (hospital().writer.stats().storage !== 'open') return problem(507, 'storage');
		return await stow(actor, request, path[1] ?? null, base, bounds.stow);
	} catch (error) {
		if (error instanceof NotFound || error instanceof Denied) return problem(404, 'not-found');
		if (error instanceof NotAcceptable) return problem(406, 'not-acceptable');
		if (error instanceof TooMuch) return problem(413, 'too-large');
		if (error instanceof BadQuery) return problem(400, 'bad-query');
		if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return problem(507, 'storage');
		throw error;
	}
}

/**
 * `path`: the segments below `/dicomweb`, decoded. `base`: the address of `/dicomweb` as the client knows it.
 * Nothing of a patient stays in the browser's cache of a shared PC: every answer, whatever it is, says so here.
 */
export async function dicomweb(actor: Actor | null, request: Request, path: readonly string[], base: string, bounds: Bounds = BOUNDS): Promise<Response> {
	const response = await answer(actor, request, path, base, bounds);
	response.headers.set('cache-control', 'no-store');
	return response;
}
