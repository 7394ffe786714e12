package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Keeps a DEL for an ipamd that is down: one file for each, in the directory `spool` beside ipamd's socket.
///
/// ipamd carries them out at its start before it serves, and within a second while it serves. The directory is in
/// memory, like the network namespaces that the DELs are about: a reboot ends both. `docs/del-spool.md` describes the
/// format.
final class DelSpool {
    /// More than five for each pod of the largest node. A runtime sends one DEL for each sandbox, and repeats it only
    /// when it failed.
    static final int FILES_MAX = 4096;

    /// The request of a usual DEL has 2 to 4 KiB, most of it the result of the ADD.
    static final int REQUEST_BYTES_MAX = 64 << 10;

    private static final byte[] BOOT_ID = "/proc/sys/kernel/random/boot_id".getBytes(UTF_8);
    private static final int BOOT_ID_LENGTH = 36; // a UUID
    private static final int DIRECTORY_MODE = 0x1c0; // 0700
    private static final int PARENT_MODE = 0x1ed; // 0755
    private static final int RANDOM_BYTES = 8;

    private final Posix posix;
    private final String parent;

    /// @param socket ipamd's; the spool is in its directory
    DelSpool(Posix posix, String socket) {
        this.posix = posix;
        this.parent = socket.substring(0, socket.lastIndexOf('/') + 1);
    }

    String directory() {
        return parent + "spool";
    }

    /// Keeps a request.
    ///
    /// @param request holds a `CniRequest` from `from` on
    /// @param beganNanos when this execution began; requests are carried out in that order
    /// @return why not; empty when it is kept
    String keep(Bytes request, int from, long beganNanos) {
        int length = request.length() - from;
        if (length > REQUEST_BYTES_MAX) {
            return "its request has " + length + " bytes: at most " + REQUEST_BYTES_MAX + " are kept";
        }
        byte[] bootId = new byte[BOOT_ID_LENGTH];
        int read = posix.readFile(BOOT_ID, bootId);
        if (read != BOOT_ID_LENGTH) {
            return "the boot id of this machine cannot be read (" + Errno.name(read < 0 ? -read : 0) + ")";
        }
        int there = entries();
        if (there < 0) {
            return directory() + " cannot be used (" + Errno.name(-there) + ")";
        }
        if (there >= FILES_MAX) {
            return directory() + " has " + FILES_MAX + " DELs already, as many as it may have";
        }
        Bytes file = new Bytes(2 * REQUEST_BYTES_MAX, length + 100);
        file.add(("vpc-eni-del 1 " + new String(bootId, UTF_8) + " " + length + "\n").getBytes(UTF_8));
        file.add(request.array(), from, length);
        int outcome = write(file, beganNanos);
        return outcome < 0 ? directory() + " takes no file (" + Errno.name(-outcome) + ")" : "";
    }

    /// How many are there; creates the directory when it is missing.
    private int entries() {
        byte[] directory = directory().getBytes(UTF_8);
        int count = posix.countEntries(directory, FILES_MAX);
        if (count != -Posix.ENOENT) {
            return count;
        }
        // Both: no ipamd has run since the node booted, and the runtime ends the sandboxes of before.
        posix.createDirectory(
                parent.substring(0, Math.max(1, parent.length() - 1)).getBytes(UTF_8), PARENT_MODE);
        int outcome = posix.createDirectory(directory, DIRECTORY_MODE);
        return outcome == 0 || outcome == -Posix.EEXIST ? posix.countEntries(directory, FILES_MAX) : outcome;
    }

    /// ipamd does not read a file whose name begins with a dot.
    private int write(Bytes file, long beganNanos) {
        byte[] random = new byte[RANDOM_BYTES];
        posix.random(random);
        StringBuilder name = new StringBuilder();
        hex(name, beganNanos);
        name.append('-');
        long drawn = 0;
        for (byte next : random) {
            drawn = (drawn << 8) | (next & 0xff);
        }
        hex(name, drawn);
        byte[] temporary = (directory() + "/." + name).getBytes(UTF_8);
        int outcome = posix.createFile(temporary, file.array(), file.length());
        return outcome < 0 ? outcome : posix.rename(temporary, (directory() + "/" + name).getBytes(UTF_8));
    }

    private static void hex(StringBuilder out, long value) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            out.append("0123456789abcdef".charAt((int) (value >>> shift) & 15));
        }
    }
}
