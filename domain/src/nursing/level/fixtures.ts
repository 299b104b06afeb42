import { seeded } from '../../organization/index.ts';
import type { DemoPerson } from '../../patient/index.ts';
import type { NursingLevel } from './level.ts';

export function demoLevel(person: DemoPerson): NursingLevel {
	if (person.gravity === 'critical') return 'special';
	if (person.gravity === 'serious' || person.ward === 'emergency' || person.illness === 'delirium' || person.ailments.includes('neutropenia')) return 'first';
	if (person.illness === 'mania' && person.admittedHoursAgo < 14 * 24) return 'first';
	const roll = seeded(`level/${person.key}`)();
	return person.admittedHoursAgo < 72 || roll < 0.14 ? 'first' : roll < 0.8 ? 'second' : 'third';
}
