import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../actor.ts';
import type { Outcome } from '../command.ts';
import { newId } from '../id.ts';
import { openReading, openWriting, type Opened } from './database.ts';
import { assemble, type Hospital } from './hospital.ts';
import type { Served } from './module.ts';
import type { Clocks } from './write-clock.ts';
import { WriteLoop } from './write-loop.ts';

export interface TestHospital {
	readonly hospital: Hospital;
	readonly dataDir: string;
	execute(command: string, input: unknown, actor: Actor, commandId?: string): Promise<Outcome>;
	close(): Promise<void>;
}

export interface TestSetting {
	readonly seedAt?: number;
	/** folder of another disk */
	readonly inside?: string;
	readonly clocks?: Clocks;
	readonly free?: () => number;
	/** faults put between the loop and the file */
	planted?(opened: Opened): Opened;
	onFault?(error: unknown): void;
}

/** A real hospital on a real temporary database file, the write loop in this process. For tests of stores: nothing is mocked. */
export async function testHospital(
	registry: readonly Served[],
	{ seedAt, inside, planted = (opened) => opened, onFault, ...faults }: TestSetting = {}
): Promise<TestHospital> {
	const dataDir = mkdtempSync(join(inside ?? tmpdir(), 'tongping-test-'));
	const file = join(dataDir, 'tongping.db');
	const loop = new WriteLoop(planted(openWriting(file)), registry, faults);
	if (seedAt !== undefined) await loop.seed(registry, seedAt);
	const opened = assemble({
		dataDir,
		registry,
		reading: openReading(file),
		fresh: true,
		release: () => undefined,
		runner: {
			run: (works) => loop.run(works),
			close: async () => {
				loop.close();
			}
		},
		onFault:
			onFault ??
			((error) => {
				throw error;
			})
	});
	return {
		hospital: opened,
		dataDir,
		execute: (command, input, actor, commandId) => opened.writer.execute({ actor, command, input, commandId: commandId ?? newId() }),
		async close() {
			await opened.close();
			rmSync(dataDir, { recursive: true, force: true });
		}
	};
}
