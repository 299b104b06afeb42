/** The server door of imaging. */
export { dicomweb } from './study/server/dicomweb.ts';
export { closeIngest, Import, importDicom, scratchFile, type ImportProgress } from './study/server/ingest/receive.ts';
export { openStudy, worklist, type WorklistFilter } from './study/server/views.ts';
export type { StudyTables } from './study/server/tables.ts';
export type { ReportTables } from './report/server/tables.ts';
