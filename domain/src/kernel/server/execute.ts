import { createHash } from 'node:crypto';
import type { Generated } from 'kysely';
import type { Actor } from '../actor.ts';
import type { Event, Outcome } from '../command.ts';
import { newId } from '../id.ts';
import { appendAudit } from './audit.ts';
import { tables, type AnyHandler, type Handle, type Handler, type Migration, type Recorded } from './module.ts';

export interface CommandRequest {
	readonly actor: Actor;
	readonly commandId: string;
	readonly command: string;
	readonly input: unknown;
}

interface OutboxTable {
	position: Generated<number>;
	at: number;
	command_id: string;
	user: string;
	type: string;
	patient: string | null;
	event: string;
}
interface CommandTable {
	id: string;
	user: string;
	command: string;
	input_hash: string;
	outcome: string;
	at: number;
}
interface ExecuteTables {
	outbox: OutboxTable;
	command: CommandTable;
}

export const executeMigrations: readonly Migration[] = [
	{
		id: 'kernel/execute/1',
		sql: [
			`create table outbox (position integer primary key autoincrement, at integer not null, command_id text not null, user text not null, type text not null, patient text, event text not null)`,
			`create table command (id text primary key, user text not null, command text not null, input_hash text not null, outcome text not null, at integer not null)`
		]
	}
];

/** A password proved this recently lets a signature through. */
export const STEP_UP_MS = 5 * 60_000;

const STEP_UP_NEEDED = { outcome: { kind: 'refused', refusal: { code: 'step-up-needed', facts: {} } }, recorded: [] as Recorded[], patient: null } as const;

interface ZodLike {
	readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}
const isValidation = (error: unknown): error is ZodLike => typeof error === 'object' && error !== null && Array.isArray((error as { issues?: unknown }).issues);

/** The one write door. Runs inside a savepoint of the writer's transaction; throws only for bugs and storage faults. */
export class Executor {
	readonly #handlers: ReadonlyMap<string, AnyHandler>;

	constructor(handlers: ReadonlyMap<string, AnyHandler>) {
		this.#handlers = handlers;
	}

	async execute(trx: Handle, request: CommandRequest, now: number): Promise<{ outcome: Outcome; recorded: Recorded[] }> {
		const db = tables<ExecuteTables>(trx);
		const inputHash = createHash('sha256')
			.update(JSON.stringify([request.command, request.input ?? null]))
			.digest('hex');
		const before = await db.selectFrom('command').selectAll().where('id', '=', request.commandId).executeTakeFirst();
		if (before !== undefined) {
			if (before.user !== request.actor.user || before.input_hash !== inputHash)
				return { outcome: { kind: 'refused', refusal: { code: 'command-id-reused', facts: {} } }, recorded: [] };
			return { outcome: JSON.parse(before.outcome) as Outcome, recorded: [] };
		}
		const handler = this.#handlers.get(request.command) as Handler<unknown, unknown, Event> | undefined;
		if (handler === undefined) return { outcome: { kind: 'invalid', issues: [{ path: 'command', message: 'unknown command' }] }, recorded: [] };
		let input: unknown;
		// Before the input is read: without a fresh proof nothing is told about any record.
		const unproved = handler.command.stepUp === true && now - request.actor.steppedUpAt > STEP_UP_MS;
		try {
			if (!unproved) input = handler.command.schema.parse(request.input);
		} catch (error) {
			if (!isValidation(error)) throw error;
			return {
				outcome: { kind: 'invalid', issues: error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })) },
				recorded: []
			};
		}
		const { outcome, recorded, patient } = unproved ? STEP_UP_NEEDED : await this.#decide(trx, handler, request, input, now);
		await appendAudit(
			trx,
			{
				organization: request.actor.organization,
				user: request.actor.user,
				session: request.actor.session,
				action: request.command,
				purpose: 'treatment',
				patient,
				outcome: outcome.kind === 'done' ? 'done' : outcome.kind === 'refused' ? 'refused' : 'denied',
				detail: { command: request.commandId, ...(outcome.kind === 'refused' ? { refusal: outcome.refusal.code } : {}) }
			},
			now
		);
		await db
			.insertInto('command')
			.values({ id: request.commandId, user: request.actor.user, command: request.command, input_hash: inputHash, outcome: JSON.stringify(outcome), at: now })
			.execute();
		return { outcome, recorded };
	}

	async #decide(
		trx: Handle,
		handler: Handler<unknown, unknown, Event>,
		request: CommandRequest,
		input: unknown,
		now: number
	): Promise<{ outcome: Outcome; recorded: Recorded[]; patient: string | null }> {
		const { command } = handler;
		const { actor, commandId } = request;
		const context = { actor, now, commandId };
		const meant = command.patient(input);
		const state = await handler.load(trx, input, context);
		if (!command.policy(actor, input, state)) return { outcome: { kind: 'forbidden' }, recorded: [], patient: meant };
		const refused = (code: string) => ({ outcome: { kind: 'refused', refusal: { code, facts: {} } } as const, recorded: [], patient: meant });
		// The screen and the record must mean the same person (two tabs, a late answer, a copied link).
		if (command.patientOf(state, input) !== meant) return refused('patient-mismatch');
		const decision = command.decide(state, input, { now, actor, newId });
		if (!decision.ok) return { outcome: { kind: 'refused', refusal: decision.refusal }, recorded: [], patient: meant };
		await handler.save(trx, decision.value, context, state, input);
		const recorded: Recorded[] = [];
		for (const event of decision.value) {
			const row = await tables<ExecuteTables>(trx)
				.insertInto('outbox')
				.values({ at: now, command_id: commandId, user: actor.user, type: event.type, patient: event.patient, event: JSON.stringify(event) })
				.returning('position')
				.executeTakeFirstOrThrow();
			recorded.push({ position: Number(row.position), at: now, commandId, user: actor.user, event });
		}
		return { outcome: { kind: 'done', events: decision.value }, recorded, patient: meant };
	}
}
