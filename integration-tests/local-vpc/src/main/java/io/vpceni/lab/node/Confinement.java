package io.vpceni.lab.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// How ipamd is shut in: what its DaemonSet will say, said with `unshare`, `pivot_root` and `setpriv`.
///
/// A root of its own, built from nothing and read-only: the machine's programs and libraries (its image), the Java
/// runtime, the jars, `/proc` with a read-only `/proc/sys`, a small `/dev`, an empty `/tmp` from which nothing can be
/// executed or loaded. Writable are that and three directories of the node. The network is the node's. Capabilities are
/// two, and no more can be gained.
final class Confinement {
    static final String RUN = "/run/vpc-eni";
    static final String STATE = "/var/lib/vpc-eni";
    static final String CONFLISTS = "/host/etc/cni/net.d";
    private static final String CAPABILITIES = "-all,+net_admin,+sys_admin";

    /// `$1` to `$6`: an empty directory, Java runtime, jars, run, state and conflist directories. Then the command.
    private static final String SCRIPT = """
            new=$1 java=$2 dist=$3 run=$4 state=$5 conflists=$6; shift 6
            mount -t tmpfs -o mode=0755,size=64m image "$new"
            for d in bin sbin lib lib32 lib64 libx32 usr etc; do
              if [ -L "/$d" ]; then
                cp -P "/$d" "$new/$d"
              elif [ -d "/$d" ]; then
                mkdir "$new/$d"; mount --bind "/$d" "$new/$d"; mount -o remount,bind,ro "$new/$d"
              fi
            done
            cd "$new"
            mkdir -p dev proc sys tmp old opt/java opt/vpc-eni run/vpc-eni var/lib/vpc-eni host/etc/cni/net.d root
            mount --bind "$java" opt/java; mount -o remount,bind,ro opt/java
            mount --bind "$dist" opt/vpc-eni; mount -o remount,bind,ro opt/vpc-eni
            mount --bind "$run" run/vpc-eni
            mount --bind "$state" var/lib/vpc-eni
            mount --bind "$conflists" host/etc/cni/net.d
            mount -t tmpfs -o mode=0755,size=1m dev dev
            for d in null zero full random urandom; do : >"dev/$d"; mount --bind "/dev/$d" "dev/$d"; done
            mount -t tmpfs -o mode=1777,size=256m,noexec,nosuid,nodev tmp tmp
            mount -t proc proc proc
            mount --bind proc/sys proc/sys; mount -o remount,bind,ro proc/sys
            mount -t sysfs -o ro sysfs sys
            pivot_root . old
            umount -l old; rmdir old
            mount -o remount,ro /dev
            rm -rf run/mount # the mount program's own notes
            mount -o remount,ro /
            cd /
            exec "$@"
            """;

    private Confinement() {}

    /// The words that start ipamd, to be run in the network namespace of the node. Each program becomes the next, so
    /// the process id is ipamd's from the start.
    ///
    /// @param mountPoint an empty directory
    static List<String> command(
            IpamdInstallation ipamd, NodeDirectories node, String mountPoint, SortedMap<String, String> environment) {
        List<String> words = new ArrayList<>(List.of(
                "unshare", "--mount", "--propagation", "private", "--", "/bin/sh", "-eu", "-c", SCRIPT, "ipamd"));
        words.add(mountPoint);
        words.add(ipamd.javaHome().toString());
        words.add(ipamd.dist().toString());
        words.add(node.run().toString());
        words.add(node.state().toString());
        words.add(node.conflists().toString());
        words.addAll(List.of(
                "setpriv",
                "--bounding-set=" + CAPABILITIES,
                "--inh-caps=" + CAPABILITIES,
                "--ambient-caps=-all",
                "--no-new-privs",
                "--",
                "env",
                "-i"));
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            words.add(variable.getKey() + "=" + variable.getValue());
        }
        words.addAll(List.of("/bin/sh", IpamdInstallation.LAUNCHER));
        return words;
    }
}
