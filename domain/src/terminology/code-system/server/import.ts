import { createHash } from 'node:crypto';
import type { Actor } from '../../../kernel/index.ts';
import { appendAudit, Denied, hospital, tables, task, type Handle } from '../../../kernel/server/index.ts';
import { asTyped, CHUNK, type Chunk, type Concept } from '../code-system.ts';
import { mayImportCodes } from '../policy.ts';
import type { CodeTable } from '../table.ts';
import { initialsOf } from './initials.ts';
import type { CodeConceptTable, CodeTables } from './tables.ts';

interface Arriving extends Omit<Chunk, 'rows' | 'total'> {
	readonly organization: string;
	readonly user: string;
	readonly session: string;
	readonly rows: readonly CodeConceptTable[];
	readonly total: number | null;
}
/** `unchanged`: this version already answers searches; `short`: concepts are missing, the former table stays in force. */
export type ChunkDone = { readonly state: 'arriving' | 'current' | 'unchanged' } | { readonly state: 'short'; readonly arrived: number };

export const asRow = (organization: string, system: string, version: string, { code, display }: Concept): CodeConceptTable => ({
	organization,
	system,
	version,
	code,
	code_lower: code.toLowerCase(),
	display,
	display_lower: asTyped(display),
	initials: initialsOf(display)
});

// A version is invisible until its last chunk: a table half imported never answers a search.
export const importTask = task({
	name: 'terminology.code-system.import-chunk',
	async run(trx: Handle, { organization, user, session, system, version, title, rows, total }: Arriving, now): Promise<ChunkDone> {
		const db = tables<CodeTables>(trx);
		const present = await db
			.selectFrom('code_system')
			.select('version')
			.where('organization', '=', organization)
			.where('system', '=', system)
			.executeTakeFirst();
		if (present?.version === version) return { state: 'unchanged' };
		if (rows.length > 0)
			await db
				.insertInto('code_concept')
				.values([...rows])
				.onConflict((c) => c.columns(['organization', 'system', 'version', 'code']).doNothing())
				.execute();
		if (total === null) return { state: 'arriving' };
		const { arrived } = await db
			.selectFrom('code_concept')
			.select((e) => e.fn.countAll<number>().as('arrived'))
			.where('organization', '=', organization)
			.where('system', '=', system)
			.where('version', '=', version)
			.executeTakeFirstOrThrow();
		if (Number(arrived) !== total) return { state: 'short', arrived: Number(arrived) };
		const row = { version, title, concepts: total, imported_at: now };
		await db
			.insertInto('code_system')
			.values({ organization, system, ...row })
			.onConflict((c) => c.columns(['organization', 'system']).doUpdateSet(row))
			.execute();
		await appendAudit(
			trx,
			{
				organization,
				user,
				session,
				action: 'terminology.code-system.import',
				purpose: 'operations',
				patient: null,
				outcome: 'done',
				detail: { system, version, concepts: total }
			},
			now
		);
		return { state: 'current' };
	}
});

/** One chunk from a client of the API. Throws Denied for anyone but an administrator. */
export async function importChunk(actor: Actor, { system, version, title, rows, total }: Chunk): Promise<ChunkDone> {
	if (!mayImportCodes(actor)) throw new Denied();
	const arriving: Arriving = {
		organization: actor.organization,
		user: actor.user,
		session: actor.session,
		system,
		version,
		title,
		total: total ?? null,
		rows: rows.map((concept) => asRow(actor.organization, system, version, concept))
	};
	return (await hospital().writer.task(importTask.name, arriving)) as ChunkDone;
}

export interface TableImported {
	readonly state: 'current' | 'unchanged';
	readonly concepts: number;
	readonly version: string;
}

export const versionOf = (table: CodeTable): string =>
	createHash('sha256')
		.update(JSON.stringify([table.system, table.concepts]))
		.digest('hex')
		.slice(0, 16);

/** A whole table in chunks, through `send`: the local writer or the running server. The version is the table's content, so the same file twice changes nothing. */
export async function importTable(
	table: CodeTable,
	title: string,
	send: (chunk: Chunk) => Promise<ChunkDone>,
	onProgress: (done: number, total: number) => void
): Promise<TableImported> {
	const { system, concepts } = table;
	const version = versionOf(table);
	for (let from = 0; from < concepts.length; from += CHUNK) {
		const rows = concepts.slice(from, from + CHUNK);
		const last = from + CHUNK >= concepts.length;
		const done = await send({ system, version, title, rows, ...(last ? { total: concepts.length } : {}) });
		if (done.state === 'unchanged') return { state: 'unchanged', concepts: concepts.length, version };
		if (done.state === 'short') throw new Error(`only ${done.arrived} of ${concepts.length} concepts arrived; the former table stays in force`);
		onProgress(Math.min(from + CHUNK, concepts.length), concepts.length);
	}
	return { state: 'current', concepts: concepts.length, version };
}
