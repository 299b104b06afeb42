import { chipTraceOf, type ChipAttributes } from '@tongping/domain/clinical-document';

/** What `/api/live/note/<id>/authors` and `/at` answer, as far as the page reads it. */
export interface WrittenRange {
	readonly from: number;
	readonly to: number;
	readonly user: string;
	readonly name: string | null;
	readonly at: number;
}
export interface HistoryMoment {
	readonly user: string;
	readonly name: string | null;
	readonly at: number;
	readonly position: number;
}
export type StandingNode =
	| string
	| { readonly text: string; readonly marks: Readonly<Record<string, unknown>> }
	| { readonly element?: string; readonly entries?: Readonly<Record<string, unknown>>; readonly children?: readonly StandingNode[] };

export type AuthoredPiece = { readonly text: string; readonly struck: boolean } | { readonly chip: ChipAttributes; readonly struck: boolean };
/** Words one person wrote in one sitting, as they stand in a paragraph. */
export interface AuthoredRun {
	readonly user: string;
	readonly name: string | null;
	readonly first: number;
	readonly last: number;
	readonly pieces: readonly AuthoredPiece[];
}

/** Letter after letter is one stretch of words. */
function joined(pieces: readonly AuthoredPiece[], next: AuthoredPiece): readonly AuthoredPiece[] {
	const last = pieces.at(-1);
	return last !== undefined && 'text' in last && 'text' in next && last.struck === next.struck
		? [...pieces.slice(0, -1), { text: last.text + next.text, struck: next.struck }]
		: [...pieces, next];
}

const SITTING_MS = 5 * 60_000;

/**
 * Joins what stood (with what was struck after a signature) and who wrote it. Both count the same text: a line feed before each
 * paragraph that holds something unless nothing stands before it, and one unit for each value.
 */
export function authored(content: StandingNode, ranges: readonly WrittenRange[]): readonly (readonly AuthoredRun[])[] {
	let offset = 0;
	let at = 0;
	let runs: AuthoredRun[] = [];

	function put(range: WrittenRange, piece: AuthoredPiece): void {
		const last = runs.at(-1);
		if (last?.user === range.user && Math.abs(range.at - last.last) <= SITTING_MS)
			runs[runs.length - 1] = {
				...last,
				first: Math.min(last.first, range.at),
				last: Math.max(last.last, range.at),
				pieces: joined(last.pieces, piece)
			};
		else runs.push({ user: range.user, name: range.name, first: range.at, last: range.at, pieces: [piece] });
	}
	/** The range at the present place. */
	function here(): WrittenRange {
		while ((ranges[at]?.to ?? Number.POSITIVE_INFINITY) <= offset) at++;
		const range = ranges[at];
		if (range === undefined || range.from > offset) throw new Error('a letter that stands has no author');
		return range;
	}
	function words(text: string, struck: boolean): void {
		for (let start = 0; start < text.length;) {
			const range = here();
			const part = text.slice(start, start + range.to - offset);
			put(range, { text: part, struck });
			start += part.length;
			offset += part.length;
		}
	}
	function walk(node: StandingNode): void {
		if (typeof node === 'string') words(node, false);
		else if ('text' in node)
			words(
				node.text,
				Object.keys(node.marks).some((name) => name.split('--')[0] === 'deletion')
			);
		else if (node.element === 'chip') {
			const chip = node.entries as unknown as ChipAttributes;
			put(here(), { chip, struck: chipTraceOf(chip)?.kind === 'deletion' });
			offset++;
		} else node.children?.forEach(walk);
	}

	const blocks = typeof content === 'object' && !('text' in content) ? (content.children ?? []) : [];
	return blocks.map((block) => {
		runs = [];
		if (typeof block === 'object' && !('text' in block) && (block.children?.length ?? 0) > 0 && offset > 0) offset++;
		walk(block);
		return runs;
	});
}
