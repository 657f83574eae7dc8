/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb/usbip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ATTACH "/sys/devices/platform/vhci_hcd.0/attach"

enum {
	CMD_SUBMIT = 1,
	CMD_UNLINK,
	RET_SUBMIT,
	RET_UNLINK,
	FULL_SPEED = 2,
	/* The first bus that a network peer would have; only shown in /sys. */
	DEVICE_ID = 1 << 16,
};

/* Words of the header; all big endian. */
enum {
	COMMAND,
	SEQ,
	DEVICE,
	DIRECTION,
	ENDPOINT,
	FLAGS_OR_STATUS,
	UNLINKED = FLAGS_OR_STATUS,
	LENGTH,
	FRAME,
	PACKETS,
	SETUP = 10,
	WORDS = 12,
};

static bool read_all(int fd, void *buf, size_t len)
{
	uint8_t *at = buf;

	while (len > 0) {
		const ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static void write_all(int fd, const void *buf, size_t len)
{
	const uint8_t *at = buf;

	while (len > 0) {
		const ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
}

int usbip_plug(unsigned port)
{
	char line[64];
	int ends[2], attach, len, saved;
	bool ok;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	len = snprintf(line, sizeof line, "%u %d %u %d", port, ends[1],
		       DEVICE_ID + port + 2U, FULL_SPEED);
	attach = open(ATTACH, O_WRONLY | O_CLOEXEC);
	ok = attach >= 0 && write(attach, line, (size_t)len) == len;
	saved = errno;
	if (attach >= 0)
		close(attach);
	close(ends[1]);
	if (ok)
		return ends[0];
	close(ends[0]);
	errno = saved;
	return -1;
}

static enum usbip_kind read_request(int fd, struct usbip_request *out)
{
	uint32_t words[WORDS];

	if (!read_all(fd, words, sizeof words))
		return USBIP_GONE;
	out->seq = ntohl(words[SEQ]);
	out->in = ntohl(words[DIRECTION]) != 0;
	out->endpoint = ntohl(words[ENDPOINT]);
	if (ntohl(words[COMMAND]) == CMD_UNLINK) {
		out->unlinked = ntohl(words[UNLINKED]);
		return USBIP_UNLINK;
	}
	out->len = ntohl(words[LENGTH]);
	memcpy(out->setup, &words[SETUP], sizeof out->setup);
	if (ntohl(words[COMMAND]) != CMD_SUBMIT ||
	    out->len > sizeof out->data ||
	    (!out->in && !read_all(fd, out->data, out->len)))
		return USBIP_GONE;
	return USBIP_SUBMIT;
}

void usbip_next(int fd, struct usbip_request *out)
{
	struct pollfd p = { fd, POLLIN, 0 };

	out->kind = poll(&p, 1, 0) > 0 ? read_request(fd, out) : USBIP_NOTHING;
}

void usbip_reply(int fd, uint32_t seq, int status, const void *data, size_t len)
{
	uint32_t words[WORDS] = {
		[COMMAND] = htonl(RET_SUBMIT),
		[SEQ] = htonl(seq),
		[FLAGS_OR_STATUS] = htonl((uint32_t)status),
		[LENGTH] = htonl((uint32_t)len),
		[PACKETS] = UINT32_MAX,
	};

	write_all(fd, words, sizeof words);
	if (data)
		write_all(fd, data, len);
}

void usbip_reply_unlink(int fd, uint32_t seq, bool was_pending)
{
	uint32_t words[WORDS] = {
		[COMMAND] = htonl(RET_UNLINK),
		[SEQ] = htonl(seq),
		[FLAGS_OR_STATUS] =
			htonl(was_pending ? (uint32_t)-ECONNRESET : 0),
	};

	write_all(fd, words, sizeof words);
}
