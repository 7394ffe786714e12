package io.vpceni.lab.ec2.query;

import java.io.Serial;

/// EC2 refuses a request: an error code of the EC2 API, a message and the HTTP status.
///
/// Unchecked because it ends the request wherever it is thrown.
public final class Ec2Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    public Ec2Refusal(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /// A client's error as most are: HTTP status 400.
    public Ec2Refusal(String code, String message) {
        this(400, code, message);
    }

    public static Ec2Refusal invalidValue(String parameter, String value, String wanted) {
        return new Ec2Refusal(
                "InvalidParameterValue", "Value (" + value + ") for parameter " + parameter + " is invalid. " + wanted);
    }

    public static Ec2Refusal invalidCombination(String message) {
        return new Ec2Refusal("InvalidParameterCombination", message);
    }

    public static Ec2Refusal missing(String parameter) {
        return new Ec2Refusal("MissingParameter", "The request must contain the parameter " + parameter);
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }
}
