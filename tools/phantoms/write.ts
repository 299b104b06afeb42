// `node tools/phantoms/write.ts <folder>`: the phantom studies as DICOM files, the same bytes every time.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BODY, ctFiles, HEAD } from './ct.ts';
import type { PhantomFile, PhantomPerson } from './person.ts';
import { chestFile, cineFile } from './projections.ts';

const WANG: PhantomPerson = { mrn: 'P0000001', name: '王小东', latin: 'Wang^Xiaodong', birthDate: '1968-04-12', sex: 'male' };
const LIN: PhantomPerson = { mrn: 'P0000002', name: '林秋悦', latin: 'Lin^Qiuyue', birthDate: '1991-09-30', sex: 'female' };
const at = { date: '20261120', time: '213000' } as const;

/** The four phantom studies by folder name. */
export function phantomFolders(people: readonly [PhantomPerson, PhantomPerson] = [WANG, LIN]): Readonly<Record<string, Iterable<PhantomFile>>> {
	const [first, second] = people;
	return {
		'ct-head': ctFiles({ ...at, seed: 'phantom ct head', person: first, accession: 'A0001', description: '头颅 CT 平扫' }, HEAD),
		'ct-body': ctFiles({ ...at, seed: 'phantom ct body', person: second, accession: 'A0002', description: '腹部 CT 平扫' }, BODY),
		'cr-chest': [chestFile({ ...at, seed: 'phantom cr chest', person: first, accession: 'A0003', description: '胸部正位片' })],
		'us-cine': [cineFile({ ...at, seed: 'phantom us cine', person: second, accession: 'A0004', description: '心脏超声' })]
	};
}

/** Writes the files and answers how many bytes they hold. */
export function writeFolder(folder: string, files: Iterable<PhantomFile>): number {
	mkdirSync(folder, { recursive: true });
	let bytes = 0;
	for (const file of files) {
		writeFileSync(join(folder, file.name), file.bytes);
		bytes += file.bytes.length;
	}
	return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const target = process.argv[2];
	if (target === undefined) {
		console.error('Name the folder to write into: node tools/phantoms/write.ts <folder>');
		process.exitCode = 2;
	} else {
		for (const [name, files] of Object.entries(phantomFolders())) {
			const started = performance.now();
			const bytes = writeFolder(join(target, name), files);
			console.log(`${name}: ${(bytes / 1e6).toFixed(1)} MB in ${Math.round(performance.now() - started)} ms`);
		}
	}
}
