import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { Connection } from './connection.ts';
import { forbiddenKey } from './gate/index.ts';
import { awarenessFrame } from './protocol/index.ts';
import { Packet } from './transport.ts';

interface Person {
	readonly connection: Connection;
	readonly colour: number;
	clock: number;
	/** added to what the client counts, so that somebody who comes back is not taken for an echo of the one who left */
	readonly offset: number;
	entry: Uint8Array;
	/** earliest time of the next state; half an interval of slack, so that a steady ten a second passes without waiting */
	nextAt: number;
	dirty: boolean;
}

const utf8 = new TextDecoder();
/** Somebody in a room; `slot` is the colour of their presence. */
export interface Present {
	readonly id: string;
	readonly name: string;
	readonly slot: number;
}

const COLOURS = 8;
const TICK_MS = 8;
/** In a crowd more is gathered, but less than one picture of a screen: what it costs is the writing, and that hardly changes between the two. */
const CROWD = 60;
const CROWD_TICK_MS = 11;
const MISSED_LOOK_MS = 100;
const MAX_CLOCK = 2 ** 31;
const STRANGERS = 64;

const entryOf = (client: number, clock: number, state: string): Uint8Array => {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, client);
	encoding.writeVarUint(encoder, clock);
	encoding.writeVarString(encoder, state);
	return encoding.toUint8Array(encoder);
};
const frameOf = (entries: readonly Uint8Array[]): Uint8Array => {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, entries.length);
	for (const entry of entries) encoding.writeUint8Array(encoder, entry);
	return awarenessFrame(encoding.toUint8Array(encoder));
};
/** y-websocket clients reconnect after 30 s of silence; this says nothing and is heard. */
export const heartbeat = frameOf([]);

/**
 * Who is here. One state per socket, under its own clientID; who it is comes from the session, never from the message.
 * The last state wins, at most one in `intervalMs` per person, everybody's states of a tick in one frame.
 */
export class Presence {
	readonly #people = new Map<number, Person>();
	readonly #colours = new Map<string, number>();
	readonly #intervalMs: number;
	readonly #room: { readonly connections: ReadonlySet<Connection> };
	/** false: the clientID belongs to another person */
	readonly #mayUse: (client: number, connection: Connection) => boolean;
	readonly #lastShown = new Map<number, number>();
	#removed: { readonly client: number; readonly entry: Uint8Array }[] = [];
	/** behind their byte budget when others moved: they are told of everybody when they have drained */
	readonly #missed = new Set<Connection>();
	#timer: NodeJS.Timeout | null = null;

	constructor(room: { readonly connections: ReadonlySet<Connection> }, intervalMs: number, mayUse: (client: number, connection: Connection) => boolean) {
		this.#room = room;
		this.#intervalMs = intervalMs;
		this.#mayUse = mayUse;
	}

	get size(): number {
		return this.#people.size;
	}

	/** False if the payload cannot be read. Stock clients repeat what they hear about others: those entries are passed over. */
	receive(connection: Connection, payload: Uint8Array): boolean {
		try {
			const decoder = decoding.createDecoder(payload);
			const count = decoding.readVarUint(decoder);
			// An echo names people who are or were here; a crowd nobody has ever seen is made up.
			if (count > this.#lastShown.size + STRANGERS) return false;
			for (let i = 0; i < count; i++) {
				const client = decoding.readVarUint(decoder);
				const clock = decoding.readVarUint(decoder);
				const state = decoding.readVarUint8Array(decoder);
				if (this.#isOwn(connection, client) && clock < MAX_CLOCK) this.#take(connection, client, clock, state);
			}
			return !decoding.hasContent(decoder);
		} catch {
			return false;
		}
	}

	#isOwn(connection: Connection, client: number): boolean {
		if (connection.presence !== null) return connection.presence === client;
		if (client >= 2 ** 32 || !this.#mayUse(client, connection)) return false;
		const holder = this.#people.get(client);
		// The same person again before the old socket was noticed to be dead: the new one takes over.
		if (holder !== undefined && holder.connection.actor.user !== connection.actor.user) return false;
		if (holder !== undefined) holder.connection.presence = null;
		connection.presence = client;
		return true;
	}

	#take(connection: Connection, client: number, clock: number, raw: Uint8Array): void {
		if (raw.length > connection.limits.awarenessBytes) return;
		const state: unknown = JSON.parse(utf8.decode(raw), (key, value: unknown) => (forbiddenKey(key) ? undefined : value));
		if (state === null) {
			this.#remove(client);
			return;
		}
		if (typeof state !== 'object' || Array.isArray(state)) return;
		const known = this.#people.get(client);
		if (known !== undefined && clock <= known.clock && known.connection === connection) return;
		const last = this.#lastShown.get(client);
		const offset = known?.connection === connection ? known.offset : last === undefined || clock > last ? 0 : last + 1 - clock;
		const { user, name, role } = connection.actor;
		const colour = known?.colour ?? this.#colourOf(user);
		const entry = entryOf(client, clock + offset, JSON.stringify({ ...state, user: { id: user, name, role, colour } }));
		this.#lastShown.set(client, clock + offset);
		this.#people.set(client, { connection, colour, clock, offset, entry, nextAt: known?.nextAt ?? 0, dirty: true });
		this.#schedule(this.#tick);
	}

	#colourOf(user: string): number {
		const known = this.#colours.get(user);
		if (known !== undefined) return known;
		const used = new Set(this.#colours.values());
		let colour = 0;
		while (used.has(colour) && colour < COLOURS - 1) colour++;
		if (used.has(colour)) colour = this.#colours.size % COLOURS;
		this.#colours.set(user, colour);
		return colour;
	}

	#remove(client: number): void {
		const person = this.#people.get(client);
		if (person === undefined) return;
		this.#people.delete(client);
		this.#lastShown.set(client, person.clock + person.offset + 1);
		this.#removed.push({ client, entry: entryOf(client, person.clock + person.offset + 1, 'null') });
		this.#schedule(this.#tick);
	}

	leave(connection: Connection): void {
		const client = connection.presence;
		if (client === null) return;
		const person = this.#people.get(client);
		if (person?.connection === connection) this.#remove(client);
	}

	/** Everybody here, each person once. */
	people(): readonly Present[] {
		return [
			...new Map(
				[...this.#people.values()].map(({ connection: { actor }, colour }) => [actor.user, { id: actor.user, name: actor.name, slot: colour }])
			).values()
		];
	}

	/** Everybody, for somebody who just came. */
	greet(connection: Connection): void {
		const entries = [...this.#people].filter(([client]) => client !== connection.presence).map(([, person]) => person.entry);
		if (entries.length > 0 && !connection.behind) connection.send(frameOf(entries));
	}

	get #tick(): number {
		return this.#people.size > CROWD ? CROWD_TICK_MS : TICK_MS;
	}

	#schedule(inMs: number): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = null;
			this.#flush(performance.now());
		}, inMs);
		this.#timer.unref();
	}

	#flush(now: number): void {
		const news: { readonly client: number; readonly entry: Uint8Array }[] = this.#removed;
		this.#removed = [];
		let next = Infinity;
		for (const [client, person] of this.#people) {
			if (!person.dirty) continue;
			if (person.nextAt > now + this.#tick) {
				next = Math.min(next, person.nextAt - now);
				continue;
			}
			person.dirty = false;
			person.nextAt = Math.max(person.nextAt + this.#intervalMs, now + this.#intervalMs / 2);
			news.push({ client, entry: person.entry });
		}
		if (news.length > 0) this.#show(news, now);
		for (const connection of this.#missed) {
			if (connection.gone) this.#missed.delete(connection);
			else if (connection.lag === null && !connection.behind) {
				this.#missed.delete(connection);
				this.greet(connection);
			}
		}
		if (this.#missed.size > 0) next = Math.min(next, MISSED_LOOK_MS);
		if (next < Infinity) this.#schedule(next);
	}

	#show(news: readonly { readonly client: number; readonly entry: Uint8Array }[], now: number): void {
		const everything = new Packet([frameOf(news.map((item) => item.entry))]);
		const clients = new Set(news.map((item) => item.client));
		for (const connection of this.#room.connections) {
			if (!connection.synced) continue;
			if (connection.lag !== null || connection.behind) this.#missed.add(connection);
			else if (connection.presence === null || !clients.has(connection.presence)) connection.sendPacket(everything, now);
			else if (news.length > 1) connection.send(frameOf(news.filter((item) => item.client !== connection.presence).map((item) => item.entry)));
		}
	}

	stop(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
	}
}
