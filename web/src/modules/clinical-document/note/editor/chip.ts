import { Node } from '@tiptap/core';
import type { Node as ProseNode } from '@tiptap/pm/model';
import type { EditorView, NodeView } from '@tiptap/pm/view';
import type { ChipAttributes, ChipFacts } from '@tongping/domain/clinical-document';

export interface ChipOptions {
	/** the newest value of this kind, when it is newer than the one in the text */
	newer(chip: ChipAttributes): ChipFacts | null;
	words: { update(value: string): string; unit(ucum: string): string; time(at: number): string; flag(flag: ChipAttributes['flag']): string };
}

const names = ['source', 'code', 'label', 'value', 'unit', 'at', 'observation', 'flag', 'trace'] as const;

const span = (className: string, words: string, tag = 'span'): HTMLElement => {
	const element = document.createElement(tag);
	element.className = className;
	element.textContent = words;
	return element;
};

/** A live chip: value, unit and time from the record. A newer result offers itself; nothing changes under the writer's hand. */
export class ChipView implements NodeView {
	readonly dom = document.createElement('span');
	readonly #options: ChipOptions;
	readonly #replace: (value: ChipFacts) => void;
	#node: ProseNode;

	constructor(node: ProseNode, options: ChipOptions, replace: (value: ChipFacts) => void) {
		this.#node = node;
		this.#options = options;
		this.#replace = replace;
		this.dom.contentEditable = 'false';
		this.draw();
	}

	draw(): void {
		const chip = this.#node.attrs as ChipAttributes;
		const trace = chip.trace === '' ? null : (JSON.parse(chip.trace) as { kind: string; name: string; role: string; at: number });
		this.dom.className = ['lc', chip.flag !== '' && 'hi', trace && `${trace.kind} by-${trace.role}`].filter(Boolean).join(' ');
		this.dom.title = trace ? `${trace.name} ${this.#options.words.time(trace.at)}` : '';
		this.dom.dataset['chip'] = chip.code;
		const { words } = this.#options;
		const value = span('', chip.flag === '' ? chip.value : `${chip.value} ${words.flag(chip.flag)}`, 'b');
		const parts = [span('lb', chip.label), value, span('un', words.unit(chip.unit)), span('ts', this.#options.words.time(Number(chip.at)))];
		const newer = trace?.kind === 'deletion' ? null : this.#options.newer(chip);
		if (newer !== null && this.editable) parts.push(this.#offer(newer));
		this.dom.replaceChildren(...parts);
	}

	editable = true;

	#offer(newer: ChipFacts): HTMLElement {
		const button = span('up', this.#options.words.update(newer.value), 'button') as HTMLButtonElement;
		button.type = 'button';
		button.addEventListener('mousedown', (event) => event.preventDefault());
		button.addEventListener('click', () => this.#replace(newer));
		return button;
	}

	update(node: ProseNode): boolean {
		if (node.type !== this.#node.type) return false;
		this.#node = node;
		this.draw();
		return true;
	}
	stopEvent = (event: Event): boolean => event.target instanceof HTMLButtonElement;
	ignoreMutation = (): boolean => true;
}

export const Chip = Node.create<ChipOptions, { views: Set<ChipView> }>({
	name: 'chip',
	group: 'inline',
	inline: true,
	atom: true,
	selectable: true,
	addOptions: () => ({ newer: () => null, words: { update: (v) => v, unit: String, time: String, flag: String } }),
	addStorage: () => ({ views: new Set() }),
	addAttributes: () => Object.fromEntries(names.map((name) => [name, { default: '', rendered: false }])),
	renderHTML: ({ node }) => ['span', { class: 'lc' }, `${node.attrs['label'] as string} ${node.attrs['value'] as string} ${node.attrs['unit'] as string}`],
	renderText: ({ node }) => `${node.attrs['label'] as string} ${node.attrs['value'] as string} ${node.attrs['unit'] as string}`,
	addNodeView() {
		return ({ node, view, getPos, editor }) => {
			const place = getPos as () => number | undefined;
			const made = new ChipView(node, this.options, (value) => exchange(view, place(), value));
			made.editable = editor.isEditable;
			made.draw();
			this.storage.views.add(made);
			return Object.assign(made, { destroy: () => this.storage.views.delete(made) });
		};
	}
});

function exchange(view: EditorView, at: number | undefined, value: ChipFacts): void {
	const type = view.state.schema.nodes['chip'];
	if (at === undefined || type === undefined) return;
	view.dispatch(view.state.tr.replaceWith(at, at + 1, type.create({ ...value, trace: '' })));
}
