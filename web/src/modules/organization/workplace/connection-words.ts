import { connectionLevel, type Connection, type ConnectionLevel } from '#ui/connection.ts';
import { clockSeconds, lasted } from '#ui/time.ts';
import type { text } from './i18n/zh-CN.ts';

/** How old what is shown may be, as the frame says it. */
export function connectionWords(
	connection: Connection,
	t: typeof text,
	english: boolean
): { readonly level: ConnectionLevel; readonly clock: string; readonly silence: string; readonly words: string } {
	const level = connectionLevel(connection);
	const silence = lasted(connection.silentMs, english);
	const clock = connection.asOf === null ? '' : clockSeconds(connection.asOf);
	if (connection.asOf === null) return { level, clock, silence, words: t.connection.opening };
	if (level === 'live') return { level, clock, silence, words: t.connection.live };
	return { level, clock, silence, words: connection.silentMs < 1000 ? t.connection.offline : t.connection.stale(silence) };
}
