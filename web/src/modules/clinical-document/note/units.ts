import type { Locale } from '#kernel/text.ts';

const SHOWN: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
	Cel: { zh: '℃', en: '℃' },
	'/min': { zh: '次/分', en: '/min' },
	'mm[Hg]': { zh: 'mmHg', en: 'mmHg' },
	'10*9/L': { zh: '10⁹/L', en: '10⁹/L' },
	'umol/L': { zh: 'μmol/L', en: 'μmol/L' },
	'm[IU]/L': { zh: 'mIU/L', en: 'mIU/L' },
	'L/min': { zh: '升/分', en: 'L/min' }
};
/** UCUM underneath, the ward's word on the screen. */
export const unitWord = (ucum: string, locale: Locale): string => SHOWN[ucum]?.[locale === 'en' ? 'en' : 'zh'] ?? ucum;

const zone = 'Asia/Shanghai';
const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
const shape = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour12: false, ...options });
const minute = shape({ hour: '2-digit', minute: '2-digit' });
const second = shape({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const clock = (at: number): string => minute.format(at);
export const clockSeconds = (at: number): string => second.format(at);
export const dateOf = (at: number): string => day.format(at);
/** Today the hour, otherwise the day: 06:10, 11-18. */
export const shortTime = (at: number, now: number): string => (dateOf(at) === dateOf(now) ? clock(at) : dateOf(at).slice(5));
export const fullTime = (at: number): string => `${dateOf(at)} ${clockSeconds(at)}`;
