import { ageInYears, dayOfStay, localDate } from '../../kernel/index.ts';
import type { Board, BoardPatient } from './ward-board.ts';

export interface BoardCounters {
	/** those the ward is made for; extra beds are counted apart */
	readonly beds: number;
	readonly occupied: number;
	readonly free: number;
	readonly notReady: number;
	readonly extra: number;
	readonly waiting: number;
	readonly incoming: number;
	readonly admittedToday: number;
	readonly dischargedToday: number;
	readonly transferredInToday: number;
	readonly transferredOutToday: number;
	readonly critical: number;
	readonly serious: number;
	readonly special: number;
	readonly first: number;
	readonly isolated: number;
	readonly restrained: number;
	readonly feverish: number;
	readonly leaving: number;
}

/** 37.3 ℃ under the arm is where Chinese wards begin to count fever. */
const FEVER_CEL = 37.3;
const DAY_MS = 86_400_000;

/** What the corner of the card says today. */
export function flagsOf(person: BoardPatient, now: number) {
	const today = localDate(now);
	return {
		age: ageInYears(person.birthDate, now),
		day: dayOfStay(person.admittedAt, now),
		admittedToday: localDate(person.admittedAt) === today,
		transferredInToday: person.fromWard !== null && localDate(person.inWardSince) === today,
		leaving: person.dischargeNotice !== null,
		leavingToday: person.dischargeNotice !== null || person.expectedDischarge === today,
		overstayed: person.expectedDischarge !== null && person.expectedDischarge < today,
		earlyWarningStale: person.earlyWarning.kind === 'score' && now > person.earlyWarning.at + person.earlyWarning.intervalMs,
		feverish: person.temperature !== null && person.temperature.value >= FEVER_CEL && now - person.temperature.at < DAY_MS,
		highRisk: person.risks.some((risk) => risk.grade === 'high')
	};
}

export function countersOf(board: Board, now: number): BoardCounters {
	const inBeds = board.beds.flatMap((bed) => (bed.occupant === null ? [] : [bed.occupant]));
	const people = [...inBeds, ...board.waiting.map((entry) => entry.occupant)];
	const flags = people.map((person) => flagsOf(person, now));
	const count = (test: (person: BoardPatient) => boolean): number => people.filter(test).length;
	const today = localDate(now);
	const empty = board.beds.filter((bed) => bed.occupant === null);
	return {
		beds: board.beds.filter((bed) => !bed.extra).length,
		occupied: inBeds.length,
		free: empty.filter((bed) => bed.status === 'free').length,
		notReady: empty.filter((bed) => bed.status !== 'free').length,
		extra: board.beds.filter((bed) => bed.extra).length,
		waiting: board.waiting.length,
		incoming: board.incoming.length,
		admittedToday: flags.filter((flag) => flag.admittedToday).length,
		dischargedToday: board.header.dischargedAt.filter((at) => localDate(at) === today).length,
		transferredInToday: flags.filter((flag) => flag.transferredInToday).length,
		transferredOutToday: board.header.transferredOutAt.filter((at) => localDate(at) === today).length,
		critical: count((person) => person.severity === 'critical'),
		serious: count((person) => person.severity === 'serious'),
		special: count((person) => person.level?.level === 'special'),
		first: count((person) => person.level?.level === 'first'),
		isolated: count((person) => person.isolation !== null),
		restrained: count((person) => person.restraint !== null),
		feverish: flags.filter((flag) => flag.feverish).length,
		leaving: flags.filter((flag) => flag.leavingToday).length
	};
}
