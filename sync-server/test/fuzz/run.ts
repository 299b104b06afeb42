/**
 * A flood of frames that were honest once: every kind of message, bytes changed, cut, doubled, glued, from sockets that
 * are thrown out and come back, against the real engine and log in this process.
 * npm run fuzz -- --frames 1000000 --seed 1
 */
import type { IncomingMessage } from 'node:http';
import * as Y from 'yjs';
import { seeded, type Random } from '../../src/gate/random.ts';
import type { Sync } from '../../src/index.ts';
import { awarenessFrame, step1Frame, step2Frame, updateFrame } from '../../src/protocol/index.ts';
import { everything, testSync } from '../../src/testing.fixtures.ts';
import type { Packet, Receiver, Transport } from '../../src/transport.ts';
import { classes } from '../corpus/classes.ts';
import { ATTACKER_WRITES, CHART, HONEST_UPDATES, victimDocument } from '../corpus/victim.ts';

export interface FuzzResult {
	readonly seed: number;
	readonly frames: number;
	readonly closed: number;
	/** frames that took more than 50 ms of this thread's own time */
	readonly hangs: number;
	readonly worstMs: number;
	readonly rssGrowthMb: number;
	readonly faults: readonly string[];
}

/** A line without a network. */
export class Wire implements Transport {
	receiver: Receiver | null = null;
	open = true;
	readonly backlog = 0;
	paused = false;
	bytes = 0;
	onMessage: ((message: Uint8Array) => void) | null = null;
	send(message: Uint8Array): void {
		this.bytes += message.length;
		this.onMessage?.(message);
	}
	sendPacket(packet: Packet): void {
		for (const message of packet.messages) this.send(message);
	}
	close(): void {
		if (!this.open) return;
		this.open = false;
		queueMicrotask(() => this.receiver?.onClose());
	}
	terminate(): void {
		this.close();
	}
	pause(): void {
		this.paused = true;
	}
	resume(): void {
		this.paused = false;
	}
	alive(): boolean {
		return true;
	}
}

async function enter(sync: Sync, user: string): Promise<Wire> {
	const url = `/sync/chart/fuzz?user=${user}&v=1`;
	const entrance = await sync.enter({ url, headers: {} } as unknown as IncomingMessage, new URL(url, 'http://x'));
	if ('status' in entrance) throw new Error(`not let in: ${String(entrance.status)}`);
	const wire = new Wire();
	sync.attach(wire, entrance);
	return wire;
}

const seeds = (): readonly Uint8Array[] => {
	const doc = victimDocument();
	return [
		...HONEST_UPDATES.flatMap((update) => [updateFrame(update), step2Frame(update)]),
		step1Frame(Y.encodeStateVector(doc)),
		step2Frame(Y.encodeStateAsUpdate(doc)),
		awarenessFrame(Uint8Array.from([1, 31, 1, 13, ...new TextEncoder().encode('{"cursor":12}')])),
		Uint8Array.of(3)
	];
};

export function mutate(random: Random, pool: readonly Uint8Array[]): Uint8Array {
	const frame = Uint8Array.from(random.pick(pool));
	switch (random.below(8)) {
		case 0:
			return frame.subarray(0, random.below(frame.length + 1));
		case 1:
			return Uint8Array.from([...frame, ...random.pick(pool).subarray(0, random.below(20))]);
		case 2:
			return Uint8Array.from([...frame.subarray(0, random.below(frame.length + 1)), ...random.pick(pool).subarray(random.below(9))]);
		case 3: {
			const at = random.below(frame.length);
			return Uint8Array.from([
				...frame.subarray(0, at),
				...Array.from({ length: random.below(9) }, () => random.pick([0xff, 0x80, 0x7f, 0, 1])),
				...frame.subarray(at)
			]);
		}
		case 4:
			return Uint8Array.from({ length: random.below(120) }, () => random.below(256));
		default: {
			if (frame.length === 0) return frame;
			for (let k = random.below(5); k >= 0; k--) frame[random.below(frame.length)] = random.chance(0.5) ? random.below(256) : random.below(12);
			return frame;
		}
	}
}

export async function fuzz({ frames = 1_000_000, seed = 1, until = Infinity } = {}): Promise<FuzzResult> {
	const random = seeded(seed);
	const fast = {
		socketFramesPerSecond: 1e12,
		socketBytesPerSecond: 1e15,
		userFramesPerSecond: 1e12,
		roomFramesPerSecond: 1e12,
		clientsPerUser: 1e9,
		documentUnits: 1e9,
		personUnits: 1e9,
		warnUnits: 1e9
	};
	const server = await testSync(fast, new Map([['chart', { mode: 'draft' as const, version: 1, shape: CHART }]]));
	const faults: string[] = [];
	for (let i = 0; i < 50; i++) server.rights.set(`evil${String(i)} chart/fuzz`, everything({ writes: ATTACKER_WRITES }));
	const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
	try {
		const victim = await enter(server.sync, 'victim');
		await turn();
		victim.receiver!.onFrame(step2Frame(Y.encodeStateAsUpdate(victimDocument())));
		const pool = [
			...seeds(),
			...classes.flatMap((attack) =>
				attack.shots(random, 5_000 + random.below(99)).flatMap((shot) => ('frame' in shot && shot.frame.length < 2000 ? [shot.frame] : []))
			)
		];
		let wires = await Promise.all(Array.from({ length: 8 }, (_, i) => enter(server.sync, `evil${String(i)}`)));
		for (let k = 0; k < 50; k++) await turn();
		let [closed, hangs, worstMs, sent] = [0, 0, 0, 0];
		let rss = 0;
		while (sent < frames && performance.now() < until) {
			if (sent === Math.min(20_000, Math.floor(frames / 5))) {
				globalThis.gc?.();
				rss = process.memoryUsage().rss;
			}
			const i = random.below(wires.length);
			const wire = wires[i]!;
			if (!wire.open) {
				closed++;
				wires = wires.with(i, await enter(server.sync, `evil${String(random.below(50))}`));
				await turn();
				continue;
			}
			const frame = mutate(random, pool);
			sent++;
			const before = performance.now();
			const cpu = process.threadCpuUsage();
			try {
				wire.receiver!.onFrame(frame);
			} catch (error) {
				faults.push(`a frame threw: ${String(error)}`);
			}
			const ms = performance.now() - before;
			if (ms > 50) {
				// Of a machine that others use too, only this thread's own time counts.
				const { user, system } = process.threadCpuUsage(cpu);
				if ((user + system) / 1000 > 50) hangs++;
				worstMs = Math.max(worstMs, (user + system) / 1000);
			} else worstMs = Math.max(worstMs, ms);
			if (sent % 32 === 0) await turn();
			// What the test server writes down of each refusal is not the server's memory.
			if (sent % 1000 === 0) server.refusals.length = server.joins.length = 0;
		}
		for (let k = 0; k < 50; k++) await turn();
		globalThis.gc?.();
		const rssGrowthMb = Math.round((process.memoryUsage().rss - rss) / (1 << 20));
		faults.push(...server.alarms.map((alarm) => `alarm: ${alarm}`));
		const reader = await enter(server.sync, 'reader');
		const doc = new Y.Doc();
		let heard = false;
		reader.onMessage = (message) => {
			if (message[0] !== 0 || message[1] !== 1) return;
			heard = true;
			// [0, 1, length, update]
			let at = 2;
			while (message[at]! >= 128) at++;
			Y.applyUpdate(doc, message.subarray(at + 1));
		};
		await turn();
		reader.receiver!.onFrame(step1Frame(Uint8Array.of(0)));
		for (let k = 0; k < 200 && !heard; k++) await new Promise((resolve) => setTimeout(resolve, 5));
		if (!heard) faults.push('nobody is answered any more');
		if (doc.store.pendingStructs !== null) faults.push('a joiner is left waiting');
		if (doc.getText('signed').toString() !== '已签名的诊断') faults.push('signed words changed');
		return { seed, frames: sent, closed, hangs, worstMs: Math.round(worstMs * 10) / 10, rssGrowthMb, faults: [...new Set(faults)].slice(0, 20) };
	} finally {
		await server.close();
	}
}

if (import.meta.main) {
	const argument = (name: string, otherwise: number): number => {
		const at = process.argv.indexOf(`--${name}`);
		return at < 0 ? otherwise : Number(process.argv[at + 1]);
	};
	const started = performance.now();
	const result = await fuzz({ frames: argument('frames', 1_000_000), seed: argument('seed', 1) });
	const holds = result.faults.length === 0 && result.hangs === 0 && result.rssGrowthMb < 64;
	console.log(JSON.stringify({ test: 'fuzz of frames', holds, seconds: Math.round((performance.now() - started) / 1000), ...result }));
	process.exit(holds ? 0 : 1);
}
