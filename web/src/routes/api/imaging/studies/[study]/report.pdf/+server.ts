import { Denied } from '@tongping/domain/kernel/server';
import { openStudy } from '@tongping/domain/imaging/server';
import { problem } from '#kernel/answers.ts';
import { reportPdf } from '#modules/imaging/report-paper/paper.server.ts';
import type { RequestHandler } from './$types';

/** The signed report on paper. 404 while nothing is signed, or where it may not be seen. */
export const GET: RequestHandler = async ({ params, locals }) => {
	if (locals.actor === null) return problem(locals.locale, 401, locals.session === 'locked' ? 'locked' : 'signed-out');
	try {
		const view = await openStudy(locals.actor, params.study);
		const bytes = await reportPdf(view, locals.locale, Date.now());
		if (bytes === null) return problem(locals.locale, 404, 'not-found');
		// The file's name says what it is, never whose.
		return new Response(bytes.slice().buffer, {
			headers: {
				'content-type': 'application/pdf',
				'content-disposition': `attachment; filename="report-${view.studyDate ?? 'study'}.pdf"`,
				'cache-control': 'no-store'
			}
		});
	} catch (error) {
		if (error instanceof Denied) return problem(locals.locale, 404, 'not-found');
		throw error;
	}
};
