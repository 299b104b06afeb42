import type { Id } from '../../kernel/index.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A seeded stream of numbers in [0, 1): the demo hospital is the same in every run, on every machine. (sfc32) */
export function seeded(seed: string): () => number {
	const state = new Uint32Array(4);
	let h = 2_166_136_261;
	for (const character of seed) h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
	for (let i = 0; i < 4; i++) state[i] = h = (Math.imul(h ^ (h >>> 15), 2_246_822_507) + i * 0x9e37_79b9) >>> 0;
	const next = (): number => {
		const [a = 0, b = 0, c = 0, d = 0] = state;
		const sum = (a + b + d) >>> 0;
		state[0] = b ^ (b >>> 9);
		state[1] = (c + (c << 3)) >>> 0;
		state[2] = ((c << 21) | (c >>> 11)) + sum;
		state[3] = d + 1;
		return sum / 4_294_967_296;
	};
	for (let i = 0; i < 12; i++) next();
	return next;
}

/** The id of a thing of the demo hospital, from its name: `fixtureId<'bed'>('bed/male/12')`. Only for fixtures: real ids are random. */
export function fixtureId<B extends string>(name: string): Id<B> {
	const next = seeded(name);
	let id = '';
	for (let i = 0; i < 26; i++) id += ALPHABET[Math.floor(next() * 32)];
	return id as Id<B>;
}
