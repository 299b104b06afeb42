import { expect, test } from 'vitest';
import { Bucket, REST_MS } from './bucket.ts';
import { Connection } from './connection.ts';
import { defaultLimits } from './ports.ts';
import { actorNamed, everything } from './testing.fixtures.ts';
import type { Transport } from './transport.ts';

test('a debt is waited for, no shorter than its least wait, and comes back with time', () => {
	const plain = new Bucket(100, 10, 0);
	expect([plain.take(10, 0), plain.take(1, 0), plain.take(1, 20)]).toEqual([0, 10, 0]);
	const own = new Bucket(100, 10, 0, REST_MS);
	expect([own.take(10, 0), own.take(1, 0), own.take(1, REST_MS)]).toEqual([0, REST_MS, 0]);
	expect(own.take(9 + 2 * 100, REST_MS)).toBe(2000);
});

test('a line a little over its own budget rests half a second, one far over it as long as its debt takes', () => {
	const rules = { mode: 'draft', version: 1 } as const;
	const entrance = {
		actor: actorNamed('anna'),
		kind: 'note',
		id: 'n',
		rules,
		admission: everything(),
		version: '1',
		live: false,
		v2: false as const,
		admittedFrom: 0
	};
	const line = { receiver: null } as unknown as Transport;
	const spent = (frames: number): number => {
		const connection = new Connection(line, entrance, defaultLimits, { receive: () => undefined, left: () => undefined });
		return connection.spend(frames, 0, performance.now());
	};
	const burst = 2 * defaultLimits.socketFramesPerSecond;
	expect([spent(burst), spent(burst + 1)]).toEqual([0, REST_MS]);
	expect(spent(3 * burst)).toBeGreaterThan(3900);
});
