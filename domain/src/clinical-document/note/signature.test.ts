import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, contentHash, contentOf, sha256Hex } from './content.ts';
import { attending, openNoteState, patient, writtenDoc } from './fixtures.ts';
import { signatureHash, verifySignature, type SignedFacts } from './signature.ts';

const content = canonical(contentOf(writtenDoc(), 'daily-progress'));
const facts: SignedFacts = {
	note: openNoteState.id,
	patient,
	version: 2,
	contentHash: contentHash(contentOf(writtenDoc(), 'daily-progress')),
	author: attending.user,
	authorName: attending.name,
	role: 'attending',
	meaning: 'review',
	at: 1763685000000,
	previous: sha256Hex('version 1')
};
const hash = signatureHash(facts);

const flipped = (value: string, bit: number): string => {
	const bytes = new TextEncoder().encode(value);
	const at = Math.floor(bit / 8) % bytes.length;
	bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit % 8));
	return String.fromCharCode(...bytes);
};

describe('a signature', () => {
	it('holds for what was signed', () => expect(verifySignature(content, facts, hash)).toBe(true));

	it('does not hold when any bit of any field is another one', () => {
		const fields = Object.keys(facts) as (keyof SignedFacts)[];
		fc.assert(
			fc.property(fc.constantFrom(...fields, 'content' as const), fc.nat(), (field, bit) => {
				if (field === 'content') return !verifySignature(flipped(content, bit), facts, hash);
				const value = facts[field];
				const other = typeof value === 'number' ? value + 1 + (bit % 1000) : flipped(String(value), bit);
				return !verifySignature(content, { ...facts, [field]: other }, hash);
			}),
			{ numRuns: 10_000 }
		);
	});

	it('knows the first version from one whose predecessor was cut off', () => {
		expect(verifySignature(content, { ...facts, previous: null }, hash)).toBe(false);
	});
});
