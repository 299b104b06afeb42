import { liveName, newId } from '../../../kernel/index.ts';
import { localDate } from '../../../kernel/clock.ts';
import { changeLiveRights } from '../../../kernel/server/live-log.ts';
import { handle, type AnyHandler } from '../../../kernel/server/module.ts';
import { inviteConsultant, openNote, proposeAddendum, signAddendum, signNote } from '../commands.ts';
import { addendumHash } from '../decide.ts';
import { NOTE_KIND } from '../live.ts';
import type { NoteId } from '../note.ts';
import type { NoteDoors } from './doors.ts';
import { addendumFrom, chainHead, noteOf } from './read.ts';
import { loadSign, saveSigned } from './sign.ts';
import { noteTables } from './tables.ts';

export const handlers = (doors: NoteDoors): readonly AnyHandler[] => [
	handle(openNote, {
		async load(trx, input, { now }) {
			const stay = await doors.stayOf(trx, input.stay);
			const existing = await noteTables(trx)
				.selectFrom('note')
				.select('id')
				.where('stay', '=', input.stay)
				.where('type', '=', input.type)
				.where('date', '=', localDate(now))
				.executeTakeFirst();
			return { stay, existing: (existing?.id ?? null) as NoteId | null };
		},
		async save(trx, events, { actor, now }) {
			for (const e of events) {
				if (!e.created) continue;
				await noteTables(trx)
					.insertInto('note')
					.values({
						id: e.note,
						organization: actor.organization,
						patient: e.patient,
						stay: e.stay,
						ward: e.ward,
						type: e.documentType,
						date: e.date,
						version: 0,
						sealed: 0,
						opened_by: actor.user,
						opened_at: now
					})
					.execute();
			}
		}
	}),
	handle(signNote, {
		load: (trx, input, { actor }) => loadSign(doors, trx, input.note, actor.organization),
		async save(trx, events, context, state) {
			for (const event of events) await saveSigned(doors, trx, event, context, state);
		}
	}),
	handle(inviteConsultant, {
		load: async (trx, input, { actor }) => ({ note: await noteOf(trx, actor.organization, input.note), doctor: await doors.isDoctor(trx, input.user) }),
		async save(trx, events, { actor, now }) {
			for (const e of events) {
				await noteTables(trx)
					.insertInto('note_consultant')
					.values({
						note: e.note,
						organization: actor.organization,
						user: e.user,
						invited_by: actor.user,
						invited_at: now,
						reason: e.reason,
						urgent: e.urgent ? 1 : 0
					})
					.execute();
				await doors.askOpinion(trx, actor.organization, e.patient, e.user, now);
				await changeLiveRights(trx, liveName(NOTE_KIND, e.note), now);
			}
		}
	}),
	handle(proposeAddendum, {
		load: async (trx, input, { actor }) => ({ note: await noteOf(trx, actor.organization, input.note) }),
		async save(trx, events, { actor, now }) {
			for (const e of events)
				await noteTables(trx)
					.insertInto('note_addendum')
					.values({
						id: e.addendum,
						organization: actor.organization,
						note: e.note,
						patient: e.patient,
						root: e.root,
						text: e.text,
						origin: e.origin,
						author: actor.user,
						author_name: actor.name,
						proposed_at: now,
						state: 'proposed',
						signed_at: null
					})
					.execute();
		}
	}),
	handle(signAddendum, {
		async load(trx, input, { actor }) {
			const row = await noteTables(trx)
				.selectFrom('note_addendum')
				.selectAll()
				.where('id', '=', input.addendum)
				.where('note', '=', input.note)
				.executeTakeFirst();
			return { note: await noteOf(trx, actor.organization, input.note), addendum: row ? addendumFrom(row) : null, previous: await chainHead(trx, input.note) };
		},
		async save(trx, events, { actor, now }, state) {
			for (const e of events) {
				if (state.addendum === null || state.note === null) throw new Error('an addendum signed without its words');
				const db = noteTables(trx);
				await db.updateTable('note_addendum').set({ state: 'signed', signed_at: now }).where('id', '=', e.addendum).execute();
				await db
					.insertInto('note_signature')
					.values({
						id: newId(),
						organization: actor.organization,
						note: e.note,
						version: state.note.version,
						patient: e.patient,
						addendum: e.addendum,
						author: actor.user,
						author_name: actor.name,
						role: actor.role,
						meaning: 'addendum',
						at: now,
						content_hash: addendumHash(state.addendum),
						previous: state.previous,
						hash: e.signature
					})
					.execute();
			}
		}
	})
];
