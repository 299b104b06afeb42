import { demoPerson, seeded, type StaffMember } from '../../organization/index.ts';
import type { DemoPerson } from '../../patient/index.ts';

export interface DemoStay {
	readonly resident: StaffMember;
	readonly attending: StaffMember;
	readonly nurse: StaffMember;
	readonly payer: string;
	/** days from the opening of the demo hospital */
	readonly expectedInDays: number | null;
	readonly noticeHoursAgo: number | null;
	/** came from the emergency room or another ward */
	readonly fromWard: { readonly name: string; readonly hoursAgo: number } | null;
}

const TEAMS = {
	male: { residents: ['resident1', 'resident-zqm'], attendings: ['attending1', 'attending-ly'], nurses: ['nurse1', 'nurse2'] },
	female: { residents: ['resident2'], attendings: ['attending1', 'attending-sq'], nurses: ['nurse-hj', 'nurse-tym'] },
	emergency: { residents: ['resident-fh'], attendings: ['attending-sq'], nurses: ['nurse-gb'] }
} as const;
const PAYERS = ['职工', '居民', '居民', '自费', '救助'] as const;
const leavingToday = new Set(['male/18', 'male/26', 'female/12', 'female/21']);

export function demoStay(person: DemoPerson): DemoStay {
	const next = seeded(`stay/${person.key}`);
	const team = TEAMS[person.ward];
	const one = (of: readonly string[]): StaffMember => demoPerson(of[Math.floor(next() * of.length)] ?? of[0] ?? '');
	const [resident, attending, nurse] = [one(team.residents), one(team.attendings), one(team.nurses)];
	const payer = PAYERS[Math.floor(next() * PAYERS.length)] ?? '自费';
	const noticed = leavingToday.has(person.key);
	const expectedInDays = noticed ? 0 : person.gravity !== null || person.ward === 'emergency' || next() < 0.35 ? null : 2 + Math.floor(next() * 24);
	const transferred = (person.key === 'male/01' || person.key === 'male/24' || person.key === 'female/02') && person.admittedHoursAgo > 6;
	return {
		resident,
		attending,
		nurse,
		payer,
		expectedInDays,
		noticeHoursAgo: noticed ? 3 + Math.floor(next() * 4) : null,
		fromWard: transferred ? { name: '急诊留观', hoursAgo: person.key === 'male/24' ? 4 : person.admittedHoursAgo - 5 } : null
	};
}
