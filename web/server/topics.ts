import type { Server, Socket } from 'socket.io';
import type { Actor } from '@tongping/domain/kernel';
import { Denied, read, type Handle, type Recorded, type Served, type WatchedTopic } from '@tongping/domain/kernel/server';

const TOPIC = /^([a-z][a-z-]{1,40})(?::([0-9a-z-]{1,60}))?$/u;
/** A page watches two or three; the bounds are for what is no page. */
const MOST = 100;
const ASKS_A_MINUTE = 120;

interface Hearing {
	readonly session: string;
	asks: number;
	since: number;
}
export const hearing = (socket: Socket): Hearing => socket.data as Hearing;
const room = (topic: string): string => `topic:${topic}`;

interface Ports {
	readonly registry: readonly Served[];
	readonly reader: Handle;
	/** null as soon as the session is over or locked */
	actorOf(session: string): Promise<Actor | null>;
	fault(error: unknown): void;
}

/**
 * Who hears which topic. The module that owns a topic decides, and is asked again whenever the answer may have changed:
 * when somebody wants to listen, before every announcement, after events it names, and at every round over all sockets.
 */
export class Topics {
	readonly #io: Server;
	readonly #ports: Ports;
	readonly #families: ReadonlyMap<string, WatchedTopic>;

	constructor(io: Server, ports: Ports) {
		this.#io = io;
		this.#ports = ports;
		this.#families = new Map(ports.registry.flatMap((served) => served.watched ?? []).map((family) => [family.name, family]));
	}

	async #may(actor: Actor, topic: string): Promise<boolean> {
		const [, name = '', id = ''] = TOPIC.exec(topic) ?? [];
		const family = this.#families.get(name);
		return family !== undefined && (await family.may(this.#ports.reader, actor, id, Date.now()));
	}

	/** A page declares what it shows. What it may not watch it is told to load again, which says what it would say to anybody. */
	async watch(socket: Socket, asked: unknown): Promise<void> {
		if (!Array.isArray(asked) || asked.length > 50 || !this.#paced(socket)) {
			socket.disconnect(true);
			return;
		}
		const actor = await this.#ports.actorOf(hearing(socket).session);
		if (actor === null) {
			socket.disconnect(true);
			return;
		}
		for (const topic of new Set(asked)) {
			if (typeof topic !== 'string' || !TOPIC.test(topic) || socket.rooms.size > MOST || socket.rooms.has(room(topic))) continue;
			if (await this.#may(actor, topic)) {
				await socket.join(room(topic));
				continue;
			}
			socket.emit('dropped', { topic });
			await read(actor, { purpose: 'watch', patient: null, allow: false, detail: { topic } }).catch((error: unknown) => {
				if (!(error instanceof Denied)) throw error;
			});
		}
	}

	async unwatch(socket: Socket, asked: unknown): Promise<void> {
		if (Array.isArray(asked)) for (const topic of asked.slice(0, MOST)) if (typeof topic === 'string') await socket.leave(room(topic));
	}

	#paced(socket: Socket): boolean {
		const own = hearing(socket);
		if (Date.now() - own.since > 60_000) {
			own.since = Date.now();
			own.asks = 0;
		}
		return ++own.asks <= ASKS_A_MINUTE;
	}

	/** After a commit: those who lost the right leave, then those who have it hear. */
	async published(recorded: readonly Recorded[]): Promise<void> {
		const announced = new Map<string, number>();
		const asked = new Set<string>();
		const rooms = [...this.#io.of('/').adapter.rooms.keys()].filter((name) => name.startsWith('topic:')).map((name) => name.slice('topic:'.length));
		for (const { event, position } of recorded) {
			for (const served of this.#ports.registry) for (const topic of served.topics?.(event) ?? []) announced.set(topic, position);
			for (const { name, touchedBy } of this.#families.values()) {
				const ids = touchedBy?.(event) ?? [];
				for (const topic of rooms) if (ids === '*' ? topic.startsWith(`${name}:`) : ids.some((id) => topic === `${name}:${id}`)) asked.add(topic);
			}
		}
		const actors = new Map<string, Promise<Actor | null>>();
		for (const topic of asked) await this.#ask(topic, actors);
		for (const [topic, version] of announced) {
			if (!asked.has(topic)) await this.#ask(topic, actors);
			this.#io.to(room(topic)).emit('changed', { topic, version });
		}
	}

	/** Over all sockets, for what no event announces: a post that changed, a session that ran out. */
	async round(): Promise<void> {
		const actors = new Map<string, Promise<Actor | null>>();
		for (const socket of this.#io.of('/').sockets.values()) {
			const actor = await this.#actor(socket, actors);
			if (actor === null) socket.disconnect(true);
			else for (const name of [...socket.rooms].filter((each) => each.startsWith('topic:'))) await this.#keep(socket, actor, name.slice('topic:'.length));
		}
	}

	#actor(socket: Socket, actors: Map<string, Promise<Actor | null>>): Promise<Actor | null> {
		const { session } = hearing(socket);
		const found = actors.get(session) ?? this.#ports.actorOf(session);
		actors.set(session, found);
		return found;
	}
	async #ask(topic: string, actors: Map<string, Promise<Actor | null>>): Promise<void> {
		for (const id of [...(this.#io.of('/').adapter.rooms.get(room(topic)) ?? [])]) {
			const socket = this.#io.of('/').sockets.get(id);
			if (socket === undefined) continue;
			const actor = await this.#actor(socket, actors);
			if (actor === null) socket.disconnect(true);
			else await this.#keep(socket, actor, topic);
		}
	}
	/** A question that could not be answered is answered no. */
	async #keep(socket: Socket, actor: Actor, topic: string): Promise<void> {
		const may = await this.#may(actor, topic).catch((error: unknown) => {
			this.#ports.fault(error);
			return false;
		});
		if (may) return;
		await socket.leave(room(topic));
		socket.emit('dropped', { topic });
	}
}
