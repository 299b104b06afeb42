import { isRadiologist, type Actor } from '../../../kernel/index.ts';
import { Denied, db, read } from '../../../kernel/server/index.ts';
import { maySeeStudy } from '../policy.ts';
import { careOfStudy } from './state.ts';
import type { StudyTable, StudyTables } from './tables.ts';

/**
 * One door for everything of a study: its view, its metadata, each frame. The right is asked anew for every request. The audit line of
 * looking at it is written once a session, study and ten minutes: a series of 500 pictures is one look, not 500.
 */
const AGAIN_MS = 10 * 60_000;
const seen = new Map<string, number>();

function fresh(key: string, now: number): boolean {
	const last = seen.get(key);
	if (last !== undefined && now - last < AGAIN_MS) return false;
	if (seen.size > 20_000) for (const [old, at] of seen) if (now - at >= AGAIN_MS) seen.delete(old);
	return true;
}

export const studyByUid = (organization: string, uid: string): Promise<StudyTable | undefined> =>
	db<StudyTables>().selectFrom('imaging_study').selectAll().where('organization', '=', organization).where('uid', '=', uid).executeTakeFirst();
export const studyById = (organization: string, id: string): Promise<StudyTable | undefined> =>
	db<StudyTables>().selectFrom('imaging_study').selectAll().where('organization', '=', organization).where('id', '=', id).executeTakeFirst();

/** Returns the study or throws `Denied`; a study that does not exist takes the same way out as one that may not be seen. */
export async function see(actor: Actor, study: StudyTable | undefined, purpose: string): Promise<StudyTable> {
	const now = Date.now();
	// A radiologist's right does not hang on where the patient is, so that look-up is spared for every frame.
	const allow = study !== undefined && (isRadiologist(actor) || maySeeStudy(actor, await careOfStudy(db(), study.patient, now)));
	const key = `${actor.session}/${study?.id ?? ''}`;
	if (allow && !fresh(key, now)) return study;
	await read(actor, { purpose, patient: study?.patient ?? null, allow, detail: { study: study?.id ?? null } });
	if (study === undefined) throw new Denied();
	seen.set(key, now);
	return study;
}
