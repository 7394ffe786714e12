package io.vpceni.lab.bench;

/// One execution that was measured.
///
/// @param startNs just before the exec, since the series began
/// @param endNs just after the exit
/// @param exit status, or -1 for a signal
/// @param peakRssKb of the process
/// @param answer what it wrote to standard output
record Execution(int job, long startNs, long endNs, int exit, long peakRssKb, String answer) {
    boolean succeeded() {
        return exit == 0;
    }

    long nanos() {
        return endNs - startNs;
    }
}
