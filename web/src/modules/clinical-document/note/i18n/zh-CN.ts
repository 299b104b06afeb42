import type { DueRule } from '@tongping/domain/clinical-document';
import type { RefusalFacts } from '@tongping/domain/kernel';

const clock = (at: string | number | null | undefined): string =>
	typeof at === 'number' ? new Date(at).toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' }) : '';

const roles: Readonly<Record<string, string>> = {
	resident: '住院医师',
	attending: '主治医师',
	chief: '主任医师',
	nurse: '责任护士',
	'head-nurse': '护士长',
	pharmacist: '临床药师',
	radiologist: '放射科医师',
	'reviewing-radiologist': '放射科审核医师',
	administrator: '管理员'
};
const sections: Readonly<Record<string, string>> = {
	subjective: '病情与主诉',
	objective: '查体与检查',
	assessment: '评估',
	plan: '计划',
	features: '病例特点',
	reasoning: '拟诊讨论',
	pharmacy: '用药意见',
	consult: '会诊意见',
	observation: '护理观察',
	measures: '护理措施'
};
const types: Readonly<Record<string, string>> = {
	'first-progress': '首次病程记录',
	'daily-progress': '日常病程记录',
	'attending-round': '主治医师查房记录',
	'nursing-record': '护理记录'
};
const section = (root: string | number | null | undefined): string => sections[String(root)] ?? String(root);

export const text = {
	types,
	sections,
	roles,
	round: '查房',
	today: '今日查房',
	rounded: (done: number, all: number) => `已写 ${done} / ${all}`,
	progressLabel: '今日已写病程',
	due: (minutes: number) => {
		const n = Math.abs(minutes);
		const words = n < 60 ? `${n} 分` : n < 2880 ? `${Math.floor(n / 60)} 时 ${n % 60} 分` : `${Math.floor(n / 1440)} 天`;
		return minutes < 0 ? `逾 ${words}` : `剩 ${words}`;
	},
	dueShort: (minutes: number) => {
		const n = Math.abs(minutes);
		const words = n < 60 ? `${n}分` : n < 2880 ? `${Math.floor(n / 60)}时` : `${Math.floor(n / 1440)}天`;
		return minutes < 0 ? `逾${words}` : `剩${words}`;
	},
	owed: '应写',
	dueRules: {
		'first-progress': '入院 8 小时内',
		'first-round': '入院 48 小时内',
		'rounds-weekly': '每周 3 次',
		'course-critical': '病危，每天至少 1 次',
		'course-serious': '病重，至少 2 天 1 次',
		'course-stable': '病情稳定，至少 3 天 1 次',
		'nursing-grave': '危重患者，每天至少 1 次',
		'nursing-special': '特级护理，每天至少 1 次',
		'nursing-first': '一级护理，每天至少 1 次',
		'nursing-second': '二级护理，至少 3 天 1 次',
		'nursing-third': '三级护理，每周至少 1 次'
	} satisfies Readonly<Record<DueRule, string>>,
	toToday: '看今天的',
	consult: {
		invite: '邀请会诊',
		heading: '会诊',
		urgent: '急会诊（10 分钟内到）',
		urgentMark: '急',
		line: (by: string, clock: string) => `${by} ${clock} 邀请`,
		title: '邀请会诊医师',
		hint: '被邀请的医师可以阅读这份记录，只能写“会诊意见”一段，直到记录封存。',
		find: '按姓名或科室查找',
		doctors: '可邀请的医师',
		house: '全院',
		none: '没有找到别的科室的医师。请换个姓名或科室。',
		already: '已邀请',
		reason: '请会诊的原因与问题',
		reasonHint: '例：血钾 2.9 mmol/L，请指导补钾',
		send: '邀请',
		cancel: '先不邀请',
		pick: '先选一位医师',
		sent: (name: string) => `已邀请${name}，会出现在对方的“我的病历”里`,
		unreachable: '医师名单没有取到，请检查网络后再打开。',
		asked: '请我会诊',
		guest: (by: string, reason: string) => `${by}请您会诊：${reason}`,
		guestHow: '您可以写“会诊意见”，其他段落只读。',
		reasonColumn: '原因',
		by: '邀请人',
		due: '时限',
		written: '已写',
		writtenNot: '未写'
	},
	inThisNote: (n: number) => `在这份记录里 ${n} 人`,
	nobodyElse: '只有您在这份记录里',
	you: '您',
	asYou: (name: string) => `${name}（您）`,
	youAs: (role: string) => `${role}，您`,
	typing: (name: string) => `${name} 正在写`,
	hereLabel: '正在这一段的人',
	writers: {
		doctors: '住院医师、主治医师书写',
		doctorsSigned: '上级医师修改，留痕',
		pharmacist: '临床药师书写',
		consultant: '会诊医师书写',
		nurses: '责任护士书写',
		nursesSigned: '护士长修改，留痕'
	},
	readOnlyHere: '您可查看',
	editorLabel: (name: string, can: boolean) => (can ? `${name}，可书写` : `${name}，只读`),
	beside: '单独的法定文书，护士签名',
	save: {
		pressed: (clock: string) => `已保存 ${clock}，内容随写随存，不需要按保存`
	},
	late: {
		sealed: (n: number) => `您离线时写的 ${n} 个字没有并入，因为这份记录已全部签名。`,
		signed: (n: number, clock: string) => `您离线时写的 ${n} 个字没有并入，因为这份记录 ${clock} 已签名。`,
		propose: '提交为补记',
		proposed: '已提交为补记，待您签名。'
	},
	evidence: {
		vitals: '生命体征 24 小时',
		labs: '检验',
		click: '点数值插入',
		days: '近 7 天',
		none: '近 7 天没有结果',
		insert: (label: string, value: string) => `把${label} ${value} 插入当前段落`,
		noPlace: '请先把光标放进您能写的段落',
		open: '体征与检验',
		close: '收起',
		high: '偏高',
		low: '偏低',
		critical: '危急'
	},
	chip: { update: (value: string) => `新结果 ${value}，更新`, struck: '已划去' },
	slash: { label: '插入数值', none: (query: string) => `没有“${query}”的近期结果`, hint: '↑ ↓ 选择，Enter 插入，Esc 取消' },
	flags: { high: '↑', low: '↓', critical: '危' },
	start: {
		heading: '今天还没有病程记录',
		lead: '开始后，组内的人会立即看到，可以一起写。',
		button: (type: string) => `开始${type}`,
		nursing: '今天还没有护理记录',
		waitNursing: '责任护士开始后会显示在这里。',
		waitDoctors: '医师开始后会显示在这里。'
	},
	view: { label: '显示方式', edit: '编辑', clean: '清稿', trace: '留痕' },
	history: {
		button: '谁写的',
		title: '谁写的，历史',
		people: '写过这份记录的人',
		hint: '只读。指向文字，或用 Tab 走到姓氏，看是谁何时写的。',
		wrote: (name: string, time: string) => `${name} ${time} 写`,
		at: (time: string) => `${time} 写`,
		stood: (time: string, name: string) => `${time} ${name}写到这里`,
		slider: '看哪一刻的记录',
		earlier: '前一刻',
		later: '后一刻',
		now: '最新',
		past: '当时',
		version: (n: number) => `第 ${n} 版签名时`,
		empty: '这一刻还没有写',
		system: '系统',
		failed: '历史没有取到，请检查网络后再取。',
		again: '再取一次',
		close: '回到书写'
	},
	sign: {
		bar: '签名',
		waits: '待签',
		done: (clock: string) => `${clock} 已签`,
		sealed: '已全部签名，只能补记',
		mine: { author: '签名', review: '审签' },
		notTurn: (role: string) => `等${role}签名后，轮到下一级`,
		pending: '还有改动没有保存到服务器，保存后才能签名',
		missing: (n: number, first: string) => `签名前 ${n} 处：${first}未写`,
		next: '逐处处理',
		title: (type: string) => `签名：${type}`,
		what: '您签的是屏幕上现在的内容',
		hash: '内容摘要',
		author: '我写了这份记录，并对内容负责。',
		review: '我审阅并修改了这份记录，对内容负责。',
		password: '登录密码',
		confirm: { author: '签名', review: '审签' },
		cancel: '先不签',
		changed: '您读过之后又有改动，请看完再签。',
		readAgain: '我再看一遍',
		wrong: '密码不对，没有签名。请再输入一次。',
		afterSeal: '签名后这份记录封存，以后只能补记。',
		afterStep: '签名后您不能再改，由上级医师修改并留痕。',
		signedToast: (version: number) => `已签名，第 ${version} 版`,
		chainBroken: '这一版的内容与签名不一致，请通知病案室。',
		traceGap: '这一版有未留痕的改动，以两版对照为准。'
	},
	addenda: { heading: '补记', proposed: '待签名', late: '离线后补', sign: '签名', by: (name: string, clock: string) => `${name} ${clock}` },
	print: {
		button: '打印',
		clean: '清稿',
		traced: '留痕',
		pdf: '下载 PDF',
		back: '返回',
		number: '住院号',
		bed: '床号',
		name: '姓名',
		sex: '性别',
		age: '年龄',
		ward: '病区',
		date: '日期',
		version: (n: number) => `第 ${n} 版`,
		draft: '草稿，尚未签名，不作为病历使用',
		noCa: '未附电子签名认证（CA）。签名以本系统的身份验证、时间与内容摘要为据。',
		hash: '内容摘要 SHA-256',
		signed: (name: string, role: string, time: string) => `${role} ${name} 签名 ${time}`,
		page: '打印时间'
	},
	list: {
		title: '病历',
		heading: '我的病历',
		empty: '没有等您签名的记录',
		emptyWay: '同事签名后，轮到您的记录会出现在这里。',
		patient: '患者',
		document: '记录',
		state: '状态',
		open: '打开',
		waiting: (role: string) => `待${role}签名`,
		sealed: '已封存'
	},
	banner: {
		bed: (n: string) => `${n} 床`,
		noBed: '待床',
		mrn: '住院号',
		day: (n: number) => `第 ${n} 天`,
		years: (n: number) => `${n} 岁`,
		ageUnknown: '年龄未知',
		sex: { male: '男', female: '女', unknown: '性别未知' } as Readonly<Record<string, string>>,
		born: '出生',
		level: ['特级护理', '一级护理', '二级护理', '三级护理'] as readonly string[],
		noKnownAllergy: '无已知过敏',
		allergyUnknown: '过敏史未问',
		allergy: (names: string) => `过敏：${names}`,
		discharge: '预出',
		critical: '病危',
		serious: '病重',
		alike: (bed: string, name: string) => `近名 ${bed} 床 ${name}，核对腕带`,
		news2: 'NEWS2',
		label: '患者'
	},
	nav: { previous: '上一位', next: '下一位', list: '查房顺序', written: '今日已写' }
};

export const refusals: Readonly<Record<string, (facts: RefusalFacts) => string>> = {
	'stay-unknown': () => '没有找到这次住院，没有开始记录。请从床位板重新打开患者。',
	'note-unknown': () => '没有找到这份记录，或不在您的查看范围内。',
	'note-sealed': ({ by, at }) => `这份记录${at === null ? '' : ` ${clock(at)} `}已由${by ?? '最后一位签名者'}签名封存。可以提交补记。`,
	'already-signed': ({ by, at }) => `您这一级已签名（${by ?? ''} ${clock(at)}），不能再签。需要改动请上级医师修改。`,
	'other-turn': ({ role }) => `还没有轮到您：先由${roles[String(role)] ?? ''}签名。`,
	'text-changed': () => '您读过之后又有改动，请看完再签。',
	'section-empty': ({ section: root, count }) => `“${section(root)}”还没有写${Number(count) > 1 ? `，共 ${count} 段` : ''}。写完再签。`,
	'content-not-allowed': ({ section: root }) => `“${section(root)}”里有这份记录不支持的内容，没有签名。请删去后重写这一段。`,
	'chip-not-in-record': ({ label, value, section: root }) => `“${section(root)}”里的${label} ${value} 与检验记录不符，没有签名。请删去后重新插入。`,
	'not-a-doctor': () => '会诊只能邀请医师，没有邀请。请从名单里选一位医师。',
	'invites-oneself': () => '会诊要请别的医师，不能邀请自己。',
	'no-consultation-here': () => '这类记录没有会诊意见一段，没有邀请。请在日常病程或查房记录里邀请。',
	'section-unknown': () => '这份记录没有这一段，补记没有提交。',
	'note-after-stay': ({ at }) => `患者${at === null ? '' : ` ${clock(at)} `}已离院，不再开始新的记录。已有的记录可以提交补记。`,
	'note-still-open': () => '这份记录还没有签名，可以直接写，不需要补记。',
	'addendum-signed': ({ by, at }) => `这条补记 ${clock(at)} 已由${by}签名。`,
	'addendum-of-another': ({ by }) => `这条补记由${by}书写，请${by}本人签名。`
};
