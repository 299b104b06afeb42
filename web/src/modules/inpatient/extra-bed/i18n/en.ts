import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';
import type { refusals as zh } from './zh-CN.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` at ${dayAndSeconds(facts['at'], Date.now(), true)}` : '');
const STATUS: Readonly<Record<string, string>> = {
	reserved: 'reserved',
	cleaning: 'being cleaned',
	disinfecting: 'being disinfected',
	'private-room': 'part of a private room'
};

export const refusals: typeof zh = {
	'room-not-in-this-ward': (f) => `This room is not in ${f['ward'] ?? 'this ward'}. Choose it again on the board.`,
	'room-let-whole': (f) =>
		`Room ${f['room'] ?? ''} is let as a private room (bed ${f['bed'] ?? ''}): no bed can be added. Choose another room, or end that first.`,
	'room-for-one': (f) =>
		`The patient in bed ${f['bed'] ?? ''} of room ${f['room'] ?? ''} is alone in ${f['kind'] ?? ''} isolation${f['organism'] === null ? '' : ` (${f['organism'] ?? ''})`}: no bed can be added. Choose another room.`,
	'room-full': (f) => `Room ${f['room'] ?? ''} has ${f['extra'] ?? ''} extra beds already. Choose another room.`,
	'extra-bed-occupied': (f) => `${f['by'] ?? 'A colleague'} gave bed ${f['bed'] ?? ''} to a patient${at(f)}; it stays. Move the patient to another bed first.`,
	'extra-bed-not-ready': (f) =>
		`Bed ${f['bed'] ?? ''} is ${STATUS[String(f['status'])] ?? 'not ready'}; it stays. Set it free once that is done, then take it away.`,
	'not-an-extra-bed': (f) => `Bed ${f['bed'] ?? ''} is one the ward is made for and stays. If it is out of use, set it under repair.`,
	'extra-bed-gone': (f) => `${f['ward'] ?? 'This ward'} no longer has this extra bed. Nothing was changed.`
};
