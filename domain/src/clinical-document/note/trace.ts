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

/** Is there a break before this paragraph in that reading? */
const breakStands = (paragraph: Paragraph, reading: Reading): boolean =>
	!(paragraph.breaks ?? []).some((mark) => mark.type === (reading === 'after' ? 'deletion' : 'insertion'));

/** The paragraphs of one reading: what does not stand in it is gone, a paragraph whose break does not stand runs on from the one before. */
export function readingOf(paragraphs: readonly Paragraph[], reading: Reading): Paragraph[] {
	const found: { type: 'paragraph'; content: Inline[] }[] = [];
	for (const paragraph of paragraphs) {
		const content = paragraph.content.filter((item) => stands(item, reading));
		const last = found.at(-1);
		if (last === undefined || breakStands(paragraph, reading)) found.push({ type: 'paragraph', content });
		else last.content.push(...content);
	}
	return found;
}
/** The words of a section in one reading, a line for each paragraph. */
export const wordsOf = (paragraphs: readonly Paragraph[], reading: Reading): string =>
	withoutEmptyEnd(
		readingOf(paragraphs, reading)
			.map((p) => p.content.map(plain).join(''))
			.join(BREAK)
	);
const BREAK = '\n';
// Empty paragraphs at the end are on no paper and in no frozen form.
const withoutEmptyEnd = (words: string): string => words.replace(/\n+$/u, '');

/** The clean text: changes accepted, struck words gone. */
export const cleaned = (paragraphs: readonly Paragraph[]): Paragraph[] => readingOf(paragraphs, 'after');

/**
 * Does the new text still carry every word and every break of the signed one, struck or not, and mark every new one?
 * An editor of ours always does; a foreign client may not, and then the version says so.
 */
export function traceComplete(signed: NoteContent, revised: NoteContent): boolean {
	return Object.keys(signed.sections).every(
		(root) => everyWord(signed.sections[root] ?? []) === wordsSince(signed.sections[root] ?? [], revised.sections[root] ?? [])
	);
}

/** Paragraphs as one line of words and breaks, those left out that `without` names. */
function strung(paragraphs: readonly Paragraph[], without: (insertions: readonly string[]) => boolean): string {
	const words = paragraphs.map((p, index) => {
		const before = index === 0 || without(breakInsertions(p)) ? '' : BREAK;
		return (
			before +
			p.content
				.filter((item) => !without(insertionsOf(item)))
				.map(plain)
				.join('')
		);
	});
	return withoutEmptyEnd(words.join(''));
}
const everyWord = (paragraphs: readonly Paragraph[]): string => strung(paragraphs, () => false);

/** The revised words without those inserted by a mark the signed text did not have. */
function wordsSince(signed: readonly Paragraph[], revised: readonly Paragraph[]): string {
	const known = new Set(signed.flatMap((p) => [...breakInsertions(p), ...p.content.flatMap(insertionsOf)]));
	return strung(revised, (insertions) => insertions.some((key) => !known.has(key)));
}

const key = (m: { user: string; at: number }): string => `${m.user}@${m.at}`;
function insertionsOf(item: Inline): string[] {
	if (item.type === 'text') return item.marks.filter((m: TraceMark) => m.type === 'insertion').map(key);
	const trace = chipTraceOf(item.chip);
	return trace?.kind === 'insertion' ? [key(trace)] : [];
}

const breakInsertions = (paragraph: Paragraph): string[] => (paragraph.breaks ?? []).filter((mark) => mark.type === 'insertion').map(key);

export const isEmpty = (paragraphs: readonly Paragraph[]): boolean => wordsOf(paragraphs, 'after').trim() === '';
