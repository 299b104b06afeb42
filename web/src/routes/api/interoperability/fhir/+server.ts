import { json } from '@sveltejs/kit';
import { MAX_BUNDLE_BYTES, mayImportRecords } from '@tongping/domain/interoperability';
import { importFhir } from '@tongping/domain/interoperability/server';
import { problem, readText, refusalSentence } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** One FHIR R4 bundle, whole or not at all. `npm run import -- fhir` sends them. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	if (!mayImportRecords(actor)) return problem(locale, 403, 'forbidden');
	const body = await readText(request, locale, MAX_BUNDLE_BYTES);
	if (!body.ok) return body.response;
	const imported = await importFhir(actor, body.text);
	const headers = { 'cache-control': 'no-store' };
	if (imported.ok) return json(imported.value, { headers });
	return json({ refusal: { ...imported.refusal, message: refusalSentence(locale, imported.refusal) } }, { status: 409, headers });
};
