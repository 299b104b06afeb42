import type { Locale } from '#kernel/text.ts';
import type { ChartData } from './chart.ts';
import { arrow, dateOf, drugWord, figure, itemWord } from './words.ts';

export type Tone = 'stay' | 'visit' | 'urgent' | 'active' | 'past' | 'result' | 'abnormal';
export interface Mark {
	readonly key: string;
	/** a dot and a triangle have no end */
	readonly shape: 'bar' | 'dot' | 'triangle';
	readonly from: number;
	readonly to: number;
	readonly label: string;
	readonly tone: Tone;
	/** the whole truth for a pointer or a screen reader */
	readonly title: string;
}
export interface Lane {
	readonly key: 'visits' | 'conditions' | 'medications' | 'results';
	readonly rows: readonly (readonly Mark[])[];
	/** what did not fit into the rows of this lane */
	readonly more: number;
}
export type Range = 'stay' | 'year' | 'five-years' | 'all';
export interface Span {
	readonly from: number;
	readonly to: number;
}

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;

export function spanOf(data: ChartData, range: Range): Span {
	const { now } = data;
	const begins = [
		...data.encounters.map((e) => e.startedAt),
		...data.stays.map((s) => s.admittedAt),
		...data.conditions.map((c) => startOf(c)),
		...data.medications.map((m) => m.startedAt),
		...data.series.flatMap((s) => s.points.map((p) => p.at))
	];
	const stay = data.stays.find((each) => each.endedAt === null);
	switch (range) {
		case 'stay':
			return padded(stay?.admittedAt ?? now - 30 * DAY_MS, now);
		case 'year':
			return padded(now - YEAR_MS, now);
		case 'five-years':
			return padded(now - 5 * YEAR_MS, now);
		case 'all':
			return padded(begins.length === 0 ? now - YEAR_MS : begins.reduce((a, b) => Math.min(a, b)), now);
	}
}
// A sliver of future keeps the line of now, and what stands on it, off the edge.
const padded = (from: number, now: number): Span => {
	const length = Math.max(now - from, DAY_MS);
	return { from: now - length * 1.01, to: now + length * 0.06 };
};

const startOf = ({ onset, recordedAt }: ChartData['conditions'][number]): number => (onset === null ? recordedAt : Date.parse(`${onset}T00:00:00+08:00`));

/** Width a label needs at 12 px: Han characters are square, Latin ones about half. */
export const labelWidth = (text: string): number => [...text].reduce((width, character) => width + (/[\u2E80-\uFFEF]/u.test(character) ? 12 : 6.6), 8);

/** First row where the mark and its label do not touch what stands there. */
function packed(marks: readonly Mark[], span: Span, width: number, limit: number): Pick<Lane, 'rows' | 'more'> {
	const pixel = (at: number): number => ((at - span.from) / (span.to - span.from)) * width;
	const rows: { end: number; marks: Mark[] }[] = [];
	let more = 0;
	for (const mark of marks.filter((each) => each.to >= span.from && each.from <= span.to).toSorted((a, b) => a.from - b.from)) {
		const start = Math.max(0, pixel(mark.from));
		const end = Math.max(pixel(Math.min(mark.to, span.to)), start + (mark.shape === 'bar' ? 0 : 10) + labelWidth(mark.label));
		let row = rows.find((each) => each.end + 4 <= start);
		if (row === undefined && rows.length < limit) rows.push((row = { end: 0, marks: [] }));
		if (row === undefined) {
			more++;
			continue;
		}
		row.marks.push(mark);
		row.end = end;
	}
	return { rows: rows.map((row) => row.marks), more };
}

interface Words {
	readonly visit: Readonly<Record<string, string>>;
	readonly until: (from: string, to: string | null) => string;
}

/** Lanes of the patient's time, from what the chart knows; pure, so that a test can draw it without a screen. */
export function lanesOf(data: ChartData, span: Span, width: number, words: Words, locale: Locale = 'zh-CN'): readonly Lane[] {
	const { now } = data;
	const period = (from: number, to: number | null): string => words.until(dateOf(from), to === null ? null : dateOf(to));
	const visits: Mark[] = [
		...data.stays.map((stay): Mark => ({
			key: stay.id,
			shape: 'bar',
			from: stay.admittedAt,
			to: stay.endedAt ?? now,
			label: stay.wardName,
			tone: 'stay',
			title: `${stay.wardName} ${period(stay.admittedAt, stay.endedAt)}`
		})),
		...data.encounters.map((visit): Mark => {
			const inpatient = visit.class === 'IMP';
			const kind = words.visit[visit.class] ?? visit.class;
			return {
				key: visit.id,
				shape: inpatient ? 'bar' : 'dot',
				from: visit.startedAt,
				to: inpatient ? (visit.endedAt ?? now) : visit.startedAt,
				label: visit.class === 'AMB' ? '' : kind,
				tone: visit.class === 'EMER' ? 'urgent' : inpatient ? 'stay' : 'visit',
				title: `${kind} ${visit.display} ${dateOf(visit.startedAt)}`
			};
		})
	];
	const conditions = data.conditions.map((condition): Mark => {
		const active = condition.status === 'active';
		const from = startOf(condition);
		return {
			key: condition.id,
			shape: 'bar',
			from,
			to: active ? now : (condition.resolvedAt ?? from),
			label: condition.display,
			tone: active ? 'active' : 'past',
			title: `${condition.code} ${condition.display} ${period(from, active ? null : condition.resolvedAt)}`
		};
	});
	const medications = data.medications.map((medication): Mark => {
		const active = medication.status === 'active';
		return {
			key: medication.id,
			shape: active || medication.endedAt !== null ? 'bar' : 'dot',
			from: medication.startedAt,
			to: active ? now : (medication.endedAt ?? medication.startedAt),
			label: drugWord(medication),
			tone: active ? 'active' : 'past',
			title: `${drugWord(medication)} ${medication.frequency} ${period(medication.startedAt, active ? null : medication.endedAt)}`
		};
	});
	const laboratory = data.series.filter((line) => line.category === 'laboratory');
	const abnormal = laboratory.flatMap((line) =>
		line.points
			.filter((point) => point.flag !== null && point.value !== null)
			.map((point, index): Mark => ({
				key: `${line.code}-${line.unit ?? ''}-${point.at}-${index}`,
				shape: 'triangle',
				from: point.at,
				to: point.at,
				label: `${itemWord(line, locale)} ${figure(point.value ?? 0)}${arrow(point.flag)}`,
				tone: 'abnormal',
				title: `${itemWord(line, locale)} ${figure(point.value ?? 0)} ${line.unit ?? ''} ${dateOf(point.at)}`
			}))
	);
	const days = new Map(
		laboratory
			.flatMap((line) => line.points)
			.filter((point) => point.flag === null)
			.map((point) => [dateOf(point.at), point.at])
	);
	const results = [
		...abnormal,
		...[...days].map(([date, at]): Mark => ({ key: `day-${date}`, shape: 'dot', from: at, to: at, label: '', tone: 'result', title: date }))
	];
	const lanes: readonly Lane[] = [
		{ key: 'visits', ...packed(visits, span, width, 2) },
		{ key: 'conditions', ...packed(conditions, span, width, 6) },
		{ key: 'medications', ...packed(medications, span, width, 5) },
		{ key: 'results', ...packed(results, span, width, 2) }
	];
	return lanes.filter((lane) => lane.rows.length > 0);
}

/** Dates to stand above the lanes: about one a hundred pixels, on the beginnings of days, months or years. */
export function ticksOf(span: Span, width: number): readonly { readonly at: number; readonly label: string }[] {
	const wanted = Math.max(3, Math.floor(width / 110));
	const days = (span.to - span.from) / DAY_MS;
	const step = days / wanted;
	const ticks: { at: number; label: string }[] = [];
	const push = (year: number, month: number, date: number, label: (text: string) => string): void => {
		const at = Date.UTC(year, month, date) - 8 * 3_600_000;
		if (at >= span.from && at <= span.to) ticks.push({ at, label: label(dateOf(at)) });
	};
	const first = new Date(span.from);
	if (step > 250) {
		const years = Math.max(1, Math.round(step / 365));
		for (let year = first.getUTCFullYear(); year <= new Date(span.to).getUTCFullYear(); year++)
			if (year % years === 0) push(year, 0, 1, (text) => text.slice(0, 4));
	} else if (step > 20) {
		const months = [1, 2, 3, 6].find((each) => each * 30.4 >= step) ?? 6;
		for (let month = first.getUTCMonth(), n = 0; n < 140; n++, month++)
			if (month % months === 0) push(first.getUTCFullYear(), month, 1, (text) => text.slice(0, 7));
	} else {
		const stride = Math.max(1, Math.ceil(step));
		for (let n = 0; n < days + 1; n += stride) push(first.getUTCFullYear(), first.getUTCMonth(), first.getUTCDate() + n, (text) => text.slice(5));
	}
	return ticks;
}
