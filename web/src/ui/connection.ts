/** How old what is shown may be. Silence has steps: seconds are shown grey, a minute warns, five minutes end trust. */
export type ConnectionLevel = 'live' | 'stale' | 'lost' | 'dead';

export interface Connection {
	/** epoch ms of the server's last word (heartbeat or change), null before the first */
	readonly asOf: number | null;
	/** how long ago that word arrived, measured here: the two clocks need not agree */
	readonly silentMs: number;
	readonly joined: boolean;
	/** what to do instead when what is shown can no longer be trusted */
	readonly advice?: string;
}

export const STALE_MS = 5_000;
export const LOST_MS = 60_000;
export const DEAD_MS = 300_000;

export function connectionLevel(connection: Connection): ConnectionLevel {
	if (connection.silentMs > DEAD_MS) return 'dead';
	if (connection.silentMs > LOST_MS) return 'lost';
	if (connection.silentMs > STALE_MS || !connection.joined) return 'stale';
	return 'live';
}
