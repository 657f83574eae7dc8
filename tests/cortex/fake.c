/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake.h"

enum { JOINTS = 2, URAD_PER_RAW = 100 };
/* Made up: a servo's current with and without torque, a supply of 6 V. */
enum { HOLDING_MA = 120, LIMP_MA = 8, SUPPLY_MV = 6000 };

#define POSITION(name)                                                         \
	{                                                                      \
		FW_Q_POSITION, 1, 1, 1, 10000, -32767, 32767, 1000, name       \
	}
#define CURRENT(name)                                                          \
	{                                                                      \
		FW_Q_CURRENT, 4, 1, 1, 1000, -32767, 32767, 1000, name         \
	}
#define VOLTAGE(name)                                                          \
	{                                                                      \
		3, 5, 1, 1, 1000, -32767, 32767, 1000, name                    \
	}
#define LIMITS                                                                 \
	{                                                                      \
		-1000000, 1000000, 2000000, 20000000, 3000, 700                \
	}

struct piece {
	struct fw_channel channel[5];
	struct fw_actuator actuator[JOINTS];
	struct fw_info info;
};

static const struct piece pieces[] = {
	[FAKE_ARM] = {
		.channel = { POSITION("resilience.shoulder"),
			     CURRENT("resilience.shoulder"),
			     POSITION("resilience.elbow"),
			     CURRENT("resilience.elbow"),
			     VOLTAGE("supply.servo") },
		.actuator = { { LIMITS, "resilience.shoulder" },
			      { LIMITS, "resilience.elbow" } },
		.info = { .device_id = "cortex-m",
			  .n_channels = 5,
			  .n_actuators = 2,
			  .n_streams = 4,
			  .ring = 16 },
	},
	[FAKE_DIALOGUE] = {
		.channel = { POSITION("demo.joint"), CURRENT("demo.joint") },
		.actuator = { { LIMITS, "demo.joint" } },
		.info = { .device_id = { 1, 2, 3, 4, 5, 6, 7, 8 },
			  .n_channels = 2,
			  .n_actuators = 1,
			  .n_streams = 2,
			  .ring = 8 },
	},
};

static struct fake {
	const struct piece *piece;
	int32_t at_urad[JOINTS];
	bool torque[JOINTS];
} fake;

static void channel(void *self, uint8_t i, struct fw_channel *out)
{
	*out = ((struct fake *)self)->piece->channel[i];
}

static void actuator(void *self, uint8_t i, struct fw_actuator *out)
{
	*out = ((struct fake *)self)->piece->actuator[i];
}

static void lamp(void *self, uint8_t i, struct fw_lamp *out)
{
	(void)self;
	(void)i;
	*out = (struct fw_lamp){ 4, 4095, "core" };
}

static int16_t read(void *self, uint8_t i)
{
	const struct fake *f = self;
	const uint8_t joint = i / 2;

	if (f->piece == &pieces[FAKE_DIALOGUE])
		return 0;
	if (joint >= JOINTS)
		return SUPPLY_MV;
	if (i % 2 == 0)
		return (int16_t)(f->at_urad[joint] / URAD_PER_RAW);
	return f->torque[joint] ? HOLDING_MA : LIMP_MA;
}

static void drive(void *self, uint8_t i, int32_t urad)
{
	((struct fake *)self)->at_urad[i] = urad;
}

static void torque(void *self, uint8_t i, bool on)
{
	((struct fake *)self)->torque[i] = on;
}

static void glow(void *self, uint8_t i, const uint16_t level[4])
{
	(void)self;
	(void)i;
	(void)level;
}

void fake_board(struct fw_board *out, enum fake_piece piece)
{
	fake.piece = &pieces[piece];
	*out = (struct fw_board){
		.self = &fake,
		.info = fake.piece->info,
		.channel = channel,
		.actuator = actuator,
		.lamp = lamp,
		.read = read,
		.drive = drive,
		.torque = torque,
		.glow = glow,
	};
	out->info.flags = FW_SIMULATED;
	out->info.time_scale = 1;
	out->info.reset_cause = 1;
	out->info.rates = 0x0F;
	out->info.n_lamps = 1;
	out->info.window_bytes = 512;
	out->info.window_requests = 4;
	out->info.max_sample_rate = 60000;
}
