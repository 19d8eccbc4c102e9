"""What can be asked of files and the disks they lie on."""

import os
import re
import stat
from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
# Drives of other machines, where SQLite's locks do not hold.
NETWORK_FILESYSTEMS = frozenset(
    ["nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "davfs"]
) | {"fuse.glusterfs", "fuse.sshfs", "fuse.ceph", "fuse.s3fs", "fuse.davfs2"}
# Folders a virtual machine shares with its host: safe as long as one machine uses them.
SHARED_FILESYSTEMS = frozenset(["9p", "virtiofs", "vboxsf", "fuse.vmhgfs-fuse", "drvfs"])
_OCTAL = re.compile(r"\\([0-7]{3})")


def _place(text: str) -> str:
    return _OCTAL.sub(lambda found: chr(int(found[1], 8)), text)


def filesystem_of(path: Path) -> str:
    """The kind of file system a path lies on ("ext4", "nfs4"); empty where the machine does not tell."""
    if not MOUNTS.exists():
        return ""
    mounts = [line.split() for line in MOUNTS.read_text(errors="replace").splitlines()]
    real = path.resolve()
    inside = [
        (len(place.parts), number, mount[2])
        for number, mount in enumerate(mounts)
        if len(mount) > 2 and real.is_relative_to(place := Path(_place(mount[1])))
    ]
    return max(inside)[2] if inside else ""


def is_open_to_others(path: Path) -> bool:
    """Say whether other accounts of the machine may read a file or folder."""
    return os.name != "nt" and bool(path.stat().st_mode & stat.S_IRWXO)


def is_for_owner_only(path: Path) -> bool:
    """Say whether nobody but the owner may touch a file."""
    return os.name == "nt" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
