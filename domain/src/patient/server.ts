export {
	AFTERCARE_MS,
	announceCare,
	askOpinion,
	beginCare,
	careOf,
	endCare,
	endOpinion,
	mayReadPatient,
	patientById,
	patientInCare,
	patientOfRow,
	presentIn,
	recordsOf,
	withdrawAnnouncement
} from './registry/server/queries.ts';
export { searchKey, soundOf } from './registry/server/pinyin.ts';
export { idsBySource, takenForAnother } from './registry/server/import.ts';
export type { ImportedPatient, ImportPatients } from './registry/server/import.ts';
export type { PatientTable, PatientTables } from './registry/server/tables.ts';
