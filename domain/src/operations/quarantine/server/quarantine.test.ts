import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Y from 'yjs';
import { newId, type Actor } from '../../../kernel/index.ts';
import { loadLive, sealLive, tables, task, testHospital, verifyAudit, type LiveTables, type Served, type TestHospital } from '../../../kernel/server/index.ts';
import { QUARANTINE_LIMITS } from '../quarantine.ts';
import { epochOf } from './epoch.ts';
import { RECOVERED, served } from './index.ts';
import { quarantineItems } from './items.ts';
import type { OfferToQuarantine, Quarantined } from './offer.ts';

const organization = newId<'organization'>();
const admin: Actor = {
	user: newId<'user'>(),
	name: '周以宁',
	role: 'administrator',
	organization,
	wards: '*',
	session: 's-admin',
	device: 'd',
	steppedUpAt: Date.now()
};
const bySeal: Served = { id: 'test/seal', tasks: [task({ name: 'test.seal', run: (trx, doc: string, now) => sealLive(trx, doc, now) })] };
let house: TestHospital;
beforeAll(async () => {
	house = await testHospital([served, bySeal]);
});
afterAll(() => house.close());

/** A document whose server has lost what `other` wrote after `kept`; returns what a colleague's browser still holds of it. */
async function lost(doc: string): Promise<{ readonly missing: Uint8Array; readonly later: Uint8Array }> {
	const other = new Y.Doc();
	other.clientID = 77;
	other.getText('plan').insert(0, 'kept ');
	await house.hospital.writer.append([{ doc, generation: 0, update: Y.encodeStateAsUpdate(other), user: 'other', session: 's' }]);
	const kept = Y.encodeStateVector(other);
	other.getText('plan').insert(5, 'lost ');
	const missing = Y.encodeStateAsUpdate(other, kept);
	const before = Y.encodeStateVector(other);
	other.getText('plan').insert(10, 'later');
	return { missing, later: Y.encodeStateAsUpdate(other, before) };
}
const offering = (doc: string, update: Uint8Array, user = 'witness'): OfferToQuarantine => ({
	organization,
	doc,
	patient: null,
	user,
	session: `session-of-${user}`,
	device: 'd',
	epoch: 1,
	runs: [{ client: 77, from: 5, to: 10, owner: 'other', own: false }],
	deletions: 0,
	update
});
const offer = (given: OfferToQuarantine): Promise<Quarantined> => house.hospital.writer.task('operations.quarantine.offer', given) as Promise<Quarantined>;
const itemOf = async (given: OfferToQuarantine): Promise<string> => {
	const answer = await offer(given);
	if (!answer.ok) throw new Error(answer.reason);
	return answer.item;
};
async function words(doc: string): Promise<string> {
	const { snapshot, updates } = await loadLive(house.hospital.reader, doc);
	const document = new Y.Doc();
	for (const update of snapshot === null ? updates : [snapshot, ...updates]) Y.applyUpdate(document, update);
	return document.getText('plan').toJSON();
}
const accept = (item: string, actor = admin) => house.execute('operations.quarantine.accept', { item, reason: '当班医师已核对' }, actor);

it('what is offered waits: it is nowhere in the document until an administrator lets it in, and then says how it came', async () => {
	const doc = 'note/a';
	const { missing } = await lost(doc);
	const item = await itemOf(offering(doc, missing));
	expect(await words(doc)).toBe('kept ');
	expect(await quarantineItems(house.hospital.reader, organization)).toMatchObject([{ id: item, doc, by: 'witness', status: 'waiting', alsoBy: [] }]);

	const outcome = await accept(item);
	expect(outcome).toMatchObject({ kind: 'done', events: [{ type: 'operations.quarantine.accepted', item, doc, by: 'witness' }] });
	expect(await words(doc)).toBe('kept lost ');
	const rows = await tables<LiveTables>(house.hospital.reader)
		.selectFrom('live_log')
		.select(['user', 'session'])
		.where('doc', '=', doc)
		.orderBy('position')
		.execute();
	expect(rows).toEqual([
		{ user: 'other', session: 's' },
		{ user: RECOVERED, session: item }
	]);
	expect((await loadLive(house.hospital.reader, doc)).generation).toBe(1);
	expect(await accept(item)).toMatchObject({ kind: 'refused', refusal: { code: 'quarantine-decided' } });
	expect(await verifyAudit(house.hospital.reader)).toMatchObject({ brokenAt: null });
	const audit = await tables<{ audit: { action: string; user: string } }>(house.hospital.reader).selectFrom('audit').select(['action', 'user']).execute();
	expect(audit).toEqual(
		expect.arrayContaining([
			{ action: 'quarantine-offered', user: 'witness' },
			{ action: 'operations.quarantine.accept', user: admin.user }
		])
	);
});

it('only administrators decide, with a fresh proof and a reason; a rejected item stays on record', async () => {
	const doc = 'note/b';
	const { missing } = await lost(doc);
	const item = await itemOf(offering(doc, missing));
	expect(await accept(item, { ...admin, role: 'chief' })).toEqual({ kind: 'forbidden' });
	expect(await accept(item, { ...admin, steppedUpAt: 0 })).toMatchObject({ kind: 'refused', refusal: { code: 'step-up-needed' } });
	expect(await house.execute('operations.quarantine.accept', { item, reason: ' ' }, admin)).toMatchObject({ kind: 'invalid' });
	expect(await accept(item, { ...admin, organization: newId<'organization'>() })).toMatchObject({ kind: 'refused', refusal: { code: 'quarantine-unknown' } });
	expect(await house.execute('operations.quarantine.reject', { item, reason: '来源无法核实' }, admin)).toMatchObject({ kind: 'done' });
	expect(await words(doc)).toBe('kept ');
	expect((await quarantineItems(house.hospital.reader, organization)).find(({ id }) => id === item)).toMatchObject({
		status: 'rejected',
		reason: '来源无法核实',
		decidedBy: admin.user
	});
});

it('bytes that hang on what is missing wait for it; bytes that came back by their author say so; a sealed document takes none', async () => {
	const doc = 'note/c';
	const { missing, later } = await lost(doc);
	const hanging = await itemOf(offering(doc, later));
	const first = await itemOf(offering(doc, missing));
	expect(await accept(hanging)).toMatchObject({ refusal: { code: 'quarantine-hangs' } });
	await house.hospital.writer.append([{ doc, generation: 0, update: missing, user: 'other', session: 's' }]);
	expect(await accept(first)).toMatchObject({ refusal: { code: 'quarantine-known' } });
	const bad = await itemOf(offering(doc, new Uint8Array([1, 2, 3])));
	expect(await accept(bad)).toMatchObject({ refusal: { code: 'quarantine-unreadable' } });
	await house.hospital.writer.task('test.seal', doc);
	expect(await accept(hanging)).toMatchObject({ refusal: { code: 'quarantine-sealed' } });
	expect(await words(doc)).toBe('kept lost ');
});

it('the same bytes are one item a person, two people vouch for each other, and nobody fills the disk', async () => {
	const doc = 'note/d';
	const { missing } = await lost(doc);
	const item = await itemOf(offering(doc, missing));
	expect(await itemOf(offering(doc, missing))).toBe(item);
	await itemOf(offering(doc, missing, 'second'));
	expect((await quarantineItems(house.hospital.reader, organization)).find(({ id }) => id === item)?.alsoBy).toEqual(['second']);
	const big = new Uint8Array(QUARANTINE_LIMITS.bytesPerUser / 2 + 1);
	expect(await offer(offering(doc, big, 'greedy'))).toMatchObject({ ok: true });
	expect(await offer(offering(doc, big.with(0, 1), 'greedy'))).toEqual({ ok: false, reason: 'quarantine-full' });
});

it('a restore raises the epoch, in the audit too', async () => {
	expect(await epochOf(house.hospital.reader)).toBe(1);
	expect(await house.hospital.writer.task('operations.epoch.raise', { backup: 'ab' })).toBe(2);
	expect(await house.hospital.writer.task('operations.epoch.raise', { backup: 'cd' })).toBe(3);
	expect(await epochOf(house.hospital.reader)).toBe(3);
});
