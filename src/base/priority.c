/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/priority.h"

#include <sched.h>

bool gh_priority_is_first(void)
{
	const int policy = sched_getscheduler(0);

	return policy == SCHED_FIFO || policy == SCHED_RR;
}

void gh_priority_raise(struct gh_priority *p)
{
	const struct sched_param first = {
		.sched_priority = sched_get_priority_min(SCHED_FIFO),
	};
	struct sched_param was;

	if (p->raised || gh_priority_is_first())
		return;
	p->policy = sched_getscheduler(0);
	if (p->policy < 0 || sched_getparam(0, &was) != 0)
		return;
	p->level = was.sched_priority;
	p->raised = sched_setscheduler(0, SCHED_FIFO, &first) == 0;
}

void gh_priority_restore(struct gh_priority *p)
{
	const struct sched_param was = { .sched_priority = p->level };

	if (!p->raised)
		return;
	p->raised = false;
	(void)sched_setscheduler(0, p->policy, &was);
}
