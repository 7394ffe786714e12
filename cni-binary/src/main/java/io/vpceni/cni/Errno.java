package io.vpceni.cni;

/// Names of the errnos that the plugin can get (include/uapi/asm-generic/errno.h).
final class Errno {
    private Errno() {}

    static String name(int errno) {
        return switch (errno) {
            case 1 -> "EPERM";
            case 2 -> "ENOENT: no such file";
            case 9 -> "EBADF: not open";
            case 11 -> "EAGAIN";
            case 13 -> "EACCES: permission denied";
            case 17 -> "EEXIST";
            case 20 -> "ENOTDIR: not a directory";
            case 21 -> "EISDIR: a directory";
            case 24 -> "EMFILE: too many open files";
            case 28 -> "ENOSPC: the disk is full";
            case 30 -> "EROFS: mounted read-only";
            case 32 -> "EPIPE: nobody reads";
            case 36 -> "ENAMETOOLONG";
            case 91 -> "EPROTOTYPE";
            case 110 -> "ETIMEDOUT";
            case 111 -> "ECONNREFUSED: nobody serves it";
            default -> "errno " + errno;
        };
    }
}
