import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { contentHash, contentOf } from '@tongping/domain/clinical-document';
import type { Actor } from '@tongping/domain/kernel';
import { loadLive, tables, testHospital, type LiveLogTable } from '@tongping/domain/kernel/server';
import { attending, chief, nurse, patient, resident, stay, ward, writeParagraph } from '../../domain/src/clinical-document/note/fixtures.ts';
import { noteLive, serveNotes } from '../../domain/src/clinical-document/note/server/serve.ts';
import { noteTables } from '../../domain/src/clinical-document/note/server/tables.ts';
import { registry } from '../../domain/src/registry.ts';
import { seeded, type Random } from '../../sync-server/src/gate/random.ts';
import { createSync, type Sync } from '../../sync-server/src/index.ts';
import { awarenessFrame, step1Frame, step2Frame, updateFrame } from '../../sync-server/src/protocol/index.ts';
import { classes } from '../../sync-server/test/corpus/classes.ts';
import { content, item, REF, update } from '../../sync-server/test/corpus/forge.ts';
import { VICTIM } from '../../sync-server/test/corpus/victim.ts';
import { mutate, Wire } from '../../sync-server/test/fuzz/run.ts';

/** As many as I2 of the threats asks for. */
const FRAMES = Number(process.env['SIGNED_FRAMES'] ?? 100_000);
const ROOTS = ['subjective', 'objective', 'assessment', 'plan', 'pharmacy', 'consult'] as const;
const LOWER = new Set(['organization', 'patient', 'clinical-record', 'nursing', 'inpatient']);
const nothing = (): Promise<void> => Promise.resolve();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const FAST = {
	socketFramesPerSecond: 1e12,
	socketBytesPerSecond: 1e15,
	userFramesPerSecond: 1e12,
	roomFramesPerSecond: 1e12,
	clientsPerUser: 1e9,
	documentUnits: 1e9
};

/** A ward with one note that is sealed, and one the resident has signed and the attending may still revise. */
async function signedWard(planted: boolean) {
	const house = await testHospital([
		...registry.filter((served) => LOWER.has(served.id.split('.')[0] ?? '')),
		serveNotes({
			stayOf: async () => ({ patient, ward, endedAt: null }),
			isDoctor: async () => true,
			chipHolds: async () => true,
			askOpinion: nothing,
			endOpinion: nothing
		})
	]);
	const { reader, writer } = house.hospital;
	const done = async (command: string, input: unknown, actor: Actor) => {
		const outcome = await house.execute(command, input, { ...actor, steppedUpAt: Date.now() });
		if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
		return outcome.events[0] as unknown as { note: string };
	};
	async function signed(type: 'daily-progress' | 'attending-round', signers: readonly Actor[]) {
		const { note } = await done('clinical-document.note.open', { patient, stay, type }, resident);
		const doc = new Y.Doc();
		doc.clientID = VICTIM;
		for (const root of ROOTS.slice(0, 4)) writeParagraph(doc, root, [{ text: `${root}：查房所见，继续原量，防冲动、防外走。` }]);
		await writer.append([{ doc: `note/${note}`, generation: 0, update: Y.encodeStateAsUpdate(doc), user: resident.user, session: resident.session }]);
		const hash = contentHash(contentOf(doc, type));
		for (const signer of signers) await done('clinical-document.note.sign', { note, patient, hash }, signer);
		return { note, doc, hash, type };
	}
	const sealed = await signed('daily-progress', [resident, attending]);
	const open = await signed('attending-round', [resident]);
	const people: ReadonlyMap<string, Actor> = new Map([resident, attending, nurse, chief].map((actor) => [actor.user, actor]));
	const alarms: string[] = [];
	let refusals = 0;
	const sync = createSync(
		{
			kinds: new Map([['note', { mode: 'draft', version: noteLive.version, ...(noteLive.shape === undefined ? {} : { shape: noteLive.shape }) }]]),
			originAllowed: () => true,
			authenticate: async (request) => people.get(new URL(request.url ?? '/', 'http://x').searchParams.get('user') ?? '') ?? null,
			async admit(actor, _kind, id) {
				const admission = await noteLive.admit(reader, actor, id);
				// The planted fault: a signature that ends nobody's rights.
				return planted && admission !== null ? { ...admission, writes: '*', sealed: false } : admission;
			},
			load: (doc) => loadLive(reader, doc),
			append: (entries) => writer.append(entries),
			saveSnapshot: async (snapshot) => void (await writer.task('kernel.live-snapshot', snapshot)),
			view: async () => ({}),
			auditJoin: nothing,
			auditRefusal: async () => void refusals++,
			revalidate: async () => true,
			epoch: () => 1,
			quarantine: async () => ({ ok: true }),
			alarm: (what, error) => void alarms.push(`${what}: ${String(error)}`)
		},
		FAST
	);
	const bytes = async () => ({
		versions: await noteTables(reader).selectFrom('note_version').selectAll().orderBy('note').orderBy('version').execute(),
		signatures: await noteTables(reader).selectFrom('note_signature').selectAll().orderBy('note').orderBy('version').execute(),
		notes: await noteTables(reader).selectFrom('note').selectAll().orderBy('id').execute(),
		rows: (await tables<{ live_log: LiveLogTable }>(reader).selectFrom('live_log').select(['doc', 'user', 'hash', 'data']).orderBy('position').execute()).map(
			(row) => ({ ...row, data: Buffer.from(row.data).toString('base64') })
		)
	});
	return {
		sealed,
		open,
		sync,
		alarms,
		bytes,
		refusals: () => refusals,
		close: async () => {
			await sync.close();
			await house.close();
		}
	};
}

async function enter(sync: Sync, note: string, actor: Actor): Promise<Wire> {
	const url = `/sync/note/${note}?user=${actor.user}&v=${String(noteLive.version)}`;
	const entrance = await sync.enter({ url, headers: {} } as unknown as IncomingMessage, new URL(url, 'http://x'));
	if ('status' in entrance) throw new Error(`not let in: ${String(entrance.status)}`);
	const wire = new Wire();
	sync.attach(wire, entrance);
	return wire;
}

/** What those who know the note well would send: deletions of its letters, words hung on them, marks over them, new paragraphs. */
function aimed(random: Random, doc: Y.Doc, mine: number): Uint8Array {
	const known = Y.getState(doc.store, VICTIM);
	const clock = (): number => random.below(known);
	const root = random.pick(ROOTS);
	switch (random.below(7)) {
		case 0:
			return updateFrame(update([], [[VICTIM, [[clock(), 1 + random.below(9)]]]]));
		case 1:
			return updateFrame(update([], [[VICTIM, [[0, known]]]]));
		case 2:
			return updateFrame(update([{ client: mine, structs: [item({ ref: REF.string, origin: [VICTIM, clock()], content: content.string('另加的字') })] }]));
		case 3:
			return updateFrame(
				update([{ client: VICTIM, clock: known, structs: [item({ ref: REF.string, origin: [VICTIM, clock()], content: content.string('冒名') })] }])
			);
		case 4:
			return updateFrame(
				update([{ client: mine, structs: [item({ ref: REF.format, origin: [VICTIM, clock()], content: content.format('deletion', '{"user":"u"}') })] }])
			);
		case 5:
			return step2Frame(
				update([{ client: mine, structs: [item({ ref: REF.type, parent: root, content: content.type(3, 'paragraph') })] }], [[VICTIM, [[0, known]]]])
			);
		default: {
			const own = new Y.Doc();
			Y.applyUpdate(own, Y.encodeStateAsUpdate(doc));
			own.clientID = mine;
			const before = Y.encodeStateVector(own);
			writeParagraph(own, root, [{ text: '签名之后写的' }]);
			return random.chance(0.5) ? updateFrame(Y.encodeStateAsUpdate(own, before)) : step2Frame(Y.encodeStateAsUpdate(own));
		}
	}
}

describe.each([
	['the rooms of the hospital', false],
	['a planted fault: a signature ends nobody’s rights', true]
])('signed bytes under hostile frames: %s', (_, planted) => {
	it(`stay as they were signed (${String(FRAMES)} frames)`, { timeout: 3_600_000 }, async () => {
		const house = await signedWard(planted);
		try {
			const random = seeded(20_261_122);
			const before = await house.bytes();
			const attacks = [resident, attending, nurse, chief].map((actor) => ({ actor, target: house.sealed }));
			attacks.push({ actor: resident, target: house.open }, { actor: nurse, target: house.open });
			const wires = await Promise.all(attacks.map(({ actor, target }) => enter(house.sync, target.note, actor)));
			const pool = [
				step1Frame(Uint8Array.of(0)),
				awarenessFrame(Uint8Array.from([1, 31, 1, 2, 123, 125])),
				step2Frame(Y.encodeStateAsUpdate(house.sealed.doc)),
				updateFrame(Y.encodeStateAsUpdate(house.open.doc)),
				...classes.flatMap((attack) => attack.shots(random, 7_000).flatMap((shot) => ('frame' in shot && shot.frame.length < 2000 ? [shot.frame] : [])))
			];
			let mine = 1_000_000;
			let closed = 0;
			// The fault shows within the first hundred.
			const frames = planted ? Math.min(FRAMES, 1_000) : FRAMES;
			for (let sent = 0; sent < frames; sent++) {
				const who = random.below(attacks.length);
				const { actor, target } = attacks[who]!;
				if (!wires[who]!.open) {
					closed++;
					wires[who] = await enter(house.sync, target.note, actor);
				}
				wires[who]!.receiver!.onFrame(random.chance(0.6) ? aimed(random, target.doc, mine++) : mutate(random, pool));
				if (sent % 32 === 0) await turn();
			}
			for (let k = 0; k < 100; k++) await turn();
			await new Promise((resolve) => setTimeout(resolve, 200));
			expect(house.alarms).toEqual([]);
			const after = await house.bytes();
			// Whatever happens in a room: a version, its signature and its seal are rows nobody writes again.
			expect({ ...after, rows: [] }).toEqual({ ...before, rows: [] });
			const rowsOf = ({ rows }: typeof after, note: string) => rows.filter(({ doc }) => doc === `note/${note}`);
			expect(rowsOf(after, house.sealed.note)).toEqual(rowsOf(before, house.sealed.note));
			if (planted) {
				expect(rowsOf(after, house.open.note)).not.toEqual(rowsOf(before, house.open.note));
				return;
			}
			expect(rowsOf(after, house.open.note)).toEqual(rowsOf(before, house.open.note));
			expect(closed + house.refusals()).toBeGreaterThan(FRAMES / 20);
			for (const { note, hash, type } of [house.sealed, house.open]) {
				const reader = await enter(house.sync, note, chief);
				const doc = new Y.Doc();
				let heard = false;
				reader.onMessage = (message) => {
					if (message[0] !== 0 || message[1] !== 1) return;
					heard = true;
					let at = 2;
					while (message[at]! >= 128) at++;
					Y.applyUpdate(doc, message.subarray(at + 1));
				};
				await turn();
				reader.receiver!.onFrame(step1Frame(Uint8Array.of(0)));
				for (let k = 0; k < 200 && !heard; k++) await new Promise((resolve) => setTimeout(resolve, 5));
				expect(heard).toBe(true);
				expect(contentHash(contentOf(doc, type))).toBe(hash);
			}
		} finally {
			await house.close();
		}
	});
});
