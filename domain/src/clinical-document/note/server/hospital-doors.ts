import { chipAgrees, sourcesOf } from '../chips.ts';
import type { NoteDoors } from './doors.ts';
import { observationById } from '../../../clinical-record/server.ts';
import type { Observation, ObservationId } from '../../../clinical-record/index.ts';
import { roleOf } from '../../../identity-access/server.ts';
import { stayById } from '../../../inpatient/server.ts';
import { askOpinion, endOpinion, recordsOf } from '../../../patient/server.ts';
import type { StayId } from '../../../kernel/index.ts';

const DOCTORS: ReadonlySet<string> = new Set(['resident', 'attending', 'chief']);

/** The ways to the lower contexts, as the running hospital has them. */
export const hospitalDoors: NoteDoors = {
	async stayOf(handle, id) {
		const stay = await stayById(handle, id as StayId);
		return stay === null ? null : { patient: stay.patient, ward: stay.ward, endedAt: stay.phase.phase === 'ended' ? stay.phase.at : null };
	},
	isDoctor: async (handle, user) => DOCTORS.has((await roleOf(handle, user)) ?? ''),
	askOpinion,
	endOpinion,
	async chipHolds(handle, note, chip) {
		if (chip.source !== 'observation') return false;
		const rows: Observation[] = [];
		for (const id of sourcesOf(chip).slice(0, 3)) {
			const row = await observationById(handle, id as ObservationId);
			if (row === null) return false;
			rows.push(row);
		}
		const records = await recordsOf(handle, note.patient);
		return rows.every((row) => records.includes(row.patient)) && chipAgrees(chip, rows);
	}
};
