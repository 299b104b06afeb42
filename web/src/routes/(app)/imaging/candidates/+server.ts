import { json } from '@sveltejs/kit';
import { mayMatch } from '@tongping/domain/imaging';
import { searchPatients } from '@tongping/domain/inpatient/server';
import { db, read } from '@tongping/domain/kernel/server';
import { problem, readJson } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** Charts an unmatched study may belong to. One audited read for each search. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, 'signed-out');
	if (!mayMatch(actor)) return problem(locale, 403, 'forbidden');
	const body = await readJson(request, locale);
	if (!body.ok) return body.response;
	const text: unknown = typeof body.value === 'object' && body.value !== null && 'text' in body.value ? body.value.text : null;
	if (typeof text !== 'string' || text.trim().length < 2) return problem(locale, 400, 'invalid');
	const found = await searchPatients(db(), actor, text, { limit: 10 });
	await read(actor, { purpose: 'match-study', patient: null, allow: true, detail: { found: found.length } });
	const candidates = found.map(({ patient: { id, mrn, name, birthDate, sex } }) => ({ patient: id, mrn, name, birthDate, sex }));
	return json({ candidates }, { headers: { 'cache-control': 'no-store' } });
};
