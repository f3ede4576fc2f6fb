"""Free memory: of the machine, and what control groups of either version leave of it, by made-up files; giving back."""

import platform
import subprocess
import sys

import pytest

from core.system.memory import available_bytes

GIGABYTE = 1024**3


@pytest.fixture
def root(tmp_path):
    """A machine with 64 GB available, in no control group."""
    write(tmp_path, "proc/meminfo", f"MemTotal: 99999999 kB\nMemAvailable:   {64 * 1024**2} kB\n")
    return tmp_path


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="ascii")


def limit(root, folder, most, used, cached):
    """A control group of the second version."""
    write(root, f"sys/fs/cgroup/{folder}/memory.max", f"{most}\n")
    write(root, f"sys/fs/cgroup/{folder}/memory.current", f"{used}\n")
    write(root, f"sys/fs/cgroup/{folder}/memory.stat", f"anon 17\nfile {cached * 2}\ninactive_file {cached}\n")


def test_without_control_groups_the_machine_s_memory_counts(root):
    assert available_bytes(root) == 64 * GIGABYTE


def test_a_container_has_what_its_limit_leaves_and_what_caches_would_give_back(root):
    write(root, "proc/self/cgroup", "0::/\n")
    limit(root, "", 4 * GIGABYTE, 3 * GIGABYTE, GIGABYTE // 2)
    assert available_bytes(root) == 3 * GIGABYTE // 2


def test_the_narrowest_of_all_groups_above_counts(root):
    write(root, "proc/self/cgroup", "0::/user.slice/app.scope\n")
    limit(root, "user.slice/app.scope", "max", GIGABYTE, 0)
    limit(root, "user.slice", 2 * GIGABYTE, GIGABYTE, 0)
    assert available_bytes(root) == GIGABYTE
    limit(root, "user.slice", 99 * GIGABYTE, GIGABYTE, 0)
    assert available_bytes(root) == 64 * GIGABYTE
    limit(root, "user.slice/app.scope", GIGABYTE, 2 * GIGABYTE, 0)
    assert available_bytes(root) == 0


@pytest.mark.parametrize("path", ["/docker/0123", "/../../elsewhere", "/"])
def test_a_path_that_the_container_cannot_see_still_finds_the_group_at_its_top(root, path):
    write(root, "proc/self/cgroup", f"0::{path}\n")
    limit(root, "", 8 * GIGABYTE, GIGABYTE, 0)
    assert available_bytes(root) == 7 * GIGABYTE


@pytest.mark.parametrize(("most", "left"), [(3 * GIGABYTE, 2 * GIGABYTE), (2**63 - 4096, 64 * GIGABYTE)])
def test_the_first_version_of_control_groups(root, most, left):
    write(root, "proc/self/cgroup", "12:cpu,cpuacct:/job\n4:memory:/docker/0123\n1:name=systemd:/job\n")
    write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", f"{most}\n")
    write(root, "sys/fs/cgroup/memory/memory.usage_in_bytes", f"{2 * GIGABYTE}\n")
    write(root, "sys/fs/cgroup/memory/memory.stat", f"inactive_file 5\ntotal_inactive_file {GIGABYTE}\n")
    assert available_bytes(root) == left


@pytest.mark.parametrize("damaged", ["", "?", "0:"])
def test_files_that_say_nothing_change_nothing(root, damaged):
    write(root, "proc/self/cgroup", f"{damaged}\n")
    assert available_bytes(root) == 64 * GIGABYTE
    write(root, "proc/self/cgroup", "0::/\n")
    write(root, "sys/fs/cgroup/memory.max", damaged)
    assert available_bytes(root) == 64 * GIGABYTE


def test_where_the_system_does_not_tell_what_is_available_all_memory_is_taken_for_it(tmp_path):
    assert available_bytes(tmp_path) > 0


@pytest.mark.skipif(not platform.libc_ver()[0].startswith("glibc"), reason="it is glibc that keeps freed memory")
@pytest.mark.parametrize("settled", [True, False])
def test_large_arrays_are_given_back_when_they_are_freed(settled):
    code = f"""
import numpy as np
from core.system.memory import settle_allocator, used_bytes
if {settled}:
    settle_allocator()
arrays = [np.ones(1_000_000, np.float32)]
arrays.clear()  # from now on glibc keeps what is no larger
before, small = used_bytes(), []
for _ in range(40):
    arrays.append(np.ones(500_000, np.float32))
    small.append(bytearray(60_000))
arrays.clear()
print((used_bytes() - before) // 1_000_000)
"""
    held = int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
    assert held < 5 if settled else held > 50  # the second shows that the first says something
