export { conceptOf, currentTables, searchConcepts } from './code-system/server/search.ts';
export { importChunk, importTable, type ChunkDone, type TableImported } from './code-system/server/import.ts';
