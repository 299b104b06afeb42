import { error, redirect } from '@sveltejs/kit';
import { noteView } from '@tongping/domain/clinical-document/server';
import { isId, localDate } from '@tongping/domain/kernel';
import { hospital, read } from '@tongping/domain/kernel/server';
import { turnedAway } from '#modules/clinical-document/note/round.server.ts';
import type { PageServerLoad } from './$types';

/** The deep link of a note: today's is written on the round page, an older one is read as printed. */
export const load: PageServerLoad = async ({ params, locals }) => {
	const { actor } = locals;
	if (actor === null || !isId(params.note)) error(404);
	const view = await noteView(hospital().reader, actor, params.note);
	if (view === null) {
		await turnedAway(actor, params.note);
		error(404);
	}
	await read(actor, { purpose: 'chart', patient: view.note.patient, allow: true });
	const { type, patient, sealed, date } = view.note;
	if (sealed && date !== localDate(Date.now())) redirect(303, `/notes/${params.note}/print`);
	redirect(303, type === 'nursing-record' ? `/patients/${patient}/round` : `/patients/${patient}/round?type=${type}`);
};
