import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

type Sentence = (facts: RefusalFacts) => string;
const SEX: Readonly<Record<string, string>> = { male: '男', female: '女', unknown: '性别未明' };
const STATUS: Readonly<Record<string, string>> = {
	free: '空',
	reserved: '已预约',
	cleaning: '在清洁',
	disinfecting: '在消毒',
	maintenance: '在维修',
	'private-room': '已包房'
};
const ISOLATION: Readonly<Record<string, string>> = { contact: '接触', droplet: '飞沫', airborne: '空气', protective: '保护性' };
const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? `${dayAndSeconds(facts['at'], Date.now(), false)} ` : '');
const by = (facts: RefusalFacts): string => (facts['by'] === null || facts['by'] === undefined ? '' : `由${facts['by']}`);
const who = (facts: RefusalFacts): string => String(facts['patientName'] ?? '该患者');

export const refusals: Readonly<Record<string, Sentence>> = {
	'bed-occupied': (f) => `${f['bed'] ?? ''} 床 ${at(f)}已${by(f)}安排给${f['patientName'] ?? '另一位患者'}。您的移动没有生效，请另选空床。`,
	'bed-not-ready': (f) =>
		`${f['bed'] ?? ''} 床${STATUS[String(f['status'])] ?? '还没有准备好'}${f['at'] === null ? '' : `（${at(f).trim()}${f['by'] === null ? '' : ` ${f['by'] ?? ''}`}）`}。请另选空床，或先把床位改为空床。`,
	'ward-sex': (f) => `${f['ward'] ?? '本病区'}只收${SEX[String(f['rule'])] ?? ''}患者，${who(f)}是${SEX[String(f['sex'])] ?? ''}患者。请联系对应病区。`,
	'room-sex': (f) =>
		f['holder'] === null
			? `${f['room'] ?? ''} 室住${SEX[String(f['sex'])] ?? ''}患者，不能转入 ${f['bed'] ?? ''} 床。请选其他房间。`
			: `${f['room'] ?? ''} 室 ${f['holderBed'] ?? ''} 床${f['holder'] ?? ''}是${SEX[String(f['sex'])] ?? ''}患者，男女不能同室。请选其他房间。`,
	'isolation-conflict': (f) =>
		f['isolated'] === 'patient'
			? `${who(f)}须${ISOLATION[String(f['kind'])] ?? ''}隔离${f['organism'] === null ? '' : `（${f['organism'] ?? ''}）`}，不能与 ${f['holderBed'] ?? ''} 床${f['holder'] ?? ''}同室。请选单间或同病原的房间。`
			: `不能转入 ${f['bed'] ?? ''} 床：${f['room'] ?? ''} 室是${ISOLATION[String(f['kind'])] ?? ''}隔离室${f['organism'] === null ? '' : `（${f['organism'] ?? ''}）`}。请选其他房间。`,
	'sex-unknown': (f) => `${f['holder'] ?? who(f)}性别未明，转入 ${f['bed'] ?? ''} 床须写明原因。`,
	'same-bed': (f) => `${who(f)}已在 ${f['bed'] ?? ''} 床，没有改动。`,
	'stale-source-bed': (f) =>
		`${who(f)}${at(f) === '' ? '' : ` ${at(f)}`}已${by(f)}${f['bed'] === null ? '移出病床' : `转到 ${f['bed'] ?? ''} 床`}，不在 ${f['from'] ?? ''} 床了。您的移动没有生效，请按现在的床位再操作。`,
	'already-in-bed': (f) => `${who(f)}${at(f) === '' ? '' : ` ${at(f)}`}已${by(f)}安排到 ${f['bed'] ?? ''} 床。如要换床，请从该床转出。`,
	'not-in-this-ward': (f) => `${who(f)}现在不在${f['ward'] ?? '本病区'}。请刷新床位板，或在患者页查看所在病区。`,
	'bed-not-in-this-ward': (f) => `这张床不在${f['ward'] ?? '本病区'}。请在床位板上重新选择。`
};
