import { flagsOf, type BoardBed, type BoardPatient } from '@tongping/domain/inpatient';

/** The filters of the board, in the order of their keys 1-9. Their names stand in the address; search text never does. */
export const FILTERS = ['mine', 'level', 'severe', 'risk', 'isolation', 'news', 'new', 'leaving', 'free'] as const;
export type Filter = (typeof FILTERS)[number];
export type FilterSet = ReadonlySet<Filter>;
const NEWS2_URGENT = 5;

export interface FilterContext {
	readonly now: number;
	/** the user who looks: "mine" are patients they treat or nurse */
	readonly user: string;
}

function holds(filter: Exclude<Filter, 'free'>, person: BoardPatient, { now, user }: FilterContext): boolean {
	switch (filter) {
		case 'mine':
			return [person.resident, person.attending, person.nurse].some((staff) => staff?.user === user);
		case 'level':
			return person.level?.level === 'special' || person.level?.level === 'first';
		case 'severe':
			return person.severity !== null;
		case 'risk':
			return flagsOf(person, now).highRisk || person.restraint !== null;
		case 'isolation':
			return person.isolation !== null;
		case 'news':
			return person.earlyWarning.kind === 'score' && person.earlyWarning.score >= NEWS2_URGENT;
		case 'new': {
			const flags = flagsOf(person, now);
			return flags.admittedToday || flags.transferredInToday;
		}
		case 'leaving':
			return flagsOf(person, now).leavingToday;
	}
}

export const matches = (filter: Filter, bed: Pick<BoardBed, 'occupant' | 'status'>, context: FilterContext): boolean =>
	filter === 'free' ? bed.occupant === null && bed.status === 'free' : bed.occupant !== null && holds(filter, bed.occupant, context);

/** Filters combine: a card stays bright only if it meets every one of them. */
export const passes = (filters: FilterSet, bed: Pick<BoardBed, 'occupant' | 'status'>, context: FilterContext): boolean =>
	[...filters].every((filter) => matches(filter, bed, context));

export function filtersFrom(address: Pick<URLSearchParams, 'get'>): FilterSet {
	const named = (address.get('f') ?? '').split('.');
	return new Set(FILTERS.filter((filter) => named.includes(filter)));
}

/** The address with these filters, and nothing else changed. */
export function withFilters(address: Pick<URL, 'href'>, filters: FilterSet): URL {
	const next = new URL(address.href);
	const named = FILTERS.filter((filter) => filters.has(filter));
	if (named.length === 0) next.searchParams.delete('f');
	else next.searchParams.set('f', named.join('.'));
	return next;
}

export function toggled(filters: FilterSet, filter: Filter): FilterSet {
	const next = new Set(filters);
	if (!next.delete(filter)) next.add(filter);
	return next;
}

/** Name, pinyin (whole or initials), bed number with or without its leading zero. */
export function found(typed: string, bed: { readonly number: string; readonly occupant: Pick<BoardPatient, 'name' | 'initials' | 'pinyin'> | null }): boolean {
	const wanted = typed.trim().toLowerCase();
	if (wanted === '') return true;
	const plain = wanted.replaceAll(/\s/g, '');
	if (/^\d+$/.test(plain)) return Number(bed.number.replaceAll(/\D/g, '')) === Number(plain) || bed.number.startsWith(plain);
	const person = bed.occupant;
	if (person === null) return bed.number.toLowerCase() === plain;
	return person.name.toLowerCase().includes(wanted) || person.initials.startsWith(plain) || person.pinyin.replaceAll(/\s/g, '').startsWith(plain);
}
