"""What commands do to accounts: `app` has 7 and `old` has 8 before each."""

from __future__ import annotations

import shlex

import pytest

from codemod.accounts import CHANGES_ACCOUNTS, after, may_replace_accounts, number

from .texts import dockerfile

BEFORE = {"app": 7, "old": 8}
SAME = BEFORE
NOTHING: dict[str, int] = {}

COMMANDS = {
    # shadow's
    "useradd -u 1000 new": {**SAME, "new": 1000},
    "useradd -u1000 new": {**SAME, "new": 1000},
    "useradd --uid 1000 new": {**SAME, "new": 1000},
    "useradd --uid=1000 new": {**SAME, "new": 1000},
    "useradd --ui 1000 new": {**SAME, "new": 1000},
    "useradd new -u 1000": {**SAME, "new": 1000},
    "useradd -rmu 1000 new": {**SAME, "new": 1000},
    "useradd -ms /bin/bash -g 5 -G a,b -c 'A B' -d /srv -k /etc/skel -u 1000 new": {**SAME, "new": 1000},
    "useradd -m -o -N -l --create-home --no-log-init --shell /bin/sh --gid 5 --uid 1000 new": {**SAME, "new": 1000},
    "useradd -u 0 -o toor": {**SAME, "toor": 0},
    "useradd new": SAME,
    "useradd --system new": SAME,
    "useradd -u 01000 new": SAME,
    "useradd -u $UID new": SAME,
    "useradd -u 9999999999 new": SAME,
    "useradd -u 1000 $NAME": NOTHING,
    "useradd $OPTIONS -u 1000 new": NOTHING,
    "useradd -u 1000": NOTHING,
    "useradd --nope -u 1000 new": NOTHING,
    "useradd -R /mnt -u 1000 new": NOTHING,
    "useradd --prefix /mnt -u 1000 new": NOTHING,
    # Debian's and BusyBox's
    "adduser -u 1000 -D new": {**SAME, "new": 1000},
    "adduser -S -D -H -u 101 -h /srv -s /sbin/nologin -G new -g new new": {**SAME, "new": 101},
    "adduser --uid 1000 --disabled-password --gecos '' new": {**SAME, "new": 1000},
    "adduser --system --ingroup new --uid 1000 --shell /bin/ash new": {**SAME, "new": 1000},
    "adduser --system --group --no-create-home --home /srv --uid 1000 new": {**SAME, "new": 1000},
    "adduser app wheel": SAME,
    "adduser $NAME wheel": NOTHING,
    "adduser a b c": NOTHING,
    # an account is made again once it is gone: the last one counts
    "useradd -u 9 app": {"app": 9, "old": 8},
    "useradd app": {"old": 8},
    # changed
    "usermod -u 2000 app": {"app": 2000, "old": 8},
    "usermod --uid=2000 app": {"app": 2000, "old": 8},
    "usermod -ou 2000 app": {"app": 2000, "old": 8},
    "usermod -u $UID app": {"old": 8},
    "usermod -u 2000 other": {**SAME, "other": 2000},
    "usermod -aG wheel app": SAME,
    "usermod --append --groups wheel --shell /bin/sh app": SAME,
    "usermod -l new app": {"old": 8},
    "usermod --login new -u 5 app": {"old": 8},
    "usermod -u 2000 $NAME": NOTHING,
    "usermod --root /mnt -u 2000 app": NOTHING,
    # gone
    "userdel app": {"old": 8},
    "userdel -rf app": {"old": 8},
    "userdel other": SAME,
    "userdel $NAME": NOTHING,
    "deluser app": {"old": 8},
    "deluser --remove-home app": {"old": 8},
    "deluser app wheel": NOTHING,
    # what only names them, and what may do anything
    "apt-get install -y adduser": SAME,
    "apk add adduser": SAME,
    "newusers list": NOTHING,
    "vipw": NOTHING,
    "sed -i s/7/9/ /etc/passwd": NOTHING,
    "sudo useradd -u 1000 new": NOTHING,
    "sh -c 'useradd -u 1000 new'": NOTHING,
}


@pytest.mark.parametrize(("command", "numbers"), COMMANDS.items())
def test_what_a_command_does(command: str, numbers: dict[str, int]) -> None:
    assert after(BEFORE, tuple(shlex.split(command))) == numbers
    assert BEFORE == {"app": 7, "old": 8}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_of_them_is_looked_at(command: str) -> None:
    assert CHANGES_ACCOUNTS.search(command)


@pytest.mark.parametrize("text", ["groupadd -g 1000 app", "chown app: /srv", "id app", "getent passwd app", "passwd -l app", "su app -c x"])
def test_what_changes_no_account_is_not_looked_at(text: str) -> None:
    assert not CHANGES_ACCOUNTS.search(text)


NUMBERS = {"0": 0, "1": 1, "1000": 1000, "2147483647": 2**31 - 1}
NO_NUMBERS = ["", "00", "01", "-1", "+1", "1e3", "1.0", "2147483648", "99999999999999999999", "\u0661", "1\n", "$UID", "app"]


@pytest.mark.parametrize(("text", "uid"), NUMBERS.items())
def test_numbers(text: str, uid: int) -> None:
    assert number(text) == uid


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_everywhere(text: str) -> None:
    assert number(text) is None


REPLACES = [
    "COPY passwd /etc/passwd",
    "COPY --from=x /etc/passwd /etc/group /etc/",
    'COPY ["a b", "/etc/passwd"]',
    'COPY a "/etc/passwd"',
    "COPY passwd ./",
    "COPY rootfs/ /",
    "COPY rootfs/etc /etc",
    "ADD rootfs.tar.gz /.",
    "COPY start.sh rootfs /",
    "COPY start.sh/ /",
    "COPY . /",
    "COPY <<X /etc/passwd\nX",
]
LEAVES = [
    "COPY start.sh a/app.conf /",
    'COPY ["a.json", "/etc"]',
    "COPY . .",
    "COPY a /etc/app/",
    "COPY a /srv",
    "ADD passwords /srv",
    "COPY --from=x /etc/ssl /etc/ssl",
]


@pytest.mark.parametrize("text", REPLACES)
def test_what_may_replace_accounts(text: str) -> None:
    assert may_replace_accounts(dockerfile(f"FROM a\n{text}\n").stages[0].instructions[0])


@pytest.mark.parametrize("text", LEAVES)
def test_what_leaves_accounts_alone(text: str) -> None:
    assert not may_replace_accounts(dockerfile(f"FROM a\n{text}\n").stages[0].instructions[0])
