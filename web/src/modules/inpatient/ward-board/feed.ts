import type { Person } from '#ui/faces.ts';

/** What the board needs of its live document; the bridge to the sync server gives it, a story or a test may give another. */
export interface FeedState {
	/** the keys of the projection, values identical to the last ones where nothing changed */
	readonly keys: Readonly<Record<string, unknown>> | null;
	/** the latest commands these keys show */
	readonly commands: readonly string[];
	readonly joined: boolean;
	/** the server's clock when it last spoke, and this machine's clock when that was heard */
	readonly asOf: number | null;
	readonly heardAt: number | null;
	readonly people: readonly Person[];
}

/** Calls back at once with what is known and on every change; the returned function leaves. */
export type BoardFeed = (listen: (state: FeedState) => void) => () => void;
