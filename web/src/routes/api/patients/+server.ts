import { json } from '@sveltejs/kit';
import { searchPatients } from '@tongping/domain/inpatient/server';
import { hospital, read } from '@tongping/domain/kernel/server';
import { problem, readJson } from '#kernel/answers.ts';
import type { RequestHandler } from './$types';

/** By name, pinyin initials, bed or record number, among those the searcher may read. A POST: what is searched for never stands in an address. One audited read a search. */
export const POST: RequestHandler = async ({ request, locals }) => {
	const { actor, locale } = locals;
	if (actor === null) return problem(locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	const body = await readJson(request, locale);
	if (!body.ok) return body.response;
	const text: unknown = typeof body.value === 'object' && body.value !== null && 'text' in body.value ? body.value.text : null;
	if (typeof text !== 'string' || text.trim() === '' || text.length > 40) return problem(locale, 400, 'invalid');
	const found = await searchPatients(hospital().reader, actor, text, { limit: 12 });
	await read(actor, { purpose: 'search', patient: null, allow: true, detail: { found: found.length } });
	const patients = found.map(({ patient: { id, mrn, name, initials, pinyin, sex }, ward, bed }) => ({
		patient: id,
		mrn,
		name,
		initials,
		pinyin,
		sex,
		ward: ward?.name ?? null,
		bed
	}));
	return json({ patients }, { headers: { 'cache-control': 'no-store' } });
};
