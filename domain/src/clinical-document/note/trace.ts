import { chipTraceOf, type ChipAttributes, type Inline, type NoteContent, type Paragraph, type TraceMark } from './content.ts';

/** A reading of a traced text: as it was signed before (`before`) or as it stands with every change accepted (`after`). */
export type Reading = 'before' | 'after';

const traceKinds = (item: Inline): readonly string[] => {
	if (item.type === 'text') return item.marks.map((m) => m.type);
	const trace = chipTraceOf(item.chip);
	return trace === null ? [] : [trace.kind];
};
const stands = (item: Inline, reading: Reading): boolean => !traceKinds(item).includes(reading === 'after' ? 'deletion' : 'insertion');

const plainChip = (c: ChipAttributes): string => `⟦${c.code}=${c.value} ${c.unit}@${c.at}#${c.observation}⟧`;
const plain = (item: Inline): string => (item.type === 'text' ? item.text : plainChip(item.chip));

/** The words of a section in one reading. Paragraph breaks are not traced, so they are left out of the comparison. */
export const wordsOf = (paragraphs: readonly Paragraph[], reading: Reading): string =>
	paragraphs
		.map((p) =>
			p.content
				.filter((item) => stands(item, reading))
				.map(plain)
				.join('')
		)
		.join('');

/** The clean text: changes accepted, struck words gone. */
export const cleaned = (paragraphs: readonly Paragraph[]): Paragraph[] =>
	paragraphs.map((p) => ({ ...p, content: p.content.filter((item) => stands(item, 'after')) }));

/**
 * Does the new text still carry every word of the signed one, struck or not, and mark every new one?
 * An editor of ours always does; a foreign client may not, and then the version says so.
 */
export function traceComplete(signed: NoteContent, revised: NoteContent): boolean {
	return Object.keys(signed.sections).every(
		(root) => everyWord(signed.sections[root] ?? []) === wordsSince(signed.sections[root] ?? [], revised.sections[root] ?? [])
	);
}

const everyWord = (paragraphs: readonly Paragraph[]): string => paragraphs.flatMap((p) => p.content.map(plain)).join('');

/** The revised words without those inserted by a mark the signed text did not have. */
function wordsSince(signed: readonly Paragraph[], revised: readonly Paragraph[]): string {
	const known = new Set(signed.flatMap((p) => p.content.flatMap(insertionsOf)));
	return revised.flatMap((p) => p.content.filter((item) => insertionsOf(item).every((key) => known.has(key))).map(plain)).join('');
}
const key = (m: { user: string; at: number }): string => `${m.user}@${m.at}`;
function insertionsOf(item: Inline): string[] {
	if (item.type === 'text') return item.marks.filter((m: TraceMark) => m.type === 'insertion').map(key);
	const trace = chipTraceOf(item.chip);
	return trace?.kind === 'insertion' ? [key(trace)] : [];
}

export const isEmpty = (paragraphs: readonly Paragraph[]): boolean => wordsOf(paragraphs, 'after').trim() === '';
