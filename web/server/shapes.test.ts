import { getSchema } from '@tiptap/core';
import { Fragment, Slice, type Node, type Schema } from '@tiptap/pm/model';
import { EditorState, type Transaction } from '@tiptap/pm/state';
import { defaultDeleteFilter, defaultProtectedNodes, initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap';
import { noteShape } from '@tongping/domain/clinical-document';
import { MEASUREMENT_NODE, readingShape, reportShape } from '@tongping/domain/imaging';
import { keepForeignFormatting, type LiveShape } from '@tongping/domain/kernel';
import { SharedReading, type Annotation } from '@tongping/viewer/session';
import { Awareness } from 'y-protocols/awareness';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { RootIndex } from '../../sync-server/src/gate/index.ts';
import { seeded, type Random } from '../../sync-server/src/gate/random.ts';
import { Chip } from '../src/modules/clinical-document/note/editor/chip.ts';
import { Deletion, Insertion, NoteDocument, NoteParagraph, NoteText } from '../src/modules/clinical-document/note/editor/schema.ts';
import { traced } from '../src/modules/clinical-document/note/editor/trace.ts';
import { plainText, quote } from '../src/modules/imaging/reading/editor.ts';

/** The gate in front of a document of one kind, as a room has it. */
class Door {
	readonly doc = new Y.Doc({ gc: true });
	index: RootIndex;
	readonly shape: LiveShape;
	accepted = 0;
	readonly owners = new Map<number, string>();

	constructor(shape: LiveShape) {
		this.shape = shape;
		this.index = new RootIndex(shape);
		keepForeignFormatting(this.doc);
	}

	offer(user: string, update: Uint8Array, diff = false): void {
		const verdict = this.index.check(update, {
			mayUse: (client) => (this.owners.get(client) ?? user) === user,
			mayWrite: () => true,
			diff
		});
		if (!verdict.ok) throw new Error(`refused what the editor wrote: ${verdict.reason}`);
		for (const [client] of verdict.fresh) this.owners.set(client, user);
		this.index.commit(verdict);
		this.accepted++;
		if (verdict.forward !== null) Y.applyUpdate(this.doc, verdict.forward);
	}
	/** The server starts again from a compacted document. */
	reload(): void {
		this.index = RootIndex.load([Y.encodeStateAsUpdate(this.doc)], this.shape);
	}
}

/** One person with the editor's own schema and its own way of writing into the document, without a screen. */
class Writer {
	doc = new Y.Doc();
	readonly name: string;
	readonly #root: string;
	readonly #schema: Schema;
	readonly #random: Random;
	#undo: Y.UndoManager;
	unsent: Uint8Array[] = [];

	constructor(name: string, root: string, schema: Schema, random: Random) {
		this.name = name;
		this.#root = root;
		this.#schema = schema;
		this.#random = random;
		this.#undo = this.#open();
	}

	#open(): Y.UndoManager {
		this.doc.clientID = this.#random.below(2 ** 32);
		keepForeignFormatting(this.doc);
		this.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'server') this.unsent.push(update);
		});
		return new Y.UndoManager(this.doc.getXmlFragment(this.#root), {
			trackedOrigins: new Set([this]),
			captureTimeout: 0,
			deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes)
		});
	}
	hear(update: Uint8Array): void {
		Y.applyUpdate(this.doc, update, 'server');
	}
	/** A new tab. */
	reopen(state: Uint8Array): void {
		this.doc = new Y.Doc();
		this.unsent = [];
		this.#undo = this.#open();
		this.hear(state);
	}

	edit(stamped: boolean): void {
		const random = this.#random;
		if (random.chance(0.08)) return void this.#undo.undo();
		if (random.chance(0.04)) return void this.#undo.redo();
		const fragment = this.doc.getXmlFragment(this.#root);
		const { doc, meta } = initProseMirrorDoc(fragment, this.#schema);
		const state = EditorState.create({ doc: doc.childCount === 0 ? this.#schema.topNodeType.createAndFill()! : doc });
		const tr = this.#change(state);
		const after = stamped && tr.docChanged ? traced(state, tr, { user: this.name, name: '陈书遥', role: 'attending', at: 60_000 + random.below(9) }) : tr;
		this.doc.transact(() => {
			updateYFragment(this.doc, fragment, after.doc, meta);
		}, this);
	}

	#change(state: EditorState): Transaction {
		const random = this.#random;
		const { tr, schema } = state;
		const size = state.doc.content.size;
		const place = (): number => random.below(size + 1);
		const inside = (): number => {
			const at = place();
			return state.doc.resolve(at).parent.isTextblock ? at : Math.min(at + 1, size);
		};
		const [from, to] = [inside(), inside()].sort((a, b) => a - b) as [number, number];
		const atom = schema.nodes['chip'] ?? schema.nodes[MEASUREMENT_NODE]!;
		const made = (): Node =>
			atom.name === 'chip'
				? atom.create({
						source: 'observation',
						code: '8310-5',
						label: '体温',
						value: '37.8',
						unit: 'Cel',
						at: '1763000000000',
						observation: 'o1',
						flag: 'high'
					})
				: atom.create({ measurement: `m${String(random.below(9))}` });
		const inline = (): Node => (random.chance(0.3) ? made() : schema.text(random.pick(['体温', 'SpO₂ 98 %', ' ', '😀'])));
		switch (random.below(9)) {
			case 0:
				return tr.delete(from, to);
			case 1:
				return state.doc.resolve(from).parent.isTextblock ? tr.split(from) : tr;
			case 2:
				return tr.replaceRangeWith(from, to, made());
			case 3: {
				const paragraphs = Array.from({ length: 1 + random.below(3) }, () => schema.node('paragraph', null, [inline(), inline()]));
				return tr.replaceRange(from, to, new Slice(Fragment.fromArray(paragraphs), random.below(2), random.below(2)));
			}
			case 4:
				return schema.nodes['hardBreak'] === undefined ? tr : tr.replaceRangeWith(from, from, schema.nodes['hardBreak'].create());
			case 5: {
				const marks = Object.values(schema.marks);
				const mark = marks.length === 0 ? null : random.pick(marks).create({ user: 'u', name: '李晨', role: 'resident', at: random.below(9) });
				return mark === null ? tr : random.chance(0.5) ? tr.addMark(from, to, mark) : tr.removeMark(from, to);
			}
			default:
				return state.doc.resolve(from).parent.isTextblock
					? tr.insertText(random.pick(['诉头晕', 'a', '。', ' 37.8']), from, random.chance(0.2) ? to : from)
					: tr;
		}
	}
}

const noteSchema = getSchema([NoteDocument, NoteParagraph, NoteText, Insertion, Deletion, Chip]);
const reportSchema = getSchema([plainText, quote({ words: () => ({ text: '', valid: true }), open: () => undefined, redraw: new Set() })]);

/** more by SHAPE_SEEDS=1000 */
const SEEDS = Number(process.env['SHAPE_SEEDS'] ?? 15);

function coedit(seed: number, shape: LiveShape, root: string, schema: Schema, stamped: boolean): number {
	const random = seeded(seed);
	const door = new Door(shape);
	const writers = ['a', 'b', 'c'].map((name) => new Writer(name, root, schema, random));
	const online = writers.map(() => true);
	for (let round = 0; round < 120; round++) {
		const i = random.below(writers.length);
		const writer = writers[i]!;
		writer.edit(stamped && round > 40);
		if (online[i]) {
			const before = Y.encodeStateVector(door.doc);
			for (const update of writer.unsent.splice(0)) door.offer(writer.name, update);
			const news = Y.encodeStateAsUpdate(door.doc, before);
			writers.forEach((other, k) => {
				if (k !== i && online[k]) other.hear(news);
			});
			online[i] = !random.chance(0.1);
		} else if (random.chance(0.3)) {
			const before = Y.encodeStateVector(door.doc);
			door.offer(writer.name, Y.encodeStateAsUpdate(writer.doc, before), true);
			writer.hear(Y.encodeStateAsUpdate(door.doc, Y.encodeStateVector(writer.doc)));
			writer.unsent = [];
			const news = Y.encodeStateAsUpdate(door.doc, before);
			writers.forEach((other, k) => {
				if (k !== i && online[k]) other.hear(news);
			});
			online[i] = true;
			if (random.chance(0.3)) writer.reopen(Y.encodeStateAsUpdate(door.doc));
		}
		if (random.chance(0.05)) door.reload();
	}
	expect(door.doc.store.pendingStructs, `seed ${String(seed)}`).toBeNull();
	return door.accepted;
}

test('everything the editor of a note writes fits its shape: words, chips, traces, pasted slices, undo, offline diffs, restarts', { timeout: 600_000 }, () => {
	let accepted = 0;
	for (let seed = 1; seed <= SEEDS; seed++) accepted += coedit(seed, noteShape, 'plan', noteSchema, seed % 2 === 0);
	expect(accepted).toBeGreaterThan(SEEDS * 50);
});

test('everything the editor of a report writes fits its shape', { timeout: 600_000 }, () => {
	let accepted = 0;
	for (let seed = 1; seed <= SEEDS; seed++) accepted += coedit(seed, reportShape, 'findings', reportSchema, false);
	expect(accepted).toBeGreaterThan(SEEDS * 50);
});

test('everything a shared reading writes fits its shape', () => {
	const door = new Door(readingShape);
	const doc = new Y.Doc();
	doc.on('update', (update: Uint8Array) => {
		door.offer('a', update);
	});
	const session = new SharedReading({ doc, awareness: new Awareness(doc), me: { id: 'a', name: '姚行之' }, listener: () => undefined });
	const line: Annotation = {
		id: 'line-1',
		tool: 'length',
		series: '1.2.3',
		sop: '1.2.3.4',
		frame: 1,
		points: [
			[1, 2],
			[3.5, 4]
		],
		label: '',
		author: 'a',
		authorName: '姚行之',
		createdAt: 1
	};
	session.takeLead();
	session.add(line);
	session.moveHandle('line-1', 1, [9, 9]);
	session.rename('line-1', '结节');
	session.remove('line-1');
	session.undo();
	session.undo();
	session.free();
	session.takeLead();
	session.close();
	expect(door.accepted).toBeGreaterThan(6);
	expect(door.doc.getMap('presenter').has('lead')).toBe(true);
});

const forged: readonly (readonly [name: string, change: (doc: Y.Doc, section: Y.XmlFragment) => void])[] = [
	['an element nobody knows', (_doc, section) => section.push([new Y.XmlElement('script')])],
	['text outside a paragraph', (_doc, section) => section.push([new Y.XmlText('裸')])],
	['a chip outside a paragraph', (_doc, section) => section.push([new Y.XmlElement('chip')])],
	['a paragraph inside a paragraph', (_doc, section) => (section.get(0) as Y.XmlElement).push([new Y.XmlElement('paragraph')])],
	['an attribute nobody knows', (_doc, section) => (section.get(0) as Y.XmlElement).setAttribute('onclick', 'x')],
	['an attribute that is no text', (_doc, section) => chipOf(section).setAttribute('value', { deep: [1] } as never)],
	['an attribute of 8 kB', (_doc, section) => chipOf(section).setAttribute('value', 'x'.repeat(8192))],
	['words inside a chip', (_doc, section) => chipOf(section).push([new Y.XmlText('藏')])],
	['a mark nobody knows', (_doc, section) => textOf(section).format(0, 1, { link: { href: 'javascript:' } })],
	['a mark of 8 kB', (_doc, section) => textOf(section).format(0, 1, { insertion: { user: 'x'.repeat(8192) } })],
	['an embedded object in text', (_doc, section) => textOf(section).insertEmbed(0, { image: 1 })],
	['an attribute of text', (_doc, section) => textOf(section).setAttribute('k', 'v' as never)],
	['a root nobody knows', (doc) => doc.getText('elsewhere').insert(0, 'x')],
	['a map where a section is', (doc) => doc.get('assessment', Y.Map).set('k', 1)],
	['plain text where a section is', (doc) => doc.get('assessment', Y.Text).insert(0, '裸')],
	['a list where a section is', (doc) => doc.get('assessment', Y.Array).push([1])],
	['a hook', (_doc, section) => section.push([new Y.XmlHook('h') as never])],
	['a type of map inside a paragraph', (_doc, section) => (section.get(0) as Y.XmlElement).push([new Y.Map() as never])]
];
const chipOf = (section: Y.XmlFragment): Y.XmlElement => (section.get(0) as Y.XmlElement).get(1) as Y.XmlElement;
const textOf = (section: Y.XmlFragment): Y.XmlText => (section.get(0) as Y.XmlElement).get(0) as Y.XmlText;

test.each(forged)('a note refuses %s', (_name, change) => {
	const doc = new Y.Doc();
	const section = doc.getXmlFragment('plan');
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.push([new Y.XmlText('续用碳酸锂'), new Y.XmlElement('chip')]);
	section.push([paragraph]);
	const index = RootIndex.load([Y.encodeStateAsUpdate(doc)], noteShape);
	const made: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => made.push(update));
	change(doc, section);
	const verdict = index.check(Y.mergeUpdates(made), { mayUse: () => true, mayWrite: () => true, diff: false });
	expect(verdict).toEqual({ ok: false, reason: 'shape' });
});

test('what was stored before the shape was drawn is served, and stays where it is', () => {
	const doc = new Y.Doc();
	const heading = new Y.XmlElement('heading');
	heading.setAttribute('level', '2');
	heading.push([new Y.XmlText('旧标题')]);
	doc.getXmlFragment('plan').push([heading, new Y.XmlElement('paragraph')]);
	const index = RootIndex.load([Y.encodeStateAsUpdate(doc)], noteShape);
	const made: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => made.push(update));
	(heading.get(0) as Y.XmlText).insert(0, '改');
	(doc.getXmlFragment('plan').get(1) as Y.XmlElement).push([new Y.XmlText('新')]);
	doc.getXmlFragment('plan').delete(0, 1);
	for (const update of made) {
		const verdict = index.check(update, { mayUse: () => true, mayWrite: () => true, diff: false });
		expect(verdict.ok).toBe(true);
		if (verdict.ok) index.commit(verdict);
	}
	doc.getXmlFragment('plan').push([new Y.XmlElement('heading')]);
	expect(index.check(made.at(-1)!, { mayUse: () => true, mayWrite: () => true, diff: false })).toEqual({ ok: false, reason: 'shape' });
});
