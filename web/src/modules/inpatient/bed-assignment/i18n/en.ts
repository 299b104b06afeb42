import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zh } from './zh-CN.ts';

const SEX: Readonly<Record<string, string>> = { male: 'male', female: 'female', unknown: 'of unknown sex' };
const STATUS: Readonly<Record<string, string>> = {
	free: 'free',
	reserved: 'reserved',
	cleaning: 'being cleaned',
	disinfecting: 'being disinfected',
	maintenance: 'under repair',
	'private-room': 'part of a private room'
};
const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${dayAndSeconds(facts['at'], Date.now(), true)}` : '');
const by = (facts: RefusalFacts): string => (facts['by'] === null || facts['by'] === undefined ? '' : ` by ${facts['by']}`);
const who = (facts: RefusalFacts): string => String(facts['patientName'] ?? 'The patient');

export const refusals: typeof zh = {
	'bed-occupied': (f) =>
		`${f['by'] ?? 'Somebody'} gave bed ${f['bed'] ?? ''} to ${f['patientName'] ?? 'another patient'}${at(f)}. Your move did not happen; choose another free bed.`,
	'bed-not-ready': (f) =>
		`Bed ${f['bed'] ?? ''} is ${STATUS[String(f['status'])] ?? 'not ready'}${f['at'] === null ? '' : ` (set${at(f)}${by(f)})`}. Choose another bed, or set it free first.`,
	'ward-sex': (f) =>
		`${f['ward'] ?? 'This ward'} takes ${SEX[String(f['rule'])] ?? ''} patients; ${who(f)} is ${SEX[String(f['sex'])] ?? ''}. Ask the other ward.`,
	'room-sex': (f) =>
		f['holder'] === null
			? `Room ${f['room'] ?? ''} is for ${SEX[String(f['sex'])] ?? ''} patients. Choose another room.`
			: `${f['holder'] ?? ''} in bed ${f['holderBed'] ?? ''} of room ${f['room'] ?? ''} is ${SEX[String(f['sex'])] ?? ''}; men and women do not share a room. Choose another room.`,
	'isolation-conflict': (f) =>
		f['isolated'] === 'patient'
			? `${who(f)} needs ${f['kind'] ?? ''} isolation${f['organism'] === null ? '' : ` (${f['organism'] ?? ''})`} and cannot share a room with ${f['holder'] ?? ''} in bed ${f['holderBed'] ?? ''}. Choose a single room or one with the same organism.`
			: `Bed ${f['bed'] ?? ''} is in a room in ${f['kind'] ?? ''} isolation${f['organism'] === null ? '' : ` (${f['organism'] ?? ''})`}. Choose another room.`,
	'sex-unknown': (f) => `The sex of ${f['holder'] ?? who(f)} is unknown: moving to bed ${f['bed'] ?? ''} needs a reason.`,
	'same-bed': (f) => `${who(f)} is in bed ${f['bed'] ?? ''} already. Nothing was changed.`,
	'stale-source-bed': (f) =>
		`${who(f)} was ${f['bed'] === null ? 'taken out of bed' : `moved to bed ${f['bed'] ?? ''}`}${by(f)}${at(f)} and is no longer in bed ${f['from'] ?? ''}. Your move did not happen; start from the present bed.`,
	'already-in-bed': (f) => `${who(f)} was given bed ${f['bed'] ?? ''}${by(f)}${at(f)}. To change it, move the patient from that bed.`,
	'not-in-this-ward': (f) => `${who(f)} is not in ${f['ward'] ?? 'this ward'} now. See the patient page for the ward.`,
	'bed-not-in-this-ward': (f) => `This bed is not in ${f['ward'] ?? 'this ward'}. Choose it again on the board.`
};
