/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ui_about - what the dialog and the header tell before anything is opened. */
#include "cli/find_port.h" /* gh_find_port_shown */
#include "cli/ui_screen.h" /* what is defined here */

#include "measure/angle.h" /* gh_deg */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

double gh_ui_reach_deg(const struct gh_plan *plan)
{
	double lo[GH_RIG_PARTS], hi[GH_RIG_PARTS], most = 0.0;

	for (size_t i = 0; i < GH_RIG_PARTS; i++) {
		lo[i] = INFINITY;
		hi[i] = -INFINITY;
	}
	for (size_t i = 0; i < plan->n; i++) {
		const struct gh_span *span = &plan->span[i];
		double *l = &lo[span->part], *h = &hi[span->part];

		*l = fmin(*l, fmin(span->from_rad, span->to_rad));
		*h = fmax(*h, fmax(span->from_rad, span->to_rad));
		most = fmax(most, *h - *l);
	}
	return gh_deg(most);
}

static unsigned count(uint32_t bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* Known without opening it; what the controller says comes with the run. */
static bool is_simulated(const char *port)
{
	char target[GH_PATH_CAP];
	const ssize_t n = readlink(port, target, sizeof target - 1);

	if (n > 0) {
		target[n] = '\0';
		port = target;
	}
	return strncmp(port, "/dev/pts/", 9) == 0;
}

static void describe_port(struct gh_ui_screen *s, const struct gh_rig *rig)
{
	const char *port = s->request.port;
	const char *after = port ? strchr(port, '=') : NULL;

	if (port)
		gh_copy_text(s->about.port, sizeof s->about.port, port);
	else
		gh_find_port_shown(rig, s->about.port, sizeof s->about.port);
	port = s->about.port;
	s->about.simulated = is_simulated(after ? after + 1 : port);
}

static void describe_rig(struct gh_ui_screen *s, const struct gh_rig *rig)
{
	gh_copy_text(s->serial, sizeof s->serial, rig->serial);
	gh_copy_text(s->rig_sha256, sizeof s->rig_sha256, rig->sha256);
	gh_copy_text(s->about.rig, sizeof s->about.rig, rig->name);
	describe_port(s, rig);
}

const char *const gh_ui_profiles[GH_UI_PROFILES] = { "places", "five",
						     "fifteen", "half" };

static double seconds_of(const char *profile)
{
	for (size_t i = 0; gh_profiles[i].name; i++)
		if (strcmp(gh_profiles[i].name, profile) == 0)
			return gh_profiles[i].seconds;
	return 0;
}

static void describe_plan(struct gh_ui_screen *s, unsigned i,
			  const char *refusal, const struct gh_plan *plan)
{
	struct gh_ui_plan *p = &s->about.plan[i];

	gh_copy_text(p->name, sizeof p->name, gh_ui_profiles[i]);
	gh_copy_text(p->refusal, sizeof p->refusal, refusal);
	p->seconds = seconds_of(gh_ui_profiles[i]);
	if (!plan)
		return;
	p->joints = count(plan->joints);
	p->reach_deg = gh_ui_reach_deg(plan);
}

void gh_ui_describe(struct gh_ui_screen *s)
{
	s->about = (struct gh_ui_about){ 0 };
	gh_copy_text(s->about.latched, sizeof s->about.latched, s->latched);
	s->serial[0] = s->rig_sha256[0] = '\0';
	for (unsigned i = 0; i < GH_UI_PROFILES; i++) {
		struct gh_flow_request request = s->request;
		struct gh_err err = { 0 };
		struct gh_plan *plan = NULL;
		struct gh_rig *rig = NULL;

		request.profile = gh_ui_profiles[i];
		if (gh_flow_plan(&request, &rig, &plan, &err) == GH_OK)
			describe_rig(s, rig);
		describe_plan(s, i, err.msg, plan);
		free(plan);
		free(rig);
	}
}

void gh_ui_describe_baseline(struct gh_ui_screen *s, struct gh_store *store)
{
	struct gh_baseline_info b;
	struct gh_err err = { 0 };

	if (!s->serial[0] ||
	    gh_store_baseline_find(store, s->request.baseline, s->serial, &b,
				   &err) != GH_OK)
		return;
	gh_copy_text(s->about.baseline, sizeof s->about.baseline, b.name);
	s->about.baseline_s = b.sealed_s;
}
