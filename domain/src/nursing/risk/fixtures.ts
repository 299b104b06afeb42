import { seeded } from '../../organization/index.ts';
import type { DemoPerson } from '../../patient/index.ts';
import { bradenGrade, morseGrade, type Diet, type Isolation, type Risk, type RiskGrade } from './risk.ts';

export interface DemoSafety {
	readonly risks: readonly Omit<Risk, 'at'>[];
	readonly isolation: Isolation | null;
	readonly restraint: { readonly reason: string; readonly minutesAgo: number } | null;
	readonly diet: Diet;
}

function isolation(person: DemoPerson): Isolation | null {
	if (person.ailments.includes('mrsa-wound')) return { kind: 'contact', organism: 'MRSA' };
	if (person.ailments.includes('scabies')) return { kind: 'contact', organism: '疥螨' };
	if (person.ailments.includes('influenza')) return { kind: 'droplet', organism: '甲型流感病毒' };
	if (person.ailments.includes('tuberculosis')) return { kind: 'airborne', organism: '结核分枝杆菌' };
	return person.ailments.includes('neutropenia') ? { kind: 'protective', organism: null } : null;
}

const restraints: Readonly<Record<string, DemoSafety['restraint']>> = {
	'male/03': { reason: '冲动毁物，劝说无效，有伤人危险', minutesAgo: 95 },
	'female/01': { reason: '躁动，有拔管和坠床危险', minutesAgo: 40 }
};
const fasting = new Set(['male/09', 'male/22', 'female/06', 'female/18']);

export function demoSafety(person: DemoPerson): DemoSafety {
	const next = seeded(`risk/${person.key}`);
	const old = (person.age ?? 50) >= 65;
	const confused = person.illness === 'dementia' || person.illness === 'delirium';
	const morse = (old ? 35 : 5) + (confused ? 15 : 0) + (person.ailments.includes('hypertension') ? 10 : 0) + Math.floor(next() * 4) * 5;
	const braden = (old && confused ? 12 : old ? 15 : 20) + Math.floor(next() * 3);
	const ward = (kind: 'suicide' | 'impulsive' | 'absconding', grade: RiskGrade) => ({ kind, grade, scale: 'ward', score: null });
	const low = person.illness.includes('depression') || person.illness === 'overdose';
	const wild = person.illness === 'mania' || person.illness === 'schizoaffective';
	const voices = person.illness === 'schizophrenia';
	return {
		risks: [
			{ kind: 'fall', grade: morseGrade(morse), scale: 'Morse', score: morse },
			{ kind: 'pressure', grade: bradenGrade(braden), scale: 'Braden', score: braden },
			ward('suicide', low ? (person.illness === 'overdose' || next() < 0.4 ? 'high' : 'medium') : next() < 0.1 ? 'medium' : 'low'),
			ward('impulsive', wild ? (next() < 0.6 ? 'high' : 'medium') : voices && next() < 0.35 ? 'medium' : 'low'),
			ward('absconding', person.admittedHoursAgo < 96 && next() < 0.4 ? 'medium' : next() < 0.06 ? 'high' : 'none')
		],
		isolation: isolation(person),
		restraint: restraints[person.key] ?? null,
		diet: fasting.has(person.key)
			? 'fasting'
			: person.ailments.includes('diabetes')
				? 'diabetic'
				: person.gravity === 'critical'
					? 'liquid'
					: person.ailments.includes('hypertension')
						? 'low-salt'
						: old
							? 'soft'
							: 'ordinary'
	};
}
