package io.vpceni.eni;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// EC2 did not do, or may not have done, what was asked. The message names the action, what it was about, EC2's code
/// and what to do.
public final class Ec2Failure extends IOException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private final String action;

    private final @Nullable String code;

    private final @Nullable String requestId;

    /// @param action as in `AttachNetworkInterface`
    /// @param subject the id that it was about
    /// @param code EC2's error code
    public Ec2Failure(Kind kind, String action, String subject, String code, String detail, @Nullable Throwable cause) {
        this(kind, action, subject, Optional.of(code), detail, Optional.empty(), cause);
    }

    /// As the other one.
    ///
    /// @param code EC2's error code; empty when the answer had none
    /// @param requestId that EC2 gave the call
    public Ec2Failure(
            Kind kind,
            String action,
            String subject,
            Optional<String> code,
            String detail,
            Optional<String> requestId,
            @Nullable Throwable cause) {
        super(text(kind, action, subject, code, detail), cause);
        this.kind = kind;
        this.action = action;
        this.code = code.orElse(null);
        this.requestId = requestId.orElse(null);
    }

    private Ec2Failure(Kind kind, Ec2Call<?> call, String why) {
        this(kind, call.action().apiName(), call.subject(), why, null);
    }

    private Ec2Failure(Kind kind, String action, String subject, String why, @Nullable Throwable cause) {
        super("ec2:" + action + " of " + subject + ": not asked: " + why, cause);
        this.kind = kind;
        this.action = action;
        this.code = null;
        this.requestId = null;
    }

    /// There was no answer, or none that says why.
    ///
    /// @param subject the id that it was about
    /// @param detail what is known
    public static Ec2Failure withoutCode(
            Kind kind, String action, String subject, String detail, @Nullable Throwable cause) {
        return new Ec2Failure(kind, action, subject, Optional.empty(), detail, Optional.empty(), cause);
    }

    /// This node's settings forbid the call: kind `FORBIDDEN_BY_SETTING`, and it has not happened.
    ///
    /// @param variable the setting, as in `ENABLE_IMDS_ONLY_MODE`
    public static Ec2Failure forbidden(Ec2Call<?> call, String variable) {
        return new Ec2Failure(
                Kind.FORBIDDEN_BY_SETTING, call, variable + " forbids it: " + Kind.FORBIDDEN_BY_SETTING.remedy());
    }

    /// EC2 was not asked, for something on this node: kind `UNAVAILABLE`, and it has not happened.
    ///
    /// @param what what is wrong, and what to do
    public static Ec2Failure unable(Ec2Call<?> call, String what, Throwable cause) {
        return unable(call.action().apiName(), call.subject(), what, cause);
    }

    /// As [#unable(Ec2Call, String, Throwable)].
    public static Ec2Failure unable(String action, String subject, String what, Throwable cause) {
        return new Ec2Failure(Kind.UNAVAILABLE, action, subject, what, cause);
    }

    /// What the call was for has changed while it waited for its turn: kind `UNAVAILABLE`, and it has not happened.
    public static Ec2Failure withdrawn(Ec2Call<?> call) {
        return new Ec2Failure(
                Kind.UNAVAILABLE,
                call,
                "what it was for has changed while it waited; ipamd looks again and decides anew");
    }

    /// An answer of another type than the call's: as good as none.
    public static Ec2Failure unexpected(Ec2Call<?> call, Ec2Answer answer) {
        return withoutCode(
                Kind.OUTCOME_UNKNOWN,
                call.action().apiName(),
                call.subject(),
                "the answer is " + answer.getClass().getSimpleName(),
                null);
    }

    /// What the caller can do about it. Logged and counted by this name.
    public Kind kind() {
        return kind;
    }

    /// The message, which is never null: what failed, on what, and what to do.
    public String text() {
        return String.valueOf(getMessage());
    }

    /// The EC2 action, as in `AssignPrivateIpAddresses`.
    public String action() {
        return action;
    }

    /// EC2's error code, as in `RequestLimitExceeded`; empty when there was no answer.
    public Optional<String> code() {
        return Optional.ofNullable(code);
    }

    /// The id that EC2 gave the call, for AWS Support and CloudTrail; empty when there was no answer.
    public Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    private static String text(Kind kind, String action, String subject, Optional<String> code, String detail) {
        StringBuilder text = new StringBuilder("ec2:")
                .append(action)
                .append(" of ")
                .append(subject)
                .append(": ");
        text.append(said(kind, code));
        if (!detail.isEmpty()) {
            text.append(" (").append(detail).append(')');
        }
        return text.append(": ")
                .append(remedy(kind, action, code.orElse("no code")))
                .toString();
    }

    private static String said(Kind kind, Optional<String> code) {
        if (code.isPresent()) {
            return code.get();
        }
        if (kind == Kind.NO_CREDENTIALS) {
            return "not asked";
        }
        return kind == Kind.NOT_AUTHENTICATED ? "refused without a code" : "no answer";
    }

    private static String remedy(Kind kind, String action, String code) {
        if (kind == Kind.UNAUTHORIZED) {
            return permission(action, code);
        }
        return kind == Kind.NOT_AUTHENTICATED ? authentication(code) : kind.remedy();
    }

    private static String permission(String action, String code) {
        return switch (code) {
            case "OptInRequired", "Blocked", "PendingVerification" ->
                "this AWS account may not use EC2 in this region: ask AWS Support";
            case "AuthFailure" ->
                "it may belong to another account or AWS service: look at its owner in EC2; else see docs/iam.md: the"
                        + " role needs ec2:" + action;
            default -> Kind.UNAUTHORIZED.remedy() + ", and see docs/iam.md: the role needs ec2:" + action;
        };
    }

    /// Source: "Error codes for the Amazon EC2 API".
    private static String authentication(String code) {
        return switch (code) {
            case "ExpiredToken", "ExpiredTokenException" ->
                "the credentials have expired, ipamd asks their source for newer ones; if it lasts, check that source"
                        + " (ipamctl cloud names it) and this node's clock";
            case "RequestExpired", "InvalidSecurity.RequestHasExpired", "RequestTimeTooSkewed", "RequestInTheFuture" ->
                "this node's clock is off by 15 minutes or more, or the credentials have expired: check the clock"
                        + " (chronyc tracking), then what gives the credentials (ipamctl cloud names it)";
            case "SignatureDoesNotMatch", "IncompleteSignature", "InvalidSignatureException" ->
                "the secret access key is wrong, the clock is off, or a proxy changes requests: check"
                        + " AWS_SECRET_ACCESS_KEY, the clock, and NO_PROXY";
            case "AuthFailure", "InvalidClientTokenId", "InvalidSecurityToken", "UnrecognizedClientException" ->
                "EC2 does not know these credentials in this region: check what gives them (ipamctl cloud names it),"
                        + " AWS_REGION, and this node's clock; it is no missing permission";
            default -> Kind.NOT_AUTHENTICATED.remedy();
        };
    }

    /// Why. The remedy is what an operator reads.
    public enum Kind {
        /// Refused for now: this account calls EC2 too often in this region.
        THROTTLED(
                Repeat.LATER,
                "EC2 refuses for now, ipamd asks again later; if it lasts, raise the account's EC2 request limits"),
        /// The subnet has no free address.
        SUBNET_EXHAUSTED(Repeat.NOT_AS_IT_IS, "free addresses in the subnet, or start nodes in a larger one"),
        /// The subnet has addresses, but no free block of 16.
        NO_CONTIGUOUS_PREFIX(
                Repeat.NOT_AS_IT_IS,
                "the subnet is fragmented: reserve a block for prefixes in it, or use another subnet"),
        /// The instance holds as many ENIs as its type allows, or the region as many as the account may have.
        ENI_LIMIT(
                Repeat.NOT_AS_IT_IS,
                "use a larger instance type; when the code names the account's limit, ask AWS to raise it"),
        /// The ENI holds as many addresses as the instance type allows.
        ADDRESS_LIMIT(
                Repeat.NOT_AS_IT_IS, "the ENI is full: another ENI or a larger instance type gives more addresses"),
        /// EC2 does not know the id (any more, or yet).
        NOT_FOUND(Repeat.LATER, "it was deleted, or EC2 does not show it yet"),
        /// EC2 knows who asks, and that role may not do this. Also an account that may not use EC2.
        UNAUTHORIZED(Repeat.NOT_AS_IT_IS, "give the node's role the permission"),
        /// A setting of this node forbids the call, so it did not leave this node. The detail names the setting.
        FORBIDDEN_BY_SETTING(Repeat.NOT_AS_IT_IS, "change the setting if ipamd is to do this"),
        /// EC2 does not know who asks: the credentials, the signature or the clock are wrong. Nothing
        /// has happened.
        NOT_AUTHENTICATED(
                Repeat.NOT_AS_IT_IS, "check the credentials (ipamctl cloud names their source) and this node's clock"),
        /// There is nothing to sign the request with, so it did not leave this node. The detail says
        /// why and what to do.
        NO_CREDENTIALS(Repeat.LATER, "see docs/iam.md"),
        /// The thing is in a state that does not allow it now.
        CONFLICT(Repeat.AFTER_A_LOOK, "it is in another state than expected, ipamd looks again later"),
        /// The answer was lost, or EC2 failed inside: it may have happened or not. Read before writing again.
        OUTCOME_UNKNOWN(Repeat.AFTER_A_LOOK, "it may have happened or not, ipamd looks before it asks again"),
        /// The request was not sent: it has had no effect.
        UNAVAILABLE(Repeat.LATER, "check the node's route to the EC2 endpoint, and its proxy"),
        /// EC2 rejects a parameter. It is malformed, or it does not fit what EC2 has by now: a device index that is
        /// occupied, an address that has gone. A look at EC2 tells which.
        INVALID(Repeat.AFTER_A_LOOK, "ipamd looks at EC2 before it asks again; if it lasts, please report it"),
        /// A code that this version does not know.
        OTHER(Repeat.NOT_AS_IT_IS, "look the code up in the EC2 API reference");

        private final Repeat repeat;

        private final String remedy;

        Kind(Repeat repeat, String remedy) {
            this.repeat = repeat;
            this.remedy = remedy;
        }

        /// Whether what was asked may have happened all the same. Read before writing again.
        public boolean mayHaveHappened() {
            return this == OUTCOME_UNKNOWN;
        }

        /// Whether another subnet may do what this one cannot.
        public boolean isSubnetFull() {
            return this == SUBNET_EXHAUSTED || this == NO_CONTIGUOUS_PREFIX;
        }

        /// Whether the same call may be made again.
        public Repeat repeat() {
            return repeat;
        }

        /// What an operator can do, without a full stop.
        public String remedy() {
            return remedy;
        }
    }

    /// Whether the same call may be made again.
    public enum Repeat {
        /// Yes, after a while: it has not happened, and the reason may pass by itself.
        LATER,
        /// Only after EC2 was asked how things are.
        AFTER_A_LOOK,
        /// It would fail in the same way until something is changed.
        NOT_AS_IT_IS
    }
}
