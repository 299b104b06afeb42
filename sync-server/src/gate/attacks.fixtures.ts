import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** A document with a victim (clientID 1) and the clientID 2 of somebody else; the attacker may use any unbound id and write only `draft`. */
export const VICTIM = 1;
export function victimDocument(): Y.Doc {
	const doc = new Y.Doc();
	doc.clientID = VICTIM;
	doc.getText('draft').insert(0, '阿莫西林 500mg');
	doc.getText('signed').insert(0, '已签名');
	return doc;
}

export const bytes = (write: (encoder: encoding.Encoder) => void): Uint8Array => {
	const encoder = encoding.createEncoder();
	write(encoder);
	return encoding.toUint8Array(encoder);
};
const uints = (...values: readonly number[]): Uint8Array =>
	bytes((e) => {
		for (const value of values) encoding.writeVarUint(e, value);
	});
const asClient = (client: number, change: (doc: Y.Doc) => void, base?: Y.Doc): Uint8Array => {
	const doc = new Y.Doc();
	if (base) Y.applyUpdate(doc, Y.encodeStateAsUpdate(base));
	doc.clientID = client;
	let last: Uint8Array | undefined;
	doc.on('update', (update: Uint8Array) => (last = update));
	change(doc);
	return last!;
};
const fresh = (change: (doc: Y.Doc) => void): Uint8Array => asClient(77, change);

/** An item of client 77 in root `draft` whose content is written by hand. */
const item = (ref: number, content: (e: encoding.Encoder) => void): Uint8Array =>
	bytes((e) => {
		for (const value of [1, 1, 77, 0]) encoding.writeVarUint(e, value);
		encoding.writeUint8(e, ref);
		encoding.writeVarUint(e, 1);
		encoding.writeVarString(e, 'draft');
		content(e);
		encoding.writeVarUint(e, 0);
	});
const nested = (depth: number): Uint8Array =>
	item(8, (e) => {
		encoding.writeVarUint(e, 1);
		for (let i = 0; i < depth; i++) encoding.writeUint8Array(e, Uint8Array.of(117, 1));
		encoding.writeUint8(e, 126);
	});

export interface Attack {
	readonly name: string;
	readonly reason: string;
	readonly update: Uint8Array;
}

export const attacks: readonly Attack[] = [
	{
		name: 'a colleague’s clientID at the same clock',
		reason: 'foreign-client',
		update: asClient(VICTIM, (d) => {
			d.getText('draft').insert(0, '甲氨蝶呤 50mg');
		})
	},
	{
		name: 'a colleague’s clientID at the next clock',
		reason: 'foreign-client',
		update: asClient(
			VICTIM,
			(d) => {
				d.getText('draft').insert(0, '冒名');
			},
			victimDocument()
		)
	},
	{
		name: 'a clock jump by a collected struct on a colleague’s clientID',
		reason: 'foreign-client',
		update: Uint8Array.from([...uints(1, 1, VICTIM, 13), 0, ...uints(90_000), 0])
	},
	{ name: 'a clock jump on the own clientID', reason: 'run-too-long', update: Uint8Array.from([...uints(1, 1, 77, 0), 0, ...uints(2 ** 40), 0]) },
	{ name: 'a delete set for future clocks', reason: 'delete-of-future', update: uints(0, 1, VICTIM, 1, 1000, 500) },
	{ name: 'a delete set over everything, unknown clocks included', reason: 'delete-of-future', update: uints(0, 1, VICTIM, 1, 0, 2 ** 40) },
	{ name: 'deleting signed text', reason: 'denied-delete:signed', update: uints(0, 1, VICTIM, 1, 10, 3) },
	{
		name: 'writing into a signed section',
		reason: 'denied:signed',
		update: fresh((d) => {
			d.getText('signed').insert(0, '加');
		})
	},
	{
		name: 'anchoring in a signed section',
		reason: 'denied:signed',
		update: asClient(
			77,
			(d) => {
				d.getText('signed').insert(1, '加');
			},
			victimDocument()
		)
	},
	{ name: 'thirty million structs in the header', reason: 'malformed', update: uints(1, 30_000_000, 77, 0) },
	{ name: 'two billion clients in the header', reason: 'malformed', update: uints(2 ** 31, 2 ** 31, 1, 0) },
	{ name: 'two billion deletes in the header', reason: 'malformed', update: uints(0, 2 ** 31) },
	{
		name: 'a V2 update',
		reason: 'trailing-bytes',
		update: Y.convertUpdateFormatV1ToV2(
			fresh((d) => {
				d.getText('draft').insert(0, '二');
			})
		)
	},
	{
		name: 'a V2 run-length bomb',
		reason: 'trailing-bytes',
		update: Uint8Array.from([0, 0, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
	},
	{ name: 'a gap', reason: 'gap', update: Uint8Array.from([...uints(1, 1, 77, 5), 4, ...uints(1), 5, ...new TextEncoder().encode('draft'), 1, 97, 0]) },
	{ name: 'a skip struct', reason: 'skip', update: Uint8Array.from([...uints(1, 1, 77, 0), 10, ...uints(5), 0]) },
	{
		name: 'trailing bytes',
		reason: 'trailing-bytes',
		update: Uint8Array.from([
			...fresh((d) => {
				d.getText('draft').insert(0, 'x');
			}),
			1,
			2,
			3
		])
	},
	{
		name: 'the same client in two sections',
		reason: 'malformed',
		update: Uint8Array.from([
			2,
			...item(4, (e) => {
				encoding.writeVarString(e, 'a');
			}).slice(1, -1),
			...item(4, (e) => {
				encoding.writeVarString(e, 'b');
			}).slice(1)
		])
	},
	{
		name: 'a struct of no length',
		reason: 'empty-struct',
		update: item(4, (e) => {
			encoding.writeVarString(e, '');
		})
	},
	{
		name: 'a deleted run that claims 2^40 clocks',
		reason: 'run-too-long',
		update: item(1, (e) => {
			encoding.writeVarUint(e, 2 ** 40);
		})
	},
	{ name: 'arrays nested ten thousand deep', reason: 'too-deep', update: nested(10_000) },
	{ name: 'arrays nested two hundred thousand deep', reason: 'too-deep', update: nested(200_000) },
	{
		name: 'JSON nested deep in an embed',
		reason: 'too-deep',
		update: item(5, (e) => {
			encoding.writeVarString(e, '['.repeat(100) + ']'.repeat(100));
		})
	},
	{
		name: 'broken JSON in an embed',
		reason: 'malformed',
		update: item(5, (e) => {
			encoding.writeVarString(e, '{nope');
		})
	},
	{
		name: 'broken JSON in a format',
		reason: 'malformed',
		update: item(6, (e) => {
			encoding.writeVarString(e, 'bold');
			encoding.writeVarString(e, '{');
		})
	},
	{
		name: 'text that is not UTF-8',
		reason: 'malformed',
		update: item(4, (e) => {
			encoding.writeVarUint8Array(e, Uint8Array.of(0xff, 0xfe, 0xfd));
		})
	},
	{
		name: 'a value of 300 kB',
		reason: 'oversized-value',
		update: fresh((d) => {
			d.getMap('draft').set('big', 'x'.repeat(300_000));
		})
	},
	{
		name: 'an update of 2 MB',
		reason: 'too-big',
		update: fresh((d) => {
			d.getMap('draft').set('big', 'x'.repeat(2_000_000));
		})
	},
	{
		name: '__proto__ as a map key',
		reason: 'forbidden-key',
		update: fresh((d) => {
			d.getMap('draft').set('__proto__', 1);
		})
	},
	{
		name: 'constructor as a map key',
		reason: 'forbidden-key',
		update: fresh((d) => {
			d.getMap('draft').set('constructor', 1);
		})
	},
	{
		name: '__proto__ inside a value',
		reason: 'forbidden-key',
		update: fresh((d) => {
			d.getMap('draft').set('k', JSON.parse('{"__proto__":{"isAdmin":true}}'));
		})
	},
	{
		name: 'prototype inside an embed',
		reason: 'forbidden-key',
		update: item(5, (e) => {
			encoding.writeVarString(e, '{"a":{"prototype":1}}');
		})
	},
	{
		name: '__proto__ as an attribute of text',
		reason: 'forbidden-key',
		update: item(6, (e) => {
			encoding.writeVarString(e, '__proto__');
			encoding.writeVarString(e, 'true');
		})
	},
	{
		name: '__proto__ as the name of an element',
		reason: 'forbidden-key',
		update: item(7, (e) => {
			encoding.writeVarUint(e, 3);
			encoding.writeVarString(e, '__proto__');
		})
	},
	{
		name: '__proto__ as a root',
		reason: 'forbidden-key',
		update: fresh((d) => {
			d.getMap('__proto__').set('k', 1);
		})
	},
	{
		name: 'a document inside the document',
		reason: 'subdocument',
		update: fresh((d) => {
			d.getMap('draft').set('sub', new Y.Doc());
		})
	},
	{
		name: 'a type that does not exist',
		reason: 'malformed',
		update: item(7, (e) => {
			encoding.writeVarUint(e, 9);
		})
	},
	{
		name: 'an unknown content',
		reason: 'malformed',
		update: item(11, (e) => {
			encoding.writeVarUint(e, 1);
		})
	},
	{
		name: 'left neighbour in the draft, right one in the signed text',
		reason: 'two-roots',
		update: Uint8Array.from([...uints(1, 1, 77, 0), 4 | 128 | 64, ...uints(VICTIM, 0, VICTIM, 10), 1, 97, 0])
	},
	{ name: 'a struct that hangs on itself', reason: 'self-reference', update: Uint8Array.from([...uints(1, 1, 77, 0), 4 | 128, ...uints(77, 0), 1, 97, 0]) },
	{
		name: 'two structs that hang on each other',
		reason: 'unknown-reference',
		update: Uint8Array.from([2, 1, 77, 0, 4 | 128, 78, 0, 1, 97, 1, 78, 0, 4 | 128, 77, 0, 1, 97, 0])
	},
	{ name: 'a neighbour nobody ever wrote', reason: 'unknown-reference', update: Uint8Array.from([...uints(1, 1, 77, 0), 4 | 128, ...uints(999, 4), 1, 97, 0]) },
	{
		name: 'a clientID beyond 32 bits',
		reason: 'malformed',
		update: Uint8Array.from([...uints(1, 1, 2 ** 40, 0), 4, ...uints(1), 5, ...new TextEncoder().encode('draft'), 1, 97, 0])
	},
	{ name: 'a number that never ends', reason: 'malformed', update: new Uint8Array(60).fill(0xff) },
	{ name: 'nothing at all', reason: 'malformed', update: new Uint8Array(0) }
];
