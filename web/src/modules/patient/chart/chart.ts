import type { AllergySummary, Condition, EarlyWarning, Encounter, Medication, Observation } from '@tongping/domain/clinical-record';
import type { NursingLevel } from '@tongping/domain/nursing';
import type { Patient } from '@tongping/domain/patient';

/** A measured value as the chart draws it. */
export type Point = Pick<Observation, 'at' | 'value' | 'text' | 'flag'>;
export interface Series {
	readonly code: string;
	readonly display: string;
	readonly category: Observation['category'];
	readonly unit: string | null;
	readonly low: number | null;
	readonly high: number | null;
	readonly points: readonly Point[];
}

export interface StayLine {
	readonly id: string;
	readonly wardName: string;
	readonly bed: string | null;
	readonly admittedAt: number;
	readonly endedAt: number | null;
	readonly severity: 'critical' | 'serious' | null;
	readonly expectedDischarge: string | null;
	/** who answers for the patient, by name */
	readonly team: { readonly attending: string | null; readonly resident: string | null; readonly nurse: string | null };
	/** between wards, oldest first */
	readonly moves: readonly { readonly id: string; readonly at: number; readonly from: string; readonly to: string; readonly by: string }[];
	/** the ward that was asked to take the patient and has not yet */
	readonly awaited: { readonly ward: string; readonly by: string; readonly at: number } | null;
}

/** Everything the patient page shows, read at `now`. */
export interface ChartData {
	readonly now: number;
	readonly patient: Patient;
	readonly stays: readonly StayLine[];
	readonly level: NursingLevel | null;
	readonly earlyWarning: EarlyWarning;
	readonly allergies: AllergySummary;
	readonly conditions: readonly Condition[];
	readonly medications: readonly Medication[];
	readonly encounters: readonly Encounter[];
	readonly series: readonly Series[];
	/** what this reader may write */
	readonly may: { readonly diagnose: boolean; readonly record: boolean; readonly writeRound: boolean };
}

export const currentStay = (data: ChartData): StayLine | null => data.stays.find((stay) => stay.endedAt === null) ?? null;
export const isNumeric = (series: Series): boolean => series.points.some((point) => point.value !== null);
/** Systolic and diastolic pressure are read as a pair. (LOINC) */
export const PRESSURE = { systolic: '8480-6', diastolic: '8462-4' } as const;

/** What a reader looks at first: values out of range, then those measured most often. */
export function trendOrder(series: readonly Series[]): readonly Series[] {
	const flagged = (line: Series): number => (line.points.at(-1)?.flag === null ? 0 : 1);
	return series
		.filter((line) => isNumeric(line) && line.code !== PRESSURE.diastolic)
		.toSorted(
			(a, b) =>
				flagged(b) - flagged(a) ||
				Number(b.points.length > 1) - Number(a.points.length > 1) ||
				(b.points.at(-1)?.at ?? 0) - (a.points.at(-1)?.at ?? 0) ||
				(a.code < b.code ? -1 : 1)
		);
}
