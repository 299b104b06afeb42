import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoPatient } from '../../domain/src/patient/index.ts';
import { ctFiles, HEAD } from './ct.ts';
import type { PhantomFile, PhantomPerson, PhantomStudy } from './person.ts';
import { chestFile, cineFile } from './projections.ts';

/** Draws the demo pictures in a process of its own, one file for each message that asks: its memory goes back to the machine afterwards. */
export type DemoFile = { readonly name: string; readonly path: string } | null;

function personAt(key: string, latin: string): PhantomPerson {
	const { mrn, name, birthDate, sex } = demoPatient(key);
	return { mrn, name, latin, birthDate: birthDate ?? '1900-01-01', sex: sex === 'unknown' ? 'other' : sex };
}

const digits = (at: number): { readonly date: string; readonly time: string } => {
	const local = new Date(at + 8 * 3_600_000).toISOString();
	return { date: local.slice(0, 10).replaceAll('-', ''), time: local.slice(11, 19).replaceAll(':', '') };
};

/** Five studies: two heads with a bleeding, a chest film, a cine, and a film of somebody nobody has matched yet. */
function* demoFiles(now: number): Generator<PhantomFile> {
	const study = (seed: string, person: PhantomPerson, hoursAgo: number, accession: string, description: string): PhantomStudy => ({
		seed,
		person,
		...digits(now - hoursAgo * 3_600_000),
		accession,
		description
	});
	yield* ctFiles(study('demo/ct-head', personAt('emergency/01', 'Meng^Dayong'), 2, 'CT2611210031', '头颅 CT 平扫'), HEAD);
	yield* ctFiles(study('demo/ct-head-thick', personAt('male/02', 'Cui^Zhijian'), 20, 'CT2611200118', '头颅 CT 复查'), {
		...HEAD,
		slices: 40,
		sliceMm: 4.375,
		series: '头颅平扫 4.4 mm'
	});
	yield chestFile(study('demo/cr-chest', personAt('male/01', 'Han^Shuyuan'), 30, 'DR2611200042', '胸部正位片'));
	yield cineFile(study('demo/us-cine', personAt('male/53', 'Shen^Derong'), 50, 'US2611190007', '心脏超声'));
	yield chestFile(
		study('demo/cr-unmatched', { mrn: 'TEMP-1121-07', name: '无名氏', birthDate: '1970-01-01', sex: 'male' }, 1, 'DR2611210009', '胸部正位片(急诊)')
	);
}

const [folder, now] = process.argv.slice(2);
if (process.send === undefined || folder === undefined || now === undefined) throw new Error('this module is started by demo.ts');
const answer = (file: DemoFile): void => {
	process.send?.(file ?? 'end', undefined, undefined, (error) => {
		if (error !== null) process.exit(0);
	});
};
const files = demoFiles(Number(now));
// The server that asked is gone: nobody wants the rest.
process.on('disconnect', () => process.exit(0));
process.on('message', () => {
	const next = files.next();
	if (next.done === true) {
		answer(null);
		return;
	}
	const path = join(folder, randomUUID());
	writeFileSync(path, next.value.bytes);
	answer({ name: next.value.name, path });
});
