import { error } from '@sveltejs/kit';
import { isId } from '@tongping/domain/kernel';
import { loadPrint } from '#modules/clinical-document/note/round.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, url, locals }) => {
	if (locals.actor === null || !isId(params.note)) error(404);
	const print = await loadPrint(locals.actor, params.note, url.searchParams.get('view') !== 'clean');
	if (print === null) error(404);
	return { print };
};
