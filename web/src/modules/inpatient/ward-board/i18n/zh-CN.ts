import type { Refusal } from '@tongping/domain/kernel';
import type { IsolationKind } from '@tongping/domain/nursing';
import type { BedStatus } from '@tongping/domain/organization';
import type { Sex } from '@tongping/domain/patient';
import { dayAndSeconds } from '#ui/time.ts';
import type { BoardChange } from '../changes.ts';
import type { Move } from '../move.ts';

const STATUS: Readonly<Record<BedStatus, string>> = {
	free: '空床',
	reserved: '预约',
	cleaning: '清洁中',
	disinfecting: '消毒中',
	maintenance: '维修',
	'private-room': '包房'
};
const SEX: Readonly<Record<Sex, string>> = { male: '男', female: '女', unknown: '性别未明' };
const ISOLATION: Readonly<Record<IsolationKind, string>> = { contact: '接触', droplet: '飞沫', airborne: '空气', protective: '保护' };
const status: Readonly<Record<string, string>> = STATUS;
const sex: Readonly<Record<string, string>> = SEX;
const isolation: Readonly<Record<string, string>> = ISOLATION;
const when = (at: unknown): string => (typeof at === 'number' ? ` ${dayAndSeconds(at, Date.now(), false)}` : '');
const both = (names: readonly string[]): string => names.join('、');

export const text = {
	title: '床位板',
	subtitle: (date: string) => `床位板 · ${date}`,
	loading: '正在打开床位板',
	nobody: '本病区还没有床位',
	nobodyDetail: '管理员设置房间和床位后，会自动出现在这里。',
	counts: {
		label: '病区统计',
		beds: '总床',
		occupied: '占用',
		free: '空床',
		notReady: '待整理',
		extra: '加床',
		admitted: '新入',
		discharged: '出院',
		movedIn: '转入',
		movedOut: '转出',
		critical: '病危',
		serious: '病重',
		special: '特级',
		first: '一级',
		isolated: '隔离',
		restrained: '约束',
		feverish: '发热',
		leaving: '预出院'
	},
	duty: { doctor: '值班', nurses: '责任组', doctorTitle: '医师' },
	filters: {
		label: '筛选',
		mine: '我的',
		level: '一级及以上',
		severe: '危重',
		risk: '高风险',
		isolation: '隔离',
		news: 'NEWS2 ≥ 5',
		new: '新入',
		leaving: '今日预出',
		free: '空床'
	},
	clearFilters: '清除筛选',
	search: '姓名首字母或床号',
	found: (shown: number, all: number) => `${shown} / ${all} 张`,
	density: { label: '大小', dense: '密', medium: '中', large: '大' },
	card: {
		age: (years: number) => `${years}`,
		months: (months: number) => `${months} 月`,
		days: (days: number) => `${days} 天`,
		ageWord: (age: string) => (age.endsWith('月') || age.endsWith('天') ? age : `${age} 岁`),
		day: (day: number) => `第 ${day} 天`,
		bed: (number: string) => `${number} 床`,
		sex: SEX,
		sexShort: { male: '男', female: '女', unknown: '未明' },
		level: { special: '特', first: '一', second: '二', third: '三' },
		levelWord: { special: '特级护理', first: '一级护理', second: '二级护理', third: '三级护理' },
		noLevel: '级别未定',
		critical: '危',
		serious: '重',
		criticalWord: '病危',
		seriousWord: '病重',
		newcomer: '新',
		transferred: '转',
		leaving: '出',
		newcomerWord: '今日新入',
		transferredWord: (ward: string) => `今日由${ward}转入`,
		leavingWord: '已通知出院',
		same: '同名',
		near: '近名',
		alike: (others: readonly { readonly name: string; readonly bed: string | null }[]) =>
			`与 ${others.map((other) => `${other.bed === null ? '待床' : `${other.bed} 床`} ${other.name}`).join('、')} 容易混淆`,
		noDiagnosis: '诊断未录入',
		pregnant: '孕',
		news: (score: number) => `NEWS2 ${score} 分`,
		newsTaken: (clock: string) => `${clock} 测`,
		newsStale: '已过复测时间',
		newsAbsent: { 'under-16': '未满 16 岁，不用 NEWS2', 'age-unknown': '年龄未明，不用 NEWS2', pregnancy: '孕期，不用 NEWS2', 'no-vitals': '还没有生命体征' },
		newsNone: '未测',
		team: '主治 / 责任护士',
		diet: { ordinary: '普食', soft: '软食', liquid: '流食', diabetic: '糖尿病饮食', 'low-salt': '低盐', halal: '清真', fasting: '禁食' },
		fever: (value: string) => `发热 ${value}`,
		restrainedSince: (clock: string) => `约束 ${clock} 起`,
		outgoing: (ward: string) => `待转 ${ward}`,
		outgoingWord: (ward: string, by: string, clock: string) => `${by} ${clock} 申请转往${ward}，等待接收`,
		sentBack: (ward: string) => `${ward}退回`,
		sentBackWord: (ward: string, by: string, clock: string, reason: string) => `${ward} ${by} ${clock} 退回转科申请：${reason}`,
		edd: (date: string) => `预出 ${date}`,
		noEdd: '预出未定',
		overstayed: (date: string) => `预出 ${date} 已过`,
		leavingToday: '预出 今日',
		allergyUnknown: '过敏史未问',
		askAllergy: '过敏史未问',
		noAllergy: '无已知过敏',
		more: (count: number) => `+${count}`,
		actions: '操作',
		pending: '待确认',
		alsoHere: (names: string) => `${names} 正在看`
	},
	chips: {
		allergy: '过敏',
		restraint: '约束',
		fall: '跌倒',
		pressure: '压疮',
		suicide: '自杀',
		impulsive: '冲动',
		absconding: '外走',
		contact: '接触',
		droplet: '飞沫',
		airborne: '空气',
		protective: '保护'
	},
	grades: { none: '无', low: '低', medium: '中', high: '高' } as Readonly<Record<string, string>>,
	status: STATUS,
	empty: {
		reservedFor: (name: string) => `留给 ${name}`,
		since: (clock: string, by: string) => `${clock} ${by}`
	},
	source: { title: (name: string) => `${name} 的原床位`, line1: '确认前仍占用本床。', line2: '松手前按 Esc 取消。' },
	target: {
		go: '松手即转入',
		goKeyboard: '回车即转入',
		goDetail: '由服务器确认后生效',
		ask: '须说明原因',
		refused: '不能转入',
		receive: '松手后核对腕带接收',
		receiveDetail: '患者到达后再接收',
		send: '松手后填写转科申请',
		swapWith: (name: string) => `与 ${name} 互换`,
		swapDetail: '松手后再确认一次'
	},
	waiting: {
		title: '待床',
		none: '没有等待床位的患者',
		drop: '放到这里，先等床位',
		since: (clock: string) => `${clock} 起`,
		incoming: '待转入',
		incomingFrom: (ward: string, bed: string | null) => `${ward}${bed === null ? '' : ` ${bed} 床`}`,
		incomingTitle: (by: string, clock: string, reason: string) => `${by} ${clock} 申请：${reason}`,
		sendTo: '转往'
	},
	menu: {
		open: '打开患者页',
		peek: '快速查看',
		move: '转床',
		wait: '移到待床',
		level: '护理级别',
		risks: '风险评估',
		isolation: '隔离',
		care: '饮食与约束',
		stay: '病情与出院',
		team: '责任医护',
		status: (word: string) => `改为${word}`,
		transfer: '转往其他病区',
		takeBack: (ward: string) => `撤回转往${ward}的申请`,
		receive: '核对并接收',
		decline: '退回申请',
		addBed: (room: string) => `${room} 室加床`,
		removeBed: (number: string) => `撤除 ${number} 床`,
		rooms: '加床',
		room: (room: string) => `${room} 室的操作`,
		person: (name: string) => `${name} 的操作`,
		label: (number: string) => `${number} 床的操作`
	},
	peek: {
		close: '关闭',
		staff: '负责人',
		resident: '住院医师',
		attending: '主治医师',
		nurse: '责任护士',
		safety: '安全',
		allergy: '过敏',
		vitals: '早期预警',
		diet: '饮食',
		stay: '住院',
		admitted: (date: string) => `${date} 入院`,
		payer: '费别',
		mrn: '病案号',
		restraint: '约束原因',
		organism: '病原',
		openPatient: '打开患者页'
	},
	reason: {
		title: (name: string, bed: string) => `把 ${name} 转到 ${bed} 床？`,
		label: '原因',
		hint: '至少 4 个字，会写入转床记录',
		tooShort: '请写明原因，至少 4 个字。',
		confirm: (bed: string) => `转到 ${bed} 床`,
		swapTitle: (a: string, b: string) => `${a} 与 ${b} 互换床位？`,
		swapLine: (name: string, from: string, to: string) => `${name}：${from} 床 → ${to} 床`,
		swapConfirm: '互换床位',
		cancel: '取消'
	},
	undo: '撤销 10 秒',
	done: (move: Move) => {
		switch (move.label) {
			case 'swap':
				return `${both(move.names)} 已互换床位`;
			case 'to-waiting':
				return `${both(move.names)} 已移到待床`;
			case 'status':
				return `${move.to ?? ''} 床状态已更新`;
			case 'bed-added':
				return `已在 ${both(move.names)} 室加床`;
			case 'bed-removed':
				return `${move.to ?? ''} 床已撤除`;
			default:
				return `${both(move.names)} 已转到 ${move.to ?? ''} 床`;
		}
	},
	undone: (move: Move) =>
		move.label === 'bed-added' ? `已撤销，${both(move.names)} 室重新加床` : `已撤销，${both(move.names)} 回到${move.to === null ? '待床' : ` ${move.to} 床`}`,
	doneDetail: '已生效，所有屏幕已更新。',
	notDone: (move: Move) => {
		switch (move.label) {
			case 'swap':
				return `${both(move.names)} 的床位没有变`;
			case 'status':
				return `${move.to ?? ''} 床状态没有变`;
			case 'bed-added':
				return `${both(move.names)} 室没有加床`;
			case 'bed-removed':
				return `${move.to ?? ''} 床没有撤除`;
			default:
				return move.from === null ? `${both(move.names)} 仍在待床` : `${both(move.names)} 已回到 ${move.from} 床`;
		}
	},
	noAnswer: '没有收到服务器的回答。',
	noAnswerDetail: (move: Move) => `${both(move.names)}暂按原来的床位显示。恢复连接后，以床位板为准。`,
	cannotMove: (name: string, bed: string | null) => (bed === null ? `${name} 没有移动` : `${name} 不能转入 ${bed} 床`),
	cannotSend: (name: string, ward: string) => `${name} 不能转往${ward}`,
	moveBlocked: '现在不能转床',
	movedAway: (name: string, bed: string | null, by: string | null) => `${name} 刚由 ${by ?? '他人'} ${bed === null ? '移出本床' : `转到 ${bed} 床`}`,
	nothingSent: '您手上的移动已取消，没有发送。',
	blocked: {
		offline: (clock: string) => `连接已断开，床位停在 ${clock}。恢复连接后再转床。`,
		opening: '床位板还没有连上，请稍候。',
		right: '转床由本病区的护士和医师操作。',
		extra: '由本病区护士长或管理员决定'
	},
	checkBy: (phone: string | null) => (phone === null ? '请到床旁核对，现在不能转床。' : `现在不能转床，请电话 ${phone} 核对。`),
	say: {
		taken: (name: string, bed: string | null, keyboard: boolean) =>
			`已拿起 ${bed === null ? '待床' : `${bed} 床`} ${name}。${keyboard ? '方向键选床，回车放下，Esc 取消。' : ''}`,
		target: (bed: string | null, words: string) => `${bed === null ? '待床' : `${bed} 床`}，${words}`,
		cancelled: (name: string, bed: string | null) => `已取消，${name} 留在${bed === null ? '待床' : ` ${bed} 床`}。`,
		change: (change: BoardChange) => {
			const by = change.by === null ? '' : `${change.by} `;
			switch (change.kind) {
				case 'moved':
					return `${by}把 ${change.name ?? ''} 从${change.from === null ? '待床' : ` ${change.from} 床`}转到 ${change.to ?? ''} 床。`;
				case 'came':
					return `${change.name ?? ''} 入住 ${change.to ?? ''} 床。`;
				case 'left':
					return `${change.name ?? ''} 已离开 ${change.from ?? ''} 床。`;
				case 'to-waiting':
					return `${by}把 ${change.name ?? ''} 从 ${change.from ?? ''} 床移到待床。`;
				case 'status':
					return `${change.to ?? ''} 床状态已更新。`;
				case 'bed-added':
					return `${by}加了 ${change.to ?? ''} 床。`;
				case 'bed-removed':
					return `${change.to ?? ''} 床已撤除。`;
				case 'asked':
					return `${change.ward ?? ''} ${change.by ?? ''} 申请转入 ${change.name ?? ''}。`;
				case 'withdrawn':
					return `${change.ward ?? ''} 撤回了 ${change.name ?? ''} 的转入申请。`;
				case 'declined':
					return `${change.ward ?? ''} ${change.by ?? ''} 退回了 ${change.name ?? ''} 的转科申请。`;
				case 'received':
					return `${change.name ?? ''} 已由${change.ward ?? ''}接收。`;
			}
		},
		patients: (count: number) => `筛选后 ${count} 张床。`
	},
	/** the short reason on a target; the full sentence of the server is in the refusals of its module */
	why: ({ code, facts }: Refusal): string => {
		switch (code) {
			case 'bed-occupied':
				return `${facts['patientName'] ?? ''} 在此床${facts['by'] === null ? '' : `，${when(facts['at']).trim()} 由${facts['by'] ?? ''}安排`}`;
			case 'bed-not-ready':
				return `${status[String(facts['status'])] ?? ''}${facts['at'] === null ? '' : `，${when(facts['at']).trim()} 起`}`;
			case 'ward-sex':
				return `${facts['ward'] ?? '本病区'}只收${sex[String(facts['rule'])] ?? ''}患者`;
			case 'room-sex':
				return facts['holder'] === null
					? `${facts['room'] ?? ''} 室住${sex[String(facts['sex'])] ?? ''}患者`
					: `${facts['holderBed'] ?? ''} 床 ${facts['holder'] ?? ''} 是${sex[String(facts['sex'])] ?? ''}患者`;
			case 'isolation-conflict':
				return facts['isolated'] === 'patient'
					? `${isolation[String(facts['kind'])] ?? ''}隔离患者须单间或同病同室`
					: `${facts['room'] ?? ''} 室${isolation[String(facts['kind'])] ?? ''}隔离${facts['organism'] === null ? '' : `（${facts['organism'] ?? ''}）`}`;
			case 'sex-unknown':
				return `${facts['holder'] ?? ''} 性别未明，须有人负责说明`;
			case 'same-bed':
				return '就在这张床';
			case 'already-waiting':
				return '已在待床';
			case 'stay-ended':
				return '已离院';
			case 'transfer-open':
				return `已申请转往${facts['ward'] ?? ''}`;
			case 'room-let-whole':
				return '已包房';
			case 'room-for-one':
				return `${facts['bed'] ?? ''} 床${isolation[String(facts['kind'])] ?? ''}隔离，只住一人`;
			case 'room-full':
				return `已有 ${facts['extra'] ?? ''} 张加床`;
			case 'extra-bed-not-ready':
				return `${status[String(facts['status'])] ?? ''}，改为空床后再撤`;
			case 'discharge-noticed':
				return '已通知出院';
			default:
				return '不在本病区';
		}
	},
	keys: {
		title: '床位板',
		list: [
			['← ↑ → ↓', '在床位间移动'],
			['Enter', '打开患者页'],
			['Space', '快速查看'],
			['M', '转床：方向键选床，Enter 放下，Esc 取消'],
			['Z', '十秒内撤销'],
			['T', '转往其他病区，或撤回申请'],
			['.', '这张床的操作'],
			['/', '搜索姓名、首字母、床号'],
			['1 – 9', '筛选']
		] as readonly (readonly [string, string])[]
	},
	palette: { group: '本病区患者', bed: (number: string) => `${number} 床`, waiting: '待床' }
};
