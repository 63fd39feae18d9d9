"""What a RUN leaves behind of the variable X; paths as the image has them."""

from __future__ import annotations

import pytest

from codemod.keepers import KEEPERS
from codemod.leftovers import leftovers
from codemod.shell import read

NOTHING = {
    "what a substituted command does with it is written": ('echo "$(curl -u $X https://h)" > f'),
    "what a substituted command does with it is printed by name": "A=$(curl -u $X https://h | jq .a); echo $A",
    "it is given to a program": "curl -u u:$X https://h",
    "it is not expanded": "echo '$X' > f",
    "another one is written": "echo $Y > f",
    "its length is written": "echo ${#X} > f",
    "what stands in its place is written": "echo ${X:+set} > f",
    "it is written to nowhere": "echo $X > /dev/null",
    "it is written to memory": "echo $X > /dev/shm/f",
    "it is printed into another command": "echo $X | docker-login",
    "it is printed into a variable": "A=$(echo $X)",
    "it is printed into the file that is removed": "echo $X > f && a && rm f",
    "a trap removes the file": "trap 'rm f' EXIT; echo $X > f",
    "the file is removed with others": "echo $X > a/f; rm -rf b a/f",
    "its folder is removed": "echo $X > a/b/f; rm -r a",
    "the file is shredded": "echo $X > f; shred -u f",
    "the file at home is removed by another spelling": "echo $X > ~/.netrc && rm $HOME/.netrc",
    "the file at root's home is removed": "echo $X > /root/.netrc && rm ~/.netrc",
    "the file is removed with dots in its path": "echo $X > ./a/../f && rm f",
    "the file is removed in quotes": "echo $X > 'a b' && rm \"a b\"",
    "npm forgets it": "npm config set //r/:_authToken $X && npm ci && npm config delete //r/:_authToken",
    "npm's file is removed": "npm config set //r/:_authToken $X && rm ~/.npmrc",
    "git forgets it": "git config --global url.https://$X@h.insteadOf https://h && a && git config --global --unset url.https://$X@h.insteadOf",
    "git's file is removed": "git config --global a.b $X && rm -f ~/.gitconfig",
    "the clone is removed": "git clone https://$X@h/r && rm -rf r",
    "the clone's .git is removed": "git clone https://$X@h/r && cd r && rm -rf .git",
    "the remote gets another URL": "git clone https://$X@h/r && cd r && git remote set-url origin https://h/r",
    "the remote goes": "git remote add o https://$X@h/r && git fetch o && git remote remove o",
    "docker logs out": "echo $X | docker login --password-stdin h && a && docker logout h",
    "all files of the folder are removed": "echo $X > a/f; rm a/*",
    "a header of a clone is not kept": 'git -c http.extraHeader="Authorization: $X" clone https://h/r',
    "a clone of nothing": "git -c a=$X clone",
    "a fetch from what is called a clone": "git fetch https://$X@h/a-clone",
    "what git forgets": "git config --global --unset url.https://$X@h.insteadOf",
    "a package that is installed with it": "npm install a --//r/:_authToken=$X",
    "a pull keeps no URL": "git pull https://$X@h/r",
    "a file is only read": "cat < $X",
    "errors go elsewhere": "a $X 2> f",
    "errors of what writes it go elsewhere": "echo $X > /dev/null 2> f",
    "printenv of another": "printenv HOME",
    "env that only starts a command": "env A=1 make",
    "export of a value": "export A=$X",
    "envsubst of what was written before": "envsubst < a",
    "the file is emptied": "echo $X > f && truncate -s 0 f",
    "the file is written anew": "echo $X > f && : > f",
    "nothing is copied over the file": "echo $X > f && cp /dev/null f",
    "find deletes the file": "echo $X > a/f && find a -name f -delete",
    "find deletes all files": "echo $X > a/f && find . -type f -delete",
    "sed deletes the lines that have it": "sed /$X/d f > g",
    "sed in place, without it": "a $X; sed -i s/a/b/ f",
    "git without a command": "git --exec-path=$X",
    "a trap of a signal": "trap 'echo $X > f' INT",
    "traced in a subshell alone": "(set -x; a); b $X",
    "grep that says nothing": "echo $X | grep -q a",
    "what nobody follows so deep": "sudo sudo sudo sudo sudo echo $X > /dev/null",
    "set -x behind it": "a $X; set -x",
    "set -x before what is quoted": "set -x; a '$X'",
    "set +x": "set +x; a $X",
    "sed that prints": "sed s/a/$X/ f | b",
    "a path that starts like a mounted one is not below it": "echo a > f",
}
KEPT = {
    "a file that is moved": ("echo $X > f && mv f g", "written-to-layer", "g"),
    "a file that is only made shorter": ("echo $X > f && truncate -s 9 f", "written-to-layer", "f"),
    "a file that find does not look at": ("echo $X > a/f && find b -name f -delete", "written-to-layer", "a/f"),
    "a file of another name than find deletes": ("echo $X > a/f && find a -name g -delete", "written-to-layer", "a/f"),
    "npm, in a file of its own": ("npm config set a $X --userconfig f", "written-to-layer", "f"),
    "bundler, here only": ("bundle config --local h $X", "written-to-layer", ".bundle/config"),
    "git, in a file of its own": ("git config -f a.cfg a.b $X", "written-to-layer", "a.cfg"),
    "a clone of a branch": ("git clone -b main https://$X@h/o/r.git", "git-remote", "r/.git/config"),
    "a remote of a clone that is set to it again": (
        "git clone https://$X@h/r && git -C r remote set-url origin https://$X@h/r",
        "git-remote",
        "r/.git/config",
    ),
    "a file": ("echo $X > f", "written-to-layer", "f"),
    "a file at home": ("echo $X > ~/.netrc", "written-to-layer", "~/.netrc"),
    "more of a file": ("printf %s $X >> f", "written-to-layer", "f"),
    "a file, before the command": ("> f echo $X", "written-to-layer", "f"),
    "a file, with errors": ("echo $X &> f", "written-to-layer", "f"),
    "a here-string in a file": ('cat <<< "$X" > f', "written-to-layer", "f"),
    "tee": ("echo $X | tee f", "written-to-layer", "f"),
    "tee -a, behind another": ("echo $X | cat | tee -a f", "written-to-layer", "f"),
    "tee behind sudo": ("echo $X | sudo tee f", "written-to-layer", "f"),
    "another's output in a file": ("echo $X | base64 > f", "written-to-layer", "f"),
    "a block's file": ("{ echo a; echo $X; } > f", "written-to-layer", "f"),
    "a block's file through tee": ("{ echo $X; echo a; } 2>&1 | tee f", "written-to-layer", "f"),
    "a copy in a file": ("A=$X; echo $A > f", "written-to-layer", "f"),
    "a copy's copy": ('A="Bearer $X"; B=$A; echo $B > f', "written-to-layer", "f"),
    "sed in place": ("sed -i s/a/$X/ f", "written-to-layer", "f"),
    "the environment in a file": ("env > f", "written-to-layer", "f"),
    "printenv in a file": ("printenv X > f", "written-to-layer", "f"),
    "envsubst in a file": ("envsubst '$X' < a > f", "written-to-layer", "f"),
    "npm, which forgets something else": ("npm config set a=$X && npm config delete b", "written-to-layer", "~/.npmrc"),
    "npm, which goes on": ("npm config set a=$X && npm ci", "written-to-layer", "~/.npmrc"),
    "docker, where another tool logs out": ("docker login -p $X h && gh auth logout", "written-to-layer", "~/.docker/config.json"),
    "a remote that is used": ("git remote add o https://$X@h/r && git fetch o", "git-remote", ".git/config"),
    "a file that is removed on a condition": ("echo $X > f; if a; then rm f; fi", "written-to-layer", "f"),
    "another file is removed": ("echo $X > f; rm g", "written-to-layer", "f"),
    "the file is removed before": ("rm f; echo $X > f", "written-to-layer", "f"),
    "a file with a like name is removed": ("echo $X > f2; rm f", "written-to-layer", "f2"),
    "npm": ("npm config set //r/:_authToken $X", "written-to-layer", "~/.npmrc"),
    "npm, in the old way": ("npm set //r/:_authToken $X", "written-to-layer", "~/.npmrc"),
    "npm, with a variable of its own": ("A=1 npm config set //r/:_authToken $X", "written-to-layer", "~/.npmrc"),
    "npm, behind sudo": ("sudo npm config set //r/:_authToken $X", "written-to-layer", "~/.npmrc"),
    "pip": ("pip config set global.index-url https://u:$X@h", "written-to-layer", "~/.config/pip/pip.conf"),
    "git": ("git config --global url.https://$X@h.insteadOf https://h", "written-to-layer", "~/.gitconfig"),
    "git, for everyone": ("git config --system a.b $X", "written-to-layer", "/etc/gitconfig"),
    "npm, here only": ("npm config set a $X --location=project", "written-to-layer", ".npmrc"),
    "a package from a URL with it": ("npm install git+https://$X@h/r.git", "written-to-layer", "node_modules"),
    "a hidden file, where all others are removed": ("echo $X > a/.f; rm a/*", "written-to-layer", "a/.f"),
    "git, here only": ("git config a.b $X", "written-to-layer", ".git/config"),
    "poetry": ("poetry config http-basic.a u $X", "written-to-layer", "~/.config/pypoetry/auth.toml"),
    "bundler": ("bundle config set h $X", "written-to-layer", "~/.bundle/config"),
    "composer": ("composer config -g github-oauth.github.com $X", "written-to-layer", "~/.composer/auth.json"),
    "docker": ("docker login -u u -p $X h", "written-to-layer", "~/.docker/config.json"),
    "docker, from its input": ("echo $X | docker login -u u --password-stdin h", "written-to-layer", "~/.docker/config.json"),
    "helm": ("helm repo add a h --password $X", "written-to-layer", "~/.config/helm"),
    "nuget": ("dotnet nuget add source h -p $X", "written-to-layer", "~/.nuget/NuGet/NuGet.Config"),
    "cargo": ("cargo login $X", "written-to-layer", "~/.cargo/credentials.toml"),
    "go": ("go env -w GOFLAGS=$X", "written-to-layer", "~/.config/go/env"),
    "apt": ("add-apt-repository https://u:$X@h", "written-to-layer", "/etc/apt/sources.list.d"),
    "aws": ("aws configure set aws_secret_access_key $X", "written-to-layer", "~/.aws/credentials"),
    "gh": ("echo $X | gh auth login --with-token", "written-to-layer", "~/.config/gh/hosts.yml"),
    "conda": ("conda config --add channels https://h/t/$X", "written-to-layer", "~/.condarc"),
    "Hugging Face": ("huggingface-cli login --token $X", "written-to-layer", "~/.cache/huggingface/token"),
    "pnpm": ("pnpm config set //r/:_authToken $X", "written-to-layer", "~/.config/pnpm/rc"),
    "yarn": ("yarn config set a $X", "written-to-layer", "~/.yarnrc"),
    "yarn, the new one": ("yarn config set npmAuthToken $X", "written-to-layer", ".yarnrc.yml"),
    "npm, by a login": ("echo $X | npm login", "written-to-layer", "~/.npmrc"),
    "git's store": ("echo password=$X | git credential approve", "written-to-layer", "~/.git-credentials"),
    "an editable package from a URL with it": ("pip install -e git+https://$X@h/r", "written-to-layer", "src"),
    "a source of poetry": ("poetry source add a https://u:$X@h", "written-to-layer", "pyproject.toml"),
    "a package of poetry": ("poetry add git+https://$X@h/r", "written-to-layer", "pyproject.toml"),
    "composer, here only": ("composer config github-oauth.github.com $X", "written-to-layer", "auth.json"),
    "gem": ("gem sources --add https://u:$X@h", "written-to-layer", "~/.gemrc"),
    "skopeo": ("skopeo login -u u -p $X h", "written-to-layer", "/run/containers/0/auth.json"),
    "cargo, from git": ("cargo install --git https://$X@h/r", "written-to-layer", "~/.cargo/.crates.toml"),
    "glab": ("glab auth login --token $X", "written-to-layer", "~/.config/glab-cli"),
    "gcloud": ("echo $X | gcloud auth activate-service-account --key-file=-", "written-to-layer", "~/.config/gcloud"),
    "az": ("az login -p $X", "written-to-layer", "~/.azure"),
    "kubectl": ("kubectl config set-credentials u --token=$X", "written-to-layer", "~/.kube/config"),
    "vault": ("vault login $X", "written-to-layer", "~/.vault-token"),
    "wandb": ("wandb login $X", "written-to-layer", "~/.netrc"),
    "sentry": ("sentry-cli login --auth-token $X", "written-to-layer", "~/.sentryclirc"),
    "snyk": ("snyk auth $X", "written-to-layer", "~/.config/configstore/snyk.json"),
    "doppler": ("doppler configure set token $X", "written-to-layer", "~/.doppler"),
    "rclone": ("rclone config create a s3 secret_access_key $X", "written-to-layer", "~/.config/rclone/rclone.conf"),
    "gpg": ("echo $X | gpg --import", "written-to-layer", "~/.gnupg"),
    "yum": ("yum-config-manager --add-repo https://u:$X@h", "written-to-layer", "/etc/yum.repos.d"),
    "zypper": ("zypper addrepo https://u:$X@h a", "written-to-layer", "/etc/zypp/repos.d"),
    "a heredoc in a file": ("cat <<E > ~/.netrc\npassword $X\nE\n", "written-to-layer", "~/.netrc"),
    "a heredoc through tee": ("tee f <<E\n$X\nE\n", "written-to-layer", "f"),
    "what a heredoc makes a shell write": ("bash <<'E'\necho $X > f\nE\n", "written-to-layer", "f"),
    "what a function is given": ("f() { echo $1 > f; }; f $X", "written-to-layer", "f"),
    "what a function prints into a file": ("f() { echo $X; }; f > f", "written-to-layer", "f"),
    "what a loop writes": ("for A in $X; do echo $A > f; done", "written-to-layer", "f"),
    "what a loop reads": ("echo $X | while read A; do echo $A > f; done", "written-to-layer", "f"),
    "what python writes": ("python3 -c \"import os; print(os.environ['X'])\" > f", "written-to-layer", "f"),
    "what node writes": ("node -e 'fs.writeFileSync(\"f\", process.env.X)'", "written-to-layer", "f"),
    "what jq takes from the environment": ("jq -n env.X > f", "written-to-layer", "f"),
    "what jq is given": ("jq --arg a $X . a > f", "written-to-layer", "f"),
    "what awk is given": ("awk -v a=$X '{print a}' a > f", "written-to-layer", "f"),
    "what dd writes": ("echo $X | dd of=f", "written-to-layer", "f"),
    "what is installed from the input": ('install -m600 /dev/stdin f <<< "$X"', "written-to-layer", "f"),
    "a file that is kept by another name": ("echo $X > f; cp f g; rm f", "written-to-layer", "g"),
    "what every login shell reads": ("echo export A=$X >> /etc/profile.d/a.sh", "written-to-layer", "/etc/profile.d/a.sh"),
    "a shell that is told to trace": ("sh -xc 'a $X'", "traced", None),
    "a clone": ("git clone https://$X@h/o/r.git", "git-remote", "r/.git/config"),
    "a clone in a folder": ("git clone --depth 1 https://$X@h/o/r.git d", "git-remote", "d/.git/config"),
    "a clone in a folder with dots": ("git clone https://$X@h/o/r.git ./d/", "git-remote", "d/.git/config"),
    "a remote": ("git remote add o https://$X@h/r", "git-remote", ".git/config"),
    "a submodule": ("git submodule add https://$X@h/r", "git-remote", ".git/config"),
    "a remote that is set again, with it": (
        "git clone https://$X@h/r && git remote set-url origin https://$X@h/r",
        "git-remote",
        "r/.git/config",
    ),
    "printed": ("echo $X", "printed", None),
    "printed, with its errors elsewhere": ("echo $X 2> /dev/null", "printed", None),
    "printed, with its errors closed": ("echo $X 2>&-", "printed", None),
    "printed to the errors": ("echo $X >&2", "printed", None),
    "printed by its file": ("echo $X > /dev/stderr", "printed", None),
    "printed with the environment": ("env", "printed", None),
    "printed by name": ("printenv X", "printed", None),
    "printed with all exports": ("export -p", "printed", None),
    "printed where a case has a bar": ("echo $X; case a in b|c) d;; esac", "printed", None),
    "printed where a file is emptied behind it": ("echo $X; > f", "printed", None),
    "traced": ("set -x; a $X", "traced", None),
    "traced with other options": ("set -eux && a $X", "traced", None),
    "traced by its long name": ("set -o xtrace; a $X", "traced", None),
    "traced in a block": ("{ set -x; a $X; }", "traced", None),
}


def found(text: str, *, elsewhere: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    return [(leftover.reason, leftover.path) for leftover in leftovers(read(text), frozenset({"X"}), elsewhere=elsewhere)]


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing_is_left_where(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("text", "reason", "path"), KEPT.values(), ids=KEPT)
def test_what_is_left(text: str, reason: str, path: str | None) -> None:
    assert (reason, path) in found(text)


def test_every_tool_that_keeps_it_is_in_the_table() -> None:
    said = {word for text, *_ in KEPT.values() for word in text.split()}
    assert [sorted(tools) for tools, *_ in KEEPERS if not tools & said] == []


MOUNTED = {
    "a file below a mount": ("echo $X > /m/a/f", "/m"),
    "a file of a tool below a mount": ("npm config set a $X", "/root"),
}


@pytest.mark.parametrize(("text", "folder"), MOUNTED.values(), ids=MOUNTED)
def test_what_is_written_to_a_mount_is_no_layers(text: str, folder: str) -> None:
    assert found(text)
    assert found(text, elsewhere=(folder,)) == []


@pytest.mark.parametrize(
    ("path", "folder", "place"),
    [
        ("/a/../f", "/w", "/f"),
        ("~/f", "/w", "~/f"),
        ("/root/f", "/w", "~/f"),
        ("f", "/w", "/w/f"),
        ("./f", "/w", "/w/f"),
        ("f", None, None),
        ("$A/f", "/w", None),
    ],
)
def test_places_from_the_root(path: str, folder: str | None, place: str | None) -> None:
    (leftover,) = leftovers(read(f"echo $X > {path}"), frozenset({"X"}), folder=folder)
    assert (leftover.path, leftover.place) == (path, place)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("cd a && echo $X > f", "/w/a/f"),
        ("cd /a && echo $X > f", "/a/f"),
        ("(cd a); echo $X > f", "/w/f"),
        ("cd $A && echo $X > f", None),
        ("cd - && echo $X > f", None),
        ("pushd a; popd; echo $X > f", None),
        ("if a; then cd a; fi; echo $X > f", None),
    ],
)
def test_places_behind_cd(text: str, place: str | None) -> None:
    (leftover,) = leftovers(read(text), frozenset({"X"}), folder="/w")
    assert leftover.place == place


def test_a_shell_that_is_started_to_trace() -> None:
    (leftover,) = leftovers(read("a $X"), frozenset({"X"}), traced=True)
    assert (leftover.reason, leftover.offset) == ("traced", 0)
    assert leftovers(read("a; set +x; b $X"), frozenset({"X"}), traced=True) == ()


def test_a_folder_that_starts_like_a_mount_is_none() -> None:
    assert found("echo $X > /mnt/f", elsewhere=("/m",)) == [("written-to-layer", "/mnt/f")]


def test_where_and_what_it_says() -> None:
    text = "a \u00e9; echo $X > f; b; set -x; c $X"
    written, traced = leftovers(read(text), frozenset({"X"}))
    assert text[written.offset :].startswith("echo $X > f")
    assert written.detail == "`echo` writes it to f, which the layer keeps"
    assert text[traced.offset :].lstrip("; ").startswith("set -x")
    assert traced.detail == "`set -x` prints the commands that follow, the value in them"


TO_A_FILE_ALONE = {
    "what a substituted command prints": ('echo "$(echo $X)" > f', "f"),
    "what a substituted command prints, in a heredoc": ("cat <<E > f\n$(echo $X)\nE", "f"),
    "what a substituted command prints, by name": ("A=$(echo $X | base64); echo $A > f", "f"),
    "what a program in a heredoc prints": ("python3 - <<E > f\nprint('$X')\nE", "f"),
    "dd": ("echo $X | dd of=f", "f"),
    "sponge": ("echo $X | sponge f", "f"),
    "what python writes": ('python3 -c \'import os; open("f", "w").write(os.environ["X"])\'', "f"),
    "what is edited once it is written": ("echo t=$X >> f && a && sed -i /^t=/d f", "f"),
}


@pytest.mark.parametrize(("text", "path"), TO_A_FILE_ALONE.values(), ids=TO_A_FILE_ALONE)
def test_what_goes_to_a_file_is_said_once_and_not_printed(text: str, path: str) -> None:
    assert found(text) == [("written-to-layer", path)]


PRINTED_WITHOUT_A_FILE = ("echo $X | dd", "echo $X | sponge", "python3 -c 'import os, sys; sys.stdout.write(os.environ[\"X\"])'")


@pytest.mark.parametrize("text", PRINTED_WITHOUT_A_FILE)
def test_what_goes_to_no_file_is_printed(text: str) -> None:
    assert found(text) == [("printed", None)]


def test_a_long_pipeline_is_no_crash() -> None:
    assert found("echo $X | " + "cat | " * 1500 + "cat > f") == [("written-to-layer", "f")]


def test_several_names() -> None:
    assert len(leftovers(read("echo $X > f; echo $Y > g; echo $Z > h"), frozenset({"X", "Y"}))) == 2


def test_what_is_edited_in_place_is_not_printed() -> None:
    assert [leftover.reason for leftover in leftovers(read("sed -i s/a/$X/ f"), frozenset({"X"}))] == ["written-to-layer"]


def test_a_file_that_has_it_and_no_variable() -> None:
    text = "python3 -c 'print(1)' && cat /run/secrets/a > f"
    (leftover,) = leftovers(read(text), frozenset(), files=frozenset({"/run/secrets/a"}))
    assert (leftover.reason, leftover.path) == ("written-to-layer", "f")
