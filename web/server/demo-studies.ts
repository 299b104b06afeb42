import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { log } from './log.ts';

/**
 * The pictures of the demo patients arrive while the first page is already open, as they would from a scanner.
 * Killed half way, the next start goes on with the same moment in time, so nothing comes twice.
 */
export async function bringDemoStudies(dataDir: string): Promise<void> {
	const done = join(dataDir, 'demo-studies');
	if (existsSync(done)) return;
	const begun = `${done}.begun`;
	if (!existsSync(begun)) writeFileSync(begun, String(Date.now()));
	const { seedDemoStudies } = await import('../../tools/phantoms/demo.ts');
	const { stored } = await seedDemoStudies({ now: Number(readFileSync(begun, 'utf8')) });
	renameSync(begun, done);
	log.info({ stored }, 'demo studies');
}
