/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * archive_facts - link and controller facts of a recording as named texts. A
 * name stays for ever; a fact that an old run does not have stays zero.
 */
#ifndef GH_CLI_ARCHIVE_FACTS_H
#define GH_CLI_ARCHIVE_FACTS_H

#include "cli/archive.h"  /* struct gh_archive_end */
#include "engine/event.h" /* struct gh_run_safety */
#include "engine/run.h"	  /* struct gh_run_outcome */

enum { GH_ARCHIVE_FACTS = 32 };

/* At most GH_ARCHIVE_FACTS rows; facts may be NULL. Returns how many. */
size_t gh_archive_facts_out(const struct gh_rec_facts *facts,
			    const struct gh_archive_end *end,
			    struct gh_store_fact *out);
void gh_archive_facts_in(const struct gh_store_fact *rows, size_t n,
			 struct gh_rec_facts *facts,
			 struct gh_archive_end *end);

/* What the engine said of the end, beside the two that weigh on the verdict. */
void gh_archive_end_of(const struct gh_run_outcome *ran,
		       struct gh_archive_end *end);
/* For a view. facts may be NULL. False: a run of a version that kept none. */
bool gh_archive_safety(const struct gh_rec_facts *facts,
		       const struct gh_archive_end *end,
		       struct gh_run_safety *out);

#endif
