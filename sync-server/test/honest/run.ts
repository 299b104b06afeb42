/**
 * Honest people in front of the real gate and the real document: text, marks, XML, maps, arrays, nested types, undo,
 * collected structs, several clientIDs of one person, hours offline, sections with different rights, restarts from a
 * compaction. Not one update may be refused, and everybody ends with the same document.
 * npm run soak -- honest [--edits 1000000 --diffs 100000 --seed 1]
 */
import { keepForeignFormatting, type LiveShape } from '@tongping/domain/kernel';
import * as Y from 'yjs';
import { DocumentState } from '../../src/document-state.ts';
import { HonestUser } from '../../src/gate/honest-user.fixtures.ts';
import { seeded, type Random } from '../../src/gate/random.ts';

const SHAPE: LiveShape = Object.fromEntries(
	['a', 'b', 'c'].flatMap((section): [string, LiveShape[string]][] => [
		[`${section}:text`, { type: 'text', marks: ['bold', 'italic'], bytes: 64 }],
		[`${section}:map`, { type: 'map', keys: ['a', 'b', 'c'], value: { bytes: 256, nested: { type: 'map', keys: ['in'], value: { bytes: 64 } } } }],
		[`${section}:array`, { type: 'array', value: { bytes: 64 } }],
		[`${section}:xml`, { type: 'xml', children: ['paragraph'], elements: { paragraph: { attributes: ['level'], children: ['#text'] } }, marks: [], bytes: 64 }]
	])
);

export interface HonestResult {
	readonly documents: number;
	readonly edits: number;
	readonly diffs: number;
	readonly restarts: number;
	/** clientIDs of one person in one document, the most */
	readonly clientIds: number;
	readonly refused: readonly string[];
	readonly diverged: readonly string[];
}

interface Ward {
	document: DocumentState;
	readonly owners: Map<number, string>;
	readonly total: { edits: number; diffs: number; restarts: number };
	readonly refused: string[];
	position: number;
}

function offer(ward: Ward, user: HonestUser, update: Uint8Array, diff: boolean, seed: number): Uint8Array | null {
	const { document, owners } = ward;
	const verdict = document.check(update, {
		mayUse: (client) => (owners.get(client) ?? (document.has(client) ? '' : user.name)) === user.name,
		mayWrite: (root) => user.sections.includes(root.split(':')[0]!),
		diff
	});
	const reason = !verdict.ok ? verdict.reason : verdict.dropped.length > 0 && document.stands(verdict.dropped) ? 'denied-delete' : null;
	if (reason !== null || !verdict.ok) {
		ward.refused.push(`seed ${String(seed)}: ${diff ? 'diff' : 'edit'} refused as ${reason ?? ''}`);
		return null;
	}
	for (const [client] of verdict.fresh) owners.set(client, user.name);
	document.accept(verdict);
	if (verdict.forward !== null) document.stored(++ward.position, verdict.forward, [verdict]);
	return verdict.forward;
}

/** The server starts again from what a compaction and the log left. */
function restart(ward: Ward, shape: LiveShape | undefined): void {
	const snapshot = ward.document.tidied();
	ward.document = new DocumentState(shape, {
		snapshot,
		updates: [],
		owners: [],
		snapshotOwners: {},
		position: ward.position,
		head: ward.position,
		generation: 0,
		sealed: false
	});
	ward.total.restarts++;
}

const RIGHTS: readonly (readonly (readonly string[])[])[] = [
	[['a'], ['a'], ['a', 'b']],
	[['a'], ['b'], ['c'], ['a', 'b', 'c']],
	[
		['a', 'b'],
		['b', 'c']
	],
	[['a', 'b', 'c'], ['a', 'b', 'c'], ['a', 'b', 'c'], ['c'], ['a']]
];

function oneDocument(seed: number, total: Ward['total'], refused: string[], diverged: string[]): number {
	const random: Random = seeded(seed);
	const shape = random.chance(0.5) ? SHAPE : undefined;
	const ward: Ward = { document: new DocumentState(shape), owners: new Map(), total, refused, position: 0 };
	const users = random.pick(RIGHTS).map((sections, i) => new HonestUser(`user${String(i)}`, sections, random));
	const online = users.map(() => true);
	const news = (from: HonestUser, update: Uint8Array): void => {
		users.forEach((other, i) => {
			if (other !== from && online[i]) Y.applyUpdate(other.doc, update, 'server');
		});
	};
	const come = (user: HonestUser): void => {
		const vector = ward.document.stateVector();
		Y.applyUpdate(user.doc, ward.document.since(Y.encodeStateVector(user.doc)), 'server');
		total.diffs++;
		const forward = offer(ward, user, Y.encodeStateAsUpdate(user.doc, vector), true, seed);
		if (forward !== null) news(user, forward);
		user.unsent = [];
	};
	for (let round = 0; round < 100; round++) {
		const i = random.below(users.length);
		const user = users[i]!;
		for (let k = random.below(5); k >= 0; k--) user.edit();
		total.edits += user.unsent.length;
		if (online[i]) {
			for (const update of user.unsent.splice(0)) {
				const forward = offer(ward, user, update, false, seed);
				if (forward !== null) news(user, forward);
			}
			if (random.chance(0.4)) online[i] = false;
		} else {
			user.unsent = [];
			if (random.chance(0.6)) {
				come(user);
				online[i] = true;
				if (random.chance(0.3)) user.reopen(ward.document.all());
			}
		}
		if (random.chance(0.02)) restart(ward, shape);
	}
	for (let pass = 0; pass < 2; pass++) for (const user of users) come(user);
	const everything = (doc: Y.Doc): string =>
		JSON.stringify(
			['a', 'b', 'c'].flatMap((section) => [
				doc.getText(`${section}:text`).toDelta(),
				Object.entries(doc.getMap(`${section}:map`).toJSON()).sort(([x], [y]) => (x < y ? -1 : 1)),
				doc.getArray(`${section}:array`).toJSON(),
				doc.getXmlFragment(`${section}:xml`).toJSON()
			])
		);
	const truth = new Y.Doc();
	keepForeignFormatting(truth);
	Y.applyUpdate(truth, ward.document.all());
	if (truth.store.pendingStructs !== null) diverged.push(`seed ${String(seed)}: the document waits for an update`);
	for (const user of users) if (everything(user.doc) !== everything(truth)) diverged.push(`seed ${String(seed)}: ${user.name} sees another document`);
	const ids = new Map<string, number>();
	for (const owner of ward.owners.values()) ids.set(owner, (ids.get(owner) ?? 0) + 1);
	return Math.max(0, ...ids.values());
}

export function honest({ edits = 1_000_000, diffs = 100_000, seed = 1, until = Infinity } = {}): HonestResult {
	const total = { edits: 0, diffs: 0, restarts: 0 };
	const refused: string[] = [];
	const diverged: string[] = [];
	let [documents, clientIds] = [0, 0];
	while ((total.edits < edits || total.diffs < diffs) && performance.now() < until && refused.length < 20) {
		clientIds = Math.max(clientIds, oneDocument(seed + documents, total, refused, diverged));
		documents++;
	}
	return { documents, ...total, clientIds, refused, diverged };
}

if (import.meta.main) {
	const argument = (name: string, otherwise: number): number => {
		const at = process.argv.indexOf(`--${name}`);
		return at < 0 ? otherwise : Number(process.argv[at + 1]);
	};
	const seed = argument('seed', 1);
	const started = performance.now();
	const result = honest({ edits: argument('edits', 1_000_000), diffs: argument('diffs', 100_000), seed });
	const holds = result.refused.length === 0 && result.diverged.length === 0;
	console.log(JSON.stringify({ test: 'honest work', holds, seed, seconds: Math.round((performance.now() - started) / 1000), ...result }));
	process.exit(holds ? 0 : 1);
}
