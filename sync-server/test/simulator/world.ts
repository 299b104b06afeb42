import type { IncomingMessage } from 'node:http';
import type { Actor, Admission, PatientId } from '@tongping/domain/kernel';
import * as Y from 'yjs';
import { RootIndex } from '../../src/gate/index.ts';
import { decode } from '../../src/gate/decode.ts';
import { storedBudget } from '../../src/gate/budget.ts';
import { seeded, type Random } from '../../src/gate/random.ts';
import { createSync, type Sync } from '../../src/index.ts';
import type { LiveAppend, LiveAppended, SyncPorts } from '../../src/ports.ts';
import { decodeFrame } from '../../src/protocol/index.ts';
import { Client, ROOTS, textOf, WORD, wordsIn } from './client.ts';
import { Disk } from './disk.ts';
import { fine, Line, type Weather } from './network.ts';
import { VirtualTime } from './virtual-time.ts';

/** A server built wrong on purpose: the simulation must convict each of them. */
export type Plant = 'none' | 'ack-before-commit' | 'broadcast-before-commit' | 'gate-off' | 'seal-ignored' | 'compaction-loses';
export const PLANTS: readonly Plant[] = ['ack-before-commit', 'broadcast-before-commit', 'gate-off', 'seal-ignored', 'compaction-loses'];

export interface Outcome {
	readonly seed: number;
	readonly plant: Plant;
	/** what was not as promised, in words; empty: every invariant held */
	readonly faults: readonly string[];
	readonly steps: number;
	readonly crashes: number;
	readonly acknowledged: number;
	readonly seen: number;
	readonly rows: number;
	readonly sealed: boolean;
	/** virtual seconds */
	readonly lasted: number;
	/** equal for equal seeds */
	readonly trace: string;
}

const PATIENT = 'patient-1' as unknown as PatientId;
const EVIL = 'evil';

class World {
	readonly time = new VirtualTime();
	readonly random: Random;
	readonly disk: Disk;
	readonly plant: Plant;
	readonly clients: Client[];
	readonly evil: Client;
	readonly faults: string[] = [];
	/** root names by user; changes by command */
	readonly rights = new Map<string, readonly string[]>();
	private sync: Sync | null = null;
	private power: object = {};
	private lines: Line[] = [];
	private weather: Weather = fine;
	/** the alarms that a planted disk error explains */
	private diskFails = false;
	private healing = false;
	/** rights at each generation: under which a row may have been written */
	private readonly history: ReadonlyMap<string, readonly string[]>[] = [];
	private sealedContent: string | null = null;
	steps = 0;
	crashes = 0;
	private hash = 2166136261;

	constructor(seed: number, plant: Plant) {
		this.random = seeded(seed);
		this.plant = plant;
		this.disk = new Disk(this.time, this.random);
		this.disk.sealIgnored = plant === 'seal-ignored';
		const sections = [['a'], ['b'], ['a', 'b'], ['a', 'b']];
		this.clients = ['ann', 'bob', 'eve', 'eve'].map((user, i) => new Client(user, i, sections[i]!, this.random));
		this.evil = new Client(EVIL, 9, ['a'], this.random);
		this.rights.set('ann', this.roots('a')).set('bob', this.roots('b')).set('eve', this.roots('a', 'b')).set(EVIL, this.roots('a'));
		this.history.push(new Map(this.rights));
	}
	private roots(...sections: readonly string[]): readonly string[] {
		return sections.flatMap((section) => [`${section}:text`, `${section}:log`]);
	}
	private note(what: string): void {
		for (let i = 0; i < what.length; i++) this.hash = Math.imul(this.hash ^ what.charCodeAt(i), 16_777_619);
	}

	private ports(power: object): SyncPorts {
		const { time, disk } = this;
		const later = <T>(ms: number, work: () => T): Promise<T> =>
			new Promise((resolve, reject) => {
				time.as(power, () => {
					time.after(ms, () => {
						try {
							resolve(work());
						} catch (error) {
							reject(error instanceof Error ? error : new Error(String(error)));
						}
					});
				});
			});
		const admission = (user: string): Admission => ({
			mode: 'draft',
			patient: PATIENT,
			writes: this.rights.get(user) ?? [],
			sealed: disk.sealedAt !== null && this.plant !== 'seal-ignored',
			generation: disk.generation
		});
		const commit = (entries: readonly LiveAppend[]): Promise<readonly LiveAppended[]> =>
			later(disk.latency(), () => {
				if (this.diskFails) throw new Error('SQLITE_IOERR_FSYNC');
				return disk.commit(entries);
			});
		return {
			originAllowed: () => true,
			authenticate: async ({ url }) => {
				const user = new URL(url ?? '/', 'http://x').searchParams.get('user') ?? '';
				return { user, name: user, role: 'resident', organization: 'o', wards: '*', session: `s-${user}`, steppedUpAt: 0 } as unknown as Actor;
			},
			kinds: new Map([['chart', { mode: 'draft', version: 1 }]]),
			admit: (actor) => later(this.random.below(3), () => admission(actor.user)),
			load: () => later(disk.latency(), () => disk.load()),
			append: (entries) => {
				const stored = commit(entries);
				if (this.plant !== 'ack-before-commit') return stored;
				stored.catch(() => undefined);
				return Promise.resolve(entries.map(() => ({ ok: true, position: disk.rows.length + 1 })));
			},
			saveSnapshot: (snapshot) =>
				later(disk.latency(), () => {
					disk.save(snapshot);
				}),
			compact: async () => {
				// The worker reads one state of the file, works for a while, and stores what it made.
				const made = disk.merged();
				if (made === null) return null;
				const { v2, ...snapshot } = made;
				await later(disk.latency() * 3, () => {
					disk.save(this.plant === 'compaction-loses' ? { ...snapshot, position: snapshot.position + 2 } : snapshot);
				});
				return { position: snapshot.position, v1: snapshot.data, v2 };
			},
			view: async () => ({}),
			auditJoin: () => later(1, () => undefined),
			auditRefusal: () => later(1, () => undefined),
			revalidate: async () => true,
			alarm: (what, error) => {
				if (this.sync === null || this.power !== power) return;
				if (!String(error).includes('SQLITE_IOERR')) this.faults.push(`alarm: ${what}: ${String(error).slice(0, 200)}`);
			}
		};
	}

	private start(): void {
		const power = {};
		this.power = power;
		this.time.as(power, () => {
			this.sync = createSync(this.ports(power), { snapshotAfterRows: 12, evictAfterMs: 3000, refusalsPerSocket: 20 });
		});
	}
	/** The power goes: what has not reached the platter is gone, and nobody is told. */
	private crash(): void {
		this.crashes++;
		this.note('crash');
		this.time.forget(this.power);
		this.sync = null;
		for (const line of this.lines) {
			line.receiver = null;
			// The kernel of a killed process says goodbye for it; a machine without power does not.
			if (this.random.chance(0.7) && !line.dead) line.onClosed(1006);
			line.dead = true;
		}
		this.lines = [];
	}

	private connect(client: Client): void {
		const { sync } = this;
		if (sync === null || client.connected) return;
		const { power, weather } = this;
		const line = new Line(this.time, this.random, this.healing ? fine : weather, power);
		this.lines.push(line);
		client.connect(line, () => this.time.now);
		const url = `/sync/chart/sim?user=${client.user}&v=1`;
		this.time.as(power, () => {
			sync.enter({ url, headers: {} } as unknown as IncomingMessage, new URL(url, 'http://x')).then(
				(entrance) => {
					if (this.power !== power || this.sync === null) return;
					if ('status' in entrance) {
						line.close(entrance.code, entrance.reason);
						return;
					}
					sync.attach(this.planted(line), entrance);
					client.enter(line);
				},
				(error: unknown) => this.faults.push(`nobody can enter: ${String(error)}`)
			);
		});
	}

	/** Faults that sit between the line and the room. */
	private planted(line: Line): Line {
		if (this.plant !== 'broadcast-before-commit') return line;
		const others = this.lines;
		return new Proxy(line, {
			get: (target, key) => {
				const value: unknown = Reflect.get(target, key, target);
				return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value;
			},
			set: (target, key, value) => {
				if (key !== 'receiver') return Reflect.set(target, key, value, target);
				const receiver = value as NonNullable<Line['receiver']>;
				target.receiver = {
					...receiver,
					onMisuse: (reason) => {
						receiver.onMisuse(reason);
					},
					onClose: () => {
						receiver.onClose();
					},
					onFrame: (bytes) => {
						if (decodeFrame(bytes)?.kind === 'update') for (const other of others) if (other !== target) other.send(bytes);
						receiver.onFrame(bytes);
					}
				};
				return true;
			}
		});
	}

	/** One thing happens somewhere. */
	private step(): void {
		const { random } = this;
		this.steps++;
		const client = random.pick(this.clients);
		const chance = random.below(1000);
		this.note(`${String(chance)} ${client.user} ${String(this.disk.rows.length)};`);
		if (chance < 560) client.type();
		else if (chance < 720) this.connect(client);
		else if (chance < 760) client.disconnect();
		else if (chance < 780) {
			// Half open: the cable is pulled.
			if (client.line !== null) client.line.dead = true;
		} else if (chance < 800) client.repeat();
		else if (chance < 815) client.closeTab(random.chance(0.6));
		else if (chance < 835) {
			if (this.sync === null) this.start();
			else if (random.chance(0.6)) this.crash();
		} else if (chance < 850) this.changeRights();
		else if (chance < 856) this.setSeal();
		else if (chance < 870)
			this.weather = random.pick([fine, { loss: 0.2, delayMs: 80, bytesPerSecond: 1e9 }, { loss: 0.02, delayMs: 300, bytesPerSecond: 8000 }]);
		else if (chance < 880) this.disk.slow = !this.disk.slow;
		else if (chance < 885) this.diskFails = !this.diskFails;
		else if (chance < 892) this.time.skew = random.pick([0, 0, -3_600_000, 86_400_000, 500]);
		else if (chance < 930) this.attack();
		else if (this.sync === null) this.start();
		for (const each of [...this.clients, this.evil]) if (each.isDeaf(this.time.now)) each.disconnect();
	}

	private changeRights(): void {
		if (this.disk.sealedAt !== null) return;
		const { random } = this;
		const user = random.pick(['ann', 'bob', 'eve']);
		this.rights.set(user, random.pick([this.roots('a'), this.roots('b'), this.roots('a', 'b'), []]));
		this.disk.changeRights();
		this.history.push(new Map(this.rights));
		// The announcement may be late: the generation on the disk alone must keep the old rights out.
		if (random.chance(0.7)) this.sync?.recheck('chart', 'sim');
	}
	private setSeal(): void {
		if (this.disk.sealedAt !== null || this.random.chance(0.7)) return;
		this.disk.seal();
		this.history.push(new Map([...this.rights.keys()].map((user) => [user, []])));
		this.sealedContent = contentOf(this.disk.replay());
		if (this.random.chance(0.7)) this.sync?.recheck('chart', 'sim');
	}

	/** A colleague with rights on section a tries b, other people's clientIDs, and rubbish. */
	private attack(): void {
		const { random, evil } = this;
		if (!evil.connected) {
			this.connect(evil);
			return;
		}
		const doc = new Y.Doc();
		const known = this.disk.rows.flatMap(({ update }) => [...decode(update, storedBudget).sections.keys()]);
		if (random.chance(0.5)) Y.applyUpdate(doc, this.disk.load().snapshot ?? Uint8Array.of(0, 0));
		doc.clientID = known.length > 0 && random.chance(0.5) ? random.pick(known) : random.below(2 ** 32);
		const made: Uint8Array[] = [];
		doc.on('update', (update: Uint8Array) => made.push(update));
		doc.getArray<string>('b:log').push([`⟦${EVIL}|b|${String(this.steps)}⟧`]);
		if (random.chance(0.3) && doc.getText('a:text').length > 0) doc.getText('a:text').delete(0, 1);
		const update = made.at(-1)!;
		if (random.chance(0.3)) update[random.below(update.length)] = random.below(256);
		evil.forge(update);
	}

	/** The storm is over: the server is up, everybody comes back, whatever is on its way arrives. */
	private async heal(): Promise<void> {
		this.healing = true;
		this.weather = fine;
		this.diskFails = false;
		this.disk.slow = false;
		this.time.skew = 0;
		this.evil.disconnect();
		if (this.sync === null) this.start();
		for (let round = 0; round < 60; round++) {
			for (const client of this.clients) {
				if (client.line?.dead === true || client.isDeaf(this.time.now)) client.disconnect();
				this.connect(client);
			}
			this.sync?.recheck('chart', 'sim');
			await this.time.pass(2500);
			if (round > 3 && this.clients.every((client) => client.connected && client.settled)) return;
		}
		for (const client of this.clients)
			if (!client.connected || !client.settled) this.faults.push(`${client.user} is not answered after two and a half minutes: ${client.state}`);
	}

	async run(steps: number): Promise<Outcome> {
		const check = RootIndex.prototype.check;
		if (this.plant === 'gate-off')
			RootIndex.prototype.check = function (update, sender) {
				return check.call(this, update, { ...sender, mayUse: () => true, mayWrite: () => true });
			};
		try {
			await this.time.during(async () => {
				this.start();
				for (const client of this.clients) this.connect(client);
				await this.time.pass(200);
				for (let step = 0; step < steps; step++) {
					this.step();
					await this.time.pass(this.random.chance(0.02) ? this.random.below(40_000) : this.random.below(60));
				}
				await this.heal();
				await this.judge();
				this.time.forget(this.power);
			});
		} finally {
			RootIndex.prototype.check = check;
		}
		const acknowledged = new Set([...this.clients, this.evil].flatMap((client) => [...client.acknowledged]));
		const seen = new Set(this.clients.flatMap((client) => [...client.seen]));
		return {
			seed: this.random.seed,
			plant: this.plant,
			faults: [...new Set(this.faults)],
			steps: this.steps,
			crashes: this.crashes,
			acknowledged: acknowledged.size,
			seen: seen.size,
			rows: this.disk.rows.length,
			sealed: this.disk.sealedAt !== null,
			lasted: Math.round(this.time.now / 1000),
			trace: (this.hash >>> 0).toString(16)
		};
	}

	private async judge(): Promise<void> {
		const { disk, faults } = this;
		const truth = disk.replay();
		const words = new Set(wordsIn(truth));
		for (const client of [...this.clients, this.evil]) {
			faults.push(...client.faults);
			for (const word of client.acknowledged) if (!words.has(word)) faults.push(`acknowledged but lost: ${word}`);
		}
		for (const client of this.clients) for (const word of client.seen) if (!words.has(word)) faults.push(`seen but lost: ${word}`);
		const listed = wordsIn(truth);
		if (listed.length !== words.size) faults.push('a word stands twice');
		const expected = contentOf(truth);
		const reader = new Client('eve', 8, ['a'], this.random);
		this.connect(reader);
		await this.time.pass(3000);
		for (const client of [...this.clients, reader])
			if (contentOf(client.doc) !== expected) faults.push(`${client.user} sees another document than the disk holds`);
		if (truth.store.pendingStructs !== null) faults.push('the log holds an update that waits for another');
		this.judgeRows();
		if (this.sealedContent !== null && this.sealedContent !== expected) faults.push('a sealed document changed');
	}

	/** Whose words stand under whose name, and whether they had the right when they were stored. */
	private judgeRows(): void {
		const { disk, faults } = this;
		const owners = new Map<number, string>();
		const stored = new Set<string>();
		for (const { user, update, position, generation } of disk.rows) {
			for (const client of decode(update, storedBudget).sections.keys()) {
				if ((owners.get(client) ?? user) !== user) faults.push(`${user} wrote under a clientID of ${owners.get(client)!}`);
				owners.set(client, owners.get(client) ?? user);
			}
			for (const [word, author, section] of textOf(update).matchAll(WORD)) {
				if (author !== user) faults.push(`${word} was stored for ${user}`);
				// A diff may repeat what is on the disk already: that was judged when it came.
				if (!stored.has(word) && this.history[generation]?.get(user)?.includes(`${section!}:log`) !== true)
					faults.push(`${word} was stored without the right to ${section!}`);
				stored.add(word);
			}
			if (disk.sealedAt !== null && position > disk.sealedAt) faults.push('a row was stored after the seal');
		}
	}
}

function contentOf(doc: Y.Doc): string {
	return JSON.stringify(ROOTS.map((root) => [doc.getText(`${root}:text`).toDelta(), doc.getArray(`${root}:log`).toJSON()]));
}

export const simulate = ({ seed, steps = 120, plant = 'none' }: { readonly seed: number; readonly steps?: number; readonly plant?: Plant }): Promise<Outcome> =>
	new World(seed, plant).run(steps);
