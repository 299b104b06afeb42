import { newId, liveName } from '../../../kernel/index.ts';
import { localDate } from '../../../kernel/clock.ts';
import { sealLive } from '../../../kernel/server/live-log.ts';
import type { Handle } from '../../../kernel/server/module.ts';
import { demoOrganization, demoWards, fixtureId } from '../../../organization/index.ts';
import { demoPeople, type DemoPerson } from '../../../patient/index.ts';
import { canonical, sha256Hex } from '../content.ts';
import { demoNotes, type DemoNote } from '../demo.ts';
import { NOTE_KIND, NOTE_LIVE_VERSION } from '../live.ts';
import { meaningOf, signatureHash } from '../signature.ts';
import { noteTables } from './tables.ts';

const STEP_MS = 40 * 60_000;

/** The notes the demo ward wrote before it opened: sealed, each signature in its chain like any other. */
export async function seedNotes(trx: Handle, now: number): Promise<void> {
	for (const person of demoPeople) for (const note of demoNotes(person, now)) await seedNote(trx, person, note);
}

async function seedNote(trx: Handle, person: DemoPerson, note: DemoNote): Promise<void> {
	const db = noteTables(trx);
	const id = fixtureId<'note'>(`note/${person.key}/${note.key}`);
	const organization = demoOrganization.id;
	const content = canonical(note.content);
	const contentHash = sha256Hex(content);
	await db
		.insertInto('note')
		.values({
			id,
			organization,
			patient: person.id,
			stay: person.stay,
			ward: demoWards[person.ward],
			type: note.type,
			date: localDate(note.at),
			version: note.signers.length,
			sealed: 1,
			opened_by: note.signers[0]?.id ?? '',
			opened_at: note.at
		})
		.execute();
	let previous: string | null = null;
	for (const [index, signer] of note.signers.entries()) {
		const version = index + 1;
		const at = note.at + version * STEP_MS;
		const role = signer.role;
		const meaning = meaningOf(role);
		const hash: string = signatureHash({
			note: id,
			patient: person.id,
			version,
			contentHash,
			author: signer.id,
			authorName: signer.name,
			role,
			meaning,
			at,
			previous
		});
		const common = { organization, note: id, patient: person.id, version, at, content_hash: contentHash, previous };
		await db
			.insertInto('note_version')
			.values({ ...common, schema_version: NOTE_LIVE_VERSION, content, trace_complete: 1 })
			.execute();
		await db
			.insertInto('note_signature')
			.values({ ...common, id: newId(), addendum: null, author: signer.id, author_name: signer.name, role, meaning, hash })
			.execute();
		previous = hash;
	}
	await sealLive(trx, liveName(NOTE_KIND, id), note.at);
}
