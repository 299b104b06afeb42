import { dicomweb } from '@tongping/domain/imaging/server';
import { sentence } from '#kernel/answers.ts';
import type { Locale } from '#kernel/text.ts';
import type { RequestHandler } from './$types';
import { sentences } from './sentences.ts';

/** The refusal as the service words it for programs, with the sentence for whoever reads it. */
async function told(refused: Response, locale: Locale): Promise<Response> {
	const body = (await refused.json()) as { readonly error?: { readonly code: string } };
	const { error } = body;
	const whole = error === undefined ? body : { ...body, error: { ...error, message: sentences[locale][error.code] ?? sentence(locale, 'invalid') } };
	return Response.json(whole, { status: refused.status, headers: refused.headers });
}

/** DICOMweb: QIDO-RS, WADO-RS, STOW-RS. */
const answer: RequestHandler = async ({ request, params, locals, url }) => {
	const path = params.path.split('/').filter((segment) => segment !== '');
	const given = await dicomweb(locals.actor, request, path, `${url.origin}/dicomweb`);
	const isRefusal = given.status >= 400 && given.headers.get('content-type') === 'application/json';
	return isRefusal ? told(given, locals.locale) : given;
};
export const GET = answer;
export const POST = answer;
