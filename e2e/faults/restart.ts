/**
 * SIGTERM while three people type, again and again; the server ends by itself, starts again on the same folder, and the
 * stock clients come back without being told. Nothing typed may be missing or stand there twice, and what people wrote or
 * asked for, however wrongly, may not stand in the log. npm run faults:restart
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPeople } from '@tongping/domain/patient';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { freePort, House, wait } from '../actors/house.ts';
import { ask, bearerOf, order, postJson, tokenOf, wordsOf } from '../actors/wire.ts';

export interface RestartResult {
	readonly restarts: number;
	readonly typed: number;
	readonly lost: number;
	readonly doubled: number;
	readonly exitCodes: readonly (number | null)[];
	/** SIGTERM to the end of the process */
	readonly slowestStopMs: number;
	/** the process answers again to the last writer is synced again */
	readonly slowestReturnMs: number;
	readonly closeCodes: readonly number[];
	readonly leaked: boolean;
	readonly logLines: number;
}

/** Nobody's name in the demo hospital, so wherever it turns up it came from this test. */
const PLANTED = '欧阳静怡测试';

/** A stock client of the protocol; types a paragraph at a time, connected or not. */
class Writer {
	readonly doc = new Y.Doc();
	readonly closeCodes: number[] = [];
	typed = 0;
	readonly #provider: WebsocketProvider;
	readonly #name: string;

	constructor(name: string, note: string, token: string, port: number) {
		this.#name = name;
		const headers = { ...bearerOf(token), origin: `http://127.0.0.1:${String(port)}` };
		const codes = this.closeCodes;
		class Signed extends WebSocket {
			constructor(url: string | URL) {
				super(url, { headers });
				this.on('close', (code) => codes.push(code));
			}
		}
		this.#provider = new WebsocketProvider(`ws://127.0.0.1:${String(port)}/sync`, `note/${note}`, this.doc, {
			disableBc: true,
			params: { v: '1' },
			maxBackoffTime: 1000,
			WebSocketPolyfill: Signed as unknown as typeof globalThis.WebSocket
		});
		// A stock client writes a line for each message it does not know, acks among them.
		this.#provider.messageHandlers[8] = () => undefined;
	}

	get synced(): boolean {
		return this.#provider.synced;
	}

	type(): void {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(`${this.#name}-${String(this.typed++)};`)]);
		this.doc.getXmlFragment('plan').push([paragraph]);
	}

	words(): string[] {
		return Array.from({ length: this.typed }, (_, n) => `${this.#name}-${String(n)};`);
	}

	leave(): void {
		this.#provider.destroy();
		this.doc.destroy();
	}
}

async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<number> {
	const began = performance.now();
	while (!(await holds())) {
		if (performance.now() - began > ms) throw new Error(`waited too long: ${what}`);
		await wait(20);
	}
	return performance.now() - began;
}

/** Requests and commands that go wrong with a patient's name in them. */
async function goWrong(token: string): Promise<void> {
	const headers = bearerOf(token);
	const patient = demoPeople[0]!;
	await postJson('/api/commands', `{"command": ${PLANTED}`, headers);
	await ask('POST', '/api/commands', { headers: { ...headers }, body: `{"commandId": "x", "input": ${PLANTED}` });
	await order(token, `patient.${PLANTED}`, { name: PLANTED });
	await order(token, 'inpatient.bed-assignment.transfer', { patient: patient.id, note: PLANTED });
	await order(token, 'clinical-document.note.open', { patient: patient.id, stay: PLANTED, type: 'daily-progress' });
	await order(token, 'clinical-document.note.open', { patient: patient.id, stay: `${PLANTED}\u0000`, type: 'daily-progress' });
	await postJson('/api/session', { username: PLANTED, password: PLANTED });
	for (const path of ['patients', 'notes', 'imaging', 'wards', 'api/imaging/studies']) await ask('GET', `/${path}/${encodeURIComponent(PLANTED)}`, { headers });
	await ask('GET', `/patients/%ff%fe${encodeURIComponent(PLANTED)}`, { headers });
	await ask('GET', `/api/patients?q=${encodeURIComponent(PLANTED)}`, { headers });
	await ask('POST', '/dicomweb/studies', { headers: { ...headers, 'content-type': `multipart/related; boundary=${'a'.repeat(8)}` }, body: PLANTED });
	await ask('POST', '/api/terminology/import', { headers, body: `${PLANTED},1,2` });
	await ask('POST', '/api/interoperability/fhir', {
		headers,
		body: JSON.stringify({ resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Patient', name: PLANTED } }] })
	});
}

export async function restartRuns({ restarts = 5, typingMs = 1200 } = {}): Promise<RestartResult> {
	const folder = mkdtempSync(join(tmpdir(), 'tongping-restart-'));
	const port = await freePort();
	process.env.TONGPING_E2E_PORT = String(port);
	process.env.TONGPING_DEMO_PASSWORD ??= 'one-screen-2026';
	const server = new House(port, folder);
	const writers: Writer[] = [];
	const stops: { code: number | null; ms: number }[] = [];
	let slowestReturnMs = 0;
	try {
		await server.start();
		const author = await tokenOf('resident1');
		const person = demoPeople.filter((one) => one.ward === 'male' && one.bed !== null).at(-4)!;
		const opened = await order(author, 'clinical-document.note.open', { patient: person.id, stay: person.stay, type: 'daily-progress' });
		const { note } = (JSON.parse(opened.text) as { events: { note: string }[] }).events[0]!;
		await goWrong(author);
		for (const name of ['a', 'b', 'c']) writers.push(new Writer(name, note, await tokenOf('resident1'), port));
		await until('the writers are in', () => writers.every((writer) => writer.synced));
		const typing = setInterval(() => {
			for (const writer of writers) writer.type();
		}, 15);
		for (let run = 0; run < restarts; run++) {
			await wait(typingMs);
			stops.push(await server.stop());
			await wait(300);
			await server.start();
			slowestReturnMs = Math.max(slowestReturnMs, await until('the writers are back', () => writers.every((writer) => writer.synced)));
		}
		await wait(typingMs);
		clearInterval(typing);
		const typed = writers.flatMap((writer) => writer.words());
		const reader = await tokenOf('attending1');
		const path = `/sync/note/${note}?v=1`;
		const counted = async (): Promise<ReadonlyMap<string, number>> => {
			const counts = new Map<string, number>();
			for (const [word] of (await wordsOf(path, 'plan', reader)).matchAll(/[abc]-\d+;/gu)) counts.set(word, (counts.get(word) ?? 0) + 1);
			return counts;
		};
		// The last words may still be on their way.
		await until('everything has arrived', async () => (await counted()).size === typed.length, 5000).catch(() => 0);
		const counts = await counted();
		stops.push(await server.stop());
		return {
			restarts,
			typed: typed.length,
			lost: typed.filter((word) => !counts.has(word)).length,
			doubled: [...counts.values()].filter((count) => count > 1).length,
			exitCodes: stops.map(({ code }) => code),
			slowestStopMs: Math.round(Math.max(...stops.map(({ ms }) => ms))),
			slowestReturnMs: Math.round(slowestReturnMs),
			closeCodes: [...new Set(writers.flatMap(({ closeCodes }) => closeCodes))],
			leaked: server.output.includes(PLANTED) || server.output.includes(encodeURIComponent(PLANTED)) || server.output.includes('欧阳静怡'),
			logLines: server.output.split('\n').filter((line) => line.startsWith('{')).length
		};
	} finally {
		for (const writer of writers) writer.leave();
		server.kill();
		rmSync(folder, { recursive: true, force: true });
	}
}

if (import.meta.main) {
	const restarts = Number(process.argv.find((argument) => argument.startsWith('--restarts='))?.slice(11) ?? 5);
	const result = await restartRuns({ restarts });
	const holds =
		result.typed > 100 &&
		result.lost === 0 &&
		result.doubled === 0 &&
		!result.leaked &&
		result.exitCodes.every((code) => code === 0) &&
		result.slowestStopMs < 10_000 &&
		result.closeCodes.some((code) => code === 1001 || code === 1012);
	console.log(JSON.stringify({ test: 'restart', holds, result }));
	process.exit(holds ? 0 : 1);
}
