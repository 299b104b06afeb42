import { keepForeignFormatting } from '@tongping/domain/kernel';
import * as Y from 'yjs';
import type { Random } from './random.ts';

/** A person who types: one Y.Doc at a time, sometimes offline, sometimes with undo, only in the sections they may write. */
export class HonestUser {
	readonly name: string;
	readonly sections: readonly string[];
	doc: Y.Doc;
	private undo: Y.UndoManager;
	private readonly random: Random;
	unsent: Uint8Array[] = [];

	constructor(name: string, sections: readonly string[], random: Random) {
		this.name = name;
		this.sections = sections;
		this.random = random;
		this.doc = this.newDoc();
		this.undo = this.newUndo();
	}

	private newDoc(): Y.Doc {
		const doc = new Y.Doc();
		doc.clientID = this.random.below(2 ** 32);
		keepForeignFormatting(doc);
		doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'server') this.unsent.push(update);
		});
		return doc;
	}

	private newUndo(): Y.UndoManager {
		return new Y.UndoManager([this.doc.getText(`${this.sections[0]!}:text`)], { captureTimeout: 0 });
	}

	/** A new tab: another clientID, the same person. */
	reopen(state: Uint8Array): void {
		this.doc = this.newDoc();
		Y.applyUpdate(this.doc, state, 'server');
		this.undo = this.newUndo();
		this.unsent = [];
	}

	edit(): void {
		const { random, doc } = this;
		const section = random.pick(this.sections);
		const text = doc.getText(`${section}:text`);
		const map = doc.getMap<unknown>(`${section}:map`);
		const array = doc.getArray<unknown>(`${section}:array`);
		const xml = doc.getXmlFragment(`${section}:xml`);
		const actions: (() => void)[] = [
			() => {
				text.insert(random.below(text.length + 1), random.pick(['体温', '3', ' 37.8℃ ', '\n']));
			},
			() => {
				if (text.length > 0) text.delete(random.below(text.length), 1);
			},
			() => {
				if (text.length > 2) text.format(random.below(text.length - 1), 1, { [random.pick(['bold', 'italic'])]: random.pick([true, null]) });
			},
			() => {
				map.set(random.pick(['a', 'b', 'c']), random.pick<unknown>([1, '值', { deep: [1, 2] }, null]));
			},
			() => {
				map.delete(random.pick(['a', 'b', 'c']));
			},
			() => {
				const nested = new Y.Map<unknown>();
				map.set(random.pick(['a', 'b', 'c']), nested);
				nested.set('in', random.below(9));
			},
			() => {
				array.insert(random.below(array.length + 1), [random.below(100), 'x']);
			},
			() => {
				if (array.length > 0) array.delete(random.below(array.length), 1);
			},
			() => {
				const element = new Y.XmlElement('paragraph');
				element.insert(0, [new Y.XmlText('病程')]);
				element.setAttribute('level', String(random.below(3)));
				xml.insert(random.below(xml.length + 1), [element]);
			},
			() => {
				if (xml.length > 0) xml.delete(random.below(xml.length), 1);
			},
			() => {
				const element = xml.length > 0 ? xml.get(random.below(xml.length)) : null;
				const child = element instanceof Y.XmlElement ? element.get(0) : null;
				if (child instanceof Y.XmlText) child.insert(random.below(child.length + 1), '续');
			},
			() => void this.undo.undo(),
			() => void this.undo.redo()
		];
		random.pick(actions)();
	}
}
