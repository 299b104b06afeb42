/**
 * Two tabs of one doctor, answers that come late, clicks between two pages: the screen shows one patient and holds the
 * records of another. Every write names the patient it is meant for; the real write door must refuse each that would
 * touch somebody else's record. `--plant`: the same door without that comparison, which this test must convict.
 * npm run faults:wrong-patient -- --rounds 100000 --seed 1
 */
import { parseArgs } from 'node:util';
import { demoOrganization } from '@tongping/domain/organization';
import { newId, type Actor, type Outcome } from '@tongping/domain/kernel';
import { tables, testHospital, type Served } from '@tongping/domain/kernel/server';
import { registry } from '../../domain/src/registry.ts';
import { seeded, type Random } from '../../sync-server/src/gate/random.ts';

export interface WrongPatientResult {
	readonly seed: number;
	readonly rounds: number;
	/** writes whose record belonged to another patient than the one on the screen */
	readonly mistaken: number;
	readonly done: number;
	readonly refusals: Readonly<Record<string, number>>;
	/** writes that reached somebody else's record */
	readonly crossWrites: number;
	readonly examples: readonly string[];
}

type Row = Readonly<Record<string, string | number | null>>;
interface Chart {
	readonly patient: string;
	readonly stay: string | null;
	readonly bed: string | null;
	readonly conditions: readonly string[];
	readonly medications: readonly string[];
	readonly allergies: readonly string[];
}
/** A page with the worst habits: it shows the patient of its address and whatever records arrived last. */
interface Tab {
	shown: string;
	chart: Chart | null;
	readonly onTheWay: Chart[];
}
interface Write {
	readonly command: string;
	readonly input: Readonly<Record<string, unknown>>;
	/** whose records the input names */
	readonly touches: readonly string[];
	readonly meant: readonly string[];
}
interface Tables {
	inpatient_stay: Row;
	bed_assignment: Row;
	condition: Row;
	medication: Row;
	allergy: Row;
	ward_bed: Row;
}

/** The comparison of screen and record taken out of every command. */
const withoutComparison = (served: readonly Served[]): readonly Served[] =>
	served.map((each) =>
		each.handlers === undefined
			? each
			: {
					...each,
					handlers: each.handlers.map((handler) => ({
						...handler,
						command: { ...handler.command, patientOf: (_state: never, input: never) => handler.command.patient(input) }
					}))
				}
	);

const actor: Actor = {
	user: 'attending1' as Actor['user'],
	name: '陈书遥',
	role: 'attending',
	organization: demoOrganization.id,
	wards: '*',
	session: 'two-tabs',
	steppedUpAt: Number.MAX_SAFE_INTEGER
};

function writeFrom(tab: Tab, other: Tab, random: Random): Write | null {
	const { shown: patient, chart } = tab;
	if (chart === null) return null;
	const one = (ids: readonly string[]): string | null => (ids.length === 0 ? null : random.pick(ids));
	const about = (command: string, input: Readonly<Record<string, unknown>>): Write => ({
		command,
		input: { patient, ...input },
		touches: [chart.patient],
		meant: [patient]
	});
	const record = (command: string, key: string, id: string | null, rest: object): Write | null => (id === null ? null : about(command, { [key]: id, ...rest }));
	switch (random.below(10)) {
		case 0:
			return record('clinical-record.condition.resolve', 'condition', one(chart.conditions), { as: 'resolved', reason: '已愈，停记' });
		case 1:
			return record('clinical-record.medication.stop', 'medication', one(chart.medications), { reason: '不再需要' });
		case 2:
			return record('clinical-record.allergy.refute', 'allergy', one(chart.allergies), { reason: '复核否定' });
		case 3:
		case 4:
			return record('inpatient.stay.set-severity', 'stay', chart.stay, { severity: random.pick(['critical', 'serious', null]) });
		case 5:
			return record('inpatient.stay.expect-discharge', 'stay', chart.stay, { date: random.pick(['2026-12-01', '2026-12-05', null]) });
		case 6:
			return chart.bed === null
				? record('inpatient.bed-assignment.assign-from-waiting', 'stay', chart.stay, { to: other.chart?.bed ?? newId(), override: null })
				: record('inpatient.bed-assignment.send-to-waiting', 'stay', chart.stay, { from: chart.bed });
		case 7: {
			const theirs = other.chart;
			if (chart.stay === null || chart.bed === null || theirs === null || theirs.stay === null || theirs.bed === null) return null;
			return {
				command: 'inpatient.bed-assignment.swap',
				input: { patient, stay: chart.stay, from: chart.bed, other: { patient: other.shown, stay: theirs.stay, from: theirs.bed }, override: null },
				touches: [chart.patient, theirs.patient],
				meant: [patient, other.shown]
			};
		}
		case 8:
			return record('inpatient.bed-assignment.transfer', 'stay', chart.stay === null || chart.bed === null ? null : chart.stay, {
				from: chart.bed,
				to: other.chart?.bed ?? newId(),
				override: null
			});
		default:
			return about('clinical-record.medication.record', { drug: `药物 ${String(random.below(1e6))}`, dose: '5 mg', route: '口服', frequency: 'qd' });
	}
}

export async function wrongPatient({ rounds = 1000, seed = 1, plant = false, until = Infinity } = {}): Promise<WrongPatientResult> {
	const random = seeded(seed);
	// The demo accounts are made with it; nobody signs in here.
	process.env['TONGPING_DEMO_PASSWORD'] ??= newId();
	const house = await testHospital(plant ? withoutComparison(registry) : registry, { seedAt: Date.now() });
	const db = tables<Tables>(house.hospital.reader);
	const refusals: Record<string, number> = {};
	const examples: string[] = [];
	let [mistaken, done, crossWrites, written] = [0, 0, 0, 0];
	const chartOf = async (patient: string): Promise<Chart> => {
		const ids = async (table: 'condition' | 'medication' | 'allergy'): Promise<string[]> =>
			(await db.selectFrom(table).select('id').where('patient', '=', patient).limit(20).execute()).map((row) => String(row['id']));
		const stay = await db.selectFrom('inpatient_stay').select('id').where('patient', '=', patient).where('ended_at', 'is', null).executeTakeFirst();
		const bed = await db.selectFrom('bed_assignment').select('bed').where('patient', '=', patient).where('ended_at', 'is', null).executeTakeFirst();
		return {
			patient,
			stay: stay === undefined ? null : String(stay['id']),
			bed: bed === undefined ? null : String(bed['bed']),
			conditions: await ids('condition'),
			medications: await ids('medication'),
			allergies: await ids('allergy')
		};
	};
	/** Whose every record is: no command may ever change that. */
	const ownership = async (): Promise<ReadonlyMap<string, string>> => {
		const owners = new Map<string, string>();
		for (const table of ['inpatient_stay', 'bed_assignment', 'condition', 'medication', 'allergy'] as const)
			for (const row of await db.selectFrom(table).select(['id', 'patient']).execute()) owners.set(`${table} ${String(row['id'])}`, String(row['patient']));
		return owners;
	};
	const judge = ({ command, input, touches, meant }: Write, outcome: Outcome): void => {
		const wrong = touches.some((patient, i) => patient !== meant[i]) && command !== 'clinical-record.medication.record';
		if (wrong) mistaken++;
		if (outcome.kind !== 'done') {
			const why = outcome.kind === 'refused' ? outcome.refusal.code : outcome.kind;
			refusals[why] = (refusals[why] ?? 0) + 1;
			return;
		}
		done++;
		const strangers = outcome.events.filter((event) => event.patient !== null && !meant.includes(event.patient));
		if (!wrong && strangers.length === 0) return;
		crossWrites++;
		if (examples.length < 5) examples.push(`${command} ${JSON.stringify(input)} reached ${touches.join(' and ')}`);
	};
	try {
		const patients = [
			...new Set((await db.selectFrom('inpatient_stay').select('patient').where('ended_at', 'is', null).execute()).map((row) => String(row['patient'])))
		].slice(0, 24);
		const before = await ownership();
		const tabs: Tab[] = [0, 1].map(() => ({ shown: random.pick(patients), chart: null, onTheWay: [] }));
		let late: Write[] = [];
		while (written < rounds && performance.now() < until) {
			const clicked: Write[] = [];
			for (let step = 0; step < 60; step++) {
				const [tab, other] = random.chance(0.5) ? (tabs as [Tab, Tab]) : ([...tabs].reverse() as [Tab, Tab]);
				const what = random.below(10);
				if (what < 2) {
					tab.shown = random.pick(patients);
					tab.onTheWay.push(await chartOf(tab.shown));
				} else if (what < 4 && tab.onTheWay.length > 0) {
					// Answers arrive in any order, also long after the page went on.
					[tab.chart = tab.chart] = tab.onTheWay.splice(random.below(tab.onTheWay.length), 1);
				} else {
					const write = writeFrom(tab, other, random);
					if (write !== null) (random.chance(0.1) ? late : clicked).push(write);
				}
			}
			// Some clicks hang in the network and arrive among those of another page.
			if (random.chance(0.5)) clicked.push(...late.splice(0));
			const order = clicked.map((write) => ({ write, at: random.next() })).sort((a, b) => a.at - b.at);
			const outcomes = await Promise.all(order.map(async ({ write }) => ({ write, outcome: await house.execute(write.command, write.input, actor) })));
			for (const { write, outcome } of outcomes) judge(write, outcome);
			written += outcomes.length;
			late = late.slice(-50);
		}
		const after = await ownership();
		for (const [record, patient] of before)
			if (after.get(record) !== patient) {
				crossWrites++;
				examples.push(`${record} changed hands`);
			}
		const strays = await db
			.selectFrom('bed_assignment')
			.innerJoin('inpatient_stay', 'inpatient_stay.id', 'bed_assignment.stay')
			.select('bed_assignment.id')
			.whereRef('bed_assignment.patient', '!=', 'inpatient_stay.patient')
			.execute();
		crossWrites += strays.length;
	} finally {
		await house.close();
	}
	return { seed, rounds: written, mistaken, done, refusals, crossWrites, examples };
}

if (import.meta.main) {
	const { values } = parseArgs({
		options: { seed: { type: 'string', default: '1' }, rounds: { type: 'string', default: '100000' }, plant: { type: 'boolean', default: false } }
	});
	const [seed, rounds] = [Number(values.seed), Number(values.rounds)];
	if (values.plant) {
		const planted = await wrongPatient({ rounds, seed, plant: true });
		console.log(JSON.stringify({ test: 'wrong patient, comparison removed', holds: planted.crossWrites > 0, ...planted }));
		process.exit(planted.crossWrites > 0 ? 0 : 1);
	}
	const started = performance.now();
	const result = await wrongPatient({ rounds, seed });
	const control = await wrongPatient({ rounds: 2000, seed, plant: true });
	const holds = result.crossWrites === 0 && result.mistaken > 0 && result.done > 0 && control.crossWrites > 0;
	console.log(
		JSON.stringify({
			test: 'wrong patient',
			holds,
			seconds: Math.round((performance.now() - started) / 1000),
			...result,
			control: { rounds: control.rounds, crossWrites: control.crossWrites }
		})
	);
	process.exit(holds ? 0 : 1);
}
