import { localDate, type StayId } from '../../../kernel/index.ts';
import { handle, tables, type Handle, type Served } from '../../../kernel/server/module.ts';
import { teamOf } from '../../../identity-access/server.ts';
import { endNursing } from '../../../nursing/server.ts';
import { demoHouse, demoOrganization, demoWards } from '../../../organization/index.ts';
import { setBedStatus } from '../../../organization/server.ts';
import { demoPeople } from '../../../patient/index.ts';
import { beginCare, endCare } from '../../../patient/server.ts';
import { releaseBed } from '../../bed-assignment/server/store.ts';
import { admit, expectDischarge, leave, noticeDischarge, setResponsible, setSeverity, withdrawNotice } from '../commands.ts';
import { demoStay, earlierToday, inWardSince } from '../fixtures.ts';
import { loadAdmission, loadStay } from './queries.ts';
import { stayMigrations, type StayTable, type StayTables } from './tables.ts';

const HOUR_MS = 3_600_000;
const load = (trx: Handle, input: { readonly stay: StayId }) => loadStay(trx, input.stay);
const change = (trx: Handle, stay: StayId, set: Partial<StayTable>) =>
	tables<StayTables>(trx).updateTable('inpatient_stay').set(set).where('id', '=', stay).execute();

export const served: Served = {
	id: 'inpatient.stay',
	migrations: stayMigrations,
	async seed(trx, now) {
		const organization = demoOrganization.id;
		for (const person of demoPeople) {
			const told = demoStay(person);
			const admitted = now - person.admittedHoursAgo * HOUR_MS;
			const inWard = inWardSince(person, now);
			const left = person.leftHoursAgo === null ? null : earlierToday(now, person.leftHoursAgo);
			await tables<StayTables>(trx)
				.insertInto('inpatient_stay')
				.values({
					id: person.stay,
					organization,
					patient: person.id,
					ward: demoWards[person.ward],
					admitted_at: admitted,
					in_ward_since: inWard,
					from_ward: demoHouse.find((ward) => ward.key === told.fromWard?.ward)?.name ?? null,
					resident: told.resident.id,
					resident_name: told.resident.name,
					attending: told.attending.id,
					attending_name: told.attending.name,
					nurse: told.nurse.id,
					nurse_name: told.nurse.name,
					severity: person.gravity,
					expected_discharge: told.expectedInDays === null ? null : localDate(now + told.expectedInDays * 24 * HOUR_MS),
					notice_at: told.noticeHoursAgo === null ? null : now - told.noticeHoursAgo * HOUR_MS,
					notice_by: told.noticeHoursAgo === null ? null : told.attending.name,
					payer: told.payer,
					waiting_since: left === null ? inWard : null,
					command_id: null,
					changed_by: told.nurse.name,
					ended_at: left,
					ended_by: left === null ? null : told.nurse.name
				})
				.execute();
			await beginCare(trx, organization, person.id, demoWards[person.ward], inWard);
			if (left === null) continue;
			await endCare(trx, person.id, demoWards[person.ward], left);
			await endNursing(trx, person.id, left, told.nurse.name);
		}
	},
	handlers: [
		handle(admit, {
			load: (trx, input, { now }) => loadAdmission(trx, input.patient, input.ward, now),
			async save(trx, events, { actor, now, commandId }) {
				for (const event of events) {
					await tables<StayTables>(trx)
						.insertInto('inpatient_stay')
						.values({
							id: event.stay,
							organization: actor.organization,
							patient: event.patient,
							ward: event.ward,
							admitted_at: now,
							in_ward_since: now,
							from_ward: null,
							resident: null,
							resident_name: null,
							attending: null,
							attending_name: null,
							nurse: null,
							nurse_name: null,
							severity: null,
							expected_discharge: null,
							notice_at: null,
							notice_by: null,
							payer: event.payer,
							waiting_since: now,
							command_id: commandId,
							changed_by: actor.name,
							ended_at: null,
							ended_by: null
						})
						.execute();
					await beginCare(trx, actor.organization, event.patient, event.ward, now);
				}
			}
		}),
		handle(noticeDischarge, {
			load,
			async save(trx, events, { actor, now }) {
				for (const event of events) await change(trx, event.stay, { notice_at: now, notice_by: actor.name, expected_discharge: event.expectedDischarge });
			}
		}),
		handle(withdrawNotice, {
			load,
			async save(trx, events) {
				for (const event of events) await change(trx, event.stay, { notice_at: null, notice_by: null });
			}
		}),
		handle(leave, {
			load,
			async save(trx, events, { actor, now, commandId }) {
				for (const event of events) {
					await releaseBed(trx, event.stay, now, actor.name);
					if (event.bed !== null)
						await setBedStatus(trx, event.bed, { status: event.status, note: null, reservedFor: null, commandId, by: actor.name, at: now });
					await change(trx, event.stay, { ended_at: now, ended_by: actor.name, waiting_since: null, command_id: commandId, changed_by: actor.name });
					await endCare(trx, event.patient, event.ward, now);
					await endNursing(trx, event.patient, now, actor.name);
				}
			}
		}),
		handle(setSeverity, {
			load,
			async save(trx, events, { now }) {
				for (const event of events) await change(trx, event.stay, { severity: event.severity, severity_since: event.severity === null ? null : now });
			}
		}),
		handle(setResponsible, {
			async load(trx, input, { actor }) {
				const state = await loadStay(trx, input.stay);
				const team = state.stay === null || input.user === null ? [] : await teamOf(trx, actor.organization, state.stay.ward);
				return { ...state, person: team.find((one) => one.user === input.user) ?? null };
			},
			async save(trx, events) {
				for (const { stay, post, person } of events) {
					const [user, name] = [person?.user ?? null, person?.name ?? null];
					await change(
						trx,
						stay,
						post === 'nurse'
							? { nurse: user, nurse_name: name }
							: post === 'resident'
								? { resident: user, resident_name: name }
								: { attending: user, attending_name: name }
					);
				}
			}
		}),
		handle(expectDischarge, {
			load,
			async save(trx, events) {
				for (const event of events) await change(trx, event.stay, { expected_discharge: event.date });
			}
		})
	]
};
