import type { LiveShape } from '@tongping/domain/kernel';
import * as Y from 'yjs';

/** A document with every kind of root. The attacker may write all of it but `signed`. */
export const CHART: LiveShape = {
	draft: { type: 'text', marks: ['bold', 'italic'], bytes: 1024 },
	signed: { type: 'text', marks: ['bold'], bytes: 1024 },
	body: {
		type: 'xml',
		children: ['paragraph'],
		elements: { paragraph: { attributes: [], children: ['#text', 'chip'] }, chip: { attributes: ['code', 'value'], children: [] } },
		marks: ['bold'],
		bytes: 1024
	},
	facts: { type: 'map', keys: '*', value: { bytes: 1024, nested: { type: 'map', keys: ['in'], value: { bytes: 1024 } } } },
	list: { type: 'array', value: { bytes: 1 << 20 } },
	log: { type: 'text', marks: [], bytes: 64 }
};
export const ATTACKER_WRITES = ['draft', 'body', 'facts', 'list'];
export const VICTIM = 424_242;
export const SIGNED = { from: 8, length: 6 };

export function victimDocument(): Y.Doc {
	const doc = new Y.Doc();
	doc.clientID = VICTIM;
	doc.getText('draft').insert(0, '阿莫西林 0.5');
	doc.getText('signed').insert(0, '已签名的诊断');
	doc.getMap('facts').set('a', 1);
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText('病程'), new Y.XmlElement('chip')]);
	doc.getXmlFragment('body').insert(0, [paragraph]);
	doc.getArray('list').push([1, 2]);
	return doc;
}
const made = victimDocument();
const clockOf = (type: unknown): number => (type as { readonly _item: { readonly id: { readonly clock: number } } })._item.id.clock;
const paragraph = made.getXmlFragment('body').get(0) as Y.XmlElement;
/** clocks of the victim's items that attacks hang things on */
export const victim = {
	known: Y.getState(made.store, VICTIM),
	fact: SIGNED.from + SIGNED.length,
	paragraph: clockOf(paragraph),
	chip: clockOf(paragraph.get(1))
};

/** What an honest colleague (clientID 31) sends: the ground of mutations. */
export const HONEST_UPDATES: readonly Uint8Array[] = (() => {
	const doc = victimDocument();
	doc.clientID = 31;
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	doc.getText('draft').insert(2, '新');
	doc.getText('draft').delete(0, 1);
	doc.getText('draft').format(1, 2, { bold: true });
	doc.getMap('facts').set('b', { deep: [1, 'x', null] });
	doc.getMap('facts').set('nested', new Y.Map([['in', 1]]));
	doc.getArray('list').insert(1, [3, 'y']);
	const fragment = doc.getXmlFragment('body');
	const block = new Y.XmlElement('paragraph');
	block.insert(0, [new Y.XmlText('续用')]);
	fragment.push([block]);
	(block.get(0) as Y.XmlText).format(0, 1, { bold: true });
	const chip = new Y.XmlElement('chip');
	chip.setAttribute('value', '37.8');
	block.push([chip]);
	fragment.delete(1, 1);
	return updates;
})();
