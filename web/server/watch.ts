import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AlarmBook, type AlarmKind, type AnchorPlaceNow, type OperationsNow, type RoomNow, type Sample } from '@tongping/domain/operations';
import { COMMIT_BARS_MS, type AnchorState, type Troubled, type WriterStats } from '@tongping/domain/kernel/server';
import type { SyncStats } from '@tongping/sync-server';
import { log } from './log.ts';

const EVERY_MS = 5000;
const KEPT = 180;

/** What the rooms raise by word, as the alarm an operator knows. */
const KINDS: Readonly<Record<string, AlarmKind>> = {
	'a document could not be loaded': 'load-failed',
	'a room could not be reloaded': 'load-failed',
	'the log could not store an update': 'storage',
	'disk-full': 'storage',
	'disk-broken': 'storage',
	'clock-back': 'clock',
	'anchor-copy': 'anchor',
	'anchor-stamp': 'anchor',
	'anchor-differs': 'anchor',
	'the quarantine takes no more': 'quarantine',
	'a document is nearly full': 'document-size'
};

export interface Watched {
	readonly dataDir: string;
	sync(): SyncStats;
	writer(): WriterStats;
	epoch(): number;
	/** what does not hold now, and where the audit is anchored outside; null until it is known */
	troubles(): readonly Troubled[];
	anchors(): AnchorState | null;
	/** who is in the rooms of one kind, by id */
	people(kind: string): ReadonlyMap<string, readonly { readonly name: string }[]>;
}

/** The smallest bar under which `share` of the counts fall; null without counts. Beyond the last bar it says twice that bar. */
export function quantile(counts: readonly number[], share: number): number | null {
	const total = counts.reduce((sum, count) => sum + count, 0);
	if (total === 0) return null;
	let seen = 0;
	const at = counts.findIndex((count) => (seen += count) >= total * share);
	return COMMIT_BARS_MS[at] ?? COMMIT_BARS_MS.at(-1)! * 2;
}
export function tally(pairs: Iterable<readonly [string, number]>): ReadonlyMap<string, number> {
	const sums = new Map<string, number>();
	for (const [key, count] of pairs) sums.set(key, (sums.get(key) ?? 0) + count);
	return sums;
}
/** A refusal may name a root, which whoever sends it has chosen: only the word before it is counted. */
export const byReason = (refusals: Readonly<Record<string, number>>): ReadonlyMap<string, number> =>
	tally(Object.entries(refusals).map(([reason, count]) => [reason.split(':', 1)[0]!, count]));
const placeOf = ({ on, head, failedSince }: AnchorState['copy']): AnchorPlaceNow => ({
	on,
	head: head === null ? null : { position: head.position, at: head.at },
	failedSince
});
const sumOf = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0);
/** Looks at the process every five seconds, keeps the last quarter of an hour, and raises and clears alarms. */
export class Watch {
	readonly book = new AlarmBook();
	readonly startedAt = Date.now();
	readonly samples: Sample[] = [];
	readonly #watched: Watched;
	readonly #loop = monitorEventLoopDelay({ resolution: 10 });
	#faults: Partial<Record<AlarmKind, number>> = {};
	#before: { readonly commits: readonly number[]; readonly updates: number; readonly refusals: number; readonly faults: number };
	#timer: NodeJS.Timeout | null = null;

	constructor(watched: Watched) {
		this.#watched = watched;
		this.#before = this.#totals();
	}

	start(): void {
		this.#loop.enable();
		this.#timer = setInterval(() => {
			this.look(Date.now()).catch((error: unknown) => {
				log.error({ error }, 'watch');
			});
		}, EVERY_MS);
		this.#timer.unref();
	}

	stop(): void {
		if (this.#timer !== null) clearInterval(this.#timer);
		this.#loop.disable();
	}

	/** Something that must be seen happened. It is logged at once; the alarm follows with the next look. */
	fault(what: string, error: unknown, facts: Readonly<Record<string, string | number>> = {}): void {
		const kind = KINDS[what] ?? 'fault';
		this.#faults[kind] = (this.#faults[kind] ?? 0) + 1;
		log.error({ what, kind, error, ...facts }, 'fault');
	}

	#totals() {
		const { updates, refusals } = this.#watched.sync();
		const { commitCounts, faults } = this.#watched.writer();
		// A full disk has an alarm of its own.
		const { 'storage-full': _held = 0, ...judged } = refusals;
		return { commits: commitCounts, updates, refusals: sumOf(judged), faults };
	}

	async look(at: number): Promise<Sample> {
		const { rooms, connections, queued, byRoom } = this.#watched.sync();
		const { bavail, bsize, blocks } = await statfs(this.#watched.dataDir);
		const totals = this.#totals();
		const before = this.#before;
		this.#before = totals;
		const commits = totals.commits.map((count, i) => count - (before.commits[i] ?? 0));
		const faults = this.#faults;
		this.#faults = {};
		if (totals.faults > before.faults) faults.storage = (faults.storage ?? 0) + totals.faults - before.faults;
		// A disk that takes no writes stays an alarm until it has taken them again for ten minutes.
		if (this.#watched.writer().storage !== 'open') faults.storage = (faults.storage ?? 0) + 1;
		for (const { kind } of this.#watched.troubles()) {
			const alarm = KINDS[kind];
			if (alarm !== undefined && alarm !== 'storage') faults[alarm] ??= 1;
		}
		const memory = process.memoryUsage();
		const sample: Sample = {
			at,
			rooms,
			connections,
			behind: byRoom.reduce((sum, room) => sum + room.behind, 0),
			queued: queued + this.#watched.writer().queued,
			commits: commits.reduce((sum, count) => sum + count, 0),
			commitP50: quantile(commits, 0.5),
			commitP99: quantile(commits, 0.99),
			updates: totals.updates - before.updates,
			refusals: totals.refusals - before.refusals,
			loopP99: Math.max(0, this.#loop.percentile(99) / 1e6 - 10),
			rssBytes: memory.rss,
			heapBytes: memory.heapUsed,
			diskFreeBytes: bavail * bsize,
			diskBytes: blocks * bsize,
			faults
		};
		this.#loop.reset();
		for (const { what, alarm } of this.book.take(sample, this.samples))
			log[what === 'raised' ? 'warn' : 'info']({ alarm: alarm.kind, measured: Math.round(alarm.measured), bar: alarm.bar }, `alarm ${what}`);
		this.samples.push(sample);
		if (this.samples.length > KEPT) this.samples.shift();
		return sample;
	}

	#rooms(byRoom: SyncStats['byRoom']): readonly RoomNow[] {
		const rooms = byRoom.map(({ room, connections, behind }) => ({
			kind: room.slice(0, room.indexOf('/')),
			id: room.slice(room.indexOf('/') + 1),
			connections,
			behind
		}));
		const present = new Map([...new Set(rooms.map(({ kind }) => kind))].map((kind) => [kind, this.#watched.people(kind)]));
		return rooms
			.map((room) => ({ ...room, people: [...new Set((present.get(room.kind)?.get(room.id) ?? []).map(({ name }) => name))] }))
			.toSorted((a, b) => b.connections - a.connections);
	}

	now(): OperationsNow {
		const { byRoom, refusals } = this.#watched.sync();
		const anchors = this.#watched.anchors();
		return {
			at: Date.now(),
			startedAt: this.startedAt,
			samples: [...this.samples],
			rooms: this.#rooms(byRoom),
			refusals: [...byReason(refusals)].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count),
			alarms: this.book.list(),
			epoch: this.#watched.epoch(),
			troubles: this.#watched.troubles(),
			anchors: anchors === null ? null : { copy: placeOf(anchors.copy), stamp: placeOf(anchors.stamp) }
		};
	}
}
