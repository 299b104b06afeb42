import { sql, type SelectQueryBuilder } from 'kysely';
import type { OrganizationId } from '../../../kernel/index.ts';
import { db } from '../../../kernel/server/index.ts';
import { asTyped, hasHan, type CodeSearch, type CodeSystemId, type Concept } from '../code-system.ts';
import type { CodeTables } from './tables.ts';

type Concepts = SelectQueryBuilder<CodeTables, 'code_concept', { code: string; display: string; display_lower: string }>;
const LAST = '\u{10FFFF}';
const literal = (text: string): string => text.replace(/[\\%_]/gu, (sign) => `\\${sign}`);

const current = async (organization: OrganizationId, system: CodeSystemId): Promise<string | null> =>
	(await db<CodeTables>().selectFrom('code_system').select('version').where('organization', '=', organization).where('system', '=', system).executeTakeFirst())
		?.version ?? null;

/** Finds concepts of the current table by the start of a code, by Chinese anywhere in the name (several words: all of them), or by pinyin initials. */
export async function searchConcepts(organization: OrganizationId, { system, text, limit }: CodeSearch): Promise<readonly Concept[]> {
	const typed = asTyped(text);
	const version = typed === '' ? null : await current(organization, system);
	if (version === null) return [];
	const concepts: Concepts = db<CodeTables>()
		.selectFrom('code_concept')
		.select(['code', 'display', 'display_lower'])
		.where('organization', '=', organization)
		.where('system', '=', system)
		.where('version', '=', version);
	const rows = hasHan(typed) ? await byName(concepts, typed, limit) : await byKeys(concepts, typed, limit);
	return rows.map(({ code, display }) => ({ code, display }));
}

/** The nearest first: the name itself, names that begin with it, then the shorter ones. */
async function byName(concepts: Concepts, typed: string, limit: number) {
	const words = typed.split(' ');
	let query = concepts;
	for (const word of words) query = query.where(sql<boolean>`display_lower like ${`%${literal(word)}%`} escape '\\'`);
	const start = `${literal(words[0] ?? '')}%`;
	return query
		.orderBy(sql`case when display_lower = ${typed} then 0 when display_lower like ${start} escape '\\' then 1 else 2 end`)
		.orderBy(sql`length(display_lower)`)
		.orderBy('code')
		.limit(limit)
		.execute();
}

async function byKeys(concepts: Concepts, typed: string, limit: number) {
	const key = typed.replace(/ /gu, '');
	const byCode = await concepts
		.where('code_lower', '>=', key)
		.where('code_lower', '<', key + LAST)
		.orderBy('code_lower')
		.limit(limit)
		.execute();
	if (byCode.length >= limit || !/^[a-z0-9]+$/u.test(key)) return byCode;
	const byInitials = await concepts
		.where('initials', '>=', key)
		.where('initials', '<', key + LAST)
		.orderBy(sql`length(initials)`)
		.orderBy('code')
		.limit(limit - byCode.length)
		.execute();
	const found = [...byCode, ...byInitials.filter((row) => !byCode.some((other) => other.code === row.code))];
	if (found.length >= limit || key.length < 2) return found;
	const inside = await concepts
		.where(sql<boolean>`(initials like ${`_%${literal(key)}%`} escape '\\' or display_lower like ${`%${literal(typed)}%`} escape '\\')`)
		.orderBy(sql`length(initials)`)
		.orderBy('code')
		.limit(limit - found.length)
		.execute();
	return [...found, ...inside.filter((row) => !found.some((other) => other.code === row.code))];
}

/** The concept behind a code of the current table, or null: a code nobody knows is not stored as if somebody did. */
export async function conceptOf(organization: OrganizationId, system: CodeSystemId, code: string): Promise<Concept | null> {
	const version = await current(organization, system);
	if (version === null) return null;
	const row = await db<CodeTables>()
		.selectFrom('code_concept')
		.select(['code', 'display'])
		.where('organization', '=', organization)
		.where('system', '=', system)
		.where('version', '=', version)
		.where('code', '=', code)
		.executeTakeFirst();
	return row ?? null;
}

export const currentTables = (organization: OrganizationId) =>
	db<CodeTables>()
		.selectFrom('code_system')
		.select(['system', 'version', 'title', 'concepts', 'imported_at as importedAt'])
		.where('organization', '=', organization)
		.orderBy('system')
		.execute();
