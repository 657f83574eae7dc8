/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/checking.h" /* gh_checking_run */
#include "cli/hooks.h"	  /* gh_hooks_note */
#include "cli/options.h"  /* gh_cli_on */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/show.h"	  /* gh_show_view */
#include "cli/view.h"	  /* gh_stored_find */

#include <math.h>
#include <stdlib.h>

static const struct gh_option options[] = {
	GH_CHECK_OPTIONS,
	{ "only", "PART", "this part alone", GH_OPT_TEXT },
	{ "baseline", "NAME", "compare with this one", GH_OPT_TEXT },
	{ "from", "RUN", "judge a stored run anew, store nothing",
	  GH_OPT_TEXT },
	{ "dry-run", NULL, "say what would be done, open nothing",
	  GH_OPT_FLAG },
	{ 0 }
};

#define DEG_PER_RAD 57.29577951308232

/* How far a part is moved in the plan, degrees of travel. */
static double travel_deg(const struct gh_plan *plan, int part)
{
	double sum = 0.0;

	for (size_t i = 0; i < plan->n; i++)
		if (plan->span[i].part == part)
			sum += fabs(plan->span[i].to_rad -
				    plan->span[i].from_rad);
	return sum * DEG_PER_RAD;
}

static void print_plan(FILE *out, const struct gh_rig *rig,
		       const struct gh_plan *plan)
{
	fprintf(out, "plan %s: %.1f s, %s\n", plan->recipe,
		(double)plan->total / GH_US_PER_S,
		plan->joints ? "joints move"
			     : "nothing moves (no --allow-motion)");
	for (unsigned i = 0; i < plan->n_phases; i++)
		fprintf(out, "  %5.1f - %5.1f s  %s\n",
			(double)plan->phase[i].begin / GH_US_PER_S,
			(double)plan->phase[i].end / GH_US_PER_S,
			plan->phase[i].title);
	for (unsigned j = 0; j < rig->n_joints; j++)
		if (plan->joints & 1u << j)
			fprintf(out, "  %-31s %6.0f deg of travel\n",
				rig->parts[rig->joints[j].part].name,
				travel_deg(plan, rig->joints[j].part));
	if (plan->joints)
		fprintf(out, "  fastest tip %.2f m/s, at most %.2f m/s\n",
			gh_plan_tip_speed_m_s(plan, rig),
			gh_plan_tip_ceiling_m_s(rig, plan->near));
}

/* What could be done in more time, and what may hide there. */
static void print_left_out(FILE *out, const struct gh_plan *plan)
{
	for (unsigned i = 0; i < GH_GROUP_COUNT; i++) {
		const enum gh_plan_group g = (enum gh_plan_group)i;
		const char *hides = gh_exercise_hides(gh_plan_group_exercise(g),
						      gh_plan_group_kind(g));

		if (plan->left_out >> i & 1)
			fprintf(out, "  left out: %s%s%s%s\n",
				gh_plan_group_name(g), hides[0] ? " (" : "",
				hides, hides[0] ? " could hide there)" : "");
	}
}

static int dry_run(struct gh_cli *cli, const struct gh_flow_request *req)
{
	struct gh_plan *plan;
	struct gh_rig *rig;
	struct gh_err err = { 0 };

	if (gh_flow_plan(req, &rig, &plan, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	print_plan(cli->out, rig, plan);
	print_left_out(cli->out, plan);
	free(plan);
	free(rig);
	return GH_EXIT_OK;
}

static int show(struct gh_cli *cli, struct gh_flow *f)
{
	const struct gh_run_view *view = gh_flow_view(f);
	const int code = gh_show_view(cli, view);

	gh_flow_destroy(f);
	return code;
}

/* The house is told when the port is free again and the verdict is out. */
static int show_and_tell(struct gh_cli *cli, struct gh_flow *f, const char *db)
{
	struct gh_hook_news news;
	int code;

	gh_hooks_note(cli, gh_flow_view(f), db, &news);
	code = show(cli, f);
	gh_hooks_fire(cli, &news, false);
	gh_hooks_forget(&news);
	return code;
}

/* The number of the run that --from names. */
static enum gh_status find_run(struct gh_cli *cli, const char *text,
			       int64_t *run, struct gh_err *err)
{
	struct gh_store *st;
	struct gh_rig *rig = NULL;
	enum gh_status status = gh_cli_store(cli, GH_STORE_READ, &st, err);

	if (status != GH_OK)
		return status;
	status = gh_cli_rig(cli, &rig, err);
	if (status == GH_OK)
		status = gh_stored_find(st, text, rig ? rig->serial : NULL, run,
					err);
	free(rig);
	gh_store_close(st);
	return status;
}

static int judge_anew(struct gh_cli *cli, const struct gh_flow_request *req,
		      const char *from)
{
	struct gh_flow *f;
	struct gh_err err = { 0 };
	int64_t run = 0;

	if (find_run(cli, from, &run, &err) != GH_OK ||
	    gh_flow_anew(req->db, run, req->baseline, req->clock, &f, &err) !=
		    GH_OK)
		return gh_say_failure(cli, &err);
	if (!gh_cli_on(cli, "quiet"))
		fprintf(cli->err,
			"run %lld judged anew by this version; nothing was "
			"measured, nothing is stored\n",
			(long long)run);
	return show(cli, f);
}

static int run(struct gh_cli *cli)
{
	const char *from = gh_cli_text(cli, "from");
	struct gh_checking c;
	struct gh_flow *f;
	struct gh_err err = { 0 };

	gh_checking_request(cli, &c);
	c.request.only = gh_cli_text(cli, "only");
	c.request.baseline = gh_cli_text(cli, "baseline");
	if (gh_cli_on(cli, "dry-run"))
		return dry_run(cli, &c.request);
	if (from && c.request.record) {
		(void)!gh_fail(&err, GH_ARG,
			       "--record: --from measures nothing that could "
			       "be recorded");
		return gh_say_failure(cli, &err);
	}
	if (from)
		return judge_anew(cli, &c.request, from);
	if (gh_checking_run(cli, &c, &f, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	return show_and_tell(cli, f, c.request.db);
}

const struct gh_verb gh_verb_check = {
	.name = "check",
	.summary =
		"measure, compare with the baseline, say a verdict, store it",
	.usage = "",
	.moves = true,
	.options = options,
	.verdict = true,
	.run = run,
};
