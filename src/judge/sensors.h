/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sensors - a broken sensor must never read as a broken sculpture. Runs before
 * faults are named: findings that rest on a suspect sensor become unknown.
 */
#ifndef GH_JUDGE_SENSORS_H
#define GH_JUDGE_SENSORS_H

#include "judge/judge.h" /* struct gh_judge_in, struct gh_result */

/* Changes findings and adds at most one sensor_dead per part. */
void gh_sensors_judge(const struct gh_judge_in *in, struct gh_result *res);

#endif
