import {
	authorsOf,
	liveAt,
	liveAuthors,
	standingOf,
	storedUpdates,
	testHospital,
	type LiveAppend,
	type Served,
	type TestHospital
} from '@tongping/domain/kernel/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { seeded } from '../gate/random.ts';
import { actorNamed, PATIENT } from '../testing.fixtures.ts';
import { compactorOf } from './index.ts';

/** Two people on one text; who typed what is kept beside it, letter by letter, by the test itself. */
class Desk {
	readonly rows: LiveAppend[] = [];
	readonly #docs = new Map<string, Y.Doc>();
	/** the user of each letter now, and the text after each row */
	letters: string[] = [];
	readonly texts: string[] = [];
	readonly doc: string;

	constructor(doc: string) {
		this.doc = doc;
	}

	of(user: string): Y.Doc {
		let own = this.#docs.get(user);
		if (own === undefined) {
			own = new Y.Doc();
			this.#docs.set(user, own);
			own.on('update', (update: Uint8Array, origin: unknown) => {
				if (origin === 'server') return;
				this.rows.push({ doc: this.doc, generation: 0, update, user, session: `s-${user}`, device: `d-${user}` });
				for (const other of this.#docs.values()) if (other !== own) Y.applyUpdate(other, update, 'server');
			});
		}
		const any = [...this.#docs.values()].find((other) => other !== own);
		if (any !== undefined) Y.applyUpdate(own, Y.encodeStateAsUpdate(any), 'server');
		return own;
	}

	type(user: string, at: number, text: string): void {
		this.of(user).getText('text').insert(at, text);
		this.letters.splice(at, 0, ...[...text].map(() => user));
		this.texts.push(this.of(user).getText('text').toString());
	}

	strike(user: string, at: number, length: number): void {
		this.of(user).getText('text').delete(at, length);
		this.letters.splice(at, length);
		this.texts.push(this.of(user).getText('text').toString());
	}
}
const asStored = (rows: readonly LiveAppend[]) =>
	rows.map(({ user, session, device = null, update }, i) => ({ position: i + 1, user, session, device, at: i, data: update }));

describe('who wrote this', () => {
	it('knows the writer of every letter in random histories of three people', () => {
		for (let seed = 1; seed <= 30; seed++) {
			const random = seeded(seed);
			const desk = new Desk('note/n');
			for (let i = 0; i < 60; i++) {
				const length = desk.letters.length;
				const user = random.pick(['a', 'b', 'c']);
				if (length > 5 && random.chance(0.3)) {
					const at = random.below(length - 2);
					desk.strike(user, at, 1 + random.below(2));
				} else desk.type(user, random.below(length + 1), random.pick(['x', 'yz', '发热']));
			}
			const [root] = authorsOf(asStored(desk.rows));
			expect(root?.text, `seed ${seed}`).toBe(desk.texts.at(-1));
			expect(
				root!.ranges.flatMap(({ from, to, user }) => Array.from({ length: to - from }, () => user)),
				`seed ${seed}`
			).toEqual(desk.letters);
			expect(root!.ranges.map(({ text }) => text).join('')).toBe(root!.text);
			const at = random.below(desk.texts.length);
			expect(standingOf(asStored(desk.rows).slice(0, at + 1))[0]?.text ?? '', `seed ${seed} at ${at}`).toBe(desk.texts[at]);
		}
	});

	it('reads paragraphs, attributes, formats, chips, maps and lists', () => {
		const desk = new Desk('note/n');
		const note = desk.of('a').getXmlFragment('plan');
		desk.of('a').transact(() => {
			for (const words of ['一级护理', '流质饮食']) {
				const paragraph = new Y.XmlElement('paragraph');
				note.push([paragraph]);
				paragraph.push([new Y.XmlText(words)]);
			}
		});
		const chip = new Y.XmlElement('chip');
		(desk.of('b').getXmlFragment('plan').get(1) as Y.XmlElement).push([chip]);
		chip.setAttribute('value', '37.8');
		((desk.of('b').getXmlFragment('plan').get(0) as Y.XmlElement).get(0) as Y.XmlText).format(0, 2, { bold: true });
		desk.of('b').getMap('meta').set('level', 1);
		desk
			.of('a')
			.getArray('list')
			.push([{ x: 1 }]);
		const roots = authorsOf(asStored(desk.rows));
		const plan = roots.find(({ root }) => root === 'plan')!;
		expect(plan.text).toBe('一级护理\n流质饮食\ufffc');
		expect(plan.ranges.map(({ user, text }) => `${user}:${text}`)).toEqual(['a:一级护理\n流质饮食', 'b:\ufffc']);
		expect(plan.values).toMatchObject([{ path: [1, 'paragraph', 1, 'chip', 'value'], value: '37.8', user: 'b' }]);
		expect(roots.find(({ root }) => root === 'meta')!.values).toMatchObject([{ path: ['level'], value: 1, user: 'b', session: 's-b', device: 'd-b' }]);
		expect(roots.find(({ root }) => root === 'list')!.values).toMatchObject([{ path: [0], value: { x: 1 }, user: 'a' }]);
		expect(standingOf(asStored(desk.rows)).find(({ root }) => root === 'plan')!.content).toEqual({
			children: [
				{ element: 'paragraph', children: [{ children: [{ text: '一级', marks: { bold: true } }, '护理'] }] },
				{ element: 'paragraph', children: [{ children: ['流质饮食'] }, { element: 'chip', entries: { value: '37.8' } }] }
			]
		});
	});
});

describe('a stored document', () => {
	let house: TestHospital;
	let wall = Date.UTC(2026, 5, 1);
	const served: Served = {
		id: 'test/history',
		live: [
			{
				kind: 'note',
				mode: 'draft',
				version: 1,
				admit: async (_db, actor) =>
					actor.user === ('stranger' as never) ? null : { mode: 'draft', patient: PATIENT, writes: [], sealed: false, generation: 0 }
			}
		]
	};
	beforeEach(async () => {
		house = await testHospital([served], { clocks: { wall: () => wall, steady: () => wall } });
	});
	afterEach(async () => {
		await house.close();
	});

	it('can be seen as it stood at any moment and by whom it was written, before and after a compaction; each look is audited', async () => {
		const desk = new Desk('note/n1');
		for (const [user, text] of [
			['a', '发热'],
			['b', '两天'],
			['a', '，已退']
		] as const)
			desk.type(user, desk.letters.length, text);
		desk.strike('b', 0, 2);
		const times: number[] = [];
		for (const row of desk.rows) {
			wall += 60_000;
			times.push(wall);
			await house.hospital.writer.append([row]);
		}
		const reader = actorNamed('reader');
		const look = async () => {
			const seen: unknown[] = [await liveAuthors(reader, 'note', 'n1')];
			for (const time of times) seen.push(await liveAt(reader, 'note', 'n1', { time }));
			return seen;
		};
		const before = await look();
		expect(before.slice(1).map((seen) => (seen as { roots: { text: string }[] }).roots[0]?.text)).toEqual(desk.texts);
		expect(before[0]).toMatchObject({
			doc: 'note/n1',
			updates: 4,
			roots: [
				{
					text: '两天，已退',
					ranges: [
						{ user: 'b', at: times[1] },
						{ user: 'a', at: times[2] }
					]
				}
			]
		});
		const compactor = compactorOf(`${house.dataDir}/tongping.db`, (name, input) => house.hospital.writer.task(name, input));
		expect(await compactor.compact('note/n1')).not.toBeNull();
		await compactor.close();
		expect(await look()).toEqual(before);
		const { position } = (await storedUpdates(house.hospital.reader, 'note/n1'))[1]!;
		expect(await liveAt(reader, 'note', 'n1', { position })).toMatchObject({ position, roots: [{ text: '发热两天' }] });
		expect(await liveAt(reader, 'note', 'n1', { time: times[0]! - 1 })).toMatchObject({ position: 0, at: null, roots: [] });

		await expect(liveAuthors(actorNamed('stranger'), 'note', 'n1')).rejects.toThrow('denied');
		await expect(liveAt(reader, 'nothing', 'n1', null)).rejects.toThrow('denied');
		const lines = (await house.hospital.reader
			.selectFrom('audit' as never)
			.select(['user', 'purpose', 'outcome'] as never)
			.where('action' as never, '=', 'read' as never)
			.execute()) as { user: string; purpose: string; outcome: string }[];
		expect(lines.filter(({ outcome }) => outcome === 'denied').map(({ user }) => user)).toEqual(['stranger', 'reader']);
		expect(lines.filter(({ purpose, outcome }) => purpose === 'history' && outcome === 'done').length).toBe(12);
	});
});
