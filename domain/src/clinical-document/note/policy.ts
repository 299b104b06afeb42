import { hasRole, isDoctor, isNurse, isRadiologist, worksIn, type Actor, type Role } from '../../kernel/actor.ts';
import type { Note, Section } from './note.ts';
import { TEMPLATES, type NoteType } from './templates.ts';

type Place = Pick<Note, 'ward' | 'movedTo'>;
type Scope = Place & Pick<Note, 'consultants'>;

/** The ward that wrote it, and the ward the patient was moved to since: the one ends what it began, the other goes on from there. */
const worksThere = (actor: Actor, note: Place): boolean => worksIn(actor, note.ward) || (note.movedTo !== undefined && worksIn(actor, note.movedTo));

const invited = (actor: Actor, note: Scope): boolean => isDoctor(actor) && note.consultants.includes(actor.user);
const inTeam = (actor: Actor, note: Place): boolean => worksThere(actor, note) && (isDoctor(actor) || isNurse(actor) || hasRole(actor, 'pharmacist'));

/** The ward's team, an invited consultant, and radiologists (who need the question behind the image). */
export const mayRead = (actor: Actor, note: Scope): boolean => inTeam(actor, note) || invited(actor, note) || isRadiologist(actor);

const writesSection = (actor: Actor, note: Scope, section: Section): boolean => {
	switch (section.author) {
		case 'doctors':
			return worksThere(actor, note) && isDoctor(actor);
		case 'pharmacist':
			return worksThere(actor, note) && hasRole(actor, 'pharmacist', 'attending', 'chief');
		case 'consultant':
			return invited(actor, note) || (worksThere(actor, note) && hasRole(actor, 'attending', 'chief'));
		case 'nurses':
			return worksThere(actor, note) && isNurse(actor);
	}
};

/** A signature ends the rights of its own step: after the resident's, residents read; after the attending's, attendings do. */
const stillOpenFor = (role: Role, note: Pick<Note, 'type' | 'version'>): boolean => {
	const step = TEMPLATES[note.type].signatures.indexOf(role);
	return step === -1 || step >= note.version;
};

/** The sections this person may change now. */
export function writableRoots(actor: Actor, note: Pick<Note, 'ward' | 'movedTo' | 'type' | 'version' | 'sealed' | 'consultants'>): readonly string[] {
	if (note.sealed) return [];
	const open = stillOpenFor(actor.role, note);
	// A consultant's part waits for no step of the ward's signatures: it is theirs until the note is sealed.
	return TEMPLATES[note.type].sections
		.filter((section) => writesSection(actor, note, section) && (open || (section.author === 'consultant' && invited(actor, note))))
		.map((section) => section.root);
}

/** Today's note is opened by those who will write in it. */
export const mayOpen = (actor: Actor, ward: Note['ward'], type: NoteType): boolean =>
	worksIn(actor, ward) && (type === 'nursing-record' ? isNurse(actor) : isDoctor(actor));
/** Only the steps the type asks for can sign at all; whether it is their turn is a matter of state, said in words. */
export const maySign = (actor: Actor, note: Pick<Note, 'ward' | 'movedTo' | 'type'>): boolean =>
	worksThere(actor, note) && (note.type === 'nursing-record' ? isNurse(actor) : isDoctor(actor));
export const mayInvite = (actor: Actor, note: Place): boolean => worksThere(actor, note) && isDoctor(actor);
/** Whoever could have written may add to it; the addendum carries its own author. */
export const mayAmend = (actor: Actor, note: Pick<Note, 'ward' | 'movedTo' | 'type' | 'consultants'>): boolean =>
	TEMPLATES[note.type].sections.some((section) => writesSection(actor, note, section));
