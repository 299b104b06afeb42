import { chipTraceOf, cleaned, type Inline, type Paragraph, type TraceStamp } from '@tongping/domain/clinical-document';

/** One run of a frozen text as a reader sees it. */
export interface Piece {
	readonly item: Inline;
	readonly kind: 'plain' | 'insertion' | 'deletion';
	readonly stamp: TraceStamp | null;
	/** the last piece of a run by one person carries the label */
	readonly ends: boolean;
}

function stampOf(item: Inline): Pick<Piece, 'kind' | 'stamp'> {
	const trace = item.type === 'chip' ? chipTraceOf(item.chip) : null;
	if (trace !== null) return { kind: trace.kind, stamp: trace };
	const mark = item.type === 'text' ? (item.marks.find((m) => m.type === 'deletion') ?? item.marks[0]) : undefined;
	return mark === undefined ? { kind: 'plain', stamp: null } : { kind: mark.type, stamp: mark };
}

/** The traced reading shows every word with its author; the clean one leaves struck words out. */
export function pieces(items: readonly Inline[], traced: boolean): readonly Piece[] {
	const all = items.map((item) => ({ item, ...stampOf(item) })).filter((piece) => traced || piece.kind !== 'deletion');
	return all.map((piece, i) => ({ ...piece, ends: piece.stamp !== null && all[i + 1]?.stamp?.user !== piece.stamp.user }));
}

export interface Line {
	readonly pieces: readonly Piece[];
	/** the paragraph mark at its end, when somebody put it in or struck it */
	readonly mark: { readonly kind: 'insertion' | 'deletion'; readonly stamp: TraceStamp } | null;
}
/** A section as lines of print: traced with every changed break shown, clean with struck ones gone. */
export function lines(paragraphs: readonly Paragraph[], traced: boolean): readonly Line[] {
	if (!traced) return cleaned(paragraphs).map((paragraph) => ({ pieces: pieces(paragraph.content, false), mark: null }));
	return paragraphs.map((paragraph, i) => {
		const breaks = paragraphs[i + 1]?.breaks ?? [];
		const mark = breaks.find((one) => one.type === 'deletion') ?? breaks[0];
		return { pieces: pieces(paragraph.content, true), mark: mark === undefined ? null : { kind: mark.type, stamp: mark } };
	});
}
