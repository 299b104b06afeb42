import { error } from '@sveltejs/kit';
import { isId } from '@tongping/domain/kernel';
import { notePdf } from '#modules/clinical-document/note/paper.server.ts';
import { loadPrint } from '#modules/clinical-document/note/round.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, url, locals }) => {
	if (locals.actor === null || !isId(params.note)) error(404);
	const data = await loadPrint(locals.actor, params.note, url.searchParams.get('view') !== 'clean');
	if (data === null) error(404);
	const bytes = await notePdf(data, locals.locale);
	// The file's name says what it is, never whose.
	return new Response(bytes.slice().buffer, {
		headers: { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="note-${data.date}.pdf"`, 'cache-control': 'no-store' }
	});
};
