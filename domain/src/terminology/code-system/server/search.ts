import type { OrganizationId } from '../../../kernel/index.ts';
import { db, hospital, type Hospital } from '../../../kernel/server/index.ts';
import type { CodeSearch, CodeSystemId, Concept } from '../code-system.ts';
import { find, type Indexed } from '../find.ts';
import type { CodeTables } from './tables.ts';

interface Loaded {
	readonly version: string;
	readonly concepts: Promise<readonly Indexed[]>;
}
/** Tables in use, read once a version: 33,000 concepts are about 15 MB. */
const loaded = new WeakMap<Hospital, Map<string, Loaded>>();
const SLICE = 2000;

const current = async (organization: OrganizationId, system: CodeSystemId): Promise<string | null> =>
	(await db<CodeTables>().selectFrom('code_system').select('version').where('organization', '=', organization).where('system', '=', system).executeTakeFirst())
		?.version ?? null;

/** In slices, so that no page waits for a table: the first search after an import reads it, the next ones do not. */
async function read(organization: OrganizationId, system: CodeSystemId, version: string): Promise<readonly Indexed[]> {
	const concepts: Indexed[] = [];
	for (let last = ''; ;) {
		const rows = await db<CodeTables>()
			.selectFrom('code_concept')
			.select(['code', 'display', 'code_lower as codeLower', 'display_lower as displayLower', 'initials'])
			.where('organization', '=', organization)
			.where('system', '=', system)
			.where('version', '=', version)
			.where('code', '>', last)
			.orderBy('code')
			.limit(SLICE)
			.execute();
		concepts.push(...rows);
		if (rows.length < SLICE) return concepts;
		last = rows.at(-1)?.code ?? '';
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** Finds concepts of the current table by the start of a code, by Chinese anywhere in the name, or by pinyin initials. */
export async function searchConcepts(organization: OrganizationId, { system, text, limit }: CodeSearch): Promise<readonly Concept[]> {
	const version = await current(organization, system);
	if (version === null) return [];
	const tables = loaded.get(hospital()) ?? new Map<string, Loaded>();
	loaded.set(hospital(), tables);
	const key = `${organization}/${system}`;
	let table = tables.get(key);
	if (table?.version !== version) {
		table = { version, concepts: read(organization, system, version) };
		tables.set(key, table);
		table.concepts.catch(() => tables.delete(key));
	}
	return find(await table.concepts, text, limit);
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
