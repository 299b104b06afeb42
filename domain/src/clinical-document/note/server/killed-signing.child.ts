/** Opens, writes and signs one note after the other in a process of its own, to be killed at any moment. Says what it was told is done. */
import * as Y from 'yjs';
import type { Actor, StayId } from '../../../kernel/index.ts';
import { newId } from '../../../kernel/index.ts';
import { testHospital } from '../../../kernel/server/index.ts';
import { registry } from '../../../registry.ts';
import { contentHash, contentOf } from '../content.ts';
import { attending, patient, resident, ward, writtenDoc } from '../fixtures.ts';
import { serveNotes } from './serve.ts';

const [inside = ''] = process.argv.slice(2);
const LOWER = new Set(['organization', 'patient', 'clinical-record', 'nursing', 'inpatient']);
const nothing = (): Promise<void> => Promise.resolve();
const house = await testHospital(
	[
		...registry.filter((served) => LOWER.has(served.id.split('.')[0] ?? '')),
		serveNotes({
			stayOf: async () => ({ patient, ward, endedAt: null }),
			isDoctor: async () => true,
			chipHolds: async () => true,
			askOpinion: nothing,
			endOpinion: nothing
		})
	],
	{ inside }
);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
async function done(command: string, input: unknown, actor: Actor): Promise<string> {
	const outcome = await house.execute(command, input, { ...actor, steppedUpAt: Date.now() });
	if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
	return (outcome.events[0] as unknown as { note: string }).note;
}
say({ dataDir: house.dataDir });
const doc = writtenDoc();
const update = Y.encodeStateAsUpdate(doc);
const hash = contentHash(contentOf(doc, 'daily-progress'));
for (;;) {
	const note = await done('clinical-document.note.open', { patient, stay: newId<'stay'>() as StayId, type: 'daily-progress' }, resident);
	await house.hospital.writer.append([{ doc: `note/${note}`, generation: 0, update, user: resident.user, session: resident.session }]);
	for (const [version, signer] of [resident, attending].entries()) {
		await done('clinical-document.note.sign', { note, patient, hash }, signer);
		say({ note, version: version + 1 });
	}
}
