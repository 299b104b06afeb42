import { z } from 'zod';
import type { Role } from '../../kernel/actor.ts';
import type { Event } from '../../kernel/command.ts';
import { ID, type Id, type PatientId, type StayId, type WardId } from '../../kernel/id.ts';
import { NOTE_TYPES, type NoteType } from './templates.ts';

export * from './templates.ts';

export type NoteId = Id<'note'>;
export type AddendumId = Id<'note-addendum'>;

export const noteId = z
	.string()
	.regex(ID)
	.transform((v) => v as NoteId);
const addendumId = z
	.string()
	.regex(ID)
	.transform((v) => v as AddendumId);
const patientId = z
	.string()
	.regex(ID)
	.transform((v) => v as PatientId);
const stayId = z
	.string()
	.regex(ID)
	.transform((v) => v as StayId);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A document of one stay, one type and one hospital day. `version` counts signatures; `signatures.length` of the template seals it. */
export interface Note {
	readonly id: NoteId;
	readonly patient: PatientId;
	readonly stay: StayId;
	readonly ward: WardId;
	/** where the patient of this stay is now, if another ward received them since */
	readonly movedTo?: WardId;
	readonly type: NoteType;
	/** `YYYY-MM-DD` in the hospital's zone */
	readonly date: string;
	readonly version: number;
	readonly sealed: boolean;
	/** users asked to write the consultant's part */
	readonly consultants: readonly string[];
}

export const openSchema = z.strictObject({ patient: patientId, stay: stayId, type: z.enum(NOTE_TYPES) });
export type OpenNote = z.output<typeof openSchema>;

export const signSchema = z.strictObject({ note: noteId, patient: patientId, hash: sha256 });
export type SignNote = z.output<typeof signSchema>;

export const inviteSchema = z.strictObject({
	note: noteId,
	patient: patientId,
	user: z.string().regex(ID),
	/** what is asked of the consultant */
	reason: z
		.string()
		.trim()
		.min(2)
		.max(200)
		.refine((v) => v.isWellFormed() && !v.includes('\0')),
	/** within ten minutes instead of 48 hours */
	urgent: z.boolean().default(false)
});
export type InviteConsultant = z.output<typeof inviteSchema>;

export const proposeAddendumSchema = z.strictObject({
	note: noteId,
	patient: patientId,
	root: z.string().min(1).max(40),
	text: z
		.string()
		.trim()
		.min(1)
		.max(20_000)
		.refine((v) => v.isWellFormed() && !v.includes('\0')),
	/** late: words typed offline that came back after the signature; afterthought: written on purpose later */
	origin: z.enum(['late', 'afterthought'])
});
export type ProposeAddendum = z.output<typeof proposeAddendumSchema>;

export const signAddendumSchema = z.strictObject({ note: noteId, addendum: addendumId, patient: patientId, hash: sha256 });
export type SignAddendum = z.output<typeof signAddendumSchema>;

interface OfNote {
	readonly patient: PatientId;
	readonly ward: WardId;
	readonly note: NoteId;
}
export interface NoteOpened extends Event, OfNote {
	readonly type: 'clinical-document.note.opened';
	readonly patient: PatientId;
	readonly stay: StayId;
	readonly documentType: NoteType;
	readonly date: string;
	/** false: today's note of this type was there already, and this is its id */
	readonly created: boolean;
}
export interface NoteSigned extends Event, OfNote {
	readonly type: 'clinical-document.note.signed';
	readonly patient: PatientId;
	readonly version: number;
	readonly role: Role;
	readonly by: string;
	readonly at: number;
	readonly contentHash: string;
	readonly previous: string | null;
	readonly signature: string;
	readonly sealed: boolean;
	readonly traceComplete: boolean;
}
export interface ConsultantInvited extends Event, OfNote {
	readonly type: 'clinical-document.note.consultant-invited';
	readonly patient: PatientId;
	readonly user: string;
	readonly reason: string;
	readonly urgent: boolean;
}
export interface AddendumProposed extends Event, OfNote {
	readonly type: 'clinical-document.note.addendum-proposed';
	readonly patient: PatientId;
	readonly addendum: AddendumId;
	readonly root: string;
	readonly text: string;
	readonly origin: 'late' | 'afterthought';
	readonly at: number;
}
export interface AddendumSigned extends Event, OfNote {
	readonly type: 'clinical-document.note.addendum-signed';
	readonly patient: PatientId;
	readonly addendum: AddendumId;
	readonly at: number;
	readonly signature: string;
}
