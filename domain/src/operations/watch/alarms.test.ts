import { expect, it } from 'vitest';
import { AlarmBook, type AlarmKind } from './alarms.ts';
import type { Sample } from './watch.ts';

const GIB = 1024 ** 3;
const calm: Sample = {
	at: 0,
	rooms: 3,
	connections: 9,
	behind: 0,
	queued: 2,
	commits: 40,
	commitP50: 3,
	commitP99: 9,
	updates: 50,
	refusals: 0,
	loopP99: 12,
	rssBytes: 2e8,
	heapBytes: 1e8,
	diskFreeBytes: 50 * GIB,
	diskBytes: 100 * GIB,
	faults: {}
};

/** Five seconds a step; answers the changes of each step as `+kind` and `-kind`. */
function run(steps: readonly Partial<Sample>[]): { readonly book: AlarmBook; readonly changes: readonly string[][] } {
	const book = new AlarmBook();
	const samples: Sample[] = [];
	const changes = steps.map((step, i) => {
		const sample = { ...calm, at: (i + 1) * 5000, ...step };
		const changed = book.take(sample, samples).map(({ what, alarm }) => (what === 'raised' ? '+' : '-') + alarm.kind);
		samples.push(sample);
		return changed;
	});
	return { book, changes };
}
const times = (count: number, step: Partial<Sample>): Partial<Sample>[] => Array.from({ length: count }, () => step);

it('says nothing of a calm house', () => {
	expect(run(times(200, {})).changes.flat()).toEqual([]);
});

it.each<[AlarmKind, Partial<Sample>]>([
	['commit-latency', { commitP99: 80 }],
	['loop-lag', { loopP99: 400 }],
	['back-pressure', { queued: 900 }],
	['back-pressure', { behind: 2 }],
	['disk-low', { diskFreeBytes: GIB / 2 }],
	['refusals', { refusals: 40 }]
])('%s is raised once however long it lasts, and cleared once', (kind, bad) => {
	const { changes, book } = run([...times(20, bad), ...times(20, {})]);
	expect(changes.flat()).toEqual([`+${kind}`, `-${kind}`]);
	expect(book.isRaised(kind)).toBe(false);
	expect(book.raised.get(kind)).toBe(1);
	expect(book.list()).toMatchObject([{ kind, clearedAt: expect.any(Number) as number }]);
});

it('one slow commit is no alarm, and an alarm does not flutter', () => {
	expect(run([{}, { commitP99: 900 }, {}, { commitP99: 900 }, {}]).changes.flat()).toEqual([]);
	const fluttering = Array.from({ length: 40 }, (_, i) => (i < 3 || i % 3 === 0 ? { commitP99: 90 } : {}));
	expect(run(fluttering).changes.flat()).toEqual(['+commit-latency']);
});

it('a small disk is judged by its share', () => {
	expect(run([{ diskBytes: 4 * GIB, diskFreeBytes: 0.5 * GIB }]).changes.flat()).toEqual([]);
	expect(run([{ diskBytes: 4 * GIB, diskFreeBytes: 0.1 * GIB }]).changes.flat()).toEqual(['+disk-low']);
});

it('a condition is raised once while it holds, and is over half a minute after it ended', () => {
	for (const kind of ['clock', 'anchor'] as const) {
		const { changes } = run([...times(50, { faults: { [kind]: 1 } }), ...times(5, {}), {}, {}]);
		expect(changes.flat()).toEqual([`+${kind}`, `-${kind}`]);
		expect(changes[55]).toEqual([`-${kind}`]);
	}
});

it('a failed load stays in sight for ten minutes after the last one', () => {
	const { changes } = run([{ faults: { 'load-failed': 1 } }, ...times(60, {}), { faults: { 'load-failed': 2 } }, ...times(119, {}), {}]);
	expect(changes.flat()).toEqual(['+load-failed', '-load-failed']);
	expect(changes.at(-1)).toEqual(['-load-failed']);
});
