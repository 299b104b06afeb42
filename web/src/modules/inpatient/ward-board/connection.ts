import type { Board } from '@tongping/domain/inpatient';
import { connectionLevel, type Connection } from '#ui/connection.ts';
import { clockSeconds } from '#ui/time.ts';
import type { FeedState } from './feed.ts';
import type { text } from './i18n/zh-CN.ts';

/** How old the board is, and whom to call when it is too old. */
export const connectionOf = (live: FeedState, view: Board | null, t: typeof text): Connection & { readonly advice: string } => ({
	asOf: live.asOf,
	silentMs: live.heardAt === null ? 0 : Math.max(0, Date.now() - live.heardAt),
	joined: live.joined,
	advice: t.checkBy(view?.header.duty.nursePhone ?? view?.header.duty.doctorPhone ?? null)
});

/** Why nobody may be moved now; null: they may. The hand is closed while the server cannot answer. */
export function blockedBy(connection: Connection, live: FeedState, mayMove: boolean, t: typeof text): string | null {
	if (!mayMove) return t.blocked.right;
	const level = connectionLevel(connection);
	if (live.joined && level !== 'lost' && level !== 'dead') return null;
	return live.asOf === null ? t.blocked.opening : t.blocked.offline(clockSeconds(live.asOf));
}
