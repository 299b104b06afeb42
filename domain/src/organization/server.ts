export {
	addExtraBed,
	bedNumbers,
	removeExtraBed,
	setBedStatus,
	wardOfBed,
	wardPlan,
	wardRules,
	wardsOf,
	wardsOfHouse,
	type BedRow,
	type Duty,
	type VisibleWard,
	type WardPlan
} from './ward/server/queries.ts';
export type { WardTables } from './ward/server/tables.ts';
export { foundOrganization } from './organization/server/index.ts';
