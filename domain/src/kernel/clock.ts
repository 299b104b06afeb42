/** Hospital time. All times are stored as epoch milliseconds UTC; "today", the day of stay and the midnight census use the hospital's zone. */
export const HOSPITAL_ZONE = 'Asia/Shanghai';
const day = new Intl.DateTimeFormat('en-CA', { timeZone: HOSPITAL_ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });

/** `2026-11-21` in the hospital's zone. */
export const localDate = (at: number): string => day.format(at);
const ordinal = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
/** 住院第 n 天: the day of admission is day 1. */
export const dayOfStay = (admittedAt: number, now: number): number => ordinal(localDate(now)) - ordinal(localDate(admittedAt)) + 1;

/** Whole years between a `YYYY-MM-DD` date of birth and now; null when unknown. */
export function ageInYears(birthDate: string | null, now: number): number | null {
	if (birthDate === null) return null;
	const today = localDate(now);
	const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4));
	return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
