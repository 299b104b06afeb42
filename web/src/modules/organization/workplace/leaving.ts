/** What is known of words that never reached the server, asked before somebody leaves this screen. */
export type Unsent = { readonly known: true; readonly count: number } | { readonly known: false };

/** A device whose storage cannot be read may hold words all the same: not knowing is never taken for none. */
export async function unsentNow(count: () => Promise<number>): Promise<Unsent> {
	try {
		return { known: true, count: await count() };
	} catch (error) {
		console.error('unsent edits on this device cannot be counted', error);
		return { known: false };
	}
}

export const mayLeaveUnasked = (unsent: Unsent): boolean => unsent.known && unsent.count === 0;
