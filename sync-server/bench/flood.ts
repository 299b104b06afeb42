/**
 * One flooding insider: twenty people type in one document, and now and then somebody with every right sends as fast as
 * the line takes it, from a process of their own (encoded beforehand, so that it is the server and not this machine that is
 * flooded). Prints the others' latency (key to everybody else's screen, durable before visible) without and with the flood,
 * phase by phase on the same server, under the limits of the product. `node sync-server/bench/flood.ts [phases]`
 */
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { decodeFrame, step1Frame, step2Frame, updateFrame } from '../src/protocol/index.ts';

const PEOPLE = 20;
const KEYS_PER_SECOND = 4;
const PHASE_MS = 4000;
const phases = Number(process.argv[2] ?? 20);

const data = mkdtempSync(join(tmpdir(), 'tongping-flood-'));
const server = spawn(process.execPath, [new URL('./server.ts', import.meta.url).pathname], {
	env: { ...process.env, PORT: '0', DB: join(data, 'app.db'), BENCH_LIMITS: 'product' },
	stdio: ['ignore', 'pipe', 'inherit']
});
const port = await new Promise<number>((resolve) => {
	server.stdout.on('data', (line: Buffer) => {
		resolve((JSON.parse(line.toString()) as { listening: number }).listening);
	});
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let latencies: number[] = [];
const sentAt = new Map<string, number>();

class Person {
	readonly doc = new Y.Doc();
	readonly socket: WebSocket;
	readonly ready: Promise<void>;
	last: Uint8Array = new Uint8Array(0);

	constructor(name: string) {
		this.socket = new WebSocket(`ws://127.0.0.1:${port}/sync/bench/flood?user=${name}&v=1`);
		this.doc.on('update', (update: Uint8Array) => {
			this.last = update;
		});
		this.ready = new Promise((resolve) => {
			this.socket.on('open', () => {
				this.socket.send(step1Frame(Uint8Array.of(0)));
			});
			this.socket.on('message', (bytes: Buffer) => {
				const frame = decodeFrame(bytes);
				if (frame?.kind === 'step1') {
					this.socket.send(step2Frame(Uint8Array.of(0, 0)));
					resolve();
				} else if (frame?.kind === 'update') measure(bytes);
			});
		});
		this.socket.on('error', () => undefined);
	}

	/** A key under a root of its own, so that a person needs nobody else's history. */
	type(text: string): void {
		this.doc.getArray('keys').push([text]);
		if (this.socket.readyState === WebSocket.OPEN) this.socket.send(updateFrame(this.last));
	}
}
function measure(bytes: Buffer): void {
	const now = performance.now();
	for (const [key] of bytes.toString('latin1').matchAll(/<\d+\.\d+>/gu)) {
		const at = sentAt.get(key);
		if (at !== undefined) latencies.push(now - at);
	}
}

const people = Array.from({ length: PEOPLE }, (_, i) => new Person(`p${i}`));
const insider = fork(new URL('./flood-insider.ts', import.meta.url).pathname, [
	`ws://127.0.0.1:${port}/sync/bench/flood?user=insider&v=1`,
	String(Math.ceil(phases / 2))
]);
/** What the insider says of itself next. */
const told = (): Promise<{ readonly sent?: number }> => new Promise((resolve) => insider.once('message', resolve));
await Promise.all([told(), ...people.map((person) => person.ready)]);
let keys = 0;
const typing = people.map((person, i) =>
	setTimeout(
		() =>
			setInterval(() => {
				const key = `<${i}.${keys++}>`;
				sentAt.set(key, performance.now());
				person.type(key);
			}, 1000 / KEYS_PER_SECOND),
		(i / PEOPLE) * (1000 / KEYS_PER_SECOND)
	)
);
const quantile = (q: number): number => latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length * q)] ?? 0;
const table: { flood: boolean; p50: number; p95: number; n: number; sent: number }[] = [];
await sleep(1000);
for (let phase = 0; phase < phases; phase++) {
	const flood = phase % 2 === 1;
	latencies = [];
	if (flood) insider.send('flood');
	await sleep(PHASE_MS);
	const { sent = 0 } = flood ? await (insider.send('rest'), told()) : {};
	table.push({ flood, p50: quantile(0.5), p95: quantile(0.95), n: latencies.length, sent });
	console.log(JSON.stringify(table.at(-1)));
	if (flood) await sleep(500);
}
const p95 = (flood: boolean): number => {
	const of = table.filter((row) => row.flood === flood).map((row) => row.p95);
	return of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0;
};
console.log(JSON.stringify({ p95Calm: p95(false), p95Flooded: p95(true), ratio: p95(true) / p95(false) }));
for (const timer of typing) clearTimeout(timer);
for (const person of people) person.socket.terminate();
insider.disconnect();
server.kill('SIGTERM');
await new Promise((resolve) => server.once('exit', resolve));
rmSync(data, { recursive: true, force: true });
process.exit(0);
