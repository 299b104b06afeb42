import type { Migration } from '../../../kernel/server/index.ts';

export interface CodeSystemTable {
	organization: string;
	system: string;
	/** the version that search answers from; a version still arriving is not named here */
	version: string;
	title: string;
	concepts: number;
	imported_at: number;
}
export interface CodeConceptTable {
	organization: string;
	system: string;
	version: string;
	code: string;
	code_lower: string;
	display: string;
	display_lower: string;
	initials: string;
}
export interface CodeTables {
	code_system: CodeSystemTable;
	code_concept: CodeConceptTable;
}

export const migrations: readonly Migration[] = [
	{
		id: 'terminology/code-system/1',
		sql: [
			`create table code_system (organization text not null, system text not null, version text not null, title text not null, concepts integer not null, imported_at integer not null, primary key (organization, system))`,
			`create table code_concept (organization text not null, system text not null, version text not null, code text not null, code_lower text not null, display text not null, display_lower text not null, initials text not null, primary key (organization, system, version, code))`
		]
	}
];
