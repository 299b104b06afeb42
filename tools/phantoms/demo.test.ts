import { expect, it } from 'vitest';
import { testHospital } from '../../domain/src/kernel/server/index.ts';
import { closeIngest, worklist } from '../../domain/src/imaging/server.ts';
import { demoOrganization, staff } from '../../domain/src/organization/index.ts';
import { demoPatient } from '../../domain/src/patient/index.ts';
import { registry } from '../../domain/src/registry.ts';
import { seedDemoStudies } from './demo.ts';

process.env['TONGPING_DEMO_PASSWORD'] ??= 'phantoms in the demo house';

it('the demo hospital has five studies, four of them matched by their identifiers; twice changes nothing', async () => {
	const house = await testHospital(registry, { seedAt: Date.now() });
	try {
		const started = performance.now();
		const now = Date.now();
		expect(await seedDemoStudies({ now })).toMatchObject({ stored: 183, refused: 0 });
		console.log(`demo studies: ${Math.round(performance.now() - started)} ms`);
		const radiologist = staff.find((member) => member.role === 'radiologist');
		if (radiologist === undefined) throw new Error('no radiologist');
		const rows = await worklist({ ...radiologist, user: radiologist.id, organization: demoOrganization.id, session: 's', steppedUpAt: 0 });
		expect(rows.filter((row) => row.matching.kind === 'unmatched').map((row) => row.header.name)).toEqual(['无名氏']);
		expect(rows.flatMap((row) => (row.chart === null ? [] : [row.chart.patient])).sort()).toEqual(
			['emergency/01', 'male/01', 'male/02', 'male/53'].map((key) => demoPatient(key).id as string).sort()
		);
		expect(await seedDemoStudies({ now })).toMatchObject({ stored: 0, known: 183, refused: 0 });
	} finally {
		await closeIngest(house.dataDir);
		await house.close();
	}
}, 60_000);
