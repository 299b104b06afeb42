import type { Migration } from '../../../kernel/server/module.ts';
import type { Diet, IsolationKind, RiskGrade, RiskKind } from '../risk.ts';

interface Period {
	id: string;
	organization: string;
	patient: string;
	since: number;
	until: number | null;
	by: string;
	ended_by: string | null;
}
export interface SafetyTables {
	/** each assessment is a row; the last of a kind is the one that counts */
	nursing_risk: {
		id: string;
		organization: string;
		patient: string;
		kind: RiskKind;
		grade: RiskGrade;
		scale: string;
		score: number | null;
		at: number;
		by: string;
	};
	nursing_isolation: Period & { kind: IsolationKind; organism: string | null };
	nursing_restraint: Period & { reason: string; release_note: string | null };
	nursing_diet: Period & { diet: Diet };
}

const period = `id text primary key, organization text not null, patient text not null references patient (id), since integer not null, until integer, by text not null, ended_by text, check (until is null or until >= since)`;
export const safetyMigrations: readonly Migration[] = [
	{
		id: 'nursing/risk/1',
		sql: [
			`create table nursing_risk (id text primary key, organization text not null, patient text not null references patient (id), kind text not null check (kind in ('fall', 'pressure', 'suicide', 'impulsive', 'absconding')),
				grade text not null check (grade in ('none', 'low', 'medium', 'high')), scale text not null, score integer, at integer not null, by text not null)`,
			`create index nursing_risk_patient on nursing_risk (patient, kind, at)`,
			`create table nursing_isolation (kind text not null check (kind in ('contact', 'droplet', 'airborne', 'protective')), organism text, ${period})`,
			`create unique index nursing_isolation_active on nursing_isolation (patient) where until is null`,
			`create table nursing_restraint (reason text not null, release_note text, ${period})`,
			`create unique index nursing_restraint_active on nursing_restraint (patient) where until is null`,
			`create table nursing_diet (diet text not null check (diet in ('ordinary', 'soft', 'liquid', 'diabetic', 'low-salt', 'halal', 'fasting')), ${period})`,
			`create unique index nursing_diet_active on nursing_diet (patient) where until is null`
		]
	}
];
