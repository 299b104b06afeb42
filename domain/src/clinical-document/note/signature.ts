import { canonical, sha256Hex } from './content.ts';

/** Everything a signature vouches for. Changing any of it makes the hash another one (21 CFR 11.70: a signature cannot be moved to another record). */
export interface SignedFacts {
	readonly note: string;
	readonly patient: string;
	readonly version: number;
	readonly contentHash: string;
	readonly author: string;
	readonly authorName: string;
	readonly role: string;
	readonly meaning: string;
	/** epoch milliseconds */
	readonly at: number;
	/** the signature hash of the version before, null for the first: a chain that cannot be cut in the middle */
	readonly previous: string | null;
}

export const signatureHash = (facts: SignedFacts): string => sha256Hex(canonical({ ...facts, domain: 'tongping/note-signature/1' }));

/** True when the stored content and facts still give the stored hashes. `content` is the canonical text of the version. */
export function verifySignature(content: string, facts: SignedFacts, hash: string): boolean {
	return sha256Hex(content) === facts.contentHash && signatureHash(facts) === hash;
}

/** What a signature means, by the role that gave it; shown on screen and on paper (21 CFR 11.50). */
export const MEANINGS: Readonly<Record<string, string>> = { resident: 'author', attending: 'review', chief: 'review', nurse: 'author', 'head-nurse': 'review' };
export const meaningOf = (role: string): string => MEANINGS[role] ?? 'author';
