package io.vpceni.lab.machine;

import java.io.IOException;
import java.util.List;

/// A program that could not be run, did not end in time, or ended with another status than 0.
public final class ProgramFailure extends IOException {
    private static final long serialVersionUID = 1L;

    ProgramFailure(List<String> command, String what) {
        super(String.join(" ", command) + ": " + what);
    }

    ProgramFailure(List<String> command, Throwable cause) {
        super(String.join(" ", command) + ": " + cause.getMessage(), cause);
    }
}
