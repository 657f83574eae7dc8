/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board - what the core needs from the thing it runs on: pins on an AVR, a
 * plant in ghostlight-sim, a few variables in a test. Angles are urad; raw
 * readings are i16 in the units of the channel's description.
 */
#ifndef FW_CORE_BOARD_H
#define FW_CORE_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#define FW_RAW_INVALID INT16_MIN
#define FW_PART_CAP 32

/* The numbers of protocol.md section 3.3 that the core looks at itself. */
enum { FW_Q_POSITION = 1, FW_Q_CURRENT = 2, FW_Q_TEMPERATURE = 4 };

/* NONE: nothing was begun. */
enum fw_i2c { FW_I2C_NONE, FW_I2C_BUSY, FW_I2C_DONE, FW_I2C_FAILED };

enum { FW_SIMULATED = 1, FW_NATIVE_USB = 2, FW_HAS_ENABLE = 4 };

struct fw_channel {
	uint8_t quantity, unit;
	uint8_t measured; /* 0: it echoes a command */
	int32_t num, den; /* value = raw * num / den */
	int16_t lo, hi;
	uint16_t max_rate_hz;
	char part[FW_PART_CAP];
};

struct fw_limits {
	int32_t lo_urad, hi_urad;
	uint32_t speed_urad_s, accel_urad_s2;
	uint16_t current_ma, temperature_ddegc; /* 0.1 degC */
};

struct fw_actuator {
	struct fw_limits limits;
	char part[FW_PART_CAP];
};

struct fw_lamp {
	uint8_t channels; /* 1..4 */
	uint16_t level_max;
	char part[FW_PART_CAP];
};

/* What HELLO says of the board; constant while it runs. */
struct fw_info {
	uint8_t device_id[8];
	uint32_t boot_id;
	uint8_t flags, time_scale, reset_cause, rates;
	uint8_t n_channels, n_actuators, n_lamps, n_streams, ring;
	uint16_t window_bytes;
	uint8_t window_requests;
	uint32_t max_sample_rate;
	uint32_t lease_before; /* the first lease is the one after it */
};

/* self is handed to every function. Those marked may be NULL. */
struct fw_board {
	void *self;
	struct fw_info info;
	void (*channel)(void *self, uint8_t i, struct fw_channel *out);
	void (*actuator)(void *self, uint8_t i, struct fw_actuator *out);
	void (*lamp)(void *self, uint8_t i, struct fw_lamp *out);
	int16_t (*read)(void *self, uint8_t channel);
	void (*drive)(void *self, uint8_t actuator, int32_t urad);
	void (*torque)(void *self, uint8_t actuator, bool on);
	void (*glow)(void *self, uint8_t lamp, const uint16_t level[4]);
	/* True once the last byte taken by fw_tx_take has left the wire. */
	bool (*tx_idle)(void *self);
	void (*set_rate)(void *self, uint8_t rate);
	/* Begins to write, then read; false: busy. NULL: no such bus. */
	bool (*i2c)(void *self, uint8_t address, const uint8_t *out,
		    uint8_t n_out, uint8_t n_in);
	/* What became of it; DONE: *in is what was read, for this moment. */
	enum fw_i2c (*i2c_take)(void *self, const uint8_t **in);
	/*
	 * A burst paced by hardware: begins one of about this period and
	 * returns the real one; period 0 ends it. NULL: the core reads by
	 * itself when a sample is due.
	 */
	uint32_t (*burst)(void *self, uint8_t channel, uint32_t period_us);
	/* The next sample and its number, from 0; false: none yet. */
	bool (*burst_take)(void *self, int16_t *raw, uint16_t *number);
	/*
	 * When a stream that is asked for at now_us begins, a frame later at
	 * most: away from what the board has to do in time. NULL: at once.
	 */
	uint32_t (*stream_from)(void *self, uint32_t now_us);
	bool (*enabled)(void *self); /* NULL: no enable input */
	/* 0: well, else the supply in mV that is too low. NULL: not known. */
	uint16_t (*low_supply_mv)(void *self);
};

#endif
