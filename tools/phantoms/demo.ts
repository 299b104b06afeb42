import { dirname } from 'node:path';
import { fork, type ChildProcess } from 'node:child_process';
import { demoOrganization, staff } from '../../domain/src/organization/index.ts';
import type { Actor } from '../../domain/src/kernel/index.ts';
import { hospital } from '../../domain/src/kernel/server/index.ts';
import { Import, scratchFile } from '../../domain/src/imaging/server.ts';
import type { ImportSummary } from '../../domain/src/imaging/index.ts';
import type { DemoFile } from './demo-files.ts';

/** Asks for one more; a painter that ends before its last file is a fault, not a shorter demo. */
function nextFile(painter: ChildProcess): Promise<Exclude<DemoFile, null> | 'end'> {
	return new Promise((resolve, reject) => {
		const ended = (code: number | null): void => {
			reject(new Error(`the demo pictures stopped with code ${code}`));
		};
		painter.once('exit', ended);
		painter.once('message', (file) => {
			painter.off('exit', ended);
			resolve(file as Exclude<DemoFile, null> | 'end');
		});
		painter.send('next');
	});
}

/** Lays the demo studies into the open hospital, by the same way as any import. Twice with the same `now` changes nothing. */
export async function seedDemoStudies({
	now = Date.now(),
	onProgress
}: { readonly now?: number; readonly onProgress?: (done: number) => void } = {}): Promise<ImportSummary> {
	const radiologist = staff.find((member) => member.role === 'radiologist');
	if (radiologist === undefined) throw new Error('the demo hospital has a radiologist');
	const actor: Actor = {
		user: radiologist.id,
		name: radiologist.name,
		role: radiologist.role,
		organization: demoOrganization.id,
		wards: '*',
		session: 'demo-setup',
		steppedUpAt: 0
	};
	const job = new Import(actor);
	const painter = fork(new URL('./demo-files.ts', import.meta.url), [dirname(scratchFile(hospital().dataDir)), String(now)], { execArgv: [] });
	const running: Promise<unknown>[] = [];
	let done = 0;
	try {
		for (;;) {
			const file = await nextFile(painter);
			if (file === 'end') break;
			running.push(job.list(file.name, () => job.take(file.path)));
			// A few ahead of the ingest thread keep both cores busy without filling the disk twice.
			if (running.length >= 4) await running.shift();
			onProgress?.(++done);
		}
		await Promise.all(running);
	} finally {
		painter.kill();
	}
	return job.finish();
}
