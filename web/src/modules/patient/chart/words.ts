import { itemOf, type Medication } from '@tongping/domain/clinical-record';
import type { Locale } from '#kernel/text.ts';

const UNITS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
	Cel: { zh: '℃', en: '℃' },
	'/min': { zh: '次/分', en: '/min' },
	'{beats}/min': { zh: '次/分', en: '/min' },
	'mm[Hg]': { zh: 'mmHg', en: 'mmHg' },
	'10*9/L': { zh: '10⁹/L', en: '10⁹/L' },
	'10*3/uL': { zh: '10³/μL', en: '10³/μL' },
	'10*6/uL': { zh: '10⁶/μL', en: '10⁶/μL' },
	'umol/L': { zh: 'μmol/L', en: 'μmol/L' },
	'kg/m2': { zh: 'kg/m²', en: 'kg/m²' },
	'{score}': { zh: '分', en: 'points' }
};
export const unitWord = (unit: string | null, locale: Locale): string =>
	unit === null || unit === '1' ? '' : (UNITS[unit]?.[locale === 'en' ? 'en' : 'zh'] ?? unit.replace(/[{}]/gu, ''));
/** 7.30 is written 7.3, and a minus is a minus. */
export const figure = (value: number): string => String(Number(value.toPrecision(5))).replace('-', '−');
export const arrow = (flag: string | null): string => (flag === null ? '' : flag.startsWith('H') ? ' ↑' : ' ↓');

const zone = 'Asia/Shanghai';
const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
const minute = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour12: false, hour: '2-digit', minute: '2-digit' });
export const clock = (at: number): string => minute.format(at);
export const dateOf = (at: number): string => day.format(at);
/** Today the hour, this year the day, otherwise the whole date. */
export function when(at: number, now: number): string {
	const date = dateOf(at);
	const today = dateOf(now);
	if (date === today) return minute.format(at);
	return date.slice(0, 4) === today.slice(0, 4) ? date.slice(5) : date;
}

/** An item of our own list in the reader's language; what came from elsewhere keeps its sender's words. */
export function itemWord({ code, display }: { readonly code: string; readonly display: string }, locale: Locale): string {
	const item = itemOf(code);
	return item === undefined ? display : locale === 'en' ? item.en : item.zh;
}
/** Many senders put the dose into the name of the drug; it is said once. */
export const drugWord = ({ drug, dose }: Pick<Medication, 'drug' | 'dose'>): string => (dose === '' || drug.includes(dose) ? drug : `${drug} ${dose}`);
