import { json } from '@sveltejs/kit';
import { dicomweb } from '@tongping/domain/imaging/server';
import { sentence } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

interface Refused {
	readonly error?: { readonly code: string };
}

/** DICOMweb: QIDO-RS, WADO-RS, STOW-RS. */
const answer: RequestHandler = async ({ request, params, locals, url }) => {
	const response = await dicomweb(
		locals.actor,
		request,
		params.path.split('/').filter((segment) => segment !== ''),
		`${url.origin}/dicomweb`
	);
	if (response.status < 400 || response.headers.get('content-type') !== 'application/json') return response;
	// The service knows codes; people get a sentence.
	const body = (await response.json()) as Refused;
	const told = body.error === undefined ? body : { ...body, error: { ...body.error, message: sentence(locals.locale, body.error.code) } };
	return json(told, { status: response.status, headers: { 'cache-control': 'no-store' } });
};
export const GET = answer;
export const POST = answer;
