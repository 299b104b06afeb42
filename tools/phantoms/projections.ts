import { concat, elementHeader, fileMeta, writeDataset } from '../../domain/src/imaging/study/dicom/write.ts';
import { commonElements, noiseTable, uidOf, type PhantomFile, type PhantomStudy } from './person.ts';

const EXPLICIT_LE = '1.2.840.10008.1.2.1';
const CR_IMAGE = '1.2.840.10008.5.1.4.1.1.1';
const US_MULTIFRAME = '1.2.840.10008.5.1.4.1.1.3.1';

const inside = (x: number, y: number, cx: number, cy: number, rx: number, ry: number): number => 1 - ((x - cx) / rx) ** 2 - ((y - cy) / ry) ** 2;

/** A chest film with the spacing of the detector only: a length on it is magnified by an unknown factor and must be refused. */
export function chestFile(study: PhantomStudy): PhantomFile {
	const rows = 1536;
	const columns = 1536;
	const noise = noiseTable(0xc4e5, 24);
	const pixels = new Uint16Array(rows * columns);
	for (let row = 0; row < rows; row++) {
		const y = row / rows;
		for (let column = 0; column < columns; column++) {
			const x = column / columns;
			const body = inside(x, y, 0.5, 0.62, 0.46, 0.62);
			let value = 250;
			if (body > 0) {
				value = 1700 + 700 * Math.sqrt(body);
				for (const cx of [0.31, 0.69]) {
					const lung = inside(x, y, cx, 0.5, 0.15, 0.34);
					// Ribs cross the lungs as paler arcs.
					if (lung > 0) value -= 1050 * Math.min(1, 3 * lung) - (Math.sin((y + 0.35 * (x - cx) ** 2 * 8) * 62) > 0.72 ? 190 : 0);
				}
				if (inside(x, y, 0.55, 0.62, 0.13, 0.16) > 0) value = 2500;
				if (Math.abs(x - 0.5) < 0.035) value = Math.max(value, 2650 + 120 * Math.sin(y * 90));
				if (y > 0.8 + 0.25 * (x - 0.5) ** 2) value = Math.max(value, 2450);
			}
			pixels[row * columns + column] = value + 40 + (noise[(row * 977 + column) & 0xffff] as number);
		}
	}
	const sop = uidOf(study.seed, 'cr');
	const dataset = writeDataset([
		...commonElements(study, CR_IMAGE, sop, 'CR', 1, 1),
		{ tag: 0x00080008, vr: 'CS', value: ['ORIGINAL', 'PRIMARY'] },
		{ tag: 0x0008103e, vr: 'LO', value: '胸部正位' },
		{ tag: 0x00180015, vr: 'CS', value: 'CHEST' },
		{ tag: 0x00181164, vr: 'DS', value: ['0.2', '0.2'] },
		{ tag: 0x00185101, vr: 'CS', value: 'PA' },
		{ tag: 0x00200020, vr: 'CS', value: ['L', 'F'] },
		{ tag: 0x00200060, vr: 'CS', value: '' },
		{ tag: 0x00280002, vr: 'US', value: [1] },
		{ tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
		{ tag: 0x00280010, vr: 'US', value: [rows] },
		{ tag: 0x00280011, vr: 'US', value: [columns] },
		{ tag: 0x00280100, vr: 'US', value: [16] },
		{ tag: 0x00280101, vr: 'US', value: [12] },
		{ tag: 0x00280102, vr: 'US', value: [11] },
		{ tag: 0x00280103, vr: 'US', value: [0] },
		{ tag: 0x00281050, vr: 'DS', value: '1700' },
		{ tag: 0x00281051, vr: 'DS', value: '2600' }
	]);
	const raw = new Uint8Array(pixels.buffer);
	return { name: 'cr-0001.dcm', bytes: concat([fileMeta(CR_IMAGE, sop, EXPLICIT_LE), dataset, elementHeader(0x7fe00010, 'OW', raw.length), raw]) };
}

/** A beating ring in an ultrasound sector, in colour, without any calibration. */
export function cineFile(study: PhantomStudy, frames = 24): PhantomFile {
	const rows = 320;
	const columns = 400;
	const speckle = noiseTable(0xec0, 60);
	const raw = new Uint8Array(rows * columns * 3 * frames);
	let at = 0;
	for (let frame = 0; frame < frames; frame++) {
		const beat = 1 + 0.22 * Math.sin((2 * Math.PI * frame) / frames);
		for (let y = 0; y < rows; y++) {
			for (let x = 0; x < columns; x++, at += 3) {
				const depth = Math.hypot(x - columns / 2, y + 20);
				const angle = Math.abs(Math.atan2(x - columns / 2, y + 20));
				if (angle > 0.72 || depth > 330) continue;
				const ring = Math.abs(Math.hypot((x - 205) / 1.15, y - 175) - 62 * beat);
				const grey = ring < 11 ? 190 : Math.hypot((x - 205) / 1.15, y - 175) < 62 * beat ? 18 : 78;
				const value = Math.max(0, Math.min(255, grey + (speckle[(frame * 7919 + y * 401 + x * 3) & 0xffff] as number) * (grey < 30 ? 0.15 : 0.9)));
				const flow = grey < 30 && Math.hypot(x - 205, y - 190) < 24 * beat ? (frame < frames / 2 ? 1 : -1) : 0;
				raw[at] = flow > 0 ? 210 : value;
				raw[at + 1] = flow === 0 ? value : 40;
				raw[at + 2] = flow < 0 ? 220 : value;
			}
		}
	}
	const sop = uidOf(study.seed, 'us');
	const dataset = writeDataset([
		...commonElements(study, US_MULTIFRAME, sop, 'US', 1, 1),
		{ tag: 0x00080008, vr: 'CS', value: ['ORIGINAL', 'PRIMARY', '', '0001'] },
		{ tag: 0x0008103e, vr: 'LO', value: '心脏超声' },
		{ tag: 0x00181063, vr: 'DS', value: '40' },
		{ tag: 0x00200020, vr: 'CS', value: '' },
		{ tag: 0x00280002, vr: 'US', value: [3] },
		{ tag: 0x00280004, vr: 'CS', value: 'RGB' },
		{ tag: 0x00280006, vr: 'US', value: [0] },
		{ tag: 0x00280008, vr: 'IS', value: String(frames) },
		{ tag: 0x00280009, vr: 'AT', value: [0x00181063] },
		{ tag: 0x00280010, vr: 'US', value: [rows] },
		{ tag: 0x00280011, vr: 'US', value: [columns] },
		{ tag: 0x00280014, vr: 'US', value: [0] },
		{ tag: 0x00280100, vr: 'US', value: [8] },
		{ tag: 0x00280101, vr: 'US', value: [8] },
		{ tag: 0x00280102, vr: 'US', value: [7] },
		{ tag: 0x00280103, vr: 'US', value: [0] },
		{ tag: 0x00282110, vr: 'CS', value: '00' }
	]);
	return { name: 'us-0001.dcm', bytes: concat([fileMeta(US_MULTIFRAME, sop, EXPLICIT_LE), dataset, elementHeader(0x7fe00010, 'OB', raw.length), raw]) };
}
