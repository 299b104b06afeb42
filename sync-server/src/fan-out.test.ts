import { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Connection } from './connection.ts';
import { DocumentState } from './document-state.ts';
import { FanOut } from './fan-out.ts';
import { defaultLimits, type Actor } from './ports.ts';
import { Packet } from './transport.ts';
import { WebSocketLine } from './web-socket.ts';

class Wire extends Duplex {
	readonly writes: Buffer[] = [];
	override _read(): void {
		// Nobody speaks on this side.
	}
	/** it takes nothing more */
	stuck = false;
	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		this.writes.push(chunk);
		if (!this.stuck) done();
	}
}
const lineOn = (wire: Wire): WebSocketLine => new WebSocketLine(wire, Buffer.alloc(0), 1 << 20);
const word = Uint8Array.of(1, 2, 3);

function crowd(
	size: number,
	sendBudget = defaultLimits.sendBudget
): { readonly fan: FanOut; readonly wires: readonly Wire[]; readonly people: readonly Connection[] } {
	const wires = Array.from({ length: size }, () => new Wire());
	const connections = new Set(
		wires.map((wire, i) => {
			const actor: Actor = {
				user: `u${i}` as Actor['user'],
				name: '',
				role: 'resident',
				organization: 'o' as Actor['organization'],
				wards: '*',
				session: `s${i}`,
				steppedUpAt: 0
			};
			const rules = { mode: 'draft', version: 1 } as const;
			const admission = { mode: 'draft', patient: null, writes: '*', sealed: false, generation: 0 } as const;
			const entrance = { actor, kind: 'note', id: 'n', rules, admission, version: '1', live: false, v2: false as const, admittedFrom: 0 };
			const connection = new Connection(lineOn(wire), entrance, defaultLimits, { receive: () => undefined, left: () => undefined });
			connection.synced = true;
			return connection;
		})
	);
	const audience = { connections, document: new DocumentState(), answerQuestion: () => undefined, cutOff: () => undefined };
	return { fan: new FanOut(audience, { ...defaultLimits, sendBudget }), wires, people: [...connections] };
}

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
	vi.advanceTimersByTime(10_000);
});
afterEach(() => {
	vi.useRealTimers();
});

/** One update that waited for its commit `ms`. */
function commit(fan: FanOut, ms: number): void {
	fan.add(word, null, []);
	fan.committing();
	vi.advanceTimersByTime(ms);
	fan.committed();
}
/** `size` lines and a commit each millisecond: that many thousand deliveries a second. */
const busy = (size = 24): ReturnType<typeof crowd> => {
	const room = crowd(size);
	for (let i = 0; i < 2100; i++) commit(room.fan, 1);
	vi.advanceTimersByTime(50);
	return room;
};

test('a calm room shows every commit at once', () => {
	const { fan, wires } = crowd(3);
	for (let i = 0; i < 10; i++) {
		commit(fan, 2);
		vi.advanceTimersByTime(100);
	}
	expect(fan.patience()).toBe(0);
	expect(wires.map((wire) => wire.writes.length)).toEqual([10, 10, 10]);
});

test('in one showing authors are spared their own words, and who is behind is held, author or not', () => {
	const { fan, wires, people } = crowd(7, 4);
	for (const at of [0, 3, 4]) {
		wires[at]!.stuck = true;
		people[at]!.line.send(Uint8Array.of(1, 2, 3));
		people[at]!.line.flush?.();
	}
	const before = wires.map((wire) => wire.writes.length);
	fan.add(Uint8Array.of(1), people[2]!, []);
	fan.add(Uint8Array.of(2), people[4]!, []);
	fan.add(Uint8Array.of(3), people[5]!, []);
	fan.show();
	const shown = wires.map((wire, at) => [...Buffer.concat(wire.writes.slice(before[at]))]);
	const frame = (word: number): number[] => [0x82, 4, 0, 2, 1, word];
	const all = [1, 2, 3].flatMap(frame);
	expect(shown).toEqual([[], all, [...frame(2), ...frame(3)], [], [], [...frame(1), ...frame(2)], all]);
	expect(people.map(({ lag }) => lag !== null)).toEqual([true, false, false, true, true, false, false]);
	fan.stop();
});

test('a busy room waits once: a frame for the commit, and nothing more to be seen', () => {
	const { fan, wires } = busy();
	const before = wires[0]!.writes.length;
	expect(fan.patience()).toBe(0);
	fan.add(word, null, []);
	fan.committing();
	// What comes during a commit begins a frame of its own, it does not hurry after it.
	vi.advanceTimersByTime(3);
	expect(fan.patience()).toBeCloseTo(14, 1);
	fan.committed();
	expect(wires.map((wire) => wire.writes.length)).toEqual(wires.map(() => before + 1));
	vi.advanceTimersByTime(14);
	expect(fan.patience()).toBe(0);
	commit(fan, 3);
	expect(wires[0]!.writes.length).toBe(before + 2);
});

test('a room at the end of the machine’s strength gathers one and a half pictures, and no more', () => {
	const after = (size: number): number => {
		const { fan } = busy(size);
		fan.add(word, null, []);
		fan.committing();
		vi.advanceTimersByTime(3);
		return fan.patience() + 2;
	};
	expect([after(24), after(30), after(36), after(100)].map(Math.round)).toEqual([16, 20, 24, 24]);
});

test('what another room’s haste has stored early is shown when the frame is complete', () => {
	const { fan, wires } = busy();
	commit(fan, 2);
	const before = wires[0]!.writes.length;
	vi.advanceTimersByTime(2);
	for (let i = 0; i < 3; i++) commit(fan, 1);
	expect(wires[0]!.writes.length).toBe(before);
	vi.advanceTimersByTime(13);
	expect(wires[0]!.writes.length).toBe(before + 1);
});

test('a packet leaves at once, behind what was sent before, in one write', () => {
	const wire = new Wire();
	const line = lineOn(wire);
	line.send(Uint8Array.of(9));
	expect(wire.writes).toEqual([]);
	line.sendPacket(new Packet([Uint8Array.of(7), Uint8Array.of(8)]));
	expect(wire.writes).toEqual([Buffer.from([0x82, 1, 9, 0x82, 1, 7, 0x82, 1, 8])]);
	line.sendPacket(new Packet([Uint8Array.of(6)]));
	line.send(Uint8Array.of(5));
	line.flush();
	expect(wire.writes.slice(1)).toEqual([Buffer.from([0x82, 1, 6]), Buffer.from([0x82, 1, 5])]);
});
