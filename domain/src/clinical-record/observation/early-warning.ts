import { ageInYears } from '../../kernel/index.ts';
import { news2, news2IntervalMs, type News2Risk, type Vitals } from './news2.ts';
import { ITEMS } from './observation.ts';

/** The score, or the reason why there is none: a missing number must never look like a good one. */
export type EarlyWarning =
	| {
			readonly kind: 'score';
			readonly score: number;
			readonly risk: News2Risk;
			readonly at: number;
			readonly previous: number | null;
			readonly trend: 'up' | 'down' | 'level' | null;
			/** stale after `at + intervalMs` */
			readonly intervalMs: number;
	  }
	| { readonly kind: 'absent'; readonly reason: 'under-16' | 'age-unknown' | 'pregnancy' | 'no-vitals' };

/** One observation as the score needs it. */
export interface Measured {
	readonly code: string;
	readonly at: number;
	readonly value: number | null;
	readonly text: string | null;
}

const isLevel = (text: string | null | undefined): text is Vitals['consciousness'] =>
	text === 'A' || text === 'C' || text === 'V' || text === 'P' || text === 'U';

/** Sets of vital signs by the minute they were taken, newest first; a set that lacks a part has no score. */
export function completeSets(measured: readonly Measured[]): readonly { readonly at: number; readonly vitals: Vitals }[] {
	const scale = measured.filter((m) => m.code === ITEMS.spo2Scale.code).toSorted((a, b) => a.at - b.at);
	const sets = new Map<number, Map<string, Measured>>();
	for (const m of measured) {
		if (m.code === ITEMS.spo2Scale.code) continue;
		const set = sets.get(m.at) ?? new Map<string, Measured>();
		set.set(m.code, m);
		sets.set(m.at, set);
	}
	return [...sets]
		.toSorted(([a], [b]) => b - a)
		.flatMap(([at, set]) => {
			const number = (key: keyof typeof ITEMS) => set.get(ITEMS[key].code)?.value ?? null;
			const respiration = number('respiration');
			const spo2 = number('spo2');
			const systolic = number('systolic');
			const pulse = number('pulse');
			const temperature = number('temperature');
			const consciousness = set.get(ITEMS.consciousness.code)?.text;
			if (respiration === null || spo2 === null || systolic === null || pulse === null || temperature === null || !isLevel(consciousness)) return [];
			const spo2Scale = scale.findLast((m) => m.at <= at)?.value === 2 ? 2 : 1;
			return [{ at, vitals: { respiration, spo2, spo2Scale, onOxygen: (number('oxygen') ?? 0) > 0, systolic, pulse, temperature, consciousness } }];
		});
}

export function earlyWarning(
	patient: { readonly birthDate: string | null; readonly pregnant: boolean },
	measured: readonly Measured[],
	now: number
): EarlyWarning {
	const age = ageInYears(patient.birthDate, now);
	if (age !== null && age < 16) return { kind: 'absent', reason: 'under-16' };
	if (patient.pregnant) return { kind: 'absent', reason: 'pregnancy' };
	const [latest, before] = completeSets(measured);
	if (latest === undefined) return { kind: 'absent', reason: 'no-vitals' };
	if (age === null) return { kind: 'absent', reason: 'age-unknown' };
	const score = news2(latest.vitals);
	const previous = before === undefined ? null : news2(before.vitals).total;
	const trend = previous === null ? null : score.total > previous ? 'up' : score.total < previous ? 'down' : 'level';
	return { kind: 'score', score: score.total, risk: score.risk, at: latest.at, previous, trend, intervalMs: news2IntervalMs(score) };
}
