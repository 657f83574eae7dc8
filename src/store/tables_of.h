/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tables_of - shorthand for the columns of a struct: define OF as the struct,
 * then TEXT("column", field) and so on. Only for tables*.c.
 */
#ifndef GH_STORE_TABLES_OF_H
#define GH_STORE_TABLES_OF_H

#include <stddef.h>

#define COLUMN(name, type, field)                                              \
	{                                                                      \
		name, type, offsetof(OF, field), sizeof(((OF *)0)->field),     \
			NULL                                                   \
	}
#define TEXT(name, field) COLUMN(name, GH_COL_TEXT, field)
#define PTR(name, field) COLUMN(name, GH_COL_PTR, field)
#define INT(name, field) COLUMN(name, GH_COL_INT, field)
#define UINT(name, field) COLUMN(name, GH_COL_UINT, field)
#define I64(name, field) COLUMN(name, GH_COL_I64, field)
#define BOOL(name, field) COLUMN(name, GH_COL_BOOL, field)
#define REAL(name, field) COLUMN(name, GH_COL_REAL, field)
#define PART(name, field) COLUMN(name, GH_COL_PART, field)
#define WORD(name, field, list)                                                \
	{                                                                      \
		name, GH_COL_WORD, offsetof(OF, field), 0, list                \
	}

/* A table whose rows are (run, n): the n-th thing of a run. */
#define ROWS(name, columns)                                                    \
	{                                                                      \
		name, { "run", "n" }, columns, (int)GH_ARRAY_SIZE(columns)     \
	}

#endif
