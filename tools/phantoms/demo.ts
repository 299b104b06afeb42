import { writeFileSync } from 'node:fs';
import { demoOrganization, staff } from '../../domain/src/organization/index.ts';
import { demoPatient } from '../../domain/src/patient/index.ts';
import type { Actor } from '../../domain/src/kernel/index.ts';
import { hospital } from '../../domain/src/kernel/server/index.ts';
import { Import, scratchFile } from '../../domain/src/imaging/server.ts';
import type { ImportSummary } from '../../domain/src/imaging/index.ts';
import { ctFiles, HEAD } from './ct.ts';
import type { PhantomFile, PhantomPerson, PhantomStudy } from './person.ts';
import { chestFile, cineFile } from './projections.ts';

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

/** Lays the demo studies into the open hospital, by the same way as any import. Twice changes nothing. */
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
	const running: Promise<unknown>[] = [];
	let done = 0;
	for (const file of demoFiles(now)) {
		const scratch = scratchFile(hospital().dataDir);
		writeFileSync(scratch, file.bytes);
		running.push(job.list(file.name, () => job.take(scratch)));
		// A few ahead of the ingest thread keep both cores busy without filling the disk twice.
		if (running.length >= 6) await running.shift();
		onProgress?.(++done);
	}
	await Promise.all(running);
	return job.finish();
}
