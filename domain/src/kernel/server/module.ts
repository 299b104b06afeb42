import type { Kysely } from 'kysely';
import type { Actor } from '../actor.ts';
import type { Command, Event } from '../command.ts';
import type { Admission, LiveMode, LiveShape } from '../live.ts';

/** A handle on the database without tables; a module narrows it to its own: `trx.as<BedTables>()`. */
export type Handle = Kysely<unknown>;
export const tables = <T>(handle: Handle): Kysely<T> => handle as unknown as Kysely<T>;

export interface Migration {
	/** `<context>/<module>/<n>`; applied once, in order, never edited after it has landed */
	readonly id: string;
	readonly sql: readonly string[];
}

/** Facts about the write itself, for rows that must name who and when. */
export interface WriteContext {
	readonly actor: Actor;
	readonly now: number;
	readonly commandId: string;
}

/** A command with its way to the tables. Both functions run in the writer thread inside the command's savepoint, using only `trx`. */
export interface Handler<I, S, E extends Event> {
	readonly command: Command<I, S, E>;
	load(trx: Handle, input: I, context: WriteContext): Promise<S>;
	save(trx: Handle, events: readonly E[], context: WriteContext, state: S, input: I): Promise<void>;
}
export type AnyHandler = Handler<never, never, never>;
export const handle = <I, S, E extends Event>(command: Command<I, S, E>, ways: Omit<Handler<I, S, E>, 'command'>): AnyHandler =>
	({ command, ...ways }) as unknown as AnyHandler;

/** A write of the system itself (session rows, import chunks, projection positions), in the same queue and the same commit as commands. */
export interface Task<I = never, O = unknown> {
	readonly name: string;
	/** small, and nobody could read on without it: also done when the disk takes nothing else */
	readonly whenFull?: true;
	run(trx: Handle, input: I, now: number): Promise<O>;
}
export const task = <I, O>(definition: Task<I, O>): Task<I, O> => definition;

/** An event with its place in the outbox. */
export interface Recorded<E extends Event = Event> {
	readonly position: number;
	readonly at: number;
	readonly commandId: string;
	readonly user: string;
	readonly event: E;
}

/**
 * A live view of tables for more than fifty watchers. `affected` names the views (and keys) an event touches;
 * `view` reads them after the commit. The sync server writes only the keys whose JSON changed.
 */
export interface Projection {
	readonly kind: string;
	affected(event: Event): readonly { readonly id: string; readonly keys: readonly string[] | '*' }[];
	view(db: Handle, id: string, keys: readonly string[] | '*', now: number): Promise<Readonly<Record<string, unknown>>>;
}

/** A kind of live document people may join at `/sync/<kind>/<id>`. */
export interface LiveKind {
	readonly kind: string;
	readonly mode: LiveMode;
	/** the version of the document's schema; an editor that names another joins read-only */
	readonly version: number;
	/** what may stand in which root; unset: anything (only for documents no client writes) */
	readonly shape?: LiveShape;
	/** null = does not exist or may not be seen (the two look the same from outside) */
	admit(db: Handle, actor: Actor, id: string): Promise<Admission | null>;
	/** events after which this document's admissions must be asked again */
	touchedBy?(event: Event): readonly string[];
}

/** A family of topics, `<name>` or `<name>:<id>`, that pages may watch. A topic of no family is nobody's. */
export interface WatchedTopic {
	readonly name: string;
	/** asked when somebody wants to watch, before each announcement, and whenever the right may have ended */
	may(db: Handle, actor: Actor, id: string, now: number): Promise<boolean>;
	/** ids whose watchers must be asked again after this event */
	touchedBy?(event: Event): readonly string[] | '*';
}

/** Everything a module gives to the servers. */
export interface Served {
	readonly id: string;
	readonly migrations?: readonly Migration[];
	readonly handlers?: readonly AnyHandler[];
	readonly tasks?: readonly Task<never>[];
	readonly projections?: readonly Projection[];
	readonly live?: readonly LiveKind[];
	/** topics (socket.io rooms) whose pages must load again after an event */
	topics?(event: Event): readonly string[];
	/** who may watch them */
	readonly watched?: readonly WatchedTopic[];
	/** demo data, run once in the writer thread in registry order when the demo hospital is built */
	seed?(trx: Handle, now: number): Promise<void>;
}
