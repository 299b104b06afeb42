/**
 * Every class of attack, many mutations each, by one signed-in colleague against a real server process: it lives, the
 * attacker is told why and closed, nobody else's words change, whoever joins afterwards gets a whole document.
 * npm run corpus -- --per-class 1000 --seed 1 [--only <part of a name>] [--from <class>]
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import * as Y from 'yjs';
import { decode } from '../../src/gate/index.ts';
import { storedBudget } from '../../src/gate/budget.ts';
import { seeded } from '../../src/gate/random.ts';
import { step1Frame } from '../../src/protocol/index.ts';
import { TestClient, until } from '../../src/testing.fixtures.ts';
import { classes, type AttackClass, type Shot } from './classes.ts';
import type { Report } from './host.ts';
import { victimDocument } from './victim.ts';

export interface ClassResult {
	readonly name: string;
	readonly mutations: number;
	/** refusals and close codes the attacker was given, with how often */
	readonly answers: Readonly<Record<string, number>>;
	readonly closed: number;
	/** CPU of the whole server process for one mutation, ms */
	readonly cpuMean: number;
	readonly cpuMax: number;
	readonly pauseMax: number;
	/** what was not as promised */
	readonly faults: readonly string[];
}

class Host {
	readonly #child: ChildProcess;
	readonly #waiting = new Map<number, (report: Report) => void>();
	#asked = 0;
	dead = false;
	port = 0;

	constructor() {
		this.#child = fork(new URL('./host.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
		this.#child.on('exit', () => (this.dead = true));
		this.#child.on('message', (message: Report | { readonly port: number }) => {
			if ('port' in message) this.port = message.port;
			else {
				this.#waiting.get(message.answer)?.(message);
				this.#waiting.delete(message.answer);
			}
		});
	}
	ready = (): Promise<void> => until(() => this.port > 0 || this.dead, 'the server to start', 30_000);
	evil(user: string, id: string): void {
		this.#child.send({ evil: user, id });
	}
	ask(stored?: string): Promise<Report> {
		const ask = ++this.#asked;
		return new Promise((resolve, reject) => {
			this.#waiting.set(ask, resolve);
			this.#child.send({ ask, ...(stored === undefined ? {} : { stored }) });
			setTimeout(() => {
				reject(new Error('the server does not answer'));
			}, 20_000).unref();
		});
	}
	end(): void {
		this.#child.disconnect();
	}
}

const fire = (client: TestClient, shot: Shot): void => {
	if (client.socket.readyState !== client.socket.OPEN) return;
	if ('frame' in shot) client.socket.send(shot.frame);
	else if ('text' in shot) client.socket.send(shot.text);
	else (client.socket as unknown as { readonly _socket: Socket })._socket.write(shot.raw);
};
const question = step1Frame(Uint8Array.of(0));
/** What everybody must see alike. */
const contentOf = (doc: Y.Doc): string =>
	JSON.stringify([
		doc.getText('draft').toDelta(),
		doc.getText('signed').toDelta(),
		doc.getXmlFragment('body').toJSON(),
		Object.entries(doc.getMap('facts').toJSON()).sort(([a], [b]) => (a < b ? -1 : 1)),
		doc.getArray('list').toJSON(),
		doc.getText('log').toString()
	]);

/** No clientID of the log may carry words of two people. */
function foreignWrites(rows: Report['rows']): number {
	const owners = new Map<number, string>();
	let foreign = 0;
	for (const { user, data } of rows)
		for (const client of decode(Buffer.from(data, 'base64'), storedBudget).sections.keys()) {
			const owner = owners.get(client);
			if (owner === undefined) owners.set(client, user);
			else if (owner !== user) foreign++;
		}
	return foreign;
}

async function runClass(host: Host, attack: AttackClass, id: string, perClass: number, seed: number): Promise<ClassResult> {
	const faults: string[] = [];
	const answers: Record<string, number> = {};
	const count = (what: string): void => void (answers[what] = (answers[what] ?? 0) + 1);
	const join = (user: string): TestClient => new TestClient(`ws://127.0.0.1:${String(host.port)}/sync/chart/${id}?user=${user}&v=1`);
	/** On a busy machine a join may take its time. */
	const come = async (user: string): Promise<TestClient> => {
		const client = join(user);
		await until(() => client.synced || client.closed !== null, `${user} to join`, 30_000);
		return client.ready();
	};
	const random = seeded(seed);
	host.evil('evil', id);
	const victim = await come('victim');
	Y.applyUpdate(victim.doc, Y.encodeStateAsUpdate(victimDocument()));
	await until(() => victim.acked >= 2, 'the victim’s document');
	const [honest, witness] = await Promise.all([come('honest'), come('witness')]);
	let [closed, cpuMax, pauseMax] = [0, 0, 0];
	const before = await host.ask();
	let lastCpu = before.cpuMs;
	let mine = 1 + random.below(2 ** 31);
	/** One attacker, one mutation after the other; several attack at once when there are many. */
	const lanes: (TestClient | null)[] = Array.from({ length: perClass < 50 ? 1 : 8 }, () => null);
	const strike = async (lane: number): Promise<void> => {
		const attacker = (lanes[lane] ??= await come('evil'));
		mine = ((mine + 7) % (2 ** 32 - 2 ** 12)) + 1;
		const [refused, frames] = [attacker.refused.length, attacker.frames.length];
		for (const shot of attack.shots(random, mine)) fire(attacker, shot);
		fire(attacker, { frame: question });
		// An answer to a question asked afterwards: everything before it has been judged.
		await until(
			() => attacker.closed !== null || attacker.frames.slice(frames).some((frame) => frame[0] === 0 && frame[1] === 1),
			`an answer to ${attack.name}`,
			15_000
		);
		for (const reason of attacker.refused.slice(refused)) count(reason);
		if (attacker.closed !== null) {
			closed++;
			count(`closed ${String(attacker.closed.code)}`);
			lanes[lane] = null;
		}
		attacker.frames.length = 0;
	};
	let typed = 0;
	for (let mutation = 0; mutation < perClass && !host.dead; mutation += lanes.length) {
		const struck = Math.min(lanes.length, perClass - mutation);
		await Promise.all(lanes.slice(0, struck).map((_, lane) => strike(lane)));
		const report = await host.ask();
		cpuMax = Math.max(cpuMax, (report.cpuMs - lastCpu) / struck);
		pauseMax = Math.max(pauseMax, report.pauseMs);
		lastCpu = report.cpuMs;
		if (report.alarms.length > 0) faults.push(`alarm: ${report.alarms.join('; ')}`);
		if ((mutation / lanes.length) % 25 === 0) {
			honest.type('。', 'log');
			typed++;
		}
	}
	for (const lane of lanes) lane?.close();
	if (host.dead) return { name: attack.name, mutations: perClass, answers, closed, cpuMean: 0, cpuMax, pauseMax, faults: [...faults, 'the server died'] };
	const after = await host.ask(id);
	honest.type('！', 'log');
	try {
		await until(() => contentOf(witness.doc) === contentOf(honest.doc) && contentOf(victim.doc) === contentOf(honest.doc), 'all to see the same', 10_000);
		const reader = await come('reader');
		if (contentOf(reader.doc) !== contentOf(honest.doc)) faults.push('somebody who joins sees something else');
		if (reader.doc.store.pendingStructs !== null || reader.doc.store.pendingDs !== null) faults.push('a joiner is left waiting for structs');
		if (reader.doc.getText('signed').toString() !== '已签名的诊断') faults.push('signed words changed');
		if (reader.doc.getText('log').toString().length !== typed + 1) faults.push('honest words are missing');
		if ('polluted' in {} || 'isAdmin' in {}) faults.push('a prototype was reached');
		reader.close();
	} catch (error) {
		faults.push(String(error));
	}
	const foreign = foreignWrites(after.rows);
	if (foreign > 0) faults.push(`${String(foreign)} rows under another’s clientID`);
	if (attack.harmless !== true && Object.keys(answers).length === 0) faults.push('never refused');
	// A single refusal is answered; who goes on is closed.
	if (attack.harmless !== true && perClass > 101 * lanes.length && closed === 0) faults.push('the attacker was never closed');
	for (const client of [victim, honest, witness]) {
		if (client.closed !== null) faults.push(`an honest client was closed: ${String(client.closed.code)} ${client.closed.reason}`);
		client.close();
	}
	return { name: attack.name, mutations: perClass, answers, closed, cpuMean: (after.cpuMs - before.cpuMs) / perClass, cpuMax, pauseMax, faults };
}

export interface CorpusResult {
	readonly seed: number;
	readonly classes: number;
	readonly mutations: number;
	readonly seconds: number;
	readonly rssGrowthMb: number;
	readonly worstMeanCpuMs: number;
	readonly results: readonly ClassResult[];
	readonly faults: readonly string[];
}
export async function runCorpus({ perClass = 1000, seed = 1, only = '', from = 0, log = (_line: string): void => undefined } = {}): Promise<CorpusResult> {
	const host = new Host();
	await host.ready();
	const started = performance.now();
	const results: ClassResult[] = [];
	const chosen = classes.filter(({ name }, i) => i >= from && name.includes(only));
	let [firstRss, lastRss] = [0, 0];
	try {
		for (const [i, attack] of chosen.entries()) {
			const result = await runClass(host, attack, `c${String(i)}-${String(seed)}`, perClass, seed + i);
			results.push(result);
			log(JSON.stringify(result));
			if (host.dead) break;
			lastRss = (await host.ask()).rss;
			if (i === 0) firstRss = lastRss;
		}
	} finally {
		if (!host.dead) host.end();
	}
	return {
		seed,
		classes: results.length,
		mutations: results.reduce((sum, { mutations }) => sum + mutations, 0),
		seconds: Math.round((performance.now() - started) / 1000),
		rssGrowthMb: Math.round((lastRss - firstRss) / (1 << 20)),
		worstMeanCpuMs: Math.max(...results.map(({ cpuMean }) => cpuMean)),
		results,
		faults: results.flatMap(({ name, faults }) => [...new Set(faults)].map((fault) => `${name}: ${fault}`))
	};
}

if (import.meta.main) {
	const argument = (name: string, otherwise: string): string => {
		const at = process.argv.indexOf(`--${name}`);
		return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
	};
	const { results: _each, ...result } = await runCorpus({
		perClass: Number(argument('per-class', '1000')),
		seed: Number(argument('seed', '1')),
		only: argument('only', ''),
		from: Number(argument('from', '0')),
		log: (line) => {
			console.log(line);
		}
	});
	console.log(JSON.stringify({ test: 'attacks', holds: result.faults.length === 0, ...result }));
	process.exit(result.faults.length === 0 ? 0 : 1);
}
