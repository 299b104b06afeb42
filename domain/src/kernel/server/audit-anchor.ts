import { appendAudit, auditHead, type AuditHead } from './audit.ts';
import type { LiveTables } from './live-log.ts';
import { tables, type Handle } from './module.ts';

/** Documents one audit row vouches for. */
const PER_ROW = 100;
export const ANCHOR = 'anchor';

/** What an audit row says of the last stored row of one document. */
export interface Anchor {
	readonly position: number;
	readonly count: number;
	readonly hash: string;
}
export const anchorText = ({ position, count, hash }: Anchor): string => `${position} ${count} ${hash}`;
export function anchorOf(text: unknown): Anchor | null {
	const [, position, count, hash] = /^(\d+) (\d+) ([0-9a-f]{64})$/u.exec(String(text)) ?? [];
	return hash === undefined ? null : { position: Number(position), count: Number(count), hash };
}

export const RIGHTS = 'live-rights';

/** What an audit row says of who may still write: a record changed behind it would open what was signed. */
export interface RightsMark {
	readonly generation: number;
	readonly sealed: number;
}
export const rightsMark = (trx: Handle, doc: string, { generation, sealed }: RightsMark, now: number): Promise<unknown> =>
	appendAudit(
		trx,
		{
			organization: '',
			user: 'system',
			session: 'server',
			action: RIGHTS,
			purpose: 'integrity',
			patient: null,
			outcome: 'done',
			detail: { doc, generation, sealed }
		},
		now
	);

/** Writes the heads of these documents into the audit chain, as far as they have moved since the last time. */
export async function anchorLive(trx: Handle, docs: readonly string[], now: number): Promise<readonly string[]> {
	const db = tables<LiveTables>(trx);
	const anchored: string[] = [];
	for (let at = 0; at < docs.length; at += PER_ROW) {
		const moved = await db
			.selectFrom('live_document')
			.select(['id', 'head', 'position', 'hash'])
			.where('id', 'in', docs.slice(at, at + PER_ROW))
			.whereRef('head', '>', 'anchored')
			.orderBy('id')
			.execute();
		if (moved.length === 0) continue;
		const detail = Object.fromEntries(moved.map(({ id, head, position, hash }) => [id, anchorText({ position: Number(position), count: Number(head), hash })]));
		await appendAudit(
			trx,
			{ organization: '', user: 'system', session: 'server', action: ANCHOR, purpose: 'integrity', patient: null, outcome: 'done', detail },
			now
		);
		const ids = moved.map(({ id }) => id);
		await db
			.updateTable('live_document')
			.set((e) => ({ anchored: e.ref('head') }))
			.where('id', 'in', ids)
			.execute();
		anchored.push(...ids);
	}
	return anchored;
}

/** Anchors all that changed and says where the audit chain ends now: what is kept outside this machine. */
export async function anchorChanged(trx: Handle, changed: Set<string>, now: number): Promise<AuditHead> {
	const anchored = new Set(await anchorLive(trx, [...changed], now));
	// What was anchored stays in the set until the next time finds it unmoved: this commit may still fail.
	for (const doc of changed) if (!anchored.has(doc)) changed.delete(doc);
	return auditHead(trx);
}
