/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb/acm.h"

#include "usb/usbip.h" /* usbip_plug, usbip_next */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PENDING_MAX = 64,
	QUEUE = 65536,	 /* more than the kernel has requests for */
	DATA_MAX = 4096, /* of one reply */
};

/* bmRequestType without the direction, bRequest. */
#define REQUEST(type, what) ((type) << 8 | (what))
enum {
	GET_STATUS = REQUEST(0x80, 0),
	CLEAR_FEATURE = REQUEST(0x02, 1),
	GET_DESCRIPTOR = REQUEST(0x80, 6),
	SET_CONFIGURATION = REQUEST(0x00, 9),
	SET_INTERFACE = REQUEST(0x01, 11),
	SET_LINE_CODING = REQUEST(0x21, 0x20),
	GET_LINE_CODING = REQUEST(0xa1, 0x21),
	SET_LINES = REQUEST(0x21, 0x22),
	SEND_BREAK = REQUEST(0x21, 0x23),
};

struct pending {
	uint32_t seq;
	unsigned endpoint;
	bool in;
	size_t len;
	uint8_t *data; /* OUT: held back, ours */
};

struct queue {
	uint8_t bytes[QUEUE];
	size_t n;
};

struct acm {
	struct usb_port port;
	struct acm_identity identity;
	struct pending pending[PENDING_MAX];
	size_t n_pending;
	struct queue to_host, from_host;
	struct usbip_request request;
	uint8_t coding[7];
	unsigned lines; /* 1 DTR, 2 RTS */
	bool reads;
};

static struct acm *acm_of(struct usb_port *port)
{
	return (struct acm *)port;
}

static void enqueue(struct queue *q, const void *bytes, size_t len)
{
	const size_t room = QUEUE - q->n;
	const size_t n = len < room ? len : room;

	memcpy(q->bytes + q->n, bytes, n);
	q->n += n;
}

static size_t dequeue(struct queue *q, void *buf, size_t cap)
{
	const size_t n = q->n < cap ? q->n : cap;

	memcpy(buf, q->bytes, n);
	memmove(q->bytes, q->bytes + n, q->n - n);
	q->n -= n;
	return n;
}

/* ---- Requests ---- */

static void set_lines(struct acm *a, unsigned lines)
{
	if (lines != a->lines)
		usb_say("lines %u", lines);
	a->lines = lines;
	/* Nobody is there to read: a device does not keep it for the next. */
	if (lines == 0)
		a->to_host.n = 0;
}

static void set_coding(struct acm *a, const uint8_t *coding, size_t len)
{
	if (len != sizeof a->coding)
		return;
	memcpy(a->coding, coding, len);
	usb_say("coding %lu Bd, %u bits",
		(unsigned long)coding[0] | (unsigned long)coding[1] << 8 |
			(unsigned long)coding[2] << 16 |
			(unsigned long)coding[3] << 24,
		coding[6]);
}

/* Fills the answer; -1: the request is refused. */
static int control(struct acm *a, const struct usbip_request *r, uint8_t *out)
{
	const unsigned value = r->setup[2] | (unsigned)r->setup[3] << 8;
	size_t n;

	switch (REQUEST(r->setup[0], r->setup[1])) {
	case GET_DESCRIPTOR:
		n = acm_descriptor(&a->identity, value, out);
		return n > 0 ? (int)n : -1;
	case GET_STATUS:
		memset(out, 0, 2);
		return 2;
	case GET_LINE_CODING:
		memcpy(out, a->coding, sizeof a->coding);
		return sizeof a->coding;
	case SET_LINE_CODING:
		set_coding(a, r->data, r->len);
		return 0;
	case SET_LINES:
		set_lines(a, value);
		return 0;
	case SET_CONFIGURATION:
	case SET_INTERFACE:
	case CLEAR_FEATURE:
	case SEND_BREAK:
		return 0;
	default:
		return -1;
	}
}

static void answer_control(struct acm *a, const struct usbip_request *r)
{
	uint8_t out[ACM_DESCRIPTOR_MAX];
	const int n = control(a, r, out);

	if (n < 0)
		usbip_reply(a->port.fd, r->seq, USBIP_STALL, NULL, 0);
	else if (r->in)
		usbip_reply(a->port.fd, r->seq, 0, out,
			    (size_t)n < r->len ? (size_t)n : r->len);
	else
		usbip_reply(a->port.fd, r->seq, 0, NULL, r->len);
}

static void hold(struct acm *a, const struct usbip_request *r)
{
	struct pending *p = &a->pending[a->n_pending];

	if (a->n_pending == PENDING_MAX)
		abort();
	*p = (struct pending){ r->seq, r->endpoint, r->in, r->len, NULL };
	if (!r->in && r->len > 0) {
		p->data = malloc(r->len);
		if (!p->data)
			abort();
		memcpy(p->data, r->data, r->len);
	}
	a->n_pending++;
}

static void drop(struct acm *a, size_t i)
{
	free(a->pending[i].data);
	a->n_pending--;
	memmove(&a->pending[i], &a->pending[i + 1],
		(a->n_pending - i) * sizeof a->pending[0]);
}

static void unlink_request(struct acm *a, const struct usbip_request *r)
{
	bool was_pending = false;

	for (size_t i = 0; i < a->n_pending && !was_pending; i++)
		if (a->pending[i].seq == r->unlinked) {
			drop(a, i);
			was_pending = true;
		}
	usbip_reply_unlink(a->port.fd, r->seq, was_pending);
}

static bool can_end(const struct acm *a, const struct pending *p)
{
	if (p->endpoint != ACM_DATA)
		return false;
	return p->in ? a->to_host.n > 0 : a->reads;
}

static void end_transfer(struct acm *a, const struct pending *p)
{
	uint8_t bytes[DATA_MAX];

	if (p->in) {
		const size_t cap =
			p->len < sizeof bytes ? p->len : sizeof bytes;
		const size_t n = dequeue(&a->to_host, bytes, cap);

		usbip_reply(a->port.fd, p->seq, 0, bytes, n);
		return;
	}
	enqueue(&a->from_host, p->data, p->len);
	usbip_reply(a->port.fd, p->seq, 0, NULL, p->len);
}

static void end_transfers(struct acm *a)
{
	size_t i = 0;

	while (i < a->n_pending) {
		if (!can_end(a, &a->pending[i])) {
			i++;
			continue;
		}
		end_transfer(a, &a->pending[i]);
		drop(a, i);
	}
}

/* ---- struct usb_port ---- */

static void acm_unplug(struct usb_port *port)
{
	struct acm *a = acm_of(port);

	if (port->fd >= 0)
		close(port->fd);
	port->fd = -1;
	while (a->n_pending > 0)
		drop(a, 0);
	a->to_host.n = a->from_host.n = 0;
	a->lines = 0;
}

static bool acm_plug(struct usb_port *port, unsigned place)
{
	port->fd = usbip_plug(place);
	return port->fd >= 0;
}

static bool acm_serve(struct usb_port *port)
{
	struct acm *a = acm_of(port);
	struct usbip_request *r = &a->request;

	for (usbip_next(port->fd, r); r->kind != USBIP_NOTHING;
	     usbip_next(port->fd, r)) {
		if (r->kind == USBIP_GONE)
			return false;
		if (r->kind == USBIP_UNLINK)
			unlink_request(a, r);
		else if (r->endpoint == ACM_CONTROL)
			answer_control(a, r);
		else
			hold(a, r);
	}
	end_transfers(a);
	return true;
}

static size_t acm_take(struct usb_port *port, void *buf, size_t cap)
{
	return dequeue(&acm_of(port)->from_host, buf, cap);
}

static void acm_give(struct usb_port *port, const void *buf, size_t len)
{
	struct acm *a = acm_of(port);

	if (a->lines != 0)
		enqueue(&a->to_host, buf, len);
	end_transfers(a);
}

static void acm_read_on(struct usb_port *port, bool reads)
{
	acm_of(port)->reads = reads;
	end_transfers(acm_of(port));
}

static void acm_destroy(struct usb_port *port)
{
	acm_unplug(port);
	free(port);
}

static const struct usb_port_ops acm_ops = {
	.plug = acm_plug,
	.unplug = acm_unplug,
	.serve = acm_serve,
	.take = acm_take,
	.give = acm_give,
	.read_on = acm_read_on,
	.destroy = acm_destroy,
};

struct usb_port *acm_create(const struct acm_identity *identity)
{
	static const uint8_t coding_9600_8n1[] = { 0x80, 0x25, 0, 0, 0, 0, 8 };
	struct acm *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->port = (struct usb_port){ &acm_ops, -1, POLLIN };
	a->identity = *identity;
	a->reads = true;
	memcpy(a->coding, coding_9600_8n1, sizeof a->coding);
	return &a->port;
}
