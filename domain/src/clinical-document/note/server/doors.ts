import type { PatientId } from '../../../kernel/index.ts';
import type { Note } from '../note.ts';
import type { NoteContent, ChipAttributes } from '../content.ts';
import type { OpenState } from '../decide.ts';
import type { Handle } from '../../../kernel/server/module.ts';

/** What the note asks of lower contexts, inside its own transaction. */
export interface NoteDoors {
	stayOf(handle: Handle, stay: string): Promise<OpenState['stay']>;
	isDoctor(handle: Handle, user: string): Promise<boolean>;
	/** the doctor may read the chart from now on */
	askOpinion(trx: Handle, organization: string, patient: PatientId, user: string, at: number): Promise<void>;
	/** and until shortly after the question is answered */
	endOpinion(trx: Handle, patient: PatientId, user: string, at: number): Promise<void>;
	/** does the record hold this value for this patient, with this unit and time? */
	chipHolds(handle: Handle, note: Note, chip: ChipAttributes): Promise<boolean>;
}

/** The first chip the record does not know: a forged value, or one of another patient. */
export async function strayChipOf(
	doors: NoteDoors,
	handle: Handle,
	note: Note,
	content: NoteContent
): Promise<{ label: string; value: string; section: string } | null> {
	for (const [section, paragraphs] of Object.entries(content.sections))
		for (const paragraph of paragraphs)
			for (const item of paragraph.content)
				if (item.type === 'chip' && !(await doors.chipHolds(handle, note, item.chip))) return { label: item.chip.label, value: item.chip.value, section };
	return null;
}
