/** Bounds of what one file may ask of us. A real study stays far below; a crafted file meets one of them before it costs anything. */
export interface Limits {
	readonly fileBytes: number;
	/** an inflated dataset: whichever of the two is larger, never more than `fileBytes` */
	readonly inflatedFloor: number;
	readonly inflatedRatio: number;
	readonly depth: number;
	readonly elements: number;
	/** values kept for the metadata, and once more the metadata as they are written: a control character of one byte becomes six */
	readonly metadataBytes: number;
	/** one binary value shown inline in the metadata; longer ones are left out of it */
	readonly inlineBinary: number;
	readonly frames: number;
	/** one decoded frame */
	readonly frameBytes: number;
	readonly bigEndianBytes: number;
	readonly ms: number;
}

export const LIMITS: Limits = {
	fileBytes: 1024 * 1024 * 1024,
	inflatedFloor: 64 * 1024 * 1024,
	inflatedRatio: 30,
	depth: 16,
	elements: 250_000,
	metadataBytes: 8 * 1024 * 1024,
	inlineBinary: 4096,
	frames: 50_000,
	frameBytes: 256 * 1024 * 1024,
	bigEndianBytes: 128 * 1024 * 1024,
	ms: 20_000
};
