import type { Addendum, ChipFacts, Due, NoteContent, NoteType, NoteView, SignatureLine } from '@tongping/domain/clinical-document';
import type { BoardPatient } from '@tongping/domain/inpatient';
import type { PatientId, Role, StayId, WardId } from '@tongping/domain/kernel';

/** One value of the record for the right column: the newest chip, where it lay before, and what is normal. */
export interface EvidenceLine {
	readonly chip: ChipFacts;
	readonly kind: 'vital' | 'lab';
	readonly history: readonly { readonly at: number; readonly value: number }[];
	readonly low: number | null;
	readonly high: number | null;
}

/** One row of the list at the left. */
export interface RoundStop {
	readonly patient: PatientId;
	readonly bed: string | null;
	readonly name: string;
	readonly level: number | null;
	/** a doctors' note of today: none, being written, or signed at least once */
	readonly written: 'none' | 'open' | 'signed';
	/** the nearest document this stay owes, of those this person writes */
	readonly due: Due | null;
}

export interface Person {
	readonly user: string;
	readonly name: string;
	readonly role: Role;
}

export interface RoundData {
	readonly now: number;
	readonly me: Person;
	readonly patient: PatientId;
	readonly stay: StayId;
	readonly ward: WardId;
	readonly wardName: string;
	readonly bed: string | null;
	readonly occupant: BoardPatient;
	readonly stops: readonly RoundStop[];
	/** today's notes of the doctors by type, and the one that is shown */
	readonly today: Partial<Record<NoteType, string>>;
	readonly doctors: NoteView | null;
	readonly nursing: NoteView | null;
	readonly mayOpen: readonly NoteType[];
	readonly evidence: readonly EvidenceLine[];
	/** what this stay owes next, the nearest first */
	readonly dues: readonly Due[];
	/** here as an invited consultant: this note only, not the ward */
	readonly guest: boolean;
}

/** What a printed note says. `content` is the frozen text of a version, or the live draft of an unsigned one. */
export interface PrintData {
	readonly now: number;
	readonly note: string;
	readonly date: string;
	readonly patient: Pick<BoardPatient, 'name' | 'mrn' | 'sex' | 'birthDate'>;
	readonly wardName: string;
	readonly bed: string | null;
	readonly content: NoteContent;
	readonly version: number | null;
	readonly traced: boolean;
	readonly signatures: readonly SignatureLine[];
	readonly addenda: readonly Addendum[];
}

/** A doctor who can be asked, with the wards they work in. */
export interface Askable {
	readonly user: string;
	readonly name: string;
	readonly role: Role;
	readonly wards: readonly string[];
}

/** A row of the list of notes that ask for my opinion. */
export interface Asked extends Waiting {
	readonly wardName: string;
	readonly reason: string;
	readonly urgent: boolean;
	readonly invitedBy: string;
	readonly invitedAt: number;
	/** epoch ms by which the opinion is owed */
	readonly dueAt: number;
	readonly written: boolean;
}

/** A row of the list of notes that wait for my signature. */
export interface Waiting {
	readonly note: string;
	readonly type: NoteType;
	readonly date: string;
	readonly name: string;
	readonly mrn: string;
	readonly bed: string | null;
}
