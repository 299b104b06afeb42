import * as encoding from 'lib0/encoding';
import type { Random } from '../../src/gate/random.ts';
import { awarenessFrame, step1Frame, step2Frame, updateFrame } from '../../src/protocol/index.ts';
import { any, bytes, collected, content, item, join, REF, uints, update, words, type Item } from './forge.ts';
import { HONEST_UPDATES, SIGNED, VICTIM, victim } from './victim.ts';

/** What an attacker puts on the wire. `raw`: bytes below the framing of WebSocket. */
export type Shot = { readonly frame: Uint8Array } | { readonly raw: Uint8Array } | { readonly text: string };
export interface AttackClass {
	readonly name: string;
	/** One mutation. `mine`: a clientID nobody has used. */
	shots(random: Random, mine: number): readonly Shot[];
	/** nothing to refuse: what it does has no effect on anybody (a stock client may do the same by accident) */
	readonly harmless?: true;
}

const attack = (name: string, make: (random: Random, mine: number) => Uint8Array): AttackClass => ({
	name,
	shots: (random, mine) => [{ frame: updateFrame(make(random, mine)) }]
});
const one = (mine: number, it: Item): Uint8Array => update([{ client: mine, structs: [item(it)] }]);
const letter = (random: Random): Uint8Array => content.string(random.pick(['a', '字', '冒名的话', 'x'.repeat(40)]));
const KEYS = ['__proto__', 'constructor', 'prototype'] as const;
const deep = (random: Random): number => random.pick([33, 60, 500, 10_000]);
const big = (random: Random): number => random.pick([2 ** 20, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 52]);
const signedClock = (random: Random): number => SIGNED.from + random.below(SIGNED.length);
const draftClock = (random: Random): number => random.below(8);

// Made once: an attacker would, too.
const MANY_DELETES = join(...Array.from({ length: 51_001 }, (_, i) => uints(i % 4, 1)));
const MANY_STRUCTS = join(...Array.from({ length: 20_100 }, () => item({ ref: REF.string, content: words('a') })));

const identity: readonly AttackClass[] = [
	attack('a colleague’s clientID at a used clock', (r) =>
		update([{ client: VICTIM, clock: r.below(20), structs: [item({ ref: REF.string, content: content.string('甲'.repeat(400)) })] }])
	),
	attack('a colleague’s clientID at the next clock', (r) =>
		update([{ client: VICTIM, clock: victim.known, structs: [item({ ref: REF.string, origin: [VICTIM, draftClock(r)], content: letter(r) })] }])
	),
	attack('a clock jump on a colleague’s clientID', (r) => update([{ client: VICTIM, clock: victim.known, structs: [collected(1 + r.below(90_000))] }])),
	attack('a colleague’s letters again, as collected ones', (r) => update([{ client: VICTIM, clock: 0, structs: [collected(victim.known + 1 + r.below(5))] }])),
	attack('a clock jump on the own clientID', (r, mine) => update([{ client: mine, structs: [collected(100_001 + r.below(2 ** 30))] }])),
	attack('a clientID beyond 32 bits', (r, mine) =>
		update([{ client: 2 ** 32 + r.below(2 ** 20) + (mine % 7), structs: [item({ ref: REF.string, content: letter(r) })] }])
	),
	attack('one’s own words and a colleague’s in one update', (r, mine) =>
		update([
			{ client: mine, structs: [item({ ref: REF.string, content: letter(r) })] },
			{ client: VICTIM, clock: victim.known, structs: [item({ ref: REF.string, content: letter(r) })] }
		])
	)
];

const deletions: readonly AttackClass[] = [
	attack('deletes of clocks that do not exist yet', (r) => update([], [[VICTIM, [[victim.known + r.below(1000), 1 + r.below(500)]]]])),
	attack('deletes of a client nobody knows', (r, mine) => update([], [[mine, [[r.below(9), 1 + r.below(9)]]]])),
	attack('a delete over everything', (r) => update([], [[VICTIM, [[0, big(r)]]]])),
	attack('a delete of signed words', (r) => update([], [[VICTIM, [[signedClock(r), 1]]]])),
	attack('a delete of signed words hidden among permitted ones', (r) =>
		update(
			[],
			[
				[
					VICTIM,
					[
						[0, 1],
						[signedClock(r), 1]
					]
				]
			]
		)
	),
	attack('a delete of no length', (r) => update([], [[VICTIM, [[r.below(9), 0]]]])),
	attack('the same client twice in a delete set', (r) => join(uints(0, 2), uints(VICTIM, 1, r.below(4), 1), uints(VICTIM, 1, signedClock(r), 1))),
	attack('too many deletes', (r) => join(uints(0, 1, VICTIM, 50_001 + r.below(1000)), MANY_DELETES)),
	{
		name: 'deletes of signed words in a diff',
		shots: (r) => [{ frame: step2Frame(update([], [[VICTIM, [[signedClock(r), 1]]]])) }]
	}
];

const places: readonly AttackClass[] = [
	attack('words in a signed section', (r, mine) => one(mine, { ref: REF.string, parent: 'signed', content: letter(r) })),
	attack('words behind a signed letter', (r, mine) => one(mine, { ref: REF.string, origin: [VICTIM, signedClock(r)], content: letter(r) })),
	attack('words before a signed letter', (r, mine) => one(mine, { ref: REF.string, right: [VICTIM, signedClock(r)], content: letter(r) })),
	attack('a mark over signed words', (r, mine) =>
		one(mine, { ref: REF.format, origin: [VICTIM, signedClock(r)], content: content.format('bold', r.pick(['true', 'null'])) })
	),
	attack('left neighbour in a draft, right one signed', (r, mine) =>
		one(mine, { ref: REF.string, origin: [VICTIM, draftClock(r)], right: [VICTIM, signedClock(r)], content: letter(r) })
	),
	attack('left neighbour in text, right one in a map', (r, mine) =>
		one(mine, { ref: REF.string, origin: [VICTIM, draftClock(r)], right: [VICTIM, victim.fact], content: letter(r) })
	),
	attack('left neighbour in a paragraph, right one outside it', (r, mine) =>
		one(mine, { ref: REF.string, origin: [VICTIM, victim.paragraph + 2], right: [VICTIM, victim.paragraph], content: letter(r) })
	),
	attack('a letter as parent', (r, mine) => one(mine, { ref: REF.string, parent: [VICTIM, draftClock(r)], content: letter(r) })),
	attack('a struct that hangs on itself', (r, mine) => one(mine, { ref: REF.string, origin: [mine, r.below(3)], content: letter(r) })),
	attack('two structs that hang on each other', (r, mine) =>
		update([
			{ client: mine, structs: [item({ ref: REF.string, origin: [mine + 1, 0], content: letter(r) })] },
			{ client: mine + 1, structs: [item({ ref: REF.string, origin: [mine, 0], content: letter(r) })] }
		])
	),
	attack('a neighbour nobody wrote', (r, mine) => one(mine, { ref: REF.string, origin: [r.below(2 ** 31) + 5, r.below(99)], content: letter(r) })),
	attack('a parent nobody wrote', (r, mine) => one(mine, { ref: REF.string, parent: [mine + 9, r.below(99)], content: letter(r) })),
	attack('no parent at all', (r, mine) => join(uints(1, 1, mine, 0), Uint8Array.of(4), uints(2 + r.below(9)), letter(r), uints(0)))
];

const shapes: readonly AttackClass[] = [
	attack('a root nobody declared', (r, mine) => one(mine, { ref: REF.string, parent: `x${String(r.below(1e6))}`, content: letter(r) })),
	attack('a map key on a text', (r, mine) => one(mine, { ref: REF.any, parent: 'draft', key: `k${String(r.below(99))}`, content: content.any(r.below(9)) })),
	attack('a list value in a text', (r, mine) => one(mine, { ref: REF.any, parent: 'draft', content: content.any(r.below(9)) })),
	attack('letters in a map', (r, mine) => one(mine, { ref: REF.string, parent: 'facts', content: letter(r) })),
	attack('letters under a key', (r, mine) => one(mine, { ref: REF.string, parent: 'facts', key: 'a', content: letter(r) })),
	attack('a nested type where none may be', (r, mine) => one(mine, { ref: REF.type, parent: 'draft', content: content.type(r.pick([0, 1, 2, 4, 6])) })),
	attack('an element nobody declared', (r, mine) =>
		one(mine, { ref: REF.type, parent: 'body', content: content.type(3, r.pick(['script', 'iframe', 'img', 'heading', 'x'.repeat(300)])) })
	),
	attack('a chip outside a paragraph', (_r, mine) => one(mine, { ref: REF.type, parent: 'body', content: content.type(3, 'chip') })),
	attack('words in a section beside its paragraphs', (r, mine) => one(mine, { ref: REF.string, parent: 'body', content: letter(r) })),
	attack('a paragraph in a paragraph', (_r, mine) => one(mine, { ref: REF.type, parent: [VICTIM, victim.paragraph], content: content.type(3, 'paragraph') })),
	attack('an attribute nobody declared', (r, mine) =>
		one(mine, { ref: REF.any, parent: [VICTIM, victim.paragraph], key: r.pick(['onclick', 'style', 'class', 'src']), content: content.any('x') })
	),
	attack('an attribute that is no text', (r, mine) =>
		one(mine, { ref: REF.any, parent: [VICTIM, victim.chip], key: 'value', content: content.any(r.pick([1, null, { a: 1 }, [1]])) })
	),
	attack('an attribute beyond its size', (r, mine) =>
		one(mine, { ref: REF.any, parent: [VICTIM, victim.chip], key: 'value', content: content.any('x'.repeat(5000 + r.below(9999))) })
	),
	attack('a mark nobody declared', (r, mine) =>
		one(mine, { ref: REF.format, parent: 'draft', content: content.format(r.pick(['link', 'style', 'bold2']), '{"href":"javascript:"}') })
	),
	attack('a mark beyond its size', (r, mine) =>
		one(mine, { ref: REF.format, parent: 'draft', content: content.format('bold', JSON.stringify('x'.repeat(5000 + r.below(9999)))) })
	),
	attack('an embed in a text', (r, mine) => one(mine, { ref: REF.embed, parent: 'draft', content: content.embed(`{"image":${String(r.below(9))}}`) })),
	attack('a value of the old JSON kind', (r, mine) => one(mine, { ref: REF.json, parent: 'list', content: content.json(String(r.below(9)), 'undefined') }))
];

const bombs: readonly AttackClass[] = [
	attack('a count of structs that are not there', (r, mine) => uints(1, big(r), mine, 0)),
	attack('a count of clients that are not there', (r, mine) => uints(big(r), big(r), mine, 0)),
	attack('a count of deletes that are not there', (r) => uints(0, big(r))),
	attack('a count of deleted ranges that are not there', (r) => uints(0, 1, VICTIM, big(r))),
	attack('too many structs', (r, mine) => join(uints(1, 20_001 + r.below(99), mine, 0), MANY_STRUCTS, uints(0))),
	attack('too many clients', (r, mine) =>
		update(Array.from({ length: 257 + r.below(99) }, (_, i) => ({ client: (mine + i) % 2 ** 32, structs: [item({ ref: REF.string, content: words('a') })] })))
	),
	attack('a deleted run of 2^40', (r, mine) => one(mine, { ref: REF.deleted, content: content.deleted(100_001 + big(r)) })),
	attack('arrays nested in a value', (r, mine) =>
		one(mine, { ref: REF.any, parent: 'list', content: join(uints(1), ...Array.from({ length: deep(r) }, () => uints(117, 1)), Uint8Array.of(126)) })
	),
	attack('objects nested in a value', (r, mine) =>
		one(mine, {
			ref: REF.any,
			parent: 'list',
			content: join(uints(1), ...Array.from({ length: deep(r) }, () => join(uints(118, 1), words('k'))), Uint8Array.of(126))
		})
	),
	attack('JSON nested in an embed', (r, mine) => one(mine, { ref: REF.embed, content: words('['.repeat(deep(r)) + ']'.repeat(9)) })),
	attack('a list that claims 2^31 values', (r, mine) => one(mine, { ref: REF.any, parent: 'list', content: uints(1, 117, big(r)) })),
	attack('a value beyond its size', (r, mine) => one(mine, { ref: REF.any, parent: 'list', content: content.any('x'.repeat(270_000 + r.below(1000))) })),
	attack('a value of 1.5 kB where 1 kB is allowed', (r, mine) =>
		one(mine, { ref: REF.any, parent: 'facts', key: 'a', content: content.any('x'.repeat(1500 + r.below(500))) })
	),
	attack('binary that claims more than there is', (r, mine) => one(mine, { ref: REF.binary, parent: 'facts', key: 'b', content: uints(big(r)) })),
	attack('a V2 update', (r, mine) => join(uints(0, 0, mine % 128, 0, 0, 1, r.below(64)), words('draft'), uints(1, 1, 0, 0, 0))),
	attack('a V2 run-length bomb', (r) => Uint8Array.from([0, 0, 6, 0xff, 0xff, 0xff, 0xff, r.below(16), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
];

const broken: readonly AttackClass[] = [
	attack('a gap', (r, mine) => update([{ client: mine, clock: 1 + r.below(9999), structs: [item({ ref: REF.string, content: letter(r) })] }])),
	{
		name: 'a flood of gaps',
		shots: (r, mine) =>
			Array.from({ length: 120 }, (_, i) => ({
				frame: updateFrame(update([{ client: mine, clock: 2 + i + r.below(9), structs: [item({ ref: REF.string, content: words('x') })] }]))
			}))
	},
	attack('a skip', (r, mine) => join(uints(1, 1, mine, 0), Uint8Array.of(REF.skip), uints(1 + r.below(99)), uints(0))),
	attack('bytes behind the end', (r, mine) => join(one(mine, { ref: REF.string, content: letter(r) }), uints(r.below(9), 1))),
	attack('one client in two sections', (r, mine) =>
		update([
			{ client: mine, structs: [item({ ref: REF.string, content: words('a') })] },
			{ client: mine, clock: r.below(3), structs: [item({ ref: REF.string, content: words('b') })] }
		])
	),
	attack('a section of nothing', (r, mine) => uints(1, 0, mine, r.below(9), 0)),
	attack('a struct of no length', (r, mine) => one(mine, { ref: r.pick([REF.string, REF.deleted, REF.json, REF.any]), content: Uint8Array.of(0) })),
	attack('JSON that is none', (r, mine) => one(mine, { ref: REF.format, content: content.format('bold', r.pick(['{', 'nope', '[1,', '"', ''])) })),
	attack('text that is not UTF-8', (r, mine) => one(mine, { ref: REF.string, content: Uint8Array.of(3, 0xff, 0xfe, 0x80 + r.below(64)) })),
	attack('a type that does not exist', (r, mine) => one(mine, { ref: REF.type, parent: 'body', content: uints(7 + r.below(99)) })),
	attack('a content that does not exist', (r, mine) => one(mine, { ref: 11 + r.below(20), content: uints(1) })),
	attack('a document inside the document', (r, mine) =>
		one(mine, { ref: REF.doc, parent: 'facts', key: 'sub', content: join(words(`guid-${String(r.below(1e6))}`), any({})) })
	),
	attack('a number that never ends', (r) => new Uint8Array(20 + r.below(60)).fill(0xff)),
	attack('an honest update cut short', (r) => {
		const honest = r.pick(HONEST_UPDATES);
		return honest.subarray(0, r.below(honest.length - 1));
	})
];

const keys: readonly AttackClass[] = [
	attack('a forbidden key of a map', (r, mine) => one(mine, { ref: REF.any, parent: 'facts', key: r.pick(KEYS), content: content.any(1) })),
	attack('a forbidden key in a value', (r, mine) =>
		one(mine, { ref: REF.any, parent: 'facts', key: 'a', content: join(uints(1, 118, 1), words(r.pick(KEYS)), uints(120)) })
	),
	attack('a forbidden key deep in a value', (r, mine) =>
		one(mine, { ref: REF.any, parent: 'list', content: join(uints(1, 117, 1, 118, 1), words('a'), uints(118, 1), words(r.pick(KEYS)), any({ isAdmin: true })) })
	),
	attack('a forbidden key in JSON', (r, mine) => one(mine, { ref: REF.embed, content: words(`{"a":{"${r.pick(KEYS)}":{"isAdmin":true}}}`) })),
	attack('a forbidden key spelt in escapes', (_r, mine) => one(mine, { ref: REF.embed, content: words('{"\\u005f_proto__":1}') })),
	attack('a forbidden name of a mark', (r, mine) => one(mine, { ref: REF.format, content: content.format(r.pick(KEYS), 'true') })),
	attack('a forbidden name of an element', (r, mine) => one(mine, { ref: REF.type, parent: 'body', content: content.type(r.pick([3, 5]), r.pick(KEYS)) })),
	attack('a forbidden root', (r, mine) => one(mine, { ref: REF.string, parent: r.pick(KEYS), content: letter(r) })),
	attack('a key of 10 kB', (r, mine) => one(mine, { ref: REF.any, parent: 'facts', key: 'k'.repeat(10_000 + r.below(99)), content: content.any(1) }))
];

const presenceOf = (...entries: readonly (readonly [client: number, clock: number, state: string])[]): Uint8Array =>
	awarenessFrame(
		bytes((e) => {
			encoding.writeVarUint(e, entries.length);
			for (const [client, clock, state] of entries) {
				encoding.writeVarUint(e, client);
				encoding.writeVarUint(e, clock);
				encoding.writeVarString(e, state);
			}
		})
	);
const presence = (name: string, make: (random: Random, mine: number) => Uint8Array, harmless = true): AttackClass => ({
	name,
	shots: (random, mine) => [{ frame: make(random, mine) }],
	...(harmless ? { harmless } : {})
});
const presences: readonly AttackClass[] = [
	presence('presence under a colleague’s clientID', (r) => presenceOf([VICTIM, 100 + r.below(99), '{"user":{"name":"Dr Chief, signing"}}'])),
	presence('a colleague’s presence ended', (r) => presenceOf([VICTIM, 2 ** 31 - 1 - r.below(9), 'null'])),
	presence('presence at a clock nobody can follow', (r, mine) => presenceOf([mine, 2 ** 52 + r.below(9), '{}'])),
	presence('another name in one’s own presence', (r, mine) =>
		presenceOf([mine, 1, `{"user":{"id":"chief","name":"罗景行","role":"chief","n":${String(r.below(9))}}}`])
	),
	presence('twenty thousand people who are not there', (r) =>
		presenceOf(...Array.from({ length: 20_000 }, (_, i) => [r.below(2 ** 31) + i, 1, '{"a":1}'] as const))
	),
	presence('a presence of 100 kB', (r, mine) => presenceOf([mine, 1, JSON.stringify({ x: 'x'.repeat(100_000 + r.below(99)) })])),
	presence('a forbidden key in presence', (r, mine) => presenceOf([mine, 1, `{"${r.pick(KEYS)}":{"isAdmin":true},"cursor":1}`])),
	presence('presence that is no object', (r, mine) => presenceOf([mine, 1, r.pick(['1', '"x"', '[]', 'true'])])),
	presence('presence that is no JSON', (r, mine) => presenceOf([mine, 1, r.pick(['{nope', '', '{"a":', 'undefined'])]), false),
	presence('presence with bytes behind its end', (r, mine) => awarenessFrame(join(presenceOf([mine, 1, '{}']).subarray(2), uints(r.below(9)))), false),
	presence('a presence that counts more than there is', (r) => awarenessFrame(uints(big(r), 1)), false)
];

const syncFrame = (...parts: readonly Uint8Array[]): Shot => ({ frame: join(...parts) });
const masked = (opcode: number, payload: Uint8Array): Uint8Array => join(Uint8Array.of(opcode, 128 | payload.length, 0, 0, 0, 0), payload);
const wire: readonly AttackClass[] = [
	{ name: 'an unknown type of message', shots: (r) => [syncFrame(uints(r.pick([2, 4, 5, 7, 10, 42, 127, 2 ** 31])), uints(1))] },
	{ name: 'an unknown step', shots: (r) => [syncFrame(uints(0, 3 + r.below(99), 1, 1))] },
	{ name: 'a length that is not there', shots: (r) => [syncFrame(uints(0, r.below(3), big(r)))] },
	{ name: 'a message with bytes behind its end', shots: (r) => [syncFrame(step1Frame(uints(0)), uints(r.below(99)))] },
	{ name: 'a state vector that ends too early', shots: (r) => [{ frame: step1Frame(uints(2 + r.below(99), 200)) }] },
	{ name: 'a state vector that counts 2^40 clients', shots: (r) => [{ frame: step1Frame(uints(big(r), 1, 1)) }] },
	{
		name: 'a state vector of fifty thousand strangers',
		harmless: true,
		shots: (r) => [
			{
				frame: step1Frame(
					bytes((e) => {
						encoding.writeVarUint(e, 50_000);
						for (let i = 0; i < 50_000; i++) {
							encoding.writeVarUint(e, i + r.below(3));
							encoding.writeVarUint(e, 1);
						}
					})
				)
			}
		]
	},
	{ name: 'an empty message', shots: () => [{ frame: new Uint8Array(0) }] },
	{ name: 'random bytes', shots: (r) => [{ frame: Uint8Array.from({ length: 1 + r.below(900) }, (_, i) => (i === 0 ? 4 + r.below(250) : r.below(256))) }] },
	{ name: 'an acknowledgement from a client', shots: (r) => [syncFrame(uints(8, 1, r.below(99)))] },
	{ name: 'a refusal from a client', shots: (r) => [syncFrame(uints(8, 0, r.below(99)), words('sealed'))] },
	{ name: 'an admission from a client', shots: (r) => [syncFrame(uints(9), words(`{"writes":"*","n":${String(r.below(9))}}`))] },
	{ name: 'a text message', shots: (r) => [{ text: `{"hello":${String(r.below(99))}}` }] },
	{ name: 'a reserved opcode', shots: (r) => [{ raw: masked(0x80 | r.pick([3, 4, 5, 6, 7, 0xb, 0xf]), Uint8Array.of(r.below(256))) }] },
	{ name: 'a frame without its mask', shots: (r) => [{ raw: Uint8Array.of(0x82, 2, 0, r.below(256)) }] },
	{ name: 'a frame of 2^40 bytes', shots: (r) => [{ raw: Uint8Array.of(0x82, 0xff, 0, 0, 1 + r.below(9), 0, 0, 0, 0, 0, 0, 0, 0, 0) }] },
	{ name: 'a compressed frame nobody agreed on', shots: (r) => [{ raw: masked(0xc2, Uint8Array.of(r.below(256), 1)) }] },
	{ name: 'a control frame in pieces', shots: (r) => [{ raw: masked(r.pick([0x08, 0x09, 0x0a]), Uint8Array.of(1, 2)) }] },
	{ name: 'a piece of nothing', shots: (r) => [{ raw: masked(0x80, Uint8Array.of(r.below(256))) }] },
	{ name: 'a close with a code that does not exist', shots: (r) => [{ raw: masked(0x88, Uint8Array.of(0, r.below(256))) }] },
	{ name: 'a message of more than a megabyte', shots: (r) => [{ frame: new Uint8Array((1 << 20) + 1 + r.below(99)) }] }
];

const mutated: AttackClass = {
	name: 'honest updates with changed bytes',
	harmless: true,
	shots: (r) => {
		const changed = Uint8Array.from(r.pick(HONEST_UPDATES));
		for (let k = r.below(4); k >= 0; k--) changed[r.below(changed.length)] = r.chance(0.5) ? r.below(256) : r.below(12);
		return [{ frame: updateFrame(changed) }];
	}
};
const mutatedFrames: AttackClass = {
	name: 'honest messages with changed bytes',
	harmless: true,
	shots: (r) => {
		const changed = Uint8Array.from(r.pick([updateFrame, step2Frame])(r.pick(HONEST_UPDATES)));
		for (let k = r.below(4); k >= 0; k--) changed[r.below(changed.length)] = r.below(256);
		return [{ frame: changed }];
	}
};

export const classes: readonly AttackClass[] = [
	...identity,
	...deletions,
	...places,
	...shapes,
	...bombs,
	...broken,
	...keys,
	...presences,
	...wire,
	mutated,
	mutatedFrames
];
