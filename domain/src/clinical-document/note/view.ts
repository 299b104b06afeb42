import type { Addendum } from './decide.ts';
import type { Note } from './note.ts';

export interface SignatureLine {
	readonly version: number;
	readonly by: string;
	readonly role: string;
	readonly meaning: string;
	readonly at: number;
	readonly hash: string;
	readonly contentHash: string;
	/** content, facts and hashes still agree */
	readonly holds: boolean;
	readonly traceComplete: boolean;
}

/** A doctor of another department who was asked, by whom, and for what. */
export interface Invitation {
	readonly user: string;
	readonly name: string;
	/** names of the wards they work in; empty when they work in the whole house */
	readonly wards: readonly string[];
	readonly reason: string;
	readonly urgent: boolean;
	readonly invitedBy: string;
	readonly at: number;
}

/** One note as a page shows it: its state, its signatures, and what the reader may do. */
export interface NoteView {
	readonly note: Note;
	readonly signatures: readonly SignatureLine[];
	readonly addenda: readonly Addendum[];
	readonly writes: readonly string[];
	readonly maySign: boolean;
	readonly mayAmend: boolean;
	readonly mayInvite: boolean;
	readonly invitations: readonly Invitation[];
}
