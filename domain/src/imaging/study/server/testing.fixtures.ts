import type { Actor, Outcome, PatientId } from '../../../kernel/index.ts';
import { testHospital, type TestHospital } from '../../../kernel/server/index.ts';
import { task, type Served } from '../../../kernel/server/module.ts';
import { demoOrganization, demoWards, staff } from '../../../organization/index.ts';
import { demoPatient } from '../../../patient/index.ts';
import { beginCare } from '../../../patient/server.ts';
import { served as report } from '../../report/server/index.ts';
import { served as reading } from '../../reading/server/index.ts';
import { smallImage } from '../fixtures.ts';
import type { WorklistRow } from '../views.ts';
import { dicomweb } from './dicomweb.ts';
import { served as study } from './index.ts';
import { closeIngest } from './ingest/receive.ts';
import { stow } from './stow.ts';
import { worklist } from './views.ts';

/** A small hospital with one patient in the men's ward, for tests of imaging: a real database file and real files, nothing mocked. */
export const person = demoPatient('male/01');
const care: Served = {
	id: 'test.care',
	tasks: [
		task<{ patient: PatientId }, void>({ name: 'test.care', run: (trx, { patient }, now) => beginCare(trx, demoOrganization.id, patient, demoWards.male, now) })
	]
};
const actorOf = (username: string): Actor => {
	const found = staff.find((each) => each.username === username);
	if (found === undefined) throw new Error(username);
	return {
		user: found.id,
		name: found.name,
		role: found.role,
		organization: demoOrganization.id,
		wards: found.wards,
		session: `session-${username}`,
		steppedUpAt: Date.now()
	};
};
export const [writer, reviewer, resident, stranger, nurse, admin] = ['radiologist1', 'radiologist2', 'resident1', 'resident2', 'nurse1', 'admin1'].map(
	actorOf
) as [Actor, Actor, Actor, Actor, Actor, Actor];
export const BASE = 'http://tongping.test/dicomweb';

/** `lower`: the organization, its wards and the patients. Call `close` when done. */
export async function imagingHouse(lower: readonly Served[]): Promise<TestHospital> {
	const house = await testHospital([...lower, study, reading, report, care], { seedAt: Date.now() });
	await house.hospital.writer.task('test.care', { patient: person.id });
	const close = house.close.bind(house);
	return {
		...house,
		async close() {
			await closeIngest(house.dataDir);
			await close();
		}
	};
}

export const agreeing = {
	patientId: person.mrn,
	name: `=${person.name.slice(0, 1)}^${person.name.slice(1)}`,
	birthDate: (person.birthDate ?? '').replaceAll('-', ''),
	sex: 'M'
};
export const codeOf = (outcome: Outcome): string => (outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind);
export const get = (actor: Actor | null, path: string, headers: Record<string, string> = {}): Promise<Response> => {
	const url = new URL(`${BASE}/${path}`);
	return dicomweb(actor, new Request(url, { headers }), url.pathname.replace('/dicomweb/', '').split('/').filter(Boolean), BASE);
};
export function multipart(files: readonly Uint8Array[], boundary = 'b0undary'): Request {
	const parts = files.flatMap((file, index) => [
		Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\nContent-Location: f${index}.dcm\r\n\r\n`),
		Buffer.from(file),
		Buffer.from('\r\n')
	]);
	return new Request(`${BASE}/studies`, {
		method: 'POST',
		headers: { 'content-type': `multipart/related; type="application/dicom"; boundary=${boundary}` },
		body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])
	});
}
export const row = async (studyUid: string): Promise<WorklistRow> => {
	const found = (await worklist(writer)).find((each) => each.studyUid === studyUid);
	if (found === undefined) throw new Error(`no study ${studyUid}`);
	return found;
};

/** 2.25.900: three slices, matched by their identifiers. 2.25.800: one picture under a temporary number, unmatched. */
export async function layStudies(): Promise<void> {
	const slices = [1, 2, 3].map((number) => smallImage({ ...agreeing, study: '2.25.900', series: '2.25.901', sop: `2.25.90${number}0`, number }));
	const foreign = smallImage({ ...agreeing, patientId: 'TEMP-7', study: '2.25.800', series: '2.25.801', sop: '2.25.802' });
	await stow(writer, multipart([...slices, foreign]), null, BASE);
}
