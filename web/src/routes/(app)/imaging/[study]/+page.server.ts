import { error } from '@sveltejs/kit';
import { studyTopic, type StudyView } from '@tongping/domain/imaging';
import { openStudy } from '@tongping/domain/imaging/server';
import { isId } from '@tongping/domain/kernel';
import { Denied } from '@tongping/domain/kernel/server';
import { sentence } from '#kernel/answers.ts';
import type { PageServerLoad } from './$types';

/** One audited read opens the study; a study that does not exist and one that may not be seen look alike. */
export const load: PageServerLoad = async ({ params, locals, depends }): Promise<{ study: StudyView; me: { id: string; name: string } }> => {
	const { actor, locale } = locals;
	if (actor === null) error(401, sentence(locale, 'signed-out'));
	depends(`topic:${studyTopic(params.study)}`);
	if (!isId(params.study)) error(404, sentence(locale, 'not-found'));
	try {
		return { study: await openStudy(actor, params.study), me: { id: actor.user, name: actor.name } };
	} catch (problem) {
		if (problem instanceof Denied) error(404, sentence(locale, 'not-found'));
		throw problem;
	}
};
