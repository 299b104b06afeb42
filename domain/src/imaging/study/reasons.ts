/** Why a file was refused. Each has a sentence in both languages; none of them stops the files after it. */
export const FILE_REASONS = [
	'not-dicom',
	'empty',
	'too-large',
	'truncated',
	'malformed',
	'meta-missing',
	'media-directory',
	'bomb',
	'too-deep',
	'too-many-elements',
	'too-slow',
	'uid-missing',
	'uid-invalid',
	'unsupported-transfer-syntax',
	'no-pixels-declared-size',
	'pixel-data-short',
	'pixel-size-implausible',
	'wrong-codestream',
	'same-uid-other-bytes',
	'uid-conflict',
	'patient-differs-in-study',
	'other-study',
	'link',
	'unreadable'
] as const;
export type FileReason = (typeof FILE_REASONS)[number];

/** stored: new · known: the same bytes were here already, nothing changed · refused: nothing of it was kept */
export type FileOutcome =
	| {
			readonly kind: 'stored' | 'known';
			readonly study: string;
			readonly studyUid: string;
			readonly seriesUid: string;
			readonly sopUid: string;
			readonly sopClass: string;
			readonly notes: readonly FileNote[];
	  }
	| { readonly kind: 'refused'; readonly reason: FileReason; readonly detail: string; readonly sopUid: string | null; readonly sopClass: string | null };

/** What was noticed about a stored file. `normalised`: kept as received, served re-written as Explicit VR Little Endian; `palette-16`: frames are served as RGB. */
export type FileNote = 'charset-wrong' | 'charset-unknown' | 'normalised' | 'no-pixels' | 'trailing-bytes' | 'palette-16';

export interface ImportedFile {
	/** the name inside the folder or upload, only ever shown, never used as a path */
	readonly name: string;
	readonly outcome: FileOutcome;
}

export interface ImportSummary {
	readonly files: readonly ImportedFile[];
	readonly stored: number;
	readonly known: number;
	readonly refused: number;
	/** opaque ids of the studies that received something */
	readonly studies: readonly string[];
	readonly bytes: number;
	readonly ms: number;
}
