import { describe, expect, it } from 'vitest';
import type { PatientId, StayId, WardId } from '../../kernel/index.ts';
import { facts } from '../bed-assignment/fixtures.ts';
import type { Patient } from '../../patient/index.ts';
import { decideAdmit, decideExpectDischarge, decideLeave, decideNotice, decideSetSeverity, decideWithdrawNotice } from './decide.ts';
import type { AdmitState, Stay } from './stay.ts';

const patient = 'p' as PatientId;
const stay = 's' as StayId;
const ward = 'w' as WardId;
const ann: Patient = { id: patient, mrn: '1', name: 'ann', initials: 'a', pinyin: 'ann', sex: 'female', birthDate: null };
const present: Stay = {
	id: stay,
	patient,
	ward,
	admittedAt: 1,
	phase: { phase: 'present' },
	severity: null,
	expectedDischarge: null,
	payer: '自费',
	bed: null
};
const leaving: Stay = { ...present, phase: { phase: 'leaving', noticeAt: 3, noticeBy: '李晨' } };
const ended: Stay = { ...present, phase: { phase: 'ended', at: 4, by: '王思齐' } };
const of = (s: Stay) => ({ stay: s, transfer: null, patientName: 'ann', isolation: null });
const about = { patient, stay };

describe('admission', () => {
	const state: AdmitState = { patient: ann, care: { wards: [] }, ward: { id: ward, name: '女病区', sexRule: 'female' }, running: null };
	const admit = (change: Partial<AdmitState>) => decideAdmit({ ...state, ...change }, { patient, ward, payer: '职工' }, facts);
	it('begins a stay', () => {
		expect(admit({})).toMatchObject({ ok: true, value: [{ type: 'inpatient.stay.admitted', ward, payer: '职工' }] });
	});
	it.each<[string, Partial<AdmitState>, string]>([
		['a second stay', { running: { ward: '男病区', bed: '12', at: 1 } }, 'already-admitted'],
		['a man to a ward for women', { patient: { ...ann, sex: 'male' } }, 'ward-sex'],
		['a ward that is not there', { ward: null }, 'ward-unknown']
	])('refuses %s', (_, change, code) => {
		expect(admit(change)).toMatchObject({ refusal: { code } });
	});
	it('lets somebody of unknown sex wait in any ward: the bed asks', () => {
		expect(admit({ patient: { ...ann, sex: 'unknown' } }).ok).toBe(true);
	});
});

describe('leaving', () => {
	const code = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? 'ok' : result.refusal?.code);
	it.each<[string, Stay, string, string, string]>([
		['present', present, 'ok', 'no-discharge-notice', 'no-discharge-notice'],
		['leaving', leaving, 'notice-already-given', 'ok', 'ok'],
		['ended', ended, 'stay-ended', 'stay-ended', 'stay-ended']
	])('%s: notice, withdrawal, physical leaving', (_, given, notice, withdrawal, left) => {
		expect(code(decideNotice(of(given), { ...about, expectedDischarge: null }, facts))).toBe(notice);
		expect(code(decideWithdrawNotice(of(given), { ...about, reason: '家属要求' }))).toBe(withdrawal);
		expect(code(decideLeave(of(given), about))).toBe(left);
	});
	it('frees the bed it was in', () => {
		const given = of({ ...leaving, bed: { bed: 'b' as never, number: '12' } });
		expect(decideLeave(given, about)).toMatchObject({ value: [{ bedNumber: '12', status: 'cleaning' }] });
		expect(decideLeave({ ...given, isolation: { kind: 'contact', organism: 'MRSA' } }, about)).toMatchObject({ value: [{ status: 'disinfecting' }] });
		expect(decideLeave({ ...given, isolation: { kind: 'protective', organism: null } }, about)).toMatchObject({ value: [{ status: 'cleaning' }] });
	});
	it('does not go back in time, and changes only what changes', () => {
		expect(code(decideExpectDischarge(of(present), { ...about, date: '1969-01-01' }, facts))).toBe('date-in-past');
		expect(code(decideExpectDischarge(of(present), { ...about, date: null }, facts))).toBe('ok');
		expect(code(decideSetSeverity(of(present), { ...about, severity: null }))).toBe('severity-unchanged');
		expect(code(decideSetSeverity(of(ended), { ...about, severity: 'critical' }))).toBe('stay-ended');
	});
});
