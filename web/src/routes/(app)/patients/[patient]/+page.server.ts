import { error } from '@sveltejs/kit';
import { allergiesTogether, earlyWarning, isPregnancy } from '@tongping/domain/clinical-record';
import { allergiesOf, conditionsOf, encountersOf, medicationsOf, observationSeries, vitalsForScore } from '@tongping/domain/clinical-record/server';
import type { WardTransfer } from '@tongping/domain/inpatient';
import { staysOf, transfersOf } from '@tongping/domain/inpatient/server';
import { isDoctor, isId, isNurse, type PatientId } from '@tongping/domain/kernel';
import { Denied, hospital, read } from '@tongping/domain/kernel/server';
import { levelsOf } from '@tongping/domain/nursing/server';
import { mayDiagnose, mayRecordFor, patientTopic, readsAsGuest } from '@tongping/domain/patient';
import { careOf, mayReadPatient, patientById, recordsOf } from '@tongping/domain/patient/server';
import { sentence } from '#kernel/answers.ts';
import type { ChartData, Series, StayLine } from '#modules/patient/chart/chart.ts';
import type { PageServerLoad } from './$types';

/** Where the stay was received since, and who is asked now. */
function betweenWards(transfers: readonly WardTransfer[]): Pick<StayLine, 'moves' | 'awaited'> {
	const open = transfers.find((one) => one.end === null);
	return {
		moves: transfers.flatMap(({ id, from, to, end }) => (end?.how === 'received' ? [{ id, at: end.at, from: from.name, to: to.name, by: end.by }] : [])),
		awaited: open === undefined ? null : { ward: open.to.name, by: open.askedBy, at: open.askedAt }
	};
}

export const load: PageServerLoad = async ({ params, locals, depends }): Promise<{ chart: ChartData }> => {
	const { actor, locale } = locals;
	// The layout has sent everyone else to sign in.
	if (actor === null) error(401, sentence(locale, 'signed-out'));
	const id = params.patient as PatientId;
	depends(`topic:${patientTopic(id)}`);
	const handle = hospital().reader;
	const now = Date.now();
	const allow = isId(id) && (await mayReadPatient(handle, actor, id, now));
	try {
		await read(actor, { purpose: 'chart', patient: isId(id) ? id : null, allow });
	} catch (denied) {
		if (denied instanceof Denied) error(404, sentence(locale, 'not-found'));
		throw denied;
	}
	const records = await recordsOf(handle, id);
	const patient = await patientById(handle, records[0] ?? id);
	if (patient === null) error(404, sentence(locale, 'not-found'));
	const [care, allergies, vitals, levels] = await Promise.all([
		careOf(handle, records, now),
		allergiesOf(handle, records),
		vitalsForScore(handle, [patient.id], now),
		levelsOf(handle, [patient.id])
	]);
	const [stays, conditions, medications, encounters, measured] = await Promise.all([
		staysOf(handle, records),
		conditionsOf(handle, records),
		medicationsOf(handle, records),
		encountersOf(handle, records),
		observationSeries(handle, records)
	]);
	const transfers = await Promise.all(stays.map((stay) => transfersOf(handle, stay.id)));
	const summary = allergiesTogether([...allergies.values()]);
	return {
		chart: {
			now,
			patient,
			stays: stays.map((stay, index) => ({
				id: stay.id,
				wardName: stay.wardName,
				bed: stay.bed?.number ?? null,
				admittedAt: stay.admittedAt,
				endedAt: stay.phase.phase === 'ended' ? stay.phase.at : null,
				severity: stay.severity,
				expectedDischarge: stay.expectedDischarge,
				team: stay.team,
				...betweenWards(transfers[index] ?? [])
			})),
			level: levels.get(patient.id)?.level ?? null,
			earlyWarning: earlyWarning({ birthDate: patient.birthDate, pregnant: conditions.some(isPregnancy) }, vitals.get(patient.id) ?? [], now),
			allergies: summary,
			conditions,
			medications,
			encounters,
			series: measured.map((line): Series => {
				const last = line.points.at(-1);
				return {
					code: line.code,
					display: line.display,
					category: line.category,
					unit: line.unit,
					low: last?.low ?? null,
					high: last?.high ?? null,
					points: line.points.map(({ at, value, text, flag }) => ({ at, value, text, flag }))
				};
			}),
			may: {
				diagnose: mayDiagnose(actor, care),
				record: mayRecordFor(actor, care),
				writeRound: (isDoctor(actor) || isNurse(actor)) && !readsAsGuest(actor, care)
			}
		}
	};
};
