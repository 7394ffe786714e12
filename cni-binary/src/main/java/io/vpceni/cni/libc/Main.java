package io.vpceni.cni.libc;

import io.vpceni.cni.Plugin;

/// Where the executable starts.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Libc.exit(new Plugin(new LibcPosix()).run());
    }
}
