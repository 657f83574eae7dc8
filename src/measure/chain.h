/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chain - what gravity asks of one joint of an arm. The angles of the links
 * are sums, T_k = q_1 + ... + q_k, and joint j carries every link from j
 * outwards. One sine and cosine per link cannot be told apart while all joints
 * sweep together, so the links are summed with the weights that the rig file's
 * lengths and masses give them: one nominal-load pair (measurement.md
 * section 3).
 */
#ifndef GH_MEASURE_CHAIN_H
#define GH_MEASURE_CHAIN_H

enum { GH_CHAIN_LINKS = 6 };

struct gh_chain {
	unsigned n; /* joints of the arm */
	double w[GH_CHAIN_LINKS]; /* 0 for links nearer the body; sum 1 */
};

/*
 * Weights for joint j (0 = nearest the body) of n links, centre of mass at
 * half length. Without lengths or masses the joint's own link counts alone.
 */
void gh_chain_init(struct gh_chain *chain, const double *length_m,
		   const double *mass_kg, unsigned n, unsigned j);

/* The pair at joint angles q[0..n-1], rad. */
void gh_chain_load(const struct gh_chain *chain, const double *q, double *g_s,
		   double *g_c);

#endif
