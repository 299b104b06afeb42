import { flagsOf, type BoardBed, type BoardOutgoing, type BoardPatient } from '@tongping/domain/inpatient';
import { ageInYears, localDate } from '@tongping/domain/kernel';
import { clock, dayAndClock, shortDate } from '#ui/time.ts';
import { chipsOf } from './chips.ts';
import type { text } from './i18n/zh-CN.ts';

type Words = typeof text;
const LONG_NAME = 5;
const DAY_MS = 86_400_000;

/** Age as wards write it: years, months below three (14 月), days in the first month; empty when nobody knows. */
export function ageWords(birthDate: string | null, now: number, t: Words): string {
	const years = ageInYears(birthDate, now);
	return years === null || birthDate === null ? '' : years >= 3 ? t.card.age(years) : young(birthDate, now, t);
}

function young(birthDate: string, now: number, t: Words): string {
	const days = Math.floor((now - Date.parse(`${birthDate}T00:00:00+08:00`)) / DAY_MS);
	return days < 30 ? t.card.days(days) : t.card.months(Math.floor(days / 30.44));
}

export const isLongName = (name: string): boolean => [...name].length > LONG_NAME;

export const LEVEL_BAR = { special: 0, first: 1, second: 2, third: 3 } as const;
export const TREND = { up: '↗', down: '↘', level: '→' } as const;

/** Expected discharge at the foot of the card: the day, or that it has passed. */
export function dischargeWords(person: BoardPatient, now: number, t: Words, english: boolean): { readonly words: string; readonly tone: string } {
	const flags = flagsOf(person, now);
	if (flags.leavingToday) return { words: t.card.leavingToday, tone: 'acc' };
	if (person.expectedDischarge === null) return { words: t.card.noEdd, tone: '' };
	const date = shortDate(person.expectedDischarge, now, english);
	return flags.overstayed ? { words: t.card.overstayed(date), tone: 'warn' } : { words: t.card.edd(date), tone: '' };
}

/** The whole card as one sentence, for those who listen: what is dangerous comes right after who it is. */
export function cardSentence(bed: BoardBed, now: number, t: Words, english: boolean, outgoing: BoardOutgoing | null = null): string {
	const person = bed.occupant;
	const stop = english ? '. ' : '。';
	const pause = english ? ', ' : '，';
	if (person === null) return [t.card.bed(bed.number), t.status[bed.status], bed.statusNote ?? ''].filter((part) => part !== '').join(pause);
	const flags = flagsOf(person, now);
	const age = ageWords(person.birthDate, now, t);
	const who = [t.card.bed(bed.number), person.name, t.card.sex[person.sex], age === '' ? '' : t.card.ageWord(age)];
	const state = [
		person.severity === 'critical' ? t.card.criticalWord : person.severity === 'serious' ? t.card.seriousWord : '',
		person.level === null ? t.card.noLevel : t.card.levelWord[person.level.level],
		person.diagnosis ?? t.card.noDiagnosis,
		t.card.day(flags.day)
	];
	const marks = chipsOf(person).map((chip) => (chip.detail === '' ? t.chips[chip.word] : `${t.chips[chip.word]} ${chip.detail}`));
	const allergy = person.allergy.status === 'listed' ? '' : person.allergy.status === 'unknown' ? t.card.allergyUnknown : t.card.noAllergy;
	const score = person.earlyWarning;
	const news =
		score.kind === 'score'
			? `${t.card.news(score.score)} ${t.card.newsTaken(dayAndClock(score.at, now, english))}${flags.earlyWarningStale ? `${pause}${t.card.newsStale}` : ''}`
			: t.card.newsAbsent[score.reason];
	const day = [
		flags.admittedToday ? t.card.newcomerWord : '',
		flags.transferredInToday ? t.card.transferredWord(person.fromWard ?? '') : '',
		flags.leaving ? t.card.leavingWord : '',
		outgoing === null ? '' : outgoingSentence(outgoing, now, t, english),
		person.alike === null ? '' : t.card.alike(person.alike.with)
	];
	return [who, state, [...marks, allergy], [news], day, [dischargeWords(person, now, t, english).words]]
		.map((group) => group.filter((part) => part !== '').join(pause))
		.filter((group) => group !== '')
		.join(stop);
}

/** The line of work: what is to be done or watched now, by the most urgent. */
export function workOf(
	person: BoardPatient,
	now: number,
	t: Words,
	outgoing: BoardOutgoing | null = null
): readonly { readonly id: string; readonly words: string; readonly tone: string }[] {
	const work: { readonly id: string; readonly words: string; readonly tone: string }[] = [];
	const flags = flagsOf(person, now);
	if (outgoing !== null)
		work.push(
			outgoing.declined === null
				? { id: 'outgoing', words: t.card.outgoing(outgoing.to), tone: 'tag acc' }
				: { id: 'outgoing', words: t.card.sentBack(outgoing.to), tone: 'warn b' }
		);
	if (person.restraint !== null) work.push({ id: 'restraint', words: t.card.restrainedSince(clock(person.restraint.since)), tone: 'warn b' });
	if (flags.feverish && person.temperature !== null) work.push({ id: 'fever', words: t.card.fever(person.temperature.value.toFixed(1)), tone: 'warn b' });
	if (person.diet?.diet === 'fasting') work.push({ id: 'diet', words: t.card.diet.fasting, tone: 'tag acc' });
	else if (person.diet !== null && person.diet.diet !== 'ordinary') work.push({ id: 'diet', words: t.card.diet[person.diet.diet], tone: '' });
	if (person.pregnant) work.push({ id: 'pregnant', words: t.card.pregnant, tone: 'tag line' });
	if (person.allergy.status === 'unknown') work.push({ id: 'allergy', words: t.card.askAllergy, tone: 'warn' });
	return work;
}

export const isToday = (at: number, now: number): boolean => localDate(at) === localDate(now);

/** Who asked which ward, since when; or who sent the patient back, and why. */
export const outgoingSentence = (one: BoardOutgoing, now: number, t: Words, english: boolean): string =>
	one.declined === null
		? t.card.outgoingWord(one.to, one.by, dayAndClock(one.at, now, english))
		: t.card.sentBackWord(one.to, one.declined.by, dayAndClock(one.declined.at, now, english), one.declined.reason);
