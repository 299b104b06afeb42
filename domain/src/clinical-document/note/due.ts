import { localDate } from '../../kernel/clock.ts';
import type { NursingLevel } from '../../nursing/index.ts';
import { TEMPLATES, type NoteType } from './templates.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
// The hospital's zone knows no summer time, so a hospital day always ends at the same distance from UTC.
const ZONE = '+08:00';

/**
 * How often a document is owed. Course of the illness: 病历书写基本规范 (2010) art. 22, critical at least daily, serious at least every
 * two days, stable at least every three; a round of the attending: first within 48 h, then three a week (三级查房). The national rule
 * leaves the intervals of the nursing record to the provinces; these are the common ones, by level, and daily for the gravely ill.
 */
export const COURSE_DAYS = { critical: 1, serious: 2, stable: 3 } as const;
export const NURSING_DAYS: Readonly<Record<NursingLevel, number>> = { special: 1, first: 1, second: 3, third: 7 };
export const ROUNDS_A_WEEK = 3;
/** A consultant comes within ten minutes when it is urgent, within 48 hours otherwise. */
export const CONSULT_MS = { urgent: 10 * 60_000, routine: 48 * HOUR_MS } as const;

/** Which rule asks for the document: the word beside the clock. */
export type DueRule =
	'first-progress' | 'course-critical' | 'course-serious' | 'course-stable' | 'first-round' | 'rounds-weekly' | 'nursing-grave' | `nursing-${NursingLevel}`;
export interface Due {
	readonly type: NoteType;
	readonly rule: DueRule;
	/** epoch ms by which it is owed */
	readonly at: number;
}

export interface DueFacts {
	readonly admittedAt: number;
	readonly severity: 'critical' | 'serious' | null;
	/** since when the notice stands; null when that was never written down */
	readonly severitySince: number | null;
	readonly level: { readonly level: NursingLevel; readonly since: number } | null;
	/** the notes of this stay that somebody has signed; a draft keeps no clock from running */
	readonly signed: readonly { readonly type: NoteType; readonly date: string }[];
}

const plusDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
/** 24:00 of a hospital day. */
export const endOfDay = (date: string): number => Date.parse(`${date}T00:00:00${ZONE}`) + DAY_MS;
const latest = (dates: readonly string[]): string | undefined => dates.toSorted().at(-1);

/** Once in so many days, and when the rule itself became stricter, not before the day it did. */
const every = (days: number, last: string, stricterSince: number | null): number =>
	Math.max(endOfDay(plusDays(last, days)), stricterSince === null ? 0 : endOfDay(localDate(stricterSince)));

function course({ severity, severitySince, admittedAt, signed }: DueFacts): Due {
	const last = latest([localDate(admittedAt), ...signed.filter((note) => note.type !== 'nursing-record').map((note) => note.date)]) ?? localDate(admittedAt);
	const condition = severity ?? 'stable';
	return { type: 'daily-progress', rule: `course-${condition}`, at: every(COURSE_DAYS[condition], last, severitySince) };
}

/** In any seven days three rounds: the next one is owed seven days after the third last. Before the stay there were none to count. */
function rounds({ admittedAt, signed }: DueFacts): Due {
	const dates = signed
		.filter((note) => note.type === 'attending-round')
		.map((note) => note.date)
		.toSorted();
	if (dates.length === 0) return { type: 'attending-round', rule: 'first-round', at: admittedAt + (TEMPLATES['attending-round'].dueHours ?? 0) * HOUR_MS };
	const third = dates.at(-ROUNDS_A_WEEK) ?? plusDays(localDate(admittedAt), -1);
	return { type: 'attending-round', rule: 'rounds-weekly', at: endOfDay(plusDays(third, 7)) };
}

function nursing({ admittedAt, severity, severitySince, level, signed }: DueFacts): Due | null {
	const grave = severity !== null;
	if (level === null && !grave) return null;
	const last = latest(signed.filter((note) => note.type === 'nursing-record').map((note) => note.date)) ?? plusDays(localDate(admittedAt), -1);
	const byLevel = level === null ? Number.POSITIVE_INFINITY : every(NURSING_DAYS[level.level], last, level.since);
	const byGravity = grave ? every(1, last, severitySince) : Number.POSITIVE_INFINITY;
	if (level !== null && byLevel <= byGravity) return { type: 'nursing-record', rule: `nursing-${level.level}`, at: byLevel };
	return { type: 'nursing-record', rule: 'nursing-grave', at: byGravity };
}

/** Every document this stay owes next, and by when; the nearest first. Says nothing about the present: a screen lets its own clock run. */
export function duesOf(facts: DueFacts): readonly Due[] {
	const { admittedAt, signed } = facts;
	const first: Due[] = signed.some((note) => note.type === 'first-progress')
		? []
		: [{ type: 'first-progress', rule: 'first-progress', at: admittedAt + (TEMPLATES['first-progress'].dueHours ?? 0) * HOUR_MS }];
	const record = nursing(facts);
	return [...first, course(facts), rounds(facts), ...(record === null ? [] : [record])].toSorted((a, b) => a.at - b.at);
}

/** An hour's clock warns two hours ahead, a day's clock on its last day. */
const SOON_MS = { hours: 2 * HOUR_MS, days: DAY_MS } as const;
export type DueState = 'later' | 'soon' | 'over';
export function dueState({ rule, at }: Pick<Due, 'rule' | 'at'>, now: number): DueState {
	const soon = rule.startsWith('first-') ? SOON_MS.hours : SOON_MS.days;
	return at <= now ? 'over' : at - now <= soon ? 'soon' : 'later';
}
