import { localDate } from '../../kernel/index.ts';
import { demoPerson, seeded, type DemoWard, type StaffMember } from '../../organization/index.ts';
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
	readonly fromWard: DemoMove | null;
}
export interface DemoMove {
	readonly ward: DemoWard;
	readonly hoursAgo: number;
	readonly reason: string;
}

const TEAMS = {
	male: { residents: ['resident1', 'resident-zqm'], attendings: ['attending1', 'attending-ly'], nurses: ['nurse1', 'nurse2'] },
	female: { residents: ['resident2'], attendings: ['attending1', 'attending-sq'], nurses: ['nurse-hj', 'nurse-tym'] },
	emergency: { residents: ['resident-fh'], attendings: ['attending-sq'], nurses: ['nurse-gb'] }
} as const;
const PAYERS = ['职工', '居民', '居民', '自费', '救助'] as const;
const leavingToday = new Set(['male/18', 'male/26', 'female/12', 'female/21']);
const moves: Readonly<Record<string, Omit<DemoMove, 'hoursAgo'> & { readonly hoursAgo: number | 'soon' }>> = {
	'male/01': { ward: 'emergency', hoursAgo: 'soon', reason: '生命体征稳定，转专科治疗' },
	'male/24': { ward: 'emergency', hoursAgo: 4, reason: '留观期满，转专科治疗' },
	'female/02': { ward: 'emergency', hoursAgo: 'soon', reason: '谵妄，转专科治疗' },
	'emergency/02': { ward: 'male', hoursAgo: 3, reason: '发热气促，转急诊处理肺炎' }
};

/** Those who wait at another ward's door when the demo hospital opens, and one who was sent back. */
export const demoAsked: readonly {
	readonly person: string;
	readonly to: DemoWard;
	readonly minutesAgo: number;
	readonly by: string;
	readonly reason: string;
	readonly declined: { readonly minutesAgo: number; readonly by: string; readonly reason: string } | null;
}[] = [
	{ person: 'emergency/01', to: 'male', minutesAgo: 25, by: 'nurse-gb', reason: '酒精戒断，需住院治疗', declined: null },
	{ person: 'emergency/03', to: 'female', minutesAgo: 12, by: 'resident-fh', reason: '洗胃后生命体征平稳，转专科看护', declined: null },
	{
		person: 'emergency/04',
		to: 'female',
		minutesAgo: 95,
		by: 'nurse-gb',
		reason: '留观后仍有自杀意念',
		declined: { minutesAgo: 70, by: 'nurse-hj', reason: '请先完成躯体评估再转' }
	}
];

const HOUR_MS = 3_600_000;
/** Hours ago, but never before midnight: what the board counts as "today" is today whenever the demo hospital opens. */
export function earlierToday(now: number, hoursAgo: number): number {
	const midnight = Date.parse(`${localDate(now)}T00:00:00+08:00`);
	return Math.max(now - hoursAgo * HOUR_MS, Math.round((now + midnight) / 2));
}
/** When they came into the ward they are in. */
export function inWardSince(person: DemoPerson, now: number): number {
	const { fromWard } = demoStay(person);
	if (fromWard === null) return now - person.admittedHoursAgo * HOUR_MS;
	return fromWard.hoursAgo < 24 ? earlierToday(now, fromWard.hoursAgo) : now - fromWard.hoursAgo * HOUR_MS;
}

export function demoStay(person: DemoPerson): DemoStay {
	const next = seeded(`stay/${person.key}`);
	const team = TEAMS[person.ward];
	const one = (of: readonly string[]): StaffMember => demoPerson(of[Math.floor(next() * of.length)] ?? of[0] ?? '');
	const [resident, attending, nurse] = [one(team.residents), one(team.attendings), one(team.nurses)];
	const payer = PAYERS[Math.floor(next() * PAYERS.length)] ?? '自费';
	const noticed = leavingToday.has(person.key);
	const expectedInDays = noticed ? 0 : person.gravity !== null || person.ward === 'emergency' || next() < 0.35 ? null : 2 + Math.floor(next() * 24);
	const move = person.admittedHoursAgo > 6 ? moves[person.key] : undefined;
	return {
		resident,
		attending,
		nurse,
		payer,
		expectedInDays,
		noticeHoursAgo: noticed ? 3 + Math.floor(next() * 4) : person.leftHoursAgo === null ? null : person.leftHoursAgo + 14,
		fromWard: move === undefined ? null : { ...move, hoursAgo: move.hoursAgo === 'soon' ? person.admittedHoursAgo - 5 : move.hoursAgo }
	};
}
