import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId, type Actor, type Admission, type PatientId } from '@tongping/domain/kernel';
import {
	changeLiveRights,
	loadLive,
	sealLive,
	tables,
	task,
	testHospital,
	type LiveAppend,
	type LiveAppended,
	type LiveLogTable
} from '@tongping/domain/kernel/server';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { createSync, HttpChannels, type KindRules, type Limits, type Sync, type SyncPorts } from './index.ts';
import { awarenessFrame, decodeFrame, step1Frame, step2Frame, updateFrame, type AdmissionNotice } from './protocol/index.ts';

export const PATIENT = newId<'patient'>() as PatientId;
export const KINDS: ReadonlyMap<string, KindRules> = new Map<string, KindRules>([
	['note', { mode: 'draft', version: 1 }],
	['reading', { mode: 'session', version: 1 }],
	['board', { mode: 'projection', version: 1 }]
]);

export const actorNamed = (name: string, session = `session-of-${name}`): Actor => ({
	user: name as Actor['user'],
	name: `Dr ${name}`,
	role: 'resident',
	organization: newId<'organization'>(),
	wards: '*',
	session,
	device: `device-of-${name}`,
	steppedUpAt: 0
});

export interface TestSync {
	readonly sync: Sync;
	readonly port: number;
	readonly joins: string[];
	readonly refusals: string[];
	readonly alarms: string[];
	/** what a person may do in a room; unset: everything in every `note`, nothing unknown */
	readonly rights: Map<string, Admission | null>;
	readonly view: Map<string, unknown>;
	/** put in the way of the disk */
	append: (entries: readonly LiveAppend[]) => Promise<readonly LiveAppended[]>;
	load: SyncPorts['load'];
	epoch: number;
	/** bytes free on the disk of the log */
	free: number;
	quarantine: NonNullable<SyncPorts['quarantine']>;
	task(name: string, input: unknown): Promise<unknown>;
	stored(doc: string): Promise<readonly LiveLogTable[]>;
	url(kind: string, id: string, user: string, params?: string): string;
	close(): Promise<void>;
}

export const everything = (over: Partial<Admission> = {}): Admission => ({
	mode: 'draft',
	patient: PATIENT,
	writes: '*',
	sealed: false,
	generation: 0,
	...over
});

/** A real server on a real temporary database. `?user=` is the session. */
export async function testSync(limits: Partial<Limits> = {}, kinds: ReadonlyMap<string, KindRules> = KINDS): Promise<TestSync> {
	let disk = (): number => Infinity;
	const served = [
		{
			id: 'test.live',
			tasks: [
				task<{ readonly doc: string; readonly sealed: boolean }, void>({
					name: 'test.rights',
					run: (trx, { doc, sealed }, now) => (sealed ? sealLive : changeLiveRights)(trx, doc, now)
				})
			]
		}
	];
	const hospital = await testHospital(served, { free: () => disk(), onFault: () => undefined });
	const { writer, reader, troubles } = hospital.hospital;
	const test: { -readonly [K in keyof TestSync]: TestSync[K] } = {
		joins: [],
		refusals: [],
		alarms: [],
		rights: new Map(),
		view: new Map(),
		append: (entries) => writer.append(entries),
		load: (doc) => loadLive(reader, doc),
		epoch: 1,
		free: Infinity,
		quarantine: async () => ({ ok: true }),
		task: (name, input) => writer.task(name, input),
		stored: (doc) => tables<{ live_log: LiveLogTable }>(reader).selectFrom('live_log').selectAll().where('doc', '=', doc).orderBy('position').execute(),
		url: (kind, id, user, params = 'v=1') => `ws://127.0.0.1:${test.port}/sync/${kind}/${id}?user=${user}&${params}`,
		port: 0,
		sync: null as never,
		close: async () => {
			await test.sync.close();
			channels.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await hospital.close();
		}
	};
	const query = (request: IncomingMessage): URLSearchParams => new URL(request.url ?? '/', 'http://x').searchParams;
	const ports: SyncPorts = {
		kinds,
		originAllowed: ({ headers }) => headers.origin === undefined || headers.origin === 'http://allowed.test',
		authenticate: async (request) => {
			const user = query(request).get('user');
			return user === null ? null : actorNamed(user, query(request).get('session') ?? undefined);
		},
		admit: async (actor, kind, id) => {
			const own = test.rights.get(`${actor.user} ${kind}/${id}`);
			return own === undefined ? (id === 'unknown' ? null : everything({ mode: kinds.get(kind)!.mode })) : own;
		},
		load: (doc) => test.load(doc),
		append: (entries) => test.append(entries),
		full: () => writer.stats().storage === 'full',
		saveSnapshot: async (snapshot) => void (await writer.task('kernel.live-snapshot', snapshot)),
		view: async (_kind, _id, keys) => Object.fromEntries([...test.view].filter(([key]) => keys === '*' || keys.includes(key))),
		auditJoin: async ({ actor, kind, id }) => void test.joins.push(`${actor.user} ${kind}/${id}`),
		auditRefusal: async ({ actor, reason }) => void test.refusals.push(`${actor.user} ${reason}`),
		revalidate: async () => true,
		epoch: () => test.epoch,
		quarantine: (aside) => test.quarantine(aside),
		alarm: (what, error) => void test.alarms.push(`${what}: ${String(error)}`)
	};
	disk = () => test.free;
	test.sync = createSync(ports, limits);
	troubles.subscribe((kind, open) => {
		if (kind === 'disk-full' && !open) test.sync.roomAgain();
	});
	const channels = new HttpChannels(test.sync, ports);
	const server = createServer((request, response) => {
		if (!channels.handle(request, response)) response.writeHead(404).end();
	});
	server.on('upgrade', (request, socket, head) => {
		if (!test.sync.upgrade(request, socket, head)) socket.destroy();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	test.port = (server.address() as AddressInfo).port;
	return test;
}

export const until = async (holds: () => boolean, what = 'the condition', ms = 4000): Promise<void> => {
	for (const end = Date.now() + ms; !holds();) {
		if (Date.now() > end) throw new Error(`${what} did not come true in ${ms} ms`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
};

/** A client with full protocol freedom: it may be honest (edits its Y.Doc) or send any bytes. */
export class TestClient {
	readonly doc = new Y.Doc();
	readonly socket: WebSocket;
	readonly states = new Map<number, unknown>();
	acked = 0;
	refused: string[] = [];
	notice: AdmissionNotice | null = null;
	synced = false;
	closed: { readonly code: number; readonly reason: string } | null = null;
	frames: Uint8Array[] = [];

	constructor(url: string) {
		this.socket = new WebSocket(url);
		this.socket.on('error', () => undefined);
		this.socket.on('open', () => {
			this.send(step1Frame(Y.encodeStateVector(this.doc)));
		});
		this.socket.on('close', (code, reason) => {
			this.closed = { code, reason: reason.toString() };
		});
		this.socket.on('message', (data: Buffer) => {
			this.hear(new Uint8Array(data));
		});
		this.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'server') this.send(updateFrame(update));
		});
	}

	private hear(data: Uint8Array): void {
		this.frames.push(data);
		const frame = decodeFrame(data);
		switch (frame?.kind) {
			case 'step1':
				this.send(step2Frame(Y.encodeStateAsUpdate(this.doc, frame.stateVector)));
				break;
			case 'step2':
				this.synced = true;
				Y.applyUpdate(this.doc, frame.update, 'server');
				break;
			case 'update':
				Y.applyUpdate(this.doc, frame.update, 'server');
				break;
			case 'ack':
				this.acked += frame.count;
				break;
			case 'refused':
				for (let i = 0; i < frame.count; i++) this.refused.push(frame.reason);
				break;
			case 'admission':
				this.notice = frame.notice;
				break;
			default:
		}
	}

	send(frame: Uint8Array): void {
		if (this.socket.readyState === WebSocket.OPEN) this.socket.send(frame);
	}

	sendAwareness(payload: Uint8Array): void {
		this.send(awarenessFrame(payload));
	}

	get text(): string {
		return this.doc.getText('text').toString();
	}

	type(text: string, root = 'text'): void {
		this.doc.getText(root).insert(this.doc.getText(root).length, text);
	}

	async ready(): Promise<this> {
		await until(() => this.synced || this.closed !== null, 'the first sync');
		if (this.closed !== null) throw new Error(`closed with ${this.closed.code} ${this.closed.reason}`);
		return this;
	}

	close(): void {
		this.socket.terminate();
	}
}
