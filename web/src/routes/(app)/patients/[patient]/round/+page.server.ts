import { error } from '@sveltejs/kit';
import { isId, type PatientId } from '@tongping/domain/kernel';
import { loadRound } from '#modules/clinical-document/note/round.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, url, locals, depends }) => {
	if (locals.actor === null || !isId(params.patient)) error(404);
	depends(`topic:notes:${params.patient}`);
	const round = await loadRound(locals.actor, params.patient as PatientId, { type: url.searchParams.get('type'), note: url.searchParams.get('note') });
	if (round === null) error(404);
	return { round };
};
