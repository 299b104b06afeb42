import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` ${dayAndSeconds(facts['at'], Date.now(), false)} ` : '');
const ISOLATION: Readonly<Record<string, string>> = { contact: '接触', droplet: '飞沫', airborne: '空气', protective: '保护性' };
const STATUS: Readonly<Record<string, string>> = { reserved: '已预约', cleaning: '在清洁', disinfecting: '在消毒', 'private-room': '已包房' };

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'room-not-in-this-ward': (f) => `这个房间不在${f['ward'] ?? '本病区'}。请在床位板上重新选择房间。`,
	'room-let-whole': (f) => `${f['room'] ?? ''} 室已包房（${f['bed'] ?? ''} 床），不能加床。请选其他房间，或先解除包房。`,
	'room-for-one': (f) =>
		`${f['room'] ?? ''} 室 ${f['bed'] ?? ''} 床患者须${ISOLATION[String(f['kind'])] ?? ''}隔离${f['organism'] === null ? '' : `（${f['organism'] ?? ''}）`}单间居住，不能加床。请选其他房间。`,
	'room-full': (f) => `${f['room'] ?? ''} 室已有 ${f['extra'] ?? ''} 张加床，不能再加。请选其他房间。`,
	'extra-bed-occupied': (f) => `${f['bed'] ?? ''} 床${at(f)}已由${f['by'] ?? '同事'}安排患者，没有撤除。请先把患者转到其他床位。`,
	'extra-bed-not-ready': (f) => `${f['bed'] ?? ''} 床${STATUS[String(f['status'])] ?? '还没有整理好'}，没有撤除。完成后改为空床再撤。`,
	'not-an-extra-bed': (f) => `${f['bed'] ?? ''} 床是编制床位，不能撤除。如暂不使用，请改为维修。`,
	'extra-bed-gone': (f) => `${f['ward'] ?? '本病区'}已没有这张加床，没有改动。`
};
