import type { RefusalFacts } from '@tongping/domain/kernel';
import { dayAndSeconds } from '#ui/time.ts';

const at = (facts: RefusalFacts): string => (typeof facts['at'] === 'number' ? ` ${dayAndSeconds(facts['at'], Date.now(), false)} ` : '');
const who = (facts: RefusalFacts): string => String(facts['patientName'] ?? '该患者');
const HOW: Readonly<Record<string, string>> = { received: '接收', cancelled: '撤回', declined: '退回' };

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'same-ward': (f) => `${who(f)}就在${f['ward'] ?? '本病区'}。换床请在床位板上移动卡片。`,
	'transfer-open': (f) => `${f['by'] ?? '本病区'}${at(f)}已申请把${who(f)}转往${f['ward'] ?? '其他病区'}，对方还没有接收。请等待接收，或先撤回转科申请。`,
	'discharge-noticed': (f) => `${f['by'] ?? '医师'}${at(f)}已通知${who(f)}出院。如要转科，请先由医师撤回出院通知。`,
	'transfer-unknown': () => '没有这份转科申请，或不属于您的病区。请在床位板上重新选择。',
	'transfer-ended': (f) => `${who(f)}的转科申请${at(f)}已由${f['by'] ?? '他人'}（${f['ward'] ?? ''}）${HOW[String(f['how'])] ?? '处理'}，您的操作没有生效。`,
	'wristband-differs': (f) => `姓名或病案号与${who(f)}不符，没有接收。请再核对腕带；仍不符时请联系${f['ward'] ?? '转出病区'}。`
};

export const text = {
	request: {
		title: (name: string, bed: string | null) => `${bed === null ? '待床' : `${bed} 床`} ${name} 转科`,
		to: '转往病区',
		reason: '转科原因',
		hint: '转入病区会看到',
		send: '发出申请',
		stays: '对方接收前，患者仍在本床，由本病区负责。',
		pick: '请选择病区。',
		short: '请写明原因，至少 2 个字。',
		sex: { male: '只收男患者', female: '只收女患者' } as Readonly<Record<string, string>>,
		sent: (name: string, ward: string) => `已申请把 ${name} 转往${ward}`,
		sentDetail: '对方的待转入名单已显示。接收前可以撤回。',
		undoReason: '发出后随即撤销'
	},
	end: {
		cancelTitle: (name: string, ward: string) => `撤回 ${name} 转往${ward}的申请？`,
		declineTitle: (name: string, ward: string) => `把 ${name} 退回${ward}？`,
		asked: (by: string, clock: string, reason: string) => `${by} ${clock} 申请：${reason}`,
		reason: '原因',
		cancel: '撤回申请',
		decline: '退回申请',
		cancelled: (name: string) => `已撤回 ${name} 的转科申请`,
		declined: (name: string, ward: string) => `已把 ${name} 的转科申请退回${ward}`,
		detail: '两个病区的床位板已更新。'
	},
	receive: {
		title: (name: string) => `接收 ${name} 转入`,
		from: (ward: string, bed: string | null) => `${ward}${bed === null ? '' : ` ${bed} 床`}`,
		asked: (by: string, clock: string, reason: string) => `${by} ${clock} 申请：${reason}`,
		check: '在床旁核对腕带',
		nameMatches: (name: string) => `腕带姓名是“${name}”`,
		mrn: '腕带病案号（后 4 位，或扫码）',
		bed: '床位',
		later: '先不安排，进待床',
		needsReason: (words: string) => `${words}，写明原因后可安排`,
		overrideReason: '安排原因',
		confirm: (bed: string | null) => (bed === null ? '接收，进待床' : `接收到 ${bed} 床`),
		nameFirst: '请先在腕带上核对姓名。',
		mrnShort: '请输入腕带病案号的后 4 位。',
		reasonShort: '请写明原因，至少 4 个字。',
		done: (name: string, bed: string | null) => `${name} 已转入本病区${bed === null ? '，在待床等候' : ` ${bed} 床`}`,
		doneDetail: '原病区的床已转为清洁，病历权限已随患者转到本病区。',
		refused: (name: string) => `${name} 没有接收`,
		allergies: '过敏',
		allergyUnknown: '过敏史未问',
		noAllergy: '无已知过敏',
		isolation: '隔离',
		isolations: { contact: '接触隔离', droplet: '飞沫隔离', airborne: '空气隔离', protective: '保护性隔离' } as Readonly<Record<string, string>>,
		born: '出生',
		sex: { male: '男', female: '女', unknown: '性别未明' } as Readonly<Record<string, string>>,
		years: (age: number) => `${age} 岁`
	},
	cancel: '取消',
	notDone: (name: string) => `${name} 的转科没有变化`
};
