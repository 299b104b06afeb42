import { tables, type Handle } from '../../../kernel/server/index.ts';
import type { OfferedRun, QuarantineItem } from '../quarantine.ts';
import type { QuarantineTables } from './tables.ts';

const SHOWN = 200;

/** What waits, oldest first, then what was decided, newest first. Users as their ids; never the bytes. */
export async function quarantineItems(handle: Handle, organization: string): Promise<readonly QuarantineItem[]> {
	const rows = await tables<QuarantineTables>(handle)
		.selectFrom('quarantine')
		.select(['id', 'doc', 'offered_by', 'offered_at', 'sha256', 'runs', 'deletions', 'bytes', 'status', 'decided_by', 'decided_at', 'reason'])
		.where('organization', '=', organization)
		.orderBy('offered_at', 'desc')
		.limit(5 * SHOWN)
		.execute();
	const items = rows.map((row) => ({
		id: row.id,
		doc: row.doc,
		by: row.offered_by,
		at: Number(row.offered_at),
		runs: JSON.parse(row.runs) as OfferedRun[],
		deletions: Number(row.deletions),
		bytes: Number(row.bytes),
		alsoBy: [
			...new Set(
				rows.filter((other) => other.doc === row.doc && other.sha256 === row.sha256 && other.offered_by !== row.offered_by).map((other) => other.offered_by)
			)
		],
		status: row.status,
		decidedBy: row.decided_by,
		decidedAt: row.decided_at === null ? null : Number(row.decided_at),
		reason: row.reason
	}));
	const waiting = items.filter(({ status }) => status === 'waiting').toReversed();
	return [...waiting, ...items.filter(({ status }) => status !== 'waiting')].slice(0, SHOWN);
}
