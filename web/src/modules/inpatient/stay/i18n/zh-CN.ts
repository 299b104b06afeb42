import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` ${dayAndSeconds(facts['at'], Date.now(), false)} ` : '');
const who = (facts: RefusalFacts): string => String(facts['patientName'] ?? '该患者');
const post: Readonly<Record<string, string>> = { nurse: '责任护士', resident: '住院医师', attending: '主治医师' };

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'ward-unknown': () => '没有这个病区，或不在您的工作范围内。请重新选择病区。',
	'already-admitted': (f) =>
		`${who(f)}已在${f['ward'] ?? '本院'}住院${f['bed'] === null ? '' : `，${f['bed'] ?? ''} 床`}。要转到这里，请由该病区在床位板上发出转科申请。`,
	'stay-ended': (f) => `${who(f)}${at(f)}已由${f['by'] ?? '本病区'}办理离院。如需继续，请重新办理入院。`,
	'notice-already-given': (f) => `${f['by'] ?? '医师'}${at(f)}已通知${who(f)}出院，没有改动。`,
	'no-discharge-notice': (f) => `还没有通知${who(f)}出院。请先由医师下达出院通知。`,
	'severity-unchanged': (f) => `${who(f)}的病情级别没有变化。`,
	'not-of-this-post': (f) =>
		`${f['name'] ?? '所选人员'}不在本病区任${post[String(f['post'])] ?? '此职'}，${who(f)}的责任医护没有变。请从本病区人员中另选一位。`,
	'date-in-past': (f) => `${f['date'] ?? ''} 已经过去，请选今天或以后的日期。`
};

export const text = {
	title: (name: string, bed: string) => `${bed} 床 ${name} 的住院`,
	team: {
		title: (name: string, bed: string) => `${bed} 床 ${name} 的责任医护`,
		posts: { nurse: '责任护士', resident: '住院医师', attending: '主治医师' },
		nobody: '未指定',
		done: (name: string) => `${name} 的责任医护已更新`,
		cancel: '取消'
	},
	severity: '病情',
	severities: { none: '一般', serious: '病重', critical: '病危' },
	expected: '预计出院',
	save: '保存',
	notice: '通知出院',
	noticed: (clock: string, by: string) => `${by} ${clock} 已通知出院`,
	withdraw: '撤回出院通知',
	withdrawReason: '撤回原因',
	left: '已离开病房',
	leftHint: '人离开后再点。床位随后转为清洁，隔离患者的床转为消毒。',
	doctorsOnly: '由本病区医师操作',
	reasonShort: '请写明原因。',
	close: '关闭',
	done: (name: string) => `${name} 的住院信息已更新`,
	leftDone: (name: string, bed: string) => `${name} 已离院，${bed} 床待清洁消毒`,
	detail: '床位板和所有屏幕已更新。',
	notDone: (name: string) => `${name} 的住院信息没有变`
};
