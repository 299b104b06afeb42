import type { PatientId } from '../../../kernel/index.ts';
import { handle, type Handle, type Served, type WriteContext } from '../../../kernel/server/module.ts';
import { demoOrganization } from '../../../organization/index.ts';
import { demoPeople } from '../../../patient/index.ts';
import { patientInCare } from '../../../patient/server.ts';
import { recordRisk, releaseRestraint, restrain, setDiet, setIsolation } from '../commands.ts';
import type { SafetyState } from '../decide.ts';
import { demoSafety } from '../fixtures.ts';
import { noSafety, type SafetyEvent } from '../risk.ts';
import { safetyOf, writeSafety } from './queries.ts';
import { safetyMigrations } from './tables.ts';

const HOUR_MS = 3_600_000;

const ways = {
	async load(trx: Handle, input: { readonly patient: PatientId }, { now }: WriteContext): Promise<SafetyState> {
		return { ...(await patientInCare(trx, input.patient, now)), safety: (await safetyOf(trx, [input.patient])).get(input.patient) ?? noSafety };
	},
	async save(trx: Handle, events: readonly SafetyEvent[], { actor, now }: WriteContext): Promise<void> {
		for (const event of events) await writeSafety(trx, event, { organization: actor.organization, at: now, by: actor.name });
	}
};

export const served: Served = {
	id: 'nursing.risk',
	migrations: safetyMigrations,
	async seed(trx, now) {
		for (const person of demoPeople) {
			const told = demoSafety(person);
			const concerning = { patient: person.id, wards: [] };
			const when = (at: number) => ({ organization: demoOrganization.id, at, by: '王思齐' });
			const admitted = now - person.admittedHoursAgo * HOUR_MS + HOUR_MS / 3;
			for (const risk of told.risks) await writeSafety(trx, { type: 'nursing.risk.recorded', ...concerning, ...risk }, when(admitted));
			if (told.isolation !== null) await writeSafety(trx, { type: 'nursing.risk.isolation-set', ...concerning, isolation: told.isolation }, when(admitted));
			if (told.restraint !== null)
				await writeSafety(
					trx,
					{ type: 'nursing.risk.restraint-begun', ...concerning, reason: told.restraint.reason },
					when(now - told.restraint.minutesAgo * 60_000)
				);
			await writeSafety(trx, { type: 'nursing.risk.diet-set', ...concerning, diet: told.diet }, when(admitted));
		}
	},
	handlers: [handle(recordRisk, ways), handle(setIsolation, ways), handle(restrain, ways), handle(releaseRestraint, ways), handle(setDiet, ways)]
};
