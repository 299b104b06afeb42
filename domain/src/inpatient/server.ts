export { patientBanner, patientChart, type PatientBanner, type PatientChart } from './ward-board/server/chart.ts';
export { boardPatient, wardBoardView } from './ward-board/server/view.ts';
export { activeStay, severitySinceIn, stayById, staysOf } from './stay/server/queries.ts';
export { searchPatients, type FoundPatient } from './stay/server/search.ts';
export { mayReadPatient } from '../patient/server.ts';
export { transfersOf } from './ward-transfer/server/queries.ts';
export type { StayTables } from './stay/server/tables.ts';
