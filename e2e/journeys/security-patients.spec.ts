import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@tongping/domain/kernel';
import { openReading, verifyAudit } from '@tongping/domain/kernel/server';
import { demoBed, demoPerson, demoWards } from '@tongping/domain/organization';
import { demoPatient, demoPeople } from '@tongping/domain/patient';
import { expect, test } from '@playwright/test';
import { arrive } from '../actors/index.ts';
import { ask, bearerOf, dial, knock, order, paragraphFrame, postJson, tokenOf, type Reply } from '../actors/wire.ts';

type Row = Readonly<Record<string, string | number | null>>;
/** What the hospital really holds, read beside the running server by a connection that cannot write. */
function stored(sql: string): readonly Row[] {
	const { raw } = openReading(join(process.env.TONGPING_E2E_DATA ?? '', 'tongping.db'));
	try {
		return raw.prepare(sql).all([]) as Row[];
	} finally {
		raw.close();
	}
}
const clinical = (): string =>
	JSON.stringify(
		['bed_assignment', 'inpatient_stay', 'note', 'note_signature', 'patient', 'ward_bed', 'outbox'].map((table) => stored(`select * from ${table} order by 1`))
	);

/** Everything but the id that was asked for, and what differs from answer to answer anyway. */
const plain = ({ status, headers, text }: Reply, ids: readonly string[]): string =>
	[
		status,
		headers['content-type'],
		headers['cache-control'],
		ids.reduce((all, id) => all.replaceAll(id, 'ID'), text).replaceAll(/nonce="[^"]*"/gu, 'nonce')
	].join('\n');

test('a nurse of the men’s ward learns nothing of the women’s ward, not even that it is there', async () => {
	test.setTimeout(120_000);
	const nurse = await tokenOf('nurse1');
	const resident2 = await tokenOf('resident2');
	const person = demoPatient('female/06');
	if (person.bed === null) throw new Error('female/06 has no bed');
	const opened = await order(resident2, 'clinical-document.note.open', { patient: person.id, stay: person.stay, type: 'daily-progress' });
	expect(opened.status, opened.text).toBe(200);
	const note = (JSON.parse(opened.text) as { events: { note: string }[] }).events[0]?.note ?? '';
	interface Listed {
		readonly study: string;
		readonly studyUid: string;
		readonly reading: string;
		readonly report: string;
		readonly chart: { readonly patient: string } | null;
	}
	// Until all have come, a study that will belong to one of the men is nobody's.
	await expect.poll(() => existsSync(join(process.env.TONGPING_E2E_DATA ?? '', 'demo-studies')), { timeout: 60_000 }).toBe(true);
	const list = (await postJson('/api/imaging/worklist', { limit: 200 }, bearerOf(await tokenOf('radiologist1')))).text;
	const men = new Set<string>(demoPeople.filter((one) => one.ward === 'male').map((one) => one.id));
	const study = (JSON.parse(list) as Listed[]).find(({ chart }) => chart === null || !men.has(chart.patient));
	if (study === undefined) throw new Error('the demo has no study that a nurse of the men’s ward may not see');

	const addresses: readonly (readonly [string, (id: string) => string])[] = [
		[demoWards.female, (id) => `/wards/${id}`],
		[person.id, (id) => `/patients/${id}`],
		[person.id, (id) => `/patients/${id}/round`],
		[note, (id) => `/notes/${id}`],
		[note, (id) => `/notes/${id}/print`],
		[note, (id) => `/notes/${id}/pdf`],
		[study.study, (id) => `/imaging/${id}`],
		[study.study, (id) => `/api/imaging/studies/${id}`],
		[study.study, (id) => `/api/imaging/studies/${id}/report.pdf`]
	];
	// The same addresses open for those whose patients they are: what follows is not a list of typing errors.
	const entitled = { ward: bearerOf(resident2), imaging: bearerOf(await tokenOf('radiologist1')) };
	for (const [id, at] of addresses.filter(([address, path]) => !path(address).endsWith('report.pdf'))) {
		const reply = await ask('GET', at(id), { headers: at(id).includes('imaging') ? entitled.imaging : entitled.ward });
		expect.soft([200, 303], `${at(id)} for those in charge`).toContain(reply.status);
	}
	expect(await knock(`/sync/ward-board/${demoWards.female}?v=1`, entitled.ward)).toBe(101);
	expect(await knock(`/sync/note/${note}?v=1`, entitled.ward)).toBe(101);
	expect(await knock(`/sync/reading/${study.reading}?v=1`, entitled.imaging)).toBe(101);
	expect((await ask('GET', `/dicomweb/studies/${study.studyUid}/metadata`, { headers: entitled.imaging })).status).toBe(200);

	const headers = bearerOf(nurse);
	for (const [id, at] of addresses)
		for (const tail of at(id).startsWith('/api') ? [''] : ['', '/__data.json']) {
			const unknown = newId();
			const [theirs, nobodys] = [await ask('GET', at(id) + tail, { headers }), await ask('GET', at(unknown) + tail, { headers })];
			expect.soft(plain(theirs, [id]), at(id) + tail).toBe(plain(nobodys, [unknown]));
			expect.soft(theirs.text).not.toContain(person.name);
			if (tail === '') expect.soft(theirs.status, at(id)).toBe(404);
		}
	const uid = '2.25.329800735698586629295641978511506172918';
	for (const tail of [
		'',
		'/metadata',
		'/series',
		'/instances',
		'/rendered',
		'/thumbnail',
		'/series/1.2.3/instances',
		'/series/1.2.3/instances/1.2.4/frames/1'
	]) {
		const [theirs, nobodys] = [
			await ask('GET', `/dicomweb/studies/${study.studyUid}${tail}`, { headers }),
			await ask('GET', `/dicomweb/studies/${uid}${tail}`, { headers })
		];
		expect.soft(plain(theirs, [study.studyUid]), `DICOMweb ${tail}`).toBe(plain(nobodys, [uid]));
	}
	expect((await ask('GET', `/dicomweb/studies?StudyInstanceUID=${study.studyUid}`, { headers })).status).toBe(204);
	for (const [path, foreign, unknown] of [
		['/api/patients', { text: person.name }, { text: '查无此人' }],
		['/api/patients', { text: person.mrn }, { text: 'ZZ999999' }],
		['/api/imaging/worklist', { text: person.name }, { text: '查无此人' }],
		['/api/imaging/worklist', { patient: person.id }, { patient: newId() }],
		['/imaging/candidates', { text: person.name }, { text: '查无此人' }]
	] as const)
		expect.soft(plain(await postJson(path, foreign, headers), []), path).toBe(plain(await postJson(path, unknown, headers), []));

	for (const [room, id] of [
		['ward-board', demoWards.female],
		['note', note],
		['reading', study.reading],
		['report', study.report]
	] as const)
		expect.soft([await knock(`/sync/${room}/${id}?v=1`, headers), await knock(`/sync/${room}/${newId()}?v=1`, headers)], room).toEqual([404, 404]);

	const before = clinical();
	const theirs = {
		patient: person.id as string,
		stay: person.stay as string,
		bed: demoBed('female', person.bed) as string,
		to: demoBed('female', '04') as string,
		note
	};
	const hash = '0'.repeat(64);
	const orders: readonly (readonly [string, (of: typeof theirs) => object])[] = [
		['inpatient.bed-assignment.transfer', ({ patient, stay, bed, to }) => ({ patient, stay, from: bed, to })],
		['inpatient.bed-assignment.send-to-waiting', ({ patient, stay, bed }) => ({ patient, stay, from: bed })],
		['inpatient.bed-assignment.assign-from-waiting', ({ patient, stay, to }) => ({ patient, stay, to })],
		['inpatient.bed.set-status', ({ to }) => ({ bed: to, status: 'cleaning' })],
		['inpatient.stay.set-severity', ({ patient, stay }) => ({ patient, stay, severity: 'serious' })],
		['inpatient.stay.expect-discharge', ({ patient, stay }) => ({ patient, stay, date: '2099-01-02' })],
		['inpatient.stay.leave', ({ patient, stay }) => ({ patient, stay })],
		['nursing.level.set', ({ patient }) => ({ patient, level: 'first' })],
		['nursing.risk.record', ({ patient }) => ({ patient, assessment: { scale: 'Morse', score: 55 } })],
		['nursing.risk.set-isolation', ({ patient }) => ({ patient, isolation: { kind: 'contact', organism: 'MRSA' } })],
		['nursing.risk.set-diet', ({ patient }) => ({ patient, diet: 'soft' })],
		['clinical-record.observation.record', ({ patient }) => ({ patient, values: [{ code: '8310-5', value: 36.8, unit: 'Cel' }] })],
		['clinical-record.allergy.record', ({ patient }) => ({ patient, statement: { status: 'none-known' } })],
		['patient.registry.correct', ({ patient }) => ({ patient, name: '改名', sex: 'female', birthDate: null, reason: '试一试' })],
		['clinical-document.note.open', ({ patient, stay }) => ({ patient, stay, type: 'nursing-record' })],
		['clinical-document.note.sign', ({ patient, note: id }) => ({ patient, note: id, hash })],
		['clinical-document.note.propose-addendum', ({ patient, note: id }) => ({ patient, note: id, root: 'plan', text: '补记', origin: 'afterthought' })]
	];
	for (const [command, input] of orders) {
		const unknown = { patient: newId(), stay: newId(), bed: newId(), to: newId(), note: newId() };
		const [real, made] = [await order(nurse, command, input(theirs)), await order(nurse, command, input(unknown))];
		expect.soft(plain(real, Object.values(theirs)), command).toBe(plain(made, Object.values(unknown)));
		expect.soft(real.status, `${command} ${real.text}`).toBe(403);
	}
	expect(clinical()).toBe(before);
});

test('an order for one patient on the record of another changes nothing', async () => {
	const nurse = await tokenOf('nurse1');
	const [a, b, woman] = [demoPatient('male/05'), demoPatient('male/10'), demoPatient('female/06')];
	const before = clinical();
	for (const [command, input, status] of [
		['inpatient.bed-assignment.transfer', { patient: a.id, stay: b.stay, from: demoBed('male', '10'), to: demoBed('male', '04') }, 409],
		['inpatient.bed-assignment.send-to-waiting', { patient: a.id, stay: b.stay, from: demoBed('male', '10') }, 409],
		['clinical-document.note.open', { patient: a.id, stay: b.stay, type: 'nursing-record' }, 409],
		['inpatient.bed-assignment.transfer', { patient: a.id, stay: woman.stay, from: demoBed('female', '06'), to: demoBed('male', '04') }, 403],
		['clinical-document.note.open', { patient: a.id, stay: woman.stay, type: 'nursing-record' }, 403]
	] as const) {
		const reply = await order(nurse, command, input);
		expect(reply.status, `${command} ${reply.text}`).toBe(status);
		if (status === 409) expect(reply.text).toContain('"patient-mismatch"');
	}
	expect(clinical()).toBe(before);
});

test('a name that is markup is a name, and an address never tells who', async ({ browser }) => {
	test.setTimeout(180_000);
	const name = '<img src=x onerror=alert(1)>';
	const words = '<img src=x onerror=alert(2)><script>alert(3)</script>';
	const token = await tokenOf('resident1');
	const done = async (command: string, input: unknown): Promise<Readonly<Record<string, string>>> => {
		const reply = await order(token, command, input);
		expect(reply.status, `${command} ${reply.text}`).toBe(200);
		return (JSON.parse(reply.text) as { events: Record<string, string>[] }).events[0] ?? {};
	};
	const bundle = {
		resourceType: 'Bundle',
		type: 'transaction',
		entry: [{ resource: { resourceType: 'Patient', id: 'markup-1', name: [{ text: name }], gender: 'male', birthDate: '1990-02-28' } }]
	};
	const imported = await postJson('/api/interoperability/fhir', bundle, bearerOf(await tokenOf('admin1')));
	expect(imported.status, imported.text).toBe(200);
	const foreign = String(stored(`select id from patient where name = '${name}'`)[0]?.['id']);
	const { patient = '' } = await done('patient.registry.register', { mrn: 'SEC-0001', name, sex: 'male', birthDate: '1980-01-01' });
	const { stay = '' } = await done('inpatient.stay.admit', { patient, ward: demoWards.male, payer: '自费' });
	const { note = '' } = await done('clinical-document.note.open', { patient, stay, type: 'daily-progress' });
	const line = await dial(`/sync/note/${note}?v=1`, bearerOf(token));
	line.socket.send(paragraphFrame('plan', words));

	const resident = await arrive(browser, 'resident1');
	const { page } = resident;
	const dialogs: string[] = [];
	page.on('dialog', (dialog) => {
		dialogs.push(dialog.message());
		dialog.dismiss().catch(() => undefined);
	});
	const told: string[] = [];
	page.on('request', (request) => {
		told.push(request.url(), request.headers()['referer'] ?? '');
	});
	page.on('framenavigated', (frame) => told.push(frame.url()));
	const visit = async (path: string): Promise<void> => {
		await page.goto(path);
		await page.waitForLoadState('load');
		told.push(page.url(), await page.title());
	};
	await visit('/');
	await expect(page.getByText(name).first()).toBeVisible();
	for (const path of [`/patients/${patient}`, `/patients/${foreign}`]) {
		await visit(path);
		await expect(page.getByText(name).first()).toBeVisible();
	}
	await visit(`/patients/${patient}/round`);
	await expect(page.locator('[data-root="plan"]')).toContainText(words);
	await visit(`/notes/${note}/print`);
	await expect(page.getByText(words).first()).toBeVisible();
	expect(await page.locator('img[src="x"]').count()).toBe(0);
	for (const key of ['male/05', 'male/10'] as const) {
		await visit(`/patients/${demoPatient(key).id}`);
		await visit(`/patients/${demoPatient(key).id}/round`);
	}
	await visit('/imaging');
	await visit('/notes');
	expect(dialogs).toEqual([]);

	const everyone = stored('select name, mrn from patient').flatMap(({ name: who, mrn }) => [String(who), String(mrn)]);
	const leaks = told.map((text) => decodeURIComponent(text)).filter((text) => everyone.some((known) => known.length > 1 && text.includes(known)));
	expect(leaks).toEqual([]);
	expect(told.length).toBeGreaterThan(50);
	line.socket.terminate();
	await resident.leave();
	await done('inpatient.stay.discharge-notice', { patient, stay });
	expect((await order(await tokenOf('nurse1'), 'inpatient.stay.leave', { patient, stay })).status).toBe(200);
});

test('who read, who joined and who was refused stands in a chain that holds', async () => {
	const resident = await tokenOf('resident1');
	const me = demoPerson('resident1').id;
	const from = Number(stored('select max(position) as at from audit')[0]?.['at']);
	const [person, woman] = [demoPatient('male/05'), demoPatient('female/06')];
	expect((await ask('GET', `/patients/${person.id}`, { headers: bearerOf(resident) })).status).toBe(200);
	expect((await ask('GET', `/patients/${woman.id}`, { headers: bearerOf(resident) })).status).toBe(404);
	expect((await ask('GET', `/notes/${newId()}`, { headers: bearerOf(resident) })).status).toBe(404);
	expect(await knock(`/sync/ward-board/${demoWards.male}?v=1`, bearerOf(resident))).toBe(101);
	expect(await knock(`/sync/ward-board/${demoWards.female}?v=1`, bearerOf(resident))).toBe(404);
	await postJson('/api/patients', { text: person.name }, bearerOf(resident));
	const move = { patient: person.id, stay: person.stay, from: demoBed('male', '05'), to: demoBed('male', '05') };
	expect((await order(resident, 'inpatient.bed-assignment.transfer', move)).status).toBe(409);
	const lines = (): string[] =>
		stored(`select * from audit where position > ${from} and user = '${me}' order by position`).map(({ action, purpose, patient, outcome }) =>
			[action, purpose, patient ?? '-', outcome].join(' ')
		);
	await expect
		.poll(lines)
		.toEqual(
			expect.arrayContaining([
				`read chart ${person.id} done`,
				`read chart ${woman.id} denied`,
				'read chart - denied',
				'join treatment - done',
				'sync-refused treatment - denied',
				'read search - done',
				`inpatient.bed-assignment.transfer treatment ${person.id} refused`
			])
		);
	expect(JSON.stringify(stored(`select detail from audit where position > ${from}`))).not.toContain(person.name);
	const { raw, handle } = openReading(join(process.env.TONGPING_E2E_DATA ?? '', 'tongping.db'));
	const verified = await verifyAudit(handle);
	raw.close();
	expect(verified.brokenAt).toBeNull();
	expect(verified.rows).toBeGreaterThan(from);
});
