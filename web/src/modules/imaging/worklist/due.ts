import type { WorklistRow } from '@tongping/domain/imaging';

const MINUTE = 60_000;
/** The promise of the department, from the arrival of the pictures to the preliminary report. Emergency films 30 min, sections 1 h; routine films 2 h, sections 6 h. */
const PROMISE: Readonly<Record<'emergency' | 'routine', Readonly<Record<'film' | 'section' | 'other', number>>>> = {
	emergency: { film: 30 * MINUTE, section: 60 * MINUTE, other: 60 * MINUTE },
	routine: { film: 120 * MINUTE, section: 360 * MINUTE, other: 240 * MINUTE }
};
const FILMS = new Set(['CR', 'DX', 'DR', 'MG', 'RF']);
const SECTIONS = new Set(['CT', 'MR', 'PT', 'NM']);

export type Priority = 'emergency' | 'routine';
/** Only what the order itself says; nothing is guessed from the picture. */
export const priorityOf = (row: Pick<WorklistRow, 'description' | 'accession'>): Priority =>
	/急|\bSTAT\b|\bEMER/i.test(`${row.description ?? ''} ${row.accession ?? ''}`) ? 'emergency' : 'routine';

export interface Due {
	readonly tone: 'far' | 'soon' | 'over';
	readonly minutes: number;
}
/** What is left until the preliminary report is due, negative when it is late; null once it is there. */
export function dueOf(row: Pick<WorklistRow, 'description' | 'accession' | 'modalities' | 'receivedAt' | 'reportStatus'>, now: number): Due | null {
	if (row.reportStatus !== 'draft') return null;
	const kind = row.modalities.some((modality) => SECTIONS.has(modality))
		? 'section'
		: row.modalities.some((modality) => FILMS.has(modality))
			? 'film'
			: 'other';
	const left = row.receivedAt + PROMISE[priorityOf(row)][kind] - now;
	const minutes = left >= 0 ? Math.ceil(left / MINUTE) : Math.floor(left / MINUTE);
	return { minutes, tone: left < 0 ? 'over' : left < 30 * MINUTE ? 'soon' : 'far' };
}

/** Unmatched first (nobody can read them in safety), then what is due soonest, then what is done, newest first. */
export function inOrder(rows: readonly WorklistRow[], now: number): readonly WorklistRow[] {
	const rank = (row: WorklistRow): number => (row.reportStatus === 'reviewed' ? 3 : row.reportStatus === 'preliminary' ? 2 : 1);
	const left = (row: WorklistRow): number => dueOf(row, now)?.minutes ?? -row.receivedAt / MINUTE;
	return [...rows].sort((a, b) => rank(a) - rank(b) || left(a) - left(b) || b.receivedAt - a.receivedAt);
}

/** `084500.123` or `08:45:00`, as machines write it, in hours and minutes. */
export const clockOf = (time: string | null): string => {
	const [, hours, minutes] = /^(\d{2}):?(\d{2})/.exec(time ?? '') ?? [];
	return hours === undefined ? '' : `${hours}:${minutes}`;
};
