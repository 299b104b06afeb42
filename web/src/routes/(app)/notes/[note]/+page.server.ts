import { error, redirect } from '@sveltejs/kit';
import { noteView } from '@tongping/domain/clinical-document/server';
import { activeStay } from '@tongping/domain/inpatient/server';
import { isId, localDate } from '@tongping/domain/kernel';
import { hospital, read } from '@tongping/domain/kernel/server';
import { turnedAway } from '#modules/clinical-document/note/round.server.ts';
import type { PageServerLoad } from './$types';

/** The deep link of a note: an open one is written on the round page, a sealed one of an earlier day or an ended stay is read as printed. */
export const load: PageServerLoad = async ({ params, locals }) => {
	const { actor } = locals;
	if (actor === null || !isId(params.note)) error(404);
	const view = await noteView(hospital().reader, actor, params.note);
	if (view === null) {
		await turnedAway(actor, params.note);
		error(404);
	}
	await read(actor, { purpose: 'chart', patient: view.note.patient, allow: true });
	const { id, stay, type, patient, sealed, date, consultants } = view.note;
	const today = date === localDate(Date.now());
	const running = await activeStay(hospital().reader, patient);
	if ((sealed && !today) || running?.id !== stay) redirect(303, `/notes/${id}/print`);
	if (!today || consultants.includes(actor.user)) redirect(303, `/patients/${patient}/round?note=${id}`);
	redirect(303, type === 'nursing-record' ? `/patients/${patient}/round` : `/patients/${patient}/round?type=${type}`);
};
