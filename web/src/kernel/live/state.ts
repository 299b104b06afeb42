import type { AdmissionNotice } from '@tongping/sync-server/protocol';

/** What the save indicator may say. Each is true at the moment it is shown. */
export type LiveState =
	| { readonly kind: 'connecting' }
	/** every edit made here is on the server's disk; `at` = when the last was confirmed, null if none was made */
	| { readonly kind: 'saved'; readonly at: number | null }
	/** n edits are on their way */
	| { readonly kind: 'saving'; readonly n: number }
	/** the server's disk is full: n edits wait here and go out by themselves when there is room */
	| { readonly kind: 'full'; readonly n: number }
	/** the server cannot be reached; n edits wait here (encrypted, if the room persists) */
	| { readonly kind: 'offline'; readonly n: number; readonly since: number }
	/** the server did not take these words; they are kept until `dismiss()` */
	| { readonly kind: 'refused'; readonly reason: string; readonly text: string }
	| { readonly kind: 'read-only'; readonly why: string }
	| { readonly kind: 'sealed' }
	/** does not exist, or may not be seen (any more) */
	| { readonly kind: 'denied' }
	/** the session ended; n edits wait for their author's next sign-in */
	| { readonly kind: 'signed-out'; readonly n: number };

export interface Facts {
	readonly link: 'connecting' | 'open' | 'offline' | 'denied' | 'signed-out';
	readonly synced: boolean;
	readonly unacked: number;
	/** the disk of the server did not take what waits */
	readonly full: boolean;
	readonly savedAt: number | null;
	readonly offlineSince: number;
	readonly refused: { readonly reason: string; readonly text: string } | null;
	readonly notice: AdmissionNotice | null;
}

/** The one place where the words of the indicator are chosen; the most serious truth comes first. */
export function stateOf({ link, synced, unacked, full, savedAt, offlineSince, refused, notice }: Facts): LiveState {
	if (refused !== null) return { kind: 'refused', ...refused };
	if (link === 'denied') return { kind: 'denied' };
	if (link === 'signed-out') return { kind: 'signed-out', n: unacked };
	if (link === 'offline') return { kind: 'offline', n: unacked, since: offlineSince };
	if (link === 'connecting' || !synced) return unacked > 0 ? { kind: 'offline', n: unacked, since: offlineSince } : { kind: 'connecting' };
	if (unacked > 0) return { kind: full ? 'full' : 'saving', n: unacked };
	if (notice?.sealed) return { kind: 'sealed' };
	if (notice !== null && notice.why !== null) return { kind: 'read-only', why: notice.why };
	return { kind: 'saved', at: savedAt };
}
