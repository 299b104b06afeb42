import { sha256 } from '@oslojs/crypto/sha2';
import { encodeHexLowerCase } from '@oslojs/encoding';
import * as Y from 'yjs';
import { z } from 'zod';
import { noteRoots } from './live.ts';
import type { NoteType } from './templates.ts';

/** A document's frozen form: what is signed, stored, printed and verified. The same function makes it in the browser and on the server. */
export const CONTENT_FORMAT = 1;

const word = z
	.string()
	.max(200)
	.refine((v) => v.isWellFormed() && !v.includes('\0'));
const stamp = z.strictObject({ user: word, name: word, role: word, at: z.int().nonnegative() });
/** Who changed something after a signature, and when (修改留痕). */
export type TraceStamp = z.output<typeof stamp>;

const chip = z.strictObject({
	source: z.enum(['observation', 'order', 'condition', 'allergy']),
	code: word,
	label: word,
	value: word,
	unit: word,
	/** epoch ms of the measurement, in words so that it never passes a floating point */
	at: z.string().regex(/^\d{1,15}$/),
	/** the observation the value was read from */
	observation: word,
	/** high, low, critical or normal, as the source said at that time */
	flag: z.enum(['', 'high', 'low', 'critical']),
	/** JSON of {kind, user, name, role, at} when the chip was put in or struck after a signature; a Yjs node carries no marks */
	trace: z.string().max(800)
});
export type ChipAttributes = z.output<typeof chip>;

const mark = z.strictObject({ type: z.enum(['deletion', 'insertion']), ...stamp.shape });
export type TraceMark = z.output<typeof mark>;
const text = z.strictObject({
	type: z.literal('text'),
	text: z
		.string()
		.min(1)
		.max(100_000)
		.refine((v) => v.isWellFormed() && !v.includes('\0')),
	marks: z.array(mark).max(2)
});
const inline = z.union([text, z.strictObject({ type: z.literal('chip'), chip })]);
export type Inline = z.output<typeof inline>;
const paragraph = z.strictObject({
	type: z.literal('paragraph'),
	content: z.array(inline).max(5000),
	/** who put in or struck the break before this paragraph after a signature; absent when nobody did, as in every older version */
	breaks: z.array(mark).min(1).max(2).exactOptional()
});
export type Paragraph = z.output<typeof paragraph>;

export interface NoteContent {
	readonly format: typeof CONTENT_FORMAT;
	readonly type: NoteType;
	readonly sections: Readonly<Record<string, readonly Paragraph[]>>;
}

/** `section` and a reason a developer understands; people see the refusal `content-not-allowed`. */
export class ContentNotAllowed extends Error {
	readonly section: string;
	constructor(section: string, reason: string) {
		super(`${section}: ${reason}`);
		this.section = section;
	}
}

const MARKS = ['deletion', 'insertion'] as const;
const chipTrace = z.strictObject({ kind: z.enum(MARKS), ...stamp.shape });
export type ChipTrace = z.output<typeof chipTrace>;
export function chipTraceOf(attributes: { readonly trace: string }): ChipTrace | null {
	return attributes.trace === '' ? null : chipTrace.parse(JSON.parse(attributes.trace));
}

function runs(node: Y.XmlText, section: string): Inline[] {
	return (node.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]).map(({ insert, attributes }) => {
		if (typeof insert !== 'string') throw new ContentNotAllowed(section, 'something that is not text inside text');
		const marks = Object.entries(attributes ?? {})
			.filter(([, value]) => value !== null && value !== undefined)
			.map(([type, value]) => ({ type, ...(value as object) }));
		const sorted = marks.toSorted((a, b) => (a.type < b.type ? -1 : 1));
		return { type: 'text' as const, text: insert, marks: sorted as TraceMark[] };
	});
}

function inlines(node: Y.XmlElement, section: string): Inline[] {
	const found: Inline[] = [];
	for (const child of node.toArray()) {
		if (child instanceof Y.XmlText) for (const run of runs(child, section)) push(found, run);
		else if (child instanceof Y.XmlElement && child.nodeName === 'chip')
			found.push({ type: 'chip', chip: { ...child.getAttributes() } as unknown as ChipAttributes });
		else throw new ContentNotAllowed(section, `an unknown node ${child instanceof Y.XmlElement ? child.nodeName : 'hook'}`);
	}
	return found;
}

function push(list: Inline[], run: Inline): void {
	const last = list.at(-1);
	// Two writers may leave two text nodes side by side; on the screen, and so in the canonical form, they are one.
	if (run.type === 'text' && last?.type === 'text' && JSON.stringify(last.marks) === JSON.stringify(run.marks))
		list[list.length - 1] = { ...last, text: last.text + run.text };
	else list.push(run);
}

/** The trace of the break before a paragraph. An attribute is a string in Yjs, so each holds the JSON of its stamp. */
function breaksOf(node: Y.XmlElement, section: string): TraceMark[] {
	return Object.entries(node.getAttributes())
		.toSorted(([a], [b]) => (a < b ? -1 : 1))
		.map(([type, value]) => {
			if (!MARKS.some((known) => known === type)) throw new ContentNotAllowed(section, `an unknown attribute ${type} of a paragraph`);
			try {
				return { ...(JSON.parse(String(value)) as object), type } as TraceMark;
			} catch {
				throw new ContentNotAllowed(section, 'a break whose trace cannot be read');
			}
		});
}
function paragraphs(fragment: Y.XmlFragment, section: string): Paragraph[] {
	const all = fragment.toArray().map((node): Paragraph => {
		if (!(node instanceof Y.XmlElement) || node.nodeName !== 'paragraph') throw new ContentNotAllowed(section, 'a block that is not a paragraph');
		const breaks = breaksOf(node, section);
		return { type: 'paragraph', content: inlines(node, section), ...(breaks.length > 0 ? { breaks } : {}) };
	});
	// An editor shows an untouched section as one empty paragraph without writing it; both forms are the same nothing.
	while (all.at(-1)?.content.length === 0) all.pop();
	return all;
}

/** The sections of a live note as plain data, checked against the schema. Throws ContentNotAllowed naming the section that breaks it. */
export function contentOf(doc: Y.Doc, type: NoteType): NoteContent {
	const sections: Record<string, Paragraph[]> = {};
	for (const root of noteRoots(type)) {
		const parsed = z
			.array(paragraph)
			.max(2000)
			.safeParse(paragraphs(doc.getXmlFragment(root), root));
		if (!parsed.success) throw new ContentNotAllowed(root, parsed.error.issues[0]?.path.join('.') ?? 'shape');
		for (const block of parsed.data) for (const item of block.content) if (item.type === 'chip') checkTrace(item.chip, root);
		sections[root] = parsed.data;
	}
	return { format: CONTENT_FORMAT, type, sections };
}

function checkTrace(attributes: ChipAttributes, section: string): void {
	try {
		chipTraceOf(attributes);
	} catch {
		throw new ContentNotAllowed(section, 'a chip whose trace cannot be read');
	}
}

/** One spelling for one value: keys sorted, no spaces. */
export function canonical(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
	const entries = Object.entries(value)
		.filter(([, v]) => v !== undefined)
		.toSorted(([a], [b]) => (a < b ? -1 : 1));
	return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join(',')}}`;
}

/** SHA-256 in lower-case hex. Plain JavaScript, so that browser and server run the very same lines, also inside a pure decision. */
export const sha256Hex = (input: string): string => encodeHexLowerCase(sha256(new TextEncoder().encode(input)));

/** What the signer's screen shows, in one line of hex. */
export const contentHash = (content: NoteContent): string => sha256Hex(canonical(content));

const stored = z.strictObject({ format: z.literal(CONTENT_FORMAT), type: z.string(), sections: z.record(z.string(), z.array(paragraph)) });
/** Reads a stored version back. */
export const parseContent = (json: string): NoteContent => stored.parse(JSON.parse(json)) as NoteContent;
