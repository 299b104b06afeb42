import * as Y from 'yjs';
import { localDate } from '../../../kernel/clock.ts';
import { liveName, newId, type Actor } from '../../../kernel/index.ts';
import { appendLive } from '../../../kernel/server/live-log.ts';
import type { Handle } from '../../../kernel/server/module.ts';
import { demoOrganization, demoWards, fixtureId, type StaffMember } from '../../../organization/index.ts';
import { demoPeople, type DemoPerson } from '../../../patient/index.ts';
import { contentHash, contentOf, type TraceStamp } from '../content.ts';
import { decideSign, type SignState } from '../decide.ts';
import { demoNotes, type DemoNote } from '../demo.ts';
import { writeParagraph } from '../fixtures.ts';
import { NOTE_KIND } from '../live.ts';
import type { Note, NoteId } from '../note.ts';
import type { NoteDoors } from './doors.ts';
import { saveSigned } from './sign.ts';
import { noteTables } from './tables.ts';

const MINUTE_MS = 60_000;
const STEP_MS = 40 * MINUTE_MS;

interface Act {
	readonly at: number;
	run(trx: Handle): Promise<void>;
}

/**
 * The notes the demo ward wrote before it opened. Typed into the live document by those who sign, revised with a visible trace, and signed
 * by the very lines that sign every other note; in the order of time, as the chains of the hospital have it.
 */
export const seedNotes =
	(doors: NoteDoors) =>
	async (trx: Handle, now: number): Promise<void> => {
		const acts = demoPeople.flatMap((person) => demoNotes(person, now).flatMap((note) => actsOf(doors, person, note)));
		for (const act of acts.toSorted((a, b) => a.at - b.at)) await act.run(trx);
	};

const actorOf = ({ id, name, role, organization, wards }: StaffMember, at: number): Actor => ({
	user: id,
	name,
	role,
	organization,
	wards,
	session: `demo-${id}`,
	steppedUpAt: at
});

function actsOf(doors: NoteDoors, person: DemoPerson, note: DemoNote): Act[] {
	const id = fixtureId<'note'>(`note/${person.key}/${note.key}`) as NoteId;
	const room = liveName(NOTE_KIND, id);
	const row: Note = {
		id,
		patient: person.id,
		stay: person.stay,
		ward: demoWards[person.ward],
		type: note.type,
		date: localDate(note.at),
		version: 0,
		sealed: false,
		consultants: []
	};
	let state: SignState = { note: row, written: null, previous: null, last: null, strayChip: null };
	let doc = new Y.Doc();
	/** What somebody typed goes to the log as their own row, under a clientID of their own. */
	const typed = (by: StaffMember, at: number, change: () => void): Act => ({
		at,
		async run(trx) {
			const before = Y.encodeStateVector(doc);
			const next = new Y.Doc();
			Y.applyUpdate(next, Y.encodeStateAsUpdate(doc));
			doc = next;
			doc.transact(change);
			await appendLive(trx, { doc: room, update: Y.encodeStateAsUpdate(doc, before), user: by.id, session: `demo-${by.id}` }, at);
		}
	});
	const [author, reviser] = note.signers;
	if (author === undefined) return [];
	const sections = Object.entries(note.words);
	const acts: Act[] = [{ at: note.at, run: (trx) => opened(trx, row, author, note.at) }];
	// Half an hour of writing: what was seen first, what was thought of it later.
	for (const [index, part] of [sections.slice(0, 1), sections.slice(1)].entries())
		acts.push(
			typed(author, note.at + (1 + index * 20) * MINUTE_MS, () => {
				for (const [root, words] of part) writeParagraph(doc, root, [{ text: words }]);
			})
		);
	for (const [index, signer] of note.signers.entries()) {
		const at = note.at + (index + 1) * STEP_MS;
		if (index === 1 && note.revision !== null && reviser !== undefined) {
			const { root, words } = note.revision;
			acts.push(typed(reviser, at - 5 * MINUTE_MS, () => revise(doc, root, words, stampOf(reviser, at - 5 * MINUTE_MS))));
		}
		acts.push({
			at,
			async run(trx) {
				state = await signed(doors, trx, { ...state, written: { kind: 'content', content: contentOf(doc, note.type) } }, actorOf(signer, at), at);
			}
		});
	}
	return acts;
}

const stampOf = ({ id, name, role }: StaffMember, at: number): TraceStamp => ({ user: id, name, role, at: Math.floor(at / MINUTE_MS) * MINUTE_MS });

/** The full stop is struck, and other words follow it. */
function revise(doc: Y.Doc, root: string, words: string, stamp: TraceStamp): void {
	const paragraph = doc.getXmlFragment(root).get(0);
	const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : null;
	if (!(text instanceof Y.XmlText)) throw new Error(`${root} has no words to revise`);
	text.insert(text.length, words, { insertion: stamp });
	text.format(text.length - words.length - 1, 1, { deletion: stamp });
}

async function opened(trx: Handle, note: Note, author: StaffMember, at: number): Promise<void> {
	const { id, patient, stay, ward, type, date } = note;
	await noteTables(trx)
		.insertInto('note')
		.values({ id, organization: demoOrganization.id, patient, stay, ward, type, date, version: 0, sealed: 0, opened_by: author.id, opened_at: at })
		.execute();
}

/** The decision and the writing of every signature; only what is known here is not read again. Returns what the next one is decided on. */
async function signed(doors: NoteDoors, trx: Handle, state: SignState, actor: Actor, now: number): Promise<SignState> {
	const { note, written } = state;
	if (note === null || written?.kind !== 'content') throw new Error('a demo note without words');
	const decided = decideSign(state, { note: note.id, patient: note.patient, hash: contentHash(written.content) }, { now, actor, newId });
	if (!decided.ok) throw new Error(`a demo note cannot be signed: ${JSON.stringify(decided)}`);
	const [event] = decided.value;
	if (event === undefined) throw new Error('a signature that changes nothing');
	await saveSigned(doors, trx, event, { actor, now, commandId: newId() }, state);
	return {
		...state,
		note: { ...note, version: event.version, sealed: event.sealed },
		previous: { content: written.content, signature: event.signature },
		last: { by: actor.name, at: now }
	};
}
