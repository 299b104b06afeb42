import { liveName } from '../../../kernel/index.ts';
import { changeLiveRights } from '../../../kernel/server/live-log.ts';
import { handle, tables, type Handle, type Served, type WriteContext } from '../../../kernel/server/module.ts';
import { READING_KIND } from '../../reading/live.ts';
import { REPORT_KIND } from '../../report/live.ts';
import { mayImport, mayListStudies, maySeeStudy } from '../policy.ts';
import { confirmIdentity, matchStudy, receiveStudy, STUDY_TOPIC, studyTopic, unmatchStudy, WORKLIST_TOPIC, type StudyEvent } from '../study.ts';
import { careOfStudy, loadStudyState, studyRow } from './state.ts';
import { storeInstance } from './store.ts';
import { studyMigrations, type StudyTables } from './tables.ts';

async function save(trx: Handle, events: readonly StudyEvent[], { actor, now }: WriteContext): Promise<void> {
	const db = tables<StudyTables>(trx);
	for (const event of events) {
		if (event.type === 'imaging.study.received') continue;
		const row = db.updateTable('imaging_study').where('id', '=', event.study).where('organization', '=', actor.organization);
		switch (event.type) {
			case 'imaging.study.matched':
				await row.set({ patient: event.patient, match_how: event.how, match_by: actor.name, match_at: now, confirmed: null }).execute();
				break;
			case 'imaging.study.unmatched':
				await row.set({ patient: null, match_how: null, match_by: null, match_at: null, confirmed: null }).execute();
				break;
			case 'imaging.study.identity-confirmed':
				await row.set({ confirmed: event.differences.join(',') }).execute();
				break;
		}
		// Whose picture it is decides who may look and who may write.
		await changeLiveRights(trx, liveName(READING_KIND, event.reading), now);
		await changeLiveRights(trx, liveName(REPORT_KIND, event.report), now);
	}
}

export const served: Served = {
	id: 'imaging.study',
	migrations: studyMigrations,
	tasks: [storeInstance],
	handlers: [
		handle(receiveStudy, { load: (trx, input, { actor }) => loadStudyState(trx, actor.organization, input.study, null), save }),
		handle(matchStudy, { load: (trx, input, { actor }) => loadStudyState(trx, actor.organization, input.study, input.patient), save }),
		handle(unmatchStudy, { load: (trx, input, { actor }) => loadStudyState(trx, actor.organization, input.study, null), save }),
		handle(confirmIdentity, { load: (trx, input, { actor }) => loadStudyState(trx, actor.organization, input.study, null), save })
	],
	topics: (event) => {
		if (!event.type.startsWith('imaging.')) return [];
		const study = 'study' in event && typeof event.study === 'string' ? event.study : null;
		return study === null ? [WORKLIST_TOPIC] : [WORKLIST_TOPIC, studyTopic(study)];
	},
	watched: [
		{ name: WORKLIST_TOPIC, may: (_, actor, id) => Promise.resolve(id === '' && (mayListStudies(actor) || mayImport(actor))) },
		{
			name: STUDY_TOPIC,
			async may(handle, actor, id, now) {
				const row = await studyRow(handle, actor.organization, id);
				return row !== undefined && maySeeStudy(actor, await careOfStudy(handle, row.patient, now));
			},
			// A patient who moves to another ward takes the pictures along.
			touchedBy: (event) => (event.patient === null ? [] : '*')
		}
	]
};
