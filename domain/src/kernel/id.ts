/** Opaque 128-bit identifiers, 26 characters of Crockford-like base32 (lower case). They carry no meaning and never a patient's data. */
declare const brand: unique symbol;
export type Id<B extends string> = string & { readonly [brand]: B };
export type PatientId = Id<'patient'>;
export type StayId = Id<'stay'>;
export type BedId = Id<'bed'>;
export type WardId = Id<'ward'>;
export type UserId = Id<'user'>;
export type OrganizationId = Id<'organization'>;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
export const ID = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** A fresh random id. Source: the platform's cryptographic random numbers. */
export function newId<B extends string>(): Id<B> {
	const bytes = crypto.getRandomValues(new Uint8Array(26));
	let id = '';
	for (const byte of bytes) id += ALPHABET[byte & 31];
	return id as Id<B>;
}

export const isId = (value: unknown): value is Id<string> => typeof value === 'string' && ID.test(value);
