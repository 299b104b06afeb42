import type { Sample } from './watch.ts';

export const ALARM_KINDS = [
	'storage',
	'load-failed',
	'disk-low',
	'commit-latency',
	'loop-lag',
	'back-pressure',
	'refusals',
	'clock',
	'anchor',
	'quarantine',
	'document-size',
	'fault'
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

export interface Alarm {
	readonly kind: AlarmKind;
	readonly raisedAt: number;
	/** null while it holds */
	readonly clearedAt: number | null;
	/** what was measured when it was raised: ms, bytes, or times */
	readonly measured: number;
	readonly bar: number;
}
export interface AlarmChange {
	readonly what: 'raised' | 'cleared';
	readonly alarm: Alarm;
}

export const BARS = {
	/** the bar of a durable answer */
	commitMs: 50,
	loopMs: 100,
	queued: 500,
	behind: 1,
	refusalsPerMinute: 30,
	diskFreeBytes: 1024 ** 3,
	diskFreeShare: 0.05
} as const;
/** A bar must be broken this many samples in a row: one slow commit is no alarm. */
const RAISE_AFTER = 3;
const CLEAR_AFTER = 6;
/** Something that happened once stays in sight this long after it last happened. */
const EVENT_MS = 10 * 60_000;
/** A condition is asked after at every look: it is over soon after nobody names it any more. */
const CONDITIONS: ReadonlySet<AlarmKind> = new Set(['clock', 'anchor']);
const CONDITION_MS = 30_000;
const MINUTE_MS = 60_000;
const KEPT = 100;

interface Judged {
	readonly kind: AlarmKind;
	readonly measured: number;
	readonly bar: number;
	readonly broken: boolean;
	/** a state of the world needs no patience */
	readonly atOnce?: true;
}

/** What a sample says against the bars. `recent` holds the samples before it, oldest first. */
export function judge(sample: Sample, recent: readonly Sample[]): readonly Judged[] {
	const minute = [...recent, sample].filter(({ at }) => sample.at - at < MINUTE_MS);
	const refusals = minute.reduce((sum, one) => sum + one.refusals, 0);
	const { commitP99, loopP99, queued, behind, diskFreeBytes, diskBytes } = sample;
	const diskBar = Math.min(BARS.diskFreeBytes, diskBytes * BARS.diskFreeShare);
	return [
		{ kind: 'disk-low', measured: diskFreeBytes, bar: diskBar, broken: diskFreeBytes < diskBar, atOnce: true },
		{ kind: 'commit-latency', measured: commitP99 ?? 0, bar: BARS.commitMs, broken: (commitP99 ?? 0) > BARS.commitMs },
		{ kind: 'loop-lag', measured: loopP99, bar: BARS.loopMs, broken: loopP99 > BARS.loopMs },
		queued > BARS.queued
			? { kind: 'back-pressure', measured: queued, bar: BARS.queued, broken: true }
			: { kind: 'back-pressure', measured: behind, bar: BARS.behind, broken: behind >= BARS.behind },
		{ kind: 'refusals', measured: refusals, bar: BARS.refusalsPerMinute, broken: refusals > BARS.refusalsPerMinute, atOnce: true }
	];
}

interface Standing {
	broken: number;
	held: number;
	lastAt: number;
	alarm: Alarm | null;
}

/** Raises each alarm once and clears it once; what it answers is logged and shown. Knows no clock but that of the samples. */
export class AlarmBook {
	readonly #standing = new Map<AlarmKind, Standing>();
	readonly #past: Alarm[] = [];
	readonly raised = new Map<AlarmKind, number>(ALARM_KINDS.map((kind) => [kind, 0]));

	/** Raised ones first, then the cleared ones, newest first. */
	list(): readonly Alarm[] {
		const open = [...this.#standing.values()].flatMap(({ alarm }) => (alarm === null ? [] : [alarm]));
		return [...open.toSorted((a, b) => b.raisedAt - a.raisedAt), ...this.#past.toReversed()];
	}

	isRaised(kind: AlarmKind): boolean {
		return (this.#standing.get(kind)?.alarm ?? null) !== null;
	}

	take(sample: Sample, recent: readonly Sample[]): readonly AlarmChange[] {
		const changes: AlarmChange[] = [];
		for (const { kind, measured, bar, broken, atOnce } of judge(sample, recent)) {
			const standing = this.#of(kind);
			standing.broken = broken ? standing.broken + 1 : 0;
			standing.held = broken ? 0 : standing.held + 1;
			if (standing.alarm === null && standing.broken >= (atOnce ? 1 : RAISE_AFTER)) changes.push(this.#raise(kind, standing, sample.at, measured, bar));
			else if (standing.alarm !== null && standing.held >= CLEAR_AFTER) changes.push(this.#clear(standing, standing.alarm, sample.at));
		}
		for (const kind of ALARM_KINDS) {
			const times = sample.faults[kind] ?? 0;
			const standing = this.#of(kind);
			if (times > 0) {
				standing.lastAt = sample.at;
				if (standing.alarm === null) changes.push(this.#raise(kind, standing, sample.at, times, 0));
			} else if (standing.alarm !== null && standing.alarm.bar === 0 && sample.at - standing.lastAt >= (CONDITIONS.has(kind) ? CONDITION_MS : EVENT_MS))
				changes.push(this.#clear(standing, standing.alarm, sample.at));
		}
		return changes;
	}

	#of(kind: AlarmKind): Standing {
		let standing = this.#standing.get(kind);
		if (standing === undefined) this.#standing.set(kind, (standing = { broken: 0, held: 0, lastAt: 0, alarm: null }));
		return standing;
	}

	#raise(kind: AlarmKind, standing: Standing, at: number, measured: number, bar: number): AlarmChange {
		standing.alarm = { kind, raisedAt: at, clearedAt: null, measured, bar };
		this.raised.set(kind, (this.raised.get(kind) ?? 0) + 1);
		return { what: 'raised', alarm: standing.alarm };
	}

	#clear(standing: Standing, raised: Alarm, at: number): AlarmChange {
		const alarm = { ...raised, clearedAt: at };
		standing.alarm = null;
		this.#past.push(alarm);
		if (this.#past.length > KEPT) this.#past.shift();
		return { what: 'cleared', alarm };
	}
}
