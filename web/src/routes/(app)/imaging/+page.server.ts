import { error } from '@sveltejs/kit';
import { WORKLIST_TOPIC } from '@tongping/domain/imaging';
import { worklist } from '@tongping/domain/imaging/server';
import { sentence } from '#kernel/answers.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
	const { actor, locale } = locals;
	// The layout has sent everyone else to sign in.
	if (actor === null) error(401, sentence(locale, 'signed-out'));
	depends(`topic:${WORKLIST_TOPIC}`);
	return { rows: await worklist(actor, { limit: 200 }), actor, filter: url.searchParams.get('show') ?? 'all', match: url.searchParams.get('match') };
};
