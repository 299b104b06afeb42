import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as under } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addendumHash, contentHash, contentOf, type AddendumId } from '@tongping/domain/clinical-document';
import { hashOf, readReport } from '@tongping/domain/imaging';
import { newId } from '@tongping/domain/kernel';
import { demoBed, demoPerson, demoWards, fixtureId } from '@tongping/domain/organization';
import { expect, test, type APIRequestContext } from '@playwright/test';
import * as Y from 'yjs';
import { smallImage } from '../../domain/src/imaging/study/fixtures.ts';
import { commandOf, examplesOf, type Example } from '../../tools/api-page.ts';
import { freePort, House, operate } from '../actors/house.ts';
import { arrive, origin, password, token, type Account } from '../actors/index.ts';
import { join, offerForeignWords, readLive, writeWords } from '../actors/live-words.ts';
import { Board } from '../pages/board.ts';

/** docs/api.md is a promise: every example in it is sent, and the answer must be the one it names. */
const page = readFileSync(fileURLToPath(new URL('../../docs/api.md', import.meta.url)), 'utf8');

/** A hospital of its own that was restored once: only such a one has anything in its quarantine, and only here may accounts be changed. */
const work = mkdtempSync(under(tmpdir(), 'tongping-api-'));
const shared = process.env.TONGPING_E2E_PORT;
let house: House;
/** Each with a folder in which the demo's pictures count as laid, so that they do not arrive in between. */
const folderOf = (name: string): string => {
	mkdirSync(under(work, name));
	writeFileSync(under(work, name, 'demo-studies'), '');
	return under(work, name);
};
test.beforeAll(async () => {
	test.setTimeout(180_000);
	const port = await freePort();
	process.env.TONGPING_E2E_PORT = String(port);
	const before = folderOf('before');
	house = new House(port, before);
	await house.start();
	const backup = under(work, 'backup.db');
	const saved = await operate('backup', [backup], { TONGPING_DATA: before });
	expect(saved.code, saved.said).toBe(0);
	await house.stop();
	const after = under(work, 'after');
	const restored = await operate('restore', [backup, after], {});
	expect(restored.code, restored.said).toBe(0);
	writeFileSync(under(after, 'demo-studies'), '');
	house = new House(port, after);
	await house.start();
});
test.afterAll(async () => {
	await house.stop();
	if (shared !== undefined) process.env.TONGPING_E2E_PORT = shared;
	rmSync(work, { recursive: true, force: true });
});

const at = (value: unknown, path: string): unknown =>
	path.split('.').reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], value);
const bearers = new Map<string, string>();
async function bearerOf(request: APIRequestContext, who: Account): Promise<string> {
	const known = bearers.get(who) ?? (await token(request, who));
	bearers.set(who, known);
	return known;
}

/** What no block above could keep: it is written into a live document first, as a browser would, and hashed as a browser does. */
function arrangements(request: APIRequestContext, known: Readonly<Record<string, string>>, sent: ReadonlyMap<string, Readonly<Record<string, string>>>) {
	const room = (name: string): string => known[name] ?? '';
	const offered = async (plan: string): Promise<string> => {
		await offerForeignWords('note', room('note'), await bearerOf(request, 'resident1'), { plan });
		const answer = await request.get('/api/operations', { headers: { authorization: `Bearer ${await bearerOf(request, 'admin1')}` } });
		const { items } = (await answer.json()) as { items: readonly { id: string; status: string }[] };
		return items.findLast(({ status }) => status === 'waiting')?.id ?? '';
	};
	return {
		'hash.note': async () => {
			const words = { subjective: '睡眠好转。', objective: '体温 36.8 ℃。', assessment: '情绪较前稳定。', plan: '继续当前治疗。' };
			return contentHash(contentOf(await writeWords('note', room('note'), await bearerOf(request, 'resident1'), words), 'daily-progress'));
		},
		'hash.addendum': async () => {
			const { root = '', text = '' } = sent.get('clinical-document.note.propose-addendum') ?? {};
			return addendumHash({ id: room('addendum') as AddendumId, root, text });
		},
		'hash.report': async () => {
			const words = { findings: '右侧基底节区见高密度影。', impression: '右侧基底节区出血。' };
			return hashOf(readReport(await writeWords('report', room('report'), await bearerOf(request, 'radiologist1'), words), []).content);
		},
		'offered.1': () => offered('恢复前同事写的一句。'),
		'offered.2': () => offered('恢复前同事写的另一句。')
	} as const;
}

/** One picture whose number was given in an emergency, in an envelope of STOW-RS. */
const picture = (): Buffer => {
	const file = smallImage({
		study: '2.25.4100',
		series: '2.25.4101',
		sop: '2.25.4102',
		patientId: 'TEMP-API',
		name: '=柯^明远',
		birthDate: '19790512',
		sex: 'M'
	});
	return Buffer.concat([Buffer.from('--b0undary\r\nContent-Type: application/dicom\r\n\r\n'), file, Buffer.from('\r\n--b0undary--\r\n')]);
};

/** After these a person's token is no longer worth anything; their next block signs in anew. */
const ends = ({ method, path }: Example): boolean =>
	/\/(?:step-up|lock)$/u.test(path) || (method === 'DELETE' && path === '/api/session') || path === '/api/session/password';

test('every example of docs/api.md answers as it says', async ({ browser, playwright }) => {
	test.setTimeout(120_000);
	const nurse = await arrive(browser, 'nurse1');
	const board = new Board(nurse.page);
	await board.open(`/wards/${demoWards.male}`);
	const free = await board.free();
	expect(free.length).toBeGreaterThan(2);
	await nurse.leave();

	const known: Record<string, string> = {
		password: password(),
		ward: demoWards.male,
		room: fixtureId<'room'>('room/male/202'),
		'ward.emergency': demoWards.emergency,
		'user.pharmacist1': demoPerson('pharmacist1').id,
		'user.resident2': demoPerson('resident2').id
	};
	for (const [index, number] of free.slice(0, 3).entries()) known[`bed.${index + 1}`] = demoBed('male', number);
	const anonymous = await playwright.request.newContext({ baseURL: origin() });
	const sent = new Map<string, Readonly<Record<string, string>>>();
	const arranged = arrangements(anonymous, known, sent);

	const all = examplesOf(page);
	expect(all.length).toBeGreaterThan(100);
	for (const example of all) {
		const fill = async (given: string): Promise<string> => {
			let filled = given;
			for (const [whole, name = ''] of given.matchAll(/\{\{([\w.]+)\}\}/gu)) {
				if (name in arranged) known[name] ??= await arranged[name as keyof typeof arranged]();
				const value = name === 'new' ? newId() : known[name];
				if (value === undefined) throw new Error(`docs/api.md:${example.line} uses {{${name}}}, which no block before it keeps`);
				filled = filled.replace(whole, value);
			}
			return filled;
		};
		const body = example.body === '{{picture}}' ? picture() : await fill(example.body);
		const stranger = example.who === 'nobody' || 'authorization' in example.headers;
		const headers: Record<string, string> = {
			origin: origin(),
			...(stranger ? {} : { authorization: `Bearer ${await bearerOf(anonymous, example.who as Account)}` }),
			...(body.length === 0 ? {} : { 'content-type': 'application/json' }),
			...Object.fromEntries(await Promise.all(Object.entries(example.headers).map(async ([name, value]) => [name, await fill(value)] as const)))
		};
		const command = commandOf(example);
		if (command !== null) sent.set(command, (JSON.parse(body.toString()) as { input: Record<string, string> }).input);
		const answer = await anonymous.fetch(await fill(example.path), { method: example.method, headers, ...(body.length === 0 ? {} : { data: body }) });
		const text = (await answer.body()).toString('utf8');
		const told = `docs/api.md:${example.line} ${body.toString().slice(0, 160)} answered ${answer.status()}: ${text.slice(0, 300)}`;
		expect.soft(example.statuses, told).toContain(answer.status());
		if (command !== null && answer.status() === 200) {
			const { events } = JSON.parse(text) as { events: readonly { type: string }[] };
			expect.soft(events.map(({ type }) => type).join(' '), told).toBe(example.tells.join(' '));
		}
		for (const { name, path } of example.keeps) {
			const value = at(JSON.parse(text), path);
			expect(typeof value, `docs/api.md:${example.line} keeps ${name}: ${text.slice(0, 300)}`).toBe('string');
			known[name] = String(value);
		}
		if (ends(example)) bearers.delete(example.who);
	}
	await anonymous.dispose();

	await test.step('a stock y-websocket client with a session joins every kind of live document and reads it', async () => {
		const request = await playwright.request.newContext({ baseURL: origin() });
		const plain = (doc: Y.Doc, root: string): string => doc.getXmlFragment(root).toString();
		expect((await readLive('ward-board', demoWards.male, await bearerOf(request, 'nurse1'))).getMap('view').size).toBeGreaterThan(59);
		expect(plain(await readLive('note', known['note'] ?? '', await bearerOf(request, 'resident1')), 'plan')).toContain('继续当前治疗');
		expect(plain(await readLive('report', known['report'] ?? '', await bearerOf(request, 'radiologist1')), 'findings')).toContain('高密度影');
		const [first, second] = [new Y.Doc(), new Y.Doc()];
		const providers = [
			join('reading', known['reading'] ?? '', await bearerOf(request, 'radiologist1'), first),
			join('reading', known['reading'] ?? '', await bearerOf(request, 'radiologist2'), second)
		];
		await expect.poll(() => providers.every(({ synced }) => synced)).toBe(true);
		first.getMap('layout').set('columns', 2);
		await expect.poll(() => second.getMap('layout').get('columns')).toBe(2);
		for (const provider of providers) provider.destroy();
		await request.dispose();
	});
});
