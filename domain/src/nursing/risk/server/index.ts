import type { PatientId } from '../../../kernel/index.ts';
import { handle, type Handle, type Served, type WriteContext } from '../../../kernel/server/module.ts';
import { patientInCare } from '../../../patient/server.ts';
import { recordRisk, releaseRestraint, restrain, setDiet, setIsolation } from '../commands.ts';
import type { SafetyState } from '../decide.ts';
import { noSafety, type SafetyEvent } from '../risk.ts';
import { safetyOf, writeSafety } from './queries.ts';
import { safetyMigrations } from './tables.ts';

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
	handlers: [handle(recordRisk, ways), handle(setIsolation, ways), handle(restrain, ways), handle(releaseRestraint, ways), handle(setDiet, ways)]
};
