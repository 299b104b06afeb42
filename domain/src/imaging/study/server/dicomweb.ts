import type { Actor } from '../../../kernel/index.ts';
import { Denied } from '../../../kernel/server/index.ts';
import { mayImport } from '../policy.ts';
import type { DicomJson } from '../dicom/json.ts';
import { see, studyByUid } from './access.ts';
import { isUid } from './ingest/examine.ts';
import { BadQuery, parseQuery, searchInstances, searchSeries, searchStudies } from './qido.ts';
import type { MultipartLimits } from './multipart.ts';
import { stow, STOW_LIMITS } from './stow.ts';
import { frames, instances, metadata, METADATA_BYTES, NotAcceptable, NotFound, rendered, TooMuch } from './wado.ts';

/** The DICOMweb service (PS3.18) as one function of a signed-in person and a request. What is unknown and what may not be seen answer alike. */
const problem = (status: number, code: string): Response => Response.json({ error: { code } }, { status });

export interface Bounds {
	readonly stow: MultipartLimits;
	readonly metadataBytes: number;
}
const BOUNDS: Bounds = { stow: STOW_LIMITS, metadataBytes: METADATA_BYTES };

function found(rows: readonly DicomJson[], ignored: readonly string[]): Response {
	const headers: HeadersInit = ignored.length > 0 ? { warning: `299 tongping "not searched by: ${ignored.slice(0, 8).join(' ')}"` } : {};
	if (rows.length === 0) return new Response(null, { status: 204, headers });
	return new Response(JSON.stringify(rows), { headers: { ...headers, 'content-type': 'application/dicom+json' } });
}

async function get(actor: Actor, request: Request, path: readonly string[], base: string, { metadataBytes }: Bounds): Promise<Response> {
	const search = new URL(request.url).searchParams;
	const [top, studyUid, second, seriesUid, third, sopUid, ...rest] = path;
	if (path.length === 1) {
		const query = parseQuery(search);
		if (top === 'studies') return found(await searchStudies(actor, query, base), query.ignored);
		if (top === 'series') return found(await searchSeries(actor, null, query, base), query.ignored);
		if (top === 'instances') return found(await searchInstances(actor, null, null, query, base), query.ignored);
	}
	if (top !== 'studies' || studyUid === undefined || !isUid(studyUid)) throw new NotFound();
	for (const uid of [seriesUid, sopUid]) if (uid !== undefined && !isUid(uid)) throw new NotFound();
	const study = await see(actor, await studyByUid(actor.organization, studyUid), 'imaging');
	const scope = { study, series: seriesUid ?? null, instance: sopUid ?? null };
	switch (path.length) {
		case 2:
			return instances(request, scope);
		case 3:
			if (second === 'metadata') return metadata(request, scope, metadataBytes);
			if (second === 'rendered' || second === 'thumbnail') return rendered(request, scope, null);
			if (second === 'series') return found(await searchSeries(actor, study, parseQuery(search), base), []);
			if (second === 'instances') return found(await searchInstances(actor, study, null, parseQuery(search), base), []);
			break;
		case 4:
			if (second === 'series') return instances(request, scope);
			break;
		case 5:
			if (second !== 'series') break;
			if (third === 'metadata') return metadata(request, scope, metadataBytes);
			if (third === 'rendered' || third === 'thumbnail') return rendered(request, scope, null);
			if (third === 'instances') return found(await searchInstances(actor, study, scope.series, parseQuery(search), base), []);
			break;
		default:
			if (second === 'series' && third === 'instances') return instance(request, scope, rest, metadataBytes);
	}
	throw new NotFound();
}

type Scope = Parameters<typeof frames>[1];
async function instance(request: Request, scope: Scope, rest: readonly string[], metadataBytes: number): Promise<Response> {
	const [what, list, last] = rest;
	if (rest.length === 0) return instances(request, scope);
	if (what === 'metadata' && rest.length === 1) return metadata(request, scope, metadataBytes);
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
