import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrationOf, measureLength, type DicomJson, type Point3 } from '../../domain/src/imaging/index.ts';
import { IngestThread } from '../../domain/src/imaging/study/server/ingest/thread.ts';
import type { Examined } from '../../domain/src/imaging/study/server/ingest/examine.ts';
import { metadataOf } from '../../domain/src/imaging/study/server/metadata.ts';
import { BODY, ctFiles, HEAD, type CtPhantom, type Solid } from './ct.ts';
import type { PhantomFile, PhantomStudy } from './person.ts';
import { chestFile, cineFile } from './projections.ts';
import { phantomFolders, writeFolder } from './write.ts';

const study: PhantomStudy = {
	seed: 'test',
	person: { mrn: 'P1', name: '孟大勇', latin: 'Meng^Dayong', birthDate: '1988-04-12', sex: 'male' },
	date: '20261120',
	time: '101500',
	accession: 'A1',
	description: '试验'
};
const sha = (file: PhantomFile): string => createHash('sha256').update(file.bytes).digest('hex');
const slice = (phantom: CtPhantom, index: number): PhantomFile => [...ctFiles(study, { ...phantom, slices: index + 1 })][index] as PhantomFile;
const hounsfield = (file: PhantomFile): Int16Array => new Int16Array(file.bytes.slice(file.bytes.length - 512 * 512 * 2).buffer);
const solid = (phantom: CtPhantom, name: string): Solid & { readonly shape: 'ellipsoid' } => {
	const found = phantom.solids.find((each) => each.name === name);
	if (found?.shape !== 'ellipsoid') throw new Error(name);
	return found;
};

let folder: string;
let thread: IngestThread;
const read = async (file: PhantomFile): Promise<{ facts: Examined; header: DicomJson }> => {
	const path = join(folder, 'incoming', file.name);
	writeFileSync(path, file.bytes);
	const facts = await thread.examine(path);
	if (facts.kind === 'refused') throw new Error(`${facts.reason} ${facts.detail}`);
	return { facts, header: metadataOf(facts.metadata) };
};
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'tongping-phantoms-'));
	mkdirSync(join(folder, 'incoming'));
	thread = new IngestThread(folder);
});
afterAll(async () => {
	await thread.close();
	rmSync(folder, { recursive: true, force: true });
});

describe('phantoms', () => {
	it('are the same bytes every time', () => {
		expect(sha(slice(HEAD, 3))).toBe(sha(slice(HEAD, 3)));
		expect(sha(chestFile(study))).toBe(sha(chestFile(study)));
		expect(sha(cineFile(study, 2))).toBe(sha(cineFile(study, 2)));
		expect(sha(slice(HEAD, 3))).not.toBe(sha(slice(BODY, 3)));
	});

	it.each([
		['haematoma', HEAD, 60],
		['sphere', BODY, 86]
	] as const)('the %s measures 40.0 mm on its largest slice and has its density', async (name, phantom, index) => {
		const file = slice(phantom, index);
		const pixels = hounsfield(file);
		const { centre, hu } = solid(phantom, name);
		expect(index * phantom.sliceMm).toBe(centre[2]);
		const row = Math.round(255.5 + centre[1] / phantom.pixelMm);
		const column = Math.round(255.5 + centre[0] / phantom.pixelMm);
		const within = (x: number): boolean => Math.abs((pixels[row * 512 + x] as number) - hu) < 15;
		let [left, right] = [column, column];
		while (within(left - 1)) left--;
		while (within(right + 1)) right++;
		const { header } = await read(file);
		const ends: [Point3, Point3] = [
			[left - 0.5, row, 0],
			[right + 0.5, row, 0]
		];
		const measured = measureLength(header, 1, 'image', ends);
		expect(measured.ok && Math.abs(measured.valueMm - 40)).toBeLessThanOrEqual(phantom.pixelMm);
		let sum = 0;
		for (let x = left + 5; x < right - 5; x++) sum += pixels[row * 512 + x] as number;
		expect(Math.abs(sum / (right - left - 10) - hu)).toBeLessThan(3);
	});

	it('the world and the picture agree on a length', async () => {
		const { header } = await read(slice(HEAD, 60));
		const corner = -(511 / 2) * HEAD.pixelMm;
		const world = (x: number, y: number): Point3 => [corner + x * HEAD.pixelMm, corner + y * HEAD.pixelMm, 75];
		const a = measureLength(header, 1, 'world', [world(100, 100), world(200, 180)]);
		const b = measureLength(header, 1, 'image', [
			[100, 100, 0],
			[200, 180, 0]
		]);
		expect(a.ok && b.ok && Math.abs(a.valueMm - b.valueMm)).toBeLessThan(1e-6);
		expect(
			measureLength(header, 1, 'world', [
				[0, 0, 75],
				[10, 0, 80]
			])
		).toEqual({ ok: false, code: 'foreign-image' });
	});

	it('say what they do not know', async () => {
		const film = await read(chestFile(study));
		expect(calibrationOf(film.header, 1)).toMatchObject({ kind: 'detector' });
		expect(
			measureLength(film.header, 1, 'image', [
				[10, 10, 0],
				[100, 10, 0]
			])
		).toEqual({ ok: false, code: 'detector-spacing-only' });
		const cine = await read(cineFile(study));
		expect(cine.facts.frames).toBe(24);
		expect(
			measureLength(cine.header, 3, 'image', [
				[10, 10, 0],
				[100, 10, 0]
			])
		).toEqual({ ok: false, code: 'uncalibrated' });
		expect(film.facts.identity).toEqual({ patientId: 'P1', name: '孟大勇', birthDate: '1988-04-12', sex: 'male', doubtfulText: false });
	});

	it('140 slices of 512 x 512 lie in order along the patient and are written quickly', () => {
		const started = performance.now();
		const bytes = writeFolder(join(folder, 'ct'), phantomFolders()['ct-body'] ?? []);
		expect(readdirSync(join(folder, 'ct'))).toHaveLength(140);
		expect(bytes).toBeGreaterThan(73_000_000);
		expect(performance.now() - started).toBeLessThan(15_000);
	}, 30_000);

	const dcmtk = ['/usr/bin/dcmdump', '/usr/bin/dcmftest'].every((tool) => existsSync(tool));
	it.skipIf(!dcmtk)('pass dcmtk as an outside judge (skipped where dcmtk is not installed)', () => {
		for (const file of [slice(HEAD, 60), chestFile(study), cineFile(study, 2)]) {
			const path = join(folder, file.name);
			writeFileSync(path, file.bytes);
			expect(execFileSync('/usr/bin/dcmftest', [path], { encoding: 'utf8' })).toMatch(/^yes/u);
			const dump = execFileSync('/usr/bin/dcmdump', ['--print-short', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
			expect(dump).toContain('Meng^Dayong=孟^大勇');
			expect(dump).not.toMatch(/^[EW]:/mu);
		}
		expect(readFileSync(join(folder, 'ct', 'ct-0001.dcm')).toString('latin1', 128, 132)).toBe('DICM');
	});
});
