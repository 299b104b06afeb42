export const text = {
	label: '影像',
	open: (name: string) => `一起看 ${name}`,
	status: { draft: '未出报告', preliminary: '初步', reviewed: '已审核' },
	reading: (names: string) => `${names} 在读`
};
