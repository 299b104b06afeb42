import { HOSPITAL_ZONE, localDate } from '@tongping/domain/kernel';

const clockFormat = new Intl.DateTimeFormat('en-GB', { timeZone: HOSPITAL_ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const secondsFormat = new Intl.DateTimeFormat('en-GB', { timeZone: HOSPITAL_ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 08:31 in the hospital's zone. */
export const clock = (at: number): string => clockFormat.format(at);
/** 08:31:07, where the second decides. */
export const clockSeconds = (at: number): string => secondsFormat.format(at);

/** A `YYYY-MM-DD` as people say it: 11-21 / 21 Nov, with the year when it is another year. */
export function shortDate(date: string, now: number, english: boolean): string {
	const [year, month, day] = date.split('-');
	const thisYear = localDate(now).slice(0, 4) === year;
	if (!english) return thisYear ? `${month ?? ''}-${day ?? ''}` : date;
	const words = `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''}`;
	return thisYear ? words : `${words} ${year ?? ''}`;
}

/** Today 08:31, otherwise the date with the time. */
export const dayAndClock = (at: number, now: number, english: boolean): string =>
	localDate(at) === localDate(now) ? clock(at) : `${shortDate(localDate(at), now, english)} ${clock(at)}`;

/** Who came first and when: to the second, with the date unless it is today. */
export const dayAndSeconds = (at: number, now: number, english: boolean): string =>
	localDate(at) === localDate(now) ? clockSeconds(at) : `${shortDate(localDate(at), now, english)} ${clockSeconds(at)}`;

/** How long silence has lasted, in the largest fitting unit: 12 秒, 5 分 20 秒, 2 时 10 分. */
export function lasted(ms: number, english: boolean): string {
	const seconds = Math.floor(ms / 1000);
	const [h, m, s] = english ? ['h', 'min', 's'] : ['时', '分', '秒'];
	if (seconds < 60) return `${seconds} ${s}`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)} ${m} ${seconds % 60} ${s}`;
	return `${Math.floor(seconds / 3600)} ${h} ${Math.floor((seconds % 3600) / 60)} ${m}`;
}
